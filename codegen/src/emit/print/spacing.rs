//! Where spaces stand between tokens. It looks at the tokens before, never at the width of a line.

use super::lex::{Lexer, Piece};
use super::node::{Delimiter, Node, Separator};

/// Words that no operand ends in: an operator behind them is a prefix, a parenthesis behind them no call. So is a
/// lifetime.
fn is_keyword(name: &str) -> bool {
    name.starts_with('\'')
        || matches!(
            name,
            "as" | "const"
                | "dyn"
                | "else"
                | "enum"
                | "fn"
                | "for"
                | "if"
                | "impl"
                | "in"
                | "let"
                | "match"
                | "mod"
                | "move"
                | "mut"
                | "ref"
                | "return"
                | "static"
                | "struct"
                | "trait"
                | "use"
                | "where"
                | "while"
        )
}

/// Tokens with their spacing decided, up to the end of the group that was opened.
pub(super) fn nodes<'t>(lexer: &mut Lexer<'t>) -> Vec<Node<'t>> {
    let mut spacer = Spacer {
        nodes: Vec::new(),
        last: Last::Start,
        generics: 0,
        closure: false,
    };
    while let Some(piece) = lexer.next() {
        match piece {
            Piece::Open(delimiter) => spacer.group(delimiter, nodes(lexer)),
            Piece::Close => break,
            Piece::Name(name) => spacer.name(name),
            Piece::Literal(literal) => spacer.word(literal, Last::Operand),
            Piece::Operator(operator) => spacer.operator(operator),
        }
    }
    spacer.nodes
}

/// What the token before means for the next one.
#[derive(Clone, Copy, PartialEq)]
enum Last {
    /// Nothing: the group begins.
    Start,
    /// Nothing may come between, as after `.` or a prefix.
    Glue,
    /// As glue, and what follows is a list of imports.
    Path,
    /// `!` of a macro, `#` of an attribute.
    Call,
    /// A value, a type or a name.
    Operand,
    Keyword,
    /// `pub`, whose parenthesis stands close.
    Visibility,
    /// An operator or a separator with a space behind it.
    Operator,
}

struct Spacer<'t> {
    nodes: Vec<Node<'t>>,
    last: Last,
    /// Generic brackets that are open.
    generics: usize,
    /// Between the bars of a closure.
    closure: bool,
}

impl<'t> Spacer<'t> {
    fn push(&mut self, word: &'t str, space: bool, last: Last) {
        self.nodes.push(Node::word(word, space, Separator::None));
        self.last = last;
    }

    /// Whether a word would have a space before it here.
    fn word_space(&self) -> bool {
        !matches!(self.last, Last::Start | Last::Glue | Last::Path | Last::Call)
    }

    fn word(&mut self, word: &'t str, last: Last) {
        let space = self.word_space();
        self.push(word, space, last);
    }

    fn name(&mut self, name: &'t str) {
        let last = match name {
            "pub" => Last::Visibility,
            name if is_keyword(name) => Last::Keyword,
            _ => Last::Operand,
        };
        self.word(name, last);
    }

    fn group(&mut self, open: u8, inner: Vec<Node<'t>>) {
        let (delimiter, space, padded) = match open {
            b'{' => (Delimiter::Brace, self.word_space(), self.last != Last::Path),
            b'[' => (
                Delimiter::Bracket,
                self.word_space() && self.last != Last::Operand,
                false,
            ),
            _ => {
                let close = matches!(self.last, Last::Operand | Last::Visibility);
                (Delimiter::Paren, self.word_space() && !close, false)
            }
        };
        self.nodes.push(Node::group(delimiter, inner, space, padded));
        self.last = Last::Operand;
    }

    fn operator(&mut self, operator: &'t str) {
        let operand = self.last == Last::Operand;
        match operator {
            "," if self.generics == 0 => self.separator(operator, Separator::Comma),
            ";" => self.separator(operator, Separator::Semicolon),
            "," | ":" => self.push(operator, false, Last::Operator),
            "." | "?" => self.dot_or_question(operator),
            "::" => {
                let space = !operand && self.word_space();
                self.push(operator, space, Last::Path);
            }
            ".." | "..=" => {
                let space = !operand && self.word_space();
                self.push(operator, space, Last::Glue);
            }
            "!" if operand => self.push(operator, false, Last::Call),
            "#" => self.word(operator, Last::Call),
            "<" => {
                self.generics += 1;
                self.push(operator, false, Last::Glue);
            }
            ">" | ">>" if self.generics > 0 => {
                self.generics = self.generics.saturating_sub(operator.len());
                self.push(operator, false, Last::Operand);
            }
            "|" if self.closure => {
                self.closure = false;
                self.push(operator, false, Last::Operator);
            }
            "|" if !operand => {
                self.closure = true;
                self.word(operator, Last::Glue);
            }
            "&" | "*" | "-" | "!" if !operand => self.word(operator, Last::Glue),
            _ => self.push(operator, self.last != Last::Start, Last::Operator),
        }
    }

    fn dot_or_question(&mut self, operator: &'t str) {
        let last = if operator == "." {
            Last::Glue
        } else {
            Last::Operand
        };
        self.push(operator, false, last);
    }

    fn separator(&mut self, operator: &'t str, separator: Separator) {
        self.nodes.push(Node::word(operator, false, separator));
        self.last = Last::Operator;
    }
}
