//! Arithmetic on a millisecond clock that wraps.
//!
//! Not here: a clock. Instants are compared by their difference, which has to stay below 2^31 ms (24 days).

/// Differences from here on mean that the second instant is the later one.
const HALF: u32 = 1 << 31;

/// Whether at least `limit_ms` have passed at `now_ms` since `then_ms`. A limit of 0 never passes.
pub(crate) fn passed(now_ms: u32, then_ms: u32, limit_ms: u32) -> bool {
    let elapsed = now_ms.wrapping_sub(then_ms);
    limit_ms != 0 && elapsed < HALF && elapsed >= limit_ms
}

/// When [`passed`] becomes true; `None` = never.
pub(crate) fn deadline(then_ms: u32, limit_ms: u32) -> Option<u32> {
    (limit_ms != 0).then(|| then_ms.wrapping_add(limit_ms))
}

/// The later of two instants.
pub(crate) fn later(a_ms: u32, b_ms: u32) -> u32 {
    if a_ms.wrapping_sub(b_ms) < HALF {
        a_ms
    } else {
        b_ms
    }
}

/// The earlier of two deadlines, where there are any.
pub(crate) fn earlier(a_ms: Option<u32>, b_ms: Option<u32>) -> Option<u32> {
    match (a_ms, b_ms) {
        (Some(a), Some(b)) => Some(if later(a, b) == a { b } else { a }),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::{deadline, earlier, later, passed};

    #[test]
    fn the_wrap_is_an_instant_like_any_other() {
        let before = u32::MAX - 4;
        assert!(!passed(before.wrapping_add(9), before, 10));
        assert!(passed(before.wrapping_add(10), before, 10));
        assert!(
            !passed(before, before.wrapping_add(1), 10),
            "a clock that stepped back"
        );
        assert!(!passed(before.wrapping_add(10), before, 0));
        assert_eq!(deadline(before, 10), Some(5));
        assert_eq!(deadline(before, 0), None);
        assert_eq!(later(before, 5), 5);
        assert_eq!(earlier(Some(before), Some(5)), Some(before));
        assert_eq!(earlier(Some(5), Some(before)), Some(before));
        assert_eq!(earlier(None, Some(5)), Some(5));
    }
}
