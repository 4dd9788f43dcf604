//! The five wires at the host's end: who holds the bridge in reset, and from which levels the link starts when it is let
//! go. Deliberately without a view on when: that is the host's business.

use embedded_hal::digital::{InputPin, OutputPin};
use fivewire_link::Clocked;

use crate::fault::PinFault;
use crate::pins::{Burst, Limits, Pins};
use crate::reset::ResetPin;

/// [`Pins`] of an initiator and the [`ResetPin`] of its bridge.
#[derive(Debug)]
pub struct HostWires<ClockOut, DataOut, ClockIn, DataIn, Reset> {
    pins: Pins<ClockOut, DataOut, ClockIn, DataIn>,
    reset: ResetPin<Reset>,
    is_held: bool,
}

impl<ClockOut, DataOut, ClockIn, DataIn, Reset> HostWires<ClockOut, DataOut, ClockIn, DataIn, Reset>
where
    ClockOut: OutputPin,
    DataOut: OutputPin,
    ClockIn: InputPin,
    DataIn: InputPin,
    Reset: OutputPin,
{
    /// The wires of a host, which are left as they are.
    pub const fn new(pins: Pins<ClockOut, DataOut, ClockIn, DataIn>, reset: ResetPin<Reset>) -> Self {
        HostWires {
            pins,
            reset,
            is_held: false,
        }
    }

    /// Holds the bridge in reset, or lets it go, and tells whether it is held. The link's first bit is on its wire
    /// before the bridge is let go.
    ///
    /// # Errors
    /// [`PinFault`] when a pin reports one.
    pub fn hold(&mut self, hold: bool, link: &mut impl Clocked) -> Result<bool, PinFault> {
        if hold && !self.is_held {
            self.reset.assert()?;
            self.pins.stop()?;
        } else if self.is_held && !hold {
            self.pins.start(link)?;
            self.reset.release()?;
        }
        self.is_held = hold;
        Ok(hold)
    }

    /// See [`Pins::burst`]. Not to be called while the bridge is held.
    ///
    /// # Errors
    /// [`PinFault`] when a pin reports one.
    #[inline]
    pub fn burst(&mut self, link: &mut impl Clocked, now_ms: u32, limits: Limits) -> Result<Burst, PinFault> {
        self.pins.burst(link, now_ms, limits)
    }

    /// Lets the bridge go for good, whatever the host wants: it goes on by itself.
    ///
    /// # Errors
    /// [`PinFault`] when the pin reports one.
    pub fn release(&mut self) -> Result<(), PinFault> {
        self.is_held = false;
        self.reset.release()
    }
}
