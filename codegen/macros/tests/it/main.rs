//! The macro as other crates use it: protocols that are unlike the bridge's, compiled, and held against their models.
#![deny(missing_docs, unreachable_pub, unused)]

mod answers;
mod protocols;
mod round_trip;
mod text;
