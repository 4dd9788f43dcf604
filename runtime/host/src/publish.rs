//! The words of publishing: options, receipts, why a publication is refused, and the last will. The queue itself
//! is in `queue`.

use core::fmt;
use core::time::Duration;

use fivewire_wire::{QoS, Reason};

use crate::text::TextLimit;
use crate::topic::{MAX_TOPIC, is_valid_name};

/// Longest payload of a will, in bytes (`max_len` of `will.payload` in the spec).
const MAX_WILL: usize = 256;

/// How to publish: quality of service, retain, time to live, and whether only the latest counts.
///
/// ```
/// use core::time::Duration;
/// use fivewire_host::Publish;
/// let options = Publish::qos1().retain().ttl(Duration::from_secs(30));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Publish {
    pub(crate) qos: QoS,
    pub(crate) retain: bool,
    pub(crate) ttl_ms: Option<u32>,
    pub(crate) latest_only: bool,
}

impl Publish {
    /// Longest time to live, in milliseconds: half the range of the wrapping clock, about 24.8 days.
    pub const MAX_TTL_MS: u32 = (1 << 31) - 1;

    /// Quality of service 0: sent once; its receipt says that the bridge handed it to the network.
    pub const fn qos0() -> Self {
        Self::with_qos(QoS::AtMostOnce)
    }

    /// Quality of service 1: its receipt says that the broker acknowledged it.
    pub const fn qos1() -> Self {
        Self::with_qos(QoS::AtLeastOnce)
    }

    /// Quality of service 2: its receipt says that the broker has it, once. A bridge of revision 1 of the protocol cannot
    /// do it: [`Reason::Unsupported`].
    ///
    /// A host that starts anew knows nothing of what the one before it had under way, so it should begin a new session
    /// at the broker: the config key `clean_init`, true by default, does.
    pub const fn qos2() -> Self {
        Self::with_qos(QoS::ExactlyOnce)
    }

    /// Any quality of service.
    pub const fn with_qos(qos: QoS) -> Self {
        Self {
            qos,
            retain: false,
            ttl_ms: None,
            latest_only: false,
        }
    }

    /// The broker keeps it as the topic's retained message.
    pub const fn retain(mut self) -> Self {
        self.retain = true;
        self
    }

    /// If it is not confirmed within `ttl` from now it is given up and its receipt is [`Receipt::Expired`]. Without a
    /// time to live it waits as long as an outage lasts. Cut at [`MAX_TTL_MS`](Self::MAX_TTL_MS).
    pub const fn ttl(mut self, ttl: Duration) -> Self {
        let ms = ttl.as_millis();
        self.ttl_ms = Some(if ms > Self::MAX_TTL_MS as u128 {
            Self::MAX_TTL_MS
        } else {
            ms as u32
        });
        self
    }

    /// Only the latest counts: while it still waits in the host's queue, a newer publication to the same topic
    /// takes its place, and its receipt is [`Receipt::Superseded`].
    pub const fn latest_only(mut self) -> Self {
        self.latest_only = true;
        self
    }
}

impl Default for Publish {
    fn default() -> Self {
        Self::qos0()
    }
}

/// How a publication ended. Each accepted one ends in exactly one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Receipt {
    /// QoS 1 and 2: the broker acknowledged it, QoS 2 to the end. QoS 0: the bridge handed it to the network.
    Delivered,
    /// Its time to live ended before it was confirmed; the host will not send it (again). When the bridge had it
    /// already, the broker may still get it.
    Expired,
    /// A newer publication to the same topic took its place before it was sent.
    Superseded,
    /// It will not be delivered, and why.
    Rejected(Reason),
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Delivered => f.write_str("delivered"),
            Self::Expired => f.write_str("expired"),
            Self::Superseded => f.write_str("superseded"),
            Self::Rejected(reason) => write!(f, "rejected: {}", reason.name()),
        }
    }
}

/// Names an accepted publication until its receipt was taken. Counts up and wraps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PublishId(pub(crate) u32);

impl PublishId {
    /// The number, for a log.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// Why a publication was not accepted. Nothing of it was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum PublishError {
    /// The queue has no room now; receipts to come make some.
    Full,
    /// The topic is empty or holds a wildcard or U+0000.
    TopicInvalid,
    /// Topic, payload or properties are longer than the spec or the queue allows.
    TooLong {
        /// Most bytes.
        max: usize,
    },
    /// The bridge is one of the MicroPython system, and cannot be told this.
    NotInText(TextLimit),
    /// The host was closed.
    Closed,
}

impl fmt::Display for PublishError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => f.write_str("the publish queue is full"),
            Self::TopicInvalid => f.write_str("not a topic name: it is empty or holds +, # or U+0000"),
            Self::TooLong { max } => write!(f, "topic, payload or properties are longer than {max} bytes"),
            Self::NotInText(limit) => limit.fmt(f),
            Self::Closed => f.write_str("the host is closed"),
        }
    }
}

impl core::error::Error for PublishError {}

/// The last will: what the broker publishes when the bridge vanishes from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Will<'a> {
    /// MQTT topic name, up to 128 bytes.
    pub topic: &'a str,
    /// Application message, up to 256 bytes.
    pub payload: &'a [u8],
    /// Keep as the topic's retained message.
    pub retain: bool,
    /// Quality of service.
    pub qos: QoS,
}

impl<'a> Will<'a> {
    /// A will with QoS 0 that is not retained; set the other fields as needed.
    #[must_use]
    pub const fn new(topic: &'a str, payload: &'a [u8]) -> Self {
        Self {
            topic,
            payload,
            retain: false,
            qos: QoS::AtMostOnce,
        }
    }

    pub(crate) fn check(&self) -> Result<(), PublishError> {
        if !is_valid_name(self.topic) {
            return Err(PublishError::TopicInvalid);
        }
        if self.topic.len() > MAX_TOPIC {
            return Err(PublishError::TooLong { max: MAX_TOPIC });
        }
        if self.payload.len() > MAX_WILL {
            return Err(PublishError::TooLong { max: MAX_WILL });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_to_live_is_cut_at_what_the_clock_can_compare() {
        let long = Publish::qos1().ttl(Duration::from_secs(u64::MAX));
        assert_eq!(long.ttl_ms, Some(Publish::MAX_TTL_MS));
        assert_eq!(Publish::qos0().ttl(Duration::from_micros(1_999)).ttl_ms, Some(1));
    }
}
