//! What a text link tells its application beside strings. Deliberately not a queue: each kind of news is kept once,
//! and told in the order in which it can have come about.

/// News of a text link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// There is no link any more, or none could be made. Strings that came before are still there; what was to be
    /// sent is forgotten.
    Down(Cause),
    /// The peer has sent its sync byte, and is an end of the MicroPython system if it sends zeros from then on. If
    /// the own one was held back, it is time for [`TextLink::send_sync`](crate::TextLink::send_sync).
    Heard {
        /// Bits that came before its first one; an old end sends it at once, so anything but 0 is odd.
        bits_before: u32,
    },
    /// Both sync bytes are through: strings can be sent and received.
    Up,
    /// Strings were dropped since this was last told; [`Stats`](crate::Stats) has counted them.
    Dropped(Dropped),
}

/// Why there is no text link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The peer's clock stood still for the time that it may: it is dead, in reset, or was never there.
    Silent,
    /// The peer's clock moved, but in all the time allowed no sync byte came.
    NoSync,
    /// A 1 came where an end of the MicroPython system sends zeros: between its sync byte and its first character.
    /// Either the peer is no such end, or a bit was lost or doubled.
    Misaligned,
    /// The peer sent a sync byte in the midst of the text, as it does only when it starts. It waits for the own
    /// one: [`TextLink::send_sync`](crate::TextLink::send_sync) makes the next link without a reset.
    PeerRestarted,
}

impl core::fmt::Display for Cause {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Cause::Silent => "the peer's clock stands still",
            Cause::NoSync => "the peer clocks, but sends no sync byte",
            Cause::Misaligned => "the peer sends bits where there must be none",
            Cause::PeerRestarted => "the peer has restarted",
        })
    }
}

/// Why a string was dropped. It is always dropped whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dropped {
    /// It is longer than [`Settings::max_string`](crate::Settings::max_string).
    TooLong,
    /// The strings before it have not been released, and the driver went on clocking although
    /// [`TextLink::has_room`](crate::TextLink::has_room) said no.
    NoRoom,
}

/// News that the application has not taken.
#[derive(Clone, Copy)]
pub(crate) struct News {
    down: Option<Cause>,
    heard: Option<u32>,
    up: bool,
    dropped: Option<Dropped>,
}

impl News {
    pub(crate) const NONE: News = News {
        down: None,
        heard: None,
        up: false,
        dropped: None,
    };

    /// What was told of the link before is no longer true.
    pub(crate) fn down(&mut self, cause: Cause) {
        *self = News {
            down: Some(cause),
            dropped: self.dropped,
            ..News::NONE
        };
    }

    pub(crate) fn heard(&mut self, bits_before: u32) {
        self.heard = Some(bits_before);
    }

    pub(crate) fn up(&mut self) {
        self.up = true;
    }

    pub(crate) fn dropped(&mut self, why: Dropped) {
        self.dropped = Some(why);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.down.is_none() && self.heard.is_none() && !self.up && self.dropped.is_none()
    }

    pub(crate) fn take(&mut self) -> Option<Event> {
        if let Some(cause) = self.down.take() {
            return Some(Event::Down(cause));
        }
        if let Some(bits_before) = self.heard.take() {
            return Some(Event::Heard { bits_before });
        }
        if core::mem::take(&mut self.up) {
            return Some(Event::Up);
        }
        self.dropped.take().map(Event::Dropped)
    }
}
