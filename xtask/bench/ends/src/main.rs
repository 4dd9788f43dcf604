//! Bare-metal ends of a link for the emulators of cargo xtask bench link.

fn main() {}
