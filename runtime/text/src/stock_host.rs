//! Plays a native host towards a bridge that has a MicroPython host before it: the old host's strings become commands,
//! and the bridge's replies and events the strings that it knows.
//!
//! The old host waits without limit for three things: the string after `w`, `RUNNING` and `PUBOK`. So each of them is
//! said in the end, whatever became of the command: a publication that the broker or the bridge refused is
//! acknowledged like any other, since the only thing else that the old host understands is a fatal status, by which
//! it resets the bridge and knows no more of the publication either. What was not done so is noted ([`HostNote`]) and
//! counted.
//!
//! What the old host cannot be told is left out: an outage of the broker, why a network cannot be joined, what was
//! granted. The old bridge gave up when the broker did not answer at first (`BROKER_FAIL`), and was reset by its host
//! every few seconds. Here the bridge goes on trying, and the old host waits, as it does for a network. With TLS the
//! broker's certificate is verified, although the old bridge did not: nobody here can ask to do without.
//!
//! Deliberately without time: the old host's clock is the link's business, and nothing here waits for it.

mod hearing;
mod saying;

use fivewire_wire::{Reason, TextError, command};

use crate::give;
use crate::settings::Role;
use crate::translate::{Desk, Fault, SMALL_BODIES, Translator};

/// Something that the old host was not told, for the bridge's own log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostNote {
    /// A message was dropped: its topic or payload holds a byte that text cannot carry.
    Unsayable(TextError),
    /// A string of the host could not be read, or was too long (none). A publication among them was acknowledged all
    /// the same.
    Unreadable(Option<TextError>),
    /// A publication will not be delivered, and was acknowledged all the same.
    NotPublished(Reason),
    /// A subscription was refused.
    NotSubscribed(Reason),
    /// The will was refused, and acknowledged all the same.
    NoWill(Reason),
    /// The configuration was refused; the host resets the bridge and sends it again.
    Misconfigured(Reason),
}

impl core::fmt::Display for HostNote {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Unsayable(why) => write!(f, "a message for the MicroPython host was dropped: {why}"),
            Self::Unreadable(Some(why)) => write!(f, "a string of the MicroPython host was dropped: {why}"),
            Self::Unreadable(None) => {
                f.write_str("a string of the MicroPython host was dropped: it is too long")
            }
            Self::NotPublished(why) => write!(f, "a publication was dropped: {}", why.name()),
            Self::NotSubscribed(why) => write!(f, "a subscription was refused: {}", why.name()),
            Self::NoWill(why) => write!(f, "the will was refused: {}", why.name()),
            Self::Misconfigured(why) => write!(f, "the configuration was refused: {}", why.name()),
        }
    }
}

/// What the old host was not told. Counters wrap and are never reset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HostStats {
    /// Messages that text cannot carry.
    pub unsayable: u32,
    /// Strings of the host that could not be read.
    pub unreadable: u32,
    /// Publications that were not delivered.
    pub not_published: u32,
}

/// The bridge's end of a text link: see the module.
#[derive(Debug)]
pub struct StockHost {
    phase: Phase,
    wifi: bool,
    /// Messages whose strings are on their way.
    leaving: Leaving,
    owed: Owed,
    /// Strings that no old host says first.
    garbage: u8,
    note: Option<HostNote>,
    stats: HostStats,
}

/// How far the old host takes the bridge to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// It may send `w`, and sends `init`.
    Fresh,
    /// It waits for `RUNNING`; `asked` when it was asked for consent, which is the very next string.
    Starting {
        asked: bool,
    },
    Running,
}

/// Numbers of messages that the bridge may go on from when the last character is out. As many as can be accepted in
/// one call.
#[derive(Clone, Copy, Debug)]
struct Leaving {
    numbers: [u8; SMALL_BODIES],
    len: usize,
}

impl Leaving {
    const NONE: Self = Self {
        numbers: [0; SMALL_BODIES],
        len: 0,
    };

    fn is_full(&self) -> bool {
        self.len == SMALL_BODIES
    }

    fn add(&mut self, number: u8) {
        if let Some(free) = self.numbers.get_mut(self.len) {
            *free = number;
            self.len += 1;
        }
    }

    fn take(&mut self) -> impl Iterator<Item = u8> {
        let Self { numbers, len } = core::mem::replace(self, Self::NONE);
        numbers.into_iter().take(len)
    }
}

/// Strings that found no room behind a message that is going out. The old host waits for them without limit.
#[derive(Clone, Copy, Debug)]
struct Owed {
    /// `PUBOK`s.
    publish_oks: u16,
    /// That a command is unknown.
    unknown: bool,
}

impl Owed {
    const NONE: Self = Self {
        publish_oks: 0,
        unknown: false,
    };
}

impl Default for StockHost {
    fn default() -> Self {
        Self::new()
    }
}

impl StockHost {
    /// Without a link; [`Translator::start`] begins.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            phase: Phase::Fresh,
            wifi: false,
            leaving: Leaving::NONE,
            owed: Owed::NONE,
            garbage: 0,
            note: None,
            stats: HostStats {
                unsayable: 0,
                unreadable: 0,
                not_published: 0,
            },
        }
    }

    /// What the old host was not told, in numbers.
    #[must_use]
    pub fn stats(&self) -> HostStats {
        self.stats
    }

    /// The latest thing that the old host was not told, once.
    pub fn poll_note(&mut self) -> Option<HostNote> {
        self.note.take()
    }

    fn unreadable(&mut self, why: Option<TextError>) {
        self.stats.unreadable = self.stats.unreadable.wrapping_add(1);
        self.note = Some(HostNote::Unreadable(why));
    }
}

impl Translator for StockHost {
    const ROLE: Role = Role::Responder;

    fn start(&mut self, _: u32) {
        *self = Self {
            stats: self.stats,
            note: self.note,
            ..Self::new()
        };
    }

    fn is_ready(&self) -> bool {
        !self.leaving.is_full()
    }

    fn handle_body(&mut self, number: u8, body: &[u8], desk: &mut Desk<'_>) -> Result<(), Fault> {
        self.say(number, body, desk)
    }

    fn handle_string(&mut self, string: &[u8], desk: &mut Desk<'_>) -> Result<(), Fault> {
        self.hear(string, desk)
    }

    /// Longer than any string of the spec: most likely a publication, whose host would wait for ever.
    fn handle_dropped(&mut self, desk: &mut Desk<'_>) -> Result<(), Fault> {
        match self.phase {
            Phase::Fresh => self.not_an_opening(b"", None, desk),
            Phase::Starting { .. } | Phase::Running => {
                self.unreadable(None);
                self.publish_done(desk);
                Ok(())
            }
        }
    }

    /// What is out is accepted: not before the old host has it is it acknowledged to the broker.
    fn handle_timeout(&mut self, desk: &mut Desk<'_>) -> Result<(), Fault> {
        self.pay(desk);
        if !desk.is_all_said() {
            return Ok(());
        }
        let mut out = self.leaving.take();
        out.try_for_each(|number| give::command(desk, command::Accept { number }))
    }

    fn poll_timeout(&self) -> Option<u32> {
        None
    }
}
