//! Tokens with their spacing decided, and how wide they are on one line. Where lines break is decided above.

/// A token or a group.
pub(super) struct Node<'t> {
    /// A space stands before it.
    pub(super) space: bool,
    /// What it ends; a comma between generics ends nothing.
    pub(super) separator: Separator,
    pub(super) kind: Kind<'t>,
}

pub(super) enum Kind<'t> {
    /// Anything without parts; an operator of several characters is one.
    Word(&'t str),
    Group {
        delimiter: Delimiter,
        nodes: Vec<Node<'t>>,
        /// Width on one line with both delimiters; none when it must not stand on one line.
        width: Option<usize>,
        /// Spaces within the delimiters on one line.
        padded: bool,
    },
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Delimiter {
    Brace,
    Bracket,
    Paren,
}

impl Delimiter {
    pub(super) fn open(self) -> &'static str {
        match self {
            Self::Brace => "{",
            Self::Bracket => "[",
            Self::Paren => "(",
        }
    }

    pub(super) fn close(self) -> &'static str {
        match self {
            Self::Brace => "}",
            Self::Bracket => "]",
            Self::Paren => ")",
        }
    }
}

/// What ends an element.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Separator {
    None,
    Comma,
    Semicolon,
}

impl<'t> Node<'t> {
    /// A token.
    pub(super) fn word(word: &'t str, space: bool, separator: Separator) -> Self {
        Self {
            space,
            separator,
            kind: Kind::Word(word),
        }
    }

    /// A group; one with statements, arms or attributes in it must not stand on one line.
    pub(super) fn group(delimiter: Delimiter, nodes: Vec<Node<'t>>, space: bool, padded: bool) -> Self {
        let statements = |node: &Node<'_>| node.is_word(";") || node.is_word("=>") || node.is_word("#");
        let must_break = delimiter == Delimiter::Brace && nodes.iter().any(statements);
        let padding = if padded && !nodes.is_empty() { 4 } else { 2 };
        let inner = nodes
            .iter()
            .try_fold(padding, |sum, node| Some(sum + node.width()?));
        let width = inner.filter(|_| !must_break);
        let kind = Kind::Group {
            delimiter,
            nodes,
            width,
            padded,
        };
        Self {
            space,
            separator: Separator::None,
            kind,
        }
    }

    /// Width on one line with the space before it.
    pub(super) fn width(&self) -> Option<usize> {
        let own = match &self.kind {
            Kind::Word(word) => word.len(),
            Kind::Group { width, .. } => (*width)?,
        };
        Some(own + usize::from(self.space))
    }

    pub(super) fn is_word(&self, text: &str) -> bool {
        matches!(&self.kind, Kind::Word(word) if *word == text)
    }

    pub(super) fn is_group(&self, wanted: Delimiter) -> bool {
        matches!(&self.kind, Kind::Group { delimiter, .. } if *delimiter == wanted)
    }

    pub(super) fn is_braces(&self) -> bool {
        self.is_group(Delimiter::Brace)
    }

    pub(super) fn is_empty_group(&self) -> bool {
        matches!(&self.kind, Kind::Group { nodes, .. } if nodes.is_empty())
    }

    /// Whether it goes on with what ended in braces.
    pub(super) fn continues(&self) -> bool {
        [",", ";", "else", ".", "?", "=>"]
            .iter()
            .any(|word| self.is_word(word))
    }

    /// Whether a line may break before it.
    pub(super) fn breakable(&self) -> bool {
        self.space && ["||", "|", "&&"].iter().any(|word| self.is_word(word))
    }

    /// The text of a `[doc = "…"]`.
    pub(super) fn doc(&self) -> Option<String> {
        let Kind::Group { nodes, .. } = &self.kind else {
            return None;
        };
        match nodes.as_slice() {
            [
                doc,
                equals,
                Node {
                    kind: Kind::Word(literal),
                    ..
                },
            ] if doc.is_word("doc") && equals.is_word("=") => unescaped(literal),
            _ => None,
        }
    }
}

/// The text of a string literal; none for one that a comment cannot hold.
fn unescaped(literal: &str) -> Option<String> {
    let text = match literal.trim_start_matches('r').trim_matches('#') {
        quoted if literal.starts_with('r') || !quoted.contains('\\') => {
            quoted.get(1..quoted.len() - 1)?.to_owned()
        }
        _ => syn::parse_str::<syn::LitStr>(literal).ok()?.value(),
    };
    (!text.contains(['\n', '\r'])).then_some(text)
}

/// Writes nodes on one line; the space before the first is left out where nothing stands before it.
pub(super) fn write_flat(nodes: &[Node<'_>], fresh: bool, out: &mut String) {
    for (at, node) in nodes.iter().enumerate() {
        if node.space && !(fresh && at == 0) {
            out.push(' ');
        }
        match &node.kind {
            Kind::Word(word) => out.push_str(word),
            Kind::Group {
                delimiter,
                nodes,
                padded,
                ..
            } => {
                let padding = if *padded && !nodes.is_empty() { " " } else { "" };
                out.push_str(delimiter.open());
                out.push_str(padding);
                write_flat(nodes, true, out);
                out.push_str(padding);
                out.push_str(delimiter.close());
            }
        }
    }
}
