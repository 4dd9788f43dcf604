//! The chip's time against the clock on the wall: it never runs ahead, and what it lost to a slow computer it does not make
//! up, for then it would run ahead of its peer. Deliberately without a clock of its own.

use std::time::{Duration, Instant};

/// So far behind it may be and still catch up: a sleep that took too long must not slow it down.
const SLACK: Duration = Duration::from_millis(5);

/// When the chip's time is due on the wall.
#[derive(Debug)]
pub(crate) struct Pace {
    due: Instant,
}

impl Pace {
    pub(crate) const fn new(now: Instant) -> Self {
        Self { due: now }
    }

    /// The chip's time went on by this; how long to sleep.
    pub(crate) fn advanced(&mut self, by: Duration, now: Instant) -> Duration {
        let latest = now.checked_sub(SLACK).unwrap_or(now);
        self.due = (self.due + by).max(latest);
        self.due.saturating_duration_since(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn what_is_early_waits_and_what_is_a_little_late_catches_up() {
        let start = Instant::now();
        let mut pace = Pace::new(start);
        assert_eq!(pace.advanced(3 * MS, start + MS), 2 * MS);
        assert_eq!(pace.advanced(MS, start + 6 * MS), Duration::ZERO, "2 ms late");
        assert_eq!(pace.advanced(3 * MS, start + 6 * MS), MS);
    }

    #[test]
    fn what_is_far_behind_is_given_up() {
        let start = Instant::now();
        let mut pace = Pace::new(start);
        assert_eq!(pace.advanced(MS, start + 900 * MS), Duration::ZERO);
        assert_eq!(pace.advanced(6 * MS, start + 900 * MS), MS);
    }
}
