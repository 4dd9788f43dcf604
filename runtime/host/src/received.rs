//! QoS 2 messages between the application, which took them, and the broker, which has not released them yet: known by
//! their packet identifiers alone. It outlives the link; the messages themselves are in `inbox`.

use heapless::{Deque, Vec};

/// Most QoS 2 messages that were taken and not yet released. While there are as many, the next waits to be taken.
pub const MAX_RECEIVED: usize = 64;

/// Most releases to confirm. While there are as many, the link keeps the next.
const MAX_COMPLETES: usize = 16;

/// The end of a QoS 2 message to tell the bridge of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Complete {
    pub(crate) packet_id: u16,
    /// There was a message under it.
    pub(crate) known: bool,
}

#[derive(Debug)]
pub(crate) struct Received {
    taken: Vec<u16, MAX_RECEIVED>,
    completes: Deque<Complete, MAX_COMPLETES>,
}

impl Received {
    pub(crate) const fn new() -> Self {
        Self {
            taken: Vec::new(),
            completes: Deque::new(),
        }
    }

    /// True when no more can be remembered.
    pub(crate) fn is_full(&self) -> bool {
        self.taken.is_full()
    }

    /// True when a message under this identifier would be a repetition.
    pub(crate) fn contains(&self, packet_id: u16) -> bool {
        self.taken.contains(&packet_id)
    }

    /// The application took it. It is not remembered when there is no room, which the caller prevents.
    pub(crate) fn insert(&mut self, packet_id: u16) {
        if !self.contains(packet_id) {
            let _ = self.taken.push(packet_id);
        }
    }

    /// The broker released it. True if it had been taken.
    pub(crate) fn remove(&mut self, packet_id: u16) -> bool {
        let index = self.taken.iter().position(|taken| *taken == packet_id);
        index.map(|index| self.taken.swap_remove(index)).is_some()
    }

    /// True when another release can be confirmed.
    pub(crate) fn has_room(&self) -> bool {
        !self.completes.is_full()
    }

    /// Confirms a release, as soon as the link has room.
    pub(crate) fn complete(&mut self, complete: Complete) {
        let _ = self.completes.push_back(complete);
    }

    pub(crate) fn next_complete(&self) -> Option<Complete> {
        self.completes.front().copied()
    }

    /// The link took what [`next_complete`](Self::next_complete) showed.
    pub(crate) fn completed(&mut self) {
        self.completes.pop_front();
    }

    /// The bridge forgot everything; the broker will release again what it was not told of.
    pub(crate) fn link_lost(&mut self) {
        self.completes.clear();
    }

    /// The broker has no session: what identifiers there were name nothing any more.
    pub(crate) fn session_lost(&mut self) {
        self.taken.clear();
        self.completes.clear();
    }
}
