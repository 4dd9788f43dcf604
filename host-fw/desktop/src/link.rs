//! The link's thread: pins, reset wire, pace. It knows nothing of the application but that it may be woken.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use fivewire_gpio::{Limits, Pace, Pause, PinFault, Pins, ResetPin, Role};
use fivewire_host::{Outputs, Runner};
use fivewire_wires::{Input, Output, Wires};

/// Bytes of the link's buffers, each way.
pub(crate) const LINK_BYTES: usize = 2_560;
/// A step while the bridge is held in reset.
const HELD_STEP: Duration = Duration::from_millis(1);

/// The host's runner on a computer: the bounds are the usual ones.
pub(crate) type DesktopRunner<'a> =
    Runner<'a, CriticalSectionRawMutex, 32, 4096, 8, 4096, 8, LINK_BYTES, LINK_BYTES>;

/// The milliseconds since the program started.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock(Instant);

impl Clock {
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn now_ms(self) -> u32 {
        self.0.elapsed().as_millis() as u32
    }
}

/// The five wires at this end.
struct HostPins {
    pins: Pins<Output, Output, Input, Input>,
    reset: ResetPin<Output>,
    held: bool,
}

impl HostPins {
    fn new(wires: &Wires) -> Self {
        let fivewire_wires::Pins {
            clock_out,
            data_out,
            clock_in,
            data_in,
        } = wires.host_pins();
        let pins = Pins::new(Role::Initiator, clock_out, data_out, clock_in, data_in);
        Self {
            pins,
            reset: ResetPin::new(wires.reset_out()),
            held: false,
        }
    }

    /// Follows the host's outputs. The link's first bit is on its wire before the bridge is let go.
    fn follow(&mut self, outputs: &Outputs, runner: &mut DesktopRunner<'_>) -> Result<(), PinFault> {
        if outputs.reset_asserted && !self.held {
            self.reset.assert()?;
            self.pins.stop()?;
        } else if self.held && !outputs.reset_asserted {
            self.pins.start(runner.link_mut())?;
            self.reset.release()?;
        }
        self.held = outputs.reset_asserted;
        Ok(())
    }
}

/// Clocks the wires until `stop` is set.
pub(crate) fn drive(
    wires: &Wires,
    mut runner: DesktopRunner<'_>,
    clock: Clock,
    stop: &AtomicBool,
) -> Result<(), PinFault> {
    let mut pins = HostPins::new(wires);
    let mut pace = Pace::new();
    while !stop.load(Ordering::Relaxed) {
        let outputs = runner.service(clock.now_ms());
        pins.follow(&outputs, &mut runner)?;
        if pins.held {
            thread::sleep(HELD_STEP);
            continue;
        }
        let burst = pins
            .pins
            .burst(runner.link_mut(), clock.now_ms(), Limits::DEFAULT)?;
        match pace.after(&burst) {
            Pause::None => {}
            Pause::Yield => thread::yield_now(),
            Pause::Sleep { us } => thread::sleep(Duration::from_micros(us.into())),
        }
    }
    pins.reset.release()
}
