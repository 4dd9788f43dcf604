//! Strings that wait to be sent: a ring of characters with one 0 behind each string, which is what goes over the
//! wires. Deliberately without a list of lengths; nobody asks for a string that is on its way.

/// Why a text link did not take a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendError {
    /// The link is not up.
    NotUp,
    /// No room for it now. There is as characters go out.
    Full,
    /// It is longer than the buffer and never fits.
    TooLong,
    /// It cannot be said in this format: it is empty, or has a byte of 0 or above 127.
    NotText,
}

impl core::fmt::Display for SendError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            SendError::NotUp => "the text link is not up",
            SendError::Full => "the text link has no room for another string now",
            SendError::TooLong => "the string is longer than the text link's buffer",
            SendError::NotText => "the string is empty or has a byte that is not 1 to 127",
        })
    }
}

impl core::error::Error for SendError {}

/// Strings not sent yet.
pub(crate) struct Queue<const N: usize> {
    ring: [u8; N],
    head: usize,
    len: usize,
}

impl<const N: usize> Queue<N> {
    pub(crate) const fn new() -> Self {
        assert!(N > 1, "the send buffer holds no string");
        Queue {
            ring: [0; N],
            head: 0,
            len: 0,
        }
    }

    pub(crate) fn clear(&mut self) {
        (self.head, self.len) = (0, 0);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The longest string that [`Queue::push`] would take now; 0 when none.
    pub(crate) fn room(&self) -> usize {
        (N - self.len).saturating_sub(1)
    }

    pub(crate) fn push(&mut self, string: &[u8]) -> Result<(), SendError> {
        if string.is_empty() || !string.iter().all(|byte| (1..0x80).contains(byte)) {
            return Err(SendError::NotText);
        }
        if string.len() >= N {
            return Err(SendError::TooLong);
        }
        if string.len() > self.room() {
            return Err(SendError::Full);
        }
        for &character in string.iter().chain(&[0]) {
            self.append(character);
        }
        Ok(())
    }

    fn append(&mut self, character: u8) {
        if let Some(slot) = self.ring.get_mut((self.head + self.len) % N) {
            *slot = character;
            self.len += 1;
        }
    }

    /// The next character on its way, terminators included.
    pub(crate) fn pop(&mut self) -> Option<u8> {
        if self.len == 0 {
            return None;
        }
        let character = self.ring.get(self.head).copied();
        self.head = (self.head + 1) % N;
        self.len -= 1;
        character
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::vec::Vec;

    use super::*;

    #[test]
    fn strings_come_out_with_one_0_behind_each_around_the_ring() {
        let mut queue = Queue::<8>::new();
        for _ in 0..10 {
            assert_eq!(queue.push(b"abc"), Ok(()));
            assert_eq!(queue.push(b"d"), Ok(()));
            assert_eq!(queue.room(), 1);
            assert_eq!(queue.push(b"ef"), Err(SendError::Full));
            let out: Vec<u8> = core::iter::from_fn(|| queue.pop()).collect();
            assert_eq!(out, b"abc\0d\0");
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        let mut queue = Queue::<8>::new();
        for string in [&b""[..], b"a\0b", "ü".as_bytes(), b"\x80"] {
            assert_eq!(queue.push(string), Err(SendError::NotText));
        }
        assert_eq!(queue.push(b"12345678"), Err(SendError::TooLong));
        assert_eq!(queue.push(b"1234567"), Ok(()));
        assert_eq!(queue.room(), 0);
    }
}
