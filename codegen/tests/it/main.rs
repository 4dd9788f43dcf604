//! Tests of the protocol compiler as its users call it.

mod fresh;
mod rules;
