//! Messages that came and wait for the application.
//!
//! QoS 1 and 2 messages are acknowledged when the application takes them, so that a slow one holds the broker back; QoS 0
//! messages find room or not, and make room for the others. One that is still here when the broker sends it again is not doubled. Not here: what the
//! application does meanwhile.

use fivewire_mqtt::MessageId;
use heapless::Vec;

use crate::message::{Head, Message, ReceiveError};

/// What became of a message that came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    Stored,
    /// There is no room now.
    Full,
    /// It needs more than there is.
    TooLarge,
}

#[derive(Debug)]
struct Entry {
    head: Head,
    start: usize,
    id: Option<MessageId>,
}

/// At most `N` messages with at most `BYTES` bytes together.
#[derive(Debug)]
pub(crate) struct Inbox<const BYTES: usize, const N: usize> {
    bytes: [u8; BYTES],
    used: usize,
    entries: Vec<Entry, N>,
}

/// Bytes of topic, properties and payload.
pub(crate) fn size(message: &Message<'_>) -> usize {
    message.topic.len() + message.properties.wire_bytes().len() + message.payload.len()
}

impl<const BYTES: usize, const N: usize> Inbox<BYTES, N> {
    pub(crate) const NEW: Self = Self {
        bytes: [0; BYTES],
        used: 0,
        entries: Vec::new(),
    };

    /// Messages that wait.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// A message came.
    pub(crate) fn push(&mut self, message: &Message<'_>, id: Option<MessageId>) -> Arrival {
        if self.is_repetition(message, id) {
            return Arrival::Stored;
        }
        let (start, len) = (self.used, size(message));
        if len > BYTES {
            return Arrival::TooLarge;
        }
        let properties = message.properties.wire_bytes();
        let Some(room) = self.bytes.get_mut(start..start + len) else {
            return Arrival::Full;
        };
        let entry = Entry {
            head: Head {
                topic_len: message.topic.len(),
                properties_len: properties.len(),
                len,
                qos: message.qos,
                retain: message.retain,
                dup: message.dup,
            },
            start,
            id,
        };
        if self.entries.push(entry).is_err() {
            return Arrival::Full;
        }
        let parts = [message.topic.as_bytes(), properties, message.payload];
        let bytes = parts.into_iter().flatten();
        room.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        self.used += len;
        Arrival::Stored
    }

    /// Whether the broker sends a message again that waits here; the acknowledgement is for the new one then.
    fn is_repetition(&mut self, message: &Message<'_>, id: Option<MessageId>) -> bool {
        let Some(id) = id.filter(|_| message.dup) else {
            return false;
        };
        let bytes = &self.bytes;
        let same = |entry: &&mut Entry| {
            let kept = entry.head.view(bytes.get(entry.start..).unwrap_or_default());
            let named = entry.id.is_some_and(|kept| kept.packet_id() == id.packet_id());
            named && kept.topic == message.topic && kept.payload == message.payload
        };
        let entry = self.entries.iter_mut().find(same);
        entry.map(|entry| entry.id = Some(id)).is_some()
    }

    /// Copies the first message that `wanted` says yes to into the application's buffer and takes it out; what it is to
    /// be acknowledged by comes along.
    pub(crate) fn take(
        &mut self,
        buffer: &mut [u8],
        wanted: impl Fn(&str) -> bool,
    ) -> Option<Result<(Head, Option<MessageId>), ReceiveError>> {
        let position = self.find(wanted)?;
        let entry = self.entries.get(position)?;
        let (head, bytes) = (entry.head, self.bytes.get(entry.start..)?);
        let Some(room) = buffer.get_mut(..head.len) else {
            return Some(Err(ReceiveError::TooSmall { needed: head.len }));
        };
        room.copy_from_slice(bytes.get(..head.len)?);
        Some(Ok((head, self.remove(position))))
    }

    /// Drops the oldest QoS 0 message, so that one that must not be lost finds room; false when there is none.
    pub(crate) fn discard(&mut self) -> bool {
        let position = self.entries.iter().position(|entry| entry.id.is_none());
        position.map(|position| self.remove(position)).is_some()
    }

    /// Takes the first message out that `wanted` says yes to, without a look at it. None: there is none.
    pub(crate) fn skip(&mut self, wanted: impl Fn(&str) -> bool) -> Option<Option<MessageId>> {
        let position = self.find(wanted)?;
        Some(self.remove(position))
    }

    fn find(&self, wanted: impl Fn(&str) -> bool) -> Option<usize> {
        self.entries.iter().position(|entry| {
            let bytes = self.bytes.get(entry.start..).unwrap_or_default();
            wanted(entry.head.view(bytes).topic)
        })
    }

    /// What is behind it moves up.
    fn remove(&mut self, position: usize) -> Option<MessageId> {
        if position >= self.entries.len() {
            return None;
        }
        let Entry { head, start, id } = self.entries.remove(position);
        self.bytes.copy_within(start + head.len..self.used, start);
        self.used -= head.len;
        for later in self.entries.iter_mut().skip(position) {
            later.start -= head.len;
        }
        id
    }
}

#[cfg(test)]
mod tests {
    use fivewire_mqtt::v5::Properties;
    use fivewire_mqtt::{Client, ConnectOptions, Event, MessageId, QoS};

    use super::{Arrival, Inbox, Message, ReceiveError};

    fn message<'a>(topic: &'a str, payload: &'a [u8], dup: bool) -> Message<'a> {
        Message {
            topic,
            payload,
            qos: QoS::AtLeastOnce,
            retain: false,
            dup,
            properties: Properties::of_wire(b"\x01\x01"),
        }
    }

    /// What a client says of a QoS 1 message with this packet identifier.
    fn id(number: u8) -> MessageId {
        let mut client = Client::<64, 64, 4>::new();
        client.connect(0, &ConnectOptions::new("x")).unwrap();
        client.consume_output(client.output().len());
        client.handle_input(0, &[0x20, 2, 0, 0, 0x32, 5, 0, 1, b't', 0, number]);
        assert!(matches!(client.poll_event(), Some(Event::Connected { .. })));
        let Some(Event::Message {
            packet_id: Some(id), ..
        }) = client.poll_event()
        else {
            panic!("no message");
        };
        id
    }

    #[test]
    fn messages_are_taken_in_order_and_by_filter() {
        let mut inbox = Inbox::<30, 3>::NEW;
        for (topic, payload) in [("a", b"one"), ("b", b"two"), ("a", b"six")] {
            assert_eq!(inbox.push(&message(topic, payload, false), None), Arrival::Stored);
        }
        assert_eq!(inbox.push(&message("c", b"", false), None), Arrival::Full);
        let mut buffer = [0; 6];
        let small = inbox.take(&mut buffer[..5], |topic| topic == "b");
        assert_eq!(small.unwrap().unwrap_err(), ReceiveError::TooSmall { needed: 6 });
        let (head, _) = inbox.take(&mut buffer, |topic| topic == "b").unwrap().unwrap();
        assert_eq!(head.view(&buffer), message("b", b"two", false));
        assert_eq!(inbox.skip(|_| true), Some(None));
        let (head, _) = inbox.take(&mut buffer, |_| true).unwrap().unwrap();
        assert_eq!(head.view(&buffer), message("a", b"six", false));
        assert!(inbox.take(&mut buffer, |_| true).is_none() && inbox.skip(|_| true).is_none());
        assert_eq!((inbox.len(), inbox.used), (0, 0));
    }

    #[test]
    fn bytes_are_bounded_too() {
        let mut inbox = Inbox::<10, 3>::NEW;
        assert_eq!(
            inbox.push(&message("a", b"12345678", false), None),
            Arrival::TooLarge
        );
        assert_eq!(inbox.push(&message("a", b"1234", false), None), Arrival::Stored);
        assert_eq!(inbox.push(&message("a", b"1", false), None), Arrival::Full);
        assert_eq!(inbox.len(), 1);
    }

    #[test]
    fn qos_0_makes_room() {
        let mut inbox = Inbox::<30, 3>::NEW;
        inbox.push(&message("a", b"kept", false), Some(id(7)));
        inbox.push(&message("b", b"lost", false), None);
        inbox.push(&message("c", b"kept", false), None);
        assert!(inbox.discard());
        for topic in ["a", "c"] {
            let mut buffer = [0; 9];
            let (head, _) = inbox.take(&mut buffer, |_| true).unwrap().unwrap();
            assert_eq!(head.view(&buffer), message(topic, b"kept", false));
        }
        inbox.push(&message("a", b"kept", false), Some(id(7)));
        assert!(!inbox.discard());
    }

    #[test]
    fn a_repetition_of_what_waits_is_not_doubled() {
        let mut inbox = Inbox::<30, 3>::NEW;
        let (seven, eight) = (id(7), id(8));
        let push = |inbox: &mut Inbox<30, 3>, payload: &[u8], dup, id| {
            inbox.push(&message("a", payload, dup), Some(id));
            inbox.len()
        };
        assert_eq!(push(&mut inbox, b"x", false, seven), 1);
        assert_eq!(push(&mut inbox, b"x", true, seven), 1);
        assert_eq!(push(&mut inbox, b"x", true, eight), 2, "another identifier");
        assert_eq!(push(&mut inbox, b"y", true, seven), 3, "another message");
        assert_eq!(inbox.skip(|_| true), Some(Some(seven)));
    }
}
