//! A board's log: defmt messages in espflash's framing (0xFF 0x00, rzCOBS, 0x00), between which plain text may stand, of a
//! boot ROM or of a panic. Bytes in, lines out. Deliberately no port and no clock: bytes come from wherever the caller has
//! them.

use std::fmt;

use anyhow::Context as _;
use defmt_decoder::Table;
use serde::Serialize;

/// How a message begins, in its framing.
const START: [u8; 2] = [0xff, 0x00];
/// A line of text, or a message, that is longer was never meant to be one.
const LONGEST: usize = 4096;

/// A line of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Line {
    /// What was written as it is.
    Text {
        /// Without the line's end.
        text: String,
    },
    /// A message of defmt.
    Message {
        /// `error`, `warn`, `info`, `debug` or `trace`; none of what is printed in any case.
        level: Option<&'static str>,
        /// What the board's clock said.
        time: Option<String>,
        /// The message.
        text: String,
    },
    /// A message that this image has not sent: bytes were lost, or the board runs other firmware.
    Damaged {
        /// How many there were of it.
        bytes: usize,
    },
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text { text } => f.write_str(text),
            Self::Message { level, time, text } => {
                if let Some(time) = time {
                    write!(f, "{time} ")?;
                }
                write!(f, "{:<5} {text}", level.unwrap_or_default())
            }
            Self::Damaged { bytes } => {
                write!(
                    f,
                    "({bytes} bytes that are no message of this image: does the board run it?)"
                )
            }
        }
    }
}

/// Makes lines of a board's bytes.
pub struct Decoder {
    table: Option<Table>,
    state: State,
    bytes: Vec<u8>,
}

/// Where in the framing the next byte stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// In plain text.
    Text,
    /// Behind the first byte of a message's start, which is in no text.
    Start,
    /// In a message.
    Message,
}

impl Decoder {
    /// A decoder for the image in this ELF file. One without defmt writes plain text.
    ///
    /// # Errors
    /// The table of messages cannot be read, or is of another version of defmt than this tool.
    pub fn new(elf: &[u8]) -> anyhow::Result<Self> {
        let table = Table::parse(elf).context("the image's table of messages cannot be read")?;
        Ok(Self {
            table,
            ..Self::plain()
        })
    }

    /// A decoder that knows no image.
    #[must_use]
    pub const fn plain() -> Self {
        Self {
            table: None,
            state: State::Text,
            bytes: Vec::new(),
        }
    }

    /// Takes what has come, cut anywhere, and gives the lines that are whole now.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Line> {
        bytes.iter().filter_map(|byte| self.take(*byte)).collect()
    }

    /// The line that was not ended, when nothing more will come.
    pub fn finish(&mut self) -> Option<Line> {
        match self.state {
            State::Text | State::Start => self.text(),
            State::Message => self.message(),
        }
    }

    fn take(&mut self, byte: u8) -> Option<Line> {
        match (self.state, byte) {
            (State::Text, b'\n') => return self.ended_text(),
            (State::Text | State::Start, byte) if byte == START[0] => self.state = State::Start,
            (State::Start, byte) if byte == START[1] => {
                let before = self.text();
                self.state = State::Message;
                return before;
            }
            (State::Text | State::Start, byte) => {
                self.state = State::Text;
                self.bytes.push(byte);
            }
            // Between start and message there may be more zeros.
            (State::Message, 0) if self.bytes.is_empty() => {}
            (State::Message, 0) => return self.message(),
            (State::Message, byte) => self.bytes.push(byte),
        }
        if self.bytes.len() < LONGEST {
            None
        } else {
            self.finish()
        }
    }

    /// An empty line is a line, but not where nothing was written before a message.
    fn ended_text(&mut self) -> Option<Line> {
        self.text().or(Some(Line::Text { text: String::new() }))
    }

    fn text(&mut self) -> Option<Line> {
        self.state = State::Text;
        let bytes = std::mem::take(&mut self.bytes);
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(&bytes);
        let text = String::from_utf8_lossy(bytes).into_owned();
        (!text.is_empty()).then_some(Line::Text { text })
    }

    fn message(&mut self) -> Option<Line> {
        self.state = State::Text;
        let mut bytes = std::mem::take(&mut self.bytes);
        let damaged = Line::Damaged { bytes: bytes.len() };
        bytes.push(0);
        let decoded = self.table.as_ref().and_then(|table| decoded(table, &bytes));
        Some(decoded.unwrap_or(damaged))
    }
}

fn decoded(table: &Table, message: &[u8]) -> Option<Line> {
    let mut decoder = table.new_stream_decoder();
    decoder.received(message);
    let frame = decoder.decode().ok()?;
    Some(Line::Message {
        level: frame.level().map(|level| level.as_str()),
        time: frame.display_timestamp().map(|time| time.to_string()),
        text: frame.display_message().to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use expect_test::{Expect, expect};

    /// `level 42` at 66051 µs, as the sample's firmware sends it.
    const MESSAGE: &[u8] = b"\xff\x00\x01\x01\x03\x02\x01\x2a\x20\x00";

    fn check(pieces: &[&[u8]], expected: Expect) {
        let mut decoder = Decoder::new(&sample::with_messages()).unwrap();
        let mut lines: Vec<_> = pieces.iter().flat_map(|piece| decoder.feed(piece)).collect();
        lines.extend(decoder.finish());
        let shown: String = lines.iter().map(|line| format!("{line}|\n")).collect();
        expected.assert_eq(&shown);
    }

    #[test]
    fn messages_and_plain_text_stand_between_each_other() {
        let stream = [
            b"ESP-ROM:esp32c3\r\n\r\nboot",
            MESSAGE,
            MESSAGE,
            b"panicked\nat",
            MESSAGE,
        ]
        .concat();
        check(
            &[&stream],
            expect![[r#"
                ESP-ROM:esp32c3|
                |
                boot|
                0.066051 info  level 42|
                0.066051 info  level 42|
                panicked|
                at|
                0.066051 info  level 42|
            "#]],
        );
    }

    #[test]
    fn bytes_may_come_one_by_one_and_end_anywhere() {
        let stream = [b"a\n", MESSAGE, b"b\xff"].concat();
        let pieces: Vec<_> = stream.chunks(1).collect();
        check(
            &pieces,
            expect![[r#"
                a|
                0.066051 info  level 42|
                b|
            "#]],
        );
    }

    #[test]
    fn what_this_image_has_not_sent_is_said_and_ends_nothing() {
        check(
            &[b"\xff\x00\x07\x07\x7c\x00", MESSAGE, b"\xff\x00\x01"],
            expect![[r#"
                (3 bytes that are no message of this image: does the board run it?)|
                0.066051 info  level 42|
                (1 bytes that are no message of this image: does the board run it?)|
            "#]],
        );
    }

    #[test]
    fn a_line_that_never_ends_is_cut() {
        let mut decoder = Decoder::plain();
        let lines = decoder.feed(&[b'x'; 2 * LONGEST + 1]);
        assert_eq!((lines.len(), decoder.bytes.len()), (2, 1));
    }

    #[test]
    fn a_line_as_json_says_what_it_is() {
        let line = Line::Message {
            level: Some("warn"),
            time: None,
            text: "low".to_owned(),
        };
        let json = serde_json::to_string(&line).unwrap();
        assert_eq!(
            json,
            r#"{"kind":"message","level":"warn","time":null,"text":"low"}"#
        );
    }
}
