//! The protocol compiler: one YAML spec becomes typed Rust for both ends, and its documentation.
//!
//! The stages, each a module: `parse` (text to document) → `model` (resolved) → `check` (all findings in one run)
//! → `emit` (text of the outputs). Nothing here reads or writes a file.

pub mod check;
pub mod diagnostic;
pub mod emit;
pub mod model;
pub mod parse;
mod similar;
pub mod source;

pub use diagnostic::{Finding, Report};
pub use emit::Output;
pub use source::Source;

use model::Model;

/// A spec that passed the checks, and what it gives rise to.
#[derive(Debug)]
pub struct Compiled {
    /// What the spec means.
    pub model: Model,
    /// Every generated file.
    pub outputs: Vec<Output>,
    /// Findings that keep nothing from being generated; often none.
    pub warnings: Report,
}

/// Checks a spec and generates its outputs.
///
/// # Errors
/// The report, when it holds at least one error.
pub fn compile(source: &Source) -> Result<Compiled, Report> {
    let (model, warnings) = check_source(source)?;
    let outputs = emit::outputs(&model);
    Ok(Compiled {
        model,
        outputs,
        warnings,
    })
}

/// Checks a spec.
///
/// # Errors
/// The report, when it holds at least one error.
pub fn check_source(source: &Source) -> Result<(Model, Report), Report> {
    let check::Checked { model, report } = check::check(source.path(), source.text().as_bytes());
    match model {
        Some(model) => Ok((model, report)),
        None => Err(report),
    }
}
