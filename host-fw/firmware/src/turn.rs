//! The loop: the link at full speed while symbols flow, the application when something happened, and a rest when
//! nothing did. Deliberately without an executor, an interrupt or a lock: one turn is one function call, so that a test
//! can take turns too.

use core::convert::Infallible;
use core::pin::Pin;
use core::task::{Context, Waker};

use embassy_sync::blocking_mutex::raw::NoopRawMutex;
use embedded_hal::digital::OutputPin;
use fivewire_gpio::{Pace, Pause, PinFault};
use fivewire_host::{Config, Runner, link_settings};
use fivewire_text::{AnyLink, StockBridge};

use crate::board::{Time, Wires};
use crate::clock::Clock;
use crate::report::Log;
use crate::wake::Flag;

/// A step while the bridge is held in reset.
const HELD: Pause = Pause::Sleep { us: 1000 };

/// A link to a bridge of either kind.
pub(crate) type BoardLink = AnyLink<StockBridge>;
/// The host's runner: the bounds are the usual ones.
pub(crate) type BoardRunner<'a> = Runner<'a, NoopRawMutex, BoardLink>;

/// A stopped link.
pub(crate) fn new_link(config: &Config<'_>, epoch: u16) -> BoardLink {
    AnyLink::new(link_settings(config, epoch), StockBridge::new())
}

/// What takes turns.
pub(crate) struct Turns<'a, 'h, W, Heartbeat, T, L> {
    pub(crate) runner: BoardRunner<'h>,
    pub(crate) wires: &'a mut W,
    pub(crate) heartbeat: &'a mut Heartbeat,
    pub(crate) time: &'a mut T,
    pub(crate) clock: &'a Clock,
    pub(crate) log: &'a L,
    pub(crate) woken: &'static Flag,
    pub(crate) waker: Waker,
    pub(crate) pace: Pace,
}

impl<W: Wires, Heartbeat: OutputPin, T: Time, L: Log> Turns<'_, '_, W, Heartbeat, T, L> {
    /// One turn.
    ///
    /// # Errors
    /// A pin failed.
    pub(crate) fn take(&mut self, app: Pin<&mut impl Future<Output = Infallible>>) -> Result<(), PinFault> {
        let now_ms = self.time.now_ms();
        let is_due = self.clock.set(now_ms);
        self.log.set_time(now_ms);
        let outputs = self.runner.service(now_ms);
        // A LED that fails is no reason to end.
        let _ = self.heartbeat.set_state(outputs.led.into());
        let pause = self.clock_wires(outputs.reset_asserted, now_ms)?;
        let is_woken = self.woken.take() || is_due;
        if is_woken {
            let _ = app.poll(&mut Context::from_waker(&self.waker));
        }
        let may_rest = self.log.drain();
        match pause {
            // What the application did the link should know before it rests.
            Pause::Sleep { us } if may_rest && !is_woken => self.time.rest(us),
            Pause::Sleep { .. } | Pause::Yield | Pause::None => {}
        }
        Ok(())
    }

    fn clock_wires(&mut self, hold: bool, now_ms: u32) -> Result<Pause, PinFault> {
        if self.wires.hold(hold, self.runner.link_mut())? {
            return Ok(HELD);
        }
        let burst = self.wires.burst(self.runner.link_mut(), now_ms)?;
        Ok(self.pace.after(&burst))
    }
}
