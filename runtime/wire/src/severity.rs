//! The words with which every spec describes its statuses. The statuses themselves are generated.

/// How bad a status is; ordered from harmless to fatal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Severity {
    /// News.
    Info,
    /// Wrong, but the bridge mends it.
    Warning,
    /// Wrong, and somebody should do something; the bridge carries on.
    Error,
    /// The bridge must be reset.
    Fatal,
}

impl Severity {
    /// The code's range says it, so that an old program treats a status rightly that it does not know.
    pub const fn from_code(code: u8) -> Self {
        match code >> 6 {
            0 => Self::Info,
            1 => Self::Warning,
            2 => Self::Error,
            _ => Self::Fatal,
        }
    }

    /// The word in the spec.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Fatal => "fatal",
        }
    }
}

/// Part of a bridge's life; some statuses are fatal only in one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Phase {
    /// Until initialisation is complete.
    Init,
    /// Afterwards.
    Run,
}

/// What mends a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Recovery {
    /// Nothing has to be done.
    None,
    /// The bridge connects again by itself.
    Reconnect,
    /// A person must change the configuration.
    FixConfig,
    /// The host resets the bridge.
    ResetBridge,
}
