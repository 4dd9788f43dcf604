//! The words of a token stream's own text. That text has each token apart, joint operators together, so it is taken
//! to pieces without copying; going through the tokens would copy every one of them.

/// One piece of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    Open(u8),
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

    /// Bytes at the front that are part of something; all that is not ASCII is part of names.
    fn run(&self, is_part: impl Fn(u8) -> bool) -> usize {
        self.rest
            .bytes()
            .position(|next| !is_part(next))
            .unwrap_or(self.rest.len())
    }

    /// A name, a number, or a string with a prefix.
    fn name(&mut self, first: u8) -> Piece<'t> {
        let len = self.run(is_name);
        if first.is_ascii_digit() {
            return Piece::Literal(self.take(len));
        }
        let (prefix, rest) = self.rest.split_at(len);
        match (prefix, rest.bytes().next()) {
            ("b", Some(b'"')) => Piece::Literal(self.take(len + string(rest))),
            ("r" | "br", Some(b'"' | b'#')) => Piece::Literal(self.take(len + raw_string(rest))),
            _ => Piece::Name(self.take(len)),
        }
    }
}

impl<'t> Iterator for Lexer<'t> {
    type Item = Piece<'t>;

    fn next(&mut self) -> Option<Piece<'t>> {
        self.take(self.run(|next| next.is_ascii_whitespace()));
        let first = self.rest.bytes().next()?;
        Some(match first {
            b'(' | b'[' | b'{' => {
                self.take(1);
                Piece::Open(first)
            }
            b')' | b']' | b'}' => {
                self.take(1);
                Piece::Close
            }
            b'"' => Piece::Literal(self.take(string(self.rest))),
            b'\'' => Piece::Name(
                self.take(
                    1 + self
                        .rest
                        .bytes()
                        .skip(1)
                        .take_while(|next| is_name(*next))
                        .count(),
                ),
            ),
            first if is_name(first) => self.name(first),
            _ => Piece::Operator(self.take(self.run(is_operator))),
        })
    }
}

fn is_name(next: u8) -> bool {
    next.is_ascii_alphanumeric() || next == b'_' || !next.is_ascii()
}

fn is_operator(next: u8) -> bool {
    next.is_ascii_punctuation()
        && !matches!(
            next,
            b'(' | b')' | b'[' | b']' | b'{' | b'}' | b'"' | b'\'' | b'_'
        )
}

/// Length of a string with its quotes.
fn string(text: &str) -> usize {
    let mut escaped = false;
    let end = text.bytes().skip(1).position(|next| {
        let ends = next == b'"' && !escaped;
        escaped = next == b'\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |end| end + 2)
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
            Open(b'('),
            Name("b"),
            Operator(":"),
            Operator("&"),
            Name("'x"),
            Name("str"),
            Close,
            Operator("->"),
            Name("u8"),
            Open(b'{'),
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
