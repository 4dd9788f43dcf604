//! The bridge's sockets against a peer with a stack of its own, at the other end of a cable in memory.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests

mod authority;
mod clock;
mod closing;
mod datagrams;
mod opening;
mod running;
mod tls;
mod tls_impostor;
mod tls_server;
mod transfer;
mod world;
