//! From text to the document as it is written. Nothing is looked up here: that is [`crate::model`]'s business.

pub mod raw;

/// Loads a document. The loader accepts more than a spec may hold (duplicate keys, anchors): the strict pass over
/// the events comes first.
///
/// # Errors
/// The text is not YAML, or a value has another shape than the key demands, or a key is unknown.
pub fn document(text: &str) -> Result<raw::Document, serde_yaml::Error> {
    serde_yaml::from_str(text)
}
