//! What cargo xtask build, flash, monitor and size do with images and boards.

fn main() {}
