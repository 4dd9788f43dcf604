//! The host on a Pyboard (STM32F405): pins and clocks.

fn main() {}
