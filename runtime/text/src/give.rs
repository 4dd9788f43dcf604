//! What both translators do at their desk: bodies that have room there by contract, and log lines that may have to
//! wait for it. Deliberately without a queue: a line is kept as what it says, by whoever has to say it.

use core::fmt::{self, Write};

use fivewire_wire::event::Log;
use fivewire_wire::{Command, EncodeError, Event, LogLevel, MAX_LINE, ReplyMessage, Ticket, Writer};

use crate::translate::{Desk, Fault};

/// Gives a body that is promised room; its number.
pub(crate) fn body(
    desk: &mut Desk<'_>,
    write: impl FnOnce(&mut Writer<'_>) -> Result<(), EncodeError>,
) -> Result<u8, Fault> {
    // Without the promised room an answer would be lost, and somebody wait for it without limit.
    desk.body(write).map_err(|_| Fault::Restart)
}

/// Gives an event.
pub(crate) fn event<'e>(desk: &mut Desk<'_>, event: impl Into<Event<'e>>) -> Result<(), Fault> {
    let event = event.into();
    body(desk, |out| event.encode(out)).map(drop)
}

/// Gives a command.
pub(crate) fn command<'c>(desk: &mut Desk<'_>, command: impl Into<Command<'c>>) -> Result<(), Fault> {
    let command = command.into();
    body(desk, |out| command.encode(out)).map(drop)
}

/// Gives the reply to command `number`.
pub(crate) fn reply<R: ReplyMessage>(
    desk: &mut Desk<'_>,
    number: u8,
    reply: &R::At<'_>,
) -> Result<(), Fault> {
    let ticket = Ticket::<R>::new(number);
    body(desk, |out| ticket.reply(reply, out)).map(drop)
}

/// Gives a log line, cut to what the spec allows. False when there is no room for it beside what is promised room.
pub(crate) fn line(desk: &mut Desk<'_>, level: LogLevel, text: fmt::Arguments<'_>) -> bool {
    if !desk.has_spare_room(Log::MAX_BODY) {
        return false;
    }
    let mut line = Line {
        len: 0,
        text: [0; MAX_LINE],
    };
    // A line that is too long is cut, which is not worth an error.
    let _ = line.write_fmt(text);
    let line = line.as_str();
    desk.body(|out| Log { level, line }.encode(out)).is_ok()
}

/// A line that is being written.
struct Line {
    len: usize,
    text: [u8; MAX_LINE],
}

impl Line {
    fn as_str(&self) -> &str {
        let text = self.text.get(..self.len).unwrap_or_default();
        core::str::from_utf8(text).unwrap_or_default()
    }
}

impl Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            let end = self.len + character.len_utf8();
            let room = self.text.get_mut(self.len..end).ok_or(fmt::Error)?;
            character.encode_utf8(room);
            self.len = end;
        }
        Ok(())
    }
}
