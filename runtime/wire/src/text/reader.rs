//! Reads the fields of a string, one after the other; text and bytes are borrowed from it. Numbers and bools are read
//! however the MicroPython system spells them, everything else as the spec bounds it.

use super::map::{self, TextValue};
use super::{TEXT_SEPARATOR, TextError, is_text_symbol};
use core::str::FromStr;

/// What is left of a string.
#[derive(Clone, Copy)]
pub struct TextReader<'a> {
    /// None when the last field was read.
    rest: Option<&'a [u8]>,
}

impl<'a> TextReader<'a> {
    /// Reads a string, given without its terminator.
    ///
    /// # Errors
    /// [`TextError::Empty`], or [`TextError::ForbiddenByte`] when it holds what no symbol link can bring.
    pub fn new(string: &'a [u8]) -> Result<Self, TextError> {
        if string.is_empty() {
            return Err(TextError::Empty);
        }
        let allowed = |byte: &u8| is_text_symbol(*byte) || *byte == TEXT_SEPARATOR;
        if !string.iter().all(allowed) {
            return Err(TextError::ForbiddenByte { field: "string" });
        }
        Ok(Self { rest: Some(string) })
    }

    /// The first field.
    ///
    /// # Errors
    /// [`TextError::Missing`] when it was read.
    pub fn word(&mut self) -> Result<&'a [u8], TextError> {
        self.field("word")
    }

    /// The next field as it is.
    ///
    /// # Errors
    /// [`TextError::Missing`], as for all methods below.
    pub fn field(&mut self, field: &'static str) -> Result<&'a [u8], TextError> {
        let rest = self.rest.ok_or(TextError::Missing { field })?;
        let end = rest.iter().position(|byte| *byte == TEXT_SEPARATOR);
        let (taken, left) = match end.and_then(|end| rest.split_at_checked(end)) {
            Some((taken, left)) => (taken, left.get(1..)),
            None => (rest, None),
        };
        self.rest = left;
        Ok(taken)
    }

    /// Bytes.
    ///
    /// # Errors
    /// [`TextError::TooLong`] beyond `max`.
    pub fn bytes(&mut self, field: &'static str, max: usize) -> Result<&'a [u8], TextError> {
        let taken = self.field(field)?;
        if taken.len() > max {
            Err(TextError::TooLong { field, max })
        } else {
            Ok(taken)
        }
    }

    /// A text.
    ///
    /// # Errors
    /// [`TextError::TooLong`] beyond `max` bytes.
    pub fn str(&mut self, field: &'static str, max: usize) -> Result<&'a str, TextError> {
        ascii(field, self.bytes(field, max)?)
    }

    /// 0 or 1, True or False in capitals or not: the peer's own spelling differs from message to message.
    ///
    /// # Errors
    /// [`TextError::NotABool`]
    pub fn bool(&mut self, field: &'static str) -> Result<bool, TextError> {
        bool(self.field(field)?).ok_or(TextError::NotABool { field })
    }

    /// A decimal number.
    ///
    /// # Errors
    /// [`TextError::NotANumber`], or [`TextError::OutOfRange`] beyond the type.
    pub fn number<T: FromStr>(&mut self, field: &'static str) -> Result<T, TextError> {
        number(field, self.field(field)?)
    }

    /// A number that counts from `epoch` in the text format. 0 remains 0: nobody knows.
    ///
    /// # Errors
    /// [`TextError::NotANumber`] or [`TextError::OutOfRange`]
    pub fn since(&mut self, field: &'static str, epoch: u32) -> Result<u32, TextError> {
        match self.number(field)? {
            0 => Ok(0),
            since => epoch.checked_add(since).ok_or(TextError::OutOfRange { field }),
        }
    }

    /// A number that stands for a value.
    ///
    /// # Errors
    /// [`TextError::NotANumber`], [`TextError::OutOfRange`] beyond a byte, or [`TextError::NoSuchValue`] when it stands for
    /// none.
    pub fn code<T>(&mut self, field: &'static str, value: fn(u8) -> Option<T>) -> Result<T, TextError> {
        value(self.number(field)?).ok_or(TextError::NoSuchValue { field })
    }

    /// The text of a Python dict; `entry` is called for each whose key is a plain text and whose value is not None. It is
    /// taken apart as data: nothing in it is ever evaluated.
    ///
    /// # Errors
    /// [`TextError::NotAMap`], or those of `entry`.
    pub fn map(
        &mut self,
        field: &'static str,
        entry: impl FnMut(&'a str, TextValue<'a>) -> Result<(), TextError>,
    ) -> Result<(), TextError> {
        let text = self.field(field)?;
        map::read(field, ascii(field, text)?, entry)
    }

    /// Refuses a string that has more fields.
    ///
    /// # Errors
    /// [`TextError::Extra`]
    pub fn end(&self) -> Result<(), TextError> {
        match self.rest {
            None => Ok(()),
            Some(_) => Err(TextError::Extra),
        }
    }

    /// Refuses a string that has fewer fields than `count` behind what was read, or any where there should be none. What
    /// they hold is for people.
    ///
    /// # Errors
    /// [`TextError::Missing`] or [`TextError::Extra`]
    pub fn more(&mut self, count: usize) -> Result<(), TextError> {
        if count == 0 {
            return self.end();
        }
        (0..count).try_for_each(|_| self.field("more").map(drop))
    }

    /// The value itself, when it is within the bounds.
    ///
    /// # Errors
    /// [`TextError::OutOfRange`]
    pub fn in_range<T: PartialOrd>(field: &'static str, value: T, min: T, max: T) -> Result<T, TextError> {
        super::TextWriter::in_range(field, value, min, max)
    }
}

/// Symbols are ASCII.
fn ascii<'a>(field: &'static str, bytes: &'a [u8]) -> Result<&'a str, TextError> {
    core::str::from_utf8(bytes).map_err(|_| TextError::ForbiddenByte { field })
}

pub(super) fn bool(text: &[u8]) -> Option<bool> {
    match text {
        b"0" => Some(false),
        b"1" => Some(true),
        _ if text.eq_ignore_ascii_case(b"False") => Some(false),
        _ if text.eq_ignore_ascii_case(b"True") => Some(true),
        _ => None,
    }
}

pub(super) fn number<T: FromStr>(field: &'static str, text: &[u8]) -> Result<T, TextError> {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(TextError::NotANumber { field });
    }
    // What is left to fail is its size or its sign.
    ascii(field, text)?
        .parse()
        .map_err(|_| TextError::OutOfRange { field })
}
