//! The YAML parser's markers (line and column in characters) → byte offsets. It does not read YAML.

use crate::source::Span;
use saphyr_parser::Marker;

/// Remembers the last place, so that a walk in the order of the text is linear whatever the text holds.
pub(crate) struct Markers<'s> {
    text: &'s str,
    line_starts: Vec<usize>,
    /// Line, column and offset of the last answer.
    last: (usize, usize, usize),
}

impl<'s> Markers<'s> {
    pub(crate) fn new(text: &'s str) -> Self {
        Self {
            text,
            line_starts: line_starts(text),
            last: (1, 0, 0),
        }
    }

    pub(crate) fn text(&self) -> &'s str {
        self.text
    }

    pub(crate) fn span(&mut self, span: saphyr_parser::Span) -> Span {
        let start = self.offset(span.start);
        let end = self.offset(span.end);
        // Back to the start: the next event may begin there.
        self.last = if span.start.line() == span.end.line() {
            (span.start.line(), span.start.col(), start)
        } else {
            self.last
        };
        Span::new(start, self.trimmed(start, end))
    }

    pub(crate) fn offset(&mut self, marker: Marker) -> usize {
        let (line, column) = (marker.line(), marker.col());
        let start = self
            .line_starts
            .get(line.saturating_sub(1))
            .copied()
            .unwrap_or(self.text.len());
        let (from_column, from) = match self.last {
            (last_line, last_column, offset) if last_line == line && last_column <= column => {
                (last_column, offset)
            }
            _ => (0, start),
        };
        let rest = self.text.get(from..).unwrap_or_default();
        let offset = from + advance(rest, column - from_column);
        self.last = (line, column, offset);
        offset
    }

    /// Spans of multi-line scalars end behind the line break; an underline should not.
    fn trimmed(&self, start: usize, end: usize) -> usize {
        self.text
            .get(start..end)
            .map_or(end, |piece| start + piece.trim_end().len())
    }
}

/// Bytes of the first `characters` characters.
fn advance(text: &str, characters: usize) -> usize {
    match text.as_bytes().get(..characters) {
        Some(bytes) if bytes.is_ascii() => characters,
        _ => text
            .char_indices()
            .nth(characters)
            .map_or(text.len(), |(at, _)| at),
    }
}

/// Lines as YAML sees them: they end with LF, CR LF or CR.
fn line_starts(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let ends = bytes.iter().enumerate().filter(|&(at, &byte)| match byte {
        b'\n' => true,
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        _ => false,
    });
    std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_characters_and_lines_end_in_three_ways() {
        let mut markers = Markers::new("ü: 1\r\nb: 2\rc: ß\n");
        assert_eq!(markers.offset(Marker::new(0, 1, 1)), 2);
        assert_eq!(markers.offset(Marker::new(0, 2, 3)), 10);
        assert_eq!(markers.offset(Marker::new(0, 3, 4)), 17);
        assert_eq!(markers.offset(Marker::new(0, 1, 3)), 4);
        assert_eq!(markers.offset(Marker::new(0, 9, 9)), 18);
    }
}
