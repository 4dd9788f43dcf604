//! A pin that does not obey, and which one. Deliberately without the pin's own error type: it differs from wire to
//! wire, and nobody can do more about it than report it.

use core::fmt;

use embedded_hal::digital::ErrorKind;

/// A wire of this end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// The clock that this end drives.
    ClockOut,
    /// The data that this end drives.
    DataOut,
    /// The peer's clock.
    ClockIn,
    /// The peer's data.
    DataIn,
    /// The bridge's reset.
    Reset,
}

/// A pin reported an error. The pins of microcontrollers have none; those behind a bus do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PinFault {
    /// The wire it is on.
    pub wire: Wire,
    /// What the pin said.
    pub kind: ErrorKind,
}

impl PinFault {
    pub(crate) fn on(wire: Wire) -> impl Fn(ErrorKind) -> PinFault {
        move |kind| PinFault { wire, kind }
    }
}

impl fmt::Display for PinFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {:?} pin failed: {}", self.wire, self.kind)
    }
}

impl core::error::Error for PinFault {}
