//! What the firmware says on its UART: defmt frames between espflash's delimiters, and plain text between them.

use anyhow::Context as _;
use defmt_decoder::{DecodeError, Table};

/// Longest line of plain text, longest frame.
const MOST: usize = 4096;

/// Reads the bytes of a log.
pub(crate) struct Reader {
    table: Table,
    pending: Vec<u8>,
    /// Between the delimiters of a frame.
    in_frame: bool,
}

impl Reader {
    /// For the log of this image.
    pub(crate) fn new(elf: &[u8]) -> anyhow::Result<Self> {
        let table = Table::parse(elf)?.context("the image has no defmt table: build it again")?;
        Ok(Self {
            table,
            pending: Vec::new(),
            in_frame: false,
        })
    }

    /// The lines that these bytes end.
    pub(crate) fn read(&mut self, bytes: &[u8]) -> Vec<String> {
        bytes.iter().filter_map(|byte| self.byte(*byte)).collect()
    }

    fn byte(&mut self, byte: u8) -> Option<String> {
        match (self.in_frame, byte) {
            (false, 0) if self.pending.last() == Some(&0xff) => {
                self.pending.pop();
                self.in_frame = true;
                self.text()
            }
            (true, 0) => {
                self.in_frame = false;
                self.frame()
            }
            (false, b'\n') => self.text(),
            _ => {
                if self.pending.len() < MOST {
                    self.pending.push(byte);
                }
                None
            }
        }
    }

    fn text(&mut self) -> Option<String> {
        let bytes = std::mem::take(&mut self.pending);
        let text = String::from_utf8_lossy(&bytes).trim_end().to_owned();
        (!text.is_empty()).then_some(text)
    }

    fn frame(&mut self) -> Option<String> {
        let mut frame = std::mem::take(&mut self.pending);
        frame.push(0);
        let mut decoder = self.table.new_stream_decoder();
        decoder.received(&frame);
        let line = match decoder.decode() {
            Ok(frame) => frame.display(false).to_string(),
            Err(DecodeError::UnexpectedEof) => return None,
            Err(DecodeError::Malformed) => "(a message that was damaged)".into(),
        };
        Some(line)
    }
}
