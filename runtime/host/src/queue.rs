//! The publish queue: bounded, in order, each entry kept until its receipt was taken. It decides what is sent next
//! and how each one ended; it neither encodes nor sends.

use fivewire_wire::{Outcome, QoS, Reason};
use heapless::Vec;

use crate::bytes::{Bytes, text};
use crate::publish::{Publish, PublishError, PublishId, Receipt};
use crate::time::{earlier, reached};
use crate::topic::{MAX_TOPIC, is_valid_name};

#[cfg(test)]
mod tests;

/// Longest payload, in bytes (`max_len` of `publish.payload` and `message.payload` in the spec).
pub const MAX_PAYLOAD: usize = 1024;

/// Who takes the receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// Whoever asks for the next receipt.
    Poll,
    /// A task that waits for this one.
    Task,
    /// No one; it is dropped.
    Nobody,
}

/// Where a publication is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// In the queue.
    Waiting,
    /// Sent, not answered; it counts against the bridge's window.
    AtBridge { number: u8 },
    /// Finished as far as the bridge is concerned.
    Gone,
}

/// What became of the receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Open,
    Ready(Receipt),
    Taken,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    id: PublishId,
    owner: Owner,
    options: Publish,
    deadline: Option<u32>,
    topic_len: u8,
    /// Topic and payload, in bytes; what the bridge's window counts.
    size: u16,
    /// False once topic and payload are no longer needed.
    stored: bool,
    place: Place,
    ending: Ending,
}

impl Entry {
    fn stored_len(&self) -> usize {
        if self.stored { self.size.into() } else { 0 }
    }
}

/// What to send next.
#[derive(Debug)]
pub(crate) struct Next<'a> {
    pub(crate) index: usize,
    pub(crate) topic: &'a str,
    pub(crate) payload: &'a [u8],
    pub(crate) retain: bool,
    pub(crate) qos: QoS,
}

/// How much the bridge takes before it has answered any of it, from its reply to `configure`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) messages: usize,
    pub(crate) bytes: usize,
}

/// Up to `PUBLISHES` publications whose topics and payloads are up to `QUEUE` bytes in all.
#[derive(Debug)]
pub(crate) struct Queue<const PUBLISHES: usize, const QUEUE: usize> {
    entries: Vec<Entry, PUBLISHES>,
    bytes: Bytes<QUEUE>,
    next_id: u32,
}

impl<const PUBLISHES: usize, const QUEUE: usize> Queue<PUBLISHES, QUEUE> {
    pub(crate) const fn new() -> Self {
        Self {
            entries: Vec::new(),
            bytes: Bytes::new(),
            next_id: 0,
        }
    }

    /// Takes one in, or says why not.
    pub(crate) fn accept(
        &mut self,
        now: u32,
        topic: &str,
        payload: &[u8],
        options: Publish,
        owner: Owner,
    ) -> Result<PublishId, PublishError> {
        let size = check(topic, payload, QUEUE)?;
        self.make_room(topic, size.into())?;
        let id = PublishId(self.next_id);
        let entry = Entry {
            id,
            owner,
            options,
            deadline: options.ttl_ms.map(|ttl| now.wrapping_add(ttl)),
            topic_len: topic.len() as u8,
            size,
            stored: true,
            place: Place::Waiting,
            ending: Ending::Open,
        };
        self.entries.push(entry).map_err(|_| PublishError::Full)?;
        if !self.bytes.push(topic.as_bytes(), payload) {
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
        let waits =
            entry.options.latest_only && entry.place == Place::Waiting && entry.ending == Ending::Open;
        waits && self.topic(index) == topic
    }

    fn start(&self, index: usize) -> usize {
        self.entries.iter().take(index).map(Entry::stored_len).sum()
    }

    fn parts(&self, index: usize) -> (&str, &[u8]) {
        let Some(entry) = self.entries.get(index) else {
            return ("", &[]);
        };
        let bytes = self.bytes.get(self.start(index), entry.stored_len());
        let (topic, payload) = bytes.split_at_checked(entry.topic_len.into()).unwrap_or_default();
        (text(topic), payload)
    }

    fn topic(&self, index: usize) -> &str {
        self.parts(index).0
    }

    /// The one to send next, if the window has room for it. They go out in the order they were accepted.
    pub(crate) fn next(&self, window: Window) -> Option<Next<'_>> {
        let index = self
            .entries
            .iter()
            .position(|entry| entry.place == Place::Waiting)?;
        let entry = self.entries.get(index)?;
        let (messages, bytes) = self.at_bridge();
        if messages >= window.messages || bytes + usize::from(entry.size) > window.bytes {
            return None;
        }
        let (topic, payload) = self.parts(index);
        Some(Next {
            index,
            topic,
            payload,
            retain: entry.options.retain,
            qos: entry.options.qos,
        })
    }

    /// Publications and bytes at the bridge.
    fn at_bridge(&self) -> (usize, usize) {
        let there = self
            .entries
            .iter()
            .filter(|entry| matches!(entry.place, Place::AtBridge { .. }));
        there.fold((0, 0), |(messages, bytes), entry| {
            (messages + 1, bytes + usize::from(entry.size))
        })
    }

    /// Publications without a receipt yet.
    pub(crate) fn open(&self) -> usize {
        self.entries
            .iter()
            .filter(|entry| entry.ending == Ending::Open)
            .count()
    }

    /// The link took the one at `index` as its frame `number`.
    pub(crate) fn sent(&mut self, index: usize, number: u8) {
        if let Some(entry) = self.entries.get_mut(index) {
            entry.place = Place::AtBridge { number };
        }
    }

    /// The one at `index` can never be sent.
    pub(crate) fn reject(&mut self, index: usize, reason: Reason) {
        self.finish(index, Place::Gone, Receipt::Rejected(reason));
    }

    /// The one to send next if it is larger than the whole window.
    pub(crate) fn oversized(&self, window: Window) -> Option<usize> {
        let index = self
            .entries
            .iter()
            .position(|entry| entry.place == Place::Waiting)?;
        self.entries
            .get(index)
            .filter(|entry| usize::from(entry.size) > window.bytes)
            .map(|_| index)
    }

    fn find(&self, number: u8) -> Option<usize> {
        self.entries
            .iter()
            .position(|entry| entry.place == Place::AtBridge { number })
    }

    /// The bridge answered frame `number`. False when no publication waits for that.
    pub(crate) fn answer(&mut self, number: u8, outcome: Outcome, reason: Reason) -> bool {
        let Some(index) = self.find(number) else {
            return false;
        };
        let receipt = match outcome {
            Outcome::Delivered => Receipt::Delivered,
            Outcome::Rejected => Receipt::Rejected(reason),
        };
        self.finish(index, Place::Gone, receipt);
        true
    }

    /// The bridge gave frame `number` back for a reason that passes; it waits again, in its old place. False when
    /// no publication waits for that.
    pub(crate) fn give_back(&mut self, number: u8) -> bool {
        let Some(index) = self.find(number) else {
            return false;
        };
        self.wait_again(index);
        true
    }

    /// The bridge forgot everything: what it had waits again, in order.
    pub(crate) fn give_back_all(&mut self) {
        for index in (0..self.entries.len()).rev() {
            if self
                .entries
                .get(index)
                .is_some_and(|entry| matches!(entry.place, Place::AtBridge { .. }))
            {
                self.wait_again(index);
            }
        }
    }

    fn wait_again(&mut self, index: usize) {
        let Some(entry) = self.entries.get_mut(index) else {
            return;
        };
        match entry.ending {
            Ending::Open => entry.place = Place::Waiting,
            Ending::Ready(_) | Ending::Taken => {
                entry.place = Place::Gone;
                self.settle(index);
            }
        }
    }

    /// Ends those whose time to live is over. True when there were any.
    pub(crate) fn expire(&mut self, now: u32) -> bool {
        let mut any = false;
        for index in (0..self.entries.len()).rev() {
            let Some(entry) = self.entries.get(index) else {
                continue;
            };
            if entry.ending == Ending::Open && entry.deadline.is_some_and(|deadline| reached(now, deadline)) {
                let place = if entry.place == Place::Waiting {
                    Place::Gone
                } else {
                    entry.place
                };
                self.finish(index, place, Receipt::Expired);
                any = true;
            }
        }
        any
    }

    /// When the next one expires.
    pub(crate) fn next_deadline(&self, now: u32) -> Option<u32> {
        let open = self.entries.iter().filter(|entry| entry.ending == Ending::Open);
        open.fold(None, |first, entry| earlier(now, first, entry.deadline))
    }

    /// Ends all that are open.
    pub(crate) fn reject_all(&mut self, reason: Reason) {
        for index in (0..self.entries.len()).rev() {
            if self
                .entries
                .get(index)
                .is_some_and(|entry| entry.ending == Ending::Open)
            {
                self.finish(index, Place::Gone, Receipt::Rejected(reason));
            }
        }
    }

    fn finish(&mut self, index: usize, place: Place, receipt: Receipt) {
        let Some(entry) = self.entries.get_mut(index) else {
            return;
        };
        entry.place = place;
        if entry.ending == Ending::Open {
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
        if entry.stored && (entry.ending != Ending::Open || entry.place == Place::Gone) {
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
fn check(topic: &str, payload: &[u8], queue: usize) -> Result<u16, PublishError> {
    if !is_valid_name(topic) {
        return Err(PublishError::TopicInvalid);
    }
    if topic.len() > MAX_TOPIC {
        return Err(PublishError::TooLong { max: MAX_TOPIC });
    }
    if payload.len() > MAX_PAYLOAD {
        return Err(PublishError::TooLong { max: MAX_PAYLOAD });
    }
    let size = topic.len() + payload.len();
    if size > queue {
        return Err(PublishError::TooLong { max: queue });
    }
    u16::try_from(size).map_err(|_| PublishError::TooLong {
        max: usize::from(u16::MAX),
    })
}
