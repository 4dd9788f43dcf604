//! What the two versions of MQTT have in common here: requests, events and packets without borrowed data.

use fivewire_mqtt::packet::PacketType;
use fivewire_mqtt::{Error, MessageId, QoS};

/// Bytes of the receive buffer.
pub(super) const RX: usize = 128;
/// Bytes of the transmit buffer.
pub(super) const TX: usize = 192;
/// Requests unanswered, and messages unacknowledged, at a time.
pub(super) const IN_FLIGHT: usize = 4;

/// What ends a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Publish,
    Subscribe,
    Unsubscribe,
}

/// An event of the client.
#[derive(Clone, Copy, Debug)]
pub(super) enum Told {
    Connected {
        session_present: bool,
    },
    /// The request of this packet id ended.
    Ended(Kind, u16),
    Message(Option<MessageId>),
    Discarded,
    /// The transport is to be closed.
    Gone,
}

/// A packet that the client sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    Connect {
        clean: bool,
    },
    Publish {
        qos: QoS,
        id: u16,
        dup: bool,
    },
    /// PUBACK, PUBREC, PUBREL or PUBCOMP.
    Ack(PacketType, u16),
    Subscribe(u16),
    Unsubscribe(u16),
    Ping,
    Disconnect,
}

/// A packet that the broker sends.
#[derive(Clone, Copy, Debug)]
pub(super) enum Say<'a> {
    ConnAck {
        session_present: bool,
        refused: bool,
        variant: u8,
    },
    Publish {
        qos: QoS,
        id: u16,
        dup: bool,
        topic: &'a str,
        payload: &'a [u8],
        variant: u8,
    },
    Ack(PacketType, u16, u8),
    SubAck(u16, u8),
    UnsubAck(u16, u8),
    Pong,
    /// Only 5.0 brokers say it.
    Disconnect(u8),
}

/// A client of one version.
pub(super) trait Client: Default {
    fn connect(&mut self, now_ms: u32, clean: bool, variant: u8) -> Result<(), Error>;
    fn transport_closed(&mut self);
    fn handle_input(&mut self, now_ms: u32, bytes: &[u8]) -> usize;
    fn output(&self) -> &[u8];
    fn consume_output(&mut self, len: usize);
    fn poll(&mut self) -> Option<Told>;
    fn keep_message(&mut self);
    /// The packet id, 0 for QoS 0.
    fn publish(
        &mut self,
        now_ms: u32,
        topic: &str,
        payload: &[u8],
        qos: QoS,
        variant: u8,
    ) -> Result<u16, Error>;
    fn subscribe(&mut self, now_ms: u32, filter: &str, qos: QoS) -> Result<u16, Error>;
    fn unsubscribe(&mut self, now_ms: u32, filter: &str) -> Result<u16, Error>;
    fn acknowledge(&mut self, id: MessageId) -> Result<(), Error>;
    fn disconnect(&mut self);
    fn forget_session(&mut self);
    fn handle_timeout(&mut self, now_ms: u32);
    fn set_time_limits(&mut self, response_ms: u32, puback_ms: u32);
    fn poll_timeout(&self) -> Option<u32>;
    fn in_flight(&self) -> usize;
    fn is_connected(&self) -> bool;
    /// Written down and read back into a new client.
    fn restarted(&self) -> Self;

    /// The client's packet at the start of `bytes` and its length; panics on one that the standard does not allow.
    fn decode(bytes: &[u8]) -> Option<(Heard, usize)>;
    /// The broker's packet as bytes.
    fn encode(say: Say<'_>) -> Vec<u8>;
}
