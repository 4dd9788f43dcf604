//! What outlives a connection: packet identifiers and the requests that the broker has not answered (MQTT 4.1).
//!
//! Their bytes lie in the outbox, ready to be sent again [MQTT-4.4.0-1]. Subscribe and unsubscribe are kept as well, though
//! the standard does not ask for it, so that each accepted request is answered once, however many connections that
//! takes. Not here: the transport, time, incoming messages (see `connection`).

use crate::error::Error;
use crate::options::ConnectOptions;
use crate::outbox::{Outbox, RequestKind};
use crate::packet::{Ack, EncodeError, PacketType, Publish, Subscribe, Unsubscribe, encode_empty, publish};
use crate::text;
use crate::types::{PacketId, QoS};

/// Bytes at most that a QoS 1 publish takes of the transmit buffer beyond its topic and payload: fixed header, topic
/// length, packet identifier.
pub const PUBLISH_OVERHEAD: usize = 5 + 2 + 2;

/// Bytes of the transmit buffer that publishes leave to PUBACK, PUBACK to PINGREQ, and PINGREQ to DISCONNECT, so that none of
/// these waits for an answer that it may itself bring about.
pub const CONTROL_ROOM: usize = SPARE_OF_ACKS + Ack::SIZE;
const SPARE_OF_ACKS: usize = SPARE_OF_PING + 2;
const SPARE_OF_PING: usize = 2;

pub(crate) struct Session<const TX: usize, const IN_FLIGHT: usize> {
    pub(crate) outbox: Outbox<TX, IN_FLIGHT>,
    last_packet_id: Option<PacketId>,
}

impl<const TX: usize, const IN_FLIGHT: usize> Session<TX, IN_FLIGHT> {
    pub(crate) const fn new() -> Self {
        Self {
            outbox: Outbox::new(),
            last_packet_id: None,
        }
    }

    /// Queues a publish without acknowledgement.
    pub(crate) fn publish_once(&mut self, topic: &str, payload: &[u8], retain: bool) -> Result<(), Error> {
        check_topic_name(topic)?;
        let packet = Publish {
            dup: false,
            qos: QoS::AtMostOnce,
            retain,
            topic,
            packet_id: None,
            payload,
        };
        let size = fitting::<TX>(packet.size())?;
        let out = self.outbox.append(size, CONTROL_ROOM).ok_or(Error::NoRoom)?;
        written(packet.encode(out))
    }

    /// Queues a publish that stays until its PUBACK, DUP not set [MQTT-4.3.2-1].
    pub(crate) fn publish(&mut self, topic: &str, payload: &[u8], retain: bool) -> Result<PacketId, Error> {
        check_topic_name(topic)?;
        let id = self.unused_packet_id();
        let packet = Publish {
            dup: false,
            qos: QoS::AtLeastOnce,
            retain,
            topic,
            packet_id: Some(id),
            payload,
        };
        self.request(id, RequestKind::Publish, packet.size(), |out| packet.encode(out))
    }

    /// Queues a SUBSCRIBE that stays until its SUBACK.
    pub(crate) fn subscribe(&mut self, filter: &str, qos: QoS) -> Result<PacketId, Error> {
        check_filter(filter)?;
        let packet_id = self.unused_packet_id();
        let packet = Subscribe {
            packet_id,
            filter,
            qos,
        };
        self.request(packet_id, RequestKind::Subscribe, packet.size(), |out| {
            packet.encode(out)
        })
    }

    /// Queues an UNSUBSCRIBE that stays until its UNSUBACK.
    pub(crate) fn unsubscribe(&mut self, filter: &str) -> Result<PacketId, Error> {
        check_filter(filter)?;
        let packet_id = self.unused_packet_id();
        let packet = Unsubscribe { packet_id, filter };
        self.request(packet_id, RequestKind::Unsubscribe, packet.size(), |out| {
            packet.encode(out)
        })
    }

    fn request(
        &mut self,
        id: PacketId,
        kind: RequestKind,
        size: usize,
        encode: impl FnOnce(&mut [u8]) -> Result<usize, EncodeError>,
    ) -> Result<PacketId, Error> {
        let size = fitting::<TX>(size)?;
        let slot = self.outbox.append_request(id, kind, size, CONTROL_ROOM);
        written(encode(slot.ok_or(Error::NoRoom)?))?;
        self.last_packet_id = Some(id);
        Ok(id)
    }

    /// One that no unanswered request uses [MQTT-2.3.1-2]. There are always more of them than requests.
    fn unused_packet_id(&self) -> PacketId {
        let mut id = self.last_packet_id.map_or(PacketId::FIRST, PacketId::next);
        while self
            .outbox
            .requests()
            .iter()
            .any(|request| request.packet_id == id)
        {
            id = id.next();
        }
        id
    }

    /// Whether a QoS 1 publish with this many bytes of topic and payload would be taken now.
    pub(crate) fn can_publish(&self, topic_and_payload: usize) -> bool {
        let size = topic_and_payload.saturating_add(PUBLISH_OVERHEAD + CONTROL_ROOM);
        self.outbox.requests().len() < IN_FLIGHT && size <= self.outbox.room()
    }

    /// Queues a PUBACK; false when there is no room for it yet.
    pub(crate) fn acknowledge(&mut self, id: PacketId) -> bool {
        let slot = self.outbox.append(Ack::SIZE, SPARE_OF_ACKS);
        slot.is_some_and(|out| Ack::encode(PacketType::PubAck, id, out).is_ok())
    }

    /// Queues a PINGREQ.
    pub(crate) fn ping(&mut self) {
        if let Some(out) = self.outbox.append(2, SPARE_OF_PING) {
            // Two bytes are what it takes.
            let _ = encode_empty(PacketType::PingReq, out);
        }
    }

    /// Queues a DISCONNECT.
    pub(crate) fn disconnect(&mut self) {
        if let Some(out) = self.outbox.append(2, 0) {
            let _ = encode_empty(PacketType::Disconnect, out);
        }
    }

    /// The broker answered; false when it answered something that was not asked.
    pub(crate) fn answered(&mut self, id: PacketId, kind: RequestKind) -> bool {
        self.outbox.release(id, kind)
    }

    /// The connection is gone.
    pub(crate) fn suspend(&mut self) {
        self.outbox.rewind();
    }

    /// The next connection stands: everything unanswered goes out again, in its old order [MQTT-4.6.0-1] and with its old
    /// packet identifiers [MQTT-2.3.1-3].
    ///
    /// A publish that the broker's session may know gets DUP [MQTT-3.3.1-1]. To a broker without the session nothing can
    /// be a repetition: DUP is cleared and the publish counts as new.
    pub(crate) fn resume(&mut self, session_present: bool) {
        self.outbox.first_bytes(|request, byte| {
            request.attempted &= session_present;
            if request.kind == RequestKind::Publish {
                let dup = if request.attempted { publish::DUP } else { 0 };
                *byte = *byte & !publish::DUP | dup;
            }
        });
    }

    /// Forgets all requests; identifiers go on from where they were.
    pub(crate) fn forget(&mut self) {
        self.outbox.clear();
    }
}

/// What no connection to any broker could carry is refused before one is tried.
pub(crate) fn check_options(options: &ConnectOptions<'_>) -> Result<(), Error> {
    if options.client_id.is_empty() && !options.clean_session {
        return Err(Error::NoClientId);
    }
    if options.user.is_none() && options.password.is_some() {
        return Err(Error::PasswordWithoutUser);
    }
    if !text::is_clean(options.client_id) || !options.user.is_none_or(text::is_clean) {
        return Err(Error::BadText);
    }
    options.will.map_or(Ok(()), |will| check_topic_name(will.topic))
}

fn check_topic_name(topic: &str) -> Result<(), Error> {
    if text::is_topic_name(topic) {
        Ok(())
    } else {
        Err(Error::BadTopic)
    }
}

fn check_filter(filter: &str) -> Result<(), Error> {
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
