//! An incoming message that the application owns. In the inbox it is a [`MessageView`].

use fivewire_wire::QoS;
use heapless::{String, Vec};

use crate::inbox::MessageView;
use crate::queue::{MAX_PAYLOAD, MAX_PROPERTIES};
use crate::topic::MAX_TOPIC;

/// A message of a subscribed topic, with room for the largest one: about 1.4 kB.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// MQTT topic name.
    pub topic: String<MAX_TOPIC>,
    /// Application message: any bytes.
    pub payload: Vec<u8, MAX_PAYLOAD>,
    /// MQTT 5.0 properties as the standard encodes them (2.2.2), without their length; `fivewire_mqtt::v5` reads them.
    /// Empty with MQTT 3.1.1.
    pub properties: Vec<u8, MAX_PROPERTIES>,
    /// It was the topic's retained message when the subscription was made.
    pub retained: bool,
    /// The broker may have sent it before.
    pub dup: bool,
    /// Quality of service it came with.
    pub qos: QoS,
}

impl Message {
    /// The payload as text, if it is UTF-8.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        core::str::from_utf8(&self.payload).ok()
    }

    /// The same, borrowed.
    #[must_use]
    pub fn view(&self) -> MessageView<'_> {
        let Self {
            topic,
            payload,
            properties,
            retained,
            dup,
            qos,
        } = self;
        MessageView {
            topic,
            payload,
            properties,
            retained: *retained,
            dup: *dup,
            qos: *qos,
        }
    }
}

/// Topic and payload, the latter as the beginning of a text if it is one.
#[cfg(feature = "defmt")]
impl defmt::Format for Message {
    fn format(&self, f: defmt::Formatter<'_>) {
        /// More would fill a slow log.
        const SHOWN_CHARS: usize = 60;
        let (topic, bytes) = (self.topic.as_str(), self.payload.len());
        let end = |text: &str| text.char_indices().nth(SHOWN_CHARS).map(|(end, _)| end);
        match self
            .text()
            .map(|text| (text, end(text).and_then(|end| text.get(..end))))
        {
            Some((text, None)) => defmt::write!(f, "{}: {:?}", topic, text),
            Some((_, Some(beginning))) => {
                defmt::write!(f, "{}: {:?}… ({} bytes)", topic, beginning, bytes);
            }
            None => defmt::write!(f, "{}: {} bytes", topic, bytes),
        }
        if self.retained {
            defmt::write!(f, " (retained)");
        }
    }
}

impl From<MessageView<'_>> for Message {
    /// Copies it. The spec's bounds make sure that it fits.
    fn from(view: MessageView<'_>) -> Self {
        let MessageView {
            topic,
            payload,
            properties,
            retained,
            dup,
            qos,
        } = view;
        let topic = String::try_from(topic).unwrap_or_default();
        Self {
            topic,
            payload: Vec::from_slice(payload).unwrap_or_default(),
            properties: Vec::from_slice(properties).unwrap_or_default(),
            retained,
            dup,
            qos,
        }
    }
}

impl core::fmt::Debug for Message {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.view().fmt(f)
    }
}
