//! What waits for the link: small bodies in order, and log lines that give way to everything else. Incoming
//! messages are not here; they stay in the MQTT client until the link has room for them.

use core::fmt::{self, Write as _};

use fivewire_wire::{EncodeError, LogLevel, MAX_LINE, Writer, event};
use heapless::{Deque, String, Vec};

/// Longest body that waits here: any reply and every event but `message` and `log`.
pub(crate) const BODY_BYTES: usize = 16;
/// Most bodies that wait. The publish window (32) is the largest part of it.
const BODIES: usize = 56;
/// Most log lines that wait; more are dropped, for they must not hold anything up.
const LINES: usize = 6;
/// What one step of the bridge may produce; nothing is begun with less room.
pub(crate) const STEP: usize = 8;

/// One encoded body.
pub(crate) type Body = Vec<u8, BODY_BYTES>;

/// Bodies and lines on their way to the link.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    bodies: Deque<Body, BODIES>,
    lines: Deque<(LogLevel, String<MAX_LINE>), LINES>,
}

impl Outbox {
    pub(crate) const fn new() -> Self {
        Self {
            bodies: Deque::new(),
            lines: Deque::new(),
        }
    }

    /// Forgets everything: the host it was for is gone.
    pub(crate) fn clear(&mut self) {
        self.bodies.clear();
        self.lines.clear();
    }

    /// True when a step of the bridge cannot overflow it.
    pub(crate) fn has_room(&self) -> bool {
        self.bodies.len() + STEP <= BODIES
    }

    /// Puts one body at the end. A body that does not fit is a fault of this crate's bounds: it is dropped, and the
    /// tests hold every reply and event against [`BODY_BYTES`].
    pub(crate) fn push(&mut self, encode: impl FnOnce(&mut Writer<'_>) -> Result<(), EncodeError>) {
        let mut bytes = [0; BODY_BYTES];
        let mut writer = Writer::new(&mut bytes);
        let encoded = encode(&mut writer).is_ok();
        let length = writer.len();
        let body = bytes.get(..length).and_then(|body| Body::from_slice(body).ok());
        let stored = encoded && body.is_some_and(|body| self.bodies.push_back(body).is_ok());
        debug_assert!(stored, "outbox overflow: raise its bounds");
    }

    /// Puts an encoded body at the end; see [`push`](Self::push).
    pub(crate) fn push_body(&mut self, bytes: &[u8]) {
        self.push(|writer| writer.encoded(bytes));
    }

    /// True when no body waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.bodies.is_empty()
    }

    /// The body that goes next.
    pub(crate) fn front(&self) -> Option<&Body> {
        self.bodies.front()
    }

    /// Takes the body away that [`front`](Self::front) showed.
    pub(crate) fn pop(&mut self) {
        self.bodies.pop_front();
    }

    /// Puts a log line at the end, cut to what the spec allows; drops it when too many wait.
    pub(crate) fn push_line(&mut self, level: LogLevel, line: fmt::Arguments<'_>) {
        let mut text = Cut(String::new());
        // The writer below cuts and never fails; a Display that fails loses only its own line.
        if text.write_fmt(line).is_ok() {
            let _ = self.lines.push_back((level, text.0));
        }
    }

    /// The line that goes when no body waits.
    pub(crate) fn front_line(&self) -> Option<event::Log<'_>> {
        let (level, line) = self.lines.front()?;
        Some(event::Log {
            level: *level,
            line: line.as_str(),
        })
    }

    /// Takes the line away that [`front_line`](Self::front_line) showed.
    pub(crate) fn pop_line(&mut self) {
        self.lines.pop_front();
    }
}

/// Text that is cut at its bound, at a character's edge.
struct Cut(String<MAX_LINE>);

impl fmt::Write for Cut {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            if self.0.push(character).is_err() {
                break;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use fivewire_wire::Status;

    #[test]
    fn a_long_line_is_cut_at_a_character() {
        let mut outbox = Outbox::new();
        outbox.push_line(LogLevel::Info, format_args!("{:é>200}", ""));
        let line = outbox.front_line().map(|log| log.line.len());
        assert_eq!(line, Some(MAX_LINE));
    }

    #[test]
    fn lines_beyond_the_bound_are_dropped_and_bodies_keep_their_order() {
        let mut outbox = Outbox::new();
        for n in 0..20 {
            outbox.push_line(LogLevel::Debug, format_args!("{n}"));
        }
        for detail in 0..3 {
            outbox.push(|w| {
                event::Status {
                    status: Status::BrokerRefused,
                    detail,
                }
                .encode(w)
            });
        }
        let mut lines = 0;
        while outbox.front_line().is_some() {
            outbox.pop_line();
            lines += 1;
        }
        assert_eq!(lines, LINES);
        let mut details = std::vec::Vec::new();
        while let Some(body) = outbox.front() {
            match event::Event::decode(body) {
                Ok(event::Event::Status(status)) => details.push(status.detail),
                other => panic!("{other:?}"),
            }
            outbox.pop();
        }
        assert_eq!(details, [0, 1, 2]);
    }
}
