//! What the host subscribed to, and the subscribe and unsubscribe commands the broker has not answered. The host's
//! journal is the durable one; this table only outlives the bridge's own broker connections. Packets are made
//! elsewhere.

use fivewire_mqtt::PacketId;
use fivewire_wire::{QoS, Reason, Ticket, reply};
use heapless::{String, Vec};

use crate::numbers::Numbers;
use crate::queue::take;

/// Most filters that are held at a time.
pub const MAX_SUBSCRIPTIONS: usize = 32;
/// One command and one renewal for each filter.
const OPERATIONS: usize = 2 * MAX_SUBSCRIPTIONS;
/// `max_len` of `subscribe.filter`.
const FILTER_BYTES: usize = 128;
/// Operations the MQTT client holds at a time; the rest of its room is for publications.
pub(crate) const SENT_AT_ONCE: usize = 4;

/// One filter.
#[derive(Debug)]
struct Slot {
    filter: String<FILTER_BYTES>,
    qos: QoS,
    /// The host wants it; false from `unsubscribe`, or a refusal, until nothing refers to the slot.
    wanted: bool,
}

/// Who gets the answer of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asker {
    /// A `subscribe` command.
    Subscribe(Ticket<reply::Subscribe>),
    /// An `unsubscribe` command.
    Unsubscribe(Ticket<reply::Unsubscribe>),
    /// The bridge, after the broker forgot the session.
    Renewal,
}

#[derive(Clone, Copy, Debug)]
struct Operation {
    slot: usize,
    asker: Asker,
    packet_id: PacketId,
    /// The MQTT client has it.
    sent: bool,
}

/// What the MQTT client is to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Request<'a> {
    pub(crate) packet_id: PacketId,
    pub(crate) filter: &'a str,
    /// `None`: unsubscribe.
    pub(crate) qos: Option<QoS>,
}

/// The table and the operations on it, in order.
#[derive(Debug)]
pub(crate) struct Subscriptions {
    slots: Vec<Option<Slot>, MAX_SUBSCRIPTIONS>,
    operations: Vec<Operation, OPERATIONS>,
}

impl Subscriptions {
    pub(crate) const fn new() -> Self {
        Self {
            slots: Vec::new(),
            operations: Vec::new(),
        }
    }

    /// Forgets everything: a new host.
    pub(crate) fn clear(&mut self) {
        self.slots.clear();
        self.operations.clear();
    }

    /// Takes a `subscribe` on. `Err` says why not.
    pub(crate) fn subscribe(
        &mut self,
        (filter, qos): (&str, QoS),
        packet_id: PacketId,
        ticket: Ticket<reply::Subscribe>,
    ) -> Result<(), Reason> {
        let slot = self.begin(filter, packet_id, Asker::Subscribe(ticket))?;
        if let Some(slot) = self.slot_mut(slot) {
            slot.qos = qos;
            slot.wanted = true;
        }
        Ok(())
    }

    /// Takes an `unsubscribe` on. A filter that is not in the table may still be in the broker's session.
    pub(crate) fn unsubscribe(
        &mut self,
        filter: &str,
        packet_id: PacketId,
        ticket: Ticket<reply::Unsubscribe>,
    ) -> Result<(), Reason> {
        let slot = self.begin(filter, packet_id, Asker::Unsubscribe(ticket))?;
        if let Some(slot) = self.slot_mut(slot) {
            slot.wanted = false;
        }
        Ok(())
    }

    /// The broker has no session: every filter that no operation renews anyway is to be subscribed again, under packet
    /// identifiers of the bridge's own.
    pub(crate) fn session_lost(&mut self, numbers: &mut Numbers) {
        for index in 0..self.slots.len() {
            let wanted = self
                .slots
                .get(index)
                .and_then(Option::as_ref)
                .is_some_and(|slot| slot.wanted);
            if wanted && !self.operations.iter().any(|operation| operation.slot == index) {
                // There is room: at most one renewal for each slot, and commands leave it.
                let renewal = Operation {
                    slot: index,
                    asker: Asker::Renewal,
                    packet_id: numbers.take_own(),
                    sent: false,
                };
                let _ = self.operations.push(renewal);
            }
        }
    }

    /// The oldest operation that the MQTT client does not have yet, unless it has enough.
    pub(crate) fn next(&self) -> Option<Request<'_>> {
        let sent = self.operations.iter().filter(|operation| operation.sent).count();
        let operation = self.operations.iter().find(|operation| !operation.sent)?;
        let slot = self.slots.get(operation.slot)?.as_ref()?;
        (sent < SENT_AT_ONCE).then_some(Request {
            packet_id: operation.packet_id,
            filter: slot.filter.as_str(),
            qos: match operation.asker {
                Asker::Subscribe(_) | Asker::Renewal => Some(slot.qos),
                Asker::Unsubscribe(_) => None,
            },
        })
    }

    /// True when the MQTT client has every operation, and would be given one more.
    pub(crate) fn is_all_sent(&self) -> bool {
        self.operations.iter().all(|operation| operation.sent) && self.operations.len() < SENT_AT_ONCE
    }

    /// The MQTT client took what [`next`](Self::next) showed.
    pub(crate) fn sent(&mut self) {
        if let Some(operation) = self.operations.iter_mut().find(|operation| !operation.sent) {
            operation.sent = true;
        }
    }

    /// The MQTT client forgot all it had: everything is to be given to it once more.
    pub(crate) fn take_back(&mut self) {
        for operation in &mut self.operations {
            operation.sent = false;
        }
    }

    /// Drops what [`next`](Self::next) showed: the MQTT client will never take it.
    pub(crate) fn refuse_next(&mut self) -> Option<Asker> {
        self.end(true, |operation| !operation.sent)
    }

    /// The broker answered; `refused` when it said no to a subscription.
    pub(crate) fn answered(&mut self, packet_id: PacketId, refused: bool) -> Option<Asker> {
        self.end(refused, |operation| {
            operation.sent && operation.packet_id == packet_id
        })
    }

    /// Removes an operation, and its slot when nothing needs it any more.
    fn end(&mut self, refused: bool, which: impl FnMut(&Operation) -> bool) -> Option<Asker> {
        let operation = take(&mut self.operations, which)?;
        let last = !self.operations.iter().any(|other| other.slot == operation.slot);
        if let Some(slot) = self.slot_mut(operation.slot) {
            slot.wanted &= !(refused && last);
            let useless = !slot.wanted && last;
            if let Some(place) = self.slots.get_mut(operation.slot).filter(|_| useless) {
                *place = None;
            }
        }
        Some(operation.asker)
    }

    /// Appends a command's operation, with a slot for its filter.
    fn begin(&mut self, filter: &str, packet_id: PacketId, asker: Asker) -> Result<usize, Reason> {
        let commands = self
            .operations
            .iter()
            .filter(|operation| operation.asker != Asker::Renewal)
            .count();
        if commands >= MAX_SUBSCRIPTIONS {
            return Err(Reason::NoRoom);
        }
        let slot = self.find(filter).map_or_else(|| self.add(filter), Ok)?;
        let operation = Operation {
            slot,
            asker,
            packet_id,
            sent: false,
        };
        self.operations.push(operation).map_err(|_| Reason::NoRoom)?;
        Ok(slot)
    }

    fn find(&self, filter: &str) -> Option<usize> {
        self.slots
            .iter()
            .position(|slot| slot.as_ref().is_some_and(|slot| slot.filter == filter))
    }

    fn add(&mut self, filter: &str) -> Result<usize, Reason> {
        let filter = String::try_from(filter).map_err(|_| Reason::BadTopic)?;
        let slot = Some(Slot {
            filter,
            qos: QoS::AtMostOnce,
            wanted: false,
        });
        if let Some(free) = self.slots.iter().position(Option::is_none) {
            if let Some(place) = self.slots.get_mut(free) {
                *place = slot;
            }
            return Ok(free);
        }
        self.slots.push(slot).map_err(|_| Reason::NoRoom)?;
        Ok(self.slots.len() - 1)
    }

    fn slot_mut(&mut self, index: usize) -> Option<&mut Slot> {
        self.slots.get_mut(index)?.as_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet_id(number: u16) -> PacketId {
        PacketId::new(number).unwrap()
    }

    /// Lets the MQTT client take everything it wants; how many.
    fn send_all(table: &mut Subscriptions) -> usize {
        let mut count = 0;
        while table.next().is_some() {
            table.sent();
            count += 1;
        }
        count
    }

    /// The packet identifier of the first one that the bridge chose by itself.
    const OWN: u16 = 0x8000;

    fn subscribe(table: &mut Subscriptions, filter: &str, qos: QoS, number: u8) -> Result<(), Reason> {
        let id = packet_id(u16::from(number) + 1);
        table.subscribe((filter, qos), id, Ticket::new(number))
    }

    #[test]
    fn a_subscription_is_renewed_only_when_the_session_is_lost() {
        let mut table = Subscriptions::new();
        subscribe(&mut table, "a/+", QoS::AtLeastOnce, 3).unwrap();
        let wanted = Request {
            packet_id: packet_id(4),
            filter: "a/+",
            qos: Some(QoS::AtLeastOnce),
        };
        assert_eq!(table.next(), Some(wanted));
        table.sent();
        let mut numbers = Numbers::new();
        table.session_lost(&mut numbers);
        assert_eq!(table.next(), None, "the client sends it again by itself");
        assert_eq!(
            table.answered(packet_id(4), false),
            Some(Asker::Subscribe(Ticket::new(3)))
        );
        table.session_lost(&mut numbers);
        table.session_lost(&mut numbers);
        assert_eq!(send_all(&mut table), 1);
        assert_eq!(table.answered(packet_id(OWN), false), Some(Asker::Renewal));
        assert_eq!(table.answered(packet_id(OWN), false), None);
    }

    #[test]
    fn a_refused_subscription_is_not_renewed() {
        let mut table = Subscriptions::new();
        subscribe(&mut table, "secret", QoS::AtMostOnce, 0).unwrap();
        table.sent();
        assert!(table.answered(packet_id(1), true).is_some());
        table.session_lost(&mut Numbers::new());
        assert_eq!(table.next(), None);
    }

    #[test]
    fn commands_on_one_filter_keep_their_order_and_the_last_one_counts() {
        let mut table = Subscriptions::new();
        subscribe(&mut table, "a", QoS::AtMostOnce, 0).unwrap();
        table.unsubscribe("a", packet_id(2), Ticket::new(1)).unwrap();
        subscribe(&mut table, "a", QoS::AtLeastOnce, 2).unwrap();
        assert_eq!(send_all(&mut table), 3);
        assert_eq!(
            table.answered(packet_id(1), true),
            Some(Asker::Subscribe(Ticket::new(0)))
        );
        assert_eq!(
            table.answered(packet_id(2), false),
            Some(Asker::Unsubscribe(Ticket::new(1)))
        );
        assert_eq!(
            table.answered(packet_id(3), false),
            Some(Asker::Subscribe(Ticket::new(2)))
        );
        table.session_lost(&mut Numbers::new());
        let renewed = Request {
            packet_id: packet_id(OWN),
            filter: "a",
            qos: Some(QoS::AtLeastOnce),
        };
        assert_eq!(table.next(), Some(renewed));
    }

    #[test]
    fn a_full_table_refuses_and_has_room_again_after_unsubscribe() {
        let mut table = Subscriptions::new();
        for number in 0..32 {
            let filter = heapless::format!(8; "t/{number}").unwrap();
            subscribe(&mut table, &filter, QoS::AtMostOnce, number).unwrap();
            send_all(&mut table);
            table.answered(packet_id(u16::from(number) + 1), false);
        }
        let more = |table: &mut Subscriptions| subscribe(table, "more", QoS::AtMostOnce, 99);
        assert_eq!(more(&mut table), Err(Reason::NoRoom));
        table.unsubscribe("t/7", packet_id(41), Ticket::new(40)).unwrap();
        send_all(&mut table);
        table.answered(packet_id(41), false);
        assert_eq!(more(&mut table), Ok(()));
    }

    #[test]
    fn a_client_that_forgot_gets_everything_once_more() {
        let mut table = Subscriptions::new();
        subscribe(&mut table, "a", QoS::AtMostOnce, 0).unwrap();
        assert!(!table.is_all_sent());
        assert_eq!(send_all(&mut table), 1);
        assert!(table.is_all_sent());
        table.take_back();
        assert_eq!(table.answered(packet_id(1), false), None, "it was not asked");
        assert_eq!(send_all(&mut table), 1);
    }

    #[test]
    fn the_client_gets_only_a_few_at_a_time() {
        let mut table = Subscriptions::new();
        for number in 0..10 {
            let filter = heapless::format!(8; "t/{number}").unwrap();
            subscribe(&mut table, &filter, QoS::AtMostOnce, number).unwrap();
        }
        assert_eq!(send_all(&mut table), 4);
        table.answered(packet_id(2), false);
        assert_eq!(send_all(&mut table), 1);
    }
}
