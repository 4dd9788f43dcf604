//! What every spec's config table is made of: the description of a key, the reader of values from text, and
//! what can be wrong with one. The keys themselves are generated.

use core::fmt;

/// Everything the spec says about one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyInfo {
    /// Name in the spec and in `fivewire.toml`.
    pub name: &'static str,
    /// Number on the wire.
    pub id: u8,
    /// Type.
    pub kind: KeyKind,
    /// As text; none for a key that must be set.
    pub default: Option<&'static str>,
    /// Smallest number; 0 for what is not a number.
    pub min: i64,
    /// Largest number; 0 for what is not a number.
    pub max: i64,
    /// Bytes of a text; 0 for what is not text.
    pub max_len: usize,
    /// Such as `s`; empty for none.
    pub unit: &'static str,
    /// Never printed.
    pub secret: bool,
    /// Must be set.
    pub required: bool,
    /// A required text may be set to nothing.
    pub allow_empty: bool,
    /// Which end uses it.
    pub scope: Scope,
    /// When a change takes effect.
    pub apply: Apply,
    /// One sentence.
    pub doc: &'static str,
}

/// Type of a config key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// `true` or `false`
    Bool,
    /// A number, decimal.
    Number,
    /// UTF-8 text.
    Text,
    /// One of these words.
    Choice(&'static [&'static str]),
}

/// Which end uses a config key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// It is sent to the bridge.
    Bridge,
    /// It never leaves the host.
    Host,
}

/// When a changed config key takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Apply {
    /// At once.
    Live,
    /// With the next connection.
    Reconnect,
    /// With the next start of the bridge.
    Reboot,
}

/// A setting that cannot be: a fault of whoever wrote the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConfigError<'a> {
    /// Name of the key, as the spec or (when there is none of that name) the user wrote it.
    pub key: &'a str,
    /// What is wrong.
    pub problem: ConfigProblem<'a>,
}

/// What is wrong with a setting. Values of secret keys are never in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfigProblem<'a> {
    /// The spec has no such key.
    UnknownKey,
    /// It must be set.
    Missing,
    /// More bytes than the spec allows.
    TooLong {
        /// Bytes that are allowed.
        max: usize,
        /// Bytes that were given.
        len: usize,
    },
    /// Beyond the spec's bounds.
    OutOfRange {
        /// What was given.
        value: i64,
        /// Smallest number.
        min: i64,
        /// Largest number.
        max: i64,
    },
    /// Not `true` or `false`.
    NotABool(&'a str),
    /// Not a decimal number.
    NotANumber(&'a str),
    /// Not one of the key's words.
    NotAChoice {
        /// What was given.
        value: &'a str,
        /// The key's words.
        allowed: &'static [&'static str],
    },
}

impl fmt::Display for ConfigError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, self.problem)
    }
}

impl fmt::Display for ConfigProblem<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownKey => f.write_str("there is no such key"),
            Self::Missing => f.write_str("must be set"),
            Self::TooLong { max, len } => write!(f, "{len} bytes long, at most {max} are allowed"),
            Self::OutOfRange { value, min, max } => write!(f, "{value} is not within {min} to {max}"),
            Self::NotABool(text) => write!(f, "`{text}` is neither `true` nor `false`"),
            Self::NotANumber(text) => write!(f, "`{text}` is not a whole number"),
            Self::NotAChoice { value, allowed } => write_choice(f, value, allowed),
        }
    }
}

fn write_choice(f: &mut fmt::Formatter<'_>, value: &str, allowed: &[&str]) -> fmt::Result {
    write!(f, "`{value}` is none of")?;
    allowed.iter().try_for_each(|word| write!(f, " `{word}`"))
}

impl core::error::Error for ConfigError<'_> {}

impl KeyInfo {
    /// An error about this key.
    pub const fn error<'a>(&self, problem: ConfigProblem<'a>) -> ConfigError<'a> {
        ConfigError {
            key: self.name,
            problem,
        }
    }

    /// Reads `true` or `false`.
    ///
    /// # Errors
    /// [`ConfigProblem::NotABool`]
    pub fn parse_bool<'a>(&self, text: &'a str) -> Result<bool, ConfigError<'a>> {
        text.parse()
            .map_err(|_| self.error(ConfigProblem::NotABool(self.shown(text))))
    }

    /// Reads a decimal number and holds it against the bounds.
    ///
    /// # Errors
    /// [`ConfigProblem::NotANumber`] or [`ConfigProblem::OutOfRange`]
    pub fn parse_number<'a>(&self, text: &'a str) -> Result<i64, ConfigError<'a>> {
        let value = text
            .parse()
            .map_err(|_| self.error(ConfigProblem::NotANumber(self.shown(text))))?;
        self.check_number(value)?;
        Ok(value)
    }

    /// Holds a number against the bounds.
    ///
    /// # Errors
    /// [`ConfigProblem::OutOfRange`]
    // Inlined, so that a board which never prints a key's description does not carry it.
    #[inline(always)]
    pub fn check_number(&self, value: i64) -> Result<(), ConfigError<'static>> {
        if value >= self.min && value <= self.max {
            return Ok(());
        }
        let (key, min, max) = (self.name, self.min, self.max);
        let problem = if self.secret {
            ConfigProblem::NotANumber(REDACTED)
        } else {
            ConfigProblem::OutOfRange { value, min, max }
        };
        Err(ConfigError { key, problem })
    }

    /// Holds a text against the bounds.
    ///
    /// # Errors
    /// [`ConfigProblem::TooLong`], or [`ConfigProblem::Missing`] for an empty text where one must be set.
    // As above.
    #[inline(always)]
    pub fn check_text(&self, text: &str) -> Result<(), ConfigError<'static>> {
        let may_be_empty = !self.required || self.allow_empty;
        check_len(self.name, self.max_len, may_be_empty, text.len())
    }

    /// The error about a word that is not one of the key's.
    pub fn not_a_choice<'a>(&self, text: &'a str) -> ConfigError<'a> {
        let KeyKind::Choice(allowed) = self.kind else {
            return self.error(ConfigProblem::UnknownKey);
        };
        self.error(ConfigProblem::NotAChoice {
            value: self.shown(text),
            allowed,
        })
    }

    fn shown<'a>(&self, text: &'a str) -> &'a str {
        if self.secret { REDACTED } else { text }
    }
}

/// Stands for a secret wherever something is printed.
pub const REDACTED: &str = "<redacted>";

fn check_len(
    key: &'static str,
    max: usize,
    may_be_empty: bool,
    len: usize,
) -> Result<(), ConfigError<'static>> {
    let problem = match len {
        0 if !may_be_empty => ConfigProblem::Missing,
        len if len > max => ConfigProblem::TooLong { max, len },
        _ => return Ok(()),
    };
    Err(ConfigError { key, problem })
}
