//! The fifth wire. Deliberately without times: how long a pulse lasts is the host's business.

use embedded_hal::digital::{Error, OutputPin};

use crate::fault::{PinFault, Wire};

/// The bridge's reset: active low, on a pin that is best open drain.
#[derive(Debug)]
pub struct ResetPin<P> {
    pin: P,
}

impl<P: OutputPin> ResetPin<P> {
    /// A reset wire on `pin`, which is left as it is.
    pub const fn new(pin: P) -> Self {
        ResetPin { pin }
    }

    /// Holds the bridge in reset. 100 ms are enough for every board.
    ///
    /// # Errors
    /// [`PinFault`] when the pin reports one.
    pub fn assert(&mut self) -> Result<(), PinFault> {
        self.pin
            .set_low()
            .map_err(|error| PinFault::on(Wire::Reset)(error.kind()))
    }

    /// Lets the bridge go; it needs up to a second to boot.
    ///
    /// # Errors
    /// [`PinFault`] when the pin reports one.
    pub fn release(&mut self) -> Result<(), PinFault> {
        self.pin
            .set_high()
            .map_err(|error| PinFault::on(Wire::Reset)(error.kind()))
    }
}
