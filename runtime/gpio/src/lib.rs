//! Any embedded-hal 1.0 pins as the five wires of a fivewire link (no_std).
#![no_std]
