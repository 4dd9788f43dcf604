//! What a link tells its application about sessions. Deliberately not a queue: a session that came and went
//! unseen is nobody's business, so there is at most one `Down` followed by one `Up`.

use crate::hello::Hello;

/// News about the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A session begins with this peer; numbers start at 0 in both directions.
    Up(Hello),
    /// There is no session: the one before ended, or none could be made. Frames under way are forgotten. The
    /// link goes on looking for a peer by itself.
    Down(Cause),
}

/// Why there is no session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Nothing was heard of the peer for the watchdog's time: at start no hello that leads to a session, later no
    /// undamaged frame. While it lasts and no session came about, it is reported again after the same time.
    Silent,
    /// The peer has begun anew.
    PeerRestarted,
    /// The two ends no longer agree on the numbers of their frames. Only damage that passed several checks can
    /// bring it about.
    OutOfStep,
    /// What comes from an end of the MicroPython system is no text any more. That format mends nothing by itself.
    Garbled,
    /// What this end asked for takes a peer of the MicroPython system that starts anew.
    ResetWanted,
    /// The peer speaks another protocol.
    PeerIncompatible {
        /// The peer's revision.
        revision: u8,
        /// The oldest revision that the peer understands.
        min_revision: u8,
        /// The peer's hash of the protocol.
        wire_hash: u32,
    },
}

impl core::fmt::Display for Cause {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Cause::Silent => f.write_str("the peer is silent"),
            Cause::PeerRestarted => f.write_str("the peer has restarted"),
            Cause::ResetWanted => f.write_str("the peer has to start anew for what it was asked"),
            Cause::Garbled => f.write_str("the peer's text is garbled"),
            Cause::OutOfStep => f.write_str("the ends disagree about frame numbers"),
            Cause::PeerIncompatible {
                revision,
                min_revision,
                wire_hash,
            } => write!(
                f,
                "the peer speaks revision {revision} (down to {min_revision}) with wire hash {wire_hash:#010x}"
            ),
        }
    }
}

/// News that the application has not taken.
#[derive(Clone, Copy)]
pub(crate) struct News {
    down: Option<Cause>,
    up: Option<Hello>,
}

impl News {
    pub(crate) const NONE: News = News { down: None, up: None };

    pub(crate) fn down(&mut self, cause: Cause) {
        *self = News {
            down: Some(cause),
            up: None,
        };
    }

    pub(crate) fn up(&mut self, peer: Hello) {
        self.up = Some(peer);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.down.is_none() && self.up.is_none()
    }

    pub(crate) fn take(&mut self) -> Option<Event> {
        let down = self.down.take().map(Event::Down);
        down.or_else(|| self.up.take().map(Event::Up))
    }
}
