//! Incoming QoS 1 messages that are not acknowledged yet, in the order they came.
//!
//! The application acknowledges when it likes; PUBACK goes out in the order of receipt [MQTT-4.6.0-2]. Not here: the
//! messages themselves; the application has them.

use heapless::Deque;

use crate::types::{MessageId, PacketId};

struct Receipt {
    packet_id: PacketId,
    taken: bool,
}

pub(crate) struct Receipts<const N: usize> {
    queue: Deque<Receipt, N>,
    /// Which connection they belong to.
    connection: u16,
}

impl<const N: usize> Receipts<N> {
    pub(crate) const fn new() -> Self {
        Self {
            queue: Deque::new(),
            connection: 0,
        }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.queue.is_full()
    }

    /// A message came. One that is repeated before it was acknowledged is acknowledged once: a second PUBACK could
    /// hit a later message that has got the same number.
    pub(crate) fn push(&mut self, packet_id: PacketId) -> MessageId {
        if !self.queue.iter().any(|receipt| receipt.packet_id == packet_id) {
            // The caller asked `is_full` before.
            let _ = self.queue.push_back(Receipt {
                packet_id,
                taken: false,
            });
        }
        MessageId {
            packet_id,
            connection: self.connection,
        }
    }

    /// The application took the message; false when none such waits.
    pub(crate) fn take(&mut self, id: MessageId) -> bool {
        if id.connection != self.connection {
            return false;
        }
        let waiting = |receipt: &&mut Receipt| receipt.packet_id == id.packet_id && !receipt.taken;
        let Some(receipt) = self.queue.iter_mut().find(waiting) else {
            return false;
        };
        receipt.taken = true;
        true
    }

    /// The oldest message, once it is taken.
    pub(crate) fn due(&self) -> Option<PacketId> {
        self.queue
            .front()
            .filter(|receipt| receipt.taken)
            .map(|receipt| receipt.packet_id)
    }

    /// The oldest message is acknowledged.
    pub(crate) fn pop(&mut self) {
        self.queue.pop_front();
    }

    /// Another connection: the broker sends all of them again.
    pub(crate) fn restart(&mut self) {
        self.queue.clear();
        self.connection = self.connection.wrapping_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::Receipts;
    use crate::types::PacketId;

    fn id(number: u16) -> PacketId {
        PacketId::new(number).unwrap()
    }

    #[test]
    fn acknowledged_in_the_order_of_receipt() {
        let mut receipts = Receipts::<4>::new();
        let (seven, three) = (receipts.push(id(7)), receipts.push(id(3)));
        assert!(receipts.take(three));
        assert_eq!(receipts.due(), None);
        assert!(receipts.take(seven));
        assert_eq!(receipts.due(), Some(id(7)));
        receipts.pop();
        assert_eq!(receipts.due(), Some(id(3)));
    }

    #[test]
    fn a_repetition_is_acknowledged_once() {
        let mut receipts = Receipts::<4>::new();
        let (first, again) = (receipts.push(id(7)), receipts.push(id(7)));
        assert!(receipts.take(first));
        assert!(!receipts.take(again));
        receipts.pop();
        assert_eq!(receipts.due(), None);
    }

    #[test]
    fn an_id_of_an_earlier_connection_is_void() {
        let mut receipts = Receipts::<4>::new();
        let old = receipts.push(id(7));
        receipts.restart();
        let new = receipts.push(id(7));
        assert!(!receipts.take(old));
        assert!(receipts.take(new));
    }
}
