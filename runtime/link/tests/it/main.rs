//! Two links on simulated wires: scripts whose traces are compared, and seeded faults under which nothing may be
//! lost, doubled or wedged.

mod faults;
mod pair;
mod restarts;
mod script;
mod sessions;
mod sniffer;
mod speed;
mod traffic;

/// A small generator, so that a failing seed fails on every machine.
#[derive(Clone)]
pub(crate) struct Rng(u64);

impl Rng {
    pub(crate) fn new(seed: u64) -> Self {
        Rng(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03)
    }

    pub(crate) fn next(&mut self) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        let mixed = self.0 ^ self.0 >> 29;
        (mixed >> 24) as u32
    }

    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        self.next() % bound
    }

    /// True once in `one_in` calls; never for 0.
    pub(crate) fn chance(&mut self, one_in: u32) -> bool {
        one_in > 0 && self.below(one_in) == 0
    }
}
