//! The outputs of a checked model, as text. Nothing is written to disk here, and nothing is judged: the model is right.

pub(crate) mod body;
pub(crate) mod hash;
pub(crate) mod layout;
mod markdown;
mod print;
pub mod rust;
pub mod sample;
mod schema;
pub mod size;
pub mod vectors;

pub use hash::wire_hash;

use crate::model::Model;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

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

/// Every file that belongs in the repository: the outputs, the vectors, the schema of specs. `read` gives the text of a file that is
/// there already.
///
/// # Errors
/// The file of vectors that is there cannot be read as one.
pub fn files(model: &Model, read: impl Fn(&str) -> Option<String>) -> Result<Vec<Output>, serde_json::Error> {
    let existing = read(&vectors::path(model));
    let vectors = vectors::vectors(model, existing.as_deref())?;
    Ok(outputs(model)
        .into_iter()
        .chain([vectors, schema::output()])
        .collect())
}

/// All outputs that follow from the spec alone, in a fixed order.
pub fn outputs(model: &Model) -> Vec<Output> {
    let mut outputs = rust_files(model);
    outputs.push(Output {
        path: "spec/PROTOCOL.md".to_owned(),
        text: markdown::protocol(model),
    });
    outputs
}

/// Each file in a thread of its own: they have nothing to do with each other, and they are nearly all of the work.
fn rust_files(model: &Model) -> Vec<Output> {
    let options = rust::Options { defmt: true };
    std::thread::scope(|scope| {
        let modules = rust::MODULES.map(|module| {
            scope.spawn(move || rust_file(module.name, module.doc, (module.items)(model, options)))
        });
        let files = modules.into_iter().map(|file| {
            file.join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        std::iter::once(root_file(model)).chain(files).collect()
    })
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
