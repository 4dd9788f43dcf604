//! Images and boards: what `cargo xtask build`, `flash`, `monitor` and `size` do when xtask has compiled the firmware. xtask
//! itself stays small, so that a broken spec or runtime never keeps it from starting; this is a program that it starts.
//!
//! [`log`] is also for other tools that read a board's log.

pub mod board;
pub mod elf;
pub mod flash;
pub mod image;
pub mod log;
mod machine;
pub mod manifest;
pub mod monitor;
pub mod pack;
pub mod pair;
#[cfg(test)]
mod sample;
pub mod settings;
pub mod sizes;
pub mod ui;
