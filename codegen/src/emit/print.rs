//! Tokens to text, laid out as a person would: the generated code is committed and read.
//!
//! It knows the Rust that this compiler emits, not all of Rust (a lone `<` always opens generics, for one); a test holds
//! that what it prints has the very tokens that it was given. A general formatter parses everything again, which took
//! ten times as long as generating it.

mod lex;
mod node;
mod spacing;

use lex::Lexer;
use node::{Delimiter, Kind, Node, Separator};
use proc_macro2::TokenStream;

/// Longest line, where there is a place to break it.
const WIDTH: usize = 104;
const STEP: usize = 4;

/// The text of some items, with an empty line between those that need one.
pub(crate) fn items(items: impl IntoIterator<Item = TokenStream>) -> String {
    let mut printer = Printer {
        out: String::new(),
        column: 0,
        fresh: true,
    };
    let mut last = Shape::None;
    for tokens in items {
        let text = tokens.to_string();
        let nodes = spacing::nodes(&mut Lexer::new(&text));
        for element in elements(&nodes) {
            last = printer.item(&element, 0, last);
        }
    }
    printer.out.push('\n');
    printer.out
}

/// What the element before was, for the empty line between items.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    None,
    /// `use` and the like, in groups.
    Line(&'static str),
    /// A constant with its doc, in groups.
    Const,
    /// Anything with a body.
    Block,
}

/// One statement, field, arm or item: its attributes, its tokens, what ended it.
struct Element<'n> {
    attributes: &'n [Node<'n>],
    nodes: &'n [Node<'n>],
    end: Separator,
}

/// Splits what stands in braces, or in a file.
fn elements<'n>(nodes: &'n [Node<'n>]) -> Vec<Element<'n>> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, node) in nodes.iter().enumerate() {
        let next = nodes.get(at + 1);
        let (stop, end) = match node.separator {
            Separator::None if node.is_braces() && next.is_none_or(|next| !next.continues()) => {
                (at + 1, Separator::None)
            }
            Separator::None => continue,
            separator => (at, separator),
        };
        found.extend(element(nodes.get(start..stop).unwrap_or_default(), end));
        start = at + 1;
    }
    found.extend(element(nodes.get(start..).unwrap_or_default(), Separator::None));
    found
}

fn element<'n>(nodes: &'n [Node<'n>], end: Separator) -> Option<Element<'n>> {
    let is_attribute = |pair: &[Node<'_>]| matches!(pair, [hash, group] if hash.is_word("#") && group.is_group(Delimiter::Bracket));
    let mut len = 0;
    while nodes.get(len..len + 2).is_some_and(is_attribute) {
        len += 2;
    }
    let (attributes, nodes) = nodes.split_at_checked(len)?;
    (!nodes.is_empty()).then_some(Element {
        attributes,
        nodes,
        end,
    })
}

impl Element<'_> {
    fn shape(&self) -> Shape {
        let has = |word: &str| self.nodes.iter().any(|node| node.is_word(word));
        if has("fn") || self.nodes.last().is_some_and(Node::is_braces) && self.end == Separator::None {
            return Shape::Block;
        }
        if has("const") || has("static") {
            return Shape::Const;
        }
        Shape::Line(if has("mod") { "mod" } else { "use" })
    }

    /// How the braces at its end are laid out.
    fn body(&self) -> Body {
        let has = |word: &&str| self.nodes.iter().any(|node| node.is_word(word));
        match self.shape() {
            Shape::Block if ["impl", "trait", "mod"].iter().any(has) => Body::Items,
            Shape::Block => Body::Broken,
            Shape::None | Shape::Line(_) | Shape::Const => Body::Free,
        }
    }

    /// The last of a list gets a comma too, but for a match arm with a block and the rest of a struct.
    fn takes_comma(&self) -> bool {
        let is_block = matches!(self.nodes, [.., arrow, block] if arrow.is_word("=>") && block.is_braces());
        !is_block && !self.nodes.first().is_some_and(|first| first.is_word(".."))
    }
}

/// How the braces at the end of an element are laid out.
#[derive(Clone, Copy, PartialEq)]
enum Body {
    /// On one line if they fit.
    Free,
    /// Over lines.
    Broken,
    /// Over lines, and what is in them are items.
    Items,
}

struct Printer {
    out: String,
    column: usize,
    /// Nothing stands on the line yet, so the space before the next token is not written.
    fresh: bool,
}

impl Printer {
    fn push(&mut self, text: &str) {
        self.out.push_str(text);
        self.column += text.len();
        self.fresh = false;
    }

    fn line(&mut self, indent: usize) {
        let trimmed = self.out.trim_end_matches(' ').len();
        self.out.truncate(trimmed);
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.column = indent;
        self.fresh = true;
    }

    /// An item of a file, an impl or a trait, on lines of its own; ends without a line break, but in a file.
    fn item(&mut self, element: &Element<'_>, indent: usize, last: Shape) -> Shape {
        let shape = element.shape();
        let apart = match (last, shape) {
            (Shape::None, _) => false,
            (Shape::Block, _) | (_, Shape::Block) => true,
            (last, shape) => last != shape,
        };
        if apart {
            self.out.push('\n');
        }
        self.element(element, indent, false, element.body());
        shape
    }

    fn element(&mut self, element: &Element<'_>, indent: usize, comma: bool, body: Body) {
        for pair in element.attributes.chunks(2) {
            self.line(indent);
            match pair.last().and_then(Node::doc) {
                Some(doc) => {
                    self.push("///");
                    self.push(&doc);
                }
                None => self.flat(pair),
            }
        }
        self.line(indent);
        self.nodes(element.nodes, indent, body);
        match element.end {
            Separator::Semicolon => self.push(";"),
            Separator::Comma => self.push(","),
            Separator::None if comma && element.takes_comma() => self.push(","),
            Separator::None => {}
        }
    }

    /// Tokens on one line if they fit; groups broken over lines, from the outside, if they do not.
    fn nodes(&mut self, nodes: &[Node<'_>], indent: usize, body: Body) {
        let all = nodes.iter().try_fold(1, |sum, node| Some(sum + node.width()?));
        let split =
            all.is_none_or(|all| self.column + all > WIDTH) && nodes.iter().any(|node| node.is_word("else"));
        for (at, node) in nodes.iter().enumerate() {
            let rest = nodes.get(at + 1..).unwrap_or_default();
            let body = if rest.is_empty() && node.is_braces() {
                body
            } else {
                Body::Free
            };
            match &node.kind {
                Kind::Group {
                    delimiter,
                    nodes: inner,
                    width,
                    ..
                } => {
                    let fits = width.is_some_and(|width| self.column + width + 1 + tail_width(rest) <= WIDTH);
                    let free = body == Body::Free && !(split && *delimiter == Delimiter::Brace);
                    match fits && free || inner.is_empty() {
                        true => self.flat(std::slice::from_ref(node)),
                        false => self.broken(node, *delimiter, inner, indent, body),
                    }
                }
                Kind::Word(word)
                    if node.breakable() && self.column + 1 + word.len() + chunk_width(rest) > WIDTH =>
                {
                    self.line(indent + STEP);
                    self.push(word);
                }
                Kind::Word(_) => self.flat(std::slice::from_ref(node)),
            }
        }
    }

    fn broken(
        &mut self,
        node: &Node<'_>,
        delimiter: Delimiter,
        inner: &[Node<'_>],
        indent: usize,
        body: Body,
    ) {
        if node.space && !self.fresh {
            self.push(" ");
        }
        self.push(delimiter.open());
        if delimiter != Delimiter::Brace && self.hugs(inner) {
            self.nodes(inner, indent, Body::Broken);
            return self.push(delimiter.close());
        }
        let elements = elements(inner);
        let comma = has_commas(delimiter, inner, &elements);
        let mut last = Shape::None;
        for element in &elements {
            match body {
                Body::Items => last = self.item(element, indent + STEP, last),
                Body::Free | Body::Broken => self.element(element, indent + STEP, comma, Body::Free),
            }
        }
        self.line(indent);
        self.push(delimiter.close());
    }

    /// Whether all but the braces at the end fits the line: then only those are broken.
    fn hugs(&self, inner: &[Node<'_>]) -> bool {
        let Some((braces, before)) = inner.split_last().filter(|(last, _)| last.is_braces()) else {
            return false;
        };
        let before = before.iter().try_fold(0, |sum, node| Some(sum + node.width()?));
        !braces.is_empty_group() && before.is_some_and(|before| self.column + before + 2 <= WIDTH)
    }

    fn flat(&mut self, nodes: &[Node<'_>]) {
        let start = self.out.len();
        node::write_flat(nodes, self.fresh, &mut self.out);
        self.column += self.out.len() - start;
        self.fresh = false;
    }
}

/// Width of what follows a group on its line, up to where the line can break again: groups break from the last to the
/// first.
fn tail_width(nodes: &[Node<'_>]) -> usize {
    let mut width = 0;
    for node in nodes {
        match &node.kind {
            Kind::Group { nodes, .. } if !nodes.is_empty() => return width + 2,
            _ if node.breakable() => return width,
            _ => width += node.width().unwrap_or(0),
        }
    }
    width + 1
}

/// Width up to the next place where the line can break.
fn chunk_width(nodes: &[Node<'_>]) -> usize {
    nodes
        .iter()
        .take_while(|node| !node.breakable())
        .map(|node| node.width().unwrap_or(2))
        .sum()
}

/// Whether commas separate what stands in a group: fields and arms also when there is only one.
fn has_commas(delimiter: Delimiter, inner: &[Node<'_>], elements: &[Element<'_>]) -> bool {
    let ends = |separator| elements.iter().any(|element| element.end == separator);
    let is_list = inner.iter().any(|node| node.is_word(":") || node.is_word("=>"));
    ends(Separator::Comma) || delimiter == Delimiter::Brace && is_list && !ends(Separator::Semicolon)
}

#[cfg(test)]
mod tests {
    use super::items;
    use crate::emit::rust::{Options, inline};
    use crate::{Source, check_source};
    use quote::quote;

    /// Layout apart, two texts of the same tokens are the same to another formatter.
    fn normal(text: &str) -> String {
        prettyplease::unparse(&syn::parse_file(text).expect("Rust"))
    }

    #[test]
    fn what_is_printed_has_the_tokens_that_were_given() {
        for spec in [
            "../spec/bridge.yaml",
            "macros/tests/specs/rich.yaml",
            "macros/tests/specs/events.yaml",
        ] {
            let text =
                std::fs::read_to_string(format!("{}/{spec}", env!("CARGO_MANIFEST_DIR"))).expect("a spec");
            let (model, _) = check_source(&Source::new(spec, text))
                .map_err(|report| report.to_string())
                .expect("a spec without faults");
            let tokens = inline(&model, Options { defmt: true });
            let (printed, given) = (normal(&items([tokens.clone()])), normal(&tokens.to_string()));
            let differing = printed
                .lines()
                .zip(given.lines())
                .find(|(printed, given)| printed != given);
            assert_eq!(differing, None, "{spec}");
            assert_eq!(printed.len(), given.len(), "{spec}");
        }
    }

    #[test]
    fn lines_break_from_the_last_group_to_the_first_and_stay_within_the_width() {
        let text = items([quote! {
            fn short(a: u8) -> u8 { a }
            fn long() {
                call(one_argument, another_argument).map(|value| another_call(value, "some text", 1000, 2000)).ok();
                if first_condition_that_is_long || second_condition_that_is_long || third_condition_that_is_long || fourth { run(); }
            }
        }]);
        let expected = "\
fn short(a: u8) -> u8 {
    a
}

fn long() {
    call(one_argument, another_argument).map(
        |value| another_call(value, \"some text\", 1000, 2000)
    ).ok();
    if first_condition_that_is_long || second_condition_that_is_long || third_condition_that_is_long
        || fourth {
        run();
    }
}
";
        assert_eq!(text, expected);
    }

    #[test]
    fn spaces_stand_where_a_person_would_put_them() {
        let line = |tokens| items([tokens]);
        assert_eq!(
            line(quote!(
                use super::{a, b};
            )),
            "use super::{a, b};\n"
        );
        assert_eq!(
            line(quote!(
                pub(super) const A: &'static [u8] = &[-1, !b, *c];
            )),
            "pub(super) const A: &'static [u8] = &[-1, !b, *c];\n"
        );
        assert_eq!(
            line(quote!(
                const X: Option<List<'a, u8>> = f::<'a>(a & 3 | b << 1, |x| x?.y);
            )),
            "const X: Option<List<'a, u8>> = f::<'a>(a & 3 | b << 1, |x| x?.y);\n"
        );
        assert_eq!(
            line(quote!(
                const R: bool = matches!(a, 1..=2) && !b;
            )),
            "const R: bool = matches!(a, 1..=2) && !b;\n"
        );
    }
}
