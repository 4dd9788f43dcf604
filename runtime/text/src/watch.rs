//! Wrap-safe time: how long something has been awaited. Deliberately passive: the link looks at it when it is told
//! the time.

/// Since when the link waits for the peer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Watch {
    now: u32,
    since: u32,
}

impl Watch {
    pub(crate) const fn new() -> Self {
        Watch { now: 0, since: 0 }
    }

    pub(crate) fn start(&mut self, now: u32) {
        *self = Watch { now, since: now };
    }

    pub(crate) fn now(&self) -> u32 {
        self.now
    }

    /// The time is `now`. A caller that stayed away for most of `limit` cannot blame the peer for it.
    pub(crate) fn tick(&mut self, now: u32, limit: u32) {
        let absence = now.wrapping_sub(self.now);
        self.now = now;
        if absence > limit / 2 {
            self.since = self.since.wrapping_add(absence);
        }
    }

    /// What was awaited came.
    pub(crate) fn came(&mut self) {
        self.since = self.now;
    }

    pub(crate) fn is_over(&self, limit: u32) -> bool {
        self.now.wrapping_sub(self.since) >= limit
    }

    /// Milliseconds until the next look: soon enough not to count as staying away.
    pub(crate) fn look_again(&self, limit: u32) -> u32 {
        let left = limit.saturating_sub(self.now.wrapping_sub(self.since));
        left.min(limit / 4).max(1)
    }
}

/// Whether `now` has come to `deadline`, as long as they are less than 2^31 ms apart.
pub(crate) fn reached(now: u32, deadline: u32) -> bool {
    now.wrapping_sub(deadline) < 1 << 31
}

/// The earlier of two times, seen from `now`; one that is past is earlier than any other.
pub(crate) fn earlier(now: u32, a: Option<u32>, b: Option<u32>) -> Option<u32> {
    let left = |deadline: u32| {
        if reached(now, deadline) {
            0
        } else {
            deadline.wrapping_sub(now)
        }
    };
    match (a, b) {
        (Some(a), Some(b)) => Some(if left(a) <= left(b) { a } else { b }),
        (one, None) | (None, one) => one,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_absence_of_the_caller_is_not_the_peers() {
        let mut watch = Watch::new();
        watch.start(u32::MAX - 99);
        watch.tick(400, 1000);
        assert!(!watch.is_over(1000));
        assert_eq!(watch.look_again(1000), 250);
        watch.tick(5000, 1000);
        assert!(!watch.is_over(1000), "4600 ms away");
        watch.tick(5499, 1000);
        assert!(!watch.is_over(1000));
        assert_eq!(watch.look_again(1000), 1);
        watch.tick(5500, 1000);
        assert!(watch.is_over(1000));
    }

    #[test]
    fn what_comes_begins_it_anew() {
        let mut watch = Watch::new();
        watch.start(0);
        watch.tick(40, 100);
        watch.tick(80, 100);
        watch.came();
        watch.tick(120, 100);
        watch.tick(160, 100);
        assert!(!watch.is_over(100));
    }
}
