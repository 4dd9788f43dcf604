//! PUBLISH (MQTT 3.3).

use super::writer::header_size;
use super::{EncodeError, PacketType, Reader, Writer};
use crate::QoS;
use crate::error::ProtocolError;
use crate::types::PacketId;

/// The DUP bit in the first byte of the packet (3.3.1.1).
pub(crate) const DUP: u8 = 0x08;
const RETAIN: u8 = 0x01;
const QOS_SHIFT: u8 = 1;

/// The flags of a fixed header (3.3.1).
pub(crate) const fn flags(dup: bool, qos: QoS, retain: bool) -> u8 {
    let dup = if dup { DUP } else { 0 };
    let retain = if retain { RETAIN } else { 0 };
    dup | qos.number() << QOS_SHIFT | retain
}

pub(crate) const fn dup_and_retain(flags: u8) -> (bool, bool) {
    (flags & DUP != 0, flags & RETAIN != 0)
}

/// An application message on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Publish<'a> {
    /// It may have been sent before [MQTT-3.3.1-1].
    pub dup: bool,
    /// Quality of service.
    pub qos: QoS,
    /// To the broker: keep it. From the broker: it was kept.
    pub retain: bool,
    /// Topic name.
    pub topic: &'a str,
    /// Present when, and only when, the QoS is above 0 [MQTT-2.3.1-5]. Encoding writes what is here.
    pub packet_id: Option<PacketId>,
    /// The application message; may be empty.
    pub payload: &'a [u8],
}

impl<'a> Publish<'a> {
    /// One to be published; with a QoS above 0 its packet identifier is still to be chosen.
    #[must_use]
    pub const fn new(topic: &'a str, payload: &'a [u8], qos: QoS, retain: bool) -> Self {
        Self {
            dup: false,
            qos,
            retain,
            topic,
            packet_id: match qos {
                QoS::AtMostOnce => None,
                QoS::AtLeastOnce | QoS::ExactlyOnce => Some(PacketId::FIRST),
            },
            payload,
        }
    }

    /// The QoS in the flags of a fixed header.
    ///
    /// # Errors
    /// Both bits set [MQTT-3.3.1-4].
    pub fn qos(flags: u8) -> Result<QoS, ProtocolError> {
        QoS::from_number(flags >> QOS_SHIFT & 0x03).ok_or(ProtocolError::Qos)
    }

    fn remaining(&self) -> usize {
        2 + self.topic.len() + if self.packet_id.is_some() { 2 } else { 0 } + self.payload.len()
    }

    /// Bytes of the whole packet.
    #[must_use]
    pub fn size(&self) -> usize {
        header_size(self.remaining()) + self.remaining()
    }

    /// Writes the packet; the length comes back.
    ///
    /// # Errors
    /// When it does not fit, or the topic is longer than 65,535 bytes.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        let flags = flags(self.dup, self.qos, self.retain);
        let mut writer = Writer::new(out);
        writer.fixed_header(PacketType::Publish, flags, self.remaining())?;
        writer.prefixed(self.topic.as_bytes())?;
        if let Some(id) = self.packet_id {
            writer.packet_id(id)?;
        }
        writer.raw(self.payload)?;
        Ok(writer.len())
    }

    /// Reads the body. A body cut off behind its variable header decodes too, with what there is of the payload.
    ///
    /// # Errors
    /// QoS 3, no topic name, packet identifier 0, a wrong length.
    pub fn decode(flags: u8, body: &'a [u8]) -> Result<Self, ProtocolError> {
        let qos = Self::qos(flags)?;
        let mut reader = Reader::new(PacketType::Publish, body);
        let topic = reader.topic_name()?;
        let packet_id = match qos {
            QoS::AtMostOnce => None,
            QoS::AtLeastOnce | QoS::ExactlyOnce => Some(reader.packet_id()?),
        };
        let (dup, retain) = dup_and_retain(flags);
        Ok(Self {
            dup,
            qos,
            retain,
            topic,
            packet_id,
            payload: reader.rest(),
        })
    }
}
