//! The MQTT client in the version that the host configured, chosen while the program runs: one session, and a
//! connection of either version.
//!
//! Both speak here in the words of 5.0, which know more. Not here: when to connect, and what it all means.

use fivewire_mqtt::packet::Publish;
use fivewire_mqtt::v5::{self, Alias, Properties, Property, ReasonCode, V5};
use fivewire_mqtt::{ConnectOptions, Connection, Error, MessageId, Number, PacketId, QoS, Session, V311};
use fivewire_wire::MqttVersion;
use heapless::Vec;

/// Most properties of one publication. The host's bytes could hold more, of one byte each, that no standard knows.
const PROPERTIES: usize = 32;

/// A connection of either version. The first is all zeros when it is closed, so that a static bridge takes no flash.
enum Spoken<const RX: usize, const IN_FLIGHT: usize> {
    V311(Connection<RX, IN_FLIGHT, V311>),
    V5(Connection<RX, IN_FLIGHT, V5>),
}

/// A publication of the host.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Publication<'a> {
    pub(crate) topic: &'a str,
    pub(crate) payload: &'a [u8],
    pub(crate) qos: QoS,
    pub(crate) retain: bool,
    /// Of MQTT 5.0, as they stand on the wire.
    pub(crate) properties: &'a [u8],
}

/// What a connection is asked to be, in either version.
#[derive(Clone, Copy)]
pub(crate) struct Wish<'a> {
    pub(crate) common: ConnectOptions<'a>,
    /// 5.0: the session outlives the connection.
    pub(crate) lasting: bool,
    /// 5.0: QoS 1 and 2 messages that the host holds at a time.
    pub(crate) receive_maximum: u16,
}

pub(crate) struct Client<const RX: usize, const TX: usize, const IN_FLIGHT: usize> {
    session: Session<TX, IN_FLIGHT>,
    spoken: Spoken<RX, IN_FLIGHT>,
}

/// The same call on a connection of either version.
macro_rules! either {
    ($client:expr, $connection:ident => $call:expr) => {
        match &$client.spoken {
            Spoken::V311($connection) => $call,
            Spoken::V5($connection) => $call,
        }
    };
    (mut $client:expr, $connection:ident => $call:expr) => {
        match &mut $client.spoken {
            Spoken::V311($connection) => $call,
            Spoken::V5($connection) => $call,
        }
    };
}

impl<const RX: usize, const TX: usize, const IN_FLIGHT: usize> Client<RX, TX, IN_FLIGHT> {
    pub(crate) const fn new() -> Self {
        let mut connection = Connection::new();
        connection.defer_qos2();
        Self {
            session: Session::new(),
            spoken: Spoken::V311(connection),
        }
    }

    pub(crate) const fn version(&self) -> MqttVersion {
        match self.spoken {
            Spoken::V311(_) => MqttVersion::V3_1_1,
            Spoken::V5(_) => MqttVersion::V5_0,
        }
    }

    /// From now on this version: without a connection and with an empty session.
    pub(crate) fn speak(&mut self, version: MqttVersion) {
        self.forget();
        self.spoken = match version {
            MqttVersion::V3_1_1 => {
                let mut connection = Connection::new();
                connection.defer_qos2();
                Spoken::V311(connection)
            }
            MqttVersion::V5_0 => {
                let mut connection = Connection::new();
                connection.defer_qos2();
                Spoken::V5(connection)
            }
        };
    }

    /// Forgets the connection and the session.
    pub(crate) fn forget(&mut self) {
        self.transport_closed();
        self.session.forget();
    }

    pub(crate) fn connect(&mut self, now_ms: u32, wish: &Wish<'_>) -> Result<(), Error> {
        match &mut self.spoken {
            Spoken::V311(connection) => connection.connect(&mut self.session, now_ms, &wish.common),
            Spoken::V5(connection) => {
                let options = v5::ConnectOptions {
                    common: wish.common,
                    session_expiry_s: if wish.lasting { u32::MAX } else { 0 },
                    receive_maximum: wish.receive_maximum,
                    // The window to the host holds in any case.
                    tolerate_excess: true,
                    // What is too long goes by and is told of.
                    limit_packet_size: false,
                    properties: &[],
                    will_properties: &[],
                };
                connection.connect(&mut self.session, now_ms, &options)
            }
        }
    }

    /// Says goodbye to the broker; the output is written and the transport closed after it.
    pub(crate) fn disconnect(&mut self) {
        match &mut self.spoken {
            Spoken::V311(connection) => connection.disconnect(&mut self.session),
            // What cannot be said for want of room goes without: the transport closes all the same.
            Spoken::V5(connection) => {
                _ = connection.disconnect(&mut self.session, ReasonCode::SUCCESS, &[]);
            }
        }
    }

    pub(crate) fn publish(
        &mut self,
        now_ms: u32,
        number: Number,
        publication: &Publication<'_>,
    ) -> Result<Option<PacketId>, Error> {
        let Publication {
            topic,
            payload,
            qos,
            retain,
            properties,
        } = *publication;
        match &mut self.spoken {
            Spoken::V311(_) if !properties.is_empty() => Err(Error::BadProperty),
            Spoken::V311(connection) => {
                let packet = Publish::new(topic, payload, qos, retain);
                connection.publish_numbered(&mut self.session, now_ms, number, packet)
            }
            Spoken::V5(connection) => {
                let properties = list(properties)?;
                let publication = v5::Publication {
                    retain,
                    properties: &properties,
                    // One among the properties is the host's to answer for.
                    alias: Alias::Manual,
                    ..v5::Publication::new(topic, payload, qos)
                };
                connection.publish_numbered(&mut self.session, now_ms, number, &publication)
            }
        }
    }

    pub(crate) fn subscribe(
        &mut self,
        now_ms: u32,
        id: PacketId,
        filter: &str,
        qos: QoS,
    ) -> Result<(), Error> {
        let (session, number) = (&mut self.session, Number::New(id));
        match &mut self.spoken {
            Spoken::V311(connection) => connection.subscribe_numbered(session, now_ms, number, filter, qos),
            Spoken::V5(connection) => {
                let subscription = v5::Subscription::new(filter, qos);
                connection.subscribe_numbered(session, now_ms, number, &subscription)
            }
        }
        .map(drop)
    }

    /// `properties`: of MQTT 5.0, as they stand on the wire.
    pub(crate) fn unsubscribe(
        &mut self,
        now_ms: u32,
        id: PacketId,
        filter: &str,
        properties: &[u8],
    ) -> Result<(), Error> {
        let (session, number) = (&mut self.session, Number::New(id));
        match &mut self.spoken {
            Spoken::V311(_) if !properties.is_empty() => return Err(Error::BadProperty),
            Spoken::V311(connection) => connection.unsubscribe_numbered(session, now_ms, number, filter),
            Spoken::V5(connection) => {
                let properties = list(properties)?;
                connection.unsubscribe_numbered(session, now_ms, number, filter, &properties)
            }
        }
        .map(drop)
    }

    pub(crate) fn release(&mut self, now_ms: u32, id: PacketId) -> Result<bool, Error> {
        either!(mut self, connection => connection.release(&mut self.session, now_ms, id))
    }

    pub(crate) fn complete(&mut self, id: PacketId, known: bool) {
        // The broker asks again on a later connection for what it does not wait for on this one.
        _ = either!(mut self, connection => connection.complete(&mut self.session, id, known));
    }

    pub(crate) fn acknowledge(&mut self, id: MessageId) {
        // An unknown id is of a connection that is gone; nothing is to be done.
        _ = either!(mut self, connection => connection.acknowledge(&mut self.session, id));
    }

    pub(crate) fn next_event(&mut self) -> Option<v5::Event<'_>> {
        either!(mut self, connection => connection.next_event(&mut self.session))
    }

    pub(crate) fn keep_message(&mut self) {
        either!(mut self, connection => connection.keep_message());
    }

    pub(crate) fn transport_closed(&mut self) {
        either!(mut self, connection => connection.transport_closed(&mut self.session));
    }

    pub(crate) fn handle_input(&mut self, now_ms: u32, bytes: &[u8]) -> usize {
        either!(mut self, connection => connection.handle_input(now_ms, bytes))
    }

    pub(crate) fn handle_timeout(&mut self, now_ms: u32) {
        either!(mut self, connection => connection.handle_timeout(&mut self.session, now_ms));
    }

    pub(crate) fn set_time_limits(&mut self, response_time_ms: u32, puback_time_ms: u32) {
        either!(mut self, connection => connection.set_time_limits(response_time_ms, puback_time_ms));
    }

    pub(crate) fn poll_timeout(&self) -> Option<u32> {
        either!(self, connection => connection.poll_timeout(&self.session))
    }

    pub(crate) fn output(&self) -> &[u8] {
        either!(self, connection => connection.output(&self.session))
    }

    pub(crate) fn consume_output(&mut self, len: usize) {
        either!(mut self, connection => connection.consume_output(&mut self.session, len));
    }
}

/// The host's properties one by one. Where they may stand the connection knows.
fn list(bytes: &[u8]) -> Result<Vec<Property<'_>, PROPERTIES>, Error> {
    let properties = Properties::from_bytes(bytes).map_err(|_| Error::BadProperty)?;
    let mut list = Vec::new();
    for property in properties.iter() {
        list.push(property).map_err(|_| Error::BadProperty)?;
    }
    Ok(list)
}
