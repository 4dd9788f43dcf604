//! The few ways in which xtask prints: headings, commands, sizes, durations, failures.
//!
//! Progress goes to standard error, results to standard output. anstream drops the colours where the stream
//! is no terminal or the user asked for none, so nothing here asks.

use std::time::Duration;

use clap::builder::styling::{AnsiColor, Style};

/// Section titles and names that should stand out.
pub(crate) const BOLD: Style = Style::new().bold();
/// What went well.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
/// What failed.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
/// Help and next commands.
pub(crate) const HINT: Style = AnsiColor::Cyan.on_default();
/// Echoed commands and other things a person may skip.
pub(crate) const DIM: Style = Style::new().dimmed();

/// `text` in `style`, for a format string.
pub(crate) fn paint(style: Style, text: impl std::fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}

/// Says on standard error what is about to happen.
pub(crate) fn note(text: impl std::fmt::Display) {
    anstream::eprintln!("{}", paint(DIM, text));
}

/// Starts a section on standard error.
pub(crate) fn heading(text: impl std::fmt::Display) {
    anstream::eprintln!("\n{}", paint(BOLD, format!("== {text}")));
}

/// The next command a person would type, on standard output.
pub(crate) fn next(command: &str) {
    anstream::println!("next: {}", paint(HINT, command));
}

/// Shows an error and the command that mends it; `usual` is that command where the error names none.
pub(crate) fn failure(error: &anyhow::Error, usual: &str) {
    if error.is::<crate::failure::Told>() {
        return;
    }
    let mend = error
        .downcast_ref::<crate::failure::Failure>()
        .map_or(usual, |failure| failure.mend());
    anstream::eprintln!("{}: {error:#}", paint(BAD, "error"));
    anstream::eprintln!("{}: {}", paint(BOLD, "to mend it"), paint(HINT, mend));
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

/// A duration for a table: `3.2 s`, `4 min 05 s`.
pub(crate) fn duration(d: Duration) -> String {
    let s = d.as_secs();
    if s < 60 {
        format!("{:.1} s", d.as_secs_f64())
    } else {
        format!("{} min {:02} s", s / 60, s % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_durations_read_well() {
        assert_eq!(
            [bytes(812), bytes(14_541), bytes(1_132_462)],
            ["812 B", "14.2 KiB", "1.08 MiB"]
        );
        assert_eq!(duration(Duration::from_millis(3_210)), "3.2 s");
        assert_eq!(duration(Duration::from_secs(245)), "4 min 05 s");
    }
}
