//! The host on a Raspberry Pi Pico (RP2040): pins and clocks.
#![cfg_attr(target_os = "none", no_std, no_main)]

#[cfg(target_os = "none")]
mod board;

/// On a computer there is nothing to do.
#[cfg(not(target_os = "none"))]
fn main() {}
