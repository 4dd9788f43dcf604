//! Writes the fields of a packet into a given buffer.
//!
//! Not here: what the fields mean.

use core::fmt;

use super::header::{MAX_REMAINING_LENGTH, PacketType};
use crate::types::PacketId;

/// Why a packet could not be encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EncodeError {
    /// The buffer is too small.
    Full,
    /// A text of more than 65,535 bytes, or a packet of more than [`MAX_REMAINING_LENGTH`].
    TooLong,
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full => "the buffer is too small for the packet",
            Self::TooLong => "longer than MQTT can express",
        })
    }
}

impl core::error::Error for EncodeError {}

pub(crate) struct Writer<'a> {
    rest: &'a mut [u8],
    len: usize,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(out: &'a mut [u8]) -> Self {
        Self { rest: out, len: 0 }
    }

    /// Bytes written so far.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn raw(&mut self, bytes: &[u8]) -> Result<(), EncodeError> {
        // Checked before the buffer is taken apart: a failed write must leave it whole.
        if bytes.len() > self.rest.len() {
            return Err(EncodeError::Full);
        }
        let (head, tail) = core::mem::take(&mut self.rest).split_at_mut(bytes.len());
        head.copy_from_slice(bytes);
        self.rest = tail;
        self.len += bytes.len();
        Ok(())
    }

    pub(crate) fn u16(&mut self, value: u16) -> Result<(), EncodeError> {
        self.raw(&value.to_be_bytes())
    }

    pub(crate) fn packet_id(&mut self, id: PacketId) -> Result<(), EncodeError> {
        self.u16(id.get())
    }

    /// Text or binary data behind its two-byte length.
    pub(crate) fn prefixed(&mut self, bytes: &[u8]) -> Result<(), EncodeError> {
        self.u16(u16::try_from(bytes.len()).map_err(|_| EncodeError::TooLong)?)?;
        self.raw(bytes)
    }

    pub(crate) fn fixed_header(
        &mut self,
        kind: PacketType,
        flags: u8,
        remaining: usize,
    ) -> Result<(), EncodeError> {
        if remaining > MAX_REMAINING_LENGTH {
            return Err(EncodeError::TooLong);
        }
        self.raw(&[(kind as u8) << 4 | flags])?;
        self.variable(remaining)
    }

    /// A variable byte integer (MQTT 3.1.1, 2.2.3; MQTT 5.0, 1.5.5).
    pub(crate) fn variable(&mut self, number: usize) -> Result<(), EncodeError> {
        let mut rest = number;
        loop {
            let low = (rest & 0x7f) as u8;
            rest >>= 7;
            if rest == 0 {
                return self.raw(&[low]);
            }
            self.raw(&[low | 0x80])?;
        }
    }
}

/// Bytes of the fixed header in front of `remaining` bytes: 2 to 5.
pub(crate) const fn header_size(remaining: usize) -> usize {
    match remaining {
        0..=127 => 2,
        128..=16_383 => 3,
        16_384..=2_097_151 => 4,
        _ => 5,
    }
}
