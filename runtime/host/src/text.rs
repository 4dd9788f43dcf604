//! What a bridge of the MicroPython system cannot be told, so that it is refused at the call and never half said.
//! Deliberately no codec: strings are the link's business; here is only what no string can say.

use core::fmt;

use fivewire_wire::{QoS, is_text_symbol};

/// What was asked of a bridge of the MicroPython system in vain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum TextLimit {
    /// A byte of topic, filter or payload that is not 1 to 126.
    Bytes,
    /// Quality of service 2.
    ExactlyOnce,
    /// MQTT 5.0 properties.
    Properties,
    /// To end a subscription.
    Unsubscribe,
}

impl TextLimit {
    /// What to do about it; at most as long as a log line.
    pub(crate) const fn advice(self) -> &'static str {
        match self {
            Self::Bytes => {
                "a MicroPython bridge carries bytes 1 to 126 alone: write the payload as text, in base64 say"
            }
            Self::ExactlyOnce => "a MicroPython bridge knows no QoS 2: publish with QoS 1",
            Self::Properties => "a MicroPython bridge knows no MQTT 5.0 properties: leave them out",
            Self::Unsubscribe => {
                "a MicroPython bridge cannot unsubscribe: drop the subscription, and reset the bridge if need be"
            }
        }
    }

    /// Why this cannot be published, if it cannot.
    pub(crate) fn of(topic: &str, payload: &[u8], properties: &[u8], qos: QoS) -> Option<Self> {
        if qos == QoS::ExactlyOnce {
            Some(Self::ExactlyOnce)
        } else if !properties.is_empty() {
            Some(Self::Properties)
        } else {
            Self::of_bytes(topic.as_bytes()).or(Self::of_bytes(payload))
        }
    }

    pub(crate) fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let is_text = bytes.iter().copied().all(is_text_symbol);
        (!is_text).then_some(Self::Bytes)
    }
}

impl fmt::Display for TextLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.advice())
    }
}
