//! What a connection does with the packets that come in, one at a time and only when asked: the receive buffer is the
//! queue, so a slow application holds the broker back instead of filling memory.
//!
//! Here are the loop and the packets of 3.1.1. Not here: messages (see `messages`), the packets of 5.0 (see `v5`),
//! whether an answer fits a request (see `outbox`), the limits of time (see `keep_alive`).

use crate::connection::{Connection, Resuming, State};
use crate::error::{Cause, ProtocolError};
use crate::messages::Front;
use crate::outbox::RequestKind;
use crate::packet::{Ack, ConnAck, FixedHeader, PacketType, SubAck};
use crate::receipts::Reply;
use crate::session::Session;
use crate::types::PacketId;
use crate::v5::{Event, Extra as _, Properties, ReasonCode};
use crate::version::{V311, Version};

/// Publishes under way at a time with a broker of 3.1.1, which cannot say how many it takes: as many as mosquitto does
/// unless told otherwise. It ends the connection at the next QoS 2 publish, and so at each one that follows.
const QUOTA_V311: u16 = 20;

/// What the next received packet asks for.
pub(crate) enum Step {
    /// There is none, or it has to wait.
    Wait,
    /// A message is complete; [`Connection::deliver`] it.
    Message(Front),
    Event(Event<'static>),
    /// An event whose properties are in the packet, which stays until the next call.
    Tell(News, ReasonCode, Span),
    /// It is done with; look at the next one.
    Again,
}

/// Some of the unread bytes: from the first number to before the second.
pub(crate) type Span = (usize, usize);

/// An event of 5.0 without its reason and properties.
#[derive(Clone, Copy)]
pub(crate) enum News {
    Connected { session_present: bool },
    Refused,
    Published(PacketId),
    Subscribed(PacketId),
    Unsubscribed(PacketId),
    Disconnected,
}

impl News {
    pub(crate) fn event(self, reason: ReasonCode, properties: Properties<'_>) -> Event<'_> {
        match self {
            Self::Connected { session_present } => Event::Connected {
                session_present,
                properties,
            },
            Self::Refused => Event::Refused { reason, properties },
            Self::Published(packet_id) => Event::Published {
                packet_id,
                reason,
                properties,
            },
            Self::Subscribed(packet_id) => Event::Subscribed {
                packet_id,
                reason,
                properties,
            },
            Self::Unsubscribed(packet_id) => Event::Unsubscribed {
                packet_id,
                reason,
                properties,
            },
            Self::Disconnected => Event::Disconnected { reason, properties },
        }
    }

    /// The news of 3.1.1, which has no properties.
    fn plain(self, reason: ReasonCode) -> Step {
        Step::Event(self.event(reason, Properties::NONE))
    }
}

impl<const RX: usize, const IN_FLIGHT: usize> Connection<RX, IN_FLIGHT, V311> {
    /// The next thing that happened. A message lies in the receive buffer and is gone with the next call, unless
    /// [`keep_message`](Self::keep_message) comes first.
    ///
    /// `None` also while a QoS 1 or 2 message waits because `IN_FLIGHT` others are not acknowledged.
    pub fn poll_event<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
    ) -> Option<crate::Event<'_>> {
        self.next_event(session).map(crate::Event::from)
    }
}

impl<const RX: usize, const IN_FLIGHT: usize, V: Version> Connection<RX, IN_FLIGHT, V> {
    /// The next thing that happened, in the words of MQTT 5.0, which know more: for a caller that chooses the version while
    /// it runs. Otherwise as `poll_event`.
    pub fn next_event<const TX: usize>(&mut self, session: &mut Session<TX, IN_FLIGHT>) -> Option<Event<'_>> {
        self.done_with_delivered();
        self.flush_receipts(session);
        if let Some(cause) = self.take_lost() {
            return Some(Event::Lost(cause));
        }
        if let Some(event) = self.resume(session) {
            return Some(event);
        }
        loop {
            match self.step(session) {
                Step::Wait => return None,
                Step::Again => {}
                Step::Event(event) => return Some(event),
                Step::Tell(news, reason, (start, end)) => {
                    let properties = self.inbox.unread().get(start..end).unwrap_or_default();
                    return Some(news.event(reason, Properties::of_wire(properties)));
                }
                Step::Message(front) => {
                    let id = self.note(session, &front);
                    return Some(self.deliver(front, id));
                }
            }
        }
    }

    /// Tells of requests that cannot go out again; when there are none left, all others do.
    fn resume<const TX: usize>(&mut self, session: &mut Session<TX, IN_FLIGHT>) -> Option<Event<'static>> {
        let Resuming::With { session_present } = self.resuming else {
            return None;
        };
        let facts = self.extra.facts();
        let facts = facts.as_deref();
        let taken = session.outbox.reject(|request, bytes| {
            if Session::<TX, IN_FLIGHT>::is_void(request, session_present) {
                return Some(ReasonCode::SUCCESS);
            }
            facts.and_then(|facts| facts.refuses_request(request, bytes))
        });
        if let Some((request, reason)) = taken {
            let id = request.packet_id;
            let news = match request.kind {
                RequestKind::AtLeastOnce | RequestKind::ExactlyOnce | RequestKind::Release => {
                    News::Published(id)
                }
                RequestKind::Subscribe => News::Subscribed(id),
                RequestKind::Unsubscribe => News::Unsubscribed(id),
            };
            return Some(news.event(reason, Properties::NONE));
        }
        session.resume(session_present, facts.map_or(QUOTA_V311, |facts| facts.quota));
        self.resuming = Resuming::No;
        None
    }

    /// The connection stands. Requests go out again at once, unless the caller has to hear of some first.
    pub(crate) fn begin<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        session_present: bool,
    ) {
        self.established();
        session.found(session_present);
        self.resuming = Resuming::With { session_present };
        let facts = self.extra.facts();
        let facts = facts.as_deref();
        let mut doomed = |request: &_| {
            let bytes = session.outbox.bytes_of(request);
            Session::<TX, IN_FLIGHT>::is_void(request, session_present)
                || facts.is_some_and(|facts| facts.refuses_request(request, bytes).is_some())
        };
        if !session.outbox.requests().iter().any(&mut doomed) {
            let quota = facts.map_or(QUOTA_V311, |facts| facts.quota);
            session.resume(session_present, quota);
            self.resuming = Resuming::No;
        }
    }

    /// Looks at the next received packet; consumes it unless it is needed for an event.
    fn step<const TX: usize>(&mut self, session: &mut Session<TX, IN_FLIGHT>) -> Step {
        match self.state {
            State::Closed | State::Lost(_) | State::Connecting(_) | State::Disconnecting => {
                return Step::Wait;
            }
            State::AwaitingConnack(_) | State::Up(_) => {}
        }
        let step = if let Some(headless) = self.headless {
            self.finish_headless(session, headless)
        } else {
            match self.header() {
                Ok(Some(header)) => self.look(session, header),
                Ok(None) => return Step::Wait,
                Err(error) => Err(error),
            }
        };
        step.unwrap_or_else(|error| self.lose(session, error))
    }

    pub(crate) fn header(&self) -> Result<Option<FixedHeader>, ProtocolError> {
        if V::LEVEL == 5 {
            FixedHeader::decode_v5(self.inbox.unread())
        } else {
            FixedHeader::decode(self.inbox.unread())
        }
    }

    fn look<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        header: FixedHeader,
    ) -> Result<Step, ProtocolError> {
        if header.kind == PacketType::Publish && self.is_up() {
            return self.message(session, header);
        }
        self.check_place(header.kind)?;
        if V::LEVEL == 5 && header.total() > RX {
            return Err(ProtocolError::TooLarge);
        }
        if header.total() > self.inbox.unread().len() {
            return Ok(Step::Wait);
        }
        let step = if V::LEVEL == 5 {
            self.look_v5(session, header)?
        } else {
            self.look_v311(session, header)?
        };
        match step {
            Step::Wait => {}
            Step::Tell(..) => self.delivered = header.total(),
            Step::Message(_) | Step::Event(_) | Step::Again => self.inbox.advance(header.total()),
        }
        Ok(step)
    }

    /// Whether such a packet may come now, before all of it is there.
    fn check_place(&self, kind: PacketType) -> Result<(), ProtocolError> {
        let up = self.is_up();
        match kind {
            PacketType::ConnAck if !up => Ok(()),
            PacketType::PubAck | PacketType::PubRec | PacketType::PubRel | PacketType::PubComp if up => {
                Ok(())
            }
            PacketType::SubAck | PacketType::UnsubAck | PacketType::PingResp if up => Ok(()),
            PacketType::Disconnect if V::LEVEL == 5 && up => Ok(()),
            other => Err(ProtocolError::Unexpected(other)),
        }
    }

    /// The broker broke the standard.
    pub(crate) fn lose<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        error: ProtocolError,
    ) -> Step {
        if V::LEVEL == 5 && self.is_up() {
            self.disconnect_for(session, error.into());
        } else {
            self.enter(State::Closed);
        }
        Step::Event(Event::Lost(Cause::Protocol(error)))
    }

    fn look_v311<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        header: FixedHeader,
    ) -> Result<Step, ProtocolError> {
        let id = || Ack::decode(header.kind, self.body(header));
        match header.kind {
            PacketType::ConnAck => self.connack(session, header),
            PacketType::PubAck => {
                let id = id()?;
                Ok(self.answered(session, (id, RequestKind::AtLeastOnce), News::Published(id)))
            }
            PacketType::PubRec => {
                let id = id()?;
                Ok(self.pubrec(session, id))
            }
            PacketType::PubRel => {
                let id = id()?;
                Ok(self.pubrel(session, id))
            }
            PacketType::PubComp => {
                let id = id()?;
                Ok(self.answered(session, (id, RequestKind::Release), News::Published(id)))
            }
            PacketType::SubAck => self.suback(session, header),
            PacketType::UnsubAck => {
                let id = id()?;
                Ok(self.answered(session, (id, RequestKind::Unsubscribe), News::Unsubscribed(id)))
            }
            PacketType::PingResp => Ok(self.pingresp()),
            other => Err(ProtocolError::Unexpected(other)),
        }
    }

    fn connack<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        header: FixedHeader,
    ) -> Result<Step, ProtocolError> {
        let ConnAck {
            session_present,
            code,
        } = ConnAck::decode(self.body(header))?;
        let reason = ReasonCode::new(code.number());
        if code.is_refusal() {
            self.enter(State::Closed);
            return Ok(News::Refused.plain(reason));
        }
        self.check_session(session_present)?;
        self.begin(session, session_present);
        Ok(News::Connected { session_present }.plain(reason))
    }

    /// After a clean start there is no session that could be present [MQTT-3.2.2-1], in 5.0 [MQTT-3.2.2-2].
    pub(crate) fn check_session(&self, session_present: bool) -> Result<(), ProtocolError> {
        let clean = matches!(self.state, State::AwaitingConnack(opening) if opening.clean_session);
        if session_present && clean {
            Err(ProtocolError::SessionPresent)
        } else {
            Ok(())
        }
    }

    /// An answer to nothing is passed over: it harms nobody, and the standard does not ask to close for it.
    fn answered<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        (packet_id, kind): (PacketId, RequestKind),
        news: News,
    ) -> Step {
        if !session.answered(packet_id, kind) {
            return Step::Again;
        }
        self.progressed();
        news.plain(ReasonCode::SUCCESS)
    }

    pub(crate) fn progressed(&mut self) {
        if let State::Up(live) = &mut self.state {
            live.progressed(self.now_ms);
        }
    }

    /// The broker has a QoS 2 publish. To one that nobody made the answer is the same [MQTT-4.3.3-1]: the broker waits for
    /// it, and the publish may be of an earlier life of this end.
    pub(crate) fn pubrec<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        packet_id: PacketId,
    ) -> Step {
        if self.defers {
            return self.received(session, packet_id);
        }
        if session.release_publish(packet_id) {
            self.progressed();
            return Step::Again;
        }
        self.reply(session, PacketType::PubRel, packet_id, true)
    }

    /// The caller is to note that the broker has the QoS 2 publish. One that nobody here made may be of an earlier life: the
    /// caller knows, and is told as well.
    fn received<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        packet_id: PacketId,
    ) -> Step {
        if session.outbox.hold(packet_id) {
            self.progressed();
        } else if session.outbox.uses(packet_id) {
            // It is held or being released already.
            return Step::Again;
        } else if !session.outbox.hold_unknown(packet_id) {
            return Step::Wait;
        }
        Step::Event(Event::Received { packet_id })
    }

    /// The broker will not send the QoS 2 message again. It is answered always [MQTT-4.3.3-2]: an earlier answer may be lost.
    pub(crate) fn pubrel<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        packet_id: PacketId,
    ) -> Step {
        if self.defers {
            return self.released(packet_id);
        }
        let known = session.received.contains(packet_id);
        let step = self.reply(session, PacketType::PubComp, packet_id, known);
        if matches!(step, Step::Again) {
            session.received.remove(packet_id);
        }
        step
    }

    /// The caller is to note that the broker released the QoS 2 message.
    fn released(&mut self, packet_id: PacketId) -> Step {
        match self.receipts.released(packet_id) {
            Some(true) => Step::Event(Event::Released { packet_id }),
            Some(false) => Step::Again,
            None => Step::Wait,
        }
    }

    /// Answers a later step of QoS 2; when even the queue for that is full, the packet waits.
    fn reply<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        kind: PacketType,
        packet_id: PacketId,
        known: bool,
    ) -> Step {
        let reply = Reply {
            kind,
            packet_id,
            known,
        };
        if !self.receipts.reply(reply) {
            return Step::Wait;
        }
        self.flush_receipts(session);
        Step::Again
    }

    fn suback<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        header: FixedHeader,
    ) -> Result<Step, ProtocolError> {
        let SubAck { packet_id, granted } = SubAck::decode(self.body(header))?;
        if !session.answered(packet_id, RequestKind::Subscribe) {
            return Ok(Step::Again);
        }
        self.progressed();
        let reason = granted.map_or(ReasonCode::UNSPECIFIED_ERROR, |qos| ReasonCode::new(qos.number()));
        Ok(News::Subscribed(packet_id).plain(reason))
    }

    pub(crate) fn pingresp(&mut self) -> Step {
        if let State::Up(live) = &mut self.state {
            live.ponged();
        }
        Step::Again
    }
}
