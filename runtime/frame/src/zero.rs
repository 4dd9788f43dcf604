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
        if let Some(at) = zero_in(*word) {
            return index * WORD + at;
        }
    }
    match bytes.last_chunk::<WORD>() {
        // The bytes that were seen already hold no zero, so the last whole word serves for the tail.
        Some(last) => bytes.len() - zero_in(*last).map_or(0, |at| WORD - at),
        None => tail.iter().position(|&byte| byte == 0).unwrap_or(bytes.len()),
    }
}

#[inline]
fn zero_in(word: [u8; WORD]) -> Option<usize> {
    let word = usize::from_le_bytes(word);
    // The lowest marker is exact; markers above it may be false, but they are not looked at.
    let markers = word.wrapping_sub(ONES) & !word & TOPS;
    (markers != 0).then(|| markers.trailing_zeros() as usize / 8)
}
