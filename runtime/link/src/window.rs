//! The sending side of a session: reliable frames from `append` until the peer has released them, sent in order,
//! and again from the one that the peer misses (go-back-N). Deliberately without timers: when to ask the peer is
//! the link's business, and nothing is repeated without the peer's word that it is missing.

use fivewire_frame::{HEADROOM, Header, Sealed, TAILROOM, seal};

use crate::control::FIRST_MESSAGE;

/// Most reliable frames between two ends: one less than the sequence has numbers.
pub(crate) const MAX_FRAMES: usize = 7;
/// What a held frame costs of the peer's window besides its body.
pub(crate) const FRAME_COST: usize = 2;
const ROOM: usize = HEADROOM + TAILROOM;

/// The peer speaks of a frame that cannot be meant: the two ends disagree about the sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OutOfStep;

/// Why a link did not take a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendError<E> {
    /// The link is not up, or the application has not yet taken the event that says so.
    NotUp,
    /// Seven frames are under way, or no byte of the buffer is free. It is freed as the peer takes frames.
    Full,
    /// What was encoded cannot be a message: empty, longer than the room it was given, or with an op below 0x08.
    NotAMessage,
    /// The encoder's own error. Nothing was sent, no number used. When it ran out of room, see
    /// [`Link::can_send`](crate::Link::can_send).
    Encode(E),
}

impl<E: core::fmt::Display> core::fmt::Display for SendError<E> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            SendError::NotUp => f.write_str("the link is not up"),
            SendError::Full => f.write_str("the link has no room for another frame"),
            SendError::NotAMessage => f.write_str("the body is empty, too long, or has an op of the link"),
            SendError::Encode(error) => error.fmt(f),
        }
    }
}

impl<E: core::fmt::Debug + core::fmt::Display> core::error::Error for SendError<E> {}

/// Reliable frames that the peer has not released, oldest first, each in the buffer with room for header and CRC. The
/// buffer lies last, as in [`Link`](crate::Link).
#[repr(C)]
pub(crate) struct Window<const N: usize> {
    /// Body lengths; the first `count` are valid.
    lengths: [u16; MAX_FRAMES],
    count: usize,
    /// The frames lie in `buffer[start..end]`.
    start: usize,
    end: usize,
    /// Number of the oldest frame.
    base: u8,
    /// Index of the frame to send next.
    cursor: usize,
    /// Frames before this index have been sent at least once.
    high: usize,
    /// Frames before this index are released, but one of them is on the wire and must stay in place.
    acked: usize,
    on_wire: Option<OnWire>,
    /// What the peer takes: bytes of bodies and their cost, and the longest body.
    credit: usize,
    max_body: usize,
    buffer: [u8; N],
}

/// The frame that is being sent.
#[derive(Clone, Copy)]
struct OnWire {
    index: usize,
    start: usize,
    end: usize,
}

impl<const N: usize> Window<N> {
    pub(crate) const fn new() -> Self {
        Window {
            buffer: [0; N],
            lengths: [0; MAX_FRAMES],
            count: 0,
            start: 0,
            end: 0,
            base: 0,
            cursor: 0,
            high: 0,
            acked: 0,
            on_wire: None,
            credit: 0,
            max_body: 0,
        }
    }

    /// Forgets everything; the next frame is number 0. `credit` and `max_body` are the peer's limits in bytes.
    pub(crate) fn open(&mut self, credit: usize, max_body: usize) {
        (self.count, self.start, self.end, self.base) = (0, 0, 0, 0);
        (self.cursor, self.high, self.acked, self.on_wire) = (0, 0, 0, None);
        self.credit = credit;
        self.max_body = max_body.min(credit.saturating_sub(FRAME_COST));
    }

    /// The longest body that [`Window::append`] would take now; 0 when none.
    pub(crate) fn room(&self) -> usize {
        if self.count == MAX_FRAMES {
            return 0;
        }
        (N - (self.end - self.start))
            .saturating_sub(ROOM)
            .min(self.max_body)
    }

    /// Has `encode` write a body behind the last frame; returns the number it got.
    pub(crate) fn append<E>(
        &mut self,
        encode: impl FnOnce(&mut [u8]) -> Result<usize, E>,
    ) -> Result<u8, SendError<E>> {
        let room = self.room();
        if room == 0 {
            return Err(SendError::Full);
        }
        if self.end + ROOM + room > N {
            self.compact();
        }
        let at = self.end + HEADROOM;
        let slot = self.buffer.get_mut(at..at + room).ok_or(SendError::Full)?;
        let len = encode(slot).map_err(SendError::Encode)?;
        match slot.get(..len) {
            Some(&[op, ..]) if op >= FIRST_MESSAGE => Ok(self.keep(len)),
            _ => Err(SendError::NotAMessage),
        }
    }

    fn keep(&mut self, len: usize) -> u8 {
        let number = self.number_at(self.count);
        if let Some(slot) = self.lengths.get_mut(self.count) {
            *slot = len as u16; // `max_body` came as a u16
            self.count += 1;
            self.end += ROOM + len;
        }
        number
    }

    /// Moves the frames to the front of the buffer, so that the free bytes are in one piece.
    fn compact(&mut self) {
        let start = core::mem::take(&mut self.start);
        if let Some(frames) = self.buffer.get_mut(..self.end) {
            frames.copy_within(start.min(frames.len()).., 0);
        }
        self.end -= start;
        if let Some(on_wire) = &mut self.on_wire {
            on_wire.start -= start;
            on_wire.end -= start;
        }
    }

    fn number_at(&self, index: usize) -> u8 {
        self.base.wrapping_add(index as u8)
    }

    fn body_len(&self, index: usize) -> usize {
        self.lengths.get(index).copied().map_or(0, usize::from)
    }

    /// Number of the frame that is sent next, were there one.
    pub(crate) fn mark(&self) -> u8 {
        self.number_at(self.cursor)
    }

    /// Whether a frame waits that the peer has room for.
    pub(crate) fn is_sendable(&self) -> bool {
        self.cursor < self.count && self.is_in_credit()
    }

    #[inline(never)]
    fn is_in_credit(&self) -> bool {
        let held = (self.acked..=self.cursor).map(|index| self.body_len(index) + FRAME_COST);
        held.sum::<usize>() <= self.credit
    }

    /// Whether frames were sent that the peer has not released.
    pub(crate) fn awaits_release(&self) -> bool {
        self.high > self.acked
    }

    /// Frames appended and not yet released.
    pub(crate) fn len(&self) -> usize {
        self.count - self.acked
    }

    pub(crate) fn is_on_wire(&self) -> bool {
        self.on_wire.is_some()
    }

    /// Puts the next frame on the wire; says whether it was sent before. Call when [`Window::is_sendable`].
    pub(crate) fn begin(&mut self, ack: u8) -> Option<(Sealed, bool)> {
        let index = self.cursor;
        let start = self.start + (0..index).map(|index| self.body_len(index) + ROOM).sum::<usize>();
        let end = start + self.body_len(index) + ROOM;
        let header = Header::new(self.mark(), ack);
        let sealed = seal(self.buffer.get_mut(start..end)?, header)?;
        self.on_wire = Some(OnWire { index, start, end });
        self.cursor += 1;
        let again = index < self.high;
        self.high = self.high.max(self.cursor);
        Some((sealed, again))
    }

    /// The bytes of the frame on the wire.
    pub(crate) fn wire_bytes(&self) -> &[u8] {
        self.on_wire
            .and_then(|wire| self.buffer.get(wire.start..wire.end))
            .unwrap_or(&[])
    }

    /// The frame's last symbol is out.
    pub(crate) fn finish(&mut self) {
        self.on_wire = None;
        self.settle();
    }

    /// Whether an acknowledgement with these three bits can be meant.
    pub(crate) fn is_plausible(&self, ack: u8) -> bool {
        let index = self.index_of_seq(ack);
        (self.acked..=self.high).contains(&index)
    }

    fn index_of_seq(&self, seq: u8) -> usize {
        usize::from(seq.wrapping_sub(self.base) & 7)
    }

    /// The peer expects `seq` next and has released all before it. Returns whether that is news.
    pub(crate) fn acknowledge(&mut self, seq: u8) -> bool {
        let index = self.index_of_seq(seq);
        let news = index > self.acked && index <= self.high;
        if news {
            self.acked = index;
            self.cursor = self.cursor.max(index);
            self.settle();
        }
        news
    }

    /// Drops released frames, as far as they are not on the wire.
    fn settle(&mut self) {
        let held = self.on_wire.map_or(self.acked, |wire| self.acked.min(wire.index));
        for _ in 0..held {
            self.start += self.body_len(0) + ROOM;
            self.lengths.copy_within(1.., 0);
        }
        self.count -= held;
        self.cursor -= held;
        self.high -= held;
        self.acked -= held;
        self.base = self.number_at(held);
        if let Some(wire) = &mut self.on_wire {
            wire.index -= held;
        }
        if self.count == 0 && self.on_wire.is_none() {
            (self.start, self.end) = (0, 0);
        }
    }

    /// The peer has all frames before number `wanted` and misses that one, if it was sent. Returns how many frames
    /// will be sent again.
    pub(crate) fn resume_at(&mut self, wanted: u8) -> Result<usize, OutOfStep> {
        let index = usize::from(wanted.wrapping_sub(self.base));
        if !(self.acked..=self.high).contains(&index) {
            return Err(OutOfStep);
        }
        let under_way = self
            .on_wire
            .is_some_and(|wire| wire.index == index && self.cursor == index + 1);
        if under_way {
            return Ok(0);
        }
        let again = self.cursor.saturating_sub(index);
        self.cursor = index;
        Ok(again)
    }

    /// As [`Window::resume_at`], but nothing is sent again: the peer may yet be receiving what was sent.
    pub(crate) fn check(&self, wanted: u8) -> Result<(), OutOfStep> {
        let index = usize::from(wanted.wrapping_sub(self.base));
        if (self.acked..=self.high).contains(&index) {
            Ok(())
        } else {
            Err(OutOfStep)
        }
    }

    /// Sends everything again: the peer was not listening yet. Returns how many frames that are.
    pub(crate) fn rewind(&mut self) -> usize {
        core::mem::replace(&mut self.cursor, self.acked) - self.acked
    }
}
