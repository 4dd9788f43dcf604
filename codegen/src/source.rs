//! A spec's text and the way from byte offsets to line and column.
//!
//! It does not read files and knows nothing of YAML: whoever has the text says under which name it is shown.

use std::ops::Range;

/// A piece of the text: byte offsets, the end is exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset behind the last byte.
    pub end: usize,
}

impl Span {
    /// The bytes from `start` up to `end`; an `end` before `start` gives an empty span.
    pub fn new(start: usize, end: usize) -> Self {
        Self {
            start,
            end: end.max(start),
        }
    }

    /// From the start of this span to the end of the other.
    pub fn to(self, other: Self) -> Self {
        Self::new(self.start, other.end)
    }

    /// The same as a range of offsets.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// Line and column, both counted from 1; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, the first is 1.
    pub line: usize,
    /// Column in characters, the first is 1.
    pub column: usize,
}

/// A text with a name for it.
#[derive(Clone, Debug)]
pub struct Source {
    path: String,
    text: String,
    line_starts: Vec<usize>,
}

impl Source {
    /// Takes the text over; `path` is shown in diagnostics as it is given here.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let line_starts = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        Self {
            path: path.into(),
            text,
            line_starts,
        }
    }

    /// The name under which the text is shown.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where an offset is. One behind the end, or inside a character, counts as the nearest place before it.
    pub fn position(&self, offset: usize) -> Position {
        let line = self.line_starts.partition_point(|&start| start <= offset);
        let start = self.line_start(line);
        let column = self.text[start..]
            .char_indices()
            .take_while(|(at, _)| start + at < offset)
            .count();
        let longest = self.line(line).chars().count();
        Position {
            line,
            column: column.min(longest) + 1,
        }
    }

    /// The text of a line (counted from 1) without its end; empty when there is no such line.
    pub fn line(&self, line: usize) -> &str {
        let range = self.lines(line, line);
        self.text
            .get(range)
            .unwrap_or_default()
            .trim_end_matches(['\n', '\r'])
    }

    /// The offsets of whole lines, `first` to `last` inclusive, both counted from 1, with their line ends.
    pub fn lines(&self, first: usize, last: usize) -> Range<usize> {
        self.line_start(first)..self.line_start(last + 1)
    }

    /// The text in a span; empty when the span is not one of this text.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// The nearest offset at or before `offset` that is not inside a character.
    pub(crate) fn floor(&self, offset: usize) -> usize {
        let mut at = offset.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    fn line_start(&self, line: usize) -> usize {
        self.line_starts
            .get(line.saturating_sub(1))
            .copied()
            .unwrap_or(self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let source = Source::new("a.yaml", "ab\nü: x\n");
        assert_eq!(source.position(0), Position { line: 1, column: 1 });
        assert_eq!(source.position(2), Position { line: 1, column: 3 });
        assert_eq!(source.position(5), Position { line: 2, column: 2 });
        assert_eq!(source.position(8), Position { line: 2, column: 5 });
        assert_eq!(source.position(999), Position { line: 3, column: 1 });
    }

    #[test]
    fn lines_come_without_their_ends() {
        let source = Source::new("a.yaml", "one\r\ntwo");
        assert_eq!(source.line(1), "one");
        assert_eq!(source.line(2), "two");
        assert_eq!(source.line(3), "");
    }
}
