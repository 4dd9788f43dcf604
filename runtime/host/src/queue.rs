//! The publish queue: bounded, in order, each entry kept until its receipt was taken and its QoS 2 handshake ended. It
//! decides what is sent next and how each one ended; it neither encodes nor sends.

use fivewire_wire::{QoS, Reason};
use heapless::Vec;

use crate::bytes::{Bytes, text};
use crate::publish::{Publish, PublishError, PublishId, Receipt};
use crate::text::TextLimit;
use crate::time::{earlier, reached};
use crate::topic::{MAX_TOPIC, is_valid_name};

mod at_bridge;
mod entry;
#[cfg(test)]
mod tests;

pub(crate) use entry::Owner;
use entry::{Ending, Entry, Place};

/// Longest payload, in bytes (`max_len` of `publish.payload` and `message.payload` in the spec).
pub const MAX_PAYLOAD: usize = 1024;

/// Most bytes of MQTT 5.0 properties (`max_len` of every `properties` in the spec).
pub const MAX_PROPERTIES: usize = 224;

/// What to send next.
#[derive(Debug)]
pub(crate) struct Next<'a> {
    pub(crate) index: usize,
    pub(crate) topic: &'a str,
    pub(crate) payload: &'a [u8],
    pub(crate) properties: &'a [u8],
    pub(crate) retain: bool,
    pub(crate) qos: QoS,
    /// 0: it is new.
    pub(crate) packet_id: u16,
}

/// A publication as the application gives it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Publication<'a> {
    pub(crate) topic: &'a str,
    pub(crate) payload: &'a [u8],
    pub(crate) properties: &'a [u8],
    pub(crate) options: Publish,
}

/// How much the bridge takes before it has answered any of it, from its reply to `configure`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) messages: usize,
    pub(crate) bytes: usize,
}

/// Up to `PUBLISHES` publications whose topics, payloads and properties are up to `QUEUE` bytes in all.
#[derive(Debug)]
pub(crate) struct Queue<const PUBLISHES: usize, const QUEUE: usize> {
    entries: Vec<Entry, PUBLISHES>,
    bytes: Bytes<QUEUE>,
    next_id: u32,
    /// The next mark of [`Place::Received`].
    next_order: u32,
}

impl<const PUBLISHES: usize, const QUEUE: usize> Queue<PUBLISHES, QUEUE> {
    pub(crate) const fn new() -> Self {
        Self {
            entries: Vec::new(),
            bytes: Bytes::new(),
            next_id: 0,
            next_order: 0,
        }
    }

    /// Takes one in, or says why not.
    pub(crate) fn accept(
        &mut self,
        now: u32,
        publication: Publication<'_>,
        owner: Owner,
    ) -> Result<PublishId, PublishError> {
        let size = check(&publication, QUEUE)?;
        let Publication {
            topic,
            payload,
            properties,
            options,
        } = publication;
        self.make_room(topic, size.into())?;
        let id = PublishId(self.next_id);
        let entry = Entry {
            id,
            owner,
            options,
            deadline: options.ttl_ms.map(|ttl| now.wrapping_add(ttl)),
            packet_id: 0,
            topic_len: topic.len() as u8,
            properties_len: properties.len() as u8,
            size,
            stored: true,
            place: Place::Waiting,
            ending: Ending::Open,
        };
        self.entries.push(entry).map_err(|_| PublishError::Full)?;
        if !self.bytes.push([topic.as_bytes(), payload, properties]) {
            self.entries.pop();
            return Err(PublishError::Full);
        }
        self.next_id = self.next_id.wrapping_add(1);
        Ok(id)
    }

    /// Supersedes what the new one replaces; without touching anything when even that would not make room.
    fn make_room(&mut self, topic: &str, size: usize) -> Result<(), PublishError> {
        let (mut entries, mut bytes) = (PUBLISHES - self.entries.len(), self.bytes.free());
        for index in 0..self.entries.len() {
            if self.gives_way(index, topic) {
                entries += usize::from(
                    self.entries
                        .get(index)
                        .is_some_and(|entry| entry.owner == Owner::Nobody),
                );
                bytes += self.entries.get(index).map_or(0, Entry::stored_len);
            }
        }
        if entries == 0 || bytes < size {
            return Err(PublishError::Full);
        }
        for index in (0..self.entries.len()).rev() {
            if self.gives_way(index, topic) {
                self.finish(index, Place::Gone, Receipt::Superseded);
            }
        }
        Ok(())
    }

    fn gives_way(&self, index: usize, topic: &str) -> bool {
        let Some(entry) = self.entries.get(index) else {
            return false;
        };
        let waits = entry.place == Place::Waiting && entry.is_open() && !entry.may_be_held();
        waits && entry.options.latest_only && self.parts(index).0 == topic
    }

    fn start(&self, index: usize) -> usize {
        self.entries.iter().take(index).map(Entry::stored_len).sum()
    }

    /// Topic, payload and properties.
    fn parts(&self, index: usize) -> (&str, &[u8], &[u8]) {
        let Some(entry) = self.entries.get(index) else {
            return ("", &[], &[]);
        };
        let bytes = self.bytes.get(self.start(index), entry.stored_len());
        let (topic, rest) = bytes.split_at_checked(entry.topic_len.into()).unwrap_or_default();
        let payload_len = rest.len().saturating_sub(entry.properties_len.into());
        let (payload, properties) = rest.split_at_checked(payload_len).unwrap_or_default();
        (text(topic), payload, properties)
    }

    fn first_waiting(&self) -> Option<(usize, &Entry)> {
        let waits = |(_, entry): &(usize, &Entry)| entry.place == Place::Waiting;
        self.entries.iter().enumerate().find(waits)
    }

    /// The one to send next, if the window has room for it. They go out in the order they were accepted.
    pub(crate) fn next(&self, window: Window) -> Option<Next<'_>> {
        let (index, entry) = self.first_waiting()?;
        let (messages, bytes) = self.at_bridge();
        if messages >= window.messages || bytes + usize::from(entry.size) > window.bytes {
            return None;
        }
        let (topic, payload, properties) = self.parts(index);
        Some(Next {
            index,
            topic,
            payload,
            properties,
            retain: entry.options.retain,
            qos: entry.options.qos,
            packet_id: entry.packet_id,
        })
    }

    /// The QoS 2 publication to release next, and its packet identifier.
    pub(crate) fn next_release(&self) -> Option<(usize, u16)> {
        let mut first = None;
        let mut least = u32::MAX;
        for (index, entry) in self.entries.iter().enumerate() {
            if let Some(order) = entry.release_due()
                && order <= least
            {
                (first, least) = (Some((index, entry.packet_id)), order);
            }
        }
        first
    }

    /// Publications and bytes at the bridge.
    fn at_bridge(&self) -> (usize, usize) {
        let there = self.entries.iter().filter_map(Entry::in_window);
        there.fold((0, 0), |(messages, bytes), size| (messages + 1, bytes + size))
    }

    /// True when a publication that is not finished has this packet identifier.
    pub(crate) fn holds(&self, packet_id: u16) -> bool {
        let has = |entry: &Entry| entry.packet_id == packet_id && entry.place != Place::Gone;
        self.entries.iter().any(has)
    }

    /// Publications without a receipt yet.
    pub(crate) fn open(&self) -> usize {
        self.entries
            .iter()
            .filter(|entry| entry.ending == Ending::Open)
            .count()
    }

    /// The one at `index` can never be sent.
    pub(crate) fn reject(&mut self, index: usize, reason: Reason) {
        self.give_up(index, Receipt::Rejected(reason));
    }

    /// The release of the one at `index` can never be sent.
    pub(crate) fn reject_release(&mut self, index: usize, reason: Reason) {
        self.finish(index, Place::Gone, Receipt::Rejected(reason));
    }

    /// The one to send next if it is larger than the whole window.
    pub(crate) fn oversized(&self, window: Window) -> Option<usize> {
        let (index, entry) = self.first_waiting()?;
        (usize::from(entry.size) > window.bytes).then_some(index)
    }

    /// The one to send next if it needs what revision 1 of the protocol cannot say.
    pub(crate) fn beyond_revision_1(&self) -> Option<usize> {
        let (index, entry) = self.first_waiting()?;
        (entry.options.qos == QoS::ExactlyOnce || entry.properties_len > 0).then_some(index)
    }

    /// The one to send next if the text format cannot say it, and why.
    pub(crate) fn beyond_text(&self) -> Option<(usize, TextLimit)> {
        let (index, entry) = self.first_waiting()?;
        let (topic, payload, properties) = self.parts(index);
        TextLimit::of(topic, payload, properties, entry.options.qos).map(|limit| (index, limit))
    }

    /// Ends those whose time to live is over. True when there were any.
    pub(crate) fn expire(&mut self, now: u32) -> bool {
        let over = |entry: &Entry| entry.deadline.is_some_and(|deadline| reached(now, deadline));
        self.give_up_where(Receipt::Expired, over)
    }

    /// When the next one expires.
    pub(crate) fn next_deadline(&self, now: u32) -> Option<u32> {
        let open = self.entries.iter().filter(|entry| entry.is_open());
        open.fold(None, |first, entry| earlier(now, first, entry.deadline))
    }

    /// Ends all that are open.
    pub(crate) fn reject_all(&mut self, reason: Reason) {
        self.give_up_where(Receipt::Rejected(reason), |_| true);
    }

    fn give_up_where(&mut self, receipt: Receipt, which: impl Fn(&Entry) -> bool) -> bool {
        let mut any = false;
        for index in (0..self.entries.len()).rev() {
            let open = |entry: &&Entry| entry.is_open() && which(entry);
            if self.entries.get(index).filter(open).is_some() {
                self.give_up(index, receipt);
                any = true;
            }
        }
        any
    }

    /// Ends one, wherever it is. What is at the bridge stays there until that answers, and what the broker may hold
    /// is still to be released.
    fn give_up(&mut self, index: usize, receipt: Receipt) {
        let held = |entry: &&Entry| entry.place == Place::Waiting && entry.may_be_held();
        if self.entries.get(index).filter(held).is_some() {
            self.must_release(index);
        }
        let place = match self.entries.get(index).map(|entry| entry.place) {
            None | Some(Place::Waiting) => Place::Gone,
            Some(place) => place,
        };
        self.finish(index, place, receipt);
    }

    fn finish(&mut self, index: usize, place: Place, receipt: Receipt) {
        let Some(entry) = self.entries.get_mut(index) else {
            return;
        };
        entry.place = place;
        if entry.is_open() {
            entry.ending = if entry.owner == Owner::Nobody {
                Ending::Taken
            } else {
                Ending::Ready(receipt)
            };
        }
        self.settle(index);
    }

    /// Frees what the entry no longer needs: its bytes once it will not be sent again, itself once it is gone and
    /// its receipt taken.
    fn settle(&mut self, index: usize) {
        let Some(entry) = self.entries.get(index).copied() else {
            return;
        };
        if entry.stored && !entry.is_needed() {
            self.bytes.remove(self.start(index), entry.stored_len());
            if let Some(entry) = self.entries.get_mut(index) {
                entry.stored = false;
            }
        }
        if entry.place == Place::Gone && entry.ending == Ending::Taken {
            self.entries.remove(index);
        }
    }

    fn take(&mut self, index: usize) -> Option<(PublishId, Receipt)> {
        let entry = self.entries.get_mut(index)?;
        let Ending::Ready(receipt) = entry.ending else {
            return None;
        };
        let id = entry.id;
        entry.ending = Ending::Taken;
        self.settle(index);
        Some((id, receipt))
    }

    /// The next receipt that no task waits for.
    pub(crate) fn poll_receipt(&mut self) -> Option<(PublishId, Receipt)> {
        let ready = |entry: &Entry| entry.owner == Owner::Poll && matches!(entry.ending, Ending::Ready(_));
        self.take(self.entries.iter().position(ready)?)
    }

    fn index_of(&self, id: PublishId) -> Option<usize> {
        self.entries
            .iter()
            .position(|entry| entry.id == id && entry.ending != Ending::Taken)
    }

    /// The receipt of `id`, once.
    pub(crate) fn take_receipt(&mut self, id: PublishId) -> Option<Receipt> {
        self.take(self.index_of(id)?).map(|(_, receipt)| receipt)
    }

    /// No one waits for the receipt of `id` any longer; it stays queued.
    pub(crate) fn detach(&mut self, id: PublishId) {
        let Some(index) = self.index_of(id) else { return };
        let Some(entry) = self.entries.get_mut(index) else {
            return;
        };
        entry.owner = Owner::Nobody;
        if matches!(entry.ending, Ending::Ready(_)) {
            entry.ending = Ending::Taken;
        }
        self.settle(index);
    }
}

/// The size of a publication that may be accepted.
fn check(publication: &Publication<'_>, queue: usize) -> Result<u16, PublishError> {
    let Publication {
        topic,
        payload,
        properties,
        ..
    } = *publication;
    if !is_valid_name(topic) {
        return Err(PublishError::TopicInvalid);
    }
    let size = topic.len() + payload.len() + properties.len();
    let bounds = [
        (topic.len(), MAX_TOPIC),
        (payload.len(), MAX_PAYLOAD),
        (properties.len(), MAX_PROPERTIES),
        (size, queue),
    ];
    match bounds.into_iter().find(|(len, max)| len > max) {
        Some((_, max)) => Err(PublishError::TooLong { max }),
        None => u16::try_from(size).map_err(|_| PublishError::TooLong {
            max: usize::from(u16::MAX),
        }),
    }
}
