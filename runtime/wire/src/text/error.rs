//! Why a message could not be written as text, or a string not be read. What to do about it is decided by whoever called.

use core::fmt;

/// A message that the text format cannot say (this end's fault), or a string that says none (the peer's).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextError {
    /// Writing: the MicroPython system has no such message.
    NoTextForm {
        /// Name of the message.
        message: &'static str,
    },
    /// Writing: the text format has no place for the field, which is not at its default, or no word for its value.
    NotCarried {
        /// Name of the field or the config key.
        field: &'static str,
    },
    /// Writing: the buffer is too small. `MAX_TEXT` of the generated code always suffices.
    Full,
    /// Either: a byte that is no symbol (0, 0x7F, 0x80 and above), or a quotation mark in a dict.
    ForbiddenByte {
        /// Name of the field.
        field: &'static str,
    },
    /// Either: longer than the spec allows.
    TooLong {
        /// Name of the field.
        field: &'static str,
        /// Bytes that the spec allows.
        max: usize,
    },
    /// Either: a number beyond the spec's `min` and `max`, beyond its type, or at or before the epoch.
    OutOfRange {
        /// Name of the field.
        field: &'static str,
    },
    /// Reading: no symbol at all.
    Empty,
    /// Reading: no message of this direction begins so.
    UnknownWord,
    /// Reading: the string ends before this field.
    Missing {
        /// Name of the field.
        field: &'static str,
    },
    /// Reading: more fields than the message has, perhaps because one of them held a separator.
    Extra,
    /// Reading: neither 0 nor 1, True nor False.
    NotABool {
        /// Name of the field.
        field: &'static str,
    },
    /// Reading: not a decimal number.
    NotANumber {
        /// Name of the field.
        field: &'static str,
    },
    /// Reading: a number that the text format gives no meaning here.
    NoSuchValue {
        /// Name of the field.
        field: &'static str,
    },
    /// Reading: not the text of a Python dict, or one whose entry is of another type.
    NotAMap {
        /// Name of the field.
        field: &'static str,
    },
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoTextForm { message } => write!(f, "the MicroPython system has no {message}"),
            Self::NotCarried { field } => write!(f, "the MicroPython system cannot be told this {field}"),
            Self::Full => f.write_str("the buffer is too small for the string"),
            Self::ForbiddenByte { field } => {
                write!(f, "{field} holds a byte that the text format cannot carry")
            }
            Self::TooLong { field, max } => write!(f, "{field} is longer than {max}"),
            Self::OutOfRange { field } => write!(f, "{field} is out of range"),
            Self::Empty => f.write_str("the string is empty"),
            Self::UnknownWord => f.write_str("no message begins so"),
            Self::Missing { field } => write!(f, "the string ends before {field}"),
            Self::Extra => f.write_str("the string has more fields than its message"),
            Self::NotABool { field } => write!(f, "{field} is neither 0 nor 1, True nor False"),
            Self::NotANumber { field } => write!(f, "{field} is not a decimal number"),
            Self::NoSuchValue { field } => write!(f, "{field} has no such value"),
            Self::NotAMap { field } => write!(f, "{field} is not the text of a dict"),
        }
    }
}

impl core::error::Error for TextError {}
