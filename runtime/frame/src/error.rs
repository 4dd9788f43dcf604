//! Why bytes are not a frame. Deliberately coarse: a receiver treats all of them alike and only counts them.

use core::fmt;

/// Why the bytes between two delimiters are not a frame. The peer or the wires are at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameError {
    /// Fewer bytes than a header and a CRC.
    TooShort,
    /// The start bit of the header is not set.
    BadHeader,
    /// The zero stuffing leads out of the frame, or was not needed.
    BadStuffing,
    /// The CRC does not fit header and body.
    BadCrc,
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            FrameError::TooShort => "shorter than a header and a CRC",
            FrameError::BadHeader => "no start bit in the header",
            FrameError::BadStuffing => "zero stuffing is inconsistent",
            FrameError::BadCrc => "CRC mismatch",
        })
    }
}

impl core::error::Error for FrameError {}
