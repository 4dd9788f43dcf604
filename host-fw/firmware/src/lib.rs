//! What every board's host firmware shares: the loop, time, the baked configuration, the log.
//!
//! A board's program takes its chip apart, makes a [`Board`] of it and calls `run`; all else is here. A board is five
//! pins, two LEDs, [`Time`] and a log [`Port`]. Boards with a Cortex-M core find time, panic and fault handlers in
//! `cortex_m`; others bring their own and call `last_words` in them.
//!
//! [`serve`] and [`fail`] are the same with a slot and a log of one's own; they run on a computer, too.
//!
//! Deliberately not here: pins and clocks of any chip, and the application (`fivewire-host-fw-app`).
#![no_std]

mod app;
mod board;
mod clock;
mod frames;
mod report;
mod ring;
mod run;
mod turn;
mod wake;

#[cfg(all(target_os = "none", target_arch = "arm"))]
pub mod cortex_m;
#[cfg(target_os = "none")]
mod entry;
#[cfg(target_os = "none")]
mod image;
#[cfg(target_os = "none")]
mod log;
#[cfg(target_os = "none")]
mod panic;

pub use board::{Board, Port, Time, Wires};
#[cfg(target_os = "none")]
pub use entry::run;
pub use fivewire_gpio as gpio;
pub use frames::Frames;
#[cfg(target_os = "none")]
pub use panic::last_words;
pub use report::{Failure, Log, Report};
pub use run::{Host, fail, serve};
