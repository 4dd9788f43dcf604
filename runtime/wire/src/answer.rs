//! How a command's handler answers: at once, or later with the ticket it was given. Who waits for the answer and
//! for how long is the host's business.

use crate::{EncodeError, Writer};
use core::{fmt, marker::PhantomData};

/// A command that has a reply; one-way commands do not implement it.
pub trait CommandMessage {
    /// The reply's type; `'static` where it borrows.
    type Reply: ReplyMessage;
}

/// A reply.
pub trait ReplyMessage {
    /// The same reply, borrowing for as long as it is encoded.
    type At<'a>;
    /// Op: that of the command with bit 7 set.
    const OP: u8;
    /// Name of the command in the spec.
    const NAME: &'static str;

    /// Writes the whole body: op, number of the command, fields.
    ///
    /// # Errors
    /// The buffer is too small, or a field is beyond the spec's bounds.
    fn encode_reply(reply: &Self::At<'_>, number: u8, out: &mut Writer<'_>) -> Result<(), EncodeError>;
}

/// The right to answer one command, by its reply's type. It is plain data: answering twice is the holder's fault,
/// and one from before the link went down answers nothing that the host still waits for.
pub struct Ticket<R> {
    number: u8,
    reply: PhantomData<fn() -> R>,
}

impl<R> Ticket<R> {
    /// For the command of that number: commands count from 0 since the link came up, modulo 256.
    pub fn new(number: u8) -> Self {
        Self {
            number,
            reply: PhantomData,
        }
    }

    /// Number of the command.
    pub fn number(self) -> u8 {
        self.number
    }
}

impl<R: ReplyMessage> Ticket<R> {
    /// Writes the reply's body.
    ///
    /// # Errors
    /// The buffer is too small, or a field is beyond the spec's bounds.
    pub fn reply(self, reply: &R::At<'_>, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        R::encode_reply(reply, self.number, out)
    }
}

impl<R> Clone for Ticket<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Ticket<R> {}

impl<R> PartialEq for Ticket<R> {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl<R> Eq for Ticket<R> {}

impl<R> fmt::Debug for Ticket<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ticket({})", self.number)
    }
}

#[cfg(feature = "defmt")]
impl<R> defmt::Format for Ticket<R> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "Ticket({})", self.number);
    }
}

/// What a handler says to a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer<R> {
    /// This is the reply.
    Now(R),
    /// The handler kept the ticket and replies itself.
    Later,
}
