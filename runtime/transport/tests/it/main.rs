//! Streams against mosquitto, and against small servers for what mosquitto does not do. The certificates are made by
//! each test; no `openssl` is needed.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "../../../../bridge-fw/linux/tests/it/broker.rs"]
mod broker;
mod certificates;
mod flow;
mod server;
mod talk;
mod tasks;
mod tcp;
mod tls;
mod websocket;
