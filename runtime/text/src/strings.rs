//! Strings that wait to be sent: their characters with one 0 behind each string, which is what goes over the wires.
//! Deliberately without a list of lengths; nobody asks for a string that is on its way.

use core::fmt;

use fivewire_wire::{TextError, TextWriter};

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

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SendError::NotUp => "the text link is not up",
            SendError::Full => "the text link has no room for another string now",
            SendError::TooLong => "the string is longer than the text link's buffer",
            SendError::NotText => "the string is empty or has a byte that is not 1 to 127",
        })
    }
}

impl core::error::Error for SendError {}

/// Strings not sent yet. `B` is the buffer: an array where it lives, a slice for who works with it.
pub struct Strings<B: ?Sized = [u8]> {
    /// The strings and their terminators lie in `buffer[start..end]`.
    start: usize,
    end: usize,
    buffer: B,
}

impl<const N: usize> Strings<[u8; N]> {
    /// None.
    #[must_use]
    pub const fn new() -> Self {
        assert!(N > 1, "the send buffer holds no string");
        Strings {
            start: 0,
            end: 0,
            buffer: [0; N],
        }
    }
}

impl<const N: usize> Default for Strings<[u8; N]> {
    fn default() -> Self {
        Self::new()
    }
}

/// Without what they say: passwords are among it.
impl<B: ?Sized> fmt::Debug for Strings<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Strings({} bytes)", self.end - self.start)
    }
}

impl Strings {
    /// Forgets all of them, also the rest of the one that is going out.
    pub fn clear(&mut self) {
        (self.start, self.end) = (0, 0);
    }

    /// Whether none is left, nor a part of one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// The longest string, in characters, that [`Strings::push`] would take now; 0 when none.
    #[must_use]
    pub fn room(&self) -> usize {
        (self.buffer.len() - (self.end - self.start)).saturating_sub(1)
    }

    /// Takes a string of 7-bit characters other than 0.
    ///
    /// # Errors
    /// [`SendError`]; nothing was taken.
    pub fn push(&mut self, string: &[u8]) -> Result<(), SendError> {
        if string.is_empty() || !string.iter().all(|byte| (1..0x80).contains(byte)) {
            return Err(SendError::NotText);
        }
        if string.len() >= self.buffer.len() {
            return Err(SendError::TooLong);
        }
        self.compact();
        let slot = self.buffer.get_mut(self.end..).unwrap_or_default();
        match slot.get_mut(..=string.len()).and_then(<[u8]>::split_last_mut) {
            Some((terminator, slot)) => {
                *terminator = 0;
                slot.copy_from_slice(string);
                self.end += string.len() + 1;
                Ok(())
            }
            None => Err(SendError::Full),
        }
    }

    /// Takes the string that `write` writes.
    ///
    /// # Errors
    /// [`TextError`], [`TextError::Full`] also when it does not fit now; nothing was taken.
    pub fn write(
        &mut self,
        write: impl FnOnce(&mut TextWriter<'_>) -> Result<(), TextError>,
    ) -> Result<(), TextError> {
        self.compact();
        let slot = self.buffer.get_mut(self.end..).unwrap_or_default();
        let (terminator_at, slot) = (slot.len().checked_sub(1).ok_or(TextError::Full)?, slot);
        let mut writer = TextWriter::new(slot.get_mut(..terminator_at).unwrap_or_default());
        write(&mut writer)?;
        let len = writer.len();
        if len == 0 {
            return Err(TextError::Empty);
        }
        *slot.get_mut(len).ok_or(TextError::Full)? = 0;
        self.end += len + 1;
        Ok(())
    }

    fn compact(&mut self) {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= core::mem::take(&mut self.start);
    }

    /// The next character on its way, terminators included.
    pub fn pop(&mut self) -> Option<u8> {
        let character = *self.buffer.get(self.start..self.end)?.first()?;
        self.start += 1;
        Some(character)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::vec::Vec;

    use super::*;

    fn all(strings: &mut Strings) -> Vec<u8> {
        core::iter::from_fn(|| strings.pop()).collect()
    }

    #[test]
    fn strings_come_out_with_one_0_behind_each_however_they_lie() {
        let mut buffer = Strings::<[u8; 8]>::new();
        let strings: &mut Strings = &mut buffer;
        for _ in 0..10 {
            assert_eq!(strings.push(b"abc"), Ok(()));
            assert_eq!(strings.push(b"d"), Ok(()));
            assert_eq!(strings.room(), 1);
            assert_eq!(strings.push(b"ef"), Err(SendError::Full));
            assert_eq!(strings.pop(), Some(b'a'));
            assert_eq!(strings.push(b"e"), Ok(()));
            assert_eq!(all(strings), b"bc\0d\0e\0");
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        let mut buffer = Strings::<[u8; 8]>::new();
        let strings: &mut Strings = &mut buffer;
        for string in [&b""[..], b"a\0b", "ü".as_bytes(), b"\x80"] {
            assert_eq!(strings.push(string), Err(SendError::NotText));
        }
        assert_eq!(strings.push(b"12345678"), Err(SendError::TooLong));
        assert_eq!(strings.push(b"1234567"), Ok(()));
        assert_eq!(strings.room(), 0);
    }

    #[test]
    fn what_could_not_be_written_is_not_there() {
        let mut buffer = Strings::<[u8; 8]>::new();
        let strings: &mut Strings = &mut buffer;
        assert_eq!(strings.write(|_| Ok(())), Err(TextError::Empty));
        assert_eq!(strings.write(|out| out.word("12345678")), Err(TextError::Full));
        assert_eq!(strings.write(|out| out.word("12345")), Ok(()));
        let partly = strings.write(|out| {
            out.word("1")?;
            Err(TextError::UnknownWord)
        });
        assert_eq!(partly, Err(TextError::UnknownWord));
        assert_eq!(strings.write(|out| out.word("67")), Err(TextError::Full));
        assert_eq!(all(strings), b"12345\0");
    }
}
