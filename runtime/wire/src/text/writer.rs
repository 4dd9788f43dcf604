//! Writes the fields of a string into a buffer, one after the other.
//!
//! After an error the buffer holds a part of the string: start over with a new writer.

use super::{TEXT_SEPARATOR, TextError, TextMapWriter, is_text_symbol};

/// Most digits of a number.
const DIGITS: usize = 20;

/// The beginning of a borrowed buffer, written from the front.
pub struct TextWriter<'a> {
    buffer: &'a mut [u8],
    len: usize,
}

impl<'a> TextWriter<'a> {
    /// Writes from the first byte of the buffer on.
    pub fn new(buffer: &'a mut [u8]) -> Self {
        Self { buffer, len: 0 }
    }

    /// Symbols written so far.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing was written yet.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// What was written so far.
    pub fn written(&self) -> &[u8] {
        self.buffer.get(..self.len).unwrap_or_default()
    }

    /// The first field.
    ///
    /// # Errors
    /// [`TextError::Full`], as for all methods below.
    pub fn word(&mut self, word: &'static str) -> Result<(), TextError> {
        self.raw(word.as_bytes())
    }

    /// A text.
    ///
    /// # Errors
    /// [`TextError::TooLong`] or [`TextError::ForbiddenByte`]
    pub fn str(&mut self, field: &'static str, value: &str, max: usize) -> Result<(), TextError> {
        self.bytes(field, value.as_bytes(), max)
    }

    /// Bytes, which must be symbols.
    ///
    /// # Errors
    /// [`TextError::TooLong`] or [`TextError::ForbiddenByte`]
    pub fn bytes(&mut self, field: &'static str, value: &[u8], max: usize) -> Result<(), TextError> {
        if value.len() > max {
            return Err(TextError::TooLong { field, max });
        }
        if !value.iter().copied().all(is_text_symbol) {
            return Err(TextError::ForbiddenByte { field });
        }
        self.field(value)
    }

    /// 0 or 1.
    ///
    /// # Errors
    /// [`TextError::Full`]
    pub fn bool(&mut self, value: bool) -> Result<(), TextError> {
        self.field(if value { b"1" } else { b"0" })
    }

    /// True or False.
    ///
    /// # Errors
    /// [`TextError::Full`]
    pub fn bool_word(&mut self, value: bool) -> Result<(), TextError> {
        self.field(bool_word(value))
    }

    /// A number.
    ///
    /// # Errors
    /// [`TextError::Full`]
    pub fn unsigned(&mut self, value: u64) -> Result<(), TextError> {
        self.field(digits(value, &mut [0; DIGITS]))
    }

    /// A number, with its sign when it is below zero.
    ///
    /// # Errors
    /// [`TextError::Full`]
    pub fn signed(&mut self, value: i64) -> Result<(), TextError> {
        self.raw(&[TEXT_SEPARATOR])?;
        self.number(value)
    }

    /// A number that counts from `epoch` in the text format. 0 remains 0: nobody knows.
    ///
    /// # Errors
    /// [`TextError::OutOfRange`] for any other number up to `epoch`.
    pub fn since(&mut self, field: &'static str, value: u32, epoch: u32) -> Result<(), TextError> {
        match value.checked_sub(epoch) {
            _ if value == 0 => self.unsigned(0),
            None | Some(0) => Err(TextError::OutOfRange { field }),
            Some(since) => self.unsigned(since.into()),
        }
    }

    /// A number that stands for a value.
    ///
    /// # Errors
    /// [`TextError::NotCarried`] when there is none.
    pub fn code(&mut self, field: &'static str, code: Option<u8>) -> Result<(), TextError> {
        self.unsigned(code.ok_or(TextError::NotCarried { field })?.into())
    }

    /// Fields that always look the same.
    ///
    /// # Errors
    /// [`TextError::Full`]
    pub fn more(&mut self, fields: &[&'static str]) -> Result<(), TextError> {
        fields.iter().try_for_each(|field| self.field(field.as_bytes()))
    }

    /// The text of a Python dict, whose entries `entries` writes.
    ///
    /// # Errors
    /// Those of `entries`.
    pub fn map(
        &mut self,
        entries: impl FnOnce(&mut TextMapWriter<'_, 'a>) -> Result<(), TextError>,
    ) -> Result<(), TextError> {
        self.field(b"{")?;
        entries(&mut TextMapWriter::new(self))?;
        self.raw(b"}")
    }

    /// Refuses a message whose `field`, which has no place in the text format, is not at its default.
    ///
    /// # Errors
    /// [`TextError::NotCarried`]
    pub fn lacks(field: &'static str, differs: bool) -> Result<(), TextError> {
        if differs {
            Err(TextError::NotCarried { field })
        } else {
            Ok(())
        }
    }

    /// The value itself, when it is within the bounds.
    ///
    /// # Errors
    /// [`TextError::OutOfRange`]
    pub fn in_range<T: PartialOrd>(field: &'static str, value: T, min: T, max: T) -> Result<T, TextError> {
        if value < min || value > max {
            Err(TextError::OutOfRange { field })
        } else {
            Ok(value)
        }
    }

    fn field(&mut self, value: &[u8]) -> Result<(), TextError> {
        self.raw(&[TEXT_SEPARATOR])?;
        self.raw(value)
    }

    pub(super) fn number(&mut self, value: i64) -> Result<(), TextError> {
        if value < 0 {
            self.raw(b"-")?;
        }
        self.raw(digits(value.unsigned_abs(), &mut [0; DIGITS]))
    }

    pub(super) fn raw(&mut self, symbols: &[u8]) -> Result<(), TextError> {
        let end = self.len.saturating_add(symbols.len());
        let room = self.buffer.get_mut(self.len..end).ok_or(TextError::Full)?;
        room.copy_from_slice(symbols);
        self.len = end;
        Ok(())
    }
}

pub(super) fn bool_word(value: bool) -> &'static [u8] {
    if value { b"True" } else { b"False" }
}

/// A number in decimal, at the end of the buffer.
pub(super) fn digits(mut value: u64, buffer: &mut [u8; DIGITS]) -> &[u8] {
    let mut start = DIGITS;
    for (at, digit) in buffer.iter_mut().enumerate().rev() {
        // The remainder is a digit.
        *digit = b'0' + (value % 10) as u8;
        value /= 10;
        start = at;
        if value == 0 {
            break;
        }
    }
    buffer.get(start..).unwrap_or_default()
}
