//! What the client tells of itself: [`Event`], and the ring they wait in.
//!
//! Not here: messages (see `inbox`), how publishes end (see `publish`), the readers (see `reader`).

use core::fmt;

use fivewire_mqtt::QoS;
use fivewire_mqtt::v5::ReasonCode;
use heapless::Deque;

/// Something happened to the connection or the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The broker accepted the connection. Subscriptions that it does not have any more are on their way already.
    Up {
        /// The broker kept the session.
        session_present: bool,
    },
    /// The connection ended. The runner makes another one, unless it was asked to stay away.
    Down(Cause),
    /// An attempt to connect failed; the next one follows after a pause.
    Failed(Cause),
    /// The broker refused a subscription anew that it had granted on an earlier connection; it is not asked again. See
    /// [`Client::subscription`](crate::Client::subscription).
    SubscriptionLost(ReasonCode),
    /// A message went by that no buffer holds. With QoS 1 and 2 it is acknowledged: the broker would only send it again.
    Oversize {
        /// Bytes of the packet or, when only the inbox is too small, of topic, properties and payload.
        size: usize,
        /// Quality of service it came with.
        qos: QoS,
    },
}

/// Why a connection ended, or did not come about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The transport could not be opened: no network, no such name, nobody there.
    Unreachable,
    /// Opening the transport took longer than the response time.
    TimedOut,
    /// The broker refused the connection. In 3.1.1 it is the reason code of the same meaning.
    Refused(ReasonCode),
    /// The broker said that it ends the connection (5.0).
    Disconnected(ReasonCode),
    /// The transport ended or failed.
    Ended,
    /// This end gave the connection up.
    Lost(fivewire_mqtt::Cause),
    /// [`disconnect`](crate::Client::disconnect) or [`close`](crate::Client::close) asked for it.
    Asked,
    /// The runner was dropped, or another one took its place.
    NoRunner,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable => f.write_str("broker cannot be reached"),
            Self::TimedOut => f.write_str("broker cannot be reached in time"),
            Self::Refused(reason) => write!(f, "broker refused: {reason}"),
            Self::Disconnected(reason) => write!(f, "broker disconnected: {reason}"),
            Self::Ended => f.write_str("transport ended"),
            Self::Lost(cause) => cause.fmt(f),
            Self::Asked => f.write_str("asked to disconnect"),
            Self::NoRunner => f.write_str("runner is gone"),
        }
    }
}

impl core::error::Error for Cause {}

/// The bound of [`Events`].
const EVENTS: usize = 16;

/// The latest events. Each reader has a cursor of its own; one that is slow misses the oldest and is told how many.
#[derive(Debug)]
pub(crate) struct Events {
    ring: Deque<Event, EVENTS>,
    /// Events ever, modulo 2^32: the position behind the newest.
    count: u32,
}

/// Where a reader of the events is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor(u32);

impl Events {
    pub(crate) const NEW: Self = Self {
        ring: Deque::new(),
        count: 0,
    };

    pub(crate) fn push(&mut self, event: Event) {
        if self.ring.is_full() {
            self.ring.pop_front();
        }
        // There is room now.
        if self.ring.push_back(event).is_ok() {
            self.count = self.count.wrapping_add(1);
        }
    }

    /// A reader that sees what is in the ring and what comes.
    pub(crate) fn cursor(&self) -> Cursor {
        Cursor(self.count.wrapping_sub(self.ring.len() as u32))
    }

    /// The event at the cursor, which moves on; and how many were missed before it.
    pub(crate) fn next(&self, cursor: &mut Cursor) -> Option<(Event, u32)> {
        let behind = self.count.wrapping_sub(cursor.0);
        let kept = self.ring.len() as u32;
        let missed = behind.saturating_sub(kept);
        let position = kept.saturating_sub(behind) as usize;
        let event = self.ring.iter().nth(position).filter(|_| behind > 0)?;
        cursor.0 = cursor.0.wrapping_add(missed).wrapping_add(1);
        Some((*event, missed))
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::{EVENTS, Event, Events};
    use fivewire_mqtt::QoS;
    use heapless::Deque;
    use std::vec::Vec;

    fn numbered(size: usize) -> Event {
        Event::Oversize {
            size,
            qos: QoS::AtMostOnce,
        }
    }

    #[test]
    fn each_reader_sees_every_event_and_a_slow_one_what_it_missed() {
        let mut events = Events {
            ring: Deque::new(),
            count: u32::MAX - 3,
        };
        let (mut quick, mut slow) = (events.cursor(), events.cursor());
        for number in 0..EVENTS + 4 {
            events.push(numbered(number));
            assert_eq!(events.next(&mut quick), Some((numbered(number), 0)));
            assert_eq!(events.next(&mut quick), None);
        }
        let read: Vec<_> = core::iter::from_fn(|| events.next(&mut slow)).collect();
        assert_eq!(read.first(), Some(&(numbered(4), 4)));
        assert_eq!(read.last(), Some(&(numbered(EVENTS + 3), 0)));
        assert_eq!(read.len(), EVENTS);
    }
}
