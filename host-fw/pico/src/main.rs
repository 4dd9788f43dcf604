//! The host on a Raspberry Pi Pico (RP2040): pins and clocks.

fn main() {}
