//! Why a body could not be encoded or decoded. What to do about it (answer with an error event, drop the frame) is
//! decided by whoever called.

use core::fmt;

/// A message that cannot be written down: a fault of this end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EncodeError {
    /// The buffer is too small. `MAX_BODY` of the generated code always suffices.
    Full,
    /// A text, bytes or list longer than the spec allows.
    TooLong {
        /// Name of the field.
        field: &'static str,
        /// Bytes, or elements of a list, that the spec allows.
        max: usize,
        /// Bytes or elements that were given.
        len: usize,
    },
    /// A number beyond the spec's `min` and `max`.
    OutOfRange {
        /// Name of the field.
        field: &'static str,
    },
    /// A status that is born at the host has no code.
    HostOnly {
        /// Name of the field.
        field: &'static str,
    },
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => f.write_str("the buffer is too small for the message"),
            Self::TooLong { field, max, len } => {
                write!(f, "{field} is {len} long, at most {max} are allowed")
            }
            Self::OutOfRange { field } => write!(f, "{field} is out of range"),
            Self::HostOnly { field } => write!(f, "{field} is a status that never leaves the host"),
        }
    }
}

impl core::error::Error for EncodeError {}

/// A body that does not follow the spec: a fault of the peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecodeError {
    /// No byte at all.
    Empty,
    /// No message of this direction owns the op.
    UnknownOp(u8),
    /// The body ends within a field, or before one that has no default.
    Truncated {
        /// Name of the field.
        field: &'static str,
    },
    /// A text that is not UTF-8.
    InvalidUtf8 {
        /// Name of the field.
        field: &'static str,
    },
    /// A number that a bool, an optional's mark or a closed enum does not have.
    InvalidEnum {
        /// Name of the field.
        field: &'static str,
        /// What came.
        value: u8,
    },
    /// A text, bytes or list longer than the spec allows.
    TooLong {
        /// Name of the field.
        field: &'static str,
        /// Bytes, or elements of a list, that the spec allows.
        max: usize,
    },
    /// A number beyond the spec's `min` and `max`, or beyond its type.
    OutOfRange {
        /// Name of the field.
        field: &'static str,
    },
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the body is empty"),
            Self::UnknownOp(op) => write!(f, "unknown op {op:#04x}"),
            Self::Truncated { field } => write!(f, "the body ends before or within {field}"),
            Self::InvalidUtf8 { field } => write!(f, "{field} is not UTF-8"),
            Self::InvalidEnum { field, value } => write!(f, "{field} has no value {value}"),
            Self::TooLong { field, max } => write!(f, "{field} is longer than {max}"),
            Self::OutOfRange { field } => write!(f, "{field} is out of range"),
        }
    }
}

impl core::error::Error for DecodeError {}

/// Why a body could not be dispatched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DispatchError {
    /// The body is wrong: the peer's fault. No handler method was called.
    Decode(DecodeError),
    /// The handler's reply could not be written down: this end's fault. The handler did its work.
    Encode(EncodeError),
}

impl From<DecodeError> for DispatchError {
    fn from(error: DecodeError) -> Self {
        Self::Decode(error)
    }
}

impl From<EncodeError> for DispatchError {
    fn from(error: EncodeError) -> Self {
        Self::Encode(error)
    }
}

impl fmt::Display for DispatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Decode(error) => error.fmt(f),
            Self::Encode(error) => write!(f, "reply: {error}"),
        }
    }
}

impl core::error::Error for DispatchError {}
