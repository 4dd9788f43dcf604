//! What the two versions of MQTT do differently for this client: [`Protocol`], for [`V311`] and [`V5`].
//!
//! The rest is written once, in the words of 5.0, which say more. A client of one version links nothing of the other's
//! packets. Not here: the packets themselves (see `fivewire_mqtt`).

use fivewire_mqtt::v5::{self, Event, ReasonCode, SubscriptionOptions, V5};
use fivewire_mqtt::{ConnectReturnCode, Connection, Error, PacketId, Session, V311, Version};

use crate::options::Options;
use crate::publish::Publish;

/// A version of MQTT: [`V311`] or [`V5`].
pub trait Protocol: Version + Sized {
    /// A clean session ends with its connection, so that a fresh start with a lasting one takes two connections.
    #[doc(hidden)]
    const CLEAN_ENDS: bool;

    #[doc(hidden)]
    fn connect<const RX: usize, const TX: usize, const N: usize>(
        connection: &mut Connection<RX, N, Self>,
        session: &mut Session<TX, N>,
        now_ms: u32,
        options: &Options<'_>,
        clean: bool,
    ) -> Result<(), Error>;

    #[doc(hidden)]
    fn publish<const RX: usize, const TX: usize, const N: usize>(
        connection: &mut Connection<RX, N, Self>,
        session: &mut Session<TX, N>,
        now_ms: u32,
        message: (&str, &[u8]),
        options: &Publish<'_, Self>,
    ) -> Result<Option<PacketId>, Error>;

    #[doc(hidden)]
    fn subscribe<const RX: usize, const TX: usize, const N: usize>(
        connection: &mut Connection<RX, N, Self>,
        session: &mut Session<TX, N>,
        now_ms: u32,
        filter: &str,
        options: SubscriptionOptions,
    ) -> Result<PacketId, Error>;

    #[doc(hidden)]
    fn unsubscribe<const RX: usize, const TX: usize, const N: usize>(
        connection: &mut Connection<RX, N, Self>,
        session: &mut Session<TX, N>,
        now_ms: u32,
        filter: &str,
    ) -> Result<PacketId, Error>;

    #[doc(hidden)]
    fn disconnect<const RX: usize, const TX: usize, const N: usize>(
        connection: &mut Connection<RX, N, Self>,
        session: &mut Session<TX, N>,
    );

    #[doc(hidden)]
    fn poll_event<'c, const RX: usize, const TX: usize, const N: usize>(
        connection: &'c mut Connection<RX, N, Self>,
        session: &mut Session<TX, N>,
    ) -> Option<Event<'c>>;
}

impl Protocol for V311 {
    const CLEAN_ENDS: bool = true;

    fn connect<const RX: usize, const TX: usize, const N: usize>(
        connection: &mut Connection<RX, N, Self>,
        session: &mut Session<TX, N>,
        now_ms: u32,
        options: &Options<'_>,
        clean: bool,
    ) -> Result<(), Error> {
        connection.connect(session, now_ms, &options.connect(clean))
    }

    fn publish<const RX: usize, const TX: usize, const N: usize>(
        connection: &mut Connection<RX, N, Self>,
        session: &mut Session<TX, N>,
        now_ms: u32,
        (topic, payload): (&str, &[u8]),
        options: &Publish<'_, Self>,
    ) -> Result<Option<PacketId>, Error> {
        connection.publish(session, now_ms, topic, payload, options.qos, options.retain)
    }

    fn subscribe<const RX: usize, const TX: usize, const N: usize>(
        connection: &mut Connection<RX, N, Self>,
        session: &mut Session<TX, N>,
        now_ms: u32,
        filter: &str,
        options: SubscriptionOptions,
    ) -> Result<PacketId, Error> {
        connection.subscribe(session, now_ms, filter, options.qos)
    }

    fn unsubscribe<const RX: usize, const TX: usize, const N: usize>(
        connection: &mut Connection<RX, N, Self>,
        session: &mut Session<TX, N>,
        now_ms: u32,
        filter: &str,
    ) -> Result<PacketId, Error> {
        connection.unsubscribe(session, now_ms, filter)
    }

    fn disconnect<const RX: usize, const TX: usize, const N: usize>(
        connection: &mut Connection<RX, N, Self>,
        session: &mut Session<TX, N>,
    ) {
        connection.disconnect(session);
    }

    fn poll_event<'c, const RX: usize, const TX: usize, const N: usize>(
        connection: &'c mut Connection<RX, N, Self>,
        session: &mut Session<TX, N>,
    ) -> Option<Event<'c>> {
        connection.next_event(session).map(in_codes_of_5)
    }
}

impl<const ALIASES: usize, const TOPIC: usize> Protocol for V5<ALIASES, TOPIC> {
    const CLEAN_ENDS: bool = false;

    fn connect<const RX: usize, const TX: usize, const N: usize>(
        connection: &mut Connection<RX, N, Self>,
        session: &mut Session<TX, N>,
        now_ms: u32,
        options: &Options<'_>,
        clean: bool,
    ) -> Result<(), Error> {
        let options = v5::ConnectOptions {
            common: options.connect(clean),
            session_expiry_s: if options.clean {
                0
            } else {
                options.session_expiry_s
            },
            tolerate_excess: true,
            limit_packet_size: options.limit_packet_size,
            properties: options.properties,
            will_properties: options.will_properties,
            ..v5::ConnectOptions::new(options.client_id)
        };
        connection.connect(session, now_ms, &options)
    }

    fn publish<const RX: usize, const TX: usize, const N: usize>(
        connection: &mut Connection<RX, N, Self>,
        session: &mut Session<TX, N>,
        now_ms: u32,
        (topic, payload): (&str, &[u8]),
        options: &Publish<'_, Self>,
    ) -> Result<Option<PacketId>, Error> {
        let publication = v5::Publication {
            retain: options.retain,
            properties: options.properties,
            ..v5::Publication::new(topic, payload, options.qos)
        };
        connection.publish(session, now_ms, &publication)
    }

    fn subscribe<const RX: usize, const TX: usize, const N: usize>(
        connection: &mut Connection<RX, N, Self>,
        session: &mut Session<TX, N>,
        now_ms: u32,
        filter: &str,
        options: SubscriptionOptions,
    ) -> Result<PacketId, Error> {
        let subscription = v5::Subscription {
            options,
            ..v5::Subscription::new(filter, options.qos)
        };
        connection.subscribe(session, now_ms, &subscription)
    }

    fn unsubscribe<const RX: usize, const TX: usize, const N: usize>(
        connection: &mut Connection<RX, N, Self>,
        session: &mut Session<TX, N>,
        now_ms: u32,
        filter: &str,
    ) -> Result<PacketId, Error> {
        connection.unsubscribe(session, now_ms, filter, &[])
    }

    fn disconnect<const RX: usize, const TX: usize, const N: usize>(
        connection: &mut Connection<RX, N, Self>,
        session: &mut Session<TX, N>,
    ) {
        // Without properties and with this reason there is always room for it.
        let _ = connection.disconnect(session, ReasonCode::SUCCESS, &[]);
    }

    fn poll_event<'c, const RX: usize, const TX: usize, const N: usize>(
        connection: &'c mut Connection<RX, N, Self>,
        session: &mut Session<TX, N>,
    ) -> Option<Event<'c>> {
        connection.poll_event(session)
    }
}

/// A refusal of 3.1.1, whose return codes are small numbers, as 5.0 would tell it.
fn in_codes_of_5(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Refused {
            reason: code,
            properties,
        } => Event::Refused {
            reason: ConnectReturnCode::from_number(code.number()).map_or(code, reason),
            properties,
        },
        other => other,
    }
}

/// The reason code that says what the return code of 3.1.1 says.
const fn reason(code: ConnectReturnCode) -> ReasonCode {
    match code {
        ConnectReturnCode::Accepted => ReasonCode::SUCCESS,
        ConnectReturnCode::UnacceptableProtocolVersion => ReasonCode::UNSUPPORTED_PROTOCOL_VERSION,
        ConnectReturnCode::IdentifierRejected => ReasonCode::CLIENT_IDENTIFIER_NOT_VALID,
        ConnectReturnCode::ServerUnavailable => ReasonCode::SERVER_UNAVAILABLE,
        ConnectReturnCode::BadUserNameOrPassword => ReasonCode::BAD_USER_NAME_OR_PASSWORD,
        ConnectReturnCode::NotAuthorized => ReasonCode::NOT_AUTHORIZED,
    }
}
