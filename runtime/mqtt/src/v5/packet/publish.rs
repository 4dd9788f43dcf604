//! PUBLISH (MQTT 5.0, 3.3).

use super::{encode, packet_size};
use crate::QoS;
use crate::error::ProtocolError;
use crate::packet::{self, EncodeError, PacketType, Reader};
use crate::types::PacketId;
use crate::v5::Properties;
use crate::v5::property::Place;

/// An application message on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Publish<'a> {
    /// It may have been sent before [MQTT-3.3.1-1].
    pub dup: bool,
    /// Quality of service.
    pub qos: QoS,
    /// To the broker: keep it. From the broker: it was kept, or is to be shown as it was sent.
    pub retain: bool,
    /// Topic name; empty when an alias stands for it.
    pub topic: &'a str,
    /// Present when, and only when, the QoS is above 0 [MQTT-2.2.1-2]. Encoding writes what is here.
    pub packet_id: Option<PacketId>,
    /// What describes the message.
    pub properties: Properties<'a>,
    /// The application message; may be empty.
    pub payload: &'a [u8],
}

impl<'a> Publish<'a> {
    fn remaining(&self) -> usize {
        let id = if self.packet_id.is_some() { 2 } else { 0 };
        2 + self.topic.len() + id + self.properties.size() + self.payload.len()
    }

    /// Bytes of the whole packet.
    #[must_use]
    pub fn size(&self) -> usize {
        packet_size(self.remaining())
    }

    /// Writes the packet; the length comes back.
    ///
    /// # Errors
    /// When it does not fit, or the topic is longer than 65,535 bytes.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        let flags = packet::publish::flags(self.dup, self.qos, self.retain);
        encode(PacketType::Publish, flags, self.remaining(), out, |writer| {
            writer.prefixed(self.topic.as_bytes())?;
            if let Some(id) = self.packet_id {
                writer.packet_id(id)?;
            }
            self.properties.encode(writer)?;
            writer.raw(self.payload)
        })
    }

    /// Reads the body of a broker's packet.
    ///
    /// # Errors
    /// QoS 3, a topic with wildcards, neither topic nor alias, packet identifier 0, properties that it must not have.
    pub fn decode(flags: u8, body: &'a [u8]) -> Result<Self, ProtocolError> {
        Self::decode_in(Place::Message, flags, body)
    }

    pub(crate) fn decode_in(place: Place, flags: u8, body: &'a [u8]) -> Result<Self, ProtocolError> {
        let (mut publish, mut reader) = Self::decode_head(flags, body)?;
        publish.properties = Properties::decode(&mut reader, PacketType::Publish, place)?;
        if publish.topic.is_empty() && publish.properties.topic_alias().is_none() {
            return Err(ProtocolError::NoTopic);
        }
        publish.payload = reader.rest();
        Ok(publish)
    }

    /// What stands before the properties, and a reader of the rest.
    pub(crate) fn decode_head(flags: u8, body: &'a [u8]) -> Result<(Self, Reader<'a>), ProtocolError> {
        let qos = packet::Publish::qos(flags)?;
        let mut reader = Reader::new(PacketType::Publish, body);
        let topic = reader.text()?;
        if crate::text::has_wildcard(topic) {
            return Err(ProtocolError::TopicName); // [MQTT-3.3.2-2]
        }
        let packet_id = match qos {
            QoS::AtMostOnce => None,
            QoS::AtLeastOnce | QoS::ExactlyOnce => Some(reader.packet_id()?),
        };
        let (dup, retain) = packet::publish::dup_and_retain(flags);
        let publish = Self {
            dup,
            qos,
            retain,
            topic,
            packet_id,
            properties: Properties::NONE,
            payload: &[],
        };
        Ok((publish, reader))
    }
}
