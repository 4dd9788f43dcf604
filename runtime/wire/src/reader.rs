//! Decodes the fields of a body, one after the other; text and bytes are borrowed from it. It knows the encodings
//! (PROTOCOL.md, "Bodies") and no message.

use crate::{DecodeError, Element, List};
use core::fmt;

/// Tag of the entry before all settings that holds the message's other fields: id 0, with a length.
pub const FIELDS_ENTRY: u8 = 3;

/// What is left of a body.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

macro_rules! fixed {
    ($($(#[$doc:meta])* $name:ident: $int:ident;)*) => {$(
        $(#[$doc])*
        ///
        /// # Errors
        /// [`DecodeError::Truncated`]
        #[inline]
        pub fn $name(&mut self, field: &'static str) -> Result<$int, DecodeError> {
            let (bytes, rest) = self.rest.split_first_chunk().ok_or(DecodeError::Truncated { field })?;
            self.rest = rest;
            Ok($int::from_le_bytes(*bytes))
        }
    )*};
}

macro_rules! zigzag {
    ($($(#[$doc:meta])* $name:ident: $unsigned:ident;)*) => {$(
        $(#[$doc])*
        ///
        /// # Errors
        /// [`DecodeError::Truncated`], or [`DecodeError::OutOfRange`] beyond the type.
        #[inline]
        pub fn $name(&mut self, field: &'static str) -> Result<$name, DecodeError> {
            let value = self.$unsigned(field)?;
            Ok((value >> 1).cast_signed() ^ -(value & 1).cast_signed())
        }
    )*};
}

impl<'a> Reader<'a> {
    /// Reads from the first byte on.
    #[inline]
    pub fn new(body: &'a [u8]) -> Self {
        Self { rest: body }
    }

    /// Whether everything was read.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Bytes that are left.
    #[inline]
    pub fn len(&self) -> usize {
        self.rest.len()
    }

    /// One byte.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`]
    #[inline]
    pub fn u8(&mut self, field: &'static str) -> Result<u8, DecodeError> {
        let (&first, rest) = self.rest.split_first().ok_or(DecodeError::Truncated { field })?;
        self.rest = rest;
        Ok(first)
    }

    /// One byte, two's complement.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`]
    #[inline]
    pub fn i8(&mut self, field: &'static str) -> Result<i8, DecodeError> {
        Ok(self.u8(field)?.cast_signed())
    }

    /// One byte, 0 or 1.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`], or [`DecodeError::InvalidEnum`] for any other number.
    #[inline]
    pub fn bool(&mut self, field: &'static str) -> Result<bool, DecodeError> {
        match self.u8(field)? {
            0 => Ok(false),
            1 => Ok(true),
            value => Err(DecodeError::InvalidEnum { field, value }),
        }
    }

    /// LEB128.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`], or [`DecodeError::OutOfRange`] beyond the type.
    #[inline]
    pub fn u16(&mut self, field: &'static str) -> Result<u16, DecodeError> {
        u16::try_from(self.u32(field)?).map_err(|_| DecodeError::OutOfRange { field })
    }

    /// LEB128.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`], or [`DecodeError::OutOfRange`] beyond the type.
    #[inline]
    pub fn u32(&mut self, field: &'static str) -> Result<u32, DecodeError> {
        let first = self.u8(field)?;
        if first < 0x80 {
            Ok(first.into())
        } else {
            self.long_u32(field, first)
        }
    }

    fn long_u32(&mut self, field: &'static str, first: u8) -> Result<u32, DecodeError> {
        let mut value = u32::from(first & 0x7F);
        for shift in [7, 14, 21, 28] {
            let byte = self.u8(field)?;
            let low = u32::from(byte & 0x7F);
            value |= low << shift;
            if byte < 0x80 {
                let fits = shift < 28 || low < 1 << 4;
                return if fits {
                    Ok(value)
                } else {
                    Err(DecodeError::OutOfRange { field })
                };
            }
        }
        Err(DecodeError::OutOfRange { field })
    }

    /// LEB128.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`], or [`DecodeError::OutOfRange`] beyond the type.
    pub fn u64(&mut self, field: &'static str) -> Result<u64, DecodeError> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.u8(field)?;
            let low = u64::from(byte & 0x7F);
            value |= low << shift;
            if byte < 0x80 {
                let fits = shift < 63 || low < 2;
                return if fits {
                    Ok(value)
                } else {
                    Err(DecodeError::OutOfRange { field })
                };
            }
        }
        Err(DecodeError::OutOfRange { field })
    }

    zigzag! {
        /// Zigzag LEB128.
        i16: u16;
        /// Zigzag LEB128.
        i32: u32;
        /// Zigzag LEB128.
        i64: u64;
    }

    fixed! {
        /// Two bytes, little endian.
        fixed_u16: u16;
        /// Four bytes, little endian.
        fixed_u32: u32;
        /// Eight bytes, little endian.
        fixed_u64: u64;
        /// Two bytes, little endian.
        fixed_i16: i16;
        /// Four bytes, little endian.
        fixed_i32: i32;
        /// Eight bytes, little endian.
        fixed_i64: i64;
    }

    /// Number of elements, or of bytes, that follow.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`], or [`DecodeError::TooLong`] beyond `max`.
    #[inline]
    pub fn count(&mut self, field: &'static str, max: usize) -> Result<usize, DecodeError> {
        let len = self.u32(field)? as usize;
        if len > max {
            Err(DecodeError::TooLong { field, max })
        } else {
            Ok(len)
        }
    }

    #[inline]
    fn take(&mut self, field: &'static str, len: usize) -> Result<&'a [u8], DecodeError> {
        let (taken, rest) = self
            .rest
            .split_at_checked(len)
            .ok_or(DecodeError::Truncated { field })?;
        self.rest = rest;
        Ok(taken)
    }

    /// Length, then bytes.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`], or [`DecodeError::TooLong`] beyond `max` bytes.
    #[inline]
    pub fn bytes(&mut self, field: &'static str, max: usize) -> Result<&'a [u8], DecodeError> {
        let len = self.count(field, max)?;
        self.take(field, len)
    }

    /// Length, then text.
    ///
    /// # Errors
    /// As [`Self::bytes`], or [`DecodeError::InvalidUtf8`].
    #[inline]
    pub fn str(&mut self, field: &'static str, max: usize) -> Result<&'a str, DecodeError> {
        utf8(field, self.bytes(field, max)?)
    }

    /// Bytes that run to the end of the body.
    ///
    /// # Errors
    /// [`DecodeError::TooLong`] beyond `max` bytes.
    #[inline]
    pub fn rest_bytes(&mut self, field: &'static str, max: usize) -> Result<&'a [u8], DecodeError> {
        let taken = core::mem::take(&mut self.rest);
        if taken.len() > max {
            Err(DecodeError::TooLong { field, max })
        } else {
            Ok(taken)
        }
    }

    /// Text that runs to the end of the body.
    ///
    /// # Errors
    /// [`DecodeError::TooLong`] beyond `max` bytes, or [`DecodeError::InvalidUtf8`].
    #[inline]
    pub fn rest_str(&mut self, field: &'static str, max: usize) -> Result<&'a str, DecodeError> {
        utf8(field, self.rest_bytes(field, max)?)
    }

    /// A config entry: its id, and its value as a reader of its own. The low two bits of the tag say how long the value
    /// is: it is a single zero byte that is not sent, one byte, two bytes, or has its length before it.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`], or [`DecodeError::OutOfRange`] for an id beyond 255.
    pub fn entry(&mut self) -> Result<(u8, Reader<'a>), DecodeError> {
        let tag = self.u16("id")?;
        let id = u8::try_from(tag >> 2).map_err(|_| DecodeError::OutOfRange { field: "id" })?;
        let value = match tag & 3 {
            0 => Reader::new(&[0]),
            3 => self.block("value")?,
            len => self.take("value", len.into()).map(Reader::new)?,
        };
        Ok((id, value))
    }

    /// The fields before settings that differ from their defaults: an entry with id 0 when there are any.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`]
    pub fn fields_entry(&mut self) -> Result<Reader<'a>, DecodeError> {
        match self.rest.split_first() {
            Some((&FIELDS_ENTRY, rest)) => {
                self.rest = rest;
                self.block("extension")
            }
            _ => Ok(Reader::new(&[])),
        }
    }

    /// The value itself, when it is within the bounds.
    ///
    /// # Errors
    /// [`DecodeError::OutOfRange`]
    #[inline]
    pub fn in_range<T: PartialOrd>(field: &'static str, value: T, min: T, max: T) -> Result<T, DecodeError> {
        if value < min || value > max {
            Err(DecodeError::OutOfRange { field })
        } else {
            Ok(value)
        }
    }

    /// A length, and as many bytes as a reader of their own.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`]
    pub fn block(&mut self, field: &'static str) -> Result<Reader<'a>, DecodeError> {
        let len = self.u32(field)? as usize;
        self.take(field, len).map(Reader::new)
    }

    /// The fields that later revisions appended to a message that ends in a `rest` field: a block when there is one.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`]
    #[inline]
    pub fn extension(&mut self, present: bool) -> Result<Reader<'a>, DecodeError> {
        if present {
            self.block("extension")
        } else {
            Ok(Reader::new(&[]))
        }
    }

    /// A count and as many elements; `check` reads one with the bounds of the spec. The elements stay encoded
    /// until the list is iterated.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`], [`DecodeError::TooLong`] beyond `max` elements, or those of `check`.
    pub fn list<T: Element<'a>>(
        &mut self,
        field: &'static str,
        max: usize,
        check: impl Fn(&mut Reader<'a>) -> Result<T, DecodeError>,
    ) -> Result<List<'a, T>, DecodeError> {
        let count = self.count(field, max)?;
        let before = self.rest;
        for _ in 0..count {
            check(self)?;
        }
        let used = before.len() - self.rest.len();
        Ok(List::from_encoded(count, before.get(..used).unwrap_or_default()))
    }
}

#[inline]
fn utf8<'a>(field: &'static str, bytes: &'a [u8]) -> Result<&'a str, DecodeError> {
    core::str::from_utf8(bytes).map_err(|_| DecodeError::InvalidUtf8 { field })
}

impl fmt::Debug for Reader<'_> {
    /// The length only: the bytes may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reader({} bytes left)", self.rest.len())
    }
}
