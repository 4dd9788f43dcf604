//! A host on the wires file, moved by a loop: bits, the reset wire, time.
//!
//! Not here: what the application does (see `host`).

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::anyhow;
use fivewire_gpio::{Limits, Pace, Pause, Pins, ResetPin, Role};
use fivewire_host::{Config, Host};
use fivewire_wires::{Input, Output, Wires};

/// The usual bounds.
pub(crate) type End<'a> = Host<'a>;

/// The host with its pins.
pub(crate) struct Rig<'a> {
    pub(crate) host: End<'a>,
    pins: Pins<Output, Output, Input, Input>,
    reset: ResetPin<Output>,
    in_reset: bool,
    pace: Pace,
    start: Instant,
}

impl<'a> Rig<'a> {
    pub(crate) fn new(config: Config<'a>, wires: &Path) -> anyhow::Result<Self> {
        let wires = Wires::open_or_create(wires)?;
        let fivewire_wires::Pins {
            clock_out,
            data_out,
            clock_in,
            data_in,
        } = wires.host_pins();
        // Another number at each start.
        let epoch = std::process::id() as u16 | 1;
        Ok(Self {
            host: Host::new(config, epoch, 0).map_err(|error| anyhow!("{error}"))?,
            pins: Pins::new(Role::Initiator, clock_out, data_out, clock_in, data_in),
            reset: ResetPin::new(wires.reset_out()),
            in_reset: false,
            pace: Pace::new(),
            start: Instant::now(),
        })
    }

    /// A burst of bits and what follows from it.
    pub(crate) fn turn(&mut self) -> anyhow::Result<()> {
        self.clock()?;
        self.host.handle_timeout(self.now_ms());
        let asserted = self.host.reset_asserted();
        if asserted != self.in_reset {
            self.in_reset = asserted;
            if asserted {
                self.reset.assert()?;
                self.pins.stop()?;
            } else {
                self.pins.start(self.host.link_mut())?;
                self.reset.release()?;
            }
        }
        Ok(())
    }

    fn now_ms(&self) -> u32 {
        self.start.elapsed().as_millis() as u32
    }

    fn clock(&mut self) -> anyhow::Result<()> {
        if self.in_reset {
            std::thread::sleep(Duration::from_millis(1));
            return Ok(());
        }
        let now_ms = self.now_ms();
        let burst = self.pins.burst(self.host.link_mut(), now_ms, Limits::DEFAULT)?;
        match self.pace.after(&burst) {
            Pause::None => {}
            Pause::Yield => std::thread::yield_now(),
            Pause::Sleep { us } => std::thread::sleep(Duration::from_micros(us.into())),
        }
        Ok(())
    }
}
