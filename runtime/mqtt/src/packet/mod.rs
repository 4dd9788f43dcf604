//! The MQTT 3.1.1 control packets as bytes: encoded into a given buffer, decoded by borrowing from one.
//!
//! Both directions, so that a broker model in a test reads with the same code. Not here: which packet may come when,
//! packet identifiers in use, time (see `connection` and `session`). SUBSCRIBE and UNSUBSCRIBE carry one filter, as
//! this client sends them.

mod ack;
pub(crate) mod connect;
mod header;
pub(crate) mod publish;
mod reader;
mod subscribe;
mod writer;

pub use ack::Ack;
pub use connect::{ConnAck, Connect};
pub use header::{FixedHeader, MAX_REMAINING_LENGTH, PacketType};
pub use publish::Publish;
pub use subscribe::{SubAck, Subscribe, Unsubscribe};
pub use writer::EncodeError;

use crate::error::ProtocolError;
use crate::types::PacketId;
pub(crate) use reader::Reader;
pub(crate) use writer::{Writer, header_size};

/// A control packet (MQTT 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packet<'a> {
    /// Client to broker: the first packet (3.1).
    Connect(Connect<'a>),
    /// Broker to client: the answer to CONNECT (3.2).
    ConnAck(ConnAck),
    /// A message, either way (3.3).
    Publish(Publish<'a>),
    /// Acknowledges a QoS 1 publish (3.4).
    PubAck(PacketId),
    /// QoS 2: received (3.5).
    PubRec(PacketId),
    /// QoS 2: release (3.6).
    PubRel(PacketId),
    /// QoS 2: complete (3.7).
    PubComp(PacketId),
    /// Client to broker: subscribe to a filter (3.8).
    Subscribe(Subscribe<'a>),
    /// Broker to client: the answer to SUBSCRIBE (3.9).
    SubAck(SubAck),
    /// Client to broker: give a subscription up (3.10).
    Unsubscribe(Unsubscribe<'a>),
    /// Broker to client: the answer to UNSUBSCRIBE (3.11).
    UnsubAck(PacketId),
    /// Client to broker: a sign of life is wanted (3.12).
    PingReq,
    /// Broker to client: the sign of life (3.13).
    PingResp,
    /// Client to broker: the last packet (3.14).
    Disconnect,
}

impl<'a> Packet<'a> {
    /// Decodes the packet at the start of `bytes` and says how long it is; `None` when it is not complete yet.
    ///
    /// # Errors
    /// What the bytes break of the standard; the receiver has to close the connection [MQTT-4.8.0-1].
    pub fn decode(bytes: &'a [u8]) -> Result<Option<(Self, usize)>, ProtocolError> {
        let Some(header) = FixedHeader::decode(bytes)? else {
            return Ok(None);
        };
        let Some(body) = bytes.get(header.size..header.total()) else {
            return Ok(None);
        };
        Ok(Some((Self::decode_body(header, body)?, header.total())))
    }

    fn decode_body(header: FixedHeader, body: &'a [u8]) -> Result<Self, ProtocolError> {
        let id = || Ack::decode(header.kind, body);
        Ok(match header.kind {
            PacketType::Connect => Self::Connect(Connect::decode(body)?),
            PacketType::ConnAck => Self::ConnAck(ConnAck::decode(body)?),
            PacketType::Publish => Self::Publish(Publish::decode(header.flags, body)?),
            PacketType::PubAck => Self::PubAck(id()?),
            PacketType::PubRec => Self::PubRec(id()?),
            PacketType::PubRel => Self::PubRel(id()?),
            PacketType::PubComp => Self::PubComp(id()?),
            PacketType::Subscribe => Self::Subscribe(Subscribe::decode(body)?),
            PacketType::SubAck => Self::SubAck(SubAck::decode(body)?),
            PacketType::Unsubscribe => Self::Unsubscribe(Unsubscribe::decode(body)?),
            PacketType::UnsubAck => Self::UnsubAck(id()?),
            PacketType::PingReq => Self::PingReq,
            PacketType::PingResp => Self::PingResp,
            PacketType::Disconnect => Self::Disconnect,
            PacketType::Auth => return Err(ProtocolError::ReservedType(15)),
        })
    }

    /// Encodes the packet at the start of `out` and says how long it is.
    ///
    /// # Errors
    /// When it does not fit into `out`, or into what MQTT can express.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        match self {
            Self::Connect(packet) => packet.encode(out),
            Self::ConnAck(packet) => packet.encode(out),
            Self::Publish(packet) => packet.encode(out),
            Self::PubAck(id) => Ack::encode(PacketType::PubAck, *id, out),
            Self::PubRec(id) => Ack::encode(PacketType::PubRec, *id, out),
            Self::PubRel(id) => Ack::encode(PacketType::PubRel, *id, out),
            Self::PubComp(id) => Ack::encode(PacketType::PubComp, *id, out),
            Self::Subscribe(packet) => packet.encode(out),
            Self::SubAck(packet) => packet.encode(out),
            Self::Unsubscribe(packet) => packet.encode(out),
            Self::UnsubAck(id) => Ack::encode(PacketType::UnsubAck, *id, out),
            Self::PingReq => encode_empty(PacketType::PingReq, out),
            Self::PingResp => encode_empty(PacketType::PingResp, out),
            Self::Disconnect => encode_empty(PacketType::Disconnect, out),
        }
    }
}

/// A packet that is its fixed header alone.
pub(crate) fn encode_empty(kind: PacketType, out: &mut [u8]) -> Result<usize, EncodeError> {
    let mut writer = Writer::new(out);
    writer.fixed_header(kind, kind.reserved_flags(), 0)?;
    Ok(writer.len())
}
