//! Bits to symbols and back: two shift registers with a marker bit, so that a bit costs a few instructions and
//! everything else happens once a symbol. Deliberately ignorant of what the symbols mean, but for the idle one.

/// The register that bits leave: the bits of one symbol, least significant first, below a marker.
pub(crate) struct OutBits {
    register: u32,
}

const EMPTY: u32 = 1;

impl OutBits {
    pub(crate) const fn new() -> Self {
        OutBits { register: EMPTY }
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.register == EMPTY
    }

    #[inline]
    pub(crate) fn load(&mut self, symbol: u8) {
        self.register = 0x100 | u32::from(symbol);
    }

    #[inline]
    pub(crate) fn take(&mut self) -> bool {
        let bit = self.register & 1 == 1;
        self.register >>= 1;
        bit
    }
}

/// The register that bits enter, aligned by the start bit: between frames it waits for the first 1.
pub(crate) struct InBits {
    /// Zero between frames; else the bits of a symbol above a marker that falls out with the eighth.
    register: u32,
    /// Zero bits since the last frame, its delimiter included.
    idle: u32,
}

const MARKER: u32 = 0x80;

/// So many zero bits show that the peer had nothing more to say: four symbols, twice the gap before a
/// retransmission.
pub(crate) const SETTLED_BITS: u32 = 32;

/// The wires stay at full speed for so many idle symbols: the time an answer may take without costing the
/// latency of a slow step.
pub(crate) const LINGER_SYMBOLS: u32 = 32;

/// After so many zero bits the peer is quiet, or nearly, and no longer keeps its alignment.
const QUIET_BITS: u32 = (LINGER_SYMBOLS - 2) * 8;

/// What a bit completed.
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
        InBits { register: 0, idle: 0 }
    }

    #[inline]
    pub(crate) fn push(&mut self, bit: bool) -> Option<Arrival> {
        if self.register == 0 {
            return self.between_frames(bit);
        }
        let last = self.register & 1 == 1;
        self.register = self.register >> 1 | u32::from(bit) << 7;
        if !last {
            return None;
        }
        let symbol = self.register as u8;
        self.register = if symbol == 0 { 0 } else { MARKER };
        Some(if symbol == 0 {
            Arrival::Delimiter
        } else {
            Arrival::Symbol(symbol)
        })
    }

    #[inline]
    fn between_frames(&mut self, bit: bool) -> Option<Arrival> {
        if bit {
            self.register = MARKER >> 1 | 0x80;
            let aligned = self.idle.is_multiple_of(8) || self.idle >= QUIET_BITS;
            self.idle = 0;
            return Some(Arrival::Start { aligned });
        }
        self.idle = self.idle.saturating_add(1);
        (self.idle == SETTLED_BITS).then_some(Arrival::Settled)
    }

    /// Whether a frame has begun and not ended.
    pub(crate) fn in_frame(&self) -> bool {
        self.register != 0
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::vec::Vec;

    use super::*;

    fn push_all(input: &mut InBits, symbols: &[u8]) -> Vec<Arrival> {
        let bits = symbols
            .iter()
            .flat_map(|symbol| (0..8).map(move |bit| symbol >> bit & 1 == 1));
        bits.filter_map(|bit| input.push(bit)).collect()
    }

    #[test]
    fn what_goes_out_comes_in() {
        let (mut out, mut input) = (OutBits::new(), InBits::new());
        let mut seen = Vec::new();
        for symbol in [0x9D, 0x80, 0xFF, 0, 0, 0x01] {
            assert!(out.is_empty());
            out.load(symbol);
            while !out.is_empty() {
                seen.extend(input.push(out.take()));
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
        assert_eq!(input.push(false), None);
        assert_eq!(input.push(true), Some(Arrival::Start { aligned: false }));
    }

    #[test]
    fn idle_is_told_once() {
        let mut input = InBits::new();
        assert_eq!(push_all(&mut input, &[0; 20]), [Arrival::Settled]);
        push_all(&mut input, &[0x01, 0x00]);
        assert_eq!(push_all(&mut input, &[0; 4]), [Arrival::Settled]);
    }
}
