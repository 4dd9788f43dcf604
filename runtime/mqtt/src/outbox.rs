//! Bytes on their way to the broker, in order, in one buffer: those of packets that nobody answers leave it when the
//! transport took them, those of requests stay until they are answered, ready to be sent again.
//!
//! Keeping both in one buffer saves the copy and the memory of a second one, and lets the transport take
//! everything unsent in one write. Not here: what an answer looks like, and when sending again is right (see `session`).

use core::ops::Range;

use heapless::Vec;

use crate::types::PacketId;

/// What a request asks the broker for; its answer has to fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RequestKind {
    /// A QoS 1 publish; PUBACK answers.
    Publish,
    /// SUBACK answers.
    Subscribe,
    /// UNSUBACK answers.
    Unsubscribe,
}

/// A packet that stays in the buffer until it is answered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request {
    pub(crate) packet_id: PacketId,
    pub(crate) kind: RequestKind,
    /// The broker may have seen it on an earlier connection.
    pub(crate) attempted: bool,
    start: usize,
    len: usize,
}

impl Request {
    const fn range(&self) -> Range<usize> {
        self.start..self.start + self.len
    }
}

/// Live bytes are those of requests, and everything from `sent` to `end`. Requests are in the order of their bytes.
pub(crate) struct Outbox<const N: usize, const REQUESTS: usize> {
    bytes: [u8; N],
    sent: usize,
    end: usize,
    requests: Vec<Request, REQUESTS>,
}

impl<const N: usize, const REQUESTS: usize> Outbox<N, REQUESTS> {
    pub(crate) const fn new() -> Self {
        Self {
            bytes: [0; N],
            sent: 0,
            end: 0,
            requests: Vec::new(),
        }
    }

    pub(crate) fn requests(&self) -> &[Request] {
        &self.requests
    }

    /// What the transport has not taken yet.
    pub(crate) fn unsent(&self) -> &[u8] {
        self.bytes.get(self.sent..self.end).unwrap_or_default()
    }

    /// The transport took this many bytes.
    pub(crate) fn consume(&mut self, len: usize) {
        self.sent = self.sent.saturating_add(len).min(self.end);
        self.rest_when_empty();
    }

    /// Bytes that an append can still have.
    pub(crate) fn room(&self) -> usize {
        let kept: usize = self.begun().map(|request| request.len).sum();
        N - (kept + self.end - self.tail()).min(N)
    }

    /// A place for `len` more bytes behind all others, if that leaves `spare` bytes of room.
    pub(crate) fn append(&mut self, len: usize, spare: usize) -> Option<&mut [u8]> {
        if len.saturating_add(spare) > N - self.end {
            if len.saturating_add(spare) > self.room() {
                return None;
            }
            self.compact();
        }
        let slot = self.bytes.get_mut(self.end..self.end + len)?;
        self.end += len;
        Some(slot)
    }

    /// As [`append`](Self::append), for a packet that stays until [`release`](Self::release).
    pub(crate) fn append_request(
        &mut self,
        packet_id: PacketId,
        kind: RequestKind,
        len: usize,
        spare: usize,
    ) -> Option<&mut [u8]> {
        if self.requests.is_full() || self.append(len, spare).is_none() {
            return None;
        }
        let start = self.end - len;
        self.requests
            .push(Request {
                packet_id,
                kind,
                attempted: false,
                start,
                len,
            })
            .ok()?;
        self.bytes.get_mut(start..self.end)
    }

    /// Ends the request, if there is such a one and the broker can have seen all of it.
    pub(crate) fn release(&mut self, packet_id: PacketId, kind: RequestKind) -> bool {
        let sent = self.sent;
        let answered = |request: &Request| {
            request.packet_id == packet_id && request.kind == kind && request.range().end <= sent
        };
        let Some(position) = self.requests.iter().position(answered) else {
            return false;
        };
        self.requests.remove(position);
        self.rest_when_empty();
        true
    }

    /// The connection is gone: requests are to be sent again from the first byte, all else is dropped.
    pub(crate) fn rewind(&mut self) {
        let sent = self.sent;
        for request in &mut self.requests {
            request.attempted |= request.start < sent;
        }
        // As if all had been sent, compaction keeps the requests alone.
        self.sent = self.end;
        self.compact();
        self.sent = 0;
    }

    /// For each request its first byte, which holds the DUP flag.
    pub(crate) fn first_bytes(&mut self, mut edit: impl FnMut(&mut Request, &mut u8)) {
        for request in &mut self.requests {
            if let Some(byte) = self.bytes.get_mut(request.start) {
                edit(request, byte);
            }
        }
    }

    pub(crate) fn clear(&mut self) {
        self.requests.clear();
        self.sent = 0;
        self.end = 0;
    }

    /// The requests of which at least one byte is sent.
    fn begun(&self) -> impl Iterator<Item = &Request> {
        self.requests.iter().filter(|request| request.start < self.sent)
    }

    /// Where the bytes begin that are live without being looked up: behind a request that is half sent.
    fn tail(&self) -> usize {
        self.begun()
            .last()
            .map_or(self.sent, |request| self.sent.max(request.range().end))
    }

    /// Starting over at the front costs nothing when nothing is live.
    fn rest_when_empty(&mut self) {
        if self.sent == self.end && self.requests.is_empty() {
            self.sent = 0;
            self.end = 0;
        }
    }

    /// Moves all that is live to the front, in order.
    fn compact(&mut self) {
        let (sent, tail) = (self.sent, self.tail());
        let mut write = 0;
        for request in self.requests.iter_mut().filter(|request| request.start < sent) {
            shift(&mut self.bytes, request.range(), write);
            request.start = write;
            write += request.len;
        }
        let moved = tail - write.min(tail);
        shift(&mut self.bytes, tail..self.end, write);
        for request in self.requests.iter_mut().filter(|request| request.start >= tail) {
            request.start -= moved;
        }
        self.sent = write - (tail - sent).min(write);
        self.end -= moved;
    }
}

/// Moves bytes towards the front; a range outside of the buffer, which cannot be, moves nothing.
fn shift(bytes: &mut [u8], from: Range<usize>, to: usize) {
    if from.start <= from.end && from.end <= bytes.len() && to <= from.start {
        bytes.copy_within(from, to);
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::vec::Vec;

    use proptest::prelude::*;

    use super::{Outbox, RequestKind};
    use crate::types::PacketId;

    #[derive(Clone, Copy, Debug)]
    enum Op {
        Append(usize),
        Request(usize),
        Consume(usize),
        /// The nth request is answered.
        Release(usize),
        Rewind,
    }

    fn op() -> impl Strategy<Value = Op> {
        prop_oneof![
            3 => (1..12usize).prop_map(Op::Append),
            4 => (1..12usize).prop_map(Op::Request),
            5 => (1..15usize).prop_map(Op::Consume),
            3 => (0..5usize).prop_map(Op::Release),
            1 => Just(Op::Rewind),
        ]
    }

    /// A packet: whether and with which id it is a request, its bytes, how many of them are sent.
    struct Packet {
        id: Option<PacketId>,
        bytes: Vec<u8>,
        sent: usize,
    }

    /// The same with a vector of packets and no thought for memory.
    #[derive(Default)]
    struct Model {
        packets: Vec<Packet>,
        made: u16,
    }

    impl Model {
        fn push(&mut self, len: usize, request: bool) -> (PacketId, Vec<u8>) {
            self.made += 1;
            let id = PacketId::new(self.made).unwrap();
            let bytes: Vec<u8> = (0..len)
                .map(|n| (usize::from(self.made) * 16 + n) as u8)
                .collect();
            self.packets.push(Packet {
                id: request.then_some(id),
                bytes: bytes.clone(),
                sent: 0,
            });
            (id, bytes)
        }

        fn consume(&mut self, mut len: usize) {
            for packet in &mut self.packets {
                let taken = len.min(packet.bytes.len() - packet.sent);
                packet.sent += taken;
                len -= taken;
            }
            self.packets
                .retain(|packet| packet.id.is_some() || packet.sent < packet.bytes.len());
        }

        fn rewind(&mut self) {
            self.packets.retain(|packet| packet.id.is_some());
            self.packets.iter_mut().for_each(|packet| packet.sent = 0);
        }

        fn unsent(&self) -> Vec<u8> {
            self.packets
                .iter()
                .flat_map(|packet| packet.bytes[packet.sent..].to_vec())
                .collect()
        }

        /// A request keeps all of its bytes, anything else only those that are not sent.
        fn live(&self) -> usize {
            let live =
                |packet: &Packet| packet.bytes.len() - if packet.id.is_some() { 0 } else { packet.sent };
            self.packets.iter().map(live).sum()
        }

        fn requests(&self) -> usize {
            self.packets.iter().filter(|packet| packet.id.is_some()).count()
        }
    }

    fn apply(op: Op, outbox: &mut Outbox<40, 4>, model: &mut Model) {
        match op {
            Op::Append(len) => match outbox.append(len, 2) {
                Some(slot) => slot.copy_from_slice(&model.push(len, false).1),
                None => assert!(model.live() + len + 2 > 40),
            },
            Op::Request(len) => {
                let fits = model.requests() < 4 && model.live() + len + 2 <= 40;
                let id = PacketId::new(model.made + 1).unwrap();
                let slot = outbox.append_request(id, RequestKind::Publish, len, 2);
                assert_eq!(slot.is_some(), fits);
                if let Some(slot) = slot {
                    slot.copy_from_slice(&model.push(len, true).1);
                }
            }
            Op::Consume(len) => {
                outbox.consume(len);
                model.consume(len);
            }
            Op::Release(nth) => {
                let Some(id) = outbox.requests().get(nth).map(|request| request.packet_id) else {
                    return;
                };
                let position = model
                    .packets
                    .iter()
                    .position(|packet| packet.id == Some(id))
                    .unwrap();
                let sent = model.packets[position].sent == model.packets[position].bytes.len();
                assert!(
                    !outbox.release(id, RequestKind::Subscribe),
                    "an answer of another kind"
                );
                assert_eq!(outbox.release(id, RequestKind::Publish), sent);
                if sent {
                    model.packets.remove(position);
                }
            }
            Op::Rewind => {
                outbox.rewind();
                model.rewind();
            }
        }
    }

    proptest! {
        #[test]
        fn does_as_a_vector_of_packets_does(ops in prop::collection::vec(op(), 0..80)) {
            let (mut outbox, mut model) = (Outbox::<40, 4>::new(), Model::default());
            for op in ops {
                apply(op, &mut outbox, &mut model);
                prop_assert_eq!(outbox.unsent(), model.unsent());
                prop_assert_eq!(outbox.room(), 40 - model.live());
                prop_assert_eq!(outbox.requests().len(), model.requests());
            }
        }
    }
}
