//! [`Tree`] → `serde_yaml::Value`, for the loader's second attempt. Duplicates and merge keys stay behind: they are
//! reported already.

use crate::parse::tree::{Kind, Node, NodeId, Scalar, Tree};
use serde_yaml::{Mapping, Value};

/// The whole document as a value; an empty text is an empty map.
pub(crate) fn of(tree: &Tree<'_>) -> Value {
    tree.first()
        .map_or_else(|| Value::Mapping(Mapping::new()), |root| value(tree, root))
}

/// The depth of the recursion is bounded by the strict pass.
fn value(tree: &Tree<'_>, id: NodeId) -> Value {
    let Some(node) = tree.get(id) else {
        return Value::Null;
    };
    match &node.kind {
        Kind::Scalar(text) => scalar(text),
        Kind::List => Value::Sequence(node.children.iter().map(|&child| value(tree, child)).collect()),
        Kind::Map => Value::Mapping(entries(tree, node).collect()),
    }
}

fn entries(tree: &Tree<'_>, node: &Node<'_>) -> impl Iterator<Item = (Value, Value)> {
    node.children.iter().filter_map(|&child| {
        let key = tree.get(child)?.key.as_ref()?;
        let left_out = key.duplicate || key.name == "<<";
        (!left_out).then(|| (Value::String(key.name.to_string()), value(tree, child)))
    })
}

/// Numbers, bools and null are what serde_yaml takes them for, so that both attempts agree.
fn scalar(scalar: &Scalar<'_>) -> Value {
    let text = || Value::String(scalar.text.to_string());
    if !scalar.plain {
        return text();
    }
    match serde_yaml::from_str(&scalar.text) {
        Ok(value @ (Value::Null | Value::Bool(_) | Value::Number(_))) => value,
        _ => text(),
    }
}
