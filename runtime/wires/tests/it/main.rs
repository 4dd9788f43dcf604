//! The file as other programs see it, and two links at full speed over the wires.

mod exchange;
mod file;
