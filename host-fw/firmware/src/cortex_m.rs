//! What boards with a Cortex-M core share: a panic or a fault is told and ends in a reset. Deliberately without clocks:
//! how fast a core runs is its board's business.

use core::fmt;
use core::panic::PanicInfo;
use core::sync::atomic::{AtomicU32, Ordering};

use cortex_m::peripheral::syst::SystClkSource;
use cortex_m::peripheral::{SCB, SYST};
use cortex_m_rt::{ExceptionFrame, exception};

use crate::board::Time;
use crate::panic::last_words;

/// Milliseconds since [`Tick::start`].
static NOW_MS: AtomicU32 = AtomicU32::new(0);
/// From one tick to the next.
const TICK_US: u32 = 1000;

/// Time from the core's own timer, which interrupts every millisecond.
#[derive(Debug)]
pub struct Tick(());

impl Tick {
    /// Starts it. `core_hz` is the frequency of the core, at most 16 GHz.
    #[must_use]
    pub fn start(mut timer: SYST, core_hz: u32) -> Self {
        timer.set_clock_source(SystClkSource::Core);
        timer.set_reload((core_hz / 1000).saturating_sub(1));
        timer.clear_current();
        timer.enable_counter();
        timer.enable_interrupt();
        Tick(())
    }
}

impl Time for Tick {
    fn now_ms(&mut self) -> u32 {
        NOW_MS.load(Ordering::Relaxed)
    }

    /// Until the next tick, a millisecond away at most; so a shorter rest is none.
    fn rest(&mut self, us: u32) {
        if us >= TICK_US {
            cortex_m::asm::wfi();
        }
    }
}

#[exception]
fn SysTick() {
    // Nobody else writes it, so load and store are enough; the smallest cores have nothing better.
    NOW_MS.store(NOW_MS.load(Ordering::Relaxed).wrapping_add(1), Ordering::Relaxed);
}

/// Where the core was when it faulted.
struct Fault<'a>(&'a ExceptionFrame);

impl fmt::Display for Fault<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (at, from) = (self.0.pc(), self.0.lr());
        write!(f, "hard fault at {at:#010x}, called from {from:#010x}")
    }
}

// Not `expect`: the macro puts it on a safe function, too.
#[allow(unsafe_code, reason = "cortex-m-rt's form of a fault handler")]
#[exception]
unsafe fn HardFault(frame: &ExceptionFrame) -> ! {
    end(&Fault(frame))
}

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    end(info)
}

fn end(cause: &dyn fmt::Display) -> ! {
    cortex_m::interrupt::disable();
    last_words(cause);
    SCB::sys_reset()
}
