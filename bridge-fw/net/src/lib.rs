//! The bridge's sockets on embassy-net, for any board with a network driver.
//!
//! The bridge polls and never blocks; embassy-net is made of futures. Between the two stand [`Line`], the one TCP
//! connection, and [`Datagrams`], UDP: the bridge's end of each only looks at what they hold, and a future of the
//! other end ([`Line::run`], [`Datagrams::run`]) looks names up, connects and copies. [`Sockets`] is both.
//!
//! | where | what |
//! |---|---|
//! | [`Secure`] | what a board puts between TCP and MQTT; [`NoTls`] is nothing |
//! | [`Target`] | the broker as the host configured it, kept while a connection lasts |
//!
//! All of it lives in one executor: nothing here is shared with an interrupt or another core. It is deliberately no
//! driver, knows no MQTT, and does not decide when to connect: that is the bridge's.
#![no_std]

mod connection;
mod datagrams;
mod line;
mod lookup;
mod pump;
mod secure;
mod sockets;
mod target;

pub use connection::Patience;
pub use datagrams::Datagrams;
pub use line::Line;
pub use secure::{NoTls, Secure};
pub use sockets::Sockets;
pub use target::{Target, TlsTarget};
