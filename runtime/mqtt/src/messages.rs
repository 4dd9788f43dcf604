//! PUBLISH from the broker: to be delivered, to wait, to be recognised as a repetition, or to go by when it is too large.
//!
//! Not here: the acknowledgement by the application (see `requests`), the order of answers (see `receipts`).

use crate::connection::Connection;
use crate::error::{Cause, ProtocolError};
use crate::incoming::{Span, Step};
use crate::packet::{self, FixedHeader, Publish};
use crate::session::Session;
use crate::types::{MessageId, PacketId, QoS};
use crate::v5::{self, Event, Extra as _, Properties};
use crate::version::Version;

/// A message at the front of the buffer, checked.
#[derive(Clone, Copy)]
pub(crate) struct Front {
    total: usize,
    pub(crate) qos: QoS,
    retain: bool,
    dup: bool,
    pub(crate) packet_id: Option<PacketId>,
    topic: Span,
    /// Stands for the topic when that is empty.
    alias: u16,
    properties: Span,
    payload: Span,
}

/// What is left of a QoS 1 or 2 message whose topic alone was too long for the buffer.
///
/// The QoS as a number: an `Option` of this has no all-zero `None` when there is an enum in it (see `State`).
#[derive(Clone, Copy)]
pub(crate) struct Headless {
    rest: usize,
    size: usize,
    qos: u8,
}

impl<const RX: usize, const IN_FLIGHT: usize, V: Version> Connection<RX, IN_FLIGHT, V> {
    pub(crate) fn body(&self, header: FixedHeader) -> &[u8] {
        let unread = self.inbox.unread();
        unread
            .get(header.size..header.total().min(unread.len()))
            .unwrap_or_default()
    }

    /// A PUBLISH at the front of the buffer: is it to be delivered now?
    pub(crate) fn message<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        header: FixedHeader,
    ) -> Result<Step, ProtocolError> {
        let qos = Publish::qos(header.flags)?;
        if qos != QoS::AtMostOnce && !self.kept && self.has_to_wait()? {
            self.held = true;
            return Ok(Step::Wait);
        }
        if header.total() > RX && !self.is_head_there(header, qos)? {
            return Ok(Step::Wait);
        }
        if header.total() > RX && self.is_headless(header, qos) {
            return Ok(self.drop_topic(header, qos));
        }
        if header.total() <= RX && header.total() > self.inbox.unread().len() {
            return Ok(Step::Wait);
        }
        let front = self.front(header)?;
        match front.packet_id {
            Some(id) if qos == QoS::ExactlyOnce && !self.kept => self.exactly_once(session, id, front),
            Some(_) | None => Ok(Step::Message(front)),
        }
    }

    /// Whether the application has as many messages to acknowledge as there may be. In 5.0 the broker was told how many
    /// that is [MQTT-3.3.4-9].
    fn has_to_wait(&mut self) -> Result<bool, ProtocolError> {
        let waiting = self.receipts.len();
        if let Some(facts) = self.extra.facts()
            && !facts.tolerates_excess
            && waiting + usize::from(facts.unreleased) >= usize::from(facts.receive_maximum)
        {
            return Err(ProtocolError::ReceiveMaximum);
        }
        Ok(self.receipts.is_full())
    }

    /// Decodes the message, or as much of it as is there.
    fn front(&mut self, header: FixedHeader) -> Result<Front, ProtocolError> {
        let (total, body) = (header.total(), self.body(header));
        let (dup, retain) = packet::publish::dup_and_retain(header.flags);
        let start = header.size + 2;
        if V::LEVEL != 5 {
            let publish = Publish::decode(header.flags, body)?;
            let payload = total - publish.payload.len().min(total);
            return Ok(Front {
                total,
                qos: publish.qos,
                retain,
                dup,
                packet_id: publish.packet_id,
                topic: (start, start + publish.topic.len()),
                alias: 0,
                properties: (0, 0),
                payload: (payload, total),
            });
        }
        let publish = if total > RX {
            v5::packet::Publish::decode_head(header.flags, body)?.0
        } else {
            v5::packet::Publish::decode(header.flags, body)?
        };
        let payload = total - publish.payload.len().min(total);
        let properties = payload - publish.properties.wire_len().min(payload);
        let front = Front {
            total,
            qos: publish.qos,
            retain,
            dup,
            packet_id: publish.packet_id,
            topic: (start, start + publish.topic.len()),
            alias: publish.properties.topic_alias().unwrap_or(0),
            properties: (properties, payload),
            payload: (payload, total),
        };
        self.resolve(front)?;
        Ok(front)
    }

    /// Learns the topic alias of the message, or makes sure that it has one.
    fn resolve(&mut self, front: Front) -> Result<(), ProtocolError> {
        let topic = text(self.inbox.unread(), front.topic);
        let known = match (front.alias, topic.is_empty()) {
            (0, _) => true,
            (alias, false) => self.extra.learn(alias, topic),
            (alias, true) => self.extra.topic(alias).is_some(),
        };
        if known {
            Ok(())
        } else {
            Err(ProtocolError::TopicAlias)
        }
    }

    /// A QoS 2 message is at the front. One that the application has is answered and not delivered again.
    fn exactly_once<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        id: PacketId,
        front: Front,
    ) -> Result<Step, ProtocolError> {
        if session.received.contains(id) {
            self.receipts.push(id, true);
            self.receipts.take(session.message_id(id, true));
            self.flush_receipts(session);
        } else if !self.receipts.contains(id) {
            if session.received.room() > self.receipts.len() {
                return Ok(Step::Message(front));
            }
            // What the broker says after this message cannot be looked at before it; on the next connection it releases
            // what it has to release first.
            self.enter(crate::connection::State::Closed);
            return Ok(Step::Event(Event::Lost(Cause::TooManyReceived)));
        }
        self.inbox.advance(front.total);
        Ok(Step::Again)
    }

    /// Notes the QoS 1 or 2 message as one to be acknowledged; one that goes by is so at once.
    pub(crate) fn note<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        front: &Front,
    ) -> Option<MessageId> {
        let packet_id = front.packet_id?;
        let exactly_once = front.qos == QoS::ExactlyOnce;
        self.receipts.push(packet_id, exactly_once);
        let id = session.message_id(packet_id, exactly_once);
        if front.total > RX {
            let _ = self.acknowledge(session, id);
        }
        Some(id)
    }

    /// The message at the front of the buffer, which stays there until [`release`](Self::done_with_delivered).
    pub(crate) fn deliver(&mut self, front: Front, packet_id: Option<MessageId>) -> Event<'_> {
        self.delivered = front.total;
        self.kept = false;
        self.is_message = true;
        let unread = self.inbox.unread();
        let topic = match text(unread, front.topic) {
            "" => self.extra.topic(front.alias).unwrap_or_default(),
            topic => topic,
        };
        if front.total > RX {
            return Event::Discarded {
                topic: (!topic.is_empty()).then_some(topic),
                size: front.total,
                qos: front.qos,
            };
        }
        Event::Message {
            topic,
            payload: slice(unread, front.payload),
            qos: front.qos,
            retain: front.retain,
            dup: front.dup,
            packet_id,
            properties: Properties::of_wire(slice(unread, front.properties)),
        }
    }

    /// How many bytes of a message too large are of use: up to its packet identifier.
    fn head_len(&self, header: FixedHeader, qos: QoS) -> Option<usize> {
        let id = if qos == QoS::AtMostOnce { 0 } else { 2 };
        match self.inbox.unread().get(header.size..header.size + 2) {
            Some(&[high, low]) => Some(header.size + 2 + usize::from(u16::from_be_bytes([high, low])) + id),
            Some(_) | None => None,
        }
    }

    /// Whether all is there that is of use of a message too large, or can be.
    fn is_head_there(&mut self, header: FixedHeader, qos: QoS) -> Result<bool, ProtocolError> {
        if self.extra.facts().is_some_and(|facts| facts.refuses_oversize) {
            return Err(ProtocolError::TooLarge);
        }
        match self.head_len(header, qos) {
            Some(head) if head > header.total() => Err(ProtocolError::Length(header.kind)),
            Some(head) => Ok(head > RX || head <= self.inbox.unread().len()),
            None => Ok(false),
        }
    }

    /// Whether even the topic of a message too large is too long.
    fn is_headless(&self, header: FixedHeader, qos: QoS) -> bool {
        self.head_len(header, qos).is_some_and(|head| head > RX)
    }

    /// Lets the topic go by; with QoS 1 and 2 the packet identifier comes next.
    fn drop_topic(&mut self, header: FixedHeader, qos: QoS) -> Step {
        let size = header.total();
        if qos == QoS::AtMostOnce {
            self.inbox.advance(size);
            return Step::Event(Event::Discarded {
                topic: None,
                size,
                qos,
            });
        }
        let head = self.head_len(header, qos).unwrap_or(size);
        self.inbox.advance(head - 2);
        let rest = size - head;
        self.headless = Some(Headless {
            rest,
            size,
            qos: qos.number(),
        });
        Step::Again
    }

    /// The topic has gone by; the packet id comes next.
    pub(crate) fn finish_headless<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        Headless { rest, size, qos }: Headless,
    ) -> Result<Step, ProtocolError> {
        let Some(&[high, low]) = self.inbox.unread().get(..2) else {
            return Ok(Step::Wait);
        };
        let id = PacketId::new(u16::from_be_bytes([high, low])).ok_or(ProtocolError::PacketIdZero)?;
        let qos = QoS::from_number(qos).unwrap_or_default();
        let exactly_once = qos == QoS::ExactlyOnce;
        self.receipts.push(id, exactly_once);
        let _ = self.acknowledge(session, session.message_id(id, exactly_once));
        self.inbox.advance(2 + rest);
        self.headless = None;
        Ok(Step::Event(Event::Discarded {
            topic: None,
            size,
            qos,
        }))
    }
}

fn slice(bytes: &[u8], (start, end): Span) -> &[u8] {
    bytes.get(start..end).unwrap_or_default()
}

/// Text that was checked when the message was decoded.
fn text(bytes: &[u8], span: Span) -> &str {
    core::str::from_utf8(slice(bytes, span)).unwrap_or_default()
}
