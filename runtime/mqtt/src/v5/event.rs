//! What a client of MQTT 5.0 tells its caller.
//!
//! Not here: errors of calls (see `error`).

use super::{Properties, ReasonCode};
use crate::error::Cause;
use crate::types::{ConnectReturnCode, MessageId, PacketId, QoS};

/// Something happened at the broker's end. Properties lie in the receive buffer, as messages do, and are gone with the
/// next call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// The broker accepted the connection. What was unanswered is on its way again by itself.
    Connected {
        /// The broker still has this client's subscriptions; when not, subscribe again.
        session_present: bool,
        /// What the broker wants and can: [`Properties::assigned_client_id`], for one, is the id to connect with again.
        properties: Properties<'a>,
    },
    /// The broker refused the connection. Close the transport.
    Refused {
        /// Why.
        reason: ReasonCode,
        /// More about it.
        properties: Properties<'a>,
    },
    /// The end of a QoS 1 or 2 publish: the broker has it for good, or will not have it.
    Published {
        /// That of [`Client::publish`](super::Client::publish).
        packet_id: PacketId,
        /// [An error](ReasonCode::is_error) means that the broker does not have it.
        reason: ReasonCode,
        /// More about it.
        properties: Properties<'a>,
    },
    /// Only where QoS 2 is [deferred](crate::Connection::defer_qos2): the broker received the QoS 2 publish. To be noted, then
    /// given to [`release`](crate::Connection::release); the publish itself never goes out again.
    Received {
        /// That of the publish.
        packet_id: PacketId,
    },
    /// Only where QoS 2 is [deferred](crate::Connection::defer_qos2): the broker released the QoS 2 message. To be noted, then
    /// given to [`complete`](crate::Connection::complete).
    Released {
        /// The broker's, of the message.
        packet_id: PacketId,
    },
    /// A message of a subscribed topic.
    Message {
        /// Topic name; an alias is resolved.
        topic: &'a str,
        /// Application message.
        payload: &'a [u8],
        /// Quality of service it came with.
        qos: QoS,
        /// It was the topic's retained message, or is to be shown as published.
        retain: bool,
        /// It may have come before.
        dup: bool,
        /// With QoS 1 and 2: to be given to [`Client::acknowledge`](super::Client::acknowledge) once the message is safe.
        packet_id: Option<MessageId>,
        /// What describes it.
        properties: Properties<'a>,
    },
    /// A message that does not fit into the receive buffer went by. With QoS 1 and 2 it is acknowledged, in its turn.
    Discarded {
        /// Topic name, if that did fit.
        topic: Option<&'a str>,
        /// Bytes of the whole packet.
        size: usize,
        /// Quality of service it came with.
        qos: QoS,
    },
    /// The broker answered a subscribe.
    Subscribed {
        /// That of [`Client::subscribe`](super::Client::subscribe).
        packet_id: PacketId,
        /// The quality of service it granted, or that it refused. Refused is an answer; the connection stays.
        reason: ReasonCode,
        /// More about it.
        properties: Properties<'a>,
    },
    /// The broker answered an unsubscribe.
    Unsubscribed {
        /// That of [`Client::unsubscribe`](super::Client::unsubscribe).
        packet_id: PacketId,
        /// How it went.
        reason: ReasonCode,
        /// More about it.
        properties: Properties<'a>,
    },
    /// The broker ended the connection. Close the transport.
    Disconnected {
        /// Why.
        reason: ReasonCode,
        /// More about it; perhaps another broker.
        properties: Properties<'a>,
    },
    /// The client gave the connection up. Write what output there is (a DISCONNECT that says why), close the transport,
    /// and connect again when it suits.
    Lost(Cause),
}

/// The same in the words of 3.1.1, which knows less.
impl<'a> From<Event<'a>> for crate::Event<'a> {
    fn from(event: Event<'a>) -> Self {
        match event {
            Event::Connected { session_present, .. } => Self::Connected { session_present },
            Event::Refused { reason, .. } | Event::Disconnected { reason, .. } => {
                let code = ConnectReturnCode::from_number(reason.number());
                Self::Refused(code.unwrap_or(ConnectReturnCode::ServerUnavailable))
            }
            Event::Published { packet_id, .. } => Self::Published { packet_id },
            Event::Received { packet_id } => Self::Received { packet_id },
            Event::Released { packet_id } => Self::Released { packet_id },
            Event::Message {
                topic,
                payload,
                qos,
                retain,
                dup,
                packet_id,
                properties: _,
            } => Self::Message {
                topic,
                payload,
                qos,
                retain,
                dup,
                packet_id,
            },
            Event::Discarded { topic, size, qos } => Self::Discarded { topic, size, qos },
            Event::Subscribed {
                packet_id, reason, ..
            } => Self::Subscribed {
                packet_id,
                granted: QoS::from_number(reason.number()).ok_or(()),
            },
            Event::Unsubscribed { packet_id, .. } => Self::Unsubscribed { packet_id },
            Event::Lost(cause) => Self::Lost(cause),
        }
    }
}
