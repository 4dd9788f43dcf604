//! How long to wait before the next attempt to connect: doubling pauses with jitter, so that a thousand devices do not
//! come back in step.
//!
//! Not here: the waiting (see `runner`). The random numbers spread load, nothing else; they are no secrets.

/// The pauses between attempts to connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// Milliseconds after the first failure.
    pub first_ms: u32,
    /// Milliseconds that no pause exceeds. A connection that stood this long counts as sound: the pauses begin anew.
    pub max_ms: u32,
}

impl Backoff {
    /// From one second to one minute.
    pub const DEFAULT: Self = Self {
        first_ms: 1_000,
        max_ms: 60_000,
    };
}

impl Default for Backoff {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// The pauses of one runner.
#[derive(Debug)]
pub(crate) struct Pauses {
    backoff: Backoff,
    next_ms: u32,
    random: u32,
}

impl Pauses {
    pub(crate) const fn new(backoff: Backoff, seed: u32) -> Self {
        Self {
            backoff,
            next_ms: backoff.first_ms,
            // An xorshift generator stays at zero for ever.
            random: seed | 1,
        }
    }

    /// A connection ended that stood for so long; `None`: there was none.
    pub(crate) fn ended(&mut self, stood_ms: Option<u32>) {
        if stood_ms.is_some_and(|stood_ms| stood_ms >= self.backoff.max_ms) {
            self.next_ms = self.backoff.first_ms;
        }
    }

    /// The pause before the next attempt: between half of its nominal length and all of it.
    pub(crate) fn next_ms(&mut self) -> u32 {
        let nominal_ms = self.next_ms.min(self.backoff.max_ms);
        self.next_ms = nominal_ms.saturating_mul(2).min(self.backoff.max_ms);
        nominal_ms - self.random_below(nominal_ms / 2 + 1)
    }

    /// Marsaglia's xorshift of 32 bits.
    fn random_below(&mut self, limit: u32) -> u32 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 17;
        self.random ^= self.random << 5;
        // The remainder is as even as a pause needs it.
        self.random.checked_rem(limit).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::vec::Vec;

    use super::{Backoff, Pauses};

    #[test]
    fn pauses_double_up_to_their_limit_and_differ_between_seeds() {
        let backoff = Backoff {
            first_ms: 100,
            max_ms: 1_000,
        };
        let eight = |seed| -> Vec<u32> {
            let mut pauses = Pauses::new(backoff, seed);
            (0..8).map(|_| pauses.next_ms()).collect()
        };
        let nominal = [100, 200, 400, 800, 1_000, 1_000, 1_000, 1_000];
        for (pause_ms, nominal_ms) in eight(7).into_iter().zip(nominal) {
            assert!((nominal_ms / 2..=nominal_ms).contains(&pause_ms), "{pause_ms}");
        }
        assert_ne!(eight(7), eight(8_000_001));
    }

    #[test]
    fn only_a_connection_that_stood_starts_them_anew() {
        let mut pauses = Pauses::new(Backoff::DEFAULT, 0);
        (0..9).for_each(|_| _ = pauses.next_ms());
        pauses.ended(None);
        pauses.ended(Some(59_999));
        assert!(pauses.next_ms() >= 30_000);
        pauses.ended(Some(60_000));
        assert!(pauses.next_ms() <= 1_000);
    }

    #[test]
    fn a_backoff_of_nothing_is_no_pause() {
        let mut pauses = Pauses::new(
            Backoff {
                first_ms: 0,
                max_ms: 0,
            },
            3,
        );
        assert_eq!((pauses.next_ms(), pauses.next_ms()), (0, 0));
    }
}
