//! Bits to symbols and back, as many bits at a time as the wires have exchanged. Deliberately ignorant of what the
//! symbols mean, but for the idle one.

/// Bits of a symbol, and the most that are exchanged at a time.
pub(crate) const SYMBOL_BITS: u32 = 8;

/// What is left of the symbol that is going out.
pub(crate) struct OutBits {
    bits: u32,
    left: u32,
}

impl OutBits {
    pub(crate) const fn new() -> Self {
        OutBits { bits: 0, left: 0 }
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.left == 0
    }

    /// The next symbol, or so many bits of it.
    #[inline]
    pub(crate) fn load(&mut self, symbol: u8, count: u32) {
        (self.bits, self.left) = (symbol.into(), count);
    }

    /// The bits that are left, the first one lowest, and how many they are.
    #[inline]
    pub(crate) fn peek(&self) -> (u8, u32) {
        (self.bits as u8, self.left)
    }

    /// So many have gone out; no more than are left.
    #[inline]
    pub(crate) fn drop_first(&mut self, count: u32) {
        self.bits >>= count & 0xF;
        self.left = self.left.wrapping_sub(count);
    }
}

/// What has come in and is not a symbol yet, aligned by the start bit: between frames it looks for the first 1.
pub(crate) struct InBits {
    /// The first one lowest; zeros above the last.
    bits: u32,
    count: u32,
    /// Zero bits since the last frame, its delimiter included.
    idle: u32,
    in_frame: bool,
}

/// So many zero bits show that the peer had nothing more to say: four symbols, twice the gap before a
/// retransmission.
pub(crate) const SETTLED_BITS: u32 = 32;

/// The wires stay at full speed for so many idle symbols: the time an answer may take without costing the
/// latency of a slow step.
pub(crate) const LINGER_SYMBOLS: u32 = 32;

/// After so many zero bits the peer is quiet, or nearly, and no longer keeps its alignment.
const QUIET_BITS: u32 = (LINGER_SYMBOLS - 2) * SYMBOL_BITS;

/// What bits completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    /// A start bit; `aligned` when it came where the old alignment has a symbol's first bit, or the peer was quiet.
    Start { aligned: bool },
    /// A symbol of a frame.
    Symbol(u8),
    /// The symbol that ends a frame; the next 1 is a start bit.
    Delimiter,
    /// The wire has been idle for [`SETTLED_BITS`].
    Settled,
}

impl InBits {
    pub(crate) const fn new() -> Self {
        InBits {
            bits: 0,
            count: 0,
            in_frame: false,
            idle: 0,
        }
    }

    /// Takes up to eight bits, the first one lowest; zeros above them. All that they complete is to be taken by
    /// [`InBits::next`] before more come.
    #[inline]
    pub(crate) fn push(&mut self, bits: u8, count: u32) {
        self.bits |= u32::from(bits) << (self.count & 0xF);
        self.count += count;
    }

    /// The next thing that the bits completed.
    #[inline]
    pub(crate) fn next(&mut self) -> Option<Arrival> {
        if !self.in_frame {
            return self.between_frames();
        }
        let left = self.count.checked_sub(SYMBOL_BITS)?;
        let symbol = self.bits as u8;
        (self.bits, self.count) = (self.bits >> SYMBOL_BITS, left);
        if symbol != 0 {
            return Some(Arrival::Symbol(symbol));
        }
        self.in_frame = false;
        Some(Arrival::Delimiter)
    }

    fn between_frames(&mut self) -> Option<Arrival> {
        let zeros = self.bits.trailing_zeros().min(self.count);
        let was_settled = self.idle >= SETTLED_BITS;
        self.idle = self.idle.saturating_add(zeros);
        (self.bits, self.count) = (self.bits >> (zeros & 0xF), self.count - zeros);
        if self.idle >= SETTLED_BITS && !was_settled {
            return Some(Arrival::Settled);
        }
        if self.count == 0 {
            return None;
        }
        let aligned = self.idle.is_multiple_of(SYMBOL_BITS) || self.idle >= QUIET_BITS;
        (self.in_frame, self.idle) = (true, 0);
        Some(Arrival::Start { aligned })
    }

    /// The bits that the peer's symbol still lacks, 1 to 8; a whole one between frames.
    #[inline]
    pub(crate) fn missing(&self) -> u32 {
        SYMBOL_BITS - self.count.min(SYMBOL_BITS - 1)
    }

    /// Whether a frame has begun and not ended.
    #[inline]
    pub(crate) fn in_frame(&self) -> bool {
        self.in_frame
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::vec::Vec;

    use super::*;

    fn push(input: &mut InBits, bits: u8, count: u32) -> Vec<Arrival> {
        input.push(bits, count);
        core::iter::from_fn(|| input.next()).collect()
    }

    fn push_all(input: &mut InBits, symbols: &[u8]) -> Vec<Arrival> {
        symbols
            .iter()
            .flat_map(|&symbol| push(input, symbol, 8))
            .collect()
    }

    #[test]
    fn what_goes_out_comes_in() {
        let (mut out, mut input) = (OutBits::new(), InBits::new());
        let mut seen = Vec::new();
        for symbol in [0x9D, 0x80, 0xFF, 0, 0, 0x01] {
            assert!(out.is_empty());
            out.load(symbol, SYMBOL_BITS);
            // In parts, as after a stall in the middle of a symbol.
            for count in [3, 5] {
                let (bits, left) = out.peek();
                assert!(count <= left);
                seen.extend(push(&mut input, bits & ((1 << count) - 1), count));
                out.drop_first(count);
            }
        }
        use Arrival::*;
        let start = Start { aligned: true };
        assert_eq!(
            seen,
            [
                start,
                Symbol(0x9D),
                Symbol(0x80),
                Symbol(0xFF),
                Delimiter,
                start,
                Symbol(1)
            ]
        );
        assert!(input.in_frame());
    }

    #[test]
    fn a_start_bit_off_the_old_alignment_is_told() {
        let mut input = InBits::new();
        push_all(&mut input, &[0x01, 0x00]);
        assert_eq!(push(&mut input, 0b0, 1), []);
        assert_eq!(push(&mut input, 0b1, 1), [Arrival::Start { aligned: false }]);
    }

    #[test]
    fn bits_at_once_complete_what_they_complete_one_by_one() {
        let wire: Vec<bool> = (0..4000u32)
            .map(|at| at.wrapping_mul(0x9E37_79B9) >> 29 == 0 && at % 200 < 130)
            .collect();
        let (mut one, mut many) = (InBits::new(), InBits::new());
        let singly: Vec<_> = wire
            .iter()
            .flat_map(|&bit| push(&mut one, bit.into(), 1))
            .collect();
        let mut at_once = Vec::new();
        for (turn, bits) in wire.chunks(8).enumerate() {
            for part in <[&[bool]; 2]>::from(bits.split_at(turn % bits.len())) {
                let byte = part.iter().rev().fold(0, |byte, &bit| byte << 1 | u8::from(bit));
                at_once.extend(push(&mut many, byte, part.len() as u32));
            }
        }
        assert_eq!(at_once, singly);
        assert!(singly.contains(&Arrival::Settled) && singly.contains(&Arrival::Start { aligned: false }));
    }

    #[test]
    fn idle_is_told_once() {
        let mut input = InBits::new();
        assert_eq!(push_all(&mut input, &[0; 20]), [Arrival::Settled]);
        push_all(&mut input, &[0x01, 0x00]);
        assert_eq!(push_all(&mut input, &[0; 4]), [Arrival::Settled]);
    }
}
