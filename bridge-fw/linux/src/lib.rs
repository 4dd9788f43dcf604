//! The bridge on a computer: `fivewire-bridge` as a library, so that a demonstration or a test can run it on a thread
//! beside a host.
//!
//! Everything that thinks is in the `fivewire-bridge` crate. Here are the board ([`run`]'s platform: the computer's
//! sockets, Wi-Fi and lamps as bytes of the wires file) and the loop around it. It is deliberately no broker and no
//! host.

mod memory;
mod platform;
mod report;
mod run;
mod tcp;
mod udp;
mod wifi;

pub use report::{Detail, Report};
pub use run::{Options, client_id_of, run};
