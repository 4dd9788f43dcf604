//! The two programs over a wires file, with a real mosquitto: what a user of both sees. The faults of the MicroPython
//! system each have their test here. Single crates are tested beside them; random faults in virtual time are runtime/sim's.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "../../../../bridge-fw/linux/tests/it/broker.rs"]
mod broker;
#[path = "../../../../runtime/transport/tests/it/certificates.rs"]
mod certificates;
mod delivery;
mod demo;
mod faults;
mod pair;
mod secure;
mod stock;
mod stubborn;
