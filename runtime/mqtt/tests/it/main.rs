//! Tests of the client from outside: golden packets, scripts, random input, a real broker.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod books;
mod clauses;
mod decoder;
mod exactly_once;
mod golden;
mod messages;
mod mosquitto;
mod requests;
mod script;
mod session;
mod store;
mod timing;
mod twice_never;
mod v5;
mod violations;
mod withdrawing;
