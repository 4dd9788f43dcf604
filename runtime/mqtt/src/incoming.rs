//! What a connection does with the packets that come in, one at a time and only when asked: the receive buffer is the
//! queue, so a slow application holds the broker back instead of filling memory.
//!
//! Not here: whether an answer fits a request (see `outbox`), the limits of time (see `keep_alive`).

use crate::connection::{Connection, State};
use crate::error::{Cause, ProtocolError};
use crate::event::Event;
use crate::inbox::Inbox;
use crate::outbox::RequestKind;
use crate::packet::{Ack, ConnAck, FixedHeader, PacketType, Publish, SubAck};
use crate::receipts::Reply;
use crate::session::Session;
use crate::types::{MessageId, PacketId, QoS};

/// What the next received packet asks for.
enum Step {
    /// There is none, or it has to wait.
    Wait,
    /// A message is complete; [`Connection::deliver`] it.
    Message(FixedHeader),
    Event(Event<'static>),
    /// It is done with; look at the next one.
    Again,
}

/// What is left of a QoS 1 or 2 message whose topic alone was too long for the buffer.
#[derive(Clone, Copy)]
pub(crate) struct Headless {
    rest: usize,
    size: usize,
    qos: QoS,
}

impl<const RX: usize, const IN_FLIGHT: usize> Connection<RX, IN_FLIGHT> {
    /// The next thing that happened. A message lies in the receive buffer and is gone with the next call, unless
    /// [`keep_message`](Self::keep_message) comes first.
    ///
    /// `None` also while a QoS 1 or 2 message waits because `IN_FLIGHT` others are not acknowledged.
    pub fn poll_event<const TX: usize>(&mut self, session: &mut Session<TX, IN_FLIGHT>) -> Option<Event<'_>> {
        self.release();
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
                Step::Message(header) => {
                    let id = self.note(session, header);
                    return Some(self.deliver(header, id));
                }
            }
        }
    }

    /// Tells of requests that cannot go out again; when there are none left, all others do.
    fn resume<const TX: usize>(&mut self, session: &mut Session<TX, IN_FLIGHT>) -> Option<Event<'static>> {
        let session_present = self.resuming?;
        let void =
            |request: &_, _: &_| Session::<TX, IN_FLIGHT>::is_void(request, session_present).then_some(());
        if let Some((request, ())) = session.outbox.reject(void) {
            // The broker did receive it.
            return Some(Event::Published {
                packet_id: request.packet_id,
            });
        }
        session.resume(session_present, u16::MAX);
        self.resuming = None;
        None
    }

    /// Looks at the next received packet; consumes it unless it is a message.
    fn step<const TX: usize>(&mut self, session: &mut Session<TX, IN_FLIGHT>) -> Step {
        match self.state {
            State::Closed | State::Lost(_) | State::Connecting(_) | State::Disconnecting => {
                return Step::Wait;
            }
            State::AwaitingConnack(_) | State::Up(_) => {}
        }
        if let Some(headless) = self.headless {
            return self.finish_headless(session, headless);
        }
        let header = match FixedHeader::decode(self.inbox.unread()) {
            Ok(Some(header)) => header,
            Ok(None) => return Step::Wait,
            Err(error) => return self.lose(error),
        };
        match self.look(session, header) {
            Ok(step) => step,
            Err(error) => self.lose(error),
        }
    }

    fn look<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        header: FixedHeader,
    ) -> Result<Step, ProtocolError> {
        let up = self.is_up();
        if header.kind == PacketType::Publish && up {
            return self.message(session, header);
        }
        if header.total() > self.inbox.unread().len() {
            check_place(header.kind, up)?;
            return Ok(Step::Wait);
        }
        let step = match header.kind {
            PacketType::ConnAck if !up => self.connack(session, header)?,
            PacketType::PubAck if up => self.puback(session, header)?,
            PacketType::PubRec if up => self.pubrec(session, header)?,
            PacketType::PubRel if up => self.pubrel(session, header)?,
            PacketType::PubComp if up => self.pubcomp(session, header)?,
            PacketType::SubAck if up => self.suback(session, header)?,
            PacketType::UnsubAck if up => self.unsuback(session, header)?,
            PacketType::PingResp if up => self.pingresp(),
            other => return Err(ProtocolError::Unexpected(other)),
        };
        if !matches!(step, Step::Wait) {
            self.inbox.advance(header.total());
        }
        Ok(step)
    }

    fn lose(&mut self, error: ProtocolError) -> Step {
        self.enter(State::Closed);
        Step::Event(Event::Lost(Cause::Protocol(error)))
    }

    fn body(&self, header: FixedHeader) -> &[u8] {
        body(&self.inbox, header)
    }

    fn id(&self, header: FixedHeader) -> Result<PacketId, ProtocolError> {
        Ack::decode(header.kind, self.body(header))
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
        if code.is_refusal() {
            self.enter(State::Closed);
            return Ok(Step::Event(Event::Refused(code)));
        }
        let clean = matches!(self.state, State::AwaitingConnack(opening) if opening.clean_session);
        if session_present && clean {
            return Err(ProtocolError::SessionPresent); // [MQTT-3.2.2-1]
        }
        self.established();
        session.found(session_present);
        let is_void = |request| Session::<TX, IN_FLIGHT>::is_void(request, session_present);
        if session.outbox.requests().iter().any(is_void) {
            self.resuming = Some(session_present);
        } else {
            session.resume(session_present, u16::MAX);
        }
        Ok(Step::Event(Event::Connected { session_present }))
    }

    /// An answer to nothing is passed over: it harms nobody, and the standard does not ask to close for it.
    fn answered<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        (packet_id, kind): (PacketId, RequestKind),
        event: Event<'static>,
    ) -> Step {
        if !session.answered(packet_id, kind) {
            return Step::Again;
        }
        self.progressed();
        Step::Event(event)
    }

    fn progressed(&mut self) {
        if let State::Up(live) = &mut self.state {
            live.progressed(self.now_ms);
        }
    }

    fn puback<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        header: FixedHeader,
    ) -> Result<Step, ProtocolError> {
        let packet_id = self.id(header)?;
        let request = (packet_id, RequestKind::AtLeastOnce);
        Ok(self.answered(session, request, Event::Published { packet_id }))
    }

    /// The broker has a QoS 2 publish. To one that nobody made the answer is the same [MQTT-4.3.3-1]: the broker waits for
    /// it, and the publish may be of an earlier life of this end.
    fn pubrec<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        header: FixedHeader,
    ) -> Result<Step, ProtocolError> {
        let packet_id = self.id(header)?;
        if session.release_publish(packet_id) {
            self.progressed();
            return Ok(Step::Again);
        }
        Ok(self.reply(session, PacketType::PubRel, packet_id))
    }

    fn pubcomp<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        header: FixedHeader,
    ) -> Result<Step, ProtocolError> {
        let packet_id = self.id(header)?;
        let request = (packet_id, RequestKind::Release);
        Ok(self.answered(session, request, Event::Published { packet_id }))
    }

    /// The broker will not send the QoS 2 message again. It is answered always [MQTT-4.3.3-2]: an earlier answer may be lost.
    fn pubrel<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        header: FixedHeader,
    ) -> Result<Step, ProtocolError> {
        let packet_id = self.id(header)?;
        let step = self.reply(session, PacketType::PubComp, packet_id);
        if matches!(step, Step::Again) {
            session.received.remove(packet_id);
        }
        Ok(step)
    }

    /// Answers a later step of QoS 2; when even the queue for that is full, the packet waits.
    fn reply<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        kind: PacketType,
        packet_id: PacketId,
    ) -> Step {
        if !self.receipts.reply(Reply { kind, packet_id }) {
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
        let granted = granted.ok_or(());
        let request = (packet_id, RequestKind::Subscribe);
        Ok(self.answered(session, request, Event::Subscribed { packet_id, granted }))
    }

    fn unsuback<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        header: FixedHeader,
    ) -> Result<Step, ProtocolError> {
        let packet_id = self.id(header)?;
        let request = (packet_id, RequestKind::Unsubscribe);
        Ok(self.answered(session, request, Event::Unsubscribed { packet_id }))
    }

    fn pingresp(&mut self) -> Step {
        if let State::Up(live) = &mut self.state {
            live.ponged();
        }
        Step::Again
    }

    /// A PUBLISH at the front of the buffer: is it to be delivered now?
    fn message<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        header: FixedHeader,
    ) -> Result<Step, ProtocolError> {
        let qos = Publish::qos(header.flags)?;
        if qos != QoS::AtMostOnce && self.receipts.is_full() && !self.kept {
            self.held = true;
            return Ok(Step::Wait);
        }
        let step = if header.total() > RX {
            self.oversize(header, qos)?
        } else if header.total() <= self.inbox.unread().len() {
            Step::Message(header)
        } else {
            Step::Wait
        };
        if matches!(step, Step::Message(_)) && qos == QoS::ExactlyOnce {
            return self.exactly_once(session, header, step);
        }
        Ok(step)
    }

    /// A QoS 2 message is at the front. One that the application has is answered and not delivered again.
    fn exactly_once<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        header: FixedHeader,
        deliver: Step,
    ) -> Result<Step, ProtocolError> {
        let packet_id = Publish::decode(header.flags, self.body(header))?.packet_id;
        let Some(packet_id) = packet_id.filter(|_| !self.kept) else {
            return Ok(deliver);
        };
        if session.received.contains(packet_id) {
            self.receipts.push(packet_id, true);
            self.receipts.take(session.message_id(packet_id, true));
            self.flush_receipts(session);
        } else if !self.receipts.contains(packet_id) {
            return Ok(if session.received.room() > self.receipts.len() {
                deliver
            } else {
                // What the broker says after this message cannot be looked at before it; on the next connection it
                // releases what it has to release first.
                self.enter(State::Closed);
                Step::Event(Event::Lost(Cause::TooManyReceived))
            });
        }
        self.inbox.advance(header.total());
        Ok(Step::Again)
    }

    /// Notes the QoS 1 or 2 message at the front as one to be acknowledged; one that goes by is so at once.
    fn note<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        header: FixedHeader,
    ) -> Option<MessageId> {
        let publish = Publish::decode(header.flags, self.body(header)).ok()?;
        let (packet_id, exactly_once) = (publish.packet_id?, publish.qos == QoS::ExactlyOnce);
        self.receipts.push(packet_id, exactly_once);
        let id = session.message_id(packet_id, exactly_once);
        if header.total() > RX {
            let _ = self.acknowledge(session, id);
        }
        Some(id)
    }

    /// A PUBLISH larger than the buffer: its topic and packet id are of use, the rest is to go by.
    fn oversize(&mut self, header: FixedHeader, qos: QoS) -> Result<Step, ProtocolError> {
        let unread = self.inbox.unread();
        let Some(&[high, low]) = unread.get(header.size..header.size + 2) else {
            return Ok(Step::Wait);
        };
        let id = if qos == QoS::AtMostOnce { 0 } else { 2 };
        let wanted = header.size + 2 + usize::from(u16::from_be_bytes([high, low])) + id;
        let (size, present) = (header.total(), unread.len());
        if wanted > size {
            return Err(ProtocolError::Length(header.kind));
        }
        if wanted <= RX {
            return Ok(if present < wanted {
                Step::Wait
            } else {
                Step::Message(header)
            });
        }
        if qos == QoS::AtMostOnce {
            self.inbox.advance(size);
            return Ok(Step::Event(Event::Discarded {
                topic: None,
                size,
                qos,
            }));
        }
        self.inbox.advance(wanted - id);
        let rest = size - wanted;
        self.headless = Some(Headless { rest, size, qos });
        Ok(Step::Again)
    }

    /// The topic has gone by; the packet id comes next.
    fn finish_headless<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        Headless { rest, size, qos }: Headless,
    ) -> Step {
        let Some(&[high, low]) = self.inbox.unread().get(..2) else {
            return Step::Wait;
        };
        let Some(id) = PacketId::new(u16::from_be_bytes([high, low])) else {
            return self.lose(ProtocolError::PacketIdZero);
        };
        let exactly_once = qos == QoS::ExactlyOnce;
        self.receipts.push(id, exactly_once);
        let _ = self.acknowledge(session, session.message_id(id, exactly_once));
        self.inbox.advance(2 + rest);
        self.headless = None;
        Step::Event(Event::Discarded {
            topic: None,
            size,
            qos,
        })
    }

    /// The message at the front of the buffer, which stays there until [`release`](Self::release).
    fn deliver(&mut self, header: FixedHeader, packet_id: Option<MessageId>) -> Event<'_> {
        let publish = match Publish::decode(header.flags, body(&self.inbox, header)) {
            Ok(publish) => publish,
            Err(error) => {
                // Not `enter`: the compiler holds the buffer for the message.
                self.state = State::Closed;
                return Event::Lost(Cause::Protocol(error));
            }
        };
        self.delivered = header.total();
        self.kept = false;
        let Publish {
            dup,
            qos,
            retain,
            topic,
            packet_id: _,
            payload,
        } = publish;
        if header.total() <= RX {
            return Event::Message {
                topic,
                payload,
                qos,
                retain,
                dup,
                packet_id,
            };
        }
        Event::Discarded {
            topic: Some(topic),
            size: header.total(),
            qos,
        }
    }
}

/// Whether such a packet may come now, before all of it is there.
fn check_place(kind: PacketType, up: bool) -> Result<(), ProtocolError> {
    match kind {
        PacketType::ConnAck if !up => Ok(()),
        PacketType::PubAck | PacketType::PubRec | PacketType::PubRel | PacketType::PubComp if up => Ok(()),
        PacketType::SubAck | PacketType::UnsubAck | PacketType::PingResp if up => Ok(()),
        other => Err(ProtocolError::Unexpected(other)),
    }
}

/// What is there of the packet's body.
fn body<const RX: usize>(inbox: &Inbox<RX>, header: FixedHeader) -> &[u8] {
    let unread = inbox.unread();
    unread
        .get(header.size..header.total().min(unread.len()))
        .unwrap_or_default()
}
