//! [`Tree`] → `serde_yaml::Value`, for the loader's second attempt. Duplicates stay behind, and merge keys do what
//! they say elsewhere: both are reported already, and what follows from them need not be.

use crate::parse::strict::MAX_DEPTH;
use crate::parse::tree::{Kind, NodeId, Scalar, Tree};
use serde_yaml::{Mapping, Value};

/// Aliases of aliases grow without bound; beyond so many nodes the rest is left out.
const MAX_NODES: usize = 100_000;

/// Aliases can also nest deeper than the text does; what is deeper than this is left out.
const DEEPEST: usize = 2 * MAX_DEPTH;

/// The whole document as a value; an empty text is an empty map.
pub(crate) fn of(tree: &Tree<'_>) -> Value {
    let mut converter = Converter {
        tree,
        left: MAX_NODES,
    };
    match tree.first().map(|root| converter.value(root, 0)) {
        None | Some(Value::Null) => Value::Mapping(Mapping::new()),
        Some(value) => value,
    }
}

struct Converter<'t, 's> {
    tree: &'t Tree<'s>,
    left: usize,
}

impl Converter<'_, '_> {
    fn value(&mut self, id: NodeId, depth: usize) -> Value {
        let bounded = self.left > 0 && depth < DEEPEST;
        let Some(node) = self.tree.get(id).filter(|_| bounded) else {
            return Value::Null;
        };
        self.left -= 1;
        match &node.kind {
            Kind::Scalar(text) => scalar(text),
            Kind::List => Value::Sequence(
                node.children
                    .iter()
                    .map(|&child| self.value(child, depth + 1))
                    .collect(),
            ),
            Kind::Map => Value::Mapping(self.map(&node.children, depth + 1)),
        }
    }

    fn map(&mut self, children: &[NodeId], depth: usize) -> Mapping {
        let mut map = Mapping::new();
        for &child in children {
            let Some(key) = self.tree.get(child).and_then(|node| node.key.as_ref()) else {
                continue;
            };
            if key.name == "<<" {
                self.merge(child, depth, &mut map);
            } else if !key.duplicate {
                map.insert(Value::String(key.name.to_string()), self.value(child, depth));
            }
        }
        map
    }

    fn merge(&mut self, child: NodeId, depth: usize, map: &mut Mapping) {
        if let Value::Mapping(merged) = self.value(child, depth) {
            for (key, value) in merged {
                map.entry(key).or_insert(value);
            }
        }
    }
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
