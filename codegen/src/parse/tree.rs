//! A YAML document as nodes with spans, so that a path such as `commands.publish.fields.topic.max_len` leads to a place.
//!
//! One arena, no recursion: deep input costs memory, not stack. It holds no meaning, only text and places.

use crate::source::Span;
use std::borrow::Cow;

/// Index of a node in its tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NodeId(usize);

/// A scalar's text, and whether it stood without quotes (only then it can be a number or a bool).
#[derive(Clone, Debug)]
pub(crate) struct Scalar<'s> {
    pub(crate) text: Cow<'s, str>,
    pub(crate) plain: bool,
}

impl Scalar<'_> {
    fn is_blank(&self) -> bool {
        let text = self.text.trim();
        text.is_empty() || self.plain && matches!(text, "~" | "null" | "Null" | "NULL")
    }
}

/// What a node is.
#[derive(Clone, Debug)]
pub(crate) enum Kind<'s> {
    Scalar(Scalar<'s>),
    Map,
    List,
}

/// Under which name a node hangs in its parent: a map's key, or the index in a list.
#[derive(Clone, Debug)]
pub(crate) struct Key<'s> {
    pub(crate) name: Cow<'s, str>,
    pub(crate) span: Span,
    /// The same name came before; nobody looks at this node any more.
    pub(crate) duplicate: bool,
}

#[derive(Debug)]
pub(crate) struct Node<'s> {
    pub(crate) key: Option<Key<'s>>,
    pub(crate) kind: Kind<'s>,
    pub(crate) span: Span,
    pub(crate) children: Vec<NodeId>,
}

/// The document.
#[derive(Debug, Default)]
pub(crate) struct Tree<'s> {
    nodes: Vec<Node<'s>>,
}

impl<'s> Tree<'s> {
    pub(crate) fn root(&mut self, kind: Kind<'s>, span: Span) -> NodeId {
        self.push(Node {
            key: None,
            kind,
            span,
            children: Vec::new(),
        })
    }

    pub(crate) fn child(&mut self, parent: NodeId, key: Key<'s>, kind: Kind<'s>, span: Span) -> NodeId {
        let id = self.push(Node {
            key: Some(key),
            kind,
            span,
            children: Vec::new(),
        });
        if let Some(parent) = self.nodes.get_mut(parent.0) {
            parent.children.push(id);
        }
        id
    }

    /// Gives a node the children of another one, for an alias.
    pub(crate) fn adopt(&mut self, id: NodeId, children: Vec<NodeId>) {
        if let Some(node) = self.nodes.get_mut(id.0) {
            node.children = children;
        }
    }

    /// A map or list ends where its bracket does, or with its last child.
    pub(crate) fn close(&mut self, id: NodeId, bracket: Span) {
        let last = self
            .get(id)
            .and_then(|node| node.children.last())
            .and_then(|&child| self.get(child));
        let last_end = last.map(|node| node.span.end);
        let Some(node) = self.nodes.get_mut(id.0) else {
            return;
        };
        let end = if bracket.start < bracket.end {
            Some(bracket.end)
        } else {
            last_end
        };
        node.span = Span::new(node.span.start, end.unwrap_or(node.span.end));
    }

    pub(crate) fn get(&self, id: NodeId) -> Option<&Node<'s>> {
        self.nodes.get(id.0)
    }

    /// The document's outermost node; `None` for an empty text.
    pub(crate) fn first(&self) -> Option<NodeId> {
        (!self.nodes.is_empty()).then_some(NodeId(0))
    }

    /// The child with that name, duplicates left aside.
    pub(crate) fn named(&self, id: NodeId, name: &str) -> Option<NodeId> {
        let mut children = self.get(id)?.children.iter().copied();
        children.find(|&child| {
            let key = self.get(child).and_then(|node| node.key.as_ref());
            key.is_some_and(|key| key.name == name && !key.duplicate)
        })
    }

    /// The node at a dotted path; the empty path is the whole document.
    pub(crate) fn find(&self, path: &str) -> Option<NodeId> {
        self.descend(path)
            .filter(|&(_, complete)| complete)
            .map(|(node, _)| node)
    }

    /// As far down a path as there are nodes, and whether that is all of it. A name may hold dots itself, or be empty.
    fn descend(&self, path: &str) -> Option<(NodeId, bool)> {
        let mut at = self.first()?;
        let mut left = Some(path).filter(|path| !path.is_empty());
        while let Some(rest) = left {
            let mut ends = rest.match_indices('.').map(|(end, _)| end).chain([rest.len()]);
            let step = ends.find_map(|end| Some((self.named(at, rest.get(..end)?)?, end)));
            let Some((child, end)) = step else {
                return Some((at, false));
            };
            at = child;
            left = rest.get(end + 1..);
        }
        Some((at, true))
    }

    /// The names of what stands below a path.
    pub(crate) fn names(&self, path: &str) -> impl Iterator<Item = &str> {
        let children = self
            .find(path)
            .and_then(|id| self.get(id))
            .map_or(&[][..], |node| &node.children);
        children
            .iter()
            .filter_map(|&child| self.get(child)?.key.as_ref().map(|key| &*key.name))
    }

    /// The text of the scalar at a path.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        match &self.get(self.find(path)?)?.kind {
            Kind::Scalar(scalar) => Some(&scalar.text),
            Kind::Map | Kind::List => None,
        }
    }

    /// Whether nothing is written at a path, or only an empty text or null.
    pub(crate) fn is_blank(&self, path: &str) -> bool {
        match self.find(path).and_then(|id| self.get(id)).map(|node| &node.kind) {
            None => true,
            Some(Kind::Scalar(scalar)) => scalar.is_blank(),
            Some(Kind::Map | Kind::List) => false,
        }
    }

    /// The node at a dotted path, or the nearest one above it.
    pub(crate) fn nearest(&self, path: &str) -> Option<&Node<'s>> {
        self.descend(path).and_then(|(node, _)| self.get(node))
    }

    /// The span of the key at a path; without such a key the one of the nearest place above.
    pub(crate) fn key(&self, path: &str) -> Span {
        self.nearest(path)
            .map(|node| node.key.as_ref().map_or(node.span, |key| key.span))
            .unwrap_or_default()
    }

    /// The span of the value at a path, or, when there is none, the key of the nearest place above.
    pub(crate) fn value(&self, path: &str) -> Span {
        match self.find(path).and_then(|id| self.get(id)) {
            Some(node) if node.span.start < node.span.end => node.span,
            _ => self.key(path),
        }
    }

    fn push(&mut self, node: Node<'s>) -> NodeId {
        self.nodes.push(node);
        NodeId(self.nodes.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `{a: {b.c: 1}}`, every span as long as its name.
    fn tree() -> Tree<'static> {
        let key = |name, start| Key {
            name: Cow::Borrowed(name),
            span: Span::new(start, start + 1),
            duplicate: false,
        };
        let scalar = Kind::Scalar(Scalar {
            text: Cow::Borrowed("1"),
            plain: true,
        });
        let mut tree = Tree::default();
        let root = tree.root(Kind::Map, Span::new(0, 9));
        let a = tree.child(root, key("a", 1), Kind::Map, Span::new(2, 8));
        tree.child(a, key("b.c", 3), scalar, Span::new(5, 6));
        tree
    }

    #[test]
    fn paths_lead_to_nodes_also_through_names_with_dots() {
        assert!(tree().find("a.b.c").is_some());
        assert!(tree().find("a.b").is_none());
        assert_eq!(tree().value("a.b.c"), Span::new(5, 6));
    }

    #[test]
    fn what_is_not_there_has_the_place_of_the_nearest_above() {
        assert_eq!(tree().key("a.x.y"), Span::new(1, 2));
        assert_eq!(tree().value("a.b.c.d"), Span::new(3, 4));
        assert_eq!(Tree::default().key("a"), Span::default());
    }
}
