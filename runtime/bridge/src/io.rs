//! What every machine of the bridge gets for one step: the time, the platform, the way to the host, and where to
//! tell what happens. It decides nothing.

use core::fmt;

use fivewire_wire::{LogLevel, Status, event};

use crate::note::{Machine, Note};
use crate::outbox::Outbox;
use crate::platform::Platform;
use crate::time::Random;

/// One step's surroundings.
pub(crate) struct Io<'a, P> {
    /// The time, in wrapping milliseconds.
    pub(crate) now: u32,
    pub(crate) platform: &'a mut P,
    pub(crate) outbox: &'a mut Outbox,
    pub(crate) random: &'a mut Random,
    /// `debug` of the configuration: tell the host everything.
    pub(crate) debug: bool,
}

impl<P: Platform> Io<'_, P> {
    /// Sends a status to the host.
    pub(crate) fn status(&mut self, status: Status, detail: u8) {
        self.platform.note(Note::Status { status, detail });
        self.outbox
            .push(|writer| event::Status { status, detail }.encode(writer));
    }

    /// Tells that a machine changed its state: to whoever watches, and with `debug` to the host.
    pub(crate) fn transition(
        &mut self,
        machine: Machine,
        from: &'static str,
        to: &'static str,
        why: fmt::Arguments<'_>,
    ) {
        let note = Note::Transition {
            machine,
            from,
            to,
            why,
        };
        self.platform.note(note);
        if self.debug {
            self.outbox.push_line(LogLevel::Debug, format_args!("{note}"));
        }
    }

    /// Tells something else. The host hears of errors and warnings always, of the rest with `debug`.
    pub(crate) fn line(&mut self, level: LogLevel, line: fmt::Arguments<'_>) {
        self.platform.note(Note::Line { level, line });
        let matters = match level {
            LogLevel::Error | LogLevel::Warn => true,
            LogLevel::Info | LogLevel::Debug | LogLevel::Unknown(_) => self.debug,
        };
        if matters {
            self.outbox.push_line(level, line);
        }
    }
}
