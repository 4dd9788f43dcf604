//! The outbox against a model: vectors of packets, and no thought for memory.

extern crate std;

use std::vec::Vec;

use proptest::prelude::*;

use super::{Outbox, RequestKind};
use crate::types::PacketId;

#[derive(Clone, Copy, Debug)]
enum Op {
    Append(usize),
    Request(RequestKind, usize),
    Consume(usize),
    /// The nth request is answered.
    Release(usize),
    /// The nth request is a QoS 2 publish that the broker received.
    Replace(usize),
    Rewind,
    /// Takes the nth request out.
    Reject(usize),
    /// The nth request is not wanted any more.
    Withdraw(usize),
    Begin(u16),
}

fn op() -> impl Strategy<Value = Op> {
    let kind = prop_oneof![
        3 => Just(RequestKind::AtLeastOnce),
        2 => Just(RequestKind::ExactlyOnce),
        1 => Just(RequestKind::Subscribe),
    ];
    prop_oneof![
        3 => (1..12usize).prop_map(Op::Append),
        4 => (kind, 4..12usize).prop_map(|(kind, len)| Op::Request(kind, len)),
        5 => (1..15usize).prop_map(Op::Consume),
        3 => (0..5usize).prop_map(Op::Release),
        2 => (0..5usize).prop_map(Op::Replace),
        1 => Just(Op::Rewind),
        1 => (0..5usize).prop_map(Op::Reject),
        2 => (0..5usize).prop_map(Op::Withdraw),
        2 => (1..4u16).prop_map(Op::Begin),
    ]
}

/// A packet: whether and with which id it is a request, its bytes, how many of them are sent.
#[derive(Clone)]
struct Packet {
    request: Option<(PacketId, RequestKind)>,
    bytes: Vec<u8>,
    sent: usize,
    /// Some of it was sent on an earlier connection.
    attempted: bool,
}

impl Packet {
    fn is_sent(&self) -> bool {
        self.sent == self.bytes.len()
    }

    fn is_publish(&self) -> bool {
        self.request.is_some_and(|(_, kind)| kind.is_publish())
    }
}

/// The same with vectors of packets and no thought for memory.
#[derive(Default)]
struct Model {
    line: Vec<Packet>,
    waiting: Vec<Packet>,
    quota: usize,
    made: u16,
}

impl Model {
    fn make(&mut self, len: usize, kind: Option<RequestKind>) -> Packet {
        self.made += 1;
        let id = PacketId::new(self.made).unwrap();
        let bytes = (0..len)
            .map(|n| (usize::from(self.made) * 16 + n) as u8)
            .collect();
        Packet {
            request: kind.map(|kind| (id, kind)),
            bytes,
            sent: 0,
            attempted: false,
        }
    }

    fn used(&self) -> usize {
        let counts = |packet: &&Packet| packet.request.is_some_and(|(_, kind)| kind.counts());
        self.line.iter().filter(counts).count()
    }

    fn request(&mut self, packet: Packet) {
        let busy = !self.waiting.is_empty() || self.used() >= self.quota;
        if self.quota == 0 || packet.is_publish() && busy {
            self.waiting.push(packet);
        } else {
            self.line.push(packet);
        }
    }

    fn consume(&mut self, mut len: usize) {
        for packet in &mut self.line {
            let taken = len.min(packet.bytes.len() - packet.sent);
            packet.sent += taken;
            len -= taken;
        }
        self.line
            .retain(|packet| packet.request.is_some() || !packet.is_sent());
    }

    fn give_leave(&mut self) {
        while self.used() < self.quota && !self.waiting.is_empty() {
            let next = self.waiting.remove(0);
            self.line.push(next);
        }
    }

    fn rewind(&mut self) {
        self.line.retain(|packet| packet.request.is_some());
        self.line.append(&mut self.waiting);
        for packet in &mut self.line {
            packet.attempted |= packet.sent > 0;
            packet.sent = 0;
        }
        self.waiting = std::mem::take(&mut self.line);
        self.quota = 0;
    }

    fn begin(&mut self, quota: u16) {
        self.quota = usize::from(quota);
        for packet in std::mem::take(&mut self.waiting) {
            if packet.is_publish() && self.used() >= self.quota {
                self.waiting.push(packet);
            } else {
                self.line.push(packet);
            }
        }
    }

    fn unsent(&self) -> Vec<u8> {
        self.line
            .iter()
            .flat_map(|packet| packet.bytes[packet.sent..].to_vec())
            .collect()
    }

    fn all(&self) -> impl Iterator<Item = &Packet> {
        self.line.iter().chain(&self.waiting)
    }

    /// A request keeps all of its bytes, anything else only those that are not sent.
    fn live(&self) -> usize {
        let done = |packet: &Packet| if packet.request.is_some() { 0 } else { packet.sent };
        self.all().map(|packet| packet.bytes.len() - done(packet)).sum()
    }

    fn requests(&self) -> Vec<(PacketId, RequestKind)> {
        self.all().filter_map(|packet| packet.request).collect()
    }

    /// Takes a publish out of which nothing was sent.
    fn withdraw(&mut self, id: PacketId) -> bool {
        let before = self.all().count();
        let keep = |packet: &Packet| {
            let named = packet.request.is_some_and(|(its, _)| its == id);
            !named || !packet.is_publish() || packet.sent > 0 || packet.attempted
        };
        self.line.retain(keep);
        self.waiting.retain(keep);
        self.all().count() < before
    }

    /// Takes a request out of the line, if all of it is sent.
    fn take_sent(&mut self, id: PacketId) -> bool {
        let found = |packet: &Packet| packet.is_sent() && packet.request.is_some_and(|(its, _)| its == id);
        let position = self.line.iter().position(found);
        position.map(|position| self.line.remove(position)).is_some()
    }
}

fn apply(op: Op, outbox: &mut Outbox<40, 4>, model: &mut Model) {
    match op {
        Op::Append(len) => match outbox.append(len, 2) {
            Some(slot) => {
                let packet = model.make(len, None);
                slot.copy_from_slice(&packet.bytes);
                model.line.push(packet);
            }
            None => assert!(model.live() + len + 2 > 40),
        },
        Op::Request(kind, len) => {
            let fits = model.requests().len() < 4 && model.live() + len + 2 <= 40;
            let id = PacketId::new(model.made + 1).unwrap();
            let slot = outbox.append_request(id, kind, len, 2);
            assert_eq!(slot.is_some(), fits);
            if let Some(slot) = slot {
                let packet = model.make(len, Some(kind));
                slot.copy_from_slice(&packet.bytes);
                model.request(packet);
            }
        }
        Op::Consume(len) => {
            outbox.consume(len);
            model.consume(len);
        }
        Op::Release(nth) => {
            if let Some(&(id, kind)) = model.requests().get(nth) {
                assert!(!outbox.release(id, RequestKind::Unsubscribe), "another kind");
                assert_eq!(outbox.release(id, kind), model.take_sent(id));
                model.give_leave();
            }
        }
        Op::Replace(nth) => {
            if let Some(&(id, kind @ RequestKind::ExactlyOnce)) = model.requests().get(nth) {
                let packet = [0x62, 2, 0, 9];
                let replaced = outbox.replace(id, (kind, RequestKind::Release), &packet);
                assert_eq!(replaced, model.take_sent(id));
                if replaced {
                    model.line.push(Packet {
                        request: Some((id, RequestKind::Release)),
                        bytes: packet.to_vec(),
                        sent: 0,
                        attempted: false,
                    });
                }
            }
        }
        Op::Rewind => {
            outbox.rewind();
            model.rewind();
        }
        Op::Reject(nth) if model.quota == 0 => {
            let doomed = model.requests().get(nth).map(|&(id, _)| id);
            let taken = outbox.reject(|request, _| (Some(request.packet_id) == doomed).then_some(()));
            assert_eq!(taken.map(|(request, ())| request.packet_id), doomed);
            model
                .waiting
                .retain(|packet| doomed.is_none() || packet.request.map(|(id, _)| id) != doomed);
        }
        Op::Withdraw(nth) => {
            if let Some(&(id, _)) = model.requests().get(nth) {
                assert_eq!(outbox.withdraw(id), model.withdraw(id));
                model.give_leave();
            }
        }
        Op::Begin(quota) if model.quota == 0 => {
            outbox.begin(quota, |_, _| {});
            model.begin(quota);
        }
        Op::Reject(_) | Op::Begin(_) => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]
    #[test]
    fn does_as_vectors_of_packets_do(ops in prop::collection::vec(op(), 0..80)) {
        let (mut outbox, mut model) = (Outbox::<40, 4>::new(), Model::default());
        for op in ops {
            apply(op, &mut outbox, &mut model);
            prop_assert_eq!(outbox.unsent(), model.unsent());
            prop_assert_eq!(outbox.room(), 40 - model.live());
            let requests: Vec<_> = outbox.requests().iter().map(|it| (it.packet_id, it.kind)).collect();
            prop_assert_eq!(requests, model.requests());
        }
    }
}
