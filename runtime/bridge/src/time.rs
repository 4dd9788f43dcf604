//! Wrap-safe arithmetic on milliseconds and waiting that grows. No clock is read here: callers pass the time.

/// True when `now` has reached `deadline`; right across the wrap of the counter as long as they are less than
/// 2^31 ms apart.
pub(crate) const fn reached(now: u32, deadline: u32) -> bool {
    now.wrapping_sub(deadline) < 1 << 31
}

/// The earlier of two deadlines, seen from `now`.
pub(crate) fn earlier(now: u32, a: Option<u32>, b: Option<u32>) -> Option<u32> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if remaining(now, a) <= remaining(now, b) {
            a
        } else {
            b
        }),
        (one, None) | (None, one) => one,
    }
}

/// Milliseconds from `now` to `deadline`; 0 once it is reached.
fn remaining(now: u32, deadline: u32) -> u32 {
    if reached(now, deadline) {
        0
    } else {
        deadline.wrapping_sub(now)
    }
}

/// Pseudo-random numbers for jitter and nonces (xorshift32); not for secrets.
#[derive(Clone, Debug)]
pub(crate) struct Random(u32);

impl Random {
    /// Starts from a seed; 0 is replaced, because xorshift never leaves it.
    pub(crate) const fn new(seed: u32) -> Self {
        Self(if seed == 0 { 0x9E37_79B9 } else { seed })
    }

    /// The next number.
    pub(crate) fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0
    }
}

/// Waiting times that double from `first_ms` to `max_ms`, spread over their upper half so that many bridges that
/// lost one broker do not all come back at once.
#[derive(Clone, Debug)]
pub(crate) struct Backoff {
    first_ms: u32,
    max_ms: u32,
    next_ms: u32,
}

impl Backoff {
    pub(crate) const fn new(first_ms: u32, max_ms: u32) -> Self {
        Self {
            first_ms,
            max_ms,
            next_ms: first_ms,
        }
    }

    /// Forgets the failures so far.
    pub(crate) fn reset(&mut self) {
        self.next_ms = self.first_ms;
    }

    /// How long to wait after one more failure.
    pub(crate) fn next(&mut self, random: &mut Random) -> u32 {
        let whole = self.next_ms;
        self.next_ms = whole.saturating_mul(2).min(self.max_ms);
        spread(whole, random)
    }
}

/// A number between half of `whole` and `whole`.
pub(crate) fn spread(whole: u32, random: &mut Random) -> u32 {
    let half = whole / 2;
    whole - random.next() % (half + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deadlines_survive_the_wrap_of_the_counter() {
        assert!(reached(5, u32::MAX - 5));
        assert!(!reached(u32::MAX - 5, 5));
        assert!(reached(7, 7));
        assert_eq!(earlier(u32::MAX - 1, Some(3), Some(u32::MAX)), Some(u32::MAX));
        assert_eq!(earlier(0, None, Some(4)), Some(4));
        assert_eq!(earlier(9, Some(4), Some(12)), Some(4));
    }

    #[test]
    fn waits_double_up_to_the_limit_within_their_upper_half() {
        let mut random = Random::new(1);
        let mut backoff = Backoff::new(1_000, 8_000);
        for whole in [1_000, 2_000, 4_000, 8_000, 8_000] {
            let wait = backoff.next(&mut random);
            assert!((whole / 2..=whole).contains(&wait), "{wait} of {whole}");
        }
        backoff.reset();
        assert!(backoff.next(&mut random) <= 1_000);
    }

    #[test]
    fn two_seeds_wait_differently() {
        let waits = |seed| Backoff::new(30_000, 30_000).next(&mut Random::new(seed));
        assert_ne!(waits(1), waits(2));
        assert_ne!(Random::new(0).next(), 0);
    }
}
