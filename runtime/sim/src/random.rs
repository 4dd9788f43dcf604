//! Pseudo-random numbers from one seed (SplitMix64). The same seed gives the same numbers on every machine and in
//! every release; nothing here asks the operating system.

/// A stream of pseudo-random numbers.
#[derive(Clone, Debug)]
pub struct Random {
    state: u64,
}

impl Random {
    /// The stream of a seed. Every seed, 0 too, gives a good stream.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// A stream of its own for one part of the world, so that a part that draws more or fewer numbers leaves the
    /// others alone.
    #[must_use]
    pub fn fork(&mut self, name: &str) -> Self {
        let mixed = name.bytes().fold(self.bits(), |mixed, byte| {
            (mixed ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3)
        });
        Self::new(mixed)
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `bound`; 0 when the bound is 0.
    pub fn below(&mut self, bound: u32) -> u32 {
        ((u64::from(self.bits() as u32) * u64::from(bound)) >> 32) as u32
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below((high - low.min(high)).saturating_add(1))
    }

    /// True in `parts` of 1,000,000 cases.
    pub fn per_million(&mut self, parts: u32) -> bool {
        self.below(1_000_000) < parts
    }

    /// True in `percent` of 100 cases.
    pub fn percent(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// One of `choices`; `None` when there are none.
    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> Option<&'a T> {
        choices.get(self.below(choices.len() as u32) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_of_a_seed_never_changes() {
        let mut random = Random::new(0);
        assert_eq!(
            random.bits(),
            0xE220_A839_7B1D_CDAF,
            "the published first output for seed 0"
        );
        assert_ne!(
            Random::new(1).fork("wires").bits(),
            Random::new(1).fork("plan").bits()
        );
    }

    #[test]
    fn numbers_stay_within_their_bounds() {
        let mut random = Random::new(7);
        for _ in 0..1_000 {
            assert!(random.below(3) < 3);
            assert!((5..=9).contains(&random.between(5, 9)));
        }
        assert_eq!((random.below(0), random.between(4, 4)), (0, 4));
    }
}
