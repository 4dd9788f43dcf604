//! Bytes as `embedded-hal` pins. Deliberately cheap to make: any number of pins may look at the same byte.

use std::convert::Infallible;
use std::sync::Arc;

use embedded_hal::digital::{ErrorType, InputPin, OutputPin, PinState};

use crate::memory::{Byte, Memory};

/// A wire that this program drives.
#[derive(Clone, Debug)]
pub struct Output {
    pub(crate) memory: Arc<Memory>,
    pub(crate) byte: Byte,
}

/// A wire that this program listens to.
#[derive(Clone, Debug)]
pub struct Input {
    pub(crate) memory: Arc<Memory>,
    pub(crate) byte: Byte,
}

/// The four wires of one end that carry bits.
#[derive(Clone, Debug)]
pub struct Pins {
    /// The clock that this end drives.
    pub clock_out: Output,
    /// The data that this end drives.
    pub data_out: Output,
    /// The peer's clock.
    pub clock_in: Input,
    /// The peer's data.
    pub data_in: Input,
}

impl ErrorType for Output {
    type Error = Infallible;
}

impl OutputPin for Output {
    #[inline]
    fn set_low(&mut self) -> Result<(), Infallible> {
        self.set_state(PinState::Low)
    }

    #[inline]
    fn set_high(&mut self) -> Result<(), Infallible> {
        self.set_state(PinState::High)
    }

    #[inline]
    fn set_state(&mut self, state: PinState) -> Result<(), Infallible> {
        self.memory.put(self.byte, state.into());
        Ok(())
    }
}

impl ErrorType for Input {
    type Error = Infallible;
}

impl InputPin for Input {
    #[inline]
    fn is_high(&mut self) -> Result<bool, Infallible> {
        Ok(self.memory.is_high(self.byte))
    }

    #[inline]
    fn is_low(&mut self) -> Result<bool, Infallible> {
        Ok(!self.memory.is_high(self.byte))
    }
}
