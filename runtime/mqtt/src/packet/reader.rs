//! Reads the fields of a packet's body, each length checked.
//!
//! Not here: the fixed header (see `header`).

use crate::error::ProtocolError;
use crate::packet::PacketType;
use crate::text;
use crate::types::PacketId;

pub(super) struct Reader<'a> {
    kind: PacketType,
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(kind: PacketType, bytes: &'a [u8]) -> Self {
        Self { kind, bytes }
    }

    fn take(&mut self, len: usize) -> Result<&'a [u8], ProtocolError> {
        let (head, tail) = self
            .bytes
            .split_at_checked(len)
            .ok_or(ProtocolError::Length(self.kind))?;
        self.bytes = tail;
        Ok(head)
    }

    pub(super) fn u8(&mut self) -> Result<u8, ProtocolError> {
        let (&byte, tail) = self.bytes.split_first().ok_or(ProtocolError::Length(self.kind))?;
        self.bytes = tail;
        Ok(byte)
    }

    pub(super) fn u16(&mut self) -> Result<u16, ProtocolError> {
        Ok(u16::from_be_bytes([self.u8()?, self.u8()?]))
    }

    /// Never zero [MQTT-2.3.1-1].
    pub(super) fn packet_id(&mut self) -> Result<PacketId, ProtocolError> {
        PacketId::new(self.u16()?).ok_or(ProtocolError::PacketIdZero)
    }

    pub(super) fn binary(&mut self) -> Result<&'a [u8], ProtocolError> {
        let len = self.u16()?;
        self.take(usize::from(len))
    }

    /// UTF-8 [MQTT-1.5.3-1] without the characters that section 1.5.3 rules out.
    pub(super) fn text(&mut self) -> Result<&'a str, ProtocolError> {
        let text = core::str::from_utf8(self.binary()?).map_err(|_| ProtocolError::Text)?;
        if text::is_clean(text) {
            Ok(text)
        } else {
            Err(ProtocolError::Text)
        }
    }

    pub(super) fn topic_name(&mut self) -> Result<&'a str, ProtocolError> {
        let topic = self.text()?;
        let malformed = topic.is_empty() || text::has_wildcard(topic);
        if malformed {
            Err(ProtocolError::TopicName)
        } else {
            Ok(topic)
        }
    }

    pub(super) fn topic_filter(&mut self) -> Result<&'a str, ProtocolError> {
        let filter = self.text()?;
        if text::is_topic_filter(filter) {
            Ok(filter)
        } else {
            Err(ProtocolError::TopicFilter)
        }
    }

    pub(super) fn rest(self) -> &'a [u8] {
        self.bytes
    }

    /// Nothing may follow the last field.
    pub(super) fn end(self) -> Result<(), ProtocolError> {
        if self.bytes.is_empty() {
            Ok(())
        } else {
            Err(ProtocolError::Length(self.kind))
        }
    }
}
