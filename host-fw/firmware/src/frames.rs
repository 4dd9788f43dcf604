//! Log frames on their way to the log port: each is defmt's, rzCOBS-encoded, between the delimiters of espflash, so that
//! plain text may stand between two of them. What does not fit is dropped, whole, and counted. Deliberately without a
//! port and without defmt's global logger: those are of a board.
//!
//! `0xFF 0x00` frame `0x00`

use core::fmt;

use defmt::Encoder;

use crate::ring::Ring;

/// How a frame begins: no UTF-8 text holds 0xFF.
const BEGIN: [u8; 2] = [0xff, 0x00];

/// Frames that wait, in `N` bytes.
pub struct Frames<const N: usize> {
    ring: Ring<N>,
    encoder: Encoder,
    dropped: u32,
}

impl<const N: usize> Frames<N> {
    /// None.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            ring: Ring::new(),
            encoder: Encoder::new(),
            dropped: 0,
        }
    }

    /// Begins a frame.
    pub fn begin(&mut self) {
        self.ring.push(&BEGIN);
        // The encoder would put a delimiter of its own before the very first frame.
        self.encoder.start_frame(|_| ());
    }

    /// Goes on with it.
    pub fn write(&mut self, bytes: &[u8]) {
        let Self { ring, encoder, .. } = self;
        encoder.write(bytes, |encoded| ring.push(encoded));
    }

    /// Ends it.
    pub fn end(&mut self) {
        let Self { ring, encoder, .. } = self;
        encoder.end_frame(|encoded| ring.push(encoded));
        if !ring.end() {
            self.dropped = self.dropped.saturating_add(1);
        }
    }

    /// Frames dropped since this was last asked.
    pub fn take_dropped(&mut self) -> u32 {
        core::mem::take(&mut self.dropped)
    }

    /// Gives waiting bytes to `port`, which returns how many it took, until it takes no more. True when none is left.
    pub fn drain(&mut self, mut port: impl FnMut(&[u8]) -> usize) -> bool {
        loop {
            let oldest = self.ring.oldest();
            if oldest.is_empty() {
                return true;
            }
            let taken = port(oldest);
            if taken == 0 {
                return false;
            }
            self.ring.consume(taken);
        }
    }
}

impl<const N: usize> Default for Frames<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const N: usize> fmt::Debug for Frames<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let waiting = self.ring.oldest().len();
        write!(f, "Frames({waiting} bytes or more, {} dropped)", self.dropped)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::vec::Vec;

    fn frame<const N: usize>(frames: &mut Frames<N>, bytes: &[u8]) {
        frames.begin();
        frames.write(bytes);
        frames.end();
    }

    fn drained<const N: usize>(frames: &mut Frames<N>) -> Vec<u8> {
        let mut all = Vec::new();
        let take = |bytes: &[u8]| {
            all.extend_from_slice(bytes);
            bytes.len()
        };
        assert!(frames.drain(take));
        all
    }

    #[test]
    fn a_frame_stands_between_its_delimiters_the_first_like_any_other() {
        let mut frames = Frames::<64>::new();
        for _ in 0..3 {
            frame(&mut frames, &[1, 0, 2]);
            assert_eq!(drained(&mut frames), [0xff, 0, 1, 2, 0x7a, 0]);
        }
    }

    #[test]
    fn frames_that_do_not_fit_are_dropped_whole_and_counted() {
        let mut frames = Frames::<16>::new();
        (0..5).for_each(|_| frame(&mut frames, &[1, 0, 2]));
        assert_eq!(drained(&mut frames), [0xff, 0, 1, 2, 0x7a, 0].repeat(2));
        assert_eq!((frames.take_dropped(), frames.take_dropped()), (3, 0));
        frame(&mut frames, &[1, 0, 2]);
        assert_eq!(drained(&mut frames), [0xff, 0, 1, 2, 0x7a, 0]);
    }

    #[test]
    fn a_port_that_takes_little_gets_the_rest_later() {
        let mut frames = Frames::<64>::new();
        frame(&mut frames, &[7; 9]);
        let mut room = 5;
        let mut got = Vec::new();
        let full = frames.drain(|bytes| {
            let taken = bytes.len().min(room);
            room -= taken;
            got.extend_from_slice(&bytes[..taken]);
            taken
        });
        assert!(!full);
        got.extend(drained(&mut frames));
        assert_eq!(got, [0xff, 0, 7, 7, 7, 7, 7, 7, 7, 7, 7, 0x82, 0]);
    }
}
