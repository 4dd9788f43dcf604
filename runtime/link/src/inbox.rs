//! The receiving side: symbols into frames, and reliable frames in order until the application has released them.
//! Deliberately without a view on what a bad frame means; it only says that it is one.
//!
//! The peer keeps what it has under way within the window that was announced to it, so there is always room for
//! the frames it may send; what comes beyond is dropped as damaged.

use fivewire_frame::{Header, decode_in_place};

use crate::window::{FRAME_COST, MAX_FRAMES};

/// Bytes of the buffer beside the window: the stuffing and CRC of the frame that is coming in, or a hello.
const RESERVE: usize = 64;

/// An undamaged frame that lies behind the held ones until the next symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Arrived {
    pub(crate) header: Header,
    /// Where its body is, counted from the frame's first byte.
    at: usize,
    len: usize,
}

/// A reliable frame that the application has not released.
#[derive(Clone, Copy)]
struct Held {
    at: u8,
    len: u16,
}

/// What became of a reliable frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Filed {
    /// It was the one expected.
    Kept,
    /// It was not: a duplicate, or one before it is missing. It is so many numbers ahead, modulo 8.
    NotExpected(u8),
}

/// Frames received. The buffer lies last, as in [`Link`](crate::Link).
#[repr(C)]
pub(crate) struct Inbox<const N: usize> {
    count: usize,
    /// Held frames lie in `buffer[start..end]`; the frame that is coming in follows.
    start: usize,
    end: usize,
    /// Symbols of the frame that is coming in.
    fill: usize,
    too_long: bool,
    /// Number of the reliable frame to come next.
    expected: u8,
    /// The application has seen the oldest held frame.
    shown: bool,
    held: [Held; MAX_FRAMES],
    buffer: [u8; N],
}

impl<const N: usize> Inbox<N> {
    /// What the peer may have under way, in bytes of bodies and [`FRAME_COST`].
    pub(crate) const WINDOW: usize = {
        assert!(N > RESERVE + FRAME_COST, "the receive buffer holds no frame");
        assert!(
            N <= 0x2000,
            "the receive buffer is larger than the stuffing reserve allows for"
        );
        N - RESERVE
    };

    pub(crate) const fn new() -> Self {
        Inbox {
            buffer: [0; N],
            held: [Held { at: 0, len: 0 }; MAX_FRAMES],
            count: 0,
            start: 0,
            end: 0,
            fill: 0,
            too_long: false,
            expected: 0,
            shown: false,
        }
    }

    /// Forgets everything but the frame that is coming in; the next reliable frame is number 0.
    pub(crate) fn open(&mut self) {
        self.start = self.end;
        (self.count, self.expected, self.shown) = (0, 0, false);
        self.reclaim();
    }

    /// Takes a symbol of a frame.
    #[inline(always)]
    pub(crate) fn push(&mut self, symbol: u8) {
        match self.buffer.get_mut(self.end + self.fill) {
            Some(slot) => {
                *slot = symbol;
                self.fill += 1;
            }
            None => self.push_compacted(symbol),
        }
    }

    /// As [`Inbox::push`], with all the free bytes in one piece.
    #[inline(never)]
    fn push_compacted(&mut self, symbol: u8) {
        self.compact();
        match self.buffer.get_mut(self.end + self.fill) {
            Some(slot) => {
                *slot = symbol;
                self.fill += 1;
            }
            None => self.too_long = true,
        }
    }

    fn compact(&mut self) {
        let used = self.start.min(N)..(self.end + self.fill).min(N);
        self.buffer.copy_within(used, 0);
        self.end -= core::mem::take(&mut self.start);
    }

    /// The frame that was coming in has ended. `None` when it is damaged, cut or too long.
    pub(crate) fn finish(&mut self) -> Option<Arrived> {
        let fill = core::mem::take(&mut self.fill);
        if core::mem::take(&mut self.too_long) {
            return None;
        }
        let frame = self.buffer.get_mut(self.end..self.end + fill)?;
        let (header, body) = decode_in_place(frame).ok()?;
        Some(Arrived {
            header,
            at: body.start,
            len: body.len(),
        })
    }

    /// Whether a frame is coming in that may yet be one.
    pub(crate) fn is_filling(&self) -> bool {
        self.fill > 0 && !self.too_long
    }

    /// Drops what has come in of a frame.
    pub(crate) fn cut(&mut self) {
        self.fill = 0;
        self.too_long = false;
    }

    /// The body of a frame that has just arrived.
    pub(crate) fn body(&self, frame: Arrived) -> &[u8] {
        let at = self.end + frame.at;
        self.buffer.get(at..at + frame.len).unwrap_or(&[])
    }

    /// Keeps a reliable frame that has just arrived, if it is the one expected.
    pub(crate) fn file(&mut self, frame: Arrived) -> Filed {
        let ahead = frame.header.seq().wrapping_sub(self.expected) & 7;
        match self.held.get_mut(self.count) {
            Some(slot) if ahead == 0 => {
                *slot = Held {
                    at: frame.at as u8,
                    len: frame.len as u16,
                };
                self.count += 1;
                self.end += frame.at + frame.len;
                self.expected = self.expected.wrapping_add(1);
                Filed::Kept
            }
            _ => Filed::NotExpected(ahead),
        }
    }

    /// Number of the reliable frame expected next.
    pub(crate) fn expected(&self) -> u8 {
        self.expected
    }

    /// Number of the oldest frame that is not released.
    pub(crate) fn released(&self) -> u8 {
        self.expected.wrapping_sub(self.count as u8)
    }

    /// The oldest held frame: its number and body.
    pub(crate) fn oldest(&mut self) -> Option<(u8, &[u8])> {
        let number = self.released();
        let held = self.held.get(..self.count)?.first()?;
        let at = self.start + usize::from(held.at);
        let body = self.buffer.get(at..at + usize::from(held.len))?;
        self.shown = true;
        Some((number, body))
    }

    pub(crate) fn has_frame(&self) -> bool {
        self.count > 0
    }

    /// The application is done with the frame it was shown. Returns whether there was one.
    pub(crate) fn release(&mut self) -> bool {
        let shown = core::mem::take(&mut self.shown) && self.count > 0;
        if shown {
            self.start += usize::from(self.held[0].at) + usize::from(self.held[0].len);
            self.held.copy_within(1.., 0);
            self.count -= 1;
        }
        self.reclaim();
        shown
    }

    /// An empty inbox starts at the front again, which saves moving bytes later.
    fn reclaim(&mut self) {
        if self.start == self.end && self.fill == 0 {
            (self.start, self.end) = (0, 0);
        }
    }
}
