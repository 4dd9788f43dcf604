//! Tests of the protocol compiler as its users call it.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "panicking is how a test's helpers say no"
)]

mod cases;
mod fresh;
mod fuzz;
mod python;
mod round_trip;
mod rules;
mod text;
mod wire_hash;
