//! The accept window: which messages the host holds and has not accepted, so that no more are sent than it has
//! room for and each QoS 1 message is acknowledged to the broker only then. No message is kept here, only its
//! number, its size and what to acknowledge.

use fivewire_mqtt::MessageId;
use heapless::Vec;

use crate::queue::take;

/// Most messages the host may hold: the upper bound of `configure.inbox_messages`.
pub(crate) const MAX_MESSAGES: usize = 32;

/// One message the host holds.
#[derive(Clone, Copy, Debug)]
struct Held {
    number: u8,
    bytes: usize,
    /// To be acknowledged; none for QoS 0. The MQTT client ignores one whose connection is gone.
    id: Option<MessageId>,
}

/// The messages between the broker and the host's application, oldest first.
#[derive(Debug)]
pub(crate) struct Inbox {
    held: Vec<Held, MAX_MESSAGES>,
    max_messages: usize,
    max_bytes: usize,
}

impl Inbox {
    pub(crate) const fn new() -> Self {
        Self {
            held: Vec::new(),
            max_messages: 0,
            max_bytes: 0,
        }
    }

    /// Sets the host's room, from `configure`.
    pub(crate) fn set_room(&mut self, messages: u8, bytes: u16) {
        self.max_messages = messages.into();
        self.max_bytes = bytes.into();
    }

    /// Messages that the host holds at a time, at most.
    pub(crate) fn max_messages(&self) -> u16 {
        u16::try_from(self.max_messages).unwrap_or(u16::MAX)
    }

    /// Forgets every message: a new host.
    pub(crate) fn clear(&mut self) {
        self.held.clear();
    }

    /// True when the host can take a message with this many bytes of topic, payload and properties.
    pub(crate) fn has_room(&self, bytes: usize) -> bool {
        let used: usize = self.held.iter().map(|held| held.bytes).sum();
        !self.held.is_full() && self.held.len() < self.max_messages && used + bytes <= self.max_bytes
    }

    /// True when the host could never take one of this size.
    pub(crate) fn never_fits(&self, bytes: usize) -> bool {
        bytes > self.max_bytes
    }

    /// A message went to the host.
    pub(crate) fn sent(&mut self, number: u8, bytes: usize, id: Option<MessageId>) {
        let stored = self.held.push(Held { number, bytes, id }).is_ok();
        debug_assert!(stored, "sent without room");
    }

    /// The host accepted a message; what is to be acknowledged, if it holds such a one and the broker waits.
    pub(crate) fn accept(&mut self, number: u8) -> Option<MessageId> {
        take(&mut self.held, |held| held.number == number)?.id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_counts_messages_and_bytes() {
        let mut inbox = Inbox::new();
        inbox.set_room(2, 100);
        assert!(inbox.has_room(100) && !inbox.has_room(101) && inbox.never_fits(101));
        inbox.sent(0, 60, None);
        assert!(inbox.has_room(40) && !inbox.has_room(41));
        inbox.sent(1, 1, None);
        assert!(!inbox.has_room(0), "two messages are out");
        inbox.accept(9);
        assert!(!inbox.has_room(0), "only what is held can be accepted");
        inbox.accept(1);
        assert!(inbox.has_room(40));
    }
}
