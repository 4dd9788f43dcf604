//! SUBSCRIBE, SUBACK and UNSUBSCRIBE with one filter each (MQTT 3.8 to 3.10).

use super::writer::header_size;
use super::{EncodeError, PacketType, Reader, Writer};
use crate::QoS;
use crate::error::ProtocolError;
use crate::types::PacketId;

/// The return code of a refused subscription (3.9.3).
const FAILURE: u8 = 0x80;

/// Asks for the messages that match a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subscribe<'a> {
    /// Comes back in the SUBACK.
    pub packet_id: PacketId,
    /// Topic filter.
    pub filter: &'a str,
    /// The highest quality of service wanted.
    pub qos: QoS,
}

impl<'a> Subscribe<'a> {
    fn remaining(&self) -> usize {
        2 + 2 + self.filter.len() + 1
    }

    /// Bytes of the whole packet.
    #[must_use]
    pub fn size(&self) -> usize {
        header_size(self.remaining()) + self.remaining()
    }

    /// Writes the packet; the length comes back.
    ///
    /// # Errors
    /// When it does not fit, or the filter is longer than 65,535 bytes.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        let kind = PacketType::Subscribe;
        let mut writer = Writer::new(out);
        writer.fixed_header(kind, kind.reserved_flags(), self.remaining())?;
        writer.packet_id(self.packet_id)?;
        writer.prefixed(self.filter.as_bytes())?;
        writer.raw(&[self.qos.number()])?;
        Ok(writer.len())
    }

    /// Reads the body.
    ///
    /// # Errors
    /// No filter, more than one, a reserved QoS bit, packet identifier 0.
    pub fn decode(body: &'a [u8]) -> Result<Self, ProtocolError> {
        let mut reader = Reader::new(PacketType::Subscribe, body);
        let packet_id = reader.packet_id()?;
        let filter = reader.topic_filter()?;
        let qos = QoS::from_number(reader.u8()?).ok_or(ProtocolError::Qos)?;
        reader.end()?;
        Ok(Self {
            packet_id,
            filter,
            qos,
        })
    }
}

/// Gives a subscription up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsubscribe<'a> {
    /// Comes back in the UNSUBACK.
    pub packet_id: PacketId,
    /// The filter, character by character as it was subscribed.
    pub filter: &'a str,
}

impl<'a> Unsubscribe<'a> {
    fn remaining(&self) -> usize {
        2 + 2 + self.filter.len()
    }

    /// Bytes of the whole packet.
    #[must_use]
    pub fn size(&self) -> usize {
        header_size(self.remaining()) + self.remaining()
    }

    /// Writes the packet; the length comes back.
    ///
    /// # Errors
    /// When it does not fit, or the filter is longer than 65,535 bytes.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        let kind = PacketType::Unsubscribe;
        let mut writer = Writer::new(out);
        writer.fixed_header(kind, kind.reserved_flags(), self.remaining())?;
        writer.packet_id(self.packet_id)?;
        writer.prefixed(self.filter.as_bytes())?;
        Ok(writer.len())
    }

    /// Reads the body.
    ///
    /// # Errors
    /// No filter, more than one, packet identifier 0.
    pub fn decode(body: &'a [u8]) -> Result<Self, ProtocolError> {
        let mut reader = Reader::new(PacketType::Unsubscribe, body);
        let packet_id = reader.packet_id()?;
        let filter = reader.topic_filter()?;
        reader.end()?;
        Ok(Self { packet_id, filter })
    }
}

/// The broker's answer to a SUBSCRIBE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubAck {
    /// That of the SUBSCRIBE.
    pub packet_id: PacketId,
    /// The quality of service it grants; `None` = refused.
    pub granted: Option<QoS>,
}

impl SubAck {
    /// Reads the body.
    ///
    /// # Errors
    /// A reserved return code [MQTT-3.9.3-2], not exactly one return code, packet identifier 0.
    pub fn decode(body: &[u8]) -> Result<Self, ProtocolError> {
        let mut reader = Reader::new(PacketType::SubAck, body);
        let packet_id = reader.packet_id()?;
        let code = reader.u8()?;
        reader.end()?;
        let granted = match (code, QoS::from_number(code)) {
            (FAILURE, _) => None,
            (_, Some(qos)) => Some(qos),
            (_, None) => return Err(ProtocolError::ReturnCode(code)),
        };
        Ok(Self { packet_id, granted })
    }

    /// Writes the packet; the length comes back.
    ///
    /// # Errors
    /// [`EncodeError::Full`].
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        let mut writer = Writer::new(out);
        writer.fixed_header(PacketType::SubAck, 0, 3)?;
        writer.packet_id(self.packet_id)?;
        writer.raw(&[self.granted.map_or(FAILURE, QoS::number)])?;
        Ok(writer.len())
    }
}
