//! Runs one future on the thread that calls, with pauses and an end from outside. Deliberately no more: threads are
//! cheap on a computer, and each part of the program has its own.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

/// How often the stop flag is looked at while nothing happens.
const STOP_STEP: Duration = Duration::from_millis(20);

/// An executor for one thread.
pub(crate) struct Executor<'s> {
    stop: &'s AtomicBool,
    /// The earliest end of a pause that was asked for in this turn.
    wake_at: Cell<Option<Instant>>,
}

impl<'s> Executor<'s> {
    /// One that gives up when `stop` is set.
    pub(crate) const fn new(stop: &'s AtomicBool) -> Self {
        Self {
            stop,
            wake_at: Cell::new(None),
        }
    }

    /// Runs `future` to its end. None when it was stopped before.
    pub(crate) fn block_on<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        let mut future = pin!(future);
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        loop {
            self.wake_at.set(None);
            if let Poll::Ready(result) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
                return Some(result);
            }
            if self.stop.load(Ordering::Relaxed) {
                return None;
            }
            let pause = self
                .wake_at
                .get()
                .map(|at| at.saturating_duration_since(Instant::now()));
            thread::park_timeout(pause.unwrap_or(STOP_STEP).min(STOP_STEP));
        }
    }

    /// A pause within this executor's future.
    pub(crate) async fn sleep(&self, pause: Duration) {
        let until = Instant::now() + pause;
        poll_fn(|_| {
            if Instant::now() >= until {
                return Poll::Ready(());
            }
            let first = self.wake_at.get().map_or(until, |at| at.min(until));
            self.wake_at.set(Some(first));
            Poll::Pending
        })
        .await;
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_future_runs_to_its_end_or_is_stopped() {
        let stop = AtomicBool::new(false);
        let executor = Executor::new(&stop);
        let two = async {
            executor.sleep(Duration::from_millis(1)).await;
            executor.sleep(Duration::ZERO).await;
            2
        };
        assert_eq!(executor.block_on(two), Some(2));
        stop.store(true, Ordering::Relaxed);
        assert_eq!(executor.block_on(std::future::pending::<()>()), None);
    }

    #[test]
    fn another_thread_wakes_it() {
        let stop = AtomicBool::new(false);
        let ready = AtomicBool::new(false);
        thread::scope(|scope| {
            let waiting = poll_fn(|context| {
                if ready.load(Ordering::Acquire) {
                    return Poll::Ready(());
                }
                let waker = context.waker().clone();
                let ready = &ready;
                scope.spawn(move || {
                    ready.store(true, Ordering::Release);
                    waker.wake();
                });
                Poll::Pending
            });
            assert_eq!(Executor::new(&stop).block_on(waiting), Some(()));
        });
    }
}
