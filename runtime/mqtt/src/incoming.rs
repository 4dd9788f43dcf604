//! What a connection does with the packets that come in, one at a time and only when asked: the receive buffer is the
//! queue, so a slow application holds the broker back instead of filling memory.
//!
//! Not here: whether an answer fits a request (see `session`), the limits of time (see `keep_alive`).

use crate::connection::{Connection, State};
use crate::error::{Cause, ProtocolError};
use crate::event::Event;
use crate::inbox::Inbox;
use crate::outbox::RequestKind;
use crate::packet::{Ack, ConnAck, FixedHeader, PacketType, Publish, SubAck};
use crate::types::{PacketId, QoS};

/// What the next received packet asks for.
pub(crate) enum Step {
    /// There is none, or it has to wait.
    Wait,
    ConnAck {
        session_present: bool,
    },
    /// `granted` is of use with a subscribe only.
    Answer {
        kind: RequestKind,
        packet_id: PacketId,
        granted: Option<QoS>,
    },
    /// A message is complete; [`Connection::deliver`] it.
    Message(FixedHeader),
    Event(Event<'static>),
    /// It is done with; look at the next one.
    Again,
}

/// What is left of a QoS 1 message whose topic alone was too long for the buffer.
pub(crate) struct Headless {
    rest: usize,
    size: usize,
}

impl<const RX: usize, const IN_FLIGHT: usize> Connection<RX, IN_FLIGHT> {
    /// Looks at the next received packet; consumes it unless it is a message.
    pub(crate) fn step(&mut self) -> Step {
        match self.state {
            State::Closed | State::Lost(_) | State::Connecting(_) | State::Disconnecting => {
                return Step::Wait;
            }
            State::AwaitingConnack(_) | State::Up(_) => {}
        }
        if let Some(headless) = &self.headless {
            let (rest, size) = (headless.rest, headless.size);
            return self.finish_headless(rest, size);
        }
        let header = match FixedHeader::decode(self.inbox.unread()) {
            Ok(Some(header)) => header,
            Ok(None) => return Step::Wait,
            Err(error) => return self.lose(error),
        };
        match self.look(header) {
            Ok(step) => step,
            Err(error) => self.lose(error),
        }
    }

    fn look(&mut self, header: FixedHeader) -> Result<Step, ProtocolError> {
        let up = self.is_up();
        match header.kind {
            PacketType::ConnAck if !up => self.whole(header, Self::connack),
            PacketType::Publish if up => self.message(header),
            PacketType::PubAck if up => {
                self.whole(header, |this, header| this.ack(header, RequestKind::Publish))
            }
            PacketType::SubAck if up => self.whole(header, Self::suback),
            PacketType::UnsubAck if up => {
                self.whole(header, |this, header| this.ack(header, RequestKind::Unsubscribe))
            }
            PacketType::PingResp if up => self.whole(header, Self::pingresp),
            other => Err(ProtocolError::Unexpected(other)),
        }
    }

    fn lose(&mut self, error: ProtocolError) -> Step {
        self.enter(State::Closed);
        Step::Event(Event::Lost(Cause::Protocol(error)))
    }

    /// Hands the packet on and consumes it, once it is complete. Only for packets of a few bytes.
    fn whole(
        &mut self,
        header: FixedHeader,
        handle: impl FnOnce(&mut Self, FixedHeader) -> Result<Step, ProtocolError>,
    ) -> Result<Step, ProtocolError> {
        if header.total() > self.inbox.unread().len() {
            return Ok(Step::Wait);
        }
        let step = handle(self, header)?;
        self.inbox.advance(header.total());
        Ok(step)
    }

    fn body(&self, header: FixedHeader) -> &[u8] {
        body(&self.inbox, header)
    }

    fn connack(&mut self, header: FixedHeader) -> Result<Step, ProtocolError> {
        let packet = ConnAck::decode(self.body(header))?;
        if packet.code.is_refusal() {
            self.enter(State::Closed);
            return Ok(Step::Event(Event::Refused(packet.code)));
        }
        let clean = matches!(self.state, State::AwaitingConnack(opening) if opening.clean_session);
        if packet.session_present && clean {
            return Err(ProtocolError::SessionPresent); // [MQTT-3.2.2-1]
        }
        Ok(Step::ConnAck {
            session_present: packet.session_present,
        })
    }

    fn ack(&mut self, header: FixedHeader, kind: RequestKind) -> Result<Step, ProtocolError> {
        let packet_id = Ack::decode(header.kind, self.body(header))?;
        Ok(Step::Answer {
            kind,
            packet_id,
            granted: None,
        })
    }

    fn suback(&mut self, header: FixedHeader) -> Result<Step, ProtocolError> {
        let SubAck { packet_id, granted } = SubAck::decode(self.body(header))?;
        Ok(Step::Answer {
            kind: RequestKind::Subscribe,
            packet_id,
            granted,
        })
    }

    fn pingresp(&mut self, _: FixedHeader) -> Result<Step, ProtocolError> {
        if let State::Up(live) = &mut self.state {
            live.ponged();
        }
        Ok(Step::Again)
    }

    /// A PUBLISH at the front of the buffer: is it to be delivered now?
    fn message(&mut self, header: FixedHeader) -> Result<Step, ProtocolError> {
        let qos = Publish::qos(header.flags)?;
        match qos {
            QoS::AtMostOnce => {}
            QoS::AtLeastOnce if self.receipts.is_full() && !self.kept => {
                self.held = true;
                return Ok(Step::Wait);
            }
            QoS::AtLeastOnce => {}
            QoS::ExactlyOnce => return Err(ProtocolError::UnsupportedQos),
        }
        if header.total() > RX {
            return self.oversize(header, qos);
        }
        let complete = header.total() <= self.inbox.unread().len();
        Ok(if complete {
            Step::Message(header)
        } else {
            Step::Wait
        })
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
        self.headless = Some(Headless {
            rest: size - wanted,
            size,
        });
        Ok(Step::Again)
    }

    /// The topic has gone by; the packet id comes next.
    fn finish_headless(&mut self, rest: usize, size: usize) -> Step {
        let Some(&[high, low]) = self.inbox.unread().get(..2) else {
            return Step::Wait;
        };
        let Some(id) = PacketId::new(u16::from_be_bytes([high, low])) else {
            return self.lose(ProtocolError::PacketIdZero);
        };
        let id = self.receipts.push(id);
        self.receipts.take(id);
        self.inbox.advance(2 + rest);
        self.headless = None;
        Step::Event(Event::Discarded {
            topic: None,
            size,
            qos: QoS::AtLeastOnce,
        })
    }

    /// The message at the front of the buffer, which stays there until [`release`](Self::release).
    pub(crate) fn deliver(&mut self, header: FixedHeader) -> Event<'_> {
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
            packet_id,
            payload,
        } = publish;
        let packet_id = packet_id.map(|id| self.receipts.push(id));
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
        if let Some(id) = packet_id {
            self.receipts.take(id);
        }
        Event::Discarded {
            topic: Some(topic),
            size: header.total(),
            qos,
        }
    }
}

/// What is there of the packet's body.
fn body<const RX: usize>(inbox: &Inbox<RX>, header: FixedHeader) -> &[u8] {
    let unread = inbox.unread();
    unread
        .get(header.size..header.total().min(unread.len()))
        .unwrap_or_default()
}
