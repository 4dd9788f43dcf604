//! Encodes the fields of a message into a buffer, one after the other. It knows the encodings (PROTOCOL.md,
//! "Bodies") and no message.
//!
//! After an error the buffer holds a part of the message: start over with a new writer.

use crate::EncodeError;
use core::fmt;

/// The end of a borrowed buffer, written from the front.
pub struct Writer<'a> {
    buffer: &'a mut [u8],
    len: usize,
}

impl<'a> Writer<'a> {
    /// Writes from the first byte of the buffer on.
    #[inline]
    pub fn new(buffer: &'a mut [u8]) -> Self {
        Self { buffer, len: 0 }
    }

    /// Bytes written so far.
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing was written yet.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// What was written so far.
    #[inline]
    pub fn written(&self) -> &[u8] {
        self.buffer.get(..self.len).unwrap_or_default()
    }

    /// One byte.
    ///
    /// # Errors
    /// [`EncodeError::Full`], as for all methods below.
    #[inline]
    pub fn u8(&mut self, value: u8) -> Result<(), EncodeError> {
        let slot = self.buffer.get_mut(self.len).ok_or(EncodeError::Full)?;
        *slot = value;
        self.len += 1;
        Ok(())
    }

    /// One byte, two's complement.
    ///
    /// # Errors
    /// [`EncodeError::Full`]
    #[inline]
    pub fn i8(&mut self, value: i8) -> Result<(), EncodeError> {
        self.u8(value.cast_unsigned())
    }

    /// One byte, 0 or 1.
    ///
    /// # Errors
    /// [`EncodeError::Full`]
    #[inline]
    pub fn bool(&mut self, value: bool) -> Result<(), EncodeError> {
        self.u8(u8::from(value))
    }

    /// LEB128, 1 to 3 bytes.
    ///
    /// # Errors
    /// [`EncodeError::Full`]
    #[inline]
    pub fn u16(&mut self, value: u16) -> Result<(), EncodeError> {
        self.u32(value.into())
    }

    /// LEB128, 1 to 5 bytes.
    ///
    /// # Errors
    /// [`EncodeError::Full`]
    #[inline]
    pub fn u32(&mut self, mut value: u32) -> Result<(), EncodeError> {
        while value >= 0x80 {
            self.u8(value as u8 | 0x80)?;
            value >>= 7;
        }
        self.u8(value as u8)
    }

    /// LEB128, 1 to 10 bytes.
    ///
    /// # Errors
    /// [`EncodeError::Full`]
    #[inline]
    pub fn u64(&mut self, mut value: u64) -> Result<(), EncodeError> {
        while value >= 0x80 {
            self.u8(value as u8 | 0x80)?;
            value >>= 7;
        }
        self.u8(value as u8)
    }

    /// Zigzag LEB128, 1 to 3 bytes.
    ///
    /// # Errors
    /// [`EncodeError::Full`]
    #[inline]
    pub fn i16(&mut self, value: i16) -> Result<(), EncodeError> {
        self.u16(((value << 1) ^ (value >> 15)).cast_unsigned())
    }

    /// Zigzag LEB128, 1 to 5 bytes.
    ///
    /// # Errors
    /// [`EncodeError::Full`]
    #[inline]
    pub fn i32(&mut self, value: i32) -> Result<(), EncodeError> {
        self.u32(((value << 1) ^ (value >> 31)).cast_unsigned())
    }

    /// Zigzag LEB128, 1 to 10 bytes.
    ///
    /// # Errors
    /// [`EncodeError::Full`]
    #[inline]
    pub fn i64(&mut self, value: i64) -> Result<(), EncodeError> {
        self.u64(((value << 1) ^ (value >> 63)).cast_unsigned())
    }

    /// The bytes alone: `encoding: fixed`, and a field that runs to the end of the body.
    ///
    /// # Errors
    /// [`EncodeError::Full`]
    #[inline]
    pub fn raw(&mut self, bytes: &[u8]) -> Result<(), EncodeError> {
        // Lengths of slices stay below half the address space: the sum cannot overflow.
        let end = self.len + bytes.len();
        let target = self.buffer.get_mut(self.len..end).ok_or(EncodeError::Full)?;
        target.copy_from_slice(bytes);
        self.len = end;
        Ok(())
    }

    /// Length, then the bytes.
    ///
    /// # Errors
    /// [`EncodeError::TooLong`] beyond `max` bytes.
    #[inline]
    pub fn bytes(&mut self, field: &'static str, value: &[u8], max: usize) -> Result<(), EncodeError> {
        self.count(field, value.len(), max)?;
        self.raw(value)
    }

    /// Length, then the UTF-8 bytes.
    ///
    /// # Errors
    /// [`EncodeError::TooLong`] beyond `max` bytes.
    #[inline]
    pub fn str(&mut self, field: &'static str, value: &str, max: usize) -> Result<(), EncodeError> {
        self.bytes(field, value.as_bytes(), max)
    }

    /// Bytes that run to the end of the body.
    ///
    /// # Errors
    /// [`EncodeError::TooLong`] beyond `max` bytes.
    #[inline]
    pub fn rest_bytes(&mut self, field: &'static str, value: &[u8], max: usize) -> Result<(), EncodeError> {
        check_len(field, value.len(), max)?;
        self.raw(value)
    }

    /// Text that runs to the end of the body.
    ///
    /// # Errors
    /// [`EncodeError::TooLong`] beyond `max` bytes.
    #[inline]
    pub fn rest_str(&mut self, field: &'static str, value: &str, max: usize) -> Result<(), EncodeError> {
        self.rest_bytes(field, value.as_bytes(), max)
    }

    /// Number of elements, or of bytes, that follow.
    ///
    /// # Errors
    /// [`EncodeError::TooLong`] beyond `max`.
    #[inline]
    pub fn count(&mut self, field: &'static str, len: usize, max: usize) -> Result<(), EncodeError> {
        check_len(field, len, max)?;
        self.u32(len as u32)
    }

    /// A config entry: tag (id and kind of length), value. `content` writes at most ten bytes, as every number fits.
    ///
    /// # Errors
    /// Those of `content`.
    pub fn entry(
        &mut self,
        id: u8,
        content: impl FnOnce(&mut Writer<'_>) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError> {
        let mut value = [0; 10];
        let mut inner = Writer::new(&mut value);
        content(&mut inner)?;
        self.value_entry(id, inner.written())
    }

    /// A config entry of a text.
    ///
    /// # Errors
    /// [`EncodeError::TooLong`] beyond `max` bytes.
    pub fn text_entry(
        &mut self,
        id: u8,
        field: &'static str,
        text: &str,
        max: usize,
    ) -> Result<(), EncodeError> {
        check_len(field, text.len(), max)?;
        self.value_entry(id, text.as_bytes())
    }

    fn value_entry(&mut self, id: u8, value: &[u8]) -> Result<(), EncodeError> {
        let tag = u16::from(id) << 2;
        match value {
            [0] => return self.u16(tag),
            [_] => self.u16(tag | 1)?,
            [_, _] => self.u16(tag | 2)?,
            _ => {
                self.u16(tag | 3)?;
                self.u32(value.len() as u32)?;
            }
        }
        self.raw(value)
    }

    /// The value itself, when it is within the bounds.
    ///
    /// # Errors
    /// [`EncodeError::OutOfRange`]
    #[inline]
    pub fn in_range<T: PartialOrd>(field: &'static str, value: T, min: T, max: T) -> Result<T, EncodeError> {
        if value < min || value > max {
            Err(EncodeError::OutOfRange { field })
        } else {
            Ok(value)
        }
    }

    /// A length and as many bytes, which `content` writes.
    ///
    /// # Errors
    /// Those of `content`.
    pub fn block(
        &mut self,
        content: impl FnOnce(&mut Writer<'_>) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError> {
        let start = self.len;
        self.u8(0)?;
        content(self)?;
        let len = (self.len - start - 1) as u32;
        // The length is known only now; blocks beyond 127 bytes are rare enough to be moved.
        let extra = len.checked_ilog2().unwrap_or(0) as usize / 7;
        self.raw([0; 4].get(..extra).unwrap_or_default())?;
        let moved = start + 1..start + 1 + len as usize;
        self.buffer.copy_within(moved, start + 1 + extra);
        Writer {
            buffer: self.buffer,
            len: start,
        }
        .u32(len)
    }
}

#[inline]
fn check_len(field: &'static str, len: usize, max: usize) -> Result<(), EncodeError> {
    if len > max {
        Err(EncodeError::TooLong { field, max, len })
    } else {
        Ok(())
    }
}

impl fmt::Debug for Writer<'_> {
    /// Lengths only: the bytes may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Writer({} of {} bytes)", self.len, self.buffer.len())
    }
}
