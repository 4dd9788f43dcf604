//! DISCONNECT and AUTH (MQTT 5.0, 3.14, 3.15).

use super::{encode, packet_size};
use crate::error::ProtocolError;
use crate::packet::{EncodeError, PacketType, Reader};
use crate::v5::property::Place;
use crate::v5::{Properties, ReasonCode};

/// The last packet, either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disconnect<'a> {
    /// Why.
    pub reason: ReasonCode,
    /// Reason string and user properties; session expiry from a client, server reference from a broker.
    pub properties: Properties<'a>,
}

/// A step of enhanced authentication, either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Auth<'a> {
    /// What it is about.
    pub reason: ReasonCode,
    /// Method, data, reason string and user properties.
    pub properties: Properties<'a>,
}

impl<'a> Disconnect<'a> {
    /// Reads the body of a broker's packet.
    ///
    /// # Errors
    /// A wrong length, properties that it must not have.
    pub fn decode(body: &'a [u8]) -> Result<Self, ProtocolError> {
        Self::decode_in(Place::ServerDisconnect, body)
    }

    pub(crate) fn decode_in(place: Place, body: &'a [u8]) -> Result<Self, ProtocolError> {
        let (reason, properties) = decode(PacketType::Disconnect, place, body)?;
        Ok(Self { reason, properties })
    }

    /// Bytes of the whole packet.
    #[must_use]
    pub fn size(&self) -> usize {
        packet_size(remaining(self.reason, &self.properties))
    }

    /// Writes the packet; the length comes back.
    ///
    /// # Errors
    /// When it does not fit.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        encode_both(PacketType::Disconnect, self.reason, &self.properties, out)
    }
}

impl<'a> Auth<'a> {
    /// Reads the body.
    ///
    /// # Errors
    /// A wrong length, properties that it must not have.
    pub fn decode(body: &'a [u8]) -> Result<Self, ProtocolError> {
        let (reason, properties) = decode(PacketType::Auth, Place::Auth, body)?;
        Ok(Self { reason, properties })
    }

    /// Writes the packet; the length comes back.
    ///
    /// # Errors
    /// When it does not fit.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        encode_both(PacketType::Auth, self.reason, &self.properties, out)
    }
}

fn decode(
    kind: PacketType,
    place: Place,
    body: &[u8],
) -> Result<(ReasonCode, Properties<'_>), ProtocolError> {
    let mut reader = Reader::new(kind, body);
    if reader.is_empty() {
        return Ok((ReasonCode::SUCCESS, Properties::NONE));
    }
    let reason = ReasonCode::new(reader.u8()?);
    if reader.is_empty() {
        return Ok((reason, Properties::NONE));
    }
    let properties = Properties::decode(&mut reader, kind, place)?;
    reader.end()?;
    Ok((reason, properties))
}

/// The shortest form that says it.
fn remaining(reason: ReasonCode, properties: &Properties<'_>) -> usize {
    match (properties.is_empty(), reason) {
        (false, _) => 1 + properties.size(),
        (true, ReasonCode::SUCCESS) => 0,
        (true, _) => 1,
    }
}

fn encode_both(
    kind: PacketType,
    reason: ReasonCode,
    properties: &Properties<'_>,
    out: &mut [u8],
) -> Result<usize, EncodeError> {
    let remaining = remaining(reason, properties);
    encode(kind, 0, remaining, out, |writer| {
        if remaining > 0 {
            writer.raw(&[reason.number()])?;
        }
        if remaining > 1 {
            properties.encode(writer)?;
        }
        Ok(())
    })
}
