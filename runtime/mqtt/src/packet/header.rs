//! The fixed header that starts every packet (MQTT 2.2).
//!
//! Everything that can be known from it alone is checked here, before room is kept for the rest of the packet.

use core::fmt;

use crate::error::ProtocolError;

/// The largest remaining length that four bytes can express (2.2.3).
pub const MAX_REMAINING_LENGTH: usize = 268_435_455;

/// The control packet types (2.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[expect(missing_docs, reason = "the standard's own names, documented at `Packet`")]
pub enum PacketType {
    Connect = 1,
    ConnAck = 2,
    Publish = 3,
    PubAck = 4,
    PubRec = 5,
    PubRel = 6,
    PubComp = 7,
    Subscribe = 8,
    SubAck = 9,
    Unsubscribe = 10,
    UnsubAck = 11,
    PingReq = 12,
    PingResp = 13,
    Disconnect = 14,
    Auth = 15,
}

impl PacketType {
    /// From the upper four bits of the first byte; `None` for the reserved 0. MQTT 3.1.1 reserves 15
    /// too.
    #[must_use]
    pub const fn from_number(number: u8) -> Option<Self> {
        Some(match number {
            1 => Self::Connect,
            2 => Self::ConnAck,
            3 => Self::Publish,
            4 => Self::PubAck,
            5 => Self::PubRec,
            6 => Self::PubRel,
            7 => Self::PubComp,
            8 => Self::Subscribe,
            9 => Self::SubAck,
            10 => Self::Unsubscribe,
            11 => Self::UnsubAck,
            12 => Self::PingReq,
            13 => Self::PingResp,
            14 => Self::Disconnect,
            15 => Self::Auth,
            _ => return None,
        })
    }

    /// The flags that packets of this type carry [MQTT-2.2.2-1]; those of PUBLISH have a meaning instead.
    #[must_use]
    pub const fn reserved_flags(self) -> u8 {
        match self {
            Self::PubRel | Self::Subscribe | Self::Unsubscribe => 0b0010,
            Self::Connect | Self::ConnAck | Self::Publish | Self::PubAck | Self::PubRec | Self::PubComp => 0,
            Self::SubAck
            | Self::UnsubAck
            | Self::PingReq
            | Self::PingResp
            | Self::Disconnect
            | Self::Auth => 0,
        }
    }

    /// The remaining lengths that packets of this type can have in MQTT 5.0.
    const fn lengths_v5(self) -> (usize, usize) {
        match self {
            Self::PingReq | Self::PingResp => (0, 0),
            Self::Disconnect | Self::Auth => (0, MAX_REMAINING_LENGTH),
            Self::PubAck | Self::PubRec | Self::PubRel | Self::PubComp => (2, MAX_REMAINING_LENGTH),
            Self::ConnAck | Self::Publish | Self::UnsubAck => (3, MAX_REMAINING_LENGTH),
            Self::SubAck => (4, MAX_REMAINING_LENGTH),
            Self::Unsubscribe => (6, MAX_REMAINING_LENGTH),
            Self::Subscribe => (7, MAX_REMAINING_LENGTH),
            Self::Connect => (13, MAX_REMAINING_LENGTH),
        }
    }

    /// The remaining lengths that packets of this type can have in MQTT 3.1.1.
    const fn lengths(self) -> (usize, usize) {
        match self {
            Self::PingReq | Self::PingResp | Self::Disconnect | Self::Auth => (0, 0),
            Self::ConnAck | Self::PubAck | Self::PubRec | Self::PubRel | Self::PubComp | Self::UnsubAck => {
                (2, 2)
            }
            // One return code, because a SUBSCRIBE of this client carries one filter.
            Self::SubAck => (3, 3),
            Self::Connect => (12, MAX_REMAINING_LENGTH),
            Self::Publish => (3, MAX_REMAINING_LENGTH),
            Self::Subscribe => (6, MAX_REMAINING_LENGTH),
            Self::Unsubscribe => (5, MAX_REMAINING_LENGTH),
        }
    }
}

impl fmt::Display for PacketType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "CONNECT",
            Self::ConnAck => "CONNACK",
            Self::Publish => "PUBLISH",
            Self::PubAck => "PUBACK",
            Self::PubRec => "PUBREC",
            Self::PubRel => "PUBREL",
            Self::PubComp => "PUBCOMP",
            Self::Subscribe => "SUBSCRIBE",
            Self::SubAck => "SUBACK",
            Self::Unsubscribe => "UNSUBSCRIBE",
            Self::UnsubAck => "UNSUBACK",
            Self::PingReq => "PINGREQ",
            Self::PingResp => "PINGRESP",
            Self::Disconnect => "DISCONNECT",
            Self::Auth => "AUTH",
        })
    }
}

/// A decoded fixed header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FixedHeader {
    /// What follows.
    pub kind: PacketType,
    /// The lower four bits of the first byte.
    pub flags: u8,
    /// Bytes of the fixed header itself, 2 to 5.
    pub size: usize,
    /// Bytes after the fixed header, at most [`MAX_REMAINING_LENGTH`].
    pub remaining: usize,
}

impl FixedHeader {
    /// Decodes the header of an MQTT 3.1.1 packet at the start of `bytes`; `None` when more bytes are needed.
    ///
    /// # Errors
    /// Reserved types and flags as soon as the first byte is there, impossible lengths as soon as they are known.
    pub fn decode(bytes: &[u8]) -> Result<Option<Self>, ProtocolError> {
        match bytes.first() {
            Some(&first) if first >> 4 == PacketType::Auth as u8 => Err(ProtocolError::ReservedType(15)),
            Some(_) | None => Self::decode_within(bytes, PacketType::lengths),
        }
    }

    /// As [`decode`](Self::decode), of an MQTT 5.0 packet.
    ///
    /// # Errors
    /// As there.
    pub fn decode_v5(bytes: &[u8]) -> Result<Option<Self>, ProtocolError> {
        Self::decode_within(bytes, PacketType::lengths_v5)
    }

    fn decode_within(
        bytes: &[u8],
        lengths: impl FnOnce(PacketType) -> (usize, usize),
    ) -> Result<Option<Self>, ProtocolError> {
        let Some((&first, rest)) = bytes.split_first() else {
            return Ok(None);
        };
        let kind = PacketType::from_number(first >> 4).ok_or(ProtocolError::ReservedType(first >> 4))?;
        let flags = first & 0x0f;
        check_flags(kind, flags)?;
        let Some((remaining, length_size)) = remaining_length(rest)? else {
            return Ok(None);
        };
        let (min, max) = lengths(kind);
        if remaining < min || remaining > max {
            return Err(ProtocolError::Length(kind));
        }
        Ok(Some(Self {
            kind,
            flags,
            size: 1 + length_size,
            remaining,
        }))
    }

    /// Bytes of the whole packet.
    #[must_use]
    pub const fn total(&self) -> usize {
        self.size + self.remaining
    }
}

fn check_flags(kind: PacketType, flags: u8) -> Result<(), ProtocolError> {
    match kind {
        PacketType::Publish if flags & 0b0110 == 0b0110 => Err(ProtocolError::Qos),
        PacketType::Publish => Ok(()),
        other if flags == other.reserved_flags() => Ok(()),
        other => Err(ProtocolError::ReservedFlags(other)),
    }
}

/// The length and the bytes it takes; `None` when more bytes are needed.
fn remaining_length(bytes: &[u8]) -> Result<Option<(usize, usize)>, ProtocolError> {
    let mut value = 0;
    for (position, &byte) in bytes.iter().take(4).enumerate() {
        value |= usize::from(byte & 0x7f) << (7 * position);
        if byte & 0x80 == 0 {
            return Ok(Some((value, position + 1)));
        }
    }
    if bytes.len() < 4 {
        Ok(None)
    } else {
        Err(ProtocolError::RemainingLength)
    }
}
