//! Five wires between two programs of one computer: the bytes of a memory-mapped file, or of memory that two
//! threads share. Whoever reads and writes these bytes can sit at either end.
//!
//! | byte | wire | driven by |
//! |---|---|---|
//! | 0 | data host → bridge | host |
//! | 1 | clock host → bridge | host |
//! | 2 | data bridge → host | bridge |
//! | 3 | clock bridge → host | bridge |
//! | 4 | reset, active low, idles 1 | host |
//! | 5 | broker LED, 1 = lit = broker up | bridge |
//! | 6 | heartbeat LED, toggled every 500 ms | bridge |
//! | 7 | host LED | host |
//! | 8 | access point on air | whoever plays the world |
//! | 9 | the bridge's stored network is usable | whoever plays the world |
//!
//! 0 is low, anything else high. The file has 4096 bytes; the rest is unused. Data is stored before its clock: an
//! edge is released with the data before it, and acquired before the data is looked at.
//!
//! It is deliberately only the wires: the handshake on them is `fivewire-gpio`'s, for which the pins here are
//! ordinary `embedded-hal` pins, and no process is started or reset here.

mod error;
mod file;
mod memory;
mod pins;
mod wires;

pub use error::WiresError;
pub use pins::{Input, Output, Pins};
pub use wires::Wires;

/// Bytes of a wires file.
pub const SIZE: usize = 4096;
