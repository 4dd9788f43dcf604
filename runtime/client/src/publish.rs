//! The words of publishing: options, receipts, and why a publish is refused.
//!
//! Not here: the table of publishes under way (see `publishes`).

use core::fmt;
use core::marker::PhantomData;
use core::time::Duration;

use fivewire_mqtt::v5::{Property, ReasonCode, V5};
use fivewire_mqtt::{Error, QoS, V311};

/// How to publish. The version of MQTT is that of the client; properties are 5.0's.
///
/// ```
/// use core::time::Duration;
/// use fivewire_client::{Publish, Property, V5};
/// let options: Publish<'_, V5> = Publish::qos1()
///     .retain()
///     .deadline(Duration::from_secs(30))
///     .properties(&[Property::MessageExpiryInterval(60)]);
/// ```
#[must_use]
pub struct Publish<'p, V = V311> {
    pub(crate) qos: QoS,
    pub(crate) retain: bool,
    pub(crate) deadline_ms: Option<u32>,
    pub(crate) properties: &'p [Property<'p>],
    version: PhantomData<fn() -> V>,
}

impl<V> Publish<'_, V> {
    /// Longest deadline, in milliseconds: half the range of the wrapping clock, about 24.8 days.
    pub const MAX_DEADLINE_MS: u32 = (1 << 31) - 1;

    /// Sent once.
    pub const fn qos0() -> Self {
        Self::with_qos(QoS::AtMostOnce)
    }

    /// Sent until the broker says that it has it.
    pub const fn qos1() -> Self {
        Self::with_qos(QoS::AtLeastOnce)
    }

    /// The same, and it arrives once.
    pub const fn qos2() -> Self {
        Self::with_qos(QoS::ExactlyOnce)
    }

    /// Any quality of service; not retained, no deadline.
    pub const fn with_qos(qos: QoS) -> Self {
        Self {
            qos,
            retain: false,
            deadline_ms: None,
            properties: &[],
            version: PhantomData,
        }
    }

    /// The broker keeps it as the topic's retained message.
    pub const fn retain(mut self) -> Self {
        self.retain = true;
        self
    }

    /// How long to wait for the end of it, from now; see [`Receipt::Expired`] and [`Receipt::Unconfirmed`]. Without one
    /// it is waited for as long as an outage lasts. Cut at [`MAX_DEADLINE_MS`](Self::MAX_DEADLINE_MS).
    pub const fn deadline(mut self, limit: Duration) -> Self {
        let ms = limit.as_millis();
        self.deadline_ms = Some(if ms > Self::MAX_DEADLINE_MS as u128 {
            Self::MAX_DEADLINE_MS
        } else {
            ms as u32
        });
        self
    }
}

impl<'p, const ALIASES: usize, const TOPIC: usize> Publish<'p, V5<ALIASES, TOPIC>> {
    /// What describes the message. No topic alias: those come and go by themselves.
    pub const fn properties(mut self, properties: &'p [Property<'p>]) -> Self {
        self.properties = properties;
        self
    }
}

impl<V> Clone for Publish<'_, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<V> Copy for Publish<'_, V> {}

impl<V> fmt::Debug for Publish<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Publish")
            .field("qos", &self.qos)
            .field("retain", &self.retain)
            .field("deadline_ms", &self.deadline_ms)
            .field("properties", &self.properties)
            .finish()
    }
}

/// How a publish ended. Each one that was not refused ends in exactly one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// QoS 1 and 2: the broker has it. QoS 0: it is on its way, once.
    Delivered,
    /// Its deadline passed while not a byte of it had left, and none will.
    Expired,
    /// Its deadline passed when the broker may have seen some of it: it cannot be taken back then without breaking the
    /// promise of its QoS. Or the client was closed. Either way the session keeps it, and completes it on this
    /// connection or a later one, unless another session is [restored](crate::Shared::restore) in its place.
    Unconfirmed,
    /// The broker does not take it, and why (5.0).
    Rejected(ReasonCode),
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Delivered => f.write_str("delivered"),
            Self::Expired => f.write_str("expired"),
            Self::Unconfirmed => f.write_str("under way, not confirmed in time"),
            Self::Rejected(reason) => write!(f, "rejected: {reason}"),
        }
    }
}

/// Why a publish was not taken. Nothing of it was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublishError {
    /// It can never be published: not a topic name, larger than the transmit buffer, a property out of place.
    Invalid(Error),
    /// The client was closed.
    Closed,
}

impl fmt::Display for PublishError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(error) => error.fmt(f),
            Self::Closed => f.write_str("the client is closed"),
        }
    }
}

impl core::error::Error for PublishError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_cut_at_what_the_clock_can_compare() {
        let long = Publish::<V311>::qos1().deadline(Duration::from_secs(u64::MAX));
        assert_eq!(long.deadline_ms, Some(Publish::<V311>::MAX_DEADLINE_MS));
        let short = Publish::<V311>::qos0().deadline(Duration::from_micros(1_999));
        assert_eq!(short.deadline_ms, Some(1));
    }
}
