//! Publications that have no receipt yet: QoS 1 and each step of QoS 2 wait for the broker's answer, QoS 0 until its bytes
//! are with TCP. The packets themselves are in the MQTT client.

use fivewire_mqtt::PacketId;
use fivewire_wire::{Ticket, reply};
use heapless::Vec;

use crate::queue::take;

/// Most publications that can be open: the upper bound of `configure.publish_messages`.
pub(crate) const MAX_OPEN: usize = 32;

/// Who gets the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asker {
    /// A `publish` command.
    Publish(Ticket<reply::Publish>),
    /// A `release` command: the second step of QoS 2.
    Release(Ticket<reply::Release>),
}

impl Asker {
    /// The number of the command.
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Publish(ticket) => ticket.number(),
            Self::Release(ticket) => ticket.number(),
        }
    }
}

/// What ends a publication, or a step of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Awaits {
    /// The broker's answer with this packet id: PUBACK, PUBREC or PUBCOMP.
    Answer(PacketId),
    /// This many bytes handed to TCP over the connection, modulo 2^32.
    Written(u32),
    /// Nothing more: the connection ended before its bytes were with TCP, or the MQTT client forgot it.
    Nothing,
}

/// The publications under way, oldest first.
#[derive(Debug)]
pub(crate) struct Receipts {
    open: Vec<(Asker, Awaits), MAX_OPEN>,
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
    pub(crate) fn add(&mut self, asker: Asker, awaits: Awaits) {
        let stored = self.open.push((asker, awaits)).is_ok();
        debug_assert!(stored, "taken without room");
    }

    /// The broker answered this packet.
    pub(crate) fn answered(&mut self, packet_id: PacketId) -> Option<Asker> {
        take(&mut self.open, |(_, awaits)| *awaits == Awaits::Answer(packet_id)).map(|(asker, _)| asker)
    }

    /// The oldest QoS 0 publication whose bytes are with TCP now that `total` were handed over.
    pub(crate) fn written(&mut self, total: u32) -> Option<Asker> {
        let reached = |mark: u32| total.wrapping_sub(mark) < 1 << 31;
        let done = |(_, awaits): &(_, Awaits)| matches!(awaits, Awaits::Written(mark) if reached(*mark));
        take(&mut self.open, done).map(|(asker, _)| asker)
    }

    /// The connection ended: the bytes of QoS 0 publications under way went down with it.
    pub(crate) fn connection_lost(&mut self) {
        for (_, awaits) in &mut self.open {
            if matches!(awaits, Awaits::Written(_)) {
                *awaits = Awaits::Nothing;
            }
        }
    }

    /// The MQTT client forgot everything.
    pub(crate) fn all_lost(&mut self) {
        for (_, awaits) in &mut self.open {
            *awaits = Awaits::Nothing;
        }
    }

    /// The oldest publication that went down with its connection.
    pub(crate) fn failed(&mut self) -> Option<Asker> {
        take(&mut self.open, |(_, awaits)| *awaits == Awaits::Nothing).map(|(asker, _)| asker)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn publish(number: u8) -> Asker {
        Asker::Publish(Ticket::new(number))
    }

    #[test]
    fn each_publication_ends_once_by_what_it_awaits() {
        let mut receipts = Receipts::new();
        let [a, b] = [7, 8].map(|number| PacketId::new(number).unwrap());
        receipts.add(publish(0), Awaits::Answer(a));
        receipts.add(publish(1), Awaits::Written(u32::MAX - 1));
        receipts.add(publish(2), Awaits::Answer(b));
        receipts.add(publish(3), Awaits::Written(5));
        assert_eq!(receipts.answered(b), Some(publish(2)), "out of order");
        assert_eq!(receipts.answered(b), None, "once");
        assert_eq!(receipts.written(u32::MAX), Some(publish(1)));
        assert_eq!(receipts.written(4), None, "one byte is missing");
        receipts.connection_lost();
        assert_eq!(receipts.failed(), Some(publish(3)));
        assert_eq!(receipts.failed(), None, "QoS 1 survives the connection");
        assert_eq!(receipts.answered(a), Some(publish(0)));
        receipts.add(publish(4), Awaits::Answer(a));
        receipts.all_lost();
        assert_eq!(receipts.answered(a), None);
        assert_eq!(receipts.failed(), Some(publish(4)));
    }
}
