//! What the client accepted and has not answered, and what it sent: the judge of the world.

use std::collections::{BTreeMap, BTreeSet};

use fivewire_mqtt::packet::PacketType;

use super::dialect::{Heard, Kind};

/// A request under way.
#[derive(Clone, Copy, Debug)]
struct Request {
    kind: Kind,
    /// The present broker session has seen the whole packet.
    known: bool,
}

/// All requests under way, by packet id.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    requests: BTreeMap<u16, Request>,
    /// Packets with an id that went out in full on this connection: type and id.
    sent: BTreeSet<(u8, u16)>,
}

impl Ledger {
    pub(super) fn accepted(&mut self, id: u16, kind: Kind) {
        assert_ne!(id, 0, "a request without packet id");
        let request = Request { kind, known: false };
        let before = self.requests.insert(id, request);
        assert!(before.is_none(), "packet id {id} is given twice: {before:?}");
    }

    pub(super) fn ended(&mut self, id: u16, kind: Kind) {
        let request = self.requests.remove(&id);
        let request = request.unwrap_or_else(|| unreachable!("{kind:?} {id} ended and was not under way"));
        assert_eq!(request.kind, kind, "packet id {id}");
        // The number may be used again on this connection.
        self.sent.retain(|&(_, sent)| sent != id);
    }

    /// A packet of the client came whole to the broker, which has the session since this connection or before.
    pub(super) fn sent(&mut self, heard: Heard, session_present: bool) {
        let (number, id) = match heard {
            Heard::Publish { id: 0, dup, .. } => return assert!(!dup, "QoS 0 is never repeated"),
            Heard::Publish { id, dup, .. } => {
                self.check_dup(id, dup, session_present);
                (PacketType::Publish, id)
            }
            Heard::Subscribe(id) => (PacketType::Subscribe, id),
            Heard::Unsubscribe(id) => (PacketType::Unsubscribe, id),
            Heard::Ack(..) | Heard::Connect { .. } | Heard::Ping | Heard::Disconnect => return,
        };
        let first = self.sent.insert((number as u8, id));
        assert!(first, "{number} {id} goes out twice on one connection");
        if let Some(request) = self.requests.get_mut(&id) {
            request.known = true;
        }
    }

    /// [MQTT-3.3.1-1]: a repetition that the broker's session may know carries DUP, and a first time does not.
    fn check_dup(&self, id: u16, dup: bool, session_present: bool) {
        assert!(
            session_present || !dup,
            "DUP of {id} to a broker without the session"
        );
        let known = self.requests.get(&id).is_some_and(|request| request.known);
        assert!(dup || !known, "{id} is repeated without DUP");
    }

    /// The broker accepted a connection.
    pub(super) fn connected(&mut self, session_present: bool) {
        self.sent.clear();
        if !session_present {
            self.requests
                .values_mut()
                .for_each(|request| request.known = false);
        }
    }

    pub(super) fn forget(&mut self) {
        self.requests.clear();
        self.sent.clear();
    }

    pub(super) fn len(&self) -> usize {
        self.requests.len()
    }
}
