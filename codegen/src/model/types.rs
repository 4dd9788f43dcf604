//! Types of fields with their bounds. No sizes and no code: those follow in [`crate::emit`].

use super::words::Encoding;

/// A type with its bounds.
#[derive(Debug, Clone)]
pub struct Shape {
    /// Path of the field, or of its `of`.
    pub path: String,
    /// The type itself.
    pub kind: Type,
    /// Bytes of a str or bytes, elements of a list; None when not given.
    pub max_len: Option<i128>,
    /// Smallest value; None when not given.
    pub min: Option<i128>,
    /// Largest value; None when not given.
    pub max: Option<i128>,
    /// How an integer of more than one byte travels.
    pub encoding: Encoding,
    /// Element of a list or an optional; None when not given.
    pub of: Option<Box<Shape>>,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// One bit in an op, or one byte.
    Bool,
    /// Any of the eight integers.
    Int(Int),
    /// UTF-8 text.
    Str,
    /// Any bytes.
    Bytes,
    /// `status`: a code of `statuses:`.
    Status,
    /// `config`: the settings that differ from their defaults.
    Config,
    /// `list` of [`Shape::of`].
    List,
    /// `optional` of [`Shape::of`].
    Optional,
    /// Index in [`super::Model::types`].
    Named(usize),
    /// Not a builtin and not in `types:`; empty when `type` is missing.
    Unknown(String),
}

/// An integer type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Int {
    /// Below zero allowed.
    pub signed: bool,
    /// 8, 16, 32 or 64.
    pub bits: u32,
}

impl Int {
    /// The type of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        let signed = match name.get(..1)? {
            "i" => true,
            "u" => false,
            _ => return None,
        };
        let bits = match name.get(1..)? {
            "8" => 8,
            "16" => 16,
            "32" => 32,
            "64" => 64,
            _ => return None,
        };
        Some(Self { signed, bits })
    }

    /// `u8` … `i64`
    pub fn name(self) -> String {
        format!("{}{}", if self.signed { 'i' } else { 'u' }, self.bits)
    }

    /// Smallest value of the type.
    pub fn min(self) -> i128 {
        if self.signed { -(1 << (self.bits - 1)) } else { 0 }
    }

    /// Largest value of the type.
    pub fn max(self) -> i128 {
        (1 << (self.bits - u32::from(self.signed))) - 1
    }
}

impl Type {
    /// Names that `type:` takes beside those of `types:`.
    pub const BUILTINS: [&'static str; 15] = [
        "bool", "u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64", "str", "bytes", "status", "config",
        "list", "optional",
    ];

    /// The builtin of that name.
    pub fn builtin(name: &str) -> Option<Self> {
        Some(match name {
            "bool" => Self::Bool,
            "str" => Self::Str,
            "bytes" => Self::Bytes,
            "status" => Self::Status,
            "config" => Self::Config,
            "list" => Self::List,
            "optional" => Self::Optional,
            other => return Int::from_name(other).map(Self::Int),
        })
    }
}
