//! The text of a Python dict, as the MicroPython system hands `ssl_params` on. Its bridge evaluates that text; here it is
//! data: keys and values of a literal are told apart, and nothing else is understood.

use super::{TextError, TextWriter, is_text_symbol, reader, writer};
use core::str::FromStr;

/// The entries of a dict that is being written.
pub struct TextMapWriter<'w, 'a> {
    out: &'w mut TextWriter<'a>,
    first: bool,
}

impl<'w, 'a> TextMapWriter<'w, 'a> {
    pub(super) fn new(out: &'w mut TextWriter<'a>) -> Self {
        Self { out, first: true }
    }

    /// A text, in quotes.
    ///
    /// # Errors
    /// [`TextError::Full`], as for all methods below; [`TextError::TooLong`] or [`TextError::ForbiddenByte`].
    pub fn str(
        &mut self,
        entry: &'static str,
        field: &'static str,
        value: &str,
        max: usize,
    ) -> Result<(), TextError> {
        if value.len() > max {
            return Err(TextError::TooLong { field, max });
        }
        if !value.bytes().all(is_text_symbol) || value.contains(SPECIAL) {
            return Err(TextError::ForbiddenByte { field });
        }
        self.entry(entry)?;
        self.out.raw(b"'")?;
        self.out.raw(value.as_bytes())?;
        self.out.raw(b"'")
    }

    /// True or False.
    ///
    /// # Errors
    /// [`TextError::Full`]
    pub fn bool(&mut self, entry: &'static str, value: bool) -> Result<(), TextError> {
        self.entry(entry)?;
        self.out.raw(writer::bool_word(value))
    }

    /// A number.
    ///
    /// # Errors
    /// [`TextError::Full`]
    pub fn unsigned(&mut self, entry: &'static str, value: u64) -> Result<(), TextError> {
        self.entry(entry)?;
        self.out.raw(writer::digits(value, &mut [0; 20]))
    }

    /// A number, with its sign when it is below zero.
    ///
    /// # Errors
    /// [`TextError::Full`]
    pub fn signed(&mut self, entry: &'static str, value: i64) -> Result<(), TextError> {
        self.entry(entry)?;
        self.out.number(value)
    }

    fn entry(&mut self, entry: &'static str) -> Result<(), TextError> {
        if !self.first {
            self.out.raw(b", ")?;
        }
        self.first = false;
        self.out.raw(b"'")?;
        self.out.raw(entry.as_bytes())?;
        self.out.raw(b"': ")
    }
}

/// A text between quotation marks that holds one of these is perhaps not what it looks like.
const SPECIAL: [char; 3] = ['\'', '"', '\\'];

/// A value of a dict, as it is written there.
#[derive(Clone, Copy)]
pub struct TextValue<'a> {
    field: &'static str,
    text: &'a str,
}

impl<'a> TextValue<'a> {
    /// A text in quotes.
    ///
    /// # Errors
    /// [`TextError::NotAMap`] for anything else, or [`TextError::TooLong`] beyond `max` bytes.
    pub fn str(self, field: &'static str, max: usize) -> Result<&'a str, TextError> {
        let text = unquoted(self.text).ok_or(TextError::NotAMap { field: self.field })?;
        if text.len() > max {
            Err(TextError::TooLong { field, max })
        } else {
            Ok(text)
        }
    }

    /// True or False, 0 or 1.
    ///
    /// # Errors
    /// [`TextError::NotABool`]
    pub fn bool(self, field: &'static str) -> Result<bool, TextError> {
        reader::bool(self.text.as_bytes()).ok_or(TextError::NotABool { field })
    }

    /// A decimal number.
    ///
    /// # Errors
    /// [`TextError::NotANumber`], or [`TextError::OutOfRange`] beyond the type.
    pub fn number<T: FromStr>(self, field: &'static str) -> Result<T, TextError> {
        reader::number(field, self.text.as_bytes())
    }

    /// A number that stands for a value.
    ///
    /// # Errors
    /// [`TextError::NotANumber`], [`TextError::OutOfRange`] beyond a byte, or [`TextError::NoSuchValue`] when it stands for
    /// none.
    pub fn code<T>(self, field: &'static str, value: fn(u8) -> Option<T>) -> Result<T, TextError> {
        value(self.number(field)?).ok_or(TextError::NoSuchValue { field })
    }
}

/// Takes a dict apart.
pub(super) fn read<'a>(
    field: &'static str,
    text: &'a str,
    mut entry: impl FnMut(&'a str, TextValue<'a>) -> Result<(), TextError>,
) -> Result<(), TextError> {
    let wrong = TextError::NotAMap { field };
    let braced = text
        .trim()
        .strip_prefix('{')
        .and_then(|text| text.strip_suffix('}'));
    let mut rest = braced.ok_or(wrong)?.trim();
    while !rest.is_empty() {
        let (item, after) = split(rest, b',').ok_or(wrong)?;
        let (name, value) = match split(item, b':') {
            Some((name, Some(value))) => (name.trim(), value.trim()),
            _ => return Err(wrong),
        };
        if value.is_empty() {
            return Err(wrong);
        }
        if let Some(name) = unquoted(name).filter(|_| value != "None") {
            entry(name, TextValue { field, text: value })?;
        }
        rest = after.unwrap_or_default().trim();
    }
    Ok(())
}

/// What stands before the first `end` that is in no quotes and no brackets, and what stands behind it. None when a quote
/// or a bracket is left open.
fn split(text: &str, end: u8) -> Option<(&str, Option<&str>)> {
    let (mut quote, mut depth, mut escaped) = (None, 0_u32, false);
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            _ if escaped => escaped = false,
            (Some(_), b'\\') => escaped = true,
            (Some(open), byte) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'\'' | b'"') => quote = Some(byte),
            (None, b'(' | b'[' | b'{') => depth = depth.saturating_add(1),
            (None, b')' | b']' | b'}') => depth = depth.checked_sub(1)?,
            (None, byte) if byte == end && depth == 0 => return Some((text.get(..at)?, text.get(at + 1..))),
            (None, _) => {}
        }
    }
    (quote.is_none() && depth == 0).then_some((text, None))
}

/// The inside of a plain text literal; none for one with escapes or quotation marks, whose meaning is Python's business.
fn unquoted(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|first| matches!(first, '\'' | '"'))?;
    let inside = text.strip_prefix(quote)?.strip_suffix(quote)?;
    (!inside.contains(SPECIAL)).then_some(inside)
}
