//! What a text link is doing, inside and as told outside. Deliberately only the states; who changes them is in `link`,
//! `exchange` and `timeout`.

use crate::bits::Hunt;
use crate::event::Cause;

/// What the link is doing.
#[derive(Clone, Copy)]
pub(crate) enum State {
    Stopped,
    Listening(Listening),
    /// Both sync bytes are settled, and so many bits are to come before the peer's first character.
    Settling(u32),
    Up,
}

/// Looking for the peer's sync byte, or waiting to send the own one.
#[derive(Clone, Copy)]
pub(crate) struct Listening {
    pub(crate) hunt: Hunt,
    /// Place of the peer's sync byte among the bits in.
    pub(crate) heard: Option<u32>,
    pub(crate) own: OwnSync,
}

/// The own sync byte.
#[derive(Clone, Copy)]
pub(crate) enum OwnSync {
    Held,
    Due,
    /// It went out, or is going, from this place on among the bits out.
    At(u32),
}

/// What a text link is doing, without the details.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nothing; zeros go out, and what comes in is ignored. [`TextLink::start`](crate::TextLink::start) ends it.
    Stopped,
    /// Until both sync bytes are through.
    Synchronising,
    /// Strings go to and fro.
    Up,
}

/// Why a text link changed its phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// [`TextLink::start`](crate::TextLink::start) was called.
    Started,
    /// [`TextLink::stop`](crate::TextLink::stop) was called.
    Stopped,
    /// Both sync bytes are through.
    Met,
    /// The link ended, or none came about.
    Lost(Cause),
}

/// The last change of phase, for logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// Phase before.
    pub from: Phase,
    /// Phase after.
    pub to: Phase,
    /// What brought it about.
    pub why: Why,
}

impl State {
    pub(crate) fn phase(&self) -> Phase {
        match self {
            State::Stopped => Phase::Stopped,
            State::Listening(_) | State::Settling(_) => Phase::Synchronising,
            State::Up => Phase::Up,
        }
    }
}
