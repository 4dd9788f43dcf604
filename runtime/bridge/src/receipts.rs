//! Publications that have no receipt yet: QoS 1 waits for the broker's PUBACK, QoS 0 until its bytes are with TCP.
//! The packets themselves are in the MQTT client.

use fivewire_mqtt::PacketId;
use fivewire_wire::{Ticket, reply};
use heapless::Vec;

use crate::queue::take;

/// Most publications that can be open: the upper bound of `configure.publish_messages`.
pub(crate) const MAX_OPEN: usize = 32;

/// What ends a publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Awaits {
    /// PUBACK with this packet id.
    Puback(PacketId),
    /// This many bytes handed to TCP over the connection, modulo 2^32.
    Written(u32),
    /// Nothing more: the connection ended before its bytes were with TCP.
    Nothing,
}

/// The publications under way, oldest first.
#[derive(Debug)]
pub(crate) struct Receipts {
    open: Vec<(Ticket<reply::Publish>, Awaits), MAX_OPEN>,
}

impl Receipts {
    pub(crate) const fn new() -> Self {
        Self { open: Vec::new() }
    }

    /// Forgets everything: a new host.
    pub(crate) fn clear(&mut self) {
        self.open.clear();
    }

    /// True when one more can be taken.
    pub(crate) fn has_room(&self) -> bool {
        !self.open.is_full()
    }

    /// A publication was handed to the MQTT client.
    pub(crate) fn add(&mut self, ticket: Ticket<reply::Publish>, awaits: Awaits) {
        let stored = self.open.push((ticket, awaits)).is_ok();
        debug_assert!(stored, "taken without room");
    }

    /// The broker acknowledged this packet.
    pub(crate) fn acknowledged(&mut self, packet_id: PacketId) -> Option<Ticket<reply::Publish>> {
        take(&mut self.open, |(_, awaits)| *awaits == Awaits::Puback(packet_id)).map(|(ticket, _)| ticket)
    }

    /// The oldest QoS 0 publication whose bytes are with TCP now that `total` were handed over.
    pub(crate) fn written(&mut self, total: u32) -> Option<Ticket<reply::Publish>> {
        let reached = |mark: u32| total.wrapping_sub(mark) < 1 << 31;
        let done = |(_, awaits): &(_, Awaits)| matches!(awaits, Awaits::Written(mark) if reached(*mark));
        take(&mut self.open, done).map(|(ticket, _)| ticket)
    }

    /// The connection ended: the bytes of QoS 0 publications under way went down with it.
    pub(crate) fn connection_lost(&mut self) {
        for (_, awaits) in &mut self.open {
            if matches!(awaits, Awaits::Written(_)) {
                *awaits = Awaits::Nothing;
            }
        }
    }

    /// The oldest publication that went down with its connection.
    pub(crate) fn failed(&mut self) -> Option<Ticket<reply::Publish>> {
        take(&mut self.open, |(_, awaits)| *awaits == Awaits::Nothing).map(|(ticket, _)| ticket)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_publication_ends_once_by_what_it_awaits() {
        let mut receipts = Receipts::new();
        let [a, b] = [7, 8].map(|number| PacketId::new(number).unwrap());
        receipts.add(Ticket::new(0), Awaits::Puback(a));
        receipts.add(Ticket::new(1), Awaits::Written(u32::MAX - 1));
        receipts.add(Ticket::new(2), Awaits::Puback(b));
        receipts.add(Ticket::new(3), Awaits::Written(5));
        assert_eq!(receipts.acknowledged(b), Some(Ticket::new(2)), "out of order");
        assert_eq!(receipts.acknowledged(b), None, "once");
        assert_eq!(receipts.written(u32::MAX), Some(Ticket::new(1)));
        assert_eq!(receipts.written(4), None, "one byte is missing");
        receipts.connection_lost();
        assert_eq!(receipts.failed(), Some(Ticket::new(3)));
        assert_eq!(receipts.failed(), None, "QoS 1 survives the connection");
        assert_eq!(receipts.acknowledged(a), Some(Ticket::new(0)));
    }
}
