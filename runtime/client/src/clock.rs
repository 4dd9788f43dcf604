//! The time, as the caller has it: [`Clock`], and arithmetic on milliseconds that wrap.
//!
//! Not here: a clock. Instants are compared by their difference, which has to stay below 2^31 ms (24 days).

use core::future::{Future, pending};

/// A clock that can be waited on. With `embassy-time` it is
///
/// ```
/// use embassy_time::{Duration, Instant, Timer};
///
/// struct Clock;
///
/// impl fivewire_client::Clock for Clock {
///     fn now_ms(&self) -> u32 {
///         Instant::now().as_millis() as u32
///     }
///
///     async fn sleep_until(&self, at_ms: u32) {
///         let left = at_ms.wrapping_sub(self.now_ms()) as i32;
///         Timer::after(Duration::from_millis(left.max(0) as u64)).await;
///     }
/// }
/// ```
pub trait Clock {
    /// Milliseconds since any instant; they wrap.
    fn now_ms(&self) -> u32;

    /// Ready when `now_ms` has reached this instant, at once when it is past: the difference as an `i32` is the time
    /// that is left. Dropping the future has no effect.
    fn sleep_until(&self, at_ms: u32) -> impl Future<Output = ()>;
}

impl<C: Clock> Clock for &C {
    fn now_ms(&self) -> u32 {
        C::now_ms(self)
    }

    fn sleep_until(&self, at_ms: u32) -> impl Future<Output = ()> {
        C::sleep_until(self, at_ms)
    }
}

/// Sleeps until an instant, or for ever.
pub(crate) async fn sleep(clock: &impl Clock, until_ms: Option<u32>) {
    match until_ms {
        Some(at_ms) => clock.sleep_until(at_ms).await,
        None => pending().await,
    }
}

/// Whether the instant has come.
pub(crate) const fn reached(now_ms: u32, at_ms: u32) -> bool {
    now_ms.wrapping_sub(at_ms) < 1 << 31
}

/// The earlier of two instants, where there are any.
pub(crate) fn earlier(a_ms: Option<u32>, b_ms: Option<u32>) -> Option<u32> {
    match (a_ms, b_ms) {
        (Some(a), Some(b)) => Some(if reached(a, b) { b } else { a }),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::{earlier, reached};

    #[test]
    fn the_wrap_is_an_instant_like_any_other() {
        assert!(reached(5, 5) && reached(2, u32::MAX) && !reached(u32::MAX, 2));
        assert_eq!(earlier(Some(u32::MAX), Some(3)), Some(u32::MAX));
        assert_eq!(earlier(Some(3), Some(u32::MAX)), Some(u32::MAX));
        assert_eq!(earlier(None, Some(3)), Some(3));
        assert_eq!(earlier(None, None), None);
    }
}
