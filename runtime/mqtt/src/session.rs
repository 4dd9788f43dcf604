//! What outlives a connection: packet identifiers, the requests that the broker has not answered, and the QoS 2 messages
//! that it has not released (MQTT 4.1).
//!
//! The requests' bytes lie in the outbox, ready to be sent again [MQTT-4.4.0-1]. Subscribe and unsubscribe are kept as well,
//! though the standard does not ask for it, so that each accepted request is answered once, however many connections that
//! takes. Not here: the transport, time, messages that the application has not taken (see `connection`), and how a
//! session is written down (see `store`).

use crate::error::Error;
use crate::options::ConnectOptions;
use crate::outbox::{Outbox, Request, RequestKind};
use crate::packet::{Ack, EncodeError, PacketType, encode_empty, publish};
use crate::receipts::Reply;
use crate::received::Received;
use crate::text;
use crate::types::{MessageId, Number, PacketId};
use crate::v5::{self, Properties, ReasonCode};

/// Bytes at most that a QoS 1 or 2 publish takes of the transmit buffer beyond its topic and payload: fixed header,
/// topic length, packet identifier.
pub const PUBLISH_OVERHEAD: usize = 5 + 2 + 2;

/// Bytes of the transmit buffer that publishes leave to PUBACK, PUBACK to PINGREQ, and PINGREQ to DISCONNECT, so that none of
/// these waits for an answer that it may itself bring about.
pub const CONTROL_ROOM: usize = SPARE_OF_ACKS + Ack::SIZE;
const SPARE_OF_ACKS: usize = SPARE_OF_PING + 2;
/// DISCONNECT, in MQTT 5.0 with a reason code.
const SPARE_OF_PING: usize = 3;

/// The state that client and broker share beyond a connection (MQTT 4.1), in memory of the caller's.
///
/// `TX`: bytes for all that is unsent or unanswered, [`PUBLISH_OVERHEAD`] for each publish and [`CONTROL_ROOM`] once.
/// `IN_FLIGHT`: how many publishes, subscribes and unsubscribes may be unanswered, and how many incoming QoS 1 and 2
/// messages unacknowledged.
///
/// A [`Connection`](crate::Connection) works on one; [`save`](Self::save) and [`restore`](Self::restore) carry it over a restart.
pub struct Session<const TX: usize, const IN_FLIGHT: usize> {
    pub(crate) outbox: Outbox<TX, IN_FLIGHT>,
    pub(crate) received: Received<IN_FLIGHT>,
    pub(crate) last_packet_id: Option<PacketId>,
    /// How many connections there were, wrapping.
    connection: u16,
    /// At which of them the broker's session began.
    since: u16,
    /// The version of MQTT that the requests are written in, by its level; 0 until there were any.
    pub(crate) level: u8,
}

impl<const TX: usize, const IN_FLIGHT: usize> Session<TX, IN_FLIGHT> {
    /// One without requests.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            outbox: Outbox::new(),
            received: Received::new(),
            last_packet_id: None,
            connection: 0,
            since: 0,
            level: 0,
        }
    }

    /// How many publishes, subscribes and unsubscribes the broker has not answered.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.outbox.requests().len()
    }

    /// Whether it is a QoS 1 or 2 publish of which no byte was handed to a transport, since the broker's session began.
    #[must_use]
    pub fn is_unsent(&self, packet_id: PacketId) -> bool {
        self.outbox.is_unsent_publish(packet_id)
    }

    /// Takes a QoS 1 or 2 publish back that [is unsent](Self::is_unsent): no event will tell of it, and its identifier is
    /// free. False, and nothing happens, when the broker may have seen it: it can only be completed then.
    pub fn withdraw(&mut self, packet_id: PacketId) -> bool {
        self.outbox.withdraw(packet_id)
    }

    /// Forgets all requests and messages; identifiers go on from where they were, and no event will tell of it. Only
    /// without a connection: after [`transport_closed`](crate::Connection::transport_closed).
    pub fn forget(&mut self) {
        self.outbox.clear();
        self.received.clear();
        self.since = self.connection;
    }

    /// From now on requests are written in this version of MQTT. Those of another one could not be sent.
    pub(crate) fn speak(&mut self, level: u8) -> Result<(), Error> {
        if self.level != level && self.in_flight() > 0 {
            return Err(Error::OtherVersion);
        }
        self.level = level;
        Ok(())
    }

    /// Queues a packet without answer, of `size` bytes.
    pub(crate) fn send_once(
        &mut self,
        size: usize,
        encode: impl FnOnce(&mut [u8]) -> Result<usize, EncodeError>,
    ) -> Result<(), Error> {
        let size = fitting::<TX>(size)?;
        let out = self.outbox.append(size, CONTROL_ROOM).ok_or(Error::NoRoom)?;
        written(encode(out))
    }

    /// Queues a packet of `size` bytes that stays until it is answered.
    pub(crate) fn request(
        &mut self,
        number: Number,
        (kind, size): (RequestKind, usize),
        encode: impl FnOnce(PacketId, &mut [u8]) -> Result<usize, EncodeError>,
    ) -> Result<PacketId, Error> {
        let size = fitting::<TX>(size)?;
        let id = self.packet_id(number)?;
        let attempted = matches!(number, Number::Again(_));
        let again = attempted && kind.is_publish() && self.outbox.has_begun() && self.is_kept();
        let slot = self
            .outbox
            .append_attempted(id, kind, (size, CONTROL_ROOM), attempted);
        let slot = slot.ok_or(Error::NoRoom)?;
        written(encode(id, slot))?;
        if let Some(byte) = slot.first_mut().filter(|_| again) {
            *byte |= publish::DUP;
        }
        if number == Number::Next {
            self.last_packet_id = Some(id);
        }
        Ok(id)
    }

    /// One that no unanswered request uses [MQTT-2.3.1-2]. There are always more of them than requests.
    fn packet_id(&self, number: Number) -> Result<PacketId, Error> {
        match number {
            Number::Next => {
                let mut id = self.last_packet_id.map_or(PacketId::FIRST, PacketId::next);
                while self.outbox.uses(id) {
                    id = id.next();
                }
                Ok(id)
            }
            Number::New(id) | Number::Again(id) if self.outbox.uses(id) => Err(Error::PacketIdInUse),
            Number::New(id) | Number::Again(id) => Ok(id),
        }
    }

    /// Lets the broker release a QoS 2 publish that it received [MQTT-4.3.3-1]; of an earlier life of this end, too. False
    /// when it has no session that could know of it: then that is all.
    pub(crate) fn release_held(&mut self, id: PacketId) -> Result<bool, Error> {
        let held = self.outbox.unhold(id);
        if !held && self.outbox.uses(id) {
            return Err(Error::PacketIdInUse);
        }
        if self.outbox.has_begun() && !self.is_kept() && !held {
            return Ok(false);
        }
        let kind = RequestKind::Release;
        let Some(slot) = self.outbox.append_attempted(id, kind, (Ack::SIZE, 0), true) else {
            // Until there is room; it is not forgotten.
            let _ = held && self.outbox.hold_unknown(id);
            return Err(Error::NoRoom);
        };
        written(Ack::encode(PacketType::PubRel, id, slot))?;
        Ok(true)
    }

    /// Whether a packet of this size would be taken now.
    pub(crate) fn has_room(&self, size: usize) -> bool {
        size.saturating_add(CONTROL_ROOM) <= self.outbox.room()
    }

    /// Whether a QoS 1 or 2 publish with this many bytes of topic and payload would be taken now.
    pub(crate) fn can_publish(&self, topic_and_payload: usize) -> bool {
        let size = topic_and_payload.saturating_add(PUBLISH_OVERHEAD + CONTROL_ROOM);
        self.outbox.has_slot() && size <= self.outbox.room()
    }

    /// Queues a PUBACK or its like; false when there is no room for it yet.
    pub(crate) fn acknowledge(&mut self, reply: Reply) -> bool {
        let slot = self.outbox.append(Ack::SIZE, SPARE_OF_ACKS);
        slot.is_some_and(|out| Ack::encode(reply.kind, reply.packet_id, out).is_ok())
    }

    /// As [`acknowledge`](Self::acknowledge), with a reason; if there is no room for that, it goes without.
    pub(crate) fn acknowledge_unknown(&mut self, reply: Reply) -> bool {
        let packet = v5::packet::Ack {
            packet_id: reply.packet_id,
            reason: ReasonCode::PACKET_IDENTIFIER_NOT_FOUND,
            properties: Properties::NONE,
        };
        match self.outbox.append(Ack::SIZE + 1, SPARE_OF_ACKS) {
            Some(out) => packet.encode(reply.kind, out).is_ok(),
            None => self.acknowledge(reply),
        }
    }

    /// Queues a PINGREQ.
    pub(crate) fn ping(&mut self) {
        if let Some(out) = self.outbox.append(2, SPARE_OF_PING) {
            // Two bytes are what it takes.
            let _ = encode_empty(PacketType::PingReq, out);
        }
    }

    /// Queues a last packet of `size` bytes; false when there is no room for it.
    pub(crate) fn send_last(
        &mut self,
        size: usize,
        encode: impl FnOnce(&mut [u8]) -> Result<usize, EncodeError>,
    ) -> bool {
        let slot = self.outbox.append(size, 0);
        slot.is_some_and(|out| encode(out).is_ok())
    }

    /// The broker answered; false when it answered something that was not asked.
    pub(crate) fn answered(&mut self, id: PacketId, kind: RequestKind) -> bool {
        self.outbox.release(id, kind)
    }

    /// The broker has the QoS 2 publish: PUBREL takes its place [MQTT-4.3.3-1]. False when none such waits.
    pub(crate) fn release_publish(&mut self, id: PacketId) -> bool {
        let mut packet = [0; Ack::SIZE];
        // It is exactly as long.
        let _ = Ack::encode(PacketType::PubRel, id, &mut packet);
        let step = (RequestKind::ExactlyOnce, RequestKind::Release);
        self.outbox.replace(id, step, &packet)
    }

    /// The connection is gone.
    pub(crate) fn suspend(&mut self) {
        self.outbox.rewind();
        self.connection = self.connection.wrapping_add(1);
    }

    /// The broker answered CONNECT, and has the session or not. What only that session knew is forgotten.
    pub(crate) fn found(&mut self, session_present: bool) {
        if !session_present {
            self.received.clear();
            self.since = self.connection;
        }
    }

    /// The broker has a session from before this connection.
    const fn is_kept(&self) -> bool {
        self.since != self.connection
    }

    /// Whether the broker's present session has nothing to do with the request: a broker that forgot that it received a
    /// publish cannot be asked to release it, and sending the publish again could deliver it twice.
    pub(crate) fn is_void(request: &Request, session_present: bool) -> bool {
        !session_present && request.kind == RequestKind::Release
    }

    /// The next connection stands: everything unanswered goes out again, in its old order [MQTT-4.6.0-1] and with its old
    /// packet identifiers [MQTT-2.3.1-3].
    ///
    /// A publish that the broker's session may know gets DUP [MQTT-3.3.1-1]. To a broker without the session nothing can
    /// be a repetition: DUP is cleared and the publish counts as new.
    pub(crate) fn resume(&mut self, session_present: bool, quota: u16) {
        self.outbox.begin(quota, |request, byte| {
            request.attempted &= session_present;
            if request.kind.is_publish() {
                let dup = if request.attempted { publish::DUP } else { 0 };
                *byte = *byte & !publish::DUP | dup;
            }
        });
    }

    /// What the application shall acknowledge an incoming message by.
    pub(crate) const fn message_id(&self, packet_id: PacketId, exactly_once: bool) -> MessageId {
        MessageId {
            packet_id,
            exactly_once,
            connection: self.connection,
        }
    }

    /// The message came on the present connection.
    pub(crate) const fn is_of_this_connection(&self, id: MessageId) -> bool {
        id.connection == self.connection
    }

    /// The application has a QoS 2 message whose connection is gone. While the broker keeps the session it will send the
    /// message again, which has to be known for a repetition then.
    pub(crate) fn took_late(&mut self, id: MessageId) -> bool {
        let age = self.connection.wrapping_sub(id.connection);
        let of_this_session = age <= self.connection.wrapping_sub(self.since);
        id.exactly_once
            && of_this_session
            && !self.received.contains(id.packet_id)
            && self.received.insert(id.packet_id)
    }
}

impl<const TX: usize, const IN_FLIGHT: usize> Default for Session<TX, IN_FLIGHT> {
    fn default() -> Self {
        Self::new()
    }
}

/// What no connection to any broker could carry is refused before one is tried.
pub(crate) fn check_options(options: &ConnectOptions<'_>) -> Result<(), Error> {
    if !text::is_clean(options.client_id) || !options.user.is_none_or(text::is_clean) {
        return Err(Error::BadText);
    }
    options.will.map_or(Ok(()), |will| check_topic_name(will.topic))
}

pub(crate) fn check_topic_name(topic: &str) -> Result<(), Error> {
    if text::is_topic_name(topic) {
        Ok(())
    } else {
        Err(Error::BadTopic)
    }
}

pub(crate) fn check_filter(filter: &str) -> Result<(), Error> {
    if text::is_topic_filter(filter) {
        Ok(())
    } else {
        Err(Error::BadFilter)
    }
}

/// The size, unless even an empty buffer is too small for it.
fn fitting<const TX: usize>(size: usize) -> Result<usize, Error> {
    if size.saturating_add(CONTROL_ROOM) <= TX {
        Ok(size)
    } else {
        Err(Error::TooLarge)
    }
}

/// Packets are encoded into places of exactly their size, so this never fails.
fn written(encoded: Result<usize, EncodeError>) -> Result<(), Error> {
    encoded.map(|_| ()).map_err(|_| Error::TooLarge)
}
