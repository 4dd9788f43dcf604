//! Wrap-safe arithmetic on milliseconds, and waiting that grows. No clock is read: callers pass the time.

/// True when `now` has reached `deadline`, as long as they are less than 2^31 ms apart.
pub(crate) const fn reached(now: u32, deadline: u32) -> bool {
    now.wrapping_sub(deadline) < 1 << 31
}

/// The earlier of two deadlines, seen from `now`. A reached one is earlier than any other.
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

const fn remaining(now: u32, deadline: u32) -> u32 {
    if reached(now, deadline) {
        0
    } else {
        deadline.wrapping_sub(now)
    }
}

/// Waiting times between resets: none before the first, then 1 s, doubling up to 30 s.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Backoff {
    next_ms: u32,
}

impl Backoff {
    const FIRST_MS: u32 = 1_000;
    const MAX_MS: u32 = 30_000;

    pub(crate) const fn new() -> Self {
        Self { next_ms: 0 }
    }

    /// How long to wait before the next reset.
    pub(crate) fn next(&mut self) -> u32 {
        let wait = self.next_ms;
        self.next_ms = wait.saturating_mul(2).clamp(Self::FIRST_MS, Self::MAX_MS);
        wait
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::vec::Vec;

    #[test]
    fn deadlines_work_across_the_wrap() {
        assert!(reached(5, 5) && reached(6, 5) && !reached(4, 5));
        assert!(reached(3, u32::MAX) && !reached(u32::MAX, 3));
        assert_eq!(earlier(u32::MAX - 1, Some(4), Some(u32::MAX)), Some(u32::MAX));
        assert_eq!(
            earlier(10, Some(11), Some(2)),
            Some(2),
            "a reached deadline is the earliest"
        );
        assert_eq!(earlier(0, None, Some(9)), Some(9));
        assert_eq!(earlier(0, None, None), None);
    }

    #[test]
    fn waiting_doubles_up_to_its_bound() {
        let mut backoff = Backoff::new();
        let waits: Vec<_> = (0..8).map(|_| backoff.next()).collect();
        assert_eq!(waits, [0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    }
}
