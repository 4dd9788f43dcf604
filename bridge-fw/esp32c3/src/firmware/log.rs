//! The log: defmt frames in espflash's framing, on USB or the serial port, whichever is connected. Panics and the ROM write
//! plain text between them. The level is decided at build time; `debug` of the host's configuration tells the host more,
//! not this log.

use core::fmt;

use defmt::Display2Format;
use fivewire_bridge::{LogLevel, Note};

/// A line.
pub(super) fn line(level: LogLevel, line: fmt::Arguments<'_>) {
    if rank(level) > rank(super::LOG) {
        return;
    }
    let line = Display2Format(&line);
    match level {
        LogLevel::Error => defmt::error!("{}", line),
        LogLevel::Warn => defmt::warn!("{}", line),
        LogLevel::Info => defmt::info!("{}", line),
        LogLevel::Debug | LogLevel::Unknown(_) => defmt::debug!("{}", line),
    }
}

/// What the bridge has to tell.
pub(super) fn note(note: &Note<'_>) {
    match note {
        Note::Line { level, line } => self::line(*level, *line),
        Note::Link { .. } | Note::Transition { .. } | Note::Status { .. } => {
            line(LogLevel::Info, format_args!("{note}"));
        }
        Note::Command { .. } | Note::Receipt { .. } | Note::Message { .. } => {
            line(LogLevel::Debug, format_args!("{note}"));
        }
    }
}

const fn rank(level: LogLevel) -> u8 {
    match level {
        LogLevel::Error => 1,
        LogLevel::Warn => 2,
        LogLevel::Info => 3,
        LogLevel::Debug | LogLevel::Unknown(_) => 4,
    }
}
