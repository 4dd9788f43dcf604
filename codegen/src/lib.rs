//! The protocol compiler: one YAML spec becomes typed Rust for both ends, and its documentation.
//!
//! The stages, each a module: `parse` (text to document) → `model` (resolved) → `check` (all findings in one run)
//! → `emit` (text of the outputs). Nothing here reads or writes a file.

pub mod check;
pub mod diagnostic;
pub mod model;
pub mod parse;
mod similar;
pub mod source;
