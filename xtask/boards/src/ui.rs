//! How this program prints, as xtask does: results on standard output, progress and failures on standard error. anstream drops
//! the colours where the stream is no terminal.

use std::fmt;

use clap::builder::styling::{AnsiColor, Style};
use serde_json::{Value, json};

/// Titles and names.
pub(crate) const BOLD: Style = Style::new().bold();
/// What went well, or became smaller.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// What failed, or became larger.
pub(crate) const BAD: Style = AnsiColor::Red.on_default();
/// Commands to type.
pub(crate) const HINT: Style = AnsiColor::Cyan.on_default();
/// What may go wrong.
pub(crate) const WARN: Style = AnsiColor::Yellow.on_default();
/// As it is.
pub(crate) const PLAIN: Style = Style::new();
/// What a person may skip.
pub(crate) const DIM: Style = Style::new().dimmed();

/// `text` in `style`.
pub(crate) fn paint(style: Style, text: impl fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}

/// Says on standard error what is about to happen.
pub(crate) fn note(text: impl fmt::Display) {
    anstream::eprintln!("{}", paint(DIM, text));
}

/// A size with a unit a person can compare: `812 B`, `14.2 KiB`, `1.08 MiB`.
pub(crate) fn bytes(n: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
    let n_float = n as f64;
    match n {
        0..1024 => format!("{n} B"),
        1024..1_048_576 => format!("{:.1} KiB", n_float / 1024.0),
        _ => format!("{:.2} MiB", n_float / 1_048_576.0),
    }
}

/// An error that names the command which mends it.
#[derive(Debug)]
pub struct Failure {
    message: String,
    mend: String,
}

impl Failure {
    /// What happened, and what to type.
    pub fn because(message: impl Into<String>, mend: impl Into<String>) -> anyhow::Error {
        Self {
            message: message.into(),
            mend: mend.into(),
        }
        .into()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// The command that an error names.
#[must_use]
pub fn mend(error: &anyhow::Error) -> Option<&str> {
    error.downcast_ref().map(|Failure { mend, .. }| mend.as_str())
}

/// An error as `--json` prints it.
pub(crate) fn failed(error: &anyhow::Error) -> Value {
    json!({"ok": false, "error": format!("{error:#}"), "mend": mend(error)})
}

/// Shows an error and, where it names one, the command that mends it.
pub fn failure(error: &anyhow::Error) {
    anstream::eprintln!("{}: {error:#}", paint(BAD.bold(), "error"));
    if let Some(mend) = mend(error) {
        anstream::eprintln!("{}: {}", paint(BOLD, "to mend it"), paint(HINT, mend));
    }
}
