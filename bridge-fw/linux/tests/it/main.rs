//! The bridge program against a real broker: a test host at the other end of the wires, mosquitto at the other end of
//! TCP, and between them the loop on a thread or the process itself.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod bridge;
mod broker;
mod host;

mod loss;
mod process;
mod traffic;
