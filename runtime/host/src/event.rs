//! What the host tells the application without being asked, and the ring it waits in. Messages and receipts are not
//! here: they are never dropped. Log lines, which are long and rare, lie in a buffer of their own.

use fivewire_wire::{LogLevel, QoS, Reason, Status};
use heapless::{Deque, String};

use crate::bytes::{Bytes, text};
use crate::state::{Crash, Transition};
use crate::subscriptions::SubscriptionId;

/// Longest log line of the bridge, in bytes (`max_len` of `log.line` in the spec).
pub use fivewire_wire::MAX_LINE;

/// Something happened. The MicroPython system's hooks are the first four.
///
/// `Line` is the text of a log line, `Local` the local time; inside of the host, where that text lies, and the difference in
/// minutes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Event<Line = String<MAX_LINE>, Local = i64> {
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
        line: Line,
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
        local_time: Local,
    },
}

/// The bound of [`Events`].
const EVENTS: usize = 16;

/// Most bytes of the log lines among them.
const LINES: usize = 256;

/// An event as the ring keeps it.
pub(crate) type Kept = Event<Line, i16>;

/// The place of a log line's text, behind the lines before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// As many bytes.
    Kept(u8),
    /// Later lines took its place: its event counts as missed.
    Dropped,
}

/// The latest events. Each reader has a cursor of its own; one that is slow misses the oldest and is told how many.
#[derive(Debug)]
pub(crate) struct Events {
    ring: Deque<Kept, EVENTS>,
    lines: Bytes<LINES>,
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
            lines: Bytes::new(),
            count: 0,
        }
    }

    pub(crate) fn push(&mut self, event: Kept) {
        if self.ring.is_full()
            && let Some(oldest) = self.ring.pop_front()
        {
            self.lines.remove(0, oldest.line_len());
        }
        // There is room now.
        if self.ring.push_back(event).is_ok() {
            self.count = self.count.wrapping_add(1);
        }
    }

    /// Keeps a log line of at most [`MAX_LINE`] bytes, in the place of the oldest lines if need be.
    pub(crate) fn push_log(&mut self, level: LogLevel, line: &str) {
        while self.lines.free() < line.len() && self.drop_line() {}
        self.push(Event::Log {
            level,
            line: Line::Kept(line.len() as u8), // at most MAX_LINE, as the spec bounds it
        });
        self.lines.push([line.as_bytes(), &[], &[]]);
    }

    /// Drops the oldest text. False when there is none.
    fn drop_line(&mut self) -> bool {
        let oldest = self.ring.iter_mut().find(|event| event.line_len() > 0);
        let Some(Event::Log { line, .. }) = oldest else {
            return false;
        };
        if let Line::Kept(len) = core::mem::replace(line, Line::Dropped) {
            self.lines.remove(0, len.into());
        }
        true
    }

    /// A reader that sees what is in the ring and what comes.
    pub(crate) fn cursor(&self) -> Cursor {
        Cursor(self.count.wrapping_sub(self.ring.len() as u32))
    }

    /// The event at the cursor, which moves on; and how many were missed before it.
    pub(crate) fn next(&self, cursor: &mut Cursor) -> Option<(Event, u32)> {
        let behind = self.count.wrapping_sub(cursor.0);
        let kept = self.ring.len() as u32;
        let mut missed = behind.saturating_sub(kept);
        let mut start = 0;
        for (event, age) in self.ring.iter().zip((1..=kept).rev()) {
            let len = event.line_len();
            if age <= behind {
                if let Some(event) = event.with_line(|| text(self.lines.get(start, len))) {
                    cursor.0 = cursor.0.wrapping_add(missed).wrapping_add(1);
                    return Some((event, missed));
                }
                missed += 1;
            }
            start += len;
        }
        None
    }
}

impl Kept {
    fn line_len(&self) -> usize {
        match self {
            Self::Log {
                line: Line::Kept(len),
                ..
            } => (*len).into(),
            _ => 0,
        }
    }

    /// The event for the application; none when its text was dropped.
    fn with_line<'a>(&self, line: impl FnOnce() -> &'a str) -> Option<Event> {
        Some(match *self {
            Event::Started { count } => Event::Started { count },
            Event::Wifi(up) => Event::Wifi(up),
            Event::Crashed(crash) => Event::Crashed(crash),
            Event::Status { status, detail } => Event::Status { status, detail },
            Event::State(transition) => Event::State(transition),
            Event::Log {
                line: Line::Dropped, ..
            } => return None,
            Event::Log {
                level,
                line: Line::Kept(_),
            } => Event::Log {
                level,
                line: String::try_from(line()).unwrap_or_default(),
            },
            Event::Subscribed { id, granted } => Event::Subscribed { id, granted },
            Event::SubscribeRefused { id, reason } => Event::SubscribeRefused { id, reason },
            Event::Time {
                unix_time,
                local_time,
            } => Event::Time {
                unix_time,
                local_time: i64::from(unix_time) + i64::from(i32::from(local_time) * 60),
            },
        })
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
            count: u32::MAX - 3,
            ..Events::new()
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

    /// Every event of a line, by its first byte and with how many were missed before it; 0 for another event.
    fn read_lines(events: &Events, cursor: &mut Cursor) -> Vec<(u8, u32)> {
        let mut all = Vec::new();
        while let Some((event, missed)) = events.next(cursor) {
            let Event::Log { line, .. } = event else {
                all.push((0, missed));
                continue;
            };
            let first = line.bytes().next().unwrap_or_default();
            assert!(line.bytes().all(|byte| byte == first), "{line}");
            all.push((first, missed));
        }
        all
    }

    #[test]
    fn log_lines_make_room_for_later_ones_alone() {
        let mut events = Events::new();
        let mut early = events.cursor();
        events.push(Event::Wifi(true));
        for text in ["a", "b", "c", "d"] {
            events.push_log(LogLevel::Info, &text.repeat(100));
            events.push(Event::Wifi(false));
        }
        let mut late = events.cursor();
        let kept = [(0, 0), (0, 1), (0, 1), (b'c', 0), (0, 0), (b'd', 0), (0, 0)];
        assert_eq!(read_lines(&events, &mut early), kept);
        assert_eq!(read_lines(&events, &mut late), kept);
    }

    #[test]
    fn a_line_leaves_with_its_event() {
        let mut events = Events::new();
        for text in ["a", "b"] {
            events.push_log(LogLevel::Info, &text.repeat(MAX_LINE));
        }
        for _ in 0..EVENTS - 1 {
            events.push(Event::Wifi(true));
        }
        assert_eq!(events.lines.free(), LINES - MAX_LINE);
        let mut cursor = events.cursor();
        assert_eq!(read_lines(&events, &mut cursor).first(), Some(&(b'b', 0)));
    }

    #[test]
    fn an_event_takes_little_room() {
        assert!(size_of::<Kept>() <= 12, "{}", size_of::<Kept>());
    }
}
