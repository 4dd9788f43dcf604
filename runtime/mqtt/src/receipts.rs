//! What this end has to answer: incoming QoS 1 and 2 messages in the order they came, and the later steps of QoS 2.
//!
//! The application acknowledges when it likes; PUBACK and PUBREC go out in the order of receipt [MQTT-4.6.0-2],
//! [MQTT-4.6.0-3]. Not here: the messages themselves; the application has them.

use heapless::{Deque, Vec};

use crate::packet::PacketType;
use crate::types::{MessageId, PacketId};

/// Answers of the later steps that wait for room in the transmit buffer; beyond them input waits.
const REPLIES: usize = 8;

struct Receipt {
    packet_id: PacketId,
    exactly_once: bool,
    taken: bool,
}

/// An acknowledgement that is to go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) kind: PacketType,
    pub(crate) packet_id: PacketId,
    /// It is about a message or publish that this end knows of.
    pub(crate) known: bool,
}

pub(crate) struct Receipts<const N: usize> {
    queue: Deque<Receipt, N>,
    replies: Deque<Reply, REPLIES>,
    /// Messages that the broker released, each with what the caller says to that once it does: whether it knew of it.
    released: Vec<(PacketId, Option<bool>), N>,
}

impl<const N: usize> Receipts<N> {
    pub(crate) const fn new() -> Self {
        Self {
            queue: Deque::new(),
            replies: Deque::new(),
            released: Vec::new(),
        }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.queue.is_full()
    }

    /// How many messages are not acknowledged.
    pub(crate) fn len(&self) -> usize {
        self.queue.len()
    }

    pub(crate) fn contains(&self, packet_id: PacketId) -> bool {
        self.queue.iter().any(|receipt| receipt.packet_id == packet_id)
    }

    /// A message came. One that is repeated before it was acknowledged is acknowledged once: a second PUBACK could
    /// hit a later message that has got the same number.
    pub(crate) fn push(&mut self, packet_id: PacketId, exactly_once: bool) {
        if !self.contains(packet_id) {
            // The caller asked `is_full` before.
            let _ = self.queue.push_back(Receipt {
                packet_id,
                exactly_once,
                taken: false,
            });
        }
    }

    /// The application took the message; false when none such waits.
    pub(crate) fn take(&mut self, id: MessageId) -> bool {
        let waiting = |receipt: &&mut Receipt| receipt.packet_id == id.packet_id && !receipt.taken;
        let Some(receipt) = self.queue.iter_mut().find(waiting) else {
            return false;
        };
        receipt.taken = true;
        true
    }

    /// A later step of QoS 2 is to be answered; false when that has to wait.
    pub(crate) fn reply(&mut self, reply: Reply) -> bool {
        self.replies.push_back(reply).is_ok()
    }

    /// The broker released a message, and the caller is to be told: true, unless it was already; `None` when that has to
    /// wait.
    pub(crate) fn released(&mut self, packet_id: PacketId) -> Option<bool> {
        if self.released.iter().any(|&(id, _)| id == packet_id) {
            return Some(false);
        }
        self.released.push((packet_id, None)).ok().map(|()| true)
    }

    /// The caller has noted it; false when it was not to.
    pub(crate) fn complete(&mut self, packet_id: PacketId, knew: bool) -> bool {
        let waiting = |&&mut (id, said): &&mut (PacketId, Option<bool>)| id == packet_id && said.is_none();
        let Some((_, said)) = self.released.iter_mut().find(waiting) else {
            return false;
        };
        *said = Some(knew);
        true
    }

    /// The next PUBCOMP of the caller's.
    fn completed(&self) -> Option<Reply> {
        self.released.iter().find_map(|&(packet_id, said)| {
            said.map(|known| Reply {
                kind: PacketType::PubComp,
                packet_id,
                known,
            })
        })
    }

    /// The next answer that may go out.
    pub(crate) fn due(&self) -> Option<Reply> {
        if let Some(reply) = self.replies.front().copied().or_else(|| self.completed()) {
            return Some(reply);
        }
        let receipt = self.queue.front().filter(|receipt| receipt.taken)?;
        Some(Reply {
            kind: if receipt.exactly_once {
                PacketType::PubRec
            } else {
                PacketType::PubAck
            },
            packet_id: receipt.packet_id,
            known: true,
        })
    }

    /// What was [`due`](Self::due) goes out.
    pub(crate) fn pop(&mut self) {
        if self.replies.pop_front().is_some() {
            return;
        }
        let completed = self.released.iter().position(|(_, said)| said.is_some());
        match completed {
            Some(position) => _ = self.released.remove(position),
            None => _ = self.queue.pop_front(),
        }
    }

    /// Another connection: the broker sends all of them again.
    pub(crate) fn restart(&mut self) {
        self.queue.clear();
        self.replies.clear();
        self.released.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::{Receipts, Reply};
    use crate::packet::PacketType;
    use crate::types::{MessageId, PacketId};

    fn id(number: u16) -> MessageId {
        MessageId {
            packet_id: PacketId::new(number).unwrap(),
            exactly_once: false,
            connection: 0,
        }
    }

    fn push(receipts: &mut Receipts<4>, number: u16) -> MessageId {
        let id = id(number);
        receipts.push(id.packet_id, id.exactly_once);
        id
    }

    fn due(receipts: &Receipts<4>) -> Option<(PacketType, u16)> {
        receipts.due().map(|reply| (reply.kind, reply.packet_id.get()))
    }

    #[test]
    fn acknowledged_in_the_order_of_receipt() {
        let mut receipts = Receipts::<4>::new();
        let (seven, three) = (push(&mut receipts, 7), push(&mut receipts, 3));
        receipts.push(id(5).packet_id, true);
        assert!(receipts.take(three) && receipts.take(id(5)));
        assert_eq!(due(&receipts), None);
        assert!(receipts.take(seven));
        assert_eq!(due(&receipts), Some((PacketType::PubAck, 7)));
        receipts.pop();
        assert_eq!(due(&receipts), Some((PacketType::PubAck, 3)));
        receipts.pop();
        assert_eq!(due(&receipts), Some((PacketType::PubRec, 5)));
    }

    #[test]
    fn a_repetition_is_acknowledged_once() {
        let mut receipts = Receipts::<4>::new();
        let (first, again) = (push(&mut receipts, 7), push(&mut receipts, 7));
        assert!(receipts.take(first));
        assert!(!receipts.take(again));
        receipts.pop();
        assert_eq!(due(&receipts), None);
    }

    #[test]
    fn later_steps_wait_for_no_message() {
        let mut receipts = Receipts::<4>::new();
        push(&mut receipts, 7);
        let reply = Reply {
            kind: PacketType::PubComp,
            packet_id: id(9).packet_id,
            known: true,
        };
        for _ in 0..super::REPLIES {
            assert!(receipts.reply(reply));
        }
        assert!(!receipts.reply(reply));
        assert_eq!(due(&receipts), Some((PacketType::PubComp, 9)));
        receipts.restart();
        assert_eq!((due(&receipts), receipts.len()), (None, 0));
    }
}
