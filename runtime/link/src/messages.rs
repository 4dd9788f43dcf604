//! What the two ends' programs need of a link, whichever kind it is: sessions, and bodies in order. Deliberately without
//! bits, which are in `clocked`; most of it is told at the methods of [`Link`].

use crate::clocked::Clocked;
use crate::event::Event;
use crate::link::Link;
use crate::window::SendError;

/// A link as the program at its end sees it: bodies of messages, numbered, in order, in sessions.
///
/// Code that is written for any link is compiled for the one it gets; nothing is asked at run time.
pub trait Messages: Clocked {
    /// Begins to look for a peer; whatever was before is forgotten without an event. The pins start anew with it.
    fn start(&mut self, now_ms: u32);

    /// Ends everything, without an event. From now on zeros go out and what comes in is ignored.
    fn stop(&mut self);

    /// When [`Clocked::handle_timeout`] is next due; `None` when nothing waits for time.
    fn poll_timeout(&self) -> Option<u32>;

    /// The session's next news. A new session is open to [`Messages::send`] and [`Messages::receive`] once its
    /// [`Event::Up`] was taken here.
    fn poll_event(&mut self) -> Option<Event>;

    /// Whether the session's peer is an end of the MicroPython system: much less can be said to it.
    fn is_text(&self) -> bool;

    /// The longest body, in bytes, that [`Messages::send`] takes now; 0 when none.
    fn room(&self) -> usize;

    /// Whether [`Messages::send`] would take a body of `body_len` bytes now.
    #[inline]
    fn can_send(&self, body_len: usize) -> bool {
        body_len > 0 && body_len <= self.room()
    }

    /// Sends a body that `encode` writes, and returns its number, as [`Link::send`].
    ///
    /// # Errors
    /// [`SendError`]; nothing was sent and no number used.
    fn send<E>(&mut self, encode: impl FnOnce(&mut [u8]) -> Result<usize, E>) -> Result<u8, SendError<E>>;

    /// The oldest body that is not released, and its number. The same again until [`Messages::release`].
    fn receive(&mut self) -> Option<(u8, &[u8])>;

    /// The application is done with the body that [`Messages::receive`] returned.
    fn release(&mut self);
}

// Always inlined: see `clocked`.
impl<const TX: usize, const RX: usize> Messages for Link<TX, RX> {
    #[inline(always)]
    fn start(&mut self, now_ms: u32) {
        Link::start(self, now_ms);
    }

    #[inline(always)]
    fn stop(&mut self) {
        Link::stop(self);
    }

    #[inline(always)]
    fn poll_timeout(&self) -> Option<u32> {
        Link::poll_timeout(self)
    }

    #[inline(always)]
    fn poll_event(&mut self) -> Option<Event> {
        Link::poll_event(self)
    }

    /// Never.
    #[inline(always)]
    fn is_text(&self) -> bool {
        false
    }

    #[inline(always)]
    fn room(&self) -> usize {
        Link::room(self)
    }

    #[inline(always)]
    fn send<E>(&mut self, encode: impl FnOnce(&mut [u8]) -> Result<usize, E>) -> Result<u8, SendError<E>> {
        Link::send(self, encode)
    }

    #[inline(always)]
    fn receive(&mut self) -> Option<(u8, &[u8])> {
        Link::receive(self)
    }

    #[inline(always)]
    fn release(&mut self) {
        Link::release(self);
    }
}
