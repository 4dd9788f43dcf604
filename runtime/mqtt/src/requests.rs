//! What a connection sends for its caller: publishes, subscriptions, acknowledgements, the goodbye.
//!
//! Not here: answers to them (see `incoming`).

use crate::connection::{Connection, State};
use crate::error::Error;
use crate::outbox::RequestKind;
use crate::packet::{PacketType, Publish, Subscribe, Unsubscribe, encode_empty};
use crate::session::{Session, check_filter, check_topic_name};
use crate::types::{MessageId, Number, PacketId, QoS};
use crate::v5::Extra as _;
use crate::version::{V311, Version};

impl<const RX: usize, const IN_FLIGHT: usize> Connection<RX, IN_FLIGHT, V311> {
    /// Publishes. QoS 0 needs a connection and is forgotten once the transport took it. QoS 1 and 2 are taken at any
    /// time, give a packet id, and end in [`Event::Published`](crate::Event::Published): after each lost connection they
    /// go out again, with DUP where the broker may have seen them.
    ///
    /// # Errors
    /// [`Error::NoRoom`] until something is answered; [`Error::NotConnected`]; else it can never be published.
    pub fn publish<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        now_ms: u32,
        topic: &str,
        payload: &[u8],
        qos: QoS,
        retain: bool,
    ) -> Result<Option<PacketId>, Error> {
        let packet = Publish::new(topic, payload, qos, retain);
        self.publish_numbered(session, now_ms, Number::Next, packet)
    }

    /// As [`publish`](Self::publish), under a packet identifier of the caller's; DUP and packet id of the packet do not matter.
    ///
    /// # Errors
    /// As there, and [`Error::PacketIdInUse`].
    pub fn publish_numbered<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        now_ms: u32,
        number: Number,
        packet: Publish<'_>,
    ) -> Result<Option<PacketId>, Error> {
        let packet = Publish::new(packet.topic, packet.payload, packet.qos, packet.retain);
        let kind = match packet.qos {
            QoS::AtMostOnce if !self.is_up() => return Err(Error::NotConnected),
            QoS::AtMostOnce => {
                check_topic_name(packet.topic)?;
                self.now_ms = now_ms;
                return session
                    .send_once(packet.size(), |out| packet.encode(out))
                    .map(|()| None);
            }
            QoS::AtLeastOnce => RequestKind::AtLeastOnce,
            QoS::ExactlyOnce => RequestKind::ExactlyOnce,
        };
        self.prepare(session, now_ms)?;
        check_topic_name(packet.topic)?;
        let id = session.request(number, (kind, packet.size()), |id, out| {
            let packet_id = Some(id);
            Publish { packet_id, ..packet }.encode(out)
        })?;
        Ok(Some(id))
    }

    /// Subscribes; taken at any time, and ends in [`Event::Subscribed`](crate::Event::Subscribed). Which filters to
    /// subscribe again for a broker without the session is the caller's knowledge.
    ///
    /// # Errors
    /// As [`publish`](Self::publish).
    pub fn subscribe<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        now_ms: u32,
        filter: &str,
        qos: QoS,
    ) -> Result<PacketId, Error> {
        self.subscribe_numbered(session, now_ms, Number::Next, filter, qos)
    }

    /// As [`subscribe`](Self::subscribe), under a packet identifier of the caller's.
    ///
    /// # Errors
    /// As there, and [`Error::PacketIdInUse`].
    pub fn subscribe_numbered<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        now_ms: u32,
        number: Number,
        filter: &str,
        qos: QoS,
    ) -> Result<PacketId, Error> {
        self.prepare(session, now_ms)?;
        check_filter(filter)?;
        let packet = Subscribe {
            packet_id: PacketId::FIRST,
            filter,
            qos,
        };
        let what = (RequestKind::Subscribe, packet.size());
        session.request(number, what, |packet_id, out| {
            Subscribe { packet_id, ..packet }.encode(out)
        })
    }

    /// Gives a subscription up; taken at any time, and ends in [`Event::Unsubscribed`](crate::Event::Unsubscribed).
    ///
    /// # Errors
    /// As [`publish`](Self::publish).
    pub fn unsubscribe<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        now_ms: u32,
        filter: &str,
    ) -> Result<PacketId, Error> {
        self.unsubscribe_numbered(session, now_ms, Number::Next, filter)
    }

    /// As [`unsubscribe`](Self::unsubscribe), under a packet identifier of the caller's.
    ///
    /// # Errors
    /// As there, and [`Error::PacketIdInUse`].
    pub fn unsubscribe_numbered<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        now_ms: u32,
        number: Number,
        filter: &str,
    ) -> Result<PacketId, Error> {
        self.prepare(session, now_ms)?;
        check_filter(filter)?;
        let packet = Unsubscribe {
            packet_id: PacketId::FIRST,
            filter,
        };
        let what = (RequestKind::Unsubscribe, packet.size());
        session.request(number, what, |packet_id, out| {
            Unsubscribe { packet_id, ..packet }.encode(out)
        })
    }

    /// Says goodbye: DISCONNECT is the last output, and the broker will not publish the will [MQTT-3.14.4-3]. Write the
    /// output, then close the transport [MQTT-3.14.4-1].
    pub fn disconnect<const TX: usize>(&mut self, session: &mut Session<TX, IN_FLIGHT>) {
        match self.state {
            State::Closed | State::Lost(_) | State::Disconnecting => {}
            State::Connecting(_) | State::AwaitingConnack(_) => self.enter(State::Closed),
            State::Up(_) => {
                session.send_last(2, |out| encode_empty(PacketType::Disconnect, out));
                self.enter(State::Disconnecting);
            }
        }
    }
}

impl<const RX: usize, const IN_FLIGHT: usize, V: Version> Connection<RX, IN_FLIGHT, V> {
    /// The application has the incoming QoS 1 or 2 message in safety: the broker may forget it. In any order; the
    /// answers go out in the order of receipt [MQTT-4.6.0-2], so ask for events again: a message may have waited.
    ///
    /// # Errors
    /// [`Error::UnknownMessage`] when it came on an earlier connection, or is acknowledged already. Both are harmless.
    pub fn acknowledge<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        id: MessageId,
    ) -> Result<(), Error> {
        if !session.is_of_this_connection(id) {
            return known(session.took_late(id));
        }
        known(self.receipts.take(id))?;
        if id.exactly_once {
            // There is room: no message is delivered that could not be remembered.
            session.received.insert(id.packet_id);
        }
        self.flush_receipts(session);
        Ok(())
    }

    /// The caller has noted that the broker received the QoS 2 publish, in this life or an earlier one: PUBREL goes out
    /// [MQTT-4.3.3-1], now or on the next connection, and [`Event::Published`](crate::Event::Published) ends it. False when
    /// the broker has no session that could know of it, so that it is over at once.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::NotConnected`] after DISCONNECT; [`Error::PacketIdInUse`] when something else has it.
    pub fn release<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        now_ms: u32,
        packet_id: PacketId,
    ) -> Result<bool, Error> {
        self.prepare(session, now_ms)?;
        session.release_held(packet_id)
    }

    /// The caller has noted that the broker released the QoS 2 message, and whether it `knew` of one: PUBCOMP goes out
    /// [MQTT-4.3.3-2]. One of an earlier connection the broker releases once more.
    ///
    /// # Errors
    /// [`Error::UnknownMessage`] when the broker did not release such on this connection; harmless.
    pub fn complete<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        packet_id: PacketId,
        knew: bool,
    ) -> Result<(), Error> {
        known(self.receipts.complete(packet_id, knew))?;
        session.received.remove(packet_id);
        self.flush_receipts(session);
        Ok(())
    }

    /// Queues the acknowledgements that are due, as far as there is room.
    pub(crate) fn flush_receipts<const TX: usize>(&mut self, session: &mut Session<TX, IN_FLIGHT>) {
        while let (true, Some(reply)) = (self.is_up(), self.receipts.due()) {
            let queued = if V::LEVEL == 5 && !reply.known {
                session.acknowledge_unknown(reply)
            } else {
                session.acknowledge(reply)
            };
            if !queued {
                return;
            }
            self.receipts.pop();
            if let Some(facts) = self.extra.facts() {
                facts.replied(reply.kind);
            }
        }
    }

    /// Whether a QoS 1 or 2 publish with `len` bytes of topic and payload together would find room now.
    #[must_use]
    pub fn can_publish<const TX: usize>(&self, session: &Session<TX, IN_FLIGHT>, len: usize) -> bool {
        !matches!(self.state, State::Disconnecting) && session.can_publish(len)
    }

    /// Before each request: from the first of them on, answers are waited for.
    pub(crate) fn prepare<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        now_ms: u32,
    ) -> Result<(), Error> {
        self.now_ms = now_ms;
        session.speak(V::LEVEL)?;
        let first = session.in_flight() == 0;
        match &mut self.state {
            State::Disconnecting => return Err(Error::NotConnected),
            State::Up(live) if first => live.progressed(now_ms),
            State::Up(_)
            | State::Closed
            | State::Lost(_)
            | State::Connecting(_)
            | State::AwaitingConnack(_) => {}
        }
        Ok(())
    }
}

fn known(message: bool) -> Result<(), Error> {
    if message {
        Ok(())
    } else {
        Err(Error::UnknownMessage)
    }
}
