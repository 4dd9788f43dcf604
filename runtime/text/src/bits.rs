//! Bits to characters and back: shift registers with a marker bit, as in `fivewire-link`, but of seven bits and
//! without start bits. Deliberately ignorant of alignment: who feeds them knows where a character begins.

/// What an end of the MicroPython system sends first, least significant bit first, and aligns to.
pub const SYNC: u8 = 0x9D;

/// Bits of [`SYNC`].
pub(crate) const SYNC_BITS: u32 = 8;
/// Bits of a character.
pub(crate) const CHARACTER_BITS: u32 = 7;

/// The register that bits leave, least significant first, below a marker.
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

    pub(crate) fn load_sync(&mut self) {
        self.register = 0x100 | u32::from(SYNC);
    }

    /// A single 0, so that what comes next may come at any bit.
    pub(crate) fn load_zero(&mut self) {
        self.register = EMPTY << 1;
    }

    #[inline]
    pub(crate) fn load_character(&mut self, character: u8) {
        self.register = 1 << CHARACTER_BITS | u32::from(character & 0x7F);
    }

    /// The bits that are left, the first one lowest, and how many they are.
    #[inline]
    pub(crate) fn peek(&self) -> (u8, u32) {
        let count = self.register.ilog2();
        ((self.register ^ 1 << count) as u8, count)
    }

    /// So many have gone out, of those that are left.
    #[inline]
    pub(crate) fn drop_first(&mut self, count: u32) {
        self.register >>= count;
    }
}

/// The register that characters enter, above a marker that falls out with the seventh bit.
pub(crate) struct InBits {
    register: u8,
}

const MARKER: u8 = 0x40;

impl InBits {
    pub(crate) const fn new() -> Self {
        InBits { register: MARKER }
    }

    #[inline]
    pub(crate) fn push(&mut self, bit: bool) -> Option<u8> {
        let last = self.register & 1 == 1;
        self.register = self.register >> 1 | u8::from(bit) << 6;
        last.then(|| core::mem::replace(&mut self.register, MARKER))
    }

    /// Whether a character has begun that is not the idle one.
    pub(crate) fn has_begun(&self) -> bool {
        !self.register.is_power_of_two()
    }
}

/// The register that is compared with the sync byte, bit by bit.
#[derive(Clone, Copy)]
pub(crate) struct Hunt {
    register: u8,
}

impl Hunt {
    pub(crate) const fn new() -> Self {
        Hunt { register: 0 }
    }

    /// Whether this bit was the last of a sync byte.
    pub(crate) fn push(&mut self, bit: bool) -> bool {
        self.register = self.register >> 1 | u8::from(bit) << 7;
        self.register == SYNC
    }

    /// Whether one of the last eight bits was a 1.
    pub(crate) fn is_stirred(&self) -> bool {
        self.register != 0
    }
}

/// Whether a string is nothing but a sync byte at one of the seven places it can have among characters: 0x9D takes
/// two of them, and no message of the MicroPython system has these two.
pub(crate) fn is_sync(string: &[u8]) -> bool {
    match string {
        &[first, second] => {
            let bits = u32::from(first) | u32::from(second) << CHARACTER_BITS;
            bits >> bits.trailing_zeros() == u32::from(SYNC)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::vec::Vec;

    use super::*;

    #[test]
    fn what_goes_out_comes_in() {
        let (mut out, mut input, mut seen) = (OutBits::new(), InBits::new(), Vec::new());
        for character in 0..128 {
            assert!(out.is_empty());
            out.load_character(character);
            let (bits, count) = out.peek();
            assert_eq!(count, CHARACTER_BITS);
            out.drop_first(count);
            seen.extend((0..count).filter_map(|at| input.push(bits >> at & 1 == 1)));
        }
        assert_eq!(seen, (0..128).collect::<Vec<_>>());
    }

    #[test]
    fn a_character_has_begun_with_its_first_1() {
        let mut input = InBits::new();
        for bit in [false, false, true] {
            assert!(!input.has_begun());
            input.push(bit);
        }
        assert!(input.has_begun());
    }

    #[test]
    fn the_sync_byte_is_found_at_any_bit() {
        for zeros in 0..20 {
            let (mut out, mut hunt) = (OutBits::new(), Hunt::new());
            out.load_sync();
            assert!((0..zeros).all(|_| !hunt.push(false)));
            let found = (0..8).map(|_| {
                let (bits, _) = out.peek();
                out.drop_first(1);
                hunt.push(bits & 1 == 1)
            });
            assert_eq!(found.collect::<Vec<_>>(), [&[false; 7][..], &[true]].concat());
        }
    }

    #[test]
    fn a_sync_byte_among_characters_is_known_at_each_of_its_places() {
        let mut known = Vec::new();
        for first in 1..128 {
            known.extend(
                (1..128)
                    .map(|second| [first, second])
                    .filter(|pair| is_sync(pair)),
            );
        }
        let mut places: Vec<_> = (0..7)
            .map(|zeros| (u32::from(SYNC)) << zeros)
            .map(|bits| [(bits & 0x7F) as u8, (bits >> 7) as u8])
            .collect();
        places.sort_unstable();
        assert_eq!(known, places);
        assert!(!is_sync(b"i") && !is_sync(b"t\x7F4"));
    }
}
