//! Whether damage happened to make a frame that nobody sent. One damaged frame in 65,536 passes a check of 16 bits, and a
//! fuzzer finds it; what a link does with it proves nothing.
//!
//! Only asked after something went wrong, so it may be slow: it looks for frames at every bit.

use std::collections::HashSet;

/// More than any frame of this world is long, in symbols.
const LONGEST: usize = 128;

/// Whether `received` holds a frame that `sent` does not.
pub(super) fn is_forged(sent: &[bool], received: &[bool]) -> bool {
    let sent = frames(sent);
    frames(received).iter().any(|frame| !sent.contains(frame))
}

/// Everything that could be taken for a frame.
fn frames(bits: &[bool]) -> HashSet<Vec<u8>> {
    (0..bits.len()).filter_map(|at| frame(bits.get(at..)?)).collect()
}

/// The frame that starts with this bit, if one does.
fn frame(bits: &[bool]) -> Option<Vec<u8>> {
    if !*bits.first()? {
        return None;
    }
    let symbols = bits.chunks_exact(8).map(symbol);
    let frame: Vec<u8> = symbols.take(LONGEST).take_while(|&symbol| symbol != 0).collect();
    fivewire_frame::decode(&mut frame.clone()).ok()?;
    Some(frame)
}

/// Bits go out least significant first.
fn symbol(bits: &[bool]) -> u8 {
    bits.iter()
        .rev()
        .fold(0, |symbol, &bit| symbol << 1 | u8::from(bit))
}
