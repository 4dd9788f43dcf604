//! A waker that is a flag: the loop polls the application when it is set. Deliberately nothing more: there is one
//! application, and the loop comes by at least every millisecond.

use core::sync::atomic::{AtomicBool, Ordering};
use core::task::{RawWaker, RawWakerVTable, Waker};

/// Set whenever a waker that was made of it wakes.
#[derive(Debug)]
pub(crate) struct Flag(AtomicBool);

impl Flag {
    /// Set, so that what waits for it is polled for the first time.
    pub(crate) const fn new() -> Self {
        Self(AtomicBool::new(true))
    }

    /// True when it was set; it no longer is.
    pub(crate) fn take(&self) -> bool {
        // Not a swap: the smallest cores have none. What an interrupt sets between the two is not lost, for who asks
        // polls behind this.
        let was_set = self.0.load(Ordering::Acquire);
        self.0.store(false, Ordering::Release);
        was_set
    }

    /// A waker that sets it, from any context.
    #[expect(unsafe_code, reason = "core makes a waker of a pointer in no other way")]
    pub(crate) fn waker(&'static self) -> Waker {
        // SAFETY: the pointer is to a static of the very type that the table's functions take it for.
        unsafe { Waker::from_raw(raw(core::ptr::from_ref(self).cast())) }
    }
}

const TABLE: RawWakerVTable = RawWakerVTable::new(raw, set, set, |_| ());

fn raw(flag: *const ()) -> RawWaker {
    RawWaker::new(flag, &TABLE)
}

#[expect(unsafe_code, reason = "core makes a waker of a pointer in no other way")]
fn set(flag: *const ()) {
    // SAFETY: only `Flag::waker` makes a waker with this table, of a `&'static Flag`.
    let flag: &'static Flag = unsafe { &*flag.cast() };
    flag.0.store(true, Ordering::Release);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_waker_made_of_it_sets_it() {
        static FLAG: Flag = Flag::new();
        assert!(FLAG.take() && !FLAG.take());
        let waker = FLAG.waker();
        let other = waker.clone();
        drop(waker);
        assert!(!FLAG.take());
        other.wake_by_ref();
        assert!(FLAG.take() && !FLAG.take());
        other.wake();
        assert!(FLAG.take() && !FLAG.take());
    }
}
