//! Fuzz targets: whatever bytes come, the code under them answers within bounds and keeps its promises.
//!
//! A target is a plain function over real code with assertions of its own, so any engine can drive it: libFuzzer
//! (`src/bin/guided.rs`), the small engine in [`engine`], or a test. Not here: golden cases and properties of single
//! modules; those are the tests of the crates themselves.

pub mod corpus;
pub mod engine;
pub mod input;
pub mod random;
pub mod targets;

pub use targets::{TARGETS, Target, find};
