//! Tests of the client from outside: a scripted network with a hand-polled executor and virtual time, a real broker over
//! TCP, and the examples as their users start them.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod broker;
#[path = "../../../transport/tests/it/certificates.rs"]
#[expect(dead_code, reason = "its other users need more of it")]
mod certificates;
mod connecting;
mod deadlines;
mod dropping;
mod examples;
mod mosquitto;
#[path = "../../examples/support/network.rs"]
mod network;
mod real;
mod receiving;
mod stack;
mod world;
