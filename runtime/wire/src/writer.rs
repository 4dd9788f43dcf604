//! Encodes the fields of a message into a buffer, one after the other. It knows the encodings (PROTOCOL.md,
//! "Bodies") and no message.
//!
//! What goes wrong is kept until [`Writer::finish`] is asked: a field costs a call and no branch, which on a small processor
//! is half of the code of a message. After an error the buffer holds a part of the message: start over with a new writer.

use crate::EncodeError;
use core::fmt;

/// The end of a borrowed buffer, written from the front.
pub struct Writer<'a> {
    buffer: &'a mut [u8],
    len: usize,
    /// The first that went wrong.
    error: Option<EncodeError>,
}

impl<'a> Writer<'a> {
    /// Writes from the first byte of the buffer on.
    #[inline]
    pub fn new(buffer: &'a mut [u8]) -> Self {
        Self {
            buffer,
            len: 0,
            error: None,
        }
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

    /// Whether everything so far was in order.
    ///
    /// # Errors
    /// The first that was not: [`EncodeError::Full`] where the buffer was too small, or what the methods below say.
    #[inline]
    pub fn finish(&self) -> Result<(), EncodeError> {
        self.error.map_or(Ok(()), Err)
    }

    #[cold]
    #[inline(never)]
    fn fail(&mut self, error: EncodeError) {
        if self.error.is_none() {
            self.error = Some(error);
        }
    }

    #[cold]
    #[inline(never)]
    fn full(&mut self) {
        self.fail(EncodeError::Full);
    }

    /// One byte.
    #[inline]
    pub fn u8(&mut self, value: u8) {
        match self.buffer.get_mut(self.len) {
            Some(slot) => {
                *slot = value;
                self.len += 1;
            }
            None => self.full(),
        }
    }

    /// One byte, two's complement.
    #[inline]
    pub fn i8(&mut self, value: i8) {
        self.u8(value.cast_unsigned());
    }

    /// One byte, 0 or 1.
    #[inline]
    pub fn bool(&mut self, value: bool) {
        self.u8(u8::from(value));
    }

    /// LEB128, 1 to 3 bytes.
    #[inline]
    pub fn u16(&mut self, value: u16) {
        self.u32(value.into());
    }

    /// LEB128, 1 to 5 bytes.
    #[inline]
    pub fn u32(&mut self, mut value: u32) {
        while value >= 0x80 {
            self.u8(value as u8 | 0x80);
            value >>= 7;
        }
        self.u8(value as u8);
    }

    /// LEB128, 1 to 10 bytes.
    #[inline]
    pub fn u64(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.u8(value as u8 | 0x80);
            value >>= 7;
        }
        self.u8(value as u8);
    }

    /// Zigzag LEB128, 1 to 3 bytes.
    #[inline]
    pub fn i16(&mut self, value: i16) {
        self.u16(((value << 1) ^ (value >> 15)).cast_unsigned());
    }

    /// Zigzag LEB128, 1 to 5 bytes.
    #[inline]
    pub fn i32(&mut self, value: i32) {
        self.u32(((value << 1) ^ (value >> 31)).cast_unsigned());
    }

    /// Zigzag LEB128, 1 to 10 bytes.
    #[inline]
    pub fn i64(&mut self, value: i64) {
        self.u64(((value << 1) ^ (value >> 63)).cast_unsigned());
    }

    /// The bytes alone: `encoding: fixed`, and a field that runs to the end of the body.
    #[inline]
    pub fn raw(&mut self, bytes: &[u8]) {
        // Lengths of slices stay below half the address space: the sum cannot overflow.
        let end = self.len + bytes.len();
        match self.buffer.get_mut(self.len..end) {
            Some(target) => {
                target.copy_from_slice(bytes);
                self.len = end;
            }
            None => self.full(),
        }
    }

    /// A whole body that is encoded already.
    ///
    /// # Errors
    /// As [`finish`](Self::finish).
    pub fn encoded(&mut self, body: &[u8]) -> Result<(), EncodeError> {
        self.raw(body);
        self.finish()
    }

    /// Length, then the bytes; [`EncodeError::TooLong`] beyond `max`.
    #[inline]
    pub fn bytes(&mut self, field: &'static str, value: &[u8], max: usize) {
        self.count(field, value.len(), max);
        self.raw(value);
    }

    /// Length, then the UTF-8 bytes; [`EncodeError::TooLong`] beyond `max` of them.
    #[inline]
    pub fn str(&mut self, field: &'static str, value: &str, max: usize) {
        self.bytes(field, value.as_bytes(), max);
    }

    /// Bytes that run to the end of the body; [`EncodeError::TooLong`] beyond `max`.
    #[inline]
    pub fn rest_bytes(&mut self, field: &'static str, value: &[u8], max: usize) {
        self.check_len(field, value.len(), max);
        self.raw(value);
    }

    /// Text that runs to the end of the body; [`EncodeError::TooLong`] beyond `max` bytes.
    #[inline]
    pub fn rest_str(&mut self, field: &'static str, value: &str, max: usize) {
        self.rest_bytes(field, value.as_bytes(), max);
    }

    /// Number of elements, or of bytes, that follow; [`EncodeError::TooLong`] beyond `max`.
    #[inline]
    pub fn count(&mut self, field: &'static str, len: usize, max: usize) {
        self.check_len(field, len, max);
        self.u32(len as u32);
    }

    /// A status by its code; [`EncodeError::HostOnly`] for one without.
    #[inline]
    pub fn status(&mut self, field: &'static str, code: Option<u8>) {
        match code {
            Some(code) => self.u8(code),
            None => self.fail(EncodeError::HostOnly { field }),
        }
    }

    /// A config entry: tag (id and kind of length), value. `content` writes at most ten bytes, as every number fits.
    pub fn entry(&mut self, id: u8, content: impl FnOnce(&mut Writer<'_>)) {
        let mut value = [0; 10];
        let mut inner = Writer::new(&mut value);
        content(&mut inner);
        if let Err(error) = inner.finish() {
            self.fail(error);
        }
        self.value_entry(id, inner.written());
    }

    /// A config entry of a byte: a bool, a number, or that of an enum's value.
    pub fn byte_entry(&mut self, id: u8, value: u8) {
        self.value_entry(id, &[value]);
    }

    /// A config entry of a number that is written as [`u32`](Self::u32) does.
    pub fn number_entry(&mut self, id: u8, value: u32) {
        self.entry(id, |out| out.u32(value));
    }

    /// A config entry of a text; [`EncodeError::TooLong`] beyond `max` bytes.
    pub fn text_entry(&mut self, id: u8, field: &'static str, text: &str, max: usize) {
        self.check_len(field, text.len(), max);
        self.value_entry(id, text.as_bytes());
    }

    fn value_entry(&mut self, id: u8, value: &[u8]) {
        let kind = match value {
            [0] => return self.u16(u16::from(id) << 2),
            [_] => 1,
            [_, _] => 2,
            _ => 3,
        };
        self.u16(u16::from(id) << 2 | kind);
        if kind == 3 {
            self.u32(value.len() as u32);
        }
        self.raw(value);
    }

    /// Holds a number against its bounds: [`EncodeError::OutOfRange`].
    #[inline]
    pub fn in_range<T: PartialOrd>(&mut self, field: &'static str, value: T, min: T, max: T) {
        if value < min || value > max {
            self.fail(EncodeError::OutOfRange { field });
        }
    }

    #[inline]
    fn check_len(&mut self, field: &'static str, len: usize, max: usize) {
        if len > max {
            self.fail(EncodeError::TooLong { field, max, len });
        }
    }

    /// A length and as many bytes, which `content` writes.
    #[inline]
    pub fn block(&mut self, content: impl FnOnce(&mut Writer<'_>)) {
        let start = self.len;
        self.u8(0);
        content(self);
        self.close_block(start);
    }

    /// Writes the length of the block whose first byte is at `start`.
    fn close_block(&mut self, start: usize) {
        // Nothing but the length's own byte is missing where the buffer was full.
        let Some(len) = self.len.checked_sub(start + 1) else {
            return;
        };
        // The length is known only now; blocks beyond 127 bytes are rare enough to be moved.
        let mut extra = 0;
        while len >> (7 * (extra + 1)) > 0 {
            extra += 1;
        }
        self.raw([0; 4].get(..extra).unwrap_or_default());
        if self.error.is_some() {
            return;
        }
        let end = self.len;
        self.buffer.copy_within(start + 1..end - extra, start + 1 + extra);
        self.len = start;
        self.u32(len as u32);
        self.len = end;
    }
}

impl fmt::Debug for Writer<'_> {
    /// Lengths only: the bytes may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Writer({} of {} bytes)", self.len, self.buffer.len())
    }
}
