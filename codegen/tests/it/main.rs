//! Tests of the protocol compiler as its users call it.

mod cases;
mod fresh;
mod fuzz;
mod round_trip;
mod rules;
