//! The outputs of a checked model, as text. Nothing is written to disk here, and nothing is judged: the model is right.

pub(crate) mod body;
pub(crate) mod hash;
pub(crate) mod layout;
mod markdown;
mod print;
pub(crate) mod python;
pub mod rust;
pub mod sample;
mod schema;
pub mod size;
pub mod text;
pub mod vectors;

pub use hash::{wire_hash, wire_parts};

use crate::model::Model;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A file that the spec gives rise to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Relative to the top of the repository, with `/`.
    pub path: String,
    /// What must be in it.
    pub text: String,
}

/// Where the generated Rust lives.
const RUST_DIR: &str = "runtime/wire/src/generated";

/// Every file that belongs in the repository: the outputs, the vectors, the schema of specs. `read` gives the text of
/// a file that is there already.
///
/// # Errors
/// The file of vectors that is there cannot be read as one.
pub fn files(model: &Model, read: impl Fn(&str) -> Option<String>) -> Result<Vec<Output>, serde_json::Error> {
    let vectors = vectors::files(model, read)?;
    Ok(outputs(model)
        .into_iter()
        .chain(vectors)
        .chain([schema::output()])
        .collect())
}

/// All outputs that follow from the spec alone, in a fixed order.
///
/// Two threads share the files out among themselves; each more would pay for fresh memory.
pub fn outputs(model: &Model) -> Vec<Output> {
    let next = AtomicUsize::new(0);
    let work = || -> Vec<(usize, Output)> {
        let numbers = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
        numbers
            .map_while(|number| Some((number, output(model, number)?)))
            .collect()
    };
    let mut outputs = std::thread::scope(|scope| {
        let other = scope.spawn(work);
        let mut outputs = work();
        outputs.extend(
            other
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
        );
        outputs
    });
    outputs.sort_by_key(|(number, _)| *number);
    outputs.into_iter().map(|(_, output)| output).collect()
}

/// The output of that number; none beyond the last.
fn output(model: &Model, number: usize) -> Option<Output> {
    let options = rust::Options { defmt: true };
    match (
        rust::MODULES.get(number),
        number - rust::MODULES.len().min(number),
    ) {
        (Some(module), _) => Some(rust_file(module.name, module.doc, (module.items)(model, options))),
        (None, 0) => Some(Output {
            path: "spec/PROTOCOL.md".to_owned(),
            text: markdown::protocol(model),
        }),
        (None, 1) => Some(root_file(model)),
        (None, 2) => python::output(model),
        (None, _) => None,
    }
}

fn root_file(model: &Model) -> Output {
    let modules = rust::MODULES.iter().map(|module| {
        let name = format_ident!("{}", module.name);
        quote!(pub mod #name;)
    });
    let doc = format!("The protocol `{}`.", model.protocol.name);
    rust_file("mod", &doc, modules.chain([rust::root(model)]))
}

fn rust_file(name: &str, doc: &str, items: impl IntoIterator<Item = TokenStream>) -> Output {
    let text = format!(
        "// @generated from spec/bridge.yaml: edit that and type `cargo xtask codegen`.\n//! {doc}\n\n{}",
        print::items(items)
    );
    Output {
        path: format!("{RUST_DIR}/{name}.rs"),
        text,
    }
}
