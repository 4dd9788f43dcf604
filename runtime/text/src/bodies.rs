//! Native bodies that a translator has for the application, until they are released: one buffer, each body with its
//! length before it. Deliberately numbered as a native link numbers them, so that the application sees no difference.

use core::fmt;

use fivewire_link::{FIRST_MESSAGE, SendError};

/// Bytes that a body takes beside itself.
const LENGTH: usize = 2;

/// Bodies for the application. `B` is the buffer: an array where it lives, a slice for who works with it.
pub struct Bodies<B: ?Sized = [u8]> {
    /// The bodies lie in `buffer[start..end]`.
    start: usize,
    end: usize,
    /// Numbers of the oldest body and of the next one.
    oldest: u8,
    next: u8,
    buffer: B,
}

impl<const N: usize> Bodies<[u8; N]> {
    /// None; the first will have number 0.
    #[must_use]
    pub const fn new() -> Self {
        Bodies {
            start: 0,
            end: 0,
            oldest: 0,
            next: 0,
            buffer: [0; N],
        }
    }
}

impl<const N: usize> Default for Bodies<[u8; N]> {
    fn default() -> Self {
        Self::new()
    }
}

/// Without what they say: passwords are among it.
impl<B: ?Sized> fmt::Debug for Bodies<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bodies({} bytes)", self.end - self.start)
    }
}

impl Bodies {
    /// Forgets all of them; the next has number 0.
    pub fn clear(&mut self) {
        (self.start, self.end, self.oldest, self.next) = (0, 0, 0, 0);
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// The longest body that [`Bodies::push`] would take now, in bytes; 0 when none.
    #[must_use]
    pub fn room(&self) -> usize {
        (self.buffer.len() - (self.end - self.start)).saturating_sub(LENGTH)
    }

    /// Has `encode` write a body behind the last; returns its number.
    ///
    /// # Errors
    /// [`SendError`]; nothing was kept and no number used.
    pub fn push<E>(
        &mut self,
        encode: impl FnOnce(&mut [u8]) -> Result<usize, E>,
    ) -> Result<u8, SendError<E>> {
        self.compact();
        let free = self.buffer.get_mut(self.end..).unwrap_or_default();
        let Some((length, body)) = free.split_first_chunk_mut::<LENGTH>() else {
            return Err(SendError::Full);
        };
        let len = encode(body).map_err(SendError::Encode)?;
        match body.get(..len) {
            Some(&[op, ..]) if op >= FIRST_MESSAGE => {}
            _ => return Err(SendError::NotAMessage),
        }
        *length = (len as u16).to_le_bytes(); // no body is longer than a u16 can say
        self.end += LENGTH + len;
        let number = self.next;
        self.next = number.wrapping_add(1);
        Ok(number)
    }

    fn compact(&mut self) {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= core::mem::take(&mut self.start);
    }

    /// The oldest body and its number. The same again until [`Bodies::release`].
    #[must_use]
    pub fn oldest(&self) -> Option<(u8, &[u8])> {
        let held = self.buffer.get(self.start..self.end)?;
        let (length, rest) = held.split_first_chunk::<LENGTH>()?;
        let body = rest.get(..usize::from(u16::from_le_bytes(*length)))?;
        Some((self.oldest, body))
    }

    /// The application is done with the oldest. Does nothing when there is none.
    pub fn release(&mut self) {
        if let Some((number, body)) = self.oldest() {
            let len = LENGTH + body.len();
            self.start += len;
            self.oldest = number.wrapping_add(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn push(bodies: &mut Bodies, body: &[u8]) -> Result<u8, SendError<()>> {
        bodies.push(|out| {
            out.get_mut(..body.len()).ok_or(())?.copy_from_slice(body);
            Ok(body.len())
        })
    }

    #[test]
    fn they_come_out_in_order_with_their_numbers_however_they_lie() {
        let mut buffer = Bodies::<[u8; 16]>::new();
        let bodies: &mut Bodies = &mut buffer;
        for turn in 0..200u8 {
            let (first, second) = (turn.wrapping_mul(2), turn.wrapping_mul(2).wrapping_add(1));
            assert_eq!(push(bodies, b"\x10abcd"), Ok(first));
            assert_eq!(push(bodies, b"\x11ef"), Ok(second));
            assert_eq!(bodies.oldest(), Some((first, &b"\x10abcd"[..])));
            bodies.release();
            assert_eq!(bodies.oldest(), Some((second, &b"\x11ef"[..])));
            bodies.release();
            assert!(bodies.is_empty() && bodies.oldest().is_none());
        }
    }

    #[test]
    fn what_is_refused_leaves_nothing_and_uses_no_number() {
        let mut buffer = Bodies::<[u8; 8]>::new();
        let bodies: &mut Bodies = &mut buffer;
        assert_eq!(push(bodies, b"\x101234567"), Err(SendError::Encode(())));
        assert_eq!(push(bodies, b""), Err(SendError::NotAMessage));
        assert_eq!(push(bodies, b"\x01"), Err(SendError::NotAMessage));
        assert_eq!(bodies.room(), 6);
        assert_eq!(push(bodies, b"\x1012345"), Ok(0));
        assert_eq!((bodies.room(), push(bodies, b"\x10")), (0, Err(SendError::Full)));
        bodies.clear();
        assert_eq!(push(bodies, b"\x10"), Ok(0));
    }
}
