//! Time: the CLINT's counter for timers, the real-time clock for chance, and the processor's sleep between them.
//!
//! No interrupt is ever taken: one that is pending ends the processor's wait, and the loop looks at what is due.

use core::cell::RefCell;
use core::task::Waker;

use critical_section::Mutex;
use embassy_time_driver::{Driver, time_driver_impl};
use embassy_time_queue_utils::Queue;

const COMPARE: *mut u32 = 0x0200_4000 as *mut u32;
const COUNTER: *const u32 = 0x0200_bff8 as *const u32;
/// Nanoseconds since 1970; reading the lower half latches the upper.
const REAL_TIME: *const u32 = 0x10_1000 as *const u32;

/// Counts of the counter, which runs at 10 MHz, in a microsecond.
const COUNTS_PER_US: u64 = 10;

struct Timers {
    queue: Mutex<RefCell<Queue>>,
}

time_driver_impl!(static TIMERS: Timers = Timers { queue: Mutex::new(RefCell::new(Queue::new())) });

impl Driver for Timers {
    fn now(&self) -> u64 {
        counter() / COUNTS_PER_US
    }

    fn schedule_wake(&self, at: u64, waker: &Waker) {
        // The loop looks for what is due before it sleeps.
        critical_section::with(|section| self.queue.borrow_ref_mut(section).schedule_wake(at, waker));
    }
}

/// Wakes the tasks whose timers are due, and says when the next one is.
pub(crate) fn wake_due() -> u64 {
    let now = TIMERS.now();
    critical_section::with(|section| TIMERS.queue.borrow_ref_mut(section).next_expiration(now))
}

/// Stops the processor until a time, in microseconds, or a little less.
#[allow(unsafe_code)]
pub(crate) fn sleep_until(us: u64) {
    let at = us.saturating_mul(COUNTS_PER_US);
    // SAFETY: these are the two halves of the machine's timer compare register. The upper half is at its highest
    // while the lower changes, so that no time in between is hit.
    unsafe {
        COMPARE.add(1).write_volatile(u32::MAX);
        COMPARE.write_volatile(at as u32);
        COMPARE.add(1).write_volatile((at >> 32) as u32);
        // SAFETY: interrupts stay off as a whole, so this only lets the timer end the wait.
        riscv::register::mie::set_mtimer();
    }
    riscv::asm::wfi();
}

/// Bits of the time of day, down to a nanosecond, mixed well. Nobody should have to foresee them to attack a test
/// machine; firmware has a better source.
pub(crate) fn random() -> u64 {
    // The finaliser of SplitMix64.
    let mut bits = real_time().wrapping_add(counter());
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[allow(unsafe_code)]
fn real_time() -> u64 {
    // SAFETY: these are the two halves of the machine's real-time clock; reading them touches no memory.
    unsafe {
        let low = REAL_TIME.read_volatile();
        u64::from(REAL_TIME.add(1).read_volatile()) << 32 | u64::from(low)
    }
}

#[allow(unsafe_code)]
fn counter() -> u64 {
    loop {
        // SAFETY: these are the two halves of the machine's counter; reading them touches no memory.
        let (before, low, after) = unsafe {
            let high = COUNTER.add(1);
            (
                high.read_volatile(),
                COUNTER.read_volatile(),
                high.read_volatile(),
            )
        };
        if before == after {
            return u64::from(after) << 32 | u64::from(low);
        }
    }
}
