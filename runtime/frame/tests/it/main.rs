//! What a frame promises: it comes back as it went, it takes the bytes it says, damage is noticed, and its bits
//! never look idle.

mod damage;
mod round_trip;
mod wire_bits;

/// A small generator, so that a failing case is the same on every machine.
pub(crate) struct Noise(pub(crate) u64);

impl Noise {
    pub(crate) fn next(&mut self) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (self.0 >> 33) as u32
    }

    /// `len` bytes of which about one in `one_in` is zero (0 = none is).
    pub(crate) fn body(&mut self, len: usize, one_in: u32) -> Vec<u8> {
        let mut byte = || match self.next() {
            n if one_in > 0 && n.is_multiple_of(one_in) => 0,
            n => (n >> 8) as u8 | 1,
        };
        (0..len).map(|_| byte()).collect()
    }
}
