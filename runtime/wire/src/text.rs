//! The text format of the MicroPython system (PROTOCOL.md, "Text format"): the fields of one string, written and read.
//! It knows how a field looks and no message; symbols, terminators and when to speak so are not here.
//!
//! A string is fields of symbols 1 to 126 with 127 between them. Nothing says how long a field is and nothing protects
//! it, so whatever cannot be a field is refused before anything is sent, and a string with a field too many or too few is
//! no message: a payload that holds a separator must never be taken for the fields behind it.

mod error;
mod map;
mod reader;
mod writer;

pub use error::TextError;
pub use map::{TextMapWriter, TextValue};
pub use reader::TextReader;
pub use writer::TextWriter;

/// Stands between fields.
pub const TEXT_SEPARATOR: u8 = 0x7F;

/// Whether a field may hold the byte: 0 ends the string, 0x7F the field, and the rest does not fit into seven bits.
pub fn is_text_symbol(byte: u8) -> bool {
    (1..TEXT_SEPARATOR).contains(&byte)
}
