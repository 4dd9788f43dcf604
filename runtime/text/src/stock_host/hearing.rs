//! The old host's strings, made commands.

use fivewire_wire::{Command, TEXT_SEPARATOR, TextError, command};

use super::{Phase, StockHost, saying};
use crate::give;
use crate::translate::{Desk, Fault, MAX_GARBAGE};

/// Room for messages: as much as the spec lets a host have, for the old one has no bound and takes what comes. What is
/// on its way is bounded by the strings that can wait.
const INBOX_MESSAGES: u8 = 32;
const INBOX_BYTES: u16 = 32_768;
/// The last field of `init`, which hosts of 2018 do not have.
const LAST_OF_INIT: &[u8] = b"\x7Fpool.ntp.org";
const MAX_INIT: usize = command::Configure::MAX_TEXT;

impl StockHost {
    pub(super) fn hear(&mut self, string: &[u8], desk: &mut Desk<'_>) -> Result<(), Fault> {
        match self.phase {
            Phase::Fresh => self.hear_opening(string, desk),
            // Any string is consent, whatever it says.
            Phase::Starting { asked: true } => {
                self.phase = Phase::Starting { asked: false };
                give::command(desk, command::JoinNetwork { consent: true })
            }
            Phase::Starting { asked: false } | Phase::Running => self.hear_command(string, desk),
        }
    }

    fn hear_opening(&mut self, string: &[u8], desk: &mut Desk<'_>) -> Result<(), Fault> {
        match (word(string), Command::decode_text(string)) {
            (_, Ok(Command::Will(will))) => give::command(desk, will),
            (_, Ok(Command::Configure(configure))) => self.configure(configure, desk),
            (b"init", Err(TextError::Missing { field: "timeserver" })) => self.old_init(string, desk),
            (b"w", Err(why)) => {
                self.unreadable(Some(why));
                saying::will_ok(desk)
            }
            (b"init", Err(why)) => {
                self.unreadable(Some(why));
                // Without what it said: passwords are in it.
                saying::expected_init(b"init", desk)
            }
            (_, why) => self.not_an_opening(string, why.err(), desk),
        }
    }

    /// A damaged string, whose host starts anew when it is told so; or the frames of a native host that was taken for
    /// an old one, of which there is no end.
    pub(super) fn not_an_opening(
        &mut self,
        string: &[u8],
        why: Option<TextError>,
        desk: &mut Desk<'_>,
    ) -> Result<(), Fault> {
        self.unreadable(why);
        self.garbage += 1;
        if self.garbage < MAX_GARBAGE {
            saying::expected_init(string, desk)
        } else {
            Err(Fault::Garbled)
        }
    }

    fn configure(&mut self, configure: command::Configure<'_>, desk: &mut Desk<'_>) -> Result<(), Fault> {
        self.phase = Phase::Starting { asked: false };
        let configure = command::Configure {
            inbox_messages: INBOX_MESSAGES,
            inbox_bytes: INBOX_BYTES,
            ..configure
        };
        give::command(desk, configure)
    }

    /// An `init` of 2018 with what it lacks.
    fn old_init(&mut self, string: &[u8], desk: &mut Desk<'_>) -> Result<(), Fault> {
        let mut buffer = [0; MAX_INIT];
        let len = string.len() + LAST_OF_INIT.len();
        let whole = buffer.get_mut(..len).and_then(|whole| {
            let (start, end) = whole.split_at_mut_checked(string.len())?;
            start.copy_from_slice(string);
            end.copy_from_slice(LAST_OF_INIT);
            Some(&*whole)
        });
        match whole.map(Command::decode_text) {
            Some(Ok(Command::Configure(configure))) => self.configure(configure, desk),
            other => {
                self.unreadable(other.and_then(Result::err));
                saying::expected_init(b"init", desk)
            }
        }
    }

    fn hear_command(&mut self, string: &[u8], desk: &mut Desk<'_>) -> Result<(), Fault> {
        match (word(string), Command::decode_text(string)) {
            (_, Ok(Command::Publish(publish))) => give::command(desk, publish),
            (_, Ok(Command::Subscribe(subscribe))) => give::command(desk, subscribe),
            // What may stand behind these words was never looked at.
            (b"i", _) => give::command(desk, command::GetTime {}),
            (b"m", _) => give::command(desk, command::Memory {}),
            (b"p", Err(why)) => {
                self.unreadable(Some(why));
                self.publish_done(desk);
                Ok(())
            }
            (b"s", Err(why)) => {
                self.unreadable(Some(why));
                Ok(())
            }
            (b"init", _) => {
                self.unknown_command(b"init", desk);
                Ok(())
            }
            // Behind a question that was answered twice, or with more than one string.
            (b"1", _) => Ok(()),
            (_, why) => {
                self.unreadable(why.err());
                self.unknown_command(string, desk);
                Ok(())
            }
        }
    }
}

/// The first field.
fn word(string: &[u8]) -> &[u8] {
    string
        .split(|byte| *byte == TEXT_SEPARATOR)
        .next()
        .unwrap_or_default()
}
