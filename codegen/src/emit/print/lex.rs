//! The words of a token stream's own text. That text has each token apart, joint operators together, so it is taken
//! to pieces without copying; going through the tokens would copy every one of them.

/// One piece of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    Open(char),
    Close,
    /// A name, a keyword or a lifetime.
    Name(&'t str),
    Literal(&'t str),
    /// One or more punctuation characters.
    Operator(&'t str),
}

/// The pieces of a text from its front.
pub(super) struct Lexer<'t> {
    rest: &'t str,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { rest: text }
    }

    fn take(&mut self, len: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at_checked(len).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    fn run(&self, is_part: impl Fn(char) -> bool) -> usize {
        self.rest.find(|next| !is_part(next)).unwrap_or(self.rest.len())
    }
}

impl<'t> Iterator for Lexer<'t> {
    type Item = Piece<'t>;

    fn next(&mut self) -> Option<Piece<'t>> {
        self.rest = self.rest.trim_start();
        let first = self.rest.chars().next()?;
        Some(match first {
            '(' | '[' | '{' => {
                self.take(1);
                Piece::Open(first)
            }
            ')' | ']' | '}' => {
                self.take(1);
                Piece::Close
            }
            '"' => Piece::Literal(self.take(string(self.rest))),
            '\'' => {
                let len = 1 + self
                    .rest
                    .get(1..)
                    .unwrap_or_default()
                    .find(|next| !is_name(next))
                    .unwrap_or(0);
                Piece::Name(self.take(len))
            }
            first if is_name(first) => self.name(first),
            _ => {
                let len =
                    self.run(|next| !is_name(next) && !next.is_whitespace() && !"()[]{}\"'".contains(next));
                Piece::Operator(self.take(len))
            }
        })
    }
}

impl<'t> Lexer<'t> {
    /// A name, a number, or a string with a prefix.
    fn name(&mut self, first: char) -> Piece<'t> {
        let len = self.run(is_name);
        let (prefix, rest) = self.rest.split_at(len);
        if first.is_ascii_digit() {
            return Piece::Literal(self.take(len));
        }
        match (prefix, rest.chars().next()) {
            ("b", Some('"')) => Piece::Literal(self.take(len + string(rest))),
            ("r" | "br", Some('"' | '#')) => Piece::Literal(self.take(len + raw_string(rest))),
            _ => Piece::Name(self.take(len)),
        }
    }
}

fn is_name(next: char) -> bool {
    next.is_alphanumeric() || next == '_'
}

/// Length of a string with its quotes.
fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, next) in text.char_indices().skip(1) {
        match next {
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

/// Length of a raw string with its hashes and quotes.
fn raw_string(text: &str) -> usize {
    let hashes = text.find('"').unwrap_or(0);
    let end = format!("\"{}", text.get(..hashes).unwrap_or_default());
    let content = text.get(hashes + 1..).unwrap_or_default();
    content
        .find(&end)
        .map_or(text.len(), |at| hashes + 1 + at + end.len())
}

#[cfg(test)]
mod tests {
    use super::{Lexer, Piece};
    use quote::quote;

    #[test]
    fn pieces_of_every_kind() {
        let text = quote!(
            fn a<'x>(b: &'x str) -> u8 {
                0x20..=9;
                b"\"\\";
                r" raw";
                "}"
            }
        )
        .to_string();
        let pieces: Vec<_> = Lexer::new(&text).collect();
        use Piece::{Close, Literal, Name, Open, Operator};
        let expected = [
            Name("fn"),
            Name("a"),
            Operator("<"),
            Name("'x"),
            Operator(">"),
            Open('('),
            Name("b"),
            Operator(":"),
            Operator("&"),
            Name("'x"),
            Name("str"),
            Close,
            Operator("->"),
            Name("u8"),
            Open('{'),
            Literal("0x20"),
            Operator("..="),
            Literal("9"),
            Operator(";"),
            Literal("b\"\\\"\\\\\""),
            Operator(";"),
            Literal("r\" raw\""),
            Operator(";"),
            Literal("\"}\""),
            Close,
        ];
        assert_eq!(pieces, expected);
    }
}
