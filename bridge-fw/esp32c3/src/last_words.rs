//! What a panic leaves for the next start: its message, in words of memory that a reset of the chip does not clear.
//!
//! After power-up that memory holds chance; a magic word and a sum tell. Deliberately text alone, cut to what fits, and
//! never anything that a panic message does not hold.

use core::fmt::{self, Write as _};

use crate::store::crc32;

/// Longest text in bytes.
pub(crate) const TEXT_BYTES: usize = 112;
/// The text, and before it the magic word, its length, its sum.
pub(crate) const WORDS: usize = TEXT_BYTES / 4 + 3;
const MAGIC: u32 = u32::from_le_bytes(*b"5wlw");

/// The last words of a program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LastWords(heapless::String<TEXT_BYTES>);

impl LastWords {
    /// The text, cut to what fits.
    pub(crate) fn new(text: fmt::Arguments<'_>) -> Self {
        let mut cut = Cut(heapless::String::new());
        // It never fails: what does not fit is dropped.
        let _ = cut.write_fmt(text);
        Self(cut.0)
    }

    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// As words of memory.
    pub(crate) fn encode(&self) -> [u32; WORDS] {
        let bytes = self.0.as_bytes();
        let mut words = [0; WORDS];
        let head = [MAGIC, bytes.len() as u32, crc32(bytes)];
        let text = bytes.chunks(4).map(|chunk| {
            let mut word = [0; 4];
            word.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
            u32::from_le_bytes(word)
        });
        words
            .iter_mut()
            .zip(head.into_iter().chain(text))
            .for_each(|(to, from)| *to = from);
        words
    }

    /// From words of memory; none when they are not such.
    pub(crate) fn decode(words: &[u32; WORDS]) -> Option<Self> {
        let [magic, length, sum, text @ ..] = words;
        let mut bytes = [0; TEXT_BYTES];
        let all = text.iter().flat_map(|word| word.to_le_bytes());
        bytes.iter_mut().zip(all).for_each(|(to, from)| *to = from);
        let bytes = bytes.get(..usize::try_from(*length).ok()?)?;
        if *magic != MAGIC || *sum != crc32(bytes) {
            return None;
        }
        Some(Self(core::str::from_utf8(bytes).ok()?.try_into().ok()?))
    }
}

/// Takes what fits, whole characters only.
struct Cut(heapless::String<TEXT_BYTES>);

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
    use super::*;

    #[test]
    fn words_come_back() {
        for text in ["", "a", "abcd", "src/main.rs:7: no such thing, é"] {
            let words = LastWords::new(format_args!("{text}"));
            assert_eq!(LastWords::decode(&words.encode()), Some(words.clone()));
            assert_eq!(words.as_str(), text);
        }
    }

    #[test]
    fn long_words_are_cut_between_characters() {
        let words = LastWords::new(format_args!("a{}", "é".repeat(200)));
        assert_eq!(words.as_str().len(), TEXT_BYTES - 1);
        assert_eq!(LastWords::decode(&words.encode()), Some(words));
    }

    #[test]
    fn chance_is_no_words() {
        assert_eq!(LastWords::decode(&[0; WORDS]), None);
        assert_eq!(LastWords::decode(&[u32::MAX; WORDS]), None);
        let words = LastWords::new(format_args!("it was the flash")).encode();
        for bit in 0..WORDS * 32 {
            let mut other = words;
            other[bit / 32] ^= 1 << (bit % 32);
            let behind_the_text = bit / 32 >= 3 + 4;
            assert_eq!(LastWords::decode(&other).is_some(), behind_the_text, "bit {bit}");
        }
    }
}
