//! A ring of bytes that takes whole records or nothing. Deliberately without a view on what a record is.

/// `N` bytes, of which one stays free.
#[derive(Debug)]
pub(crate) struct Ring<const N: usize> {
    bytes: [u8; N],
    /// Where the next byte is read, where the last whole record ends, and where the record being written ends.
    read: usize,
    whole: usize,
    write: usize,
    /// The record being written did not fit.
    overrun: bool,
}

impl<const N: usize> Ring<N> {
    pub(crate) const fn new() -> Self {
        Self {
            bytes: [0; N],
            read: 0,
            whole: 0,
            write: 0,
            overrun: false,
        }
    }

    /// Appends to the record being written.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        for byte in bytes {
            let next = Self::after(self.write);
            match self.bytes.get_mut(self.write) {
                Some(place) if next != self.read => *place = *byte,
                Some(_) | None => {
                    self.overrun = true;
                    return;
                }
            }
            self.write = next;
        }
    }

    /// Ends the record being written; false when it did not fit and is forgotten.
    pub(crate) fn end(&mut self) -> bool {
        if self.overrun {
            self.write = self.whole;
        } else {
            self.whole = self.write;
        }
        !core::mem::replace(&mut self.overrun, false)
    }

    /// The oldest bytes of whole records, as far as they lie in one piece; empty when there are none.
    pub(crate) fn oldest(&self) -> &[u8] {
        let end = if self.read <= self.whole { self.whole } else { N };
        self.bytes.get(self.read..end).unwrap_or_default()
    }

    /// Forgets so many of the [`oldest`](Self::oldest) bytes.
    pub(crate) fn consume(&mut self, count: usize) {
        let count = count.min(self.oldest().len());
        self.read += count;
        if self.read == N {
            self.read = 0;
        }
    }

    const fn after(at: usize) -> usize {
        if at + 1 < N { at + 1 } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::vec::Vec;

    fn drain<const N: usize>(ring: &mut Ring<N>) -> Vec<u8> {
        let mut all = Vec::new();
        while let [byte, ..] = ring.oldest() {
            all.push(*byte);
            ring.consume(1);
        }
        all
    }

    fn record<const N: usize>(ring: &mut Ring<N>, bytes: &[u8]) -> bool {
        bytes.iter().for_each(|byte| ring.push(&[*byte]));
        ring.end()
    }

    #[test]
    fn records_come_out_as_they_went_in_wherever_the_ring_ends() {
        let mut ring = Ring::<8>::new();
        for first in 0..50 {
            assert!(record(&mut ring, &[first, 1, 2]));
            assert!(record(&mut ring, &[first, 3]));
            assert_eq!(drain(&mut ring), [first, 1, 2, first, 3]);
        }
    }

    #[test]
    fn a_record_that_does_not_fit_leaves_no_trace() {
        let mut ring = Ring::<8>::new();
        assert!(record(&mut ring, &[1, 2, 3, 4]));
        assert!(!record(&mut ring, &[5, 6, 7, 8]));
        assert!(record(&mut ring, &[9, 10, 11]), "seven of eight bytes are used");
        assert_eq!(drain(&mut ring), [1, 2, 3, 4, 9, 10, 11]);
    }

    #[test]
    fn a_record_under_way_is_not_seen() {
        let mut ring = Ring::<8>::new();
        ring.push(&[1, 2]);
        assert_eq!(ring.oldest(), []);
        ring.end();
        assert_eq!(ring.oldest(), [1, 2]);
        ring.consume(99);
        assert_eq!(ring.oldest(), [], "no more is consumed than was there");
    }
}
