//! cargo xtask emu: the Pico's image in an emulator against a bridge and a real broker.

fn main() {}
