//! SUBSCRIBE, SUBACK, UNSUBSCRIBE and UNSUBACK with one filter each (MQTT 5.0, 3.8 to 3.11).

use super::{encode, packet_size};
use crate::QoS;
use crate::error::ProtocolError;
use crate::packet::{EncodeError, PacketType, Reader};
use crate::types::PacketId;
use crate::v5::property::Place;
use crate::v5::{Properties, ReasonCode};

/// What a broker does with retained messages when a subscription is made (3.8.3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum RetainHandling {
    /// Sends them.
    #[default]
    Send = 0,
    /// Sends them if the subscription did not exist.
    SendIfNew = 1,
    /// Does not send them.
    DoNotSend = 2,
}

/// How a subscription is to be served (3.8.3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SubscriptionOptions {
    /// The highest quality of service wanted.
    pub qos: QoS,
    /// Messages that this client publishes do not come back to it. Not with a shared subscription [MQTT-3.8.3-4].
    pub no_local: bool,
    /// Messages keep the retain flag they were published with.
    pub retain_as_published: bool,
    /// What becomes of retained messages.
    pub retain_handling: RetainHandling,
}

impl SubscriptionOptions {
    const NO_LOCAL: u8 = 0x04;
    const RETAIN_AS_PUBLISHED: u8 = 0x08;
    const HANDLING_SHIFT: u8 = 4;

    const fn number(self) -> u8 {
        let no_local = if self.no_local { Self::NO_LOCAL } else { 0 };
        let published = if self.retain_as_published {
            Self::RETAIN_AS_PUBLISHED
        } else {
            0
        };
        self.qos.number() | no_local | published | (self.retain_handling as u8) << Self::HANDLING_SHIFT
    }

    fn from_number(number: u8) -> Result<Self, ProtocolError> {
        let retain_handling = match number >> Self::HANDLING_SHIFT {
            0 => RetainHandling::Send,
            1 => RetainHandling::SendIfNew,
            2 => RetainHandling::DoNotSend,
            _ => return Err(ProtocolError::SubscriptionOptions), // [MQTT-3.8.3-5]
        };
        Ok(Self {
            qos: QoS::from_number(number & 0x03).ok_or(ProtocolError::Qos)?,
            no_local: number & Self::NO_LOCAL != 0,
            retain_as_published: number & Self::RETAIN_AS_PUBLISHED != 0,
            retain_handling,
        })
    }
}

/// Asks for the messages that match a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subscribe<'a> {
    /// Comes back in the SUBACK.
    pub packet_id: PacketId,
    /// Subscription identifier and user properties.
    pub properties: Properties<'a>,
    /// Topic filter.
    pub filter: &'a str,
    /// How to serve it.
    pub options: SubscriptionOptions,
}

impl<'a> Subscribe<'a> {
    fn remaining(&self) -> usize {
        2 + self.properties.size() + 2 + self.filter.len() + 1
    }

    /// Bytes of the whole packet.
    #[must_use]
    pub fn size(&self) -> usize {
        packet_size(self.remaining())
    }

    /// Writes the packet; the length comes back.
    ///
    /// # Errors
    /// When it does not fit, or the filter is longer than 65,535 bytes.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        let kind = PacketType::Subscribe;
        encode(kind, kind.reserved_flags(), self.remaining(), out, |writer| {
            writer.packet_id(self.packet_id)?;
            self.properties.encode(writer)?;
            writer.prefixed(self.filter.as_bytes())?;
            writer.raw(&[self.options.number()])
        })
    }

    /// Reads the body.
    ///
    /// # Errors
    /// No filter, more than one, reserved option bits, packet identifier 0, properties that it must not have.
    pub fn decode(body: &'a [u8]) -> Result<Self, ProtocolError> {
        let kind = PacketType::Subscribe;
        let mut reader = Reader::new(kind, body);
        let packet_id = reader.packet_id()?;
        let properties = Properties::decode(&mut reader, kind, Place::Subscribe)?;
        let filter = reader.topic_filter()?;
        let options = SubscriptionOptions::from_number(reader.u8()?)?;
        reader.end()?;
        Ok(Self {
            packet_id,
            properties,
            filter,
            options,
        })
    }
}

/// Gives a subscription up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsubscribe<'a> {
    /// Comes back in the UNSUBACK.
    pub packet_id: PacketId,
    /// User properties.
    pub properties: Properties<'a>,
    /// The filter, character by character as it was subscribed.
    pub filter: &'a str,
}

impl<'a> Unsubscribe<'a> {
    fn remaining(&self) -> usize {
        2 + self.properties.size() + 2 + self.filter.len()
    }

    /// Bytes of the whole packet.
    #[must_use]
    pub fn size(&self) -> usize {
        packet_size(self.remaining())
    }

    /// Writes the packet; the length comes back.
    ///
    /// # Errors
    /// When it does not fit, or the filter is longer than 65,535 bytes.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        let kind = PacketType::Unsubscribe;
        encode(kind, kind.reserved_flags(), self.remaining(), out, |writer| {
            writer.packet_id(self.packet_id)?;
            self.properties.encode(writer)?;
            writer.prefixed(self.filter.as_bytes())
        })
    }

    /// Reads the body.
    ///
    /// # Errors
    /// No filter, more than one, packet identifier 0, properties that it must not have.
    pub fn decode(body: &'a [u8]) -> Result<Self, ProtocolError> {
        let kind = PacketType::Unsubscribe;
        let mut reader = Reader::new(kind, body);
        let packet_id = reader.packet_id()?;
        let properties = Properties::decode(&mut reader, kind, Place::Unsubscribe)?;
        let filter = reader.topic_filter()?;
        reader.end()?;
        Ok(Self {
            packet_id,
            properties,
            filter,
        })
    }
}

/// The broker's answer to a SUBSCRIBE or UNSUBSCRIBE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FilterAck<'a> {
    /// That of the request.
    pub packet_id: PacketId,
    /// Reason string and user properties.
    pub properties: Properties<'a>,
    /// What became of the filter. An UNSUBACK without any code, which brokers of other authors' tests send, counts as
    /// success; an answer to more filters than one is never for this client.
    pub reason: ReasonCode,
}

impl<'a> FilterAck<'a> {
    /// Reads the body.
    ///
    /// # Errors
    /// More than one reason code, none in a SUBACK, packet identifier 0, properties that it must not have.
    pub fn decode(kind: PacketType, body: &'a [u8]) -> Result<Self, ProtocolError> {
        let mut reader = Reader::new(kind, body);
        let packet_id = reader.packet_id()?;
        let properties = Properties::decode(&mut reader, kind, Place::Ack)?;
        let reason = match (kind, reader.is_empty()) {
            (PacketType::UnsubAck, true) => ReasonCode::SUCCESS,
            _ => ReasonCode::new(reader.u8()?),
        };
        reader.end()?;
        Ok(Self {
            packet_id,
            properties,
            reason,
        })
    }

    /// Whether a client can do something with the reason code. A SUBACK must not grant what does not exist; in an UNSUBACK an
    /// unknown code is as good as any.
    pub(crate) const fn is_known(kind: PacketType, reason: ReasonCode) -> bool {
        let grants = reason.number() <= 2;
        reason.is_error() || grants || matches!(kind, PacketType::UnsubAck)
    }

    /// Writes the packet; the length comes back.
    ///
    /// # Errors
    /// When it does not fit.
    pub fn encode(&self, kind: PacketType, out: &mut [u8]) -> Result<usize, EncodeError> {
        encode(kind, 0, 2 + self.properties.size() + 1, out, |writer| {
            writer.packet_id(self.packet_id)?;
            self.properties.encode(writer)?;
            writer.raw(&[self.reason.number()])
        })
    }
}
