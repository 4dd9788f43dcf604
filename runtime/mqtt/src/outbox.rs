//! Bytes on their way to the broker, in order, in one buffer: those of packets that nobody answers leave it when the
//! transport took them, those of requests stay until they are answered, ready to be sent again.
//!
//! Keeping both in one buffer saves the copy and the memory of a second one, and lets the transport take
//! everything unsent in one write. What may not be sent yet waits behind all that may. Not here: what an answer looks
//! like, and when sending again is right (see `session`).

use core::ops::Range;

use heapless::Vec;

use crate::types::PacketId;

/// What a request asks the broker for; its answer has to fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum RequestKind {
    /// A QoS 1 publish; PUBACK answers.
    AtLeastOnce = 1,
    /// A QoS 2 publish; PUBREC answers, and a release takes its place.
    ExactlyOnce = 2,
    /// PUBREL; PUBCOMP answers.
    Release = 3,
    /// SUBACK answers.
    Subscribe = 4,
    /// UNSUBACK answers.
    Unsubscribe = 5,
}

impl RequestKind {
    /// From its number, as a stored session has it.
    pub(crate) const fn from_number(number: u8) -> Option<Self> {
        Some(match number {
            1 => Self::AtLeastOnce,
            2 => Self::ExactlyOnce,
            3 => Self::Release,
            4 => Self::Subscribe,
            5 => Self::Unsubscribe,
            _ => return None,
        })
    }

    /// A PUBLISH: it has a DUP flag, and has to wait when the broker takes no more.
    pub(crate) const fn is_publish(self) -> bool {
        matches!(self, Self::AtLeastOnce | Self::ExactlyOnce)
    }

    /// It is one of those that the broker takes only so many of (MQTT 5.0, 4.9).
    const fn counts(self) -> bool {
        self.is_publish() || matches!(self, Self::Release)
    }
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

/// Live bytes are those of requests, and everything from `sent` to `end`. Requests are in the order of their bytes. From
/// `limit` to `end` there are only requests, which wait for leave to be sent.
pub(crate) struct Outbox<const N: usize, const REQUESTS: usize> {
    bytes: [u8; N],
    sent: usize,
    limit: usize,
    end: usize,
    requests: Vec<Request, REQUESTS>,
    /// How many publishes the broker takes at a time. 0: there is no broker now.
    quota: u16,
}

impl<const N: usize, const REQUESTS: usize> Outbox<N, REQUESTS> {
    pub(crate) const fn new() -> Self {
        Self {
            bytes: [0; N],
            sent: 0,
            limit: 0,
            end: 0,
            requests: Vec::new(),
            quota: 0,
        }
    }

    pub(crate) fn requests(&self) -> &[Request] {
        &self.requests
    }

    /// The bytes of a request.
    pub(crate) fn bytes_of(&self, request: &Request) -> &[u8] {
        self.bytes.get(request.range()).unwrap_or_default()
    }

    /// Whether the broker may have seen the request, on this connection or an earlier one.
    pub(crate) fn is_attempted(&self, request: &Request) -> bool {
        request.attempted || request.start < self.sent
    }

    /// Says of the latest request whether the broker may have seen it in an earlier life of this end.
    pub(crate) fn mark_attempted(&mut self, attempted: bool) {
        if let Some(request) = self.requests.last_mut() {
            request.attempted = attempted;
        }
    }

    /// What the transport may take and has not taken yet.
    pub(crate) fn unsent(&self) -> &[u8] {
        self.bytes.get(self.sent..self.limit).unwrap_or_default()
    }

    /// The transport took this many bytes.
    pub(crate) fn consume(&mut self, len: usize) {
        self.sent = self.sent.saturating_add(len).min(self.limit);
        self.rest_when_empty();
    }

    /// Bytes that an append can still have.
    pub(crate) fn room(&self) -> usize {
        let kept: usize = self.begun().map(|request| request.len).sum();
        N - (kept + self.end - self.tail()).min(N)
    }

    /// A place for `len` more bytes behind all others that may be sent, if that leaves `spare` bytes of room.
    pub(crate) fn append(&mut self, len: usize, spare: usize) -> Option<&mut [u8]> {
        self.provide(len, spare)?;
        let start = self.limit;
        if start < self.end {
            self.bytes.copy_within(start..self.end, start + len);
            for request in self.requests.iter_mut().filter(|request| request.start >= start) {
                request.start += len;
            }
        }
        self.limit += len;
        self.end += len;
        self.bytes.get_mut(start..self.limit)
    }

    /// As [`append`](Self::append), for a packet that stays until [`release`](Self::release). It waits while the broker
    /// takes no more of its kind.
    pub(crate) fn append_request(
        &mut self,
        packet_id: PacketId,
        kind: RequestKind,
        len: usize,
        spare: usize,
    ) -> Option<&mut [u8]> {
        if self.requests.is_full() {
            return None;
        }
        let start = if self.has_to_wait(kind) {
            self.provide(len, spare)?;
            self.end += len;
            self.end - len
        } else {
            self.append(len, spare)?;
            self.limit - len
        };
        let position = self.requests.iter().filter(|other| other.start < start).count();
        let request = Request {
            packet_id,
            kind,
            attempted: false,
            start,
            len,
        };
        self.requests.insert(position, request).ok()?;
        self.bytes.get_mut(start..start + len)
    }

    /// Ends the request, if there is such a one and the broker can have seen all of it.
    pub(crate) fn release(&mut self, packet_id: PacketId, kind: RequestKind) -> bool {
        if !self.remove_sent(packet_id, kind) {
            return false;
        }
        self.give_leave();
        self.rest_when_empty();
        true
    }

    /// Puts a request of another kind in the place of one that the broker has seen; false when there is none such.
    pub(crate) fn replace(
        &mut self,
        packet_id: PacketId,
        (from, to): (RequestKind, RequestKind),
        packet: &[u8],
    ) -> bool {
        if !self.remove_sent(packet_id, from) {
            return false;
        }
        // What is taken out was longer, so there is room.
        if let Some(slot) = self.append_request(packet_id, to, packet.len(), 0) {
            slot.copy_from_slice(packet);
        }
        true
    }

    /// The connection is gone: requests are to be sent again from the first byte, all else is dropped.
    pub(crate) fn rewind(&mut self) {
        let sent = self.sent;
        for request in &mut self.requests {
            request.attempted |= request.start < sent;
        }
        // As if all that may be sent had been sent, compaction keeps the requests alone.
        self.sent = self.limit;
        self.compact();
        self.sent = 0;
        self.limit = 0;
        self.quota = 0;
    }

    /// Takes the first request out that `doomed` says something of; only before [`begin`](Self::begin).
    pub(crate) fn reject<T>(
        &mut self,
        mut doomed: impl FnMut(&Request, &[u8]) -> Option<T>,
    ) -> Option<(Request, T)> {
        let mut verdicts = self.requests.iter().enumerate();
        let (position, verdict) = verdicts.find_map(|(position, request)| {
            let bytes = self.bytes.get(request.range()).unwrap_or_default();
            Some((position, doomed(request, bytes)?))
        })?;
        let request = self.requests.remove(position);
        shift(&mut self.bytes, request.range().end..self.end, request.start);
        for later in self.requests.iter_mut().skip(position) {
            later.start -= request.len;
        }
        self.end -= request.len;
        Some((request, verdict))
    }

    /// There is a broker again, which takes `quota` publishes at a time: all requests go out again, in their old order, but
    /// publishes beyond the quota behind everything else. `edit` gets the first byte of each, which holds the DUP flag.
    pub(crate) fn begin(&mut self, quota: u16, mut edit: impl FnMut(&mut Request, &mut u8)) {
        self.quota = quota;
        for position in 0..self.requests.len() {
            if let Some(request) = self.requests.get_mut(position)
                && let Some(byte) = self.bytes.get_mut(request.start)
            {
                edit(request, byte);
                let kind = request.kind;
                if !self.is_quota_used_up(kind) {
                    self.bring_forward(position);
                }
            }
        }
    }

    pub(crate) fn has_begun(&self) -> bool {
        self.quota > 0
    }

    pub(crate) fn clear(&mut self) {
        self.requests.clear();
        self.sent = 0;
        self.limit = 0;
        self.end = 0;
    }

    /// Makes sure that `len` bytes fit behind the end, with `spare` bytes left.
    fn provide(&mut self, len: usize, spare: usize) -> Option<()> {
        if len.saturating_add(spare) > N - self.end {
            if len.saturating_add(spare) > self.room() {
                return None;
            }
            self.compact();
        }
        Some(())
    }

    fn find_sent(&self, packet_id: PacketId, kind: RequestKind) -> Option<usize> {
        self.requests.iter().position(|request| {
            request.packet_id == packet_id && request.kind == kind && request.range().end <= self.sent
        })
    }

    fn remove_sent(&mut self, packet_id: PacketId, kind: RequestKind) -> bool {
        let position = self.find_sent(packet_id, kind);
        position.map(|position| self.requests.remove(position)).is_some()
    }

    /// What is sent anew must not overtake what waits already.
    fn has_to_wait(&self, kind: RequestKind) -> bool {
        !self.has_begun() || kind.is_publish() && (self.limit < self.end || self.is_quota_used_up(kind))
    }

    fn is_quota_used_up(&self, kind: RequestKind) -> bool {
        let under_way = |request: &&Request| request.start < self.limit && request.kind.counts();
        kind.is_publish() && self.requests.iter().filter(under_way).count() >= usize::from(self.quota)
    }

    /// Lets as many go that wait as the broker takes now.
    fn give_leave(&mut self) {
        while self.limit < self.end {
            let limit = self.limit;
            match self.requests.iter().find(|request| request.start == limit) {
                Some(request) if !self.is_quota_used_up(request.kind) => self.limit += request.len,
                Some(_) | None => return,
            }
        }
    }

    /// Moves a request that waits in front of all others that wait, and gives it leave.
    fn bring_forward(&mut self, position: usize) {
        let Some(&Request { start, len, .. }) = self.requests.get(position) else {
            return;
        };
        let limit = self.limit;
        let first = self
            .requests
            .iter()
            .filter(|request| request.start < limit)
            .count();
        if let Some(bytes) = self.bytes.get_mut(limit..start + len) {
            bytes.rotate_right(len);
        }
        if let Some(requests) = self.requests.get_mut(first..=position) {
            requests.rotate_right(1);
            if let Some((moved, others)) = requests.split_first_mut() {
                moved.start = limit;
                others.iter_mut().for_each(|other| other.start += len);
            }
        }
        self.limit += len;
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
            self.limit = 0;
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
        self.limit -= moved.min(self.limit);
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
        Request(RequestKind, usize),
        Consume(usize),
        /// The nth request is answered.
        Release(usize),
        /// The nth request is a QoS 2 publish that the broker received.
        Replace(usize),
        Rewind,
        /// Takes the nth request out.
        Reject(usize),
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
            2 => (1..4u16).prop_map(Op::Begin),
        ]
    }

    /// A packet: whether and with which id it is a request, its bytes, how many of them are sent.
    #[derive(Clone)]
    struct Packet {
        request: Option<(PacketId, RequestKind)>,
        bytes: Vec<u8>,
        sent: usize,
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
            self.line.iter_mut().for_each(|packet| packet.sent = 0);
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

        /// Takes a request out of the line, if all of it is sent.
        fn take_sent(&mut self, id: PacketId) -> bool {
            let found =
                |packet: &Packet| packet.is_sent() && packet.request.is_some_and(|(its, _)| its == id);
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
}
