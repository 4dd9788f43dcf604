//! PUBACK, PUBREC, PUBREL, PUBCOMP (MQTT 5.0, 3.4 to 3.7).

use super::encode;
use crate::error::ProtocolError;
use crate::packet::{EncodeError, PacketType, Reader};
use crate::types::PacketId;
use crate::v5::property::Place;
use crate::v5::{Properties, ReasonCode};

/// A step in the delivery of a QoS 1 or 2 message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ack<'a> {
    /// That of the PUBLISH.
    pub packet_id: PacketId,
    /// How it went; left out on the wire when it is success and there are no properties.
    pub reason: ReasonCode,
    /// Reason string and user properties.
    pub properties: Properties<'a>,
}

impl<'a> Ack<'a> {
    /// Reads the body.
    ///
    /// # Errors
    /// A wrong length, packet identifier 0, properties that it must not have.
    pub fn decode(kind: PacketType, body: &'a [u8]) -> Result<Self, ProtocolError> {
        let mut reader = Reader::new(kind, body);
        let packet_id = reader.packet_id()?;
        let reason = match reader.is_empty() {
            true => ReasonCode::SUCCESS,
            false => ReasonCode::new(reader.u8()?),
        };
        let properties = match reader.is_empty() {
            true => Properties::NONE,
            false => Properties::decode(&mut reader, kind, Place::Ack)?,
        };
        reader.end()?;
        Ok(Self {
            packet_id,
            reason,
            properties,
        })
    }

    /// Whether the standard gives the reason code to this packet type.
    pub(crate) const fn is_known(kind: PacketType, reason: ReasonCode) -> bool {
        let reason = reason.number();
        match kind {
            PacketType::PubRel | PacketType::PubComp => matches!(reason, 0 | 0x92),
            _ => matches!(reason, 0 | 0x10 | 0x80 | 0x83 | 0x87 | 0x90 | 0x91 | 0x97 | 0x99),
        }
    }

    /// Writes the packet; the length comes back.
    ///
    /// # Errors
    /// When it does not fit.
    pub fn encode(&self, kind: PacketType, out: &mut [u8]) -> Result<usize, EncodeError> {
        let with_properties = !self.properties.is_empty();
        let with_reason = with_properties || self.reason != ReasonCode::SUCCESS;
        let properties = if with_properties {
            self.properties.size()
        } else {
            0
        };
        let remaining = 2 + usize::from(with_reason) + properties;
        encode(kind, kind.reserved_flags(), remaining, out, |writer| {
            writer.packet_id(self.packet_id)?;
            if with_reason {
                writer.raw(&[self.reason.number()])?;
            }
            if with_properties {
                self.properties.encode(writer)?;
            }
            Ok(())
        })
    }
}
