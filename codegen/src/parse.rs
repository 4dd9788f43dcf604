//! From text to the document as it is written. Nothing is looked up here: that is [`crate::model`]'s business.

mod load;
mod marker;
pub mod raw;
pub(crate) mod strict;
pub(crate) mod tree;
mod value;

use crate::diagnostic::Findings;
use crate::source::Source;
use tree::Tree;

/// The document, and where in the text each part of it stands.
pub(crate) struct Parsed<'s> {
    pub(crate) document: raw::Document,
    pub(crate) tree: Tree<'s>,
}

/// Reads a text twice: once for its structure and places, strictly, and once for its types.
///
/// `None` when there is no structure, or not a spec's; what is wrong is in `findings` then and in every other case.
pub(crate) fn parse<'s>(source: &'s Source, findings: &mut Findings) -> Option<Parsed<'s>> {
    let tree = strict::read(source, findings)?;
    let strict = !findings.has_errors();
    let document = load::load(source, &tree, strict, findings)?;
    Some(Parsed { document, tree })
}
