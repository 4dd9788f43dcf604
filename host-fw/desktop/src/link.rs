//! The link's thread: pins, reset wire, pace. It knows nothing of the application but that it may be woken.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use fivewire_gpio::{HostWires, Limits, Pace, Pause, PinFault, Pins, ResetPin, Role};
use fivewire_host::{Config, Runner, link_settings};
use fivewire_text::{AnyLink, StockBridge};
use fivewire_wires::{Input, Output, Wires};

/// A step while the bridge is held in reset.
const HELD_STEP: Duration = Duration::from_millis(1);

/// A link to a bridge of either kind.
pub(crate) type DesktopLink = AnyLink<StockBridge>;
/// The host's runner on a computer: the bounds are the usual ones.
pub(crate) type DesktopRunner<'a> = Runner<'a, CriticalSectionRawMutex, DesktopLink>;

/// A stopped link.
pub(crate) fn new_link(config: &Config<'_>, epoch: u16) -> DesktopLink {
    AnyLink::new(link_settings(config, epoch), StockBridge::new())
}

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

fn host_wires(wires: &Wires) -> HostWires<Output, Output, Input, Input, Output> {
    let fivewire_wires::Pins {
        clock_out,
        data_out,
        clock_in,
        data_in,
    } = wires.host_pins();
    let pins = Pins::new(Role::Initiator, clock_out, data_out, clock_in, data_in);
    HostWires::new(pins, ResetPin::new(wires.reset_out()))
}

/// Clocks the wires until `stop` is set.
pub(crate) fn drive(
    wires: &Wires,
    mut runner: DesktopRunner<'_>,
    clock: Clock,
    stop: &AtomicBool,
) -> Result<(), PinFault> {
    let mut pins = host_wires(wires);
    let mut pace = Pace::new();
    while !stop.load(Ordering::Relaxed) {
        let outputs = runner.service(clock.now_ms());
        if pins.hold(outputs.reset_asserted, runner.link_mut())? {
            thread::sleep(HELD_STEP);
            continue;
        }
        let burst = pins.burst(runner.link_mut(), clock.now_ms(), Limits::DEFAULT)?;
        match pace.after(&burst) {
            Pause::None => {}
            Pause::Yield => thread::yield_now(),
            Pause::Sleep { us } => thread::sleep(Duration::from_micros(us.into())),
        }
    }
    pins.release()
}
