//! The real host before a stock MicroPython bridge, in virtual time, with faults drawn from one seed.
//!
//! [`StockWorld`] runs the real host core with its text link, bit by bit, against a model of the old bridge: its link
//! (`syncom`), its program (`program`), and what it has around it (`outside`). Others publish payloads that are made to
//! forge what the bridge says. What is owed to the application all the same is in `judge`.
//!
//! `cargo test -p fivewire-sim` runs a few dozen random seeds, as `crate` tells; `cargo xtask sim --text-seeds 1000`
//! runs so many. It is deliberately no model of a MicroPython host, which has tests of its own in `runtime/text`.

mod judge;
mod outside;
mod plan;
mod program;
mod syncom;
mod world;

pub use judge::StockTally;
pub use plan::{StockFault, StockSetup};
pub use world::{StockSummary, StockWorld};
