//! The program as xtask starts it, over a small repository of its own: a host's board and a bridge's, whose firmware are ELF
//! files that the tests write.

#![expect(clippy::unwrap_used, reason = "in a test it says where it failed")]

#[path = "../../src/sample.rs"]
mod sample;

mod flash;
mod monitor;
mod pack;
mod repository;
