//! Messages from the bridge, each kept until every subscription it matched took it; then it is accepted. Which
//! subscriptions match is decided elsewhere.

use fivewire_wire::QoS;
use heapless::Vec;

use crate::bytes::{Bytes, text};
use crate::queue::MAX_PAYLOAD;
use crate::topic::MAX_TOPIC;

/// Largest message: topic and payload, in bytes.
pub(crate) const MAX_MESSAGE: usize = MAX_TOPIC + MAX_PAYLOAD;

/// A set of places in the subscription table.
pub(crate) type Mask = u32;

#[derive(Clone, Copy, Debug)]
struct Entry {
    /// What to accept; none for a message of a link that is gone.
    number: Option<u8>,
    waiting_for: Mask,
    topic_len: u8,
    /// Topic and payload; 0 once everyone took it.
    len: u16,
    retained: bool,
    dup: bool,
    qos: QoS,
}

impl Entry {
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

/// Up to `MESSAGES` messages whose topics and payloads are up to `INBOX` bytes in all.
#[derive(Debug)]
pub(crate) struct Inbox<const MESSAGES: usize, const INBOX: usize> {
    entries: Vec<Entry, MESSAGES>,
    bytes: Bytes<INBOX>,
}

impl<const MESSAGES: usize, const INBOX: usize> Inbox<MESSAGES, INBOX> {
    pub(crate) const fn new() -> Self {
        Self {
            entries: Vec::new(),
            bytes: Bytes::new(),
        }
    }

    /// True when a message of `len` bytes fits.
    pub(crate) fn has_room(&self, len: usize) -> bool {
        !self.entries.is_full() && len <= self.bytes.free()
    }

    /// Keeps the event `number`. With nobody waiting for it, only its number is kept. False when it does not fit.
    pub(crate) fn push(&mut self, number: u8, message: MessageView<'_>, waiting_for: Mask) -> bool {
        let MessageView {
            topic,
            payload,
            retained,
            dup,
            qos,
        } = message;
        let (topic, payload) = if waiting_for == 0 {
            ("", &[][..])
        } else {
            (topic, payload)
        };
        let (Ok(topic_len), Ok(len)) = (
            u8::try_from(topic.len()),
            u16::try_from(topic.len() + payload.len()),
        ) else {
            return false;
        };
        let entry = Entry {
            number: Some(number),
            waiting_for,
            topic_len,
            len,
            retained,
            dup,
            qos,
        };
        if !self.has_room(len.into()) || self.entries.push(entry).is_err() {
            return false;
        }
        self.bytes.push(topic.as_bytes(), payload)
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

    /// The oldest message that `place` has not taken.
    pub(crate) fn peek(&self, place: Mask) -> Option<MessageView<'_>> {
        let index = self.first_for(place)?;
        let entry = self.entries.get(index)?;
        let bytes = self.bytes.get(self.start(index), entry.len.into());
        let (topic, payload) = bytes.split_at_checked(entry.topic_len.into())?;
        let Entry {
            retained, dup, qos, ..
        } = *entry;
        Some(MessageView {
            topic: text(topic),
            payload,
            retained,
            dup,
            qos,
        })
    }

    /// `place` took the message that [`peek`](Self::peek) shows. True when it was the last to take it.
    pub(crate) fn take(&mut self, place: Mask) -> bool {
        self.first_for(place)
            .is_some_and(|index| self.take_at(index, place))
    }

    fn take_at(&mut self, index: usize, place: Mask) -> bool {
        let start = self.start(index);
        let Some(entry) = self.entries.get_mut(index) else {
            return false;
        };
        entry.waiting_for &= !place;
        if entry.waiting_for != 0 {
            return false;
        }
        self.bytes.remove(start, entry.len.into());
        entry.len = 0;
        if entry.is_stale() {
            self.entries.remove(index);
        }
        true
    }

    /// `place` is gone: it takes nothing any more.
    pub(crate) fn forget(&mut self, place: Mask) {
        while self.first_for(place).is_some() {
            self.take(place);
        }
    }

    /// The next message to accept.
    pub(crate) fn next_accept(&self) -> Option<u8> {
        self.entries
            .iter()
            .find(|entry| entry.waiting_for == 0)
            .and_then(|entry| entry.number)
    }

    /// The message that [`next_accept`](Self::next_accept) showed was accepted.
    pub(crate) fn accepted(&mut self) {
        if let Some(index) = self.entries.iter().position(|entry| entry.waiting_for == 0) {
            self.entries.remove(index);
        }
    }

    /// The bridge forgot everything: there is nothing to accept. What the application has not taken is kept.
    pub(crate) fn link_lost(&mut self) {
        self.entries.retain(|entry| entry.waiting_for != 0);
        for entry in &mut self.entries {
            entry.number = None;
        }
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
    /// session sends them again, and behind what is kept, in the order of their topics. Returns the room and how many
    /// were discarded.
    pub(crate) fn offer(&mut self) -> (Room, u32) {
        let mut discarded = 0;
        while !self.has_room(MAX_MESSAGE)
            && let Some(index) = self.entries.iter().rposition(Entry::is_stale)
        {
            self.take_at(index, Mask::MAX);
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

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::string::String;
    use std::vec::Vec;

    type Small = Inbox<3, { MAX_MESSAGE + 20 }>;

    fn message<'a>(topic: &'a str, payload: &'a [u8]) -> MessageView<'a> {
        MessageView {
            topic,
            payload,
            retained: false,
            dup: false,
            qos: QoS::AtLeastOnce,
        }
    }

    fn payloads(inbox: &mut Small, place: Mask) -> Vec<String> {
        let mut all = Vec::new();
        while let Some(message) = inbox.peek(place) {
            all.push(String::from_utf8_lossy(message.payload).into_owned());
            inbox.take(place);
        }
        all
    }

    fn accepts(inbox: &mut Small) -> Vec<u8> {
        let mut all = Vec::new();
        while let Some(number) = inbox.next_accept() {
            all.push(number);
            inbox.accepted();
        }
        all
    }

    #[test]
    fn a_message_is_accepted_when_the_last_subscription_took_it() {
        let mut inbox = Small::new();
        assert!(inbox.push(4, message("a", b"one"), 0b01) && inbox.push(5, message("a", b"two"), 0b11));
        assert!(inbox.push(6, message("b", b"nobody"), 0));
        assert_eq!(accepts(&mut inbox), [6]);
        assert_eq!(payloads(&mut inbox, 0b10), ["two"]);
        assert_eq!(accepts(&mut inbox), []);
        assert_eq!(payloads(&mut inbox, 0b01), ["one", "two"]);
        assert_eq!(accepts(&mut inbox), [4, 5]);
        assert_eq!(
            inbox.offer(),
            (
                Room {
                    messages: 3,
                    bytes: MAX_MESSAGE as u16 + 20
                },
                0
            )
        );
    }

    #[test]
    fn a_subscription_that_ends_lets_go_of_its_messages() {
        let mut inbox = Small::new();
        assert!(inbox.push(1, message("a", b"x"), 0b01) && inbox.push(2, message("a", b"y"), 0b11));
        inbox.forget(0b01);
        assert_eq!(accepts(&mut inbox), [1]);
        assert_eq!(payloads(&mut inbox, 0b10), ["y"]);
    }

    #[test]
    fn it_never_holds_more_than_its_bounds() {
        let mut inbox = Small::new();
        assert!(!inbox.push(0, message("t", &[0; MAX_MESSAGE + 20]), 1));
        assert!((0..3).all(|number| inbox.push(number, message("t", b"x"), 1)));
        assert!(!inbox.push(3, message("t", b"x"), 1));
    }

    #[test]
    fn untaken_messages_outlive_the_link_but_make_room_for_one() {
        let mut inbox = Small::new();
        assert!((0..3).all(|number| inbox.push(number, message("t", &[b'0' + number; 9]), 1)));
        inbox.take(1);
        inbox.link_lost();
        assert_eq!(
            accepts(&mut inbox),
            [],
            "taken before, but there is no one to tell"
        );
        assert_eq!(
            inbox.offer(),
            (
                Room {
                    messages: 1,
                    bytes: MAX_MESSAGE as u16
                },
                0
            )
        );
        assert!(inbox.push(0, message("t", &[0; MAX_MESSAGE - 1]), 1));
        inbox.link_lost();
        let (room, discarded) = inbox.offer();
        assert_eq!(
            (room.messages, discarded),
            (1, 1),
            "it is enough that the newest goes"
        );
        assert_eq!(inbox.waiting(), 2);
    }

    #[test]
    fn what_makes_room_comes_again_behind_what_stays() {
        let mut inbox = Small::new();
        assert!(inbox.push(0, message("t", &[b'0'; MAX_MESSAGE - 1]), 1));
        assert!((1..3).all(|number| inbox.push(number, message("t", &[b'0' + number; 9]), 1)));
        inbox.link_lost();
        assert_eq!(inbox.offer().1, 3, "the oldest, though the largest, goes last");
        assert!((0..3).all(|number| inbox.push(number, message("t", &[b'0' + number; 4]), 1)));
        inbox.link_lost();
        assert_eq!(inbox.offer().1, 1);
        assert_eq!(payloads(&mut inbox, 1), ["0000", "1111"]);
    }
}
