//! The packets whose body is a packet identifier: PUBACK, PUBREC, PUBREL, PUBCOMP, UNSUBACK (MQTT 3.4 to 3.7, 3.11).

use super::{EncodeError, PacketType, Reader, Writer};
use crate::error::ProtocolError;
use crate::types::PacketId;

/// Codec of these packets; it has no values.
#[derive(Debug)]
pub enum Ack {}

impl Ack {
    /// Bytes of the whole packet.
    pub const SIZE: usize = 4;

    /// Reads the body.
    ///
    /// # Errors
    /// A wrong length, or packet identifier 0.
    pub fn decode(kind: PacketType, body: &[u8]) -> Result<PacketId, ProtocolError> {
        let mut reader = Reader::new(kind, body);
        let id = reader.packet_id()?;
        reader.end()?;
        Ok(id)
    }

    /// Writes the packet; the length comes back.
    ///
    /// # Errors
    /// [`EncodeError::Full`].
    pub fn encode(kind: PacketType, id: PacketId, out: &mut [u8]) -> Result<usize, EncodeError> {
        let mut writer = Writer::new(out);
        writer.fixed_header(kind, kind.reserved_flags(), 2)?;
        writer.packet_id(id)?;
        Ok(writer.len())
    }
}
