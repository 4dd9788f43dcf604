//! Messages from the bridge, each kept until every subscription it matched took it; then it is accepted. A QoS 2
//! message that comes again is known by its packet identifier. Which subscriptions match is decided elsewhere.

use fivewire_wire::QoS;
use heapless::Vec;

use crate::bytes::{Bytes, text};
use crate::queue::{MAX_PAYLOAD, MAX_PROPERTIES};
use crate::received::{Complete, Received};
use crate::topic::MAX_TOPIC;

#[cfg(test)]
mod tests;

/// Largest message: topic, payload and properties, in bytes.
pub(crate) const MAX_MESSAGE: usize = MAX_TOPIC + MAX_PAYLOAD + MAX_PROPERTIES;

/// Bytes of the smallest inbox: the largest message without properties.
pub(crate) const MIN_INBOX: usize = MAX_TOPIC + MAX_PAYLOAD;

/// A set of places in the subscription table.
pub(crate) type Mask = u32;

#[derive(Clone, Copy, Debug)]
struct Entry {
    /// What to accept; none for a message of a link that is gone.
    number: Option<u8>,
    waiting_for: Mask,
    /// By which a QoS 2 message is known should it come again; 0 for others, and once it was taken or released.
    packet_id: u16,
    /// The number of an earlier copy of the message of this packet identifier: accepted when that is; 0 for others.
    copy_of: u16,
    topic_len: u8,
    properties_len: u8,
    /// Topic, payload and properties; 0 once everyone took it.
    len: u16,
    retained: bool,
    dup: bool,
    qos: QoS,
}

impl Entry {
    /// One that only has to be accepted.
    const fn unwanted(number: u8) -> Self {
        Self {
            number: Some(number),
            waiting_for: 0,
            packet_id: 0,
            copy_of: 0,
            topic_len: 0,
            properties_len: 0,
            len: 0,
            retained: false,
            dup: false,
            qos: QoS::AtMostOnce,
        }
    }

    const fn is_stale(&self) -> bool {
        self.number.is_none()
    }
}

/// A message as it lies in the inbox.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct MessageView<'a> {
    /// MQTT topic name.
    pub topic: &'a str,
    /// Application message.
    pub payload: &'a [u8],
    /// MQTT 5.0 properties as the standard encodes them (2.2.2), without their length; `fivewire_mqtt::v5` reads them.
    /// Empty with MQTT 3.1.1.
    pub properties: &'a [u8],
    /// It was the topic's retained message when the subscription was made.
    pub retained: bool,
    /// The broker may have sent it before.
    pub dup: bool,
    /// Quality of service it came with.
    pub qos: QoS,
}

impl core::fmt::Debug for MessageView<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(
            f,
            "Message({:?}, {} bytes, {:?}",
            self.topic,
            self.payload.len(),
            self.qos
        )?;
        f.write_str(if self.retained { ", retained" } else { "" })?;
        f.write_str(if self.dup { ", dup)" } else { ")" })
    }
}

/// What the bridge may send before anything is accepted; goes out in `configure`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Room {
    pub(crate) messages: u8,
    pub(crate) bytes: u16,
}

/// What a message turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    New,
    /// A QoS 2 message that was taken, or waits to be.
    Again,
    /// There was no room for it.
    Refused,
}

/// Up to `MESSAGES` messages whose topics, payloads and properties are up to `INBOX` bytes in all.
#[derive(Debug)]
pub(crate) struct Inbox<const MESSAGES: usize, const INBOX: usize> {
    entries: Vec<Entry, MESSAGES>,
    bytes: Bytes<INBOX>,
    received: Received,
}

impl<const MESSAGES: usize, const INBOX: usize> Inbox<MESSAGES, INBOX> {
    pub(crate) const fn new() -> Self {
        Self {
            entries: Vec::new(),
            bytes: Bytes::new(),
            received: Received::new(),
        }
    }

    /// True when a message of `len` bytes fits, or never will.
    pub(crate) fn has_room(&self, len: usize) -> bool {
        !self.entries.is_full() && (len <= self.bytes.free() || len > INBOX)
    }

    /// Keeps the event `number`; `packet_id` is 0 but for QoS 2. With nobody waiting for it, only its number is kept. The same
    /// for one that is larger than the whole inbox, which no bridge sends that was told of the room.
    pub(crate) fn push(
        &mut self,
        number: u8,
        packet_id: u16,
        message: MessageView<'_>,
        waiting_for: Mask,
    ) -> Arrival {
        if self.received.contains(packet_id) {
            return self.keep(Entry::unwanted(number), [&[]; 3], Arrival::Again);
        }
        let waits = |entry: &Entry| packet_id != 0 && entry.packet_id == packet_id;
        if let Some(index) = self.entries.iter().position(waits) {
            return self.came_again(index, number);
        }
        let MessageView {
            topic,
            payload,
            properties,
            retained,
            dup,
            qos,
        } = message;
        let len = topic.len() + payload.len() + properties.len();
        if waiting_for == 0 || len > INBOX {
            self.remember(packet_id);
            return self.keep(Entry::unwanted(number), [&[]; 3], Arrival::New);
        }
        let (Ok(topic_len), Ok(properties_len), Ok(len)) = (
            topic.len().try_into(),
            properties.len().try_into(),
            len.try_into(),
        ) else {
            return Arrival::Refused;
        };
        let entry = Entry {
            number: Some(number),
            waiting_for,
            packet_id,
            copy_of: 0,
            topic_len,
            properties_len,
            len,
            retained,
            dup,
            qos,
        };
        self.keep(entry, [topic.as_bytes(), payload, properties], Arrival::New)
    }

    fn keep(&mut self, entry: Entry, parts: [&[u8]; 3], arrival: Arrival) -> Arrival {
        let fits = self.has_room(entry.len.into()) && self.entries.push(entry).is_ok();
        if fits && self.bytes.push(parts) {
            arrival
        } else {
            Arrival::Refused
        }
    }

    /// The copy that waits takes the new number. The one it had, if its link is not gone, was of a connection that is; but
    /// by either the bridge would let the broker forget the message, so both wait until it was taken.
    fn came_again(&mut self, index: usize, number: u8) -> Arrival {
        let entry = self.entries.get_mut(index);
        let old = entry.and_then(|entry| Some((entry.number.replace(number)?, entry.packet_id)));
        let Some((old, copy_of)) = old else {
            return Arrival::Again;
        };
        let entry = Entry {
            copy_of,
            ..Entry::unwanted(old)
        };
        self.keep(entry, [&[]; 3], Arrival::Again)
    }

    /// A QoS 2 message needs nobody any more: it is a repetition should it come again.
    fn remember(&mut self, packet_id: u16) {
        if packet_id != 0 {
            self.received.insert(packet_id);
        }
    }

    fn start(&self, index: usize) -> usize {
        self.entries
            .iter()
            .take(index)
            .map(|entry| usize::from(entry.len))
            .sum()
    }

    fn first_for(&self, place: Mask) -> Option<usize> {
        self.entries
            .iter()
            .position(|entry| entry.waiting_for & place != 0)
    }

    /// The oldest message that `place` has not taken. A QoS 2 message that could not be remembered yet is not shown.
    pub(crate) fn peek(&self, place: Mask) -> Option<MessageView<'_>> {
        let index = self.first_for(place)?;
        let entry = self.entries.get(index).filter(|entry| self.may_take(entry))?;
        let bytes = self.bytes.get(self.start(index), entry.len.into());
        let (topic, rest) = bytes.split_at_checked(entry.topic_len.into())?;
        let payload_len = rest.len().checked_sub(entry.properties_len.into())?;
        let (payload, properties) = rest.split_at_checked(payload_len)?;
        let Entry {
            retained, dup, qos, ..
        } = *entry;
        Some(MessageView {
            topic: text(topic),
            payload,
            properties,
            retained,
            dup,
            qos,
        })
    }

    fn may_take(&self, entry: &Entry) -> bool {
        entry.packet_id == 0 || !self.received.is_full()
    }

    /// `place` took the message that [`peek`](Self::peek) shows.
    pub(crate) fn take(&mut self, place: Mask) {
        let index = self.first_for(place);
        let entry = |index: usize| self.entries.get(index).is_some_and(|entry| self.may_take(entry));
        if let Some(index) = index.filter(|index| entry(*index)) {
            self.take_at(index, place);
        }
    }

    fn take_at(&mut self, index: usize, place: Mask) {
        let Some(entry) = self.entries.get_mut(index) else {
            return;
        };
        entry.waiting_for &= !place;
        if entry.waiting_for == 0 {
            let packet_id = core::mem::take(&mut entry.packet_id);
            self.remember(packet_id);
            self.done(index);
        }
    }

    /// Frees its bytes, and itself if there is no one to accept it to.
    fn done(&mut self, index: usize) {
        let start = self.start(index);
        let Some(entry) = self.entries.get_mut(index) else {
            return;
        };
        self.bytes.remove(start, entry.len.into());
        entry.len = 0;
        if entry.is_stale() {
            self.entries.remove(index);
        }
    }

    /// `place` is gone: it takes nothing any more.
    pub(crate) fn forget(&mut self, place: Mask) {
        while let Some(index) = self.first_for(place) {
            self.take_at(index, place);
        }
    }

    fn first_to_accept(&self) -> Option<usize> {
        let waits =
            |packet_id| packet_id != 0 && self.entries.iter().any(|entry| entry.packet_id == packet_id);
        let is_done = |entry: &Entry| entry.waiting_for == 0 && !waits(entry.copy_of);
        self.entries.iter().position(is_done)
    }

    /// The next message to accept.
    pub(crate) fn next_accept(&self) -> Option<u8> {
        self.entries.get(self.first_to_accept()?)?.number
    }

    /// The message that [`next_accept`](Self::next_accept) showed was accepted.
    pub(crate) fn accepted(&mut self) {
        if let Some(index) = self.first_to_accept() {
            self.entries.remove(index);
        }
    }

    /// The bridge forgot everything: there is nothing to accept. What the application has not taken is kept.
    pub(crate) fn link_lost(&mut self) {
        self.entries.retain(|entry| entry.waiting_for != 0);
        for entry in &mut self.entries {
            entry.number = None;
        }
        self.received.link_lost();
    }

    /// The broker has no session: packet identifiers from before name nothing any more. Messages stay.
    pub(crate) fn session_lost(&mut self) {
        for entry in &mut self.entries {
            entry.packet_id = 0;
        }
        self.received.session_lost();
    }

    /// True when [`released`](Self::released) can be called.
    pub(crate) fn can_complete(&self) -> bool {
        self.received.has_room()
    }

    /// The broker released a QoS 2 message: it will not come again, and its identifier may name another.
    pub(crate) fn released(&mut self, packet_id: u16) {
        let mut known = self.received.remove(packet_id);
        for entry in self
            .entries
            .iter_mut()
            .filter(|entry| entry.packet_id == packet_id)
        {
            entry.packet_id = 0;
            known = true;
        }
        self.received.complete(Complete { packet_id, known });
    }

    /// The released message to confirm next.
    pub(crate) fn next_complete(&self) -> Option<Complete> {
        self.received.next_complete()
    }

    /// What [`next_complete`](Self::next_complete) showed was confirmed.
    pub(crate) fn completed(&mut self) {
        self.received.completed();
    }

    /// What the bridge may send when nothing of an earlier link is in the way.
    pub(crate) const ROOM: Room = Room {
        messages: if MESSAGES > 32 { 32 } else { MESSAGES as u8 },
        bytes: if INBOX > 32_768 { 32_768 } else { INBOX as u16 },
    };

    /// True while messages of an earlier link take room.
    pub(crate) fn has_stale(&self) -> bool {
        self.entries.iter().any(Entry::is_stale)
    }

    /// What the bridge may send, while messages of an earlier link still wait to be taken. Those that are in the way
    /// of even one message are discarded, the newest first: they were never accepted, so a broker that keeps the
    /// session sends them again, and behind what is kept, in the order of their topics. (Of several subscriptions that
    /// match one, those that took it are given it again.) Returns the room and how many were discarded.
    pub(crate) fn offer(&mut self) -> (Room, u32) {
        let mut discarded = 0;
        while !self.has_room(MAX_MESSAGE.min(INBOX))
            && let Some(index) = self.entries.iter().rposition(Entry::is_stale)
        {
            self.done(index);
            discarded += 1;
        }
        if !self.has_stale() {
            return (Self::ROOM, discarded);
        }
        let free = MESSAGES - self.entries.len();
        let messages = u8::try_from(free).unwrap_or(u8::MAX).min(Self::ROOM.messages);
        let bytes = u16::try_from(self.bytes.free())
            .unwrap_or(u16::MAX)
            .min(Self::ROOM.bytes);
        (Room { messages, bytes }, discarded)
    }

    /// Messages that the application has not taken.
    pub(crate) fn waiting(&self) -> usize {
        self.entries.iter().filter(|entry| entry.waiting_for != 0).count()
    }
}
