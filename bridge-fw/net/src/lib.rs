//! The bridge's sockets on embassy-net, for any board with a network driver.
//!
//! The bridge polls and never blocks; embassy-net is made of futures. Between the two stand [`Line`], the one TCP
//! connection, and [`Datagrams`], UDP: the bridge's end of each only looks at what they hold, and a future of the
//! other end ([`Line::run`], [`Datagrams::run`]) looks names up, connects and copies. [`Sockets`] is both.
//!
//! | where | what |
//! |---|---|
//! | [`Secure`] | what a board puts between TCP and MQTT; [`NoTls`] is nothing, `Tls` (feature `tls`, wants alloc) is TLS 1.3 |
//! | [`Target`] | the broker as the host configured it, kept while a connection lasts |
//! | [`Board`], [`run()`] | the rest of a board, and the loop around pins, bridge and sockets |
//!
//! All of it lives in one executor: nothing here is shared with an interrupt or another core. It is deliberately no
//! driver, knows no MQTT, and does not decide when to connect: that is the bridge's.
#![no_std]

#[cfg(feature = "tls")]
extern crate alloc;

mod board;
mod connection;
mod datagrams;
mod line;
mod lookup;
mod pump;
mod run;
mod secure;
mod sockets;
mod target;
#[cfg(feature = "tls")]
mod tls;

pub use board::Board;
pub use connection::Patience;
pub use datagrams::Datagrams;
pub use line::Line;
pub use run::run;
pub use secure::{NoTls, Secure};
pub use sockets::Sockets;
pub use target::{Target, TlsTarget};
#[cfg(feature = "tls")]
pub use tls::{Clock, Credentials, Identity, Random, Tls};
