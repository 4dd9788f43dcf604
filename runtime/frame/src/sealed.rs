//! A frame symbol by symbol, from the one buffer that holds its body. Deliberately without a borrow: the owner
//! of the buffer lends it for each symbol, so a ring of frames can live beside its cursor.

use crate::codec::MAX_RUN;
use crate::zero::first_zero;
use crate::{DELIMITER, Header, crc};

/// Bytes that [`seal`] wants before the body.
pub const HEADROOM: usize = 1;
/// Bytes that [`seal`] wants behind the body.
pub const TAILROOM: usize = 2;

/// Where the next symbol of a sealed frame comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Next byte of the buffer.
    at: usize,
    /// Bytes to take before `next` is looked at.
    run: usize,
    next: Next,
}

/// What follows a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// The byte at hand is a zero; a code byte stands for it.
    CodeForZero,
    /// A code byte that stands for nothing: the first one, and after the longest run.
    Code,
    Delimiter,
    Nothing,
}

/// Completes the frame in `buf`: [`HEADROOM`] bytes, the body, [`TAILROOM`] bytes, nothing else. Writes header
/// and CRC and leaves the body as it is, so the same buffer can be sealed again with another header.
///
/// `None` when `buf` is shorter than head and tail room.
pub fn seal(buf: &mut [u8], header: Header) -> Option<Sealed> {
    let len = buf.len();
    let (first, rest) = buf.split_first_mut()?;
    let (body, crc) = rest.split_last_chunk_mut::<TAILROOM>()?;
    *crc = crc::of_frame(header, body).to_le_bytes();
    let stuffed = first_zero(rest) < rest.len();
    *first = if stuffed {
        header.stuffed().byte()
    } else {
        header.plain().byte()
    };
    let (run, next) = if stuffed {
        (HEADROOM, Next::Code)
    } else {
        (len, Next::Delimiter)
    };
    Some(Sealed { at: 0, run, next })
}

impl Sealed {
    /// The next symbol of the frame in `buf` (the slice that was sealed), the delimiter last; then `None`.
    #[inline(always)]
    pub fn next_symbol(&mut self, buf: &[u8]) -> Option<u8> {
        if self.run == 0 {
            return self.turn(buf);
        }
        self.run -= 1;
        let symbol = *buf.get(self.at)?;
        self.at += 1;
        Some(symbol)
    }

    #[inline(never)]
    fn turn(&mut self, buf: &[u8]) -> Option<u8> {
        match self.next {
            Next::CodeForZero => {
                self.at += 1;
                self.code(buf)
            }
            Next::Code => self.code(buf),
            Next::Delimiter => {
                self.next = Next::Nothing;
                Some(DELIMITER)
            }
            Next::Nothing => None,
        }
    }

    fn code(&mut self, buf: &[u8]) -> Option<u8> {
        let end = buf.len().min(self.at + MAX_RUN);
        self.run = first_zero(buf.get(self.at..end)?);
        self.next = match self.run {
            run if self.at + run == buf.len() => Next::Delimiter,
            MAX_RUN => Next::Code,
            _ => Next::CodeForZero,
        };
        Some(self.run as u8 + 1)
    }
}
