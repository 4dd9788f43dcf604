//! A message in the application's own buffer.
//!
//! Not here: the messages that wait (see `inbox`).

use core::fmt;

use fivewire_mqtt::QoS;
use fivewire_mqtt::v5::Properties;

/// A message of a subscribed topic; its text lies in the buffer that the application gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message<'b> {
    /// Topic name.
    pub topic: &'b str,
    /// Application message.
    pub payload: &'b [u8],
    /// Quality of service it came with.
    pub qos: QoS,
    /// It was the topic's retained message.
    pub retain: bool,
    /// It may have come before.
    pub dup: bool,
    /// What describes it (5.0).
    pub properties: Properties<'b>,
}

/// Why no message was handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceiveError {
    /// The buffer is too small for the message, which stays where it is: ask again with more room, or skip it.
    TooSmall {
        /// Bytes that the message needs: topic, properties and payload.
        needed: usize,
    },
    /// The client was closed, and no such message is left.
    Closed,
}

impl fmt::Display for ReceiveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooSmall { needed } => write!(f, "the message needs {needed} bytes"),
            Self::Closed => f.write_str("the client is closed"),
        }
    }
}

impl core::error::Error for ReceiveError {}

/// A message without its bytes, which lie one after the other: topic, properties, payload.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head {
    pub(crate) topic_len: usize,
    pub(crate) properties_len: usize,
    pub(crate) len: usize,
    pub(crate) qos: QoS,
    pub(crate) retain: bool,
    pub(crate) dup: bool,
}

impl Head {
    /// The message that these are the bytes of.
    pub(crate) fn view(self, bytes: &[u8]) -> Message<'_> {
        let bytes = bytes.get(..self.len).unwrap_or_default();
        let (topic, rest) = bytes.split_at_checked(self.topic_len).unwrap_or_default();
        let (properties, payload) = rest.split_at_checked(self.properties_len).unwrap_or_default();
        Message {
            // It came as text.
            topic: core::str::from_utf8(topic).unwrap_or_default(),
            payload,
            qos: self.qos,
            retain: self.retain,
            dup: self.dup,
            properties: Properties::of_wire(properties),
        }
    }
}
