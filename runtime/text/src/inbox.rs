//! Strings that came in, until the application has released them: one buffer, each string with its 0 behind it and
//! the one that is coming in behind the last. Deliberately all or nothing: a string that does not fit is dropped
//! whole, so none is ever cut, and none merged with the next.

use crate::event::Dropped;

/// What a terminator completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// Nothing: the wire is idle.
    Idle,
    /// A string of so many characters, which [`Inbox::keep`] keeps and [`Inbox::cut`] drops.
    String(usize),
    /// A string that did not fit.
    Dropped(Dropped),
}

/// Strings received.
pub(crate) struct Inbox<const N: usize> {
    buffer: [u8; N],
    /// Held strings and their terminators lie in `buffer[start..end]`; the string that is coming in follows.
    start: usize,
    end: usize,
    /// Characters of the string that is coming in.
    fill: usize,
    dropping: Option<Dropped>,
    /// The application has seen so many characters of the oldest string; 0 = it has not.
    shown: usize,
    /// Strings that were dropped, and bytes of those that came before the first of them and are held.
    drops: u16,
    ahead: usize,
}

impl<const N: usize> Inbox<N> {
    pub(crate) const fn new() -> Self {
        assert!(N > 1, "the receive buffer holds no string");
        Inbox {
            buffer: [0; N],
            start: 0,
            end: 0,
            fill: 0,
            dropping: None,
            shown: 0,
            drops: 0,
            ahead: 0,
        }
    }

    pub(crate) fn clear(&mut self) {
        (self.start, self.end, self.shown, self.drops) = (0, 0, 0, 0);
        self.cut();
    }

    /// Whether a string of `longest` characters has room behind those that are held.
    pub(crate) fn has_room(&self, longest: usize) -> bool {
        N - (self.end - self.start) > longest
    }

    /// Whether a string has begun and not ended.
    pub(crate) fn is_filling(&self) -> bool {
        self.fill > 0 || self.dropping.is_some()
    }

    /// Takes a character of a string that may be `longest` characters long.
    pub(crate) fn push(&mut self, character: u8, longest: usize) {
        if self.dropping.is_some() {
            return;
        }
        if self.fill == longest {
            self.dropping = Some(Dropped::TooLong);
            return;
        }
        if self.end + self.fill + 1 >= N {
            self.compact();
        }
        // One more than the character: room for its terminator.
        if self.end + self.fill + 1 >= N {
            self.dropping = Some(Dropped::NoRoom);
        } else if let Some(slot) = self.buffer.get_mut(self.end + self.fill) {
            *slot = character;
            self.fill += 1;
        }
    }

    fn compact(&mut self) {
        let used = self.start.min(N)..(self.end + self.fill).min(N);
        self.buffer.copy_within(used, 0);
        self.end -= core::mem::take(&mut self.start);
    }

    /// A terminator came.
    pub(crate) fn end(&mut self) -> Ended {
        if let Some(why) = self.dropping {
            self.cut();
            self.note_drop();
            return Ended::Dropped(why);
        }
        match self.fill {
            0 => Ended::Idle,
            len => Ended::String(len),
        }
    }

    fn note_drop(&mut self) {
        if self.drops == 0 {
            self.ahead = self.end - self.start;
        }
        self.drops = self.drops.saturating_add(1);
    }

    /// Whether a string was dropped before the oldest that is held; each is told once. When strings lie between two
    /// drops, both are told before these: sooner, never later.
    pub(crate) fn take_drop(&mut self) -> bool {
        let is_next = self.drops > 0 && self.ahead == 0;
        self.drops -= u16::from(is_next);
        is_next
    }

    /// The string that has just ended.
    pub(crate) fn last(&self) -> &[u8] {
        self.buffer.get(self.end..self.end + self.fill).unwrap_or(&[])
    }

    /// Keeps the string that has just ended.
    pub(crate) fn keep(&mut self) {
        if let Some(slot) = self.buffer.get_mut(self.end + self.fill) {
            *slot = 0;
            self.end += self.fill + 1;
        }
        self.cut();
    }

    /// Drops what has come in of a string.
    pub(crate) fn cut(&mut self) {
        (self.fill, self.dropping) = (0, None);
    }

    pub(crate) fn has_string(&self) -> bool {
        self.end > self.start
    }

    /// The oldest held string.
    pub(crate) fn oldest(&mut self) -> Option<&[u8]> {
        let held = self.buffer.get(self.start..self.end)?;
        let len = held.iter().position(|&character| character == 0)?;
        self.shown = len;
        held.get(..len)
    }

    /// The application is done with the string it was shown.
    pub(crate) fn release(&mut self) {
        let shown = core::mem::take(&mut self.shown);
        if shown > 0 {
            self.start += shown + 1;
            self.ahead = self.ahead.saturating_sub(shown + 1);
        }
        if self.start == self.end && self.fill == 0 {
            (self.start, self.end) = (0, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::vec::Vec;

    use super::*;

    fn push(inbox: &mut Inbox<12>, string: &[u8]) -> Ended {
        string.iter().for_each(|&character| inbox.push(character, 8));
        let ended = inbox.end();
        if let Ended::String(_) = ended {
            inbox.keep();
        }
        ended
    }

    fn take(inbox: &mut Inbox<12>) -> Option<Vec<u8>> {
        let string = inbox.oldest().map(<[u8]>::to_vec);
        inbox.release();
        string
    }

    #[test]
    fn strings_come_out_whole_and_in_order_however_they_lie() {
        let mut inbox = Inbox::new();
        for _ in 0..10 {
            assert_eq!(push(&mut inbox, b"abcd"), Ended::String(4));
            assert_eq!(push(&mut inbox, b"ef"), Ended::String(2));
            assert_eq!(take(&mut inbox).as_deref(), Some(&b"abcd"[..]));
            assert_eq!(push(&mut inbox, b"ghijk"), Ended::String(5));
            assert_eq!(take(&mut inbox).as_deref(), Some(&b"ef"[..]));
            assert_eq!(take(&mut inbox).as_deref(), Some(&b"ghijk"[..]));
            assert_eq!(take(&mut inbox), None);
        }
    }

    #[test]
    fn what_does_not_fit_is_dropped_whole() {
        let mut inbox = Inbox::new();
        assert_eq!(push(&mut inbox, b"123456789"), Ended::Dropped(Dropped::TooLong));
        assert_eq!(push(&mut inbox, b"12345678"), Ended::String(8));
        assert!(!inbox.has_room(8) && inbox.has_room(2));
        assert_eq!(push(&mut inbox, b"abc"), Ended::Dropped(Dropped::NoRoom));
        assert_eq!(push(&mut inbox, b"ab"), Ended::String(2));
        assert_eq!(push(&mut inbox, b""), Ended::Idle);
        assert_eq!(take(&mut inbox).as_deref(), Some(&b"12345678"[..]));
        assert_eq!(take(&mut inbox).as_deref(), Some(&b"ab"[..]));
        assert!(inbox.has_room(8));
    }

    #[test]
    fn drops_are_told_where_they_happened_and_each_by_itself() {
        let mut inbox = Inbox::new();
        push(&mut inbox, b"a");
        push(&mut inbox, b"123456789");
        push(&mut inbox, b"b");
        push(&mut inbox, b"123456789");
        assert!(!inbox.take_drop());
        assert_eq!(take(&mut inbox).as_deref(), Some(&b"a"[..]));
        assert!(inbox.take_drop() && inbox.take_drop() && !inbox.take_drop());
        assert_eq!(take(&mut inbox).as_deref(), Some(&b"b"[..]));
        push(&mut inbox, b"123456789");
        inbox.clear();
        assert!(!inbox.take_drop());
    }

    #[test]
    fn releasing_what_was_not_shown_releases_nothing() {
        let mut inbox = Inbox::new();
        push(&mut inbox, b"a");
        inbox.release();
        assert_eq!(take(&mut inbox).as_deref(), Some(&b"a"[..]));
    }
}
