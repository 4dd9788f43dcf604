//! The bridge's sockets against a peer with a stack of its own, at the other end of a cable in memory.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests

mod closing;
mod datagrams;
mod opening;
mod transfer;
mod world;
