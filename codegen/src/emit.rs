//! The outputs of a checked model, as text. Nothing is written to disk here, and nothing is judged: the model is right.

pub(crate) mod body;
pub(crate) mod hash;
pub(crate) mod layout;
mod markdown;
pub mod rust;
pub mod sample;
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

/// Every file that belongs in the repository: the outputs and the vectors. `read` gives the text of a file that is
/// there already.
///
/// # Errors
/// The file of vectors that is there cannot be read as one.
pub fn files(model: &Model, read: impl Fn(&str) -> Option<String>) -> Result<Vec<Output>, serde_json::Error> {
    let existing = read(&vectors::path(model));
    let vectors = vectors::vectors(model, existing.as_deref())?;
    Ok(outputs(model).into_iter().chain([vectors]).collect())
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

fn rust_files(model: &Model) -> Vec<Output> {
    let options = rust::Options { defmt: true };
    let modules = rust::modules(model, options);
    let declarations = modules.iter().map(|module| {
        let name = format_ident!("{}", module.name);
        quote!(pub mod #name;)
    });
    let root = rust::root(model);
    let root = rust_file(
        "mod",
        &format!("The protocol `{}`.", model.protocol.name),
        quote!(#(#declarations)* #root),
    );
    let files = modules
        .into_iter()
        .map(|module| rust_file(module.name, module.doc, module.tokens));
    std::iter::once(root).chain(files).collect()
}

fn rust_file(name: &str, doc: &str, tokens: TokenStream) -> Output {
    let text = format!(
        "// @generated from spec/bridge.yaml: edit that and type `cargo xtask codegen`.\n//! {doc}\n\n{}",
        format_rust(tokens)
    );
    Output {
        path: format!("{RUST_DIR}/{name}.rs"),
        text,
    }
}

/// Formatted text of tokens; unformatted if they should not be Rust, so that the compiler shows the fault.
fn format_rust(tokens: TokenStream) -> String {
    match syn::parse2::<syn::File>(tokens.clone()) {
        Ok(file) => spaced(&prettyplease::unparse(&file)),
        Err(_) => tokens.to_string(),
    }
}

/// An empty line behind each item and each method, which the formatter does not set.
fn spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        let next = lines.peek().copied().unwrap_or("}");
        let end_of_item =
            matches!(line, "}" | "};" | "];") || line.starts_with("use ") && !next.starts_with("use ");
        let end_of_method = line == "    }" && next.starts_with("    ");
        if end_of_item && next != "}" || end_of_method {
            out.push('\n');
        }
    }
    out
}
