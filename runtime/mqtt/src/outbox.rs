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
    /// QoS 2 publishes that the broker of this connection received and the caller has not let it release.
    held: Vec<PacketId, REQUESTS>,
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
            held: Vec::new(),
            quota: 0,
        }
    }

    pub(crate) fn requests(&self) -> &[Request] {
        &self.requests
    }

    /// A publish, subscribe or unsubscribe under way has this identifier [MQTT-2.3.1-2].
    pub(crate) fn uses(&self, packet_id: PacketId) -> bool {
        self.requests.iter().any(|request| request.packet_id == packet_id) || self.held.contains(&packet_id)
    }

    /// The bytes of a request.
    pub(crate) fn bytes_of(&self, request: &Request) -> &[u8] {
        self.bytes.get(request.range()).unwrap_or_default()
    }

    /// Whether the broker may have seen the request, on this connection or an earlier one.
    pub(crate) fn is_attempted(&self, request: &Request) -> bool {
        request.attempted || request.start < self.sent
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
        self.append_attempted(packet_id, kind, (len, spare), false)
    }

    /// As [`append_request`](Self::append_request), for one that the broker may have seen already.
    pub(crate) fn append_attempted(
        &mut self,
        packet_id: PacketId,
        kind: RequestKind,
        (len, spare): (usize, usize),
        attempted: bool,
    ) -> Option<&mut [u8]> {
        let free = match kind {
            RequestKind::Release => !self.requests.is_full(),
            _ => self.has_slot(),
        };
        if !free {
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
        let position = self.position_of(start);
        let request = Request {
            packet_id,
            kind,
            attempted,
            start,
            len,
        };
        self.requests.insert(position, request).ok()?;
        self.bytes.get_mut(start..start + len)
    }

    /// Whether one more request can be taken. A publish that is held has its slot until it is released: else more could be
    /// received than can be held.
    pub(crate) fn has_slot(&self) -> bool {
        self.requests.len() + self.held.len() < REQUESTS
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

    /// The broker has the QoS 2 publish, whose release is the caller's to ask for; false when none such waits. Till then
    /// it counts as one that the broker has under way.
    pub(crate) fn hold(&mut self, packet_id: PacketId) -> bool {
        // There is room, unless the broker has received what nobody published.
        !self.held.is_full()
            && self.remove_sent(packet_id, RequestKind::ExactlyOnce)
            && self.held.push(packet_id).is_ok()
    }

    /// The broker says so of one that is not known here; false when that has to wait.
    pub(crate) fn hold_unknown(&mut self, packet_id: PacketId) -> bool {
        self.held.push(packet_id).is_ok()
    }

    /// The caller let it go; false when none such is held.
    pub(crate) fn unhold(&mut self, packet_id: PacketId) -> bool {
        let position = self.held.iter().position(|&held| held == packet_id);
        position.map(|position| self.held.swap_remove(position)).is_some()
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
        self.held.clear();
        self.quota = 0;
    }

    /// Whether it is a publish of which no byte was sent, on this connection or since its last one.
    pub(crate) fn is_unsent_publish(&self, packet_id: PacketId) -> bool {
        self.find_unsent_publish(packet_id).is_some()
    }

    fn find_unsent_publish(&self, packet_id: PacketId) -> Option<usize> {
        self.requests.iter().position(|request| {
            request.packet_id == packet_id && request.kind.is_publish() && !self.is_attempted(request)
        })
    }

    /// Takes such a publish out; false when there is none.
    pub(crate) fn withdraw(&mut self, packet_id: PacketId) -> bool {
        let Some(position) = self.find_unsent_publish(packet_id) else {
            return false;
        };
        let request = self.remove_with_bytes(position);
        if request.start < self.limit {
            self.limit -= request.len;
        }
        if self.has_begun() {
            self.give_leave();
        }
        self.rest_when_empty();
        true
    }

    /// Takes a request of which nothing is sent out of the list and of the bytes.
    fn remove_with_bytes(&mut self, position: usize) -> Request {
        let request = self.requests.remove(position);
        shift(&mut self.bytes, request.range().end..self.end, request.start);
        for later in self.requests.iter_mut().skip(position) {
            later.start -= request.len;
        }
        self.end -= request.len;
        request
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
        Some((self.remove_with_bytes(position), verdict))
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
        self.held.clear();
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

    /// Where a request belongs whose bytes begin at `start`: nearly always behind all others.
    fn position_of(&self, start: usize) -> usize {
        let before = |other: &Request| other.start < start;
        self.requests.iter().rposition(before).map_or(0, |last| last + 1)
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
        let quota = usize::from(self.quota);
        let under_way = |request: &&Request| request.start < self.limit && request.kind.counts();
        // Without that many requests there is nothing to count.
        kind.is_publish()
            && self.requests.len() + self.held.len() >= quota
            && self.requests.iter().filter(under_way).count() + self.held.len() >= quota
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
mod tests;
