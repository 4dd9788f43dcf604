//! The seam between strings and native bodies: what a translator is told, and where it puts what it has to say.
//!
//! A translator plays the native peer of its end. To a host it is a native bridge: the host's commands go out as strings,
//! and the old bridge's strings become replies and events. To a bridge it is a native host. So it sees everything that is
//! said, decides what the other side can be told, and answers itself what the other side cannot.
//!
//! Deliberately without a link, a wire or a clock: a translator is tested with two buffers and made-up times.

use fivewire_link::SendError;
use fivewire_wire::{EncodeError, MAX_BODY, MAX_COMMAND_TEXT, MAX_EVENT_TEXT, TextError, TextWriter, Writer};

use crate::bodies::Bodies;
use crate::settings::Role;
use crate::strings::Strings;

/// Plays a native peer to the end that it is part of, and an end of the MicroPython system to the other side.
///
/// It is told everything in the order in which it happens, from [`Translator::start`] on. Each call finds room on its
/// [`Desk`] for [`SMALL_BODIES`] short bodies; [`Translator::handle_body`] also for one string of any length,
/// [`Translator::handle_string`] for one body of any length. A string that came does not wait for room for another: the
/// wires may rest until it is taken, and nothing leaves meanwhile. What does not fit waits for a later call or is
/// dropped. [`Translator::handle_timeout`] comes behind everything else, and often.
///
/// An error ends the link. What it was told until then is forgotten, and [`Translator::start`] begins the next one.
pub trait Translator {
    /// Which end of the wires it serves: for [`Role::Initiator`] it plays a bridge towards its own end, for
    /// [`Role::Responder`] a host.
    const ROLE: Role;

    /// A text link came up. Nothing is known of the one before, if there was one. Numbers count from 0 in both
    /// directions.
    fn start(&mut self, now_ms: u32);

    /// Whether it can take another body. What it cannot take waits where it came from.
    fn is_ready(&self) -> bool;

    /// Its own end sends this body, as number `number`: a command of the host, or a reply or event of the bridge.
    ///
    /// # Errors
    /// [`Fault`] ends the link. A body that cannot be said as text is none: it is answered, or counted and dropped.
    fn handle_body(&mut self, number: u8, body: &[u8], desk: &mut Desk<'_>) -> Result<(), Fault>;

    /// The other side sent this string, never empty, of 7-bit characters other than 0. Nothing vouches for it: it may
    /// be damaged, or forged by whoever can publish to a topic.
    ///
    /// # Errors
    /// [`Fault`] ends the link.
    fn handle_string(&mut self, string: &[u8], desk: &mut Desk<'_>) -> Result<(), Fault>;

    /// A string of the other side was dropped here, among those that it is told; the link has counted it.
    ///
    /// # Errors
    /// [`Fault`] ends the link.
    fn handle_dropped(&mut self, desk: &mut Desk<'_>) -> Result<(), Fault>;

    /// Time has passed, or strings went out ([`Desk::is_all_said`]).
    ///
    /// # Errors
    /// [`Fault`] ends the link.
    fn handle_timeout(&mut self, desk: &mut Desk<'_>) -> Result<(), Fault>;

    /// When [`Translator::handle_timeout`] has something to do, even if nothing else happens; `None` when nothing waits
    /// for time.
    fn poll_timeout(&self) -> Option<u32>;
}

/// So many bodies of at most [`SMALL_BODY`] bytes have room at each call of a translator.
pub const SMALL_BODIES: usize = 4;
/// Bytes of a short body: every reply, and every event but messages and log lines.
pub const SMALL_BODY: usize = 16;
/// Bytes that short strings have beside a long one, each with its terminator.
pub const SHORT_STRINGS: usize = 64;
/// The longest string, in either direction.
pub(crate) const LONGEST: usize = if MAX_COMMAND_TEXT > MAX_EVENT_TEXT {
    MAX_COMMAND_TEXT
} else {
    MAX_EVENT_TEXT
};
/// What the promised short bodies take, each with its length.
const SMALL: usize = SMALL_BODIES * (SMALL_BODY + 2);
/// Bytes of a link's buffers for strings, each way.
pub const STRING_BYTES: usize = LONGEST + 1 + SHORT_STRINGS;
/// Bytes of a link's buffer for bodies. Short ones find room beside a long one that nobody takes.
pub const BODY_BYTES: usize = MAX_BODY + 2 + 2 * SMALL;
/// Strings that are no message before an end is known to be one of the MicroPython system: so many, and it is none, or
/// its characters are shifted. Nobody else has a say in its strings before that.
pub(crate) const MAX_GARBAGE: u8 = 3;

impl Strings {
    /// Whether [`Translator::handle_body`] finds the strings' room that it is promised.
    #[must_use]
    pub fn has_promised_room(&self) -> bool {
        self.room() >= LONGEST
    }
}

impl Bodies {
    /// Whether the promised short bodies have room beside one of `body_len` bytes: [`MAX_BODY`] for
    /// [`Translator::handle_string`], 0 for the other calls.
    #[must_use]
    pub fn has_promised_room(&self, body_len: usize) -> bool {
        self.room() >= body_len + SMALL
    }
}

/// Why a translator ends a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// What comes is not what an end of the MicroPython system says: the characters are shifted or damaged, or the
    /// peer is no such end at all.
    Garbled,
    /// The peer did not do in time what it must do.
    Silent,
    /// It takes a peer that starts anew: what its own end asks for (other settings, another will, `restart`, no to a
    /// question that cannot be answered with no), or that a body did not find the room that it was promised.
    Restart,
}

/// Where a translator puts what it has to say, and the time.
#[derive(Debug)]
pub struct Desk<'a> {
    now_ms: u32,
    strings: &'a mut Strings,
    bodies: &'a mut Bodies,
}

impl<'a> Desk<'a> {
    /// A desk at this time, in wrapping milliseconds: strings for the other side, bodies for the own end.
    pub fn new(now_ms: u32, strings: &'a mut Strings, bodies: &'a mut Bodies) -> Self {
        Desk {
            now_ms,
            strings,
            bodies,
        }
    }

    /// The time, in wrapping milliseconds.
    #[must_use]
    pub fn now_ms(&self) -> u32 {
        self.now_ms
    }

    /// Says a string to the other side: `desk.string(|out| publish.encode_text(out))`.
    ///
    /// # Errors
    /// [`TextError`]; nothing was said.
    pub fn string(
        &mut self,
        write: impl FnOnce(&mut TextWriter<'_>) -> Result<(), TextError>,
    ) -> Result<(), TextError> {
        self.strings.write(write)
    }

    /// Says a string that is no message of the spec.
    ///
    /// # Errors
    /// [`crate::SendError`]; nothing was said.
    pub fn say(&mut self, string: &[u8]) -> Result<(), crate::SendError> {
        self.strings.push(string)
    }

    /// Gives a body to the own end, and returns the number it will have there: `desk.body(|out| status.encode(out))`.
    ///
    /// # Errors
    /// [`SendError`]; nothing was given and no number used.
    pub fn body(
        &mut self,
        write: impl FnOnce(&mut Writer<'_>) -> Result<(), EncodeError>,
    ) -> Result<u8, SendError<EncodeError>> {
        self.bodies.push(|buffer| {
            let mut writer = Writer::new(buffer);
            write(&mut writer)?;
            Ok(writer.len())
        })
    }

    /// Whether a body of `body_len` bytes leaves the promised room to short ones: for what can wait.
    #[must_use]
    pub fn has_spare_room(&self, body_len: usize) -> bool {
        self.bodies.has_promised_room(body_len)
    }

    /// Whether the last character of every string is on the wires.
    #[must_use]
    pub fn is_all_said(&self) -> bool {
        self.strings.is_empty()
    }
}
