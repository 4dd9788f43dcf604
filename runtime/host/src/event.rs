//! What the host tells the application without being asked, and the ring it waits in. Messages and receipts are not
//! here: they are never dropped.

use fivewire_wire::{LogLevel, QoS, Reason, Status};
use heapless::{Deque, String};

use crate::state::{Crash, Transition};
use crate::subscriptions::SubscriptionId;

/// Longest log line of the bridge, in bytes (`max_len` of `log.line` in the spec).
pub const MAX_LINE: usize = 120;

/// Something happened. The MicroPython system's hooks are the first four.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Event {
    /// The bridge is up and connected to the broker: the application may start. Again after each recovery, with the
    /// number of starts so far.
    Started {
        /// Starts so far, this one included.
        count: u32,
    },
    /// The bridge's Wi-Fi came up or went down; also down when the bridge is lost.
    Wifi(bool),
    /// The bridge was lost, is lost to all purposes, or had to be reset; the host mends it by itself.
    Crashed(Crash),
    /// A status of the bridge, or one that arose in the host.
    Status {
        /// What.
        status: Status,
        /// A number that goes with it; the status says which.
        detail: u8,
    },
    /// The host's state changed.
    State(Transition),
    /// A line of the bridge's log.
    Log {
        /// How much it matters.
        level: LogLevel,
        /// The text.
        line: String<MAX_LINE>,
    },
    /// A subscription is in force, for the first time or again.
    Subscribed {
        /// Which.
        id: SubscriptionId,
        /// What the broker granted.
        granted: QoS,
    },
    /// A subscription was refused.
    SubscribeRefused {
        /// Which.
        id: SubscriptionId,
        /// Why.
        reason: Reason,
    },
    /// The time of day was learned: a board sets its clock now.
    Time {
        /// Seconds since 1970-01-01 UTC.
        unix_time: u32,
        /// The same plus the config key `local_time_offset`.
        local_time: i64,
    },
}

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
    pub(crate) const fn new() -> Self {
        Self {
            ring: Deque::new(),
            count: 0,
        }
    }

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
        let event = self
            .ring
            .iter()
            .nth(kept.saturating_sub(behind) as usize)
            .filter(|_| behind > 0)?;
        cursor.0 = cursor.0.wrapping_add(missed).wrapping_add(1);
        Some((event.clone(), missed))
    }
}

impl Cursor {
    pub(crate) const fn new() -> Self {
        Self(0)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::vec::Vec;

    fn read(events: &Events, cursor: &mut Cursor) -> Vec<(u32, u32)> {
        let mut all = Vec::new();
        while let Some((Event::Started { count }, missed)) = events.next(cursor) {
            all.push((count, missed));
        }
        all
    }

    #[test]
    fn each_reader_sees_every_event_once() {
        let mut events = Events::new();
        let (mut a, mut b) = (events.cursor(), events.cursor());
        events.push(Event::Started { count: 1 });
        assert_eq!(read(&events, &mut a), [(1, 0)]);
        events.push(Event::Started { count: 2 });
        assert_eq!(read(&events, &mut a), [(2, 0)]);
        assert_eq!(read(&events, &mut b), [(1, 0), (2, 0)]);
        assert_eq!(read(&events, &mut b), []);
    }

    #[test]
    fn a_slow_reader_is_told_what_it_missed() {
        let mut events = Events {
            ring: Deque::new(),
            count: u32::MAX - 3,
        };
        let mut slow = events.cursor();
        for count in 0..20 {
            events.push(Event::Started { count });
        }
        let read = read(&events, &mut slow);
        assert_eq!(read.first(), Some(&(4, 4)));
        assert_eq!(read.len(), EVENTS);
        assert!(read.iter().skip(1).all(|&(_, missed)| missed == 0));
    }
}
