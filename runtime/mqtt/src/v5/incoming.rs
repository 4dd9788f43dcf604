//! What a connection of MQTT 5.0 does with the broker's packets other than messages.
//!
//! Not here: the loop around it (see `crate::incoming`).

use super::packet::{Ack, ConnAck, Disconnect, FilterAck};
use super::{Event, Extra as _, Properties, ReasonCode, V5};
use crate::connection::{Connection, State};
use crate::error::ProtocolError;
use crate::incoming::{News, Span, Step};
use crate::outbox::RequestKind;
use crate::packet::{FixedHeader, PacketType};
use crate::session::Session;
use crate::types::PacketId;
use crate::version::Version;

impl<const RX: usize, const IN_FLIGHT: usize, const ALIASES: usize, const TOPIC: usize>
    Connection<RX, IN_FLIGHT, V5<ALIASES, TOPIC>>
{
    /// The next thing that happened. A message, and the properties of anything else, lie in the receive buffer and are gone
    /// with the next call, unless [`keep_message`](Self::keep_message) comes first.
    ///
    /// `None` also while a QoS 1 or 2 message waits because `IN_FLIGHT` others are not acknowledged.
    pub fn poll_event<const TX: usize>(&mut self, session: &mut Session<TX, IN_FLIGHT>) -> Option<Event<'_>> {
        self.next_event(session)
    }
}

impl<const RX: usize, const IN_FLIGHT: usize, V: Version> Connection<RX, IN_FLIGHT, V> {
    pub(crate) fn look_v5<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        header: FixedHeader,
    ) -> Result<Step, ProtocolError> {
        match header.kind {
            PacketType::ConnAck => self.connack_v5(session, header),
            PacketType::PubAck | PacketType::PubRec | PacketType::PubRel | PacketType::PubComp => {
                self.ack_v5(session, header)
            }
            PacketType::SubAck | PacketType::UnsubAck => self.filter_ack_v5(session, header),
            PacketType::PingResp => Ok(self.pingresp()),
            PacketType::Disconnect => self.disconnect_v5(header),
            other => Err(ProtocolError::Unexpected(other)),
        }
    }

    fn connack_v5<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        header: FixedHeader,
    ) -> Result<Step, ProtocolError> {
        let packet = ConnAck::decode(self.body(header))?;
        let ConnAck {
            session_present,
            reason,
            properties,
        } = packet;
        // Behind flags and reason; something may follow.
        let len = properties.wire_len();
        let start = header.size + 2 + super::property::variable_size(len);
        let span = (start, start + len);
        let assigned = properties.assigned_client_id();
        let assigned = assigned.map(|id| super::Property::AssignedClientIdentifier(id).id());
        let keep_alive_s = properties.server_keep_alive_s();
        if let Some(id) = assigned
            && self.extra.facts().is_some_and(|facts| facts.has_client_id)
        {
            return Err(ProtocolError::Property(id));
        }
        if reason.is_error() {
            self.enter(State::Closed);
            return Ok(Step::Tell(News::Refused, reason, span));
        }
        self.check_session(session_present)?;
        // An authentication method, which was not asked for [MQTT-4.12.0-6], says nothing to this end: no AUTH follows.
        let (body, facts) = (self.inbox.unread(), self.extra.facts());
        if let Some(facts) = facts {
            let properties = body.get(span.0..span.1).unwrap_or_default();
            facts.learn(&Properties::of_wire(properties));
        }
        if let Some(keep_alive_s) = keep_alive_s {
            self.limits.set_keep_alive(keep_alive_s);
        }
        self.begin(session, session_present);
        Ok(Step::Tell(News::Connected { session_present }, reason, span))
    }

    fn ack_v5<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        header: FixedHeader,
    ) -> Result<Step, ProtocolError> {
        let kind = header.kind;
        let ack = Ack::decode(kind, self.body(header))?;
        let (id, reason) = (ack.packet_id, ack.reason);
        let span = ending_at(header.total(), ack.properties);
        if !Ack::is_known(kind, reason) {
            return Err(ProtocolError::ReturnCode(reason.number()));
        }
        let request = match kind {
            PacketType::PubRec if !reason.is_error() => return Ok(self.pubrec(session, id)),
            PacketType::PubRel => return Ok(self.pubrel(session, id)),
            // The end of it: the broker does not have the publish, and nothing is to be released.
            PacketType::PubRec => RequestKind::ExactlyOnce,
            PacketType::PubComp => RequestKind::Release,
            _ => RequestKind::AtLeastOnce,
        };
        Ok(self.answered_v5(session, (id, request), (News::Published(id), reason, span)))
    }

    fn filter_ack_v5<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        header: FixedHeader,
    ) -> Result<Step, ProtocolError> {
        let kind = header.kind;
        let body = self.body(header);
        let FilterAck {
            packet_id: id,
            properties,
            reason,
        } = FilterAck::decode(kind, body)?;
        // Behind the packet identifier; the reason code follows, or is missing.
        let len = properties.wire_len();
        let start = header.size + 2 + super::property::variable_size(len);
        let span = (start, start + len);
        if !FilterAck::is_known(kind, reason) {
            return Err(ProtocolError::ReturnCode(reason.number()));
        }
        let (request, news) = match kind {
            PacketType::SubAck => (RequestKind::Subscribe, News::Subscribed(id)),
            _ => (RequestKind::Unsubscribe, News::Unsubscribed(id)),
        };
        Ok(self.answered_v5(session, (id, request), (news, reason, span)))
    }

    /// An answer to nothing is passed over.
    fn answered_v5<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        (id, request): (PacketId, RequestKind),
        (news, reason, span): (News, ReasonCode, Span),
    ) -> Step {
        if !session.answered(id, request) {
            return Step::Again;
        }
        self.progressed();
        Step::Tell(news, reason, span)
    }

    /// The broker ends the connection: nothing more may be sent (3.14.4).
    fn disconnect_v5(&mut self, header: FixedHeader) -> Result<Step, ProtocolError> {
        let Disconnect { reason, properties } = Disconnect::decode(self.body(header))?;
        let span = ending_at(header.total(), properties);
        self.enter(State::Closed);
        Ok(Step::Tell(News::Disconnected, reason, span))
    }

    /// Ends the connection and says why (4.13.1), as far as there is room to say it.
    pub(crate) fn disconnect_for<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        reason: ReasonCode,
    ) {
        let properties = Properties::NONE;
        let packet = Disconnect { reason, properties };
        let queued = session.send_last(packet.size(), |out| packet.encode(out));
        self.enter(if queued {
            State::Disconnecting
        } else {
            State::Closed
        });
    }
}

/// Where properties stand that are the last field of a packet.
fn ending_at(total: usize, properties: Properties<'_>) -> Span {
    (total - properties.wire_len().min(total), total)
}
