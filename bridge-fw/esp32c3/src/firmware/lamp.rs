//! An LED at a pin.

use esp_hal::gpio::{Level, Output, OutputConfig, OutputPin};

/// It begins dark.
pub(super) struct Lamp {
    pin: Output<'static>,
    inverted: bool,
}

impl Lamp {
    /// `inverted`: it is lit while the pin is low.
    pub(super) fn new(pin: impl OutputPin + 'static, inverted: bool) -> Self {
        let pin = Output::new(pin, Level::from(inverted), OutputConfig::default());
        Self { pin, inverted }
    }

    pub(super) fn set(&mut self, lit: bool) {
        self.pin.set_level(Level::from(lit != self.inverted));
    }
}
