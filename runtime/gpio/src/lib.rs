//! The five wires on any `embedded-hal` 1.0 pins, and a link moved over them.
//!
//! [`Pins`] moves the bits of a [`Clocked`] link by the handshake: each end waits for the other's clock
//! edge, samples its data, puts its own and toggles its own clock. No speed, timer or interrupt is assumed, and
//! either end may stall at any time. [`Pins::burst`] is the synchronous core, bounded in bits and in patience;
//! [`Pace`] says what a driver does between two bursts; [`drive()`] is that loop for an executor. [`ResetPin`] is
//! the fifth wire, and [`HostWires`] all five at the host's end.
//!
//! It is deliberately the only runtime crate that knows `embedded-hal`, and it knows nothing of frames, sessions
//! or messages.
//!
//! | wire | host | bridge |
//! |---|---|---|
//! | clock, data host → bridge | `clock_out`, `data_out` | `clock_in`, `data_in` |
//! | clock, data bridge → host | `clock_in`, `data_in` | `clock_out`, `data_out` |
//! | reset, active low, open drain | [`ResetPin`] | its reset input |
//!
//! The host is the [`Role::Initiator`]. The bridge's clock needs a pull-down (some 10 kΩ) at the host, so that it
//! reads low while the bridge is in reset.
//!
//! [`Clocked`]: fivewire_link::Clocked
#![no_std]

mod drive;
mod fault;
mod host;
mod pace;
mod pins;
mod reset;

pub use drive::drive;
pub use fault::{PinFault, Wire};
pub use host::HostWires;
pub use pace::{Pace, Pause};
pub use pins::{Burst, Limits, Outcome, Pins, Role};
pub use reset::ResetPin;
