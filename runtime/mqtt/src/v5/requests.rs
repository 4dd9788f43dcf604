//! What a connection of MQTT 5.0 sends for its caller: CONNECT, publishes, subscriptions, DISCONNECT.
//!
//! Not here: what both versions do alike (see `crate::requests`).

use super::packet::{Connect, Disconnect, Publish, Subscribe, Unsubscribe};
use super::property::Place;
use super::{Alias, ConnectOptions, Extra as _, Facts, Properties, Property, Publication, ReasonCode};
use super::{Subscription, V5};
use crate::connection::{Connection, State};
use crate::error::Error;
use crate::outbox::RequestKind;
use crate::session::{Session, check_filter, check_options, check_topic_name};
use crate::types::{Number, PacketId, QoS};

/// What stands before the filter of a shared subscription (4.8.2).
const SHARE: &str = "$share/";

impl<const RX: usize, const IN_FLIGHT: usize, const ALIASES: usize, const TOPIC: usize>
    Connection<RX, IN_FLIGHT, V5<ALIASES, TOPIC>>
{
    /// A transport to the broker is open: CONNECT becomes the first output [MQTT-3.1.0-1]. Nothing of an earlier
    /// transport is left, no half packet either; the session is kept.
    ///
    /// # Errors
    /// What no broker could accept, [`Error::OtherVersion`] when the session has requests of 3.1.1, and
    /// [`Error::TooLarge`] when CONNECT does not fit into `RX` bytes. There is no connection then.
    pub fn connect<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        now_ms: u32,
        options: &ConnectOptions<'_>,
    ) -> Result<(), Error> {
        self.now_ms = now_ms;
        self.transport_closed(session);
        let common = &options.common;
        check_options(common)?;
        check_connect_properties(options)?;
        let own = self.own_properties(options);
        let connect = Connect {
            client_id: common.client_id,
            user: common.user,
            password: common.password,
            clean_start: common.clean_session,
            keep_alive_s: common.keep_alive_s,
            properties: Properties::joined(&own, options.properties),
            will: common.will,
            will_properties: Properties::from(options.will_properties),
        };
        self.open(session, common, |out| connect.encode(out))?;
        if let Some(facts) = self.extra.facts() {
            facts.receive_maximum = receive_maximum::<IN_FLIGHT>(options);
            facts.tolerates_excess = options.tolerate_excess;
            facts.has_client_id = !common.client_id.is_empty();
            facts.session_ends = options.session_expiry_s == 0;
            facts.refuses_oversize = options.limit_packet_size || ALIASES > 0;
        }
        Ok(())
    }

    /// The properties of CONNECT that the options and this client's sizes stand for; none that says what goes without
    /// saying.
    fn own_properties(&self, options: &ConnectOptions<'_>) -> heapless::Vec<Property<'static>, 4> {
        let receive_maximum = receive_maximum::<IN_FLIGHT>(options);
        let packet_size = u32::try_from(RX).unwrap_or(u32::MAX);
        let aliases = <super::Five<ALIASES, TOPIC> as super::Extra>::ALIASES;
        [
            (options.session_expiry_s > 0)
                .then_some(Property::SessionExpiryInterval(options.session_expiry_s)),
            (receive_maximum < u16::MAX).then_some(Property::ReceiveMaximum(receive_maximum)),
            options
                .limit_packet_size
                .then_some(Property::MaximumPacketSize(packet_size)),
            (aliases > 0).then_some(Property::TopicAliasMaximum(aliases)),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// Publishes. QoS 0 needs a connection and is forgotten once the transport took it. QoS 1 and 2 are taken at any
    /// time, give a packet id, and end in [`Event::Published`](super::Event::Published): after each lost connection
    /// they go out again, with DUP where the broker may have seen them. Beyond the broker's receive maximum they wait.
    ///
    /// # Errors
    /// [`Error::NoRoom`] until something is answered; [`Error::NotConnected`]; what the broker said it does not take;
    /// else it can never be published.
    pub fn publish<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        now_ms: u32,
        publication: &Publication<'_>,
    ) -> Result<Option<PacketId>, Error> {
        self.publish_numbered(session, now_ms, Number::Next, publication)
    }

    /// As [`publish`](Self::publish), under a packet identifier of the caller's.
    ///
    /// # Errors
    /// As there, and [`Error::PacketIdInUse`].
    pub fn publish_numbered<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        now_ms: u32,
        number: Number,
        publication: &Publication<'_>,
    ) -> Result<Option<PacketId>, Error> {
        check_topic_name(publication.topic)?;
        let callers = publication.properties;
        let aliased = Properties::from(callers).topic_alias().is_some();
        let unasked = aliased && publication.alias != Alias::Manual;
        if unasked || !Properties::from(callers).is_sound(Place::Publish) {
            return Err(Error::BadProperty);
        }
        let kind = match publication.qos {
            QoS::AtMostOnce => return self.publish_once(session, now_ms, publication).map(|()| None),
            QoS::AtLeastOnce => RequestKind::AtLeastOnce,
            QoS::ExactlyOnce => RequestKind::ExactlyOnce,
        };
        self.prepare(session, now_ms)?;
        let packet = packet(publication, publication.topic, &[], Some(PacketId::FIRST));
        let size = packet.size();
        self.ask_broker(|facts| facts.refuses_publish(publication.qos, publication.retain, size))?;
        let encode = |id, out: &mut [u8]| {
            Publish {
                packet_id: Some(id),
                ..packet
            }
            .encode(out)
        };
        session.request(number, (kind, size), encode).map(Some)
    }

    fn publish_once<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        now_ms: u32,
        publication: &Publication<'_>,
    ) -> Result<(), Error> {
        if !self.is_up() {
            return Err(Error::NotConnected);
        }
        self.now_ms = now_ms;
        let size = packet(publication, publication.topic, &[], None).size();
        self.ask_broker(|facts| facts.refuses_publish(publication.qos, publication.retain, size))?;
        // An alias is only given out with a packet that is sure to go.
        let (alias, known) = match publication.alias {
            Alias::Automatic if session.has_room(size + ALIAS_SIZE) => {
                let aliased = self.extra.alias(publication.topic);
                (
                    aliased.map(|(alias, _)| alias),
                    aliased.is_some_and(|(_, known)| known),
                )
            }
            Alias::Automatic | Alias::Never | Alias::Manual => (None, false),
        };
        let alias = alias.map(Property::TopicAlias);
        let topic = if known { "" } else { publication.topic };
        let packet = packet(publication, topic, alias.as_slice(), None);
        session.send_once(packet.size(), |out| packet.encode(out))
    }

    /// Subscribes; taken at any time, and ends in [`Event::Subscribed`](super::Event::Subscribed). Which filters to
    /// subscribe again for a broker without the session is the caller's knowledge.
    ///
    /// # Errors
    /// As [`publish`](Self::publish).
    pub fn subscribe<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        now_ms: u32,
        subscription: &Subscription<'_>,
    ) -> Result<PacketId, Error> {
        self.subscribe_numbered(session, now_ms, Number::Next, subscription)
    }

    /// As [`subscribe`](Self::subscribe), under a packet identifier of the caller's.
    ///
    /// # Errors
    /// As there, and [`Error::PacketIdInUse`].
    pub fn subscribe_numbered<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        now_ms: u32,
        number: Number,
        subscription: &Subscription<'_>,
    ) -> Result<PacketId, Error> {
        self.prepare(session, now_ms)?;
        let Subscription { filter, options, .. } = *subscription;
        let properties = subscription.properties();
        check_shared_filter(filter, options.no_local)?;
        if !properties.is_sound(Place::Subscribe) {
            return Err(Error::BadProperty);
        }
        let packet = Subscribe {
            packet_id: PacketId::FIRST,
            properties,
            filter,
            options,
        };
        let (size, with_identifier) = (
            packet.size(),
            properties.subscription_identifiers().next().is_some(),
        );
        self.ask_broker(|facts| facts.refuses_filter(filter, with_identifier, size))?;
        session.request(number, (RequestKind::Subscribe, size), |packet_id, out| {
            Subscribe { packet_id, ..packet }.encode(out)
        })
    }

    /// Gives a subscription up; taken at any time, and ends in [`Event::Unsubscribed`](super::Event::Unsubscribed).
    /// `properties` may be user properties.
    ///
    /// # Errors
    /// As [`publish`](Self::publish).
    pub fn unsubscribe<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        now_ms: u32,
        filter: &str,
        properties: &[Property<'_>],
    ) -> Result<PacketId, Error> {
        self.unsubscribe_numbered(session, now_ms, Number::Next, filter, properties)
    }

    /// As [`unsubscribe`](Self::unsubscribe), under a packet identifier of the caller's.
    ///
    /// # Errors
    /// As there, and [`Error::PacketIdInUse`].
    pub fn unsubscribe_numbered<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        now_ms: u32,
        number: Number,
        filter: &str,
        properties: &[Property<'_>],
    ) -> Result<PacketId, Error> {
        self.prepare(session, now_ms)?;
        check_shared_filter(filter, false)?;
        let properties = Properties::from(properties);
        if !properties.is_sound(Place::Unsubscribe) {
            return Err(Error::BadProperty);
        }
        let packet = Unsubscribe {
            packet_id: PacketId::FIRST,
            properties,
            filter,
        };
        let size = packet.size();
        self.ask_broker(|facts| facts.refuses_size(size))?;
        session.request(number, (RequestKind::Unsubscribe, size), |packet_id, out| {
            Unsubscribe { packet_id, ..packet }.encode(out)
        })
    }

    /// Says goodbye: DISCONNECT is the last output. With [`ReasonCode::SUCCESS`] the broker will not publish the will
    /// [MQTT-3.14.4-3], with [`ReasonCode::DISCONNECT_WITH_WILL`] it will. Properties: session expiry, reason string, user
    /// properties. Write the output, then close the transport [MQTT-3.14.4-1].
    ///
    /// # Errors
    /// [`Error::BadReason`] for one that is not a client's to give [MQTT-3.14.2-1]; [`Error::BadProperty`], also for a
    /// session expiry when CONNECT had none (3.14.2.2.2); [`Error::TooLarge`]; [`Error::NoRoom`] behind what is unsent,
    /// when shorter properties may help.
    pub fn disconnect<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        reason: ReasonCode,
        properties: &[Property<'_>],
    ) -> Result<(), Error> {
        if !matches!(reason.number(), 0x00 | 0x04 | 0x80..=0x83 | 0x90 | 0x93..=0x99) {
            return Err(Error::BadReason);
        }
        let properties = Properties::from(properties);
        let longer = properties.session_expiry_s().is_some_and(|seconds| seconds > 0);
        let ends = self.extra.facts().is_some_and(|facts| facts.session_ends);
        if !properties.is_sound(Place::Disconnect) || longer && ends {
            return Err(Error::BadProperty);
        }
        match self.state {
            State::Closed | State::Lost(_) | State::Disconnecting => {}
            State::Connecting(_) | State::AwaitingConnack(_) => self.enter(State::Closed),
            State::Up(_) => {
                let packet = Disconnect { reason, properties };
                let size = packet.size();
                if !properties.is_empty() {
                    self.ask_broker(|facts| facts.refuses_size(size))?;
                }
                if !session.send_last(size, |out| packet.encode(out)) {
                    return Err(if size > TX { Error::TooLarge } else { Error::NoRoom });
                }
                self.enter(State::Disconnecting);
            }
        }
        Ok(())
    }

    /// What the broker would refuse is refused here, as far as it said so; without a connection nobody said anything, and
    /// it is asked again when there is one.
    fn ask_broker(&mut self, refuses: impl FnOnce(&Facts) -> Option<ReasonCode>) -> Result<(), Error> {
        let up = self.is_up();
        let facts = self.extra.facts().filter(|_| up);
        match facts.and_then(|facts| refuses(facts)) {
            None => Ok(()),
            Some(ReasonCode::QOS_NOT_SUPPORTED) => Err(Error::UnsupportedQos),
            Some(reason) => Err(Error::UnsupportedByBroker(reason)),
        }
    }
}

/// Bytes of a topic alias among the properties, whose length may take a byte more for it.
const ALIAS_SIZE: usize = 3 + 1;

fn packet<'a>(
    publication: &Publication<'a>,
    topic: &'a str,
    own: &'a [Property<'a>],
    packet_id: Option<PacketId>,
) -> Publish<'a> {
    Publish {
        dup: false,
        qos: publication.qos,
        retain: publication.retain,
        topic,
        packet_id,
        properties: Properties::joined(own, publication.properties),
        payload: publication.payload,
    }
}

/// How many messages this end takes at a time; never 0 (3.1.2.11.3).
fn receive_maximum<const IN_FLIGHT: usize>(options: &ConnectOptions<'_>) -> u16 {
    let most = u16::try_from(IN_FLIGHT).unwrap_or(u16::MAX);
    options.receive_maximum.clamp(1, most)
}

/// Only what no field of the options stands for.
fn check_connect_properties(options: &ConnectOptions<'_>) -> Result<(), Error> {
    let allowed = |property: &Property<'_>| {
        matches!(
            property,
            Property::RequestProblemInformation(_)
                | Property::RequestResponseInformation(_)
                | Property::UserProperty(..)
        )
    };
    let sound = Properties::from(options.properties).is_sound(Place::Connect)
        && options.properties.iter().all(allowed)
        && Properties::from(options.will_properties).is_sound(Place::Will);
    if sound { Ok(()) } else { Err(Error::BadProperty) }
}

/// A topic filter, shared or not (4.8.2). A shared one has a name without wildcards, and must not be `no_local`
/// [MQTT-3.8.3-4].
fn check_shared_filter(filter: &str, no_local: bool) -> Result<(), Error> {
    let Some(shared) = filter.strip_prefix(SHARE) else {
        return check_filter(filter);
    };
    match shared.split_once('/') {
        Some((name, inner)) if !name.is_empty() && !crate::text::has_wildcard(name) && !no_local => {
            check_filter(inner)?;
            check_filter(filter)
        }
        Some(_) | None => Err(Error::BadFilter),
    }
}
