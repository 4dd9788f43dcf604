//! The strict pass: YAML events → a [`Tree`] with spans, and a finding for everything in YAML that a spec must not use.
//!
//! YAML lets a reader say one thing in many ways and overwrite what was said before; a protocol has no use for either.
//! This pass knows YAML and nothing of specs: which words exist is the typed loader's matter.

use crate::check::{
    anchor, complex_key, duplicate_key, merge_key, multiple_documents, tab_indent, tag, too_deep, yaml_syntax,
};
use crate::diagnostic::Findings;
use crate::parse::marker::Markers;
use crate::parse::tree::{Key, Kind, NodeId, Scalar, Tree};
use crate::source::{Source, Span};
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, StrInput};
use std::borrow::Cow;
use std::collections::HashMap;

/// Maps and lists nested deeper than this are refused; a spec needs seven levels.
pub(crate) const MAX_DEPTH: usize = 24;

/// Reads the text. `None` when it is not YAML at all, or so odd that its structure is not worth a look.
pub(crate) fn read<'s>(source: &'s Source, findings: &mut Findings) -> Option<Tree<'s>> {
    tab_indent::find(source, findings);
    let mut reader = Reader {
        markers: Markers::new(source.text()),
        tree: Tree::default(),
        open: Vec::new(),
        documents: 0,
        anchors: HashMap::new(),
        findings,
    };
    let mut parser = Parser::new_from_str(source.text());
    let end = reader.run(&mut parser);
    match end {
        Ok(()) => Some(reader.tree),
        Err(Stop) => None,
    }
}

/// The pass cannot go on; the finding is already pushed.
struct Stop;

/// A map or list whose end has not come yet.
enum Open<'s> {
    Map {
        node: NodeId,
        key: Option<Key<'s>>,
        seen: HashMap<Cow<'s, str>, Span>,
    },
    List {
        node: NodeId,
        length: usize,
    },
}

struct Reader<'s, 'f> {
    markers: Markers<'s>,
    tree: Tree<'s>,
    open: Vec<Open<'s>>,
    documents: usize,
    /// What the anchors stand at.
    anchors: HashMap<usize, NodeId>,
    findings: &'f mut Findings,
}

impl<'s> Reader<'s, '_> {
    fn run(&mut self, parser: &mut Parser<'s, StrInput<'s>>) -> Result<(), Stop> {
        while let Some(next) = parser.next_event() {
            match next {
                Ok((event, span)) => {
                    let span = self.markers.span(span);
                    self.event(event, span)?;
                }
                Err(error) => {
                    self.syntax(&error);
                    return Err(Stop);
                }
            }
        }
        Ok(())
    }

    fn syntax(&mut self, error: &ScanError) {
        // Each tab has its finding already.
        let known = error.info().contains("tab") && self.findings.has_errors();
        if !known {
            let at = self.markers.offset(*error.marker());
            self.findings
                .push(yaml_syntax::finding(self.markers.text(), at, error.info()));
        }
    }

    fn event(&mut self, event: Event<'s>, span: Span) -> Result<(), Stop> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
            Event::DocumentStart(_) => self.document(span),
            Event::Alias(id) => self.alias(id, span),
            Event::Scalar(text, style, anchor, tag) => {
                self.properties(anchor, tag.is_some(), span);
                self.scalar(text, style == ScalarStyle::Plain, anchor, span)
            }
            Event::MappingStart(anchor, tag) => {
                self.properties(anchor, tag.is_some(), span);
                let node = self.begin(Kind::Map, anchor, span)?;
                self.open.push(Open::Map {
                    node,
                    key: None,
                    seen: HashMap::new(),
                });
                Ok(())
            }
            Event::SequenceStart(anchor, tag) => {
                self.properties(anchor, tag.is_some(), span);
                let node = self.begin(Kind::List, anchor, span)?;
                self.open.push(Open::List { node, length: 0 });
                Ok(())
            }
            Event::MappingEnd | Event::SequenceEnd => {
                self.end(span);
                Ok(())
            }
        }
    }

    fn document(&mut self, span: Span) -> Result<(), Stop> {
        self.documents += 1;
        if self.documents == 1 {
            return Ok(());
        }
        self.findings.push(multiple_documents::finding(span));
        Err(Stop)
    }

    fn properties(&mut self, anchor: usize, tagged: bool, span: Span) {
        let text = self.markers.text();
        if anchor != 0 {
            self.findings.push(anchor::anchor(text, span));
        }
        if tagged {
            self.findings.push(tag::finding(text, span));
        }
    }

    /// Reported, and then taken for what it stands for, so that one alias is not a dozen findings.
    fn alias(&mut self, id: usize, span: Span) -> Result<(), Stop> {
        self.findings.push(anchor::alias(span));
        let target = self.anchors.get(&id).and_then(|&node| self.tree.get(node));
        let (kind, children) = match target {
            Some(node) => (node.kind.clone(), node.children.clone()),
            None => (
                Kind::Scalar(Scalar {
                    text: Cow::Borrowed(""),
                    plain: true,
                }),
                Vec::new(),
            ),
        };
        if let Kind::Scalar(Scalar { text, plain }) = kind {
            return self.scalar(text, plain, 0, span);
        }
        let node = self.begin(kind, 0, span)?;
        self.tree.adopt(node, children);
        Ok(())
    }

    /// A scalar is the next key of the innermost map, or a value.
    fn scalar(&mut self, text: Cow<'s, str>, plain: bool, anchor: usize, span: Span) -> Result<(), Stop> {
        if let Some(Open::Map {
            key: key @ None,
            seen,
            ..
        }) = self.open.last_mut()
        {
            if plain && text == "<<" {
                self.findings.push(merge_key::finding(span));
            }
            let first = seen.get(&text).copied();
            match first {
                Some(first) => self.findings.push(duplicate_key::finding(&text, span, first)),
                None => drop(seen.insert(text.clone(), span)),
            }
            *key = Some(Key {
                name: text,
                span,
                duplicate: first.is_some(),
            });
            return Ok(());
        }
        self.begin(Kind::Scalar(Scalar { text, plain }), anchor, span)
            .map(drop)
    }

    /// Adds a node to the innermost open map or list.
    fn begin(&mut self, kind: Kind<'s>, anchor: usize, span: Span) -> Result<NodeId, Stop> {
        if self.open.len() >= MAX_DEPTH {
            self.findings.push(too_deep::finding(span));
            return Err(Stop);
        }
        let node = self.add(kind, span)?;
        if anchor != 0 {
            self.anchors.insert(anchor, node);
        }
        Ok(node)
    }

    fn add(&mut self, kind: Kind<'s>, span: Span) -> Result<NodeId, Stop> {
        match self.open.last_mut() {
            None => Ok(self.tree.root(kind, span)),
            Some(Open::List { node, length }) => {
                *length += 1;
                let name = Cow::Owned((*length - 1).to_string());
                Ok(self.tree.child(
                    *node,
                    Key {
                        name,
                        span,
                        duplicate: false,
                    },
                    kind,
                    span,
                ))
            }
            Some(Open::Map { node, key, .. }) => match key.take() {
                Some(key) => Ok(self.tree.child(*node, key, kind, span)),
                None => {
                    self.findings.push(complex_key::finding(span));
                    Err(Stop)
                }
            },
        }
    }

    fn end(&mut self, span: Span) {
        if let Some(Open::Map { node, .. } | Open::List { node, .. }) = self.open.pop() {
            self.tree.close(node, span);
        }
    }
}
