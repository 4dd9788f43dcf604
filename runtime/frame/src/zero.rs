//! Finds zero bytes a machine word at a time. Deliberately nothing more: it is the inner loop of stuffing.

const WORD: usize = size_of::<usize>();
/// 0x01 in every byte.
const ONES: usize = usize::MAX / 0xFF;
/// 0x80 in every byte.
const TOPS: usize = ONES << 7;

/// Index of the first zero byte, or the length when there is none.
#[inline]
pub(crate) fn first_zero(bytes: &[u8]) -> usize {
    let (words, tail) = bytes.as_chunks::<WORD>();
    for (index, word) in words.iter().enumerate() {
        let word = usize::from_le_bytes(*word);
        // The lowest marker is exact; markers above it may be false, but they are not looked at.
        let markers = word.wrapping_sub(ONES) & !word & TOPS;
        if markers != 0 {
            return index * WORD + markers.trailing_zeros() as usize / 8;
        }
    }
    words.len() * WORD + tail.iter().position(|&byte| byte == 0).unwrap_or(tail.len())
}
