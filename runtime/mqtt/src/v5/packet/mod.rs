//! The MQTT 5.0 control packets as bytes: encoded into a given buffer, decoded by borrowing from one.
//!
//! Both directions, so that a broker model in a test reads with the same code: [`Packet::decode_from_client`] instead of
//! [`Packet::decode`], as PUBLISH and DISCONNECT have other properties from either end. Not here: which packet may come when, limits that the ends told each other (see `connection`). SUBSCRIBE and
//! UNSUBSCRIBE carry one filter, as this client sends them.

mod ack;
mod connect;
mod disconnect;
mod publish;
mod subscribe;

pub use ack::Ack;
pub use connect::{ConnAck, Connect};
pub use disconnect::{Auth, Disconnect};
pub use publish::Publish;
pub use subscribe::{FilterAck, RetainHandling, Subscribe, SubscriptionOptions, Unsubscribe};

use crate::error::ProtocolError;
use crate::packet::{EncodeError, FixedHeader, PacketType, Writer, encode_empty, header_size};
use crate::v5::property::Place;

/// A control packet (MQTT 5.0, 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packet<'a> {
    /// Client to broker: the first packet (3.1).
    Connect(Connect<'a>),
    /// Broker to client: the answer to CONNECT (3.2).
    ConnAck(ConnAck<'a>),
    /// A message, either way (3.3).
    Publish(Publish<'a>),
    /// PUBACK, PUBREC, PUBREL or PUBCOMP, by its type (3.4 to 3.7).
    Ack(PacketType, Ack<'a>),
    /// Client to broker: subscribe to a filter (3.8).
    Subscribe(Subscribe<'a>),
    /// Broker to client: the answer to SUBSCRIBE (3.9).
    SubAck(FilterAck<'a>),
    /// Client to broker: give a subscription up (3.10).
    Unsubscribe(Unsubscribe<'a>),
    /// Broker to client: the answer to UNSUBSCRIBE (3.11).
    UnsubAck(FilterAck<'a>),
    /// Client to broker: a sign of life is wanted (3.12).
    PingReq,
    /// Broker to client: the sign of life (3.13).
    PingResp,
    /// The last packet, either way (3.14).
    Disconnect(Disconnect<'a>),
    /// Enhanced authentication, either way (3.15).
    Auth(Auth<'a>),
}

impl<'a> Packet<'a> {
    /// Decodes the broker's packet at the start of `bytes` and says how long it is; `None` when it is not complete yet.
    ///
    /// # Errors
    /// What the bytes break of the standard.
    pub fn decode(bytes: &'a [u8]) -> Result<Option<(Self, usize)>, ProtocolError> {
        Self::decode_in(bytes, Place::Message, Place::ServerDisconnect)
    }

    /// As [`decode`](Self::decode), for a client's packet.
    ///
    /// # Errors
    /// As there.
    pub fn decode_from_client(bytes: &'a [u8]) -> Result<Option<(Self, usize)>, ProtocolError> {
        Self::decode_in(bytes, Place::Publish, Place::Disconnect)
    }

    fn decode_in(
        bytes: &'a [u8],
        publish: Place,
        disconnect: Place,
    ) -> Result<Option<(Self, usize)>, ProtocolError> {
        let Some(header) = FixedHeader::decode_v5(bytes)? else {
            return Ok(None);
        };
        let Some(body) = bytes.get(header.size..header.total()) else {
            return Ok(None);
        };
        let packet = match header.kind {
            PacketType::Publish => Self::Publish(Publish::decode_in(publish, header.flags, body)?),
            PacketType::Disconnect => Self::Disconnect(Disconnect::decode_in(disconnect, body)?),
            kind => Self::decode_body(kind, header.flags, body)?,
        };
        Ok(Some((packet, header.total())))
    }

    fn decode_body(kind: PacketType, flags: u8, body: &'a [u8]) -> Result<Self, ProtocolError> {
        Ok(match kind {
            PacketType::Connect => Self::Connect(Connect::decode(body)?),
            PacketType::ConnAck => Self::ConnAck(ConnAck::decode(body)?),
            PacketType::Publish => Self::Publish(Publish::decode(flags, body)?),
            PacketType::PubAck | PacketType::PubRec | PacketType::PubRel | PacketType::PubComp => {
                Self::Ack(kind, Ack::decode(kind, body)?)
            }
            PacketType::Subscribe => Self::Subscribe(Subscribe::decode(body)?),
            PacketType::SubAck => Self::SubAck(FilterAck::decode(kind, body)?),
            PacketType::Unsubscribe => Self::Unsubscribe(Unsubscribe::decode(body)?),
            PacketType::UnsubAck => Self::UnsubAck(FilterAck::decode(kind, body)?),
            PacketType::PingReq => Self::PingReq,
            PacketType::PingResp => Self::PingResp,
            PacketType::Disconnect => Self::Disconnect(Disconnect::decode(body)?),
            PacketType::Auth => Self::Auth(Auth::decode(body)?),
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
            Self::Ack(kind, packet) => packet.encode(*kind, out),
            Self::Subscribe(packet) => packet.encode(out),
            Self::SubAck(packet) => packet.encode(PacketType::SubAck, out),
            Self::Unsubscribe(packet) => packet.encode(out),
            Self::UnsubAck(packet) => packet.encode(PacketType::UnsubAck, out),
            Self::PingReq => encode_empty(PacketType::PingReq, out),
            Self::PingResp => encode_empty(PacketType::PingResp, out),
            Self::Disconnect(packet) => packet.encode(out),
            Self::Auth(packet) => packet.encode(out),
        }
    }
}

/// Bytes of a packet whose body has this many.
const fn packet_size(remaining: usize) -> usize {
    header_size(remaining) + remaining
}

/// Writes a packet: its fixed header, and the body that `write` makes.
fn encode(
    kind: PacketType,
    flags: u8,
    remaining: usize,
    out: &mut [u8],
    write: impl FnOnce(&mut Writer<'_>) -> Result<(), EncodeError>,
) -> Result<usize, EncodeError> {
    let mut writer = Writer::new(out);
    writer.fixed_header(kind, flags, remaining)?;
    write(&mut writer)?;
    Ok(writer.len())
}
