//! A pin of the board that is not there.

use core::convert::Infallible;
use core::hint::black_box;

use embedded_hal::digital::{ErrorType, InputPin, OutputPin};

/// Goes nowhere, and comes from where the compiler cannot foresee it.
pub(crate) struct Pin;

impl ErrorType for Pin {
    type Error = Infallible;
}

impl OutputPin for Pin {
    fn set_low(&mut self) -> Result<(), Infallible> {
        black_box(());
        Ok(())
    }

    fn set_high(&mut self) -> Result<(), Infallible> {
        black_box(());
        Ok(())
    }
}

impl InputPin for Pin {
    fn is_high(&mut self) -> Result<bool, Infallible> {
        Ok(black_box(false))
    }

    fn is_low(&mut self) -> Result<bool, Infallible> {
        Ok(black_box(false))
    }
}
