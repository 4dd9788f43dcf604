//! An RP2040 at 125 MHz as far as an end of a link needs it: the time, and what is done between two bursts.

use fivewire_gpio::Pause;
use rp2040_hal::{Clock as _, Sio, Timer, clocks::init_clocks_and_plls, gpio::Pins, pac, watchdog::Watchdog};

/// What a Pico has.
const CRYSTAL_HZ: u32 = 12_000_000;
const CLOCK_HZ: u32 = 125_000_000;

/// Nobody is told; the emulator sees that nothing goes on.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}

/// Time since the start.
#[derive(Clone, Copy)]
pub(crate) struct Clock(Timer);

impl Clock {
    pub(crate) fn now_us(&self) -> u32 {
        self.0.get_counter_low()
    }

    pub(crate) fn now_ms(&self) -> u32 {
        self.now_us() / 1000
    }

    /// A sleep without a sleep mode: emulated time passes either way.
    pub(crate) fn rest(&self, pause: Pause) {
        let us = match pause {
            Pause::None | Pause::Yield => return,
            Pause::Sleep { us } => us,
        };
        let start = self.now_us();
        while self.now_us().wrapping_sub(start) < us {}
    }
}

/// Clocks at full speed, the pins, and the time. None when it was called before, or the clocks do not start
/// at 125 MHz, in which all figures are told.
pub(crate) fn start() -> Option<(Pins, Clock)> {
    let mut pac = pac::Peripherals::take()?;
    let mut watchdog = Watchdog::new(pac.WATCHDOG);
    let clocks = init_clocks_and_plls(
        CRYSTAL_HZ,
        pac.XOSC,
        pac.CLOCKS,
        pac.PLL_SYS,
        pac.PLL_USB,
        &mut pac.RESETS,
        &mut watchdog,
    )
    .ok()?;
    if clocks.system_clock.freq().to_Hz() != CLOCK_HZ {
        return None;
    }
    let timer = Timer::new(pac.TIMER, &mut pac.RESETS, &clocks);
    let sio = Sio::new(pac.SIO);
    let pins = Pins::new(pac.IO_BANK0, pac.PADS_BANK0, sio.gpio_bank0, &mut pac.RESETS);
    Some((pins, Clock(timer)))
}
