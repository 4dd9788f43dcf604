//! Reads the fields of a packet's body, each length checked.
//!
//! Not here: the fixed header (see `header`).

use crate::error::ProtocolError;
use crate::packet::PacketType;
use crate::text;
use crate::types::PacketId;

pub(crate) struct Reader<'a> {
    kind: PacketType,
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(kind: PacketType, bytes: &'a [u8]) -> Self {
        Self { kind, bytes }
    }

    pub(crate) fn take(&mut self, len: usize) -> Result<&'a [u8], ProtocolError> {
        let (head, tail) = self
            .bytes
            .split_at_checked(len)
            .ok_or(ProtocolError::Length(self.kind))?;
        self.bytes = tail;
        Ok(head)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, ProtocolError> {
        let (&byte, tail) = self.bytes.split_first().ok_or(ProtocolError::Length(self.kind))?;
        self.bytes = tail;
        Ok(byte)
    }

    pub(crate) fn u16(&mut self) -> Result<u16, ProtocolError> {
        Ok(u16::from_be_bytes([self.u8()?, self.u8()?]))
    }

    pub(crate) fn u32(&mut self) -> Result<u32, ProtocolError> {
        Ok(u32::from(self.u16()?) << 16 | u32::from(self.u16()?))
    }

    /// A variable byte integer (MQTT 5.0, 1.5.5): at most four bytes, and no more than it needs [MQTT-1.5.5-1].
    pub(crate) fn variable(&mut self) -> Result<u32, ProtocolError> {
        let mut value = 0;
        for position in 0..4 {
            let byte = self.u8()?;
            value |= u32::from(byte & 0x7f) << (7 * position);
            if byte & 0x80 == 0 {
                let padded = byte == 0 && position > 0;
                return if padded {
                    Err(ProtocolError::VariableInteger)
                } else {
                    Ok(value)
                };
            }
        }
        Err(ProtocolError::VariableInteger)
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Never zero [MQTT-2.3.1-1].
    pub(crate) fn packet_id(&mut self) -> Result<PacketId, ProtocolError> {
        PacketId::new(self.u16()?).ok_or(ProtocolError::PacketIdZero)
    }

    pub(crate) fn binary(&mut self) -> Result<&'a [u8], ProtocolError> {
        let len = self.u16()?;
        self.take(usize::from(len))
    }

    /// UTF-8 [MQTT-1.5.3-1] without the characters that section 1.5.3 rules out.
    pub(crate) fn text(&mut self) -> Result<&'a str, ProtocolError> {
        let text = core::str::from_utf8(self.binary()?).map_err(|_| ProtocolError::Text)?;
        if text::is_clean(text) {
            Ok(text)
        } else {
            Err(ProtocolError::Text)
        }
    }

    pub(crate) fn topic_name(&mut self) -> Result<&'a str, ProtocolError> {
        let topic = self.text()?;
        let malformed = topic.is_empty() || text::has_wildcard(topic);
        if malformed {
            Err(ProtocolError::TopicName)
        } else {
            Ok(topic)
        }
    }

    pub(crate) fn topic_filter(&mut self) -> Result<&'a str, ProtocolError> {
        let filter = self.text()?;
        if text::is_topic_filter(filter) {
            Ok(filter)
        } else {
            Err(ProtocolError::TopicFilter)
        }
    }

    pub(crate) fn rest(self) -> &'a [u8] {
        self.bytes
    }

    /// Nothing may follow the last field.
    pub(crate) fn end(self) -> Result<(), ProtocolError> {
        if self.bytes.is_empty() {
            Ok(())
        } else {
            Err(ProtocolError::Length(self.kind))
        }
    }
}
