//! Who waits for which publish: the receipts of QoS 1 and 2 publishes that the session has.
//!
//! Not here: their bytes, which the session keeps, and their deadlines, which their tasks keep.

use fivewire_mqtt::PacketId;
use fivewire_mqtt::v5::ReasonCode;
use heapless::Vec;

use crate::publish::Receipt;

/// Names a publish until its receipt was taken. Counts up and wraps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PublishId(u32);

#[derive(Debug)]
struct Slot {
    id: PublishId,
    state: State,
    /// Some task wants the receipt.
    awaited: bool,
}

#[derive(Clone, Copy, Debug)]
enum State {
    /// The session has it; the broker may have seen it on an earlier connection.
    Open {
        packet_id: PacketId,
        attempted: bool,
    },
    Ended(Receipt),
}

impl Slot {
    const fn open(&self) -> Option<PacketId> {
        match self.state {
            State::Open { packet_id, .. } => Some(packet_id),
            State::Ended(_) => None,
        }
    }
}

/// At most `N`, as many as the session has requests.
#[derive(Debug)]
pub(crate) struct Publishes<const N: usize> {
    slots: Vec<Slot, N>,
    next: PublishId,
}

impl<const N: usize> Publishes<N> {
    pub(crate) const NEW: Self = Self {
        slots: Vec::new(),
        next: PublishId(0),
    };

    pub(crate) fn is_full(&self) -> bool {
        self.slots.is_full()
    }

    /// Publishes that the session has.
    pub(crate) fn open(&self) -> usize {
        self.slots.iter().filter(|slot| slot.open().is_some()).count()
    }

    /// The session took one, which a task waits for.
    pub(crate) fn add(&mut self, packet_id: PacketId) -> PublishId {
        let id = self.next;
        self.next = PublishId(id.0.wrapping_add(1));
        let state = State::Open {
            packet_id,
            attempted: false,
        };
        // The caller asked `is_full` before.
        let _ = self.slots.push(Slot {
            id,
            state,
            awaited: true,
        });
        id
    }

    /// The broker answered.
    pub(crate) fn answered(&mut self, packet_id: PacketId, reason: ReasonCode) {
        let receipt = if reason.is_error() {
            Receipt::Rejected(reason)
        } else {
            Receipt::Delivered
        };
        if let Some(slot) = self.slots.iter_mut().find(|slot| slot.open() == Some(packet_id)) {
            slot.state = State::Ended(receipt);
        }
        self.sweep();
    }

    /// The connection is gone: the broker may have seen those of which a byte was sent.
    pub(crate) fn suspend(&mut self, is_unsent: impl Fn(PacketId) -> bool) {
        for slot in &mut self.slots {
            if let State::Open { packet_id, attempted } = &mut slot.state {
                *attempted |= !is_unsent(*packet_id);
            }
        }
    }

    /// How many the broker may have seen on an earlier connection.
    pub(crate) fn attempted(&self) -> usize {
        let attempted = |slot: &&Slot| matches!(slot.state, State::Open { attempted: true, .. });
        self.slots.iter().filter(attempted).count()
    }

    /// The receipt, once; the publish is forgotten then.
    pub(crate) fn take_receipt(&mut self, id: PublishId) -> Option<Receipt> {
        let position = self.slots.iter().position(|slot| slot.id == id)?;
        match self.slots.get(position)?.state {
            State::Ended(receipt) => {
                self.slots.swap_remove(position);
                Some(receipt)
            }
            State::Open { .. } => None,
        }
    }

    /// Nobody waits for it any more. What can be taken back of an open one: its packet identifier, if the broker has
    /// not seen it on an earlier connection.
    pub(crate) fn detach(&mut self, id: PublishId) -> Option<PacketId> {
        let slot = self.slots.iter_mut().find(|slot| slot.id == id)?;
        slot.awaited = false;
        let unseen = match slot.state {
            State::Open {
                packet_id,
                attempted: false,
            } => Some(packet_id),
            State::Open { .. } | State::Ended(_) => None,
        };
        self.sweep();
        unseen
    }

    /// The session gave it back.
    pub(crate) fn withdrawn(&mut self, id: PublishId) {
        self.slots.retain(|slot| slot.id != id);
    }

    /// The session that had them is gone.
    pub(crate) fn forget(&mut self) {
        for slot in self.slots.iter_mut().filter(|slot| slot.open().is_some()) {
            slot.state = State::Ended(Receipt::Unconfirmed);
        }
        self.sweep();
    }

    /// Forgets what ended and nobody waits for.
    fn sweep(&mut self) {
        self.slots
            .retain(|slot| slot.awaited || matches!(slot.state, State::Open { .. }));
    }
}

#[cfg(test)]
mod tests {
    use super::{Publishes, Receipt};
    use fivewire_mqtt::PacketId;
    use fivewire_mqtt::v5::ReasonCode;

    fn packet(number: u16) -> PacketId {
        PacketId::new(number).unwrap()
    }

    #[test]
    fn each_receipt_is_taken_once() {
        let mut publishes = Publishes::<2>::NEW;
        let (one, two) = (publishes.add(packet(1)), publishes.add(packet(2)));
        assert!(publishes.is_full());
        publishes.answered(packet(2), ReasonCode::QUOTA_EXCEEDED);
        publishes.answered(packet(9), ReasonCode::SUCCESS);
        assert_eq!(publishes.take_receipt(one), None);
        let rejected = Some(Receipt::Rejected(ReasonCode::QUOTA_EXCEEDED));
        assert_eq!(publishes.take_receipt(two), rejected);
        assert_eq!(publishes.take_receipt(two), None);
        publishes.answered(packet(1), ReasonCode::SUCCESS);
        assert_eq!(publishes.take_receipt(one), Some(Receipt::Delivered));
        assert!(!publishes.is_full());
    }

    #[test]
    fn what_nobody_waits_for_is_forgotten_when_it_ends() {
        let mut publishes = Publishes::<2>::NEW;
        let (one, two) = (publishes.add(packet(1)), publishes.add(packet(2)));
        assert_eq!(publishes.detach(one), Some(packet(1)));
        assert_eq!(publishes.open(), 2);
        publishes.answered(packet(1), ReasonCode::SUCCESS);
        assert_eq!(publishes.open(), 1);
        publishes.answered(packet(2), ReasonCode::SUCCESS);
        assert_eq!(publishes.detach(two), None);
        assert!(publishes.slots.is_empty());
    }

    #[test]
    fn what_the_broker_may_have_seen_is_not_given_back() {
        let mut publishes = Publishes::<2>::NEW;
        let (one, two) = (publishes.add(packet(1)), publishes.add(packet(2)));
        publishes.suspend(|id| id == packet(2));
        publishes.suspend(|_| true);
        assert_eq!(publishes.attempted(), 1);
        assert_eq!(publishes.detach(one), None);
        assert_eq!(publishes.detach(two), Some(packet(2)));
        publishes.withdrawn(two);
        assert_eq!(publishes.open(), 1);
    }
}
