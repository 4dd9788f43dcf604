//! The loop's time as the application sees it, and the next moment that it waits for. Deliberately without a source of
//! time: the loop tells it.

use core::cell::Cell;
use core::future::poll_fn;
use core::task::Poll;

/// Milliseconds, wrapping, and the earliest moment that a sleeper waits for.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    now_ms: Cell<u32>,
    due_ms: Cell<Option<u32>>,
}

impl Clock {
    pub(crate) const fn new() -> Self {
        Self {
            now_ms: Cell::new(0),
            due_ms: Cell::new(None),
        }
    }

    /// Tells the time. True when a sleeper is due; all are to be polled then, and say anew what they wait for.
    pub(crate) fn set(&self, now_ms: u32) -> bool {
        self.now_ms.set(now_ms);
        let is_due = self.due_ms.get().is_some_and(|due| !is_before(now_ms, due));
        if is_due {
            self.due_ms.set(None);
        }
        is_due
    }

    /// Waits so long. It needs no waker: the loop polls when [`set`](Self::set) says so.
    pub(crate) async fn sleep(&self, ms: u32) {
        let start = self.now_ms.get();
        poll_fn(|_| {
            if self.now_ms.get().wrapping_sub(start) >= ms {
                return Poll::Ready(());
            }
            self.expect(start.wrapping_add(ms));
            Poll::Pending
        })
        .await;
    }

    fn expect(&self, due_ms: u32) {
        let earliest = self.due_ms.get().filter(|other| is_before(*other, due_ms));
        self.due_ms.set(Some(earliest.unwrap_or(due_ms)));
    }
}

/// Wrap-safe for moments that are less than 24 days apart; who sleeps longer is polled too often, and sleeps on.
const fn is_before(a: u32, b: u32) -> bool {
    a.wrapping_sub(b) > u32::MAX / 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::pin::pin;
    use core::task::{Context, Waker};

    #[test]
    fn the_earliest_sleeper_counts_and_the_others_wait_on() {
        let clock = Clock::new();
        clock.set(u32::MAX - 4);
        let (mut long, mut short) = (pin!(clock.sleep(20)), pin!(clock.sleep(10)));
        let mut context = Context::from_waker(Waker::noop());
        let mut poll = || {
            (
                long.as_mut().poll(&mut context),
                short.as_mut().poll(&mut context),
            )
        };
        assert_eq!(poll(), (Poll::Pending, Poll::Pending));
        assert!(!clock.set(4), "9 ms later");
        assert!(clock.set(5), "10 ms later");
        assert_eq!(poll(), (Poll::Pending, Poll::Ready(())));
        assert!(!clock.set(14) && clock.set(15));
    }

    #[test]
    fn a_sleep_of_weeks_is_not_cut_short() {
        let clock = Clock::new();
        let mut weeks = pin!(clock.sleep(u32::MAX));
        let mut context = Context::from_waker(Waker::noop());
        for now in [0, 1, 1 << 30, 1 << 31, u32::MAX - 1] {
            clock.set(now);
            assert_eq!(weeks.as_mut().poll(&mut context), Poll::Pending);
        }
        assert!(clock.set(u32::MAX));
        assert_eq!(weeks.as_mut().poll(&mut context), Poll::Ready(()));
    }
}
