//! What the client tells its caller.
//!
//! Not here: errors of calls (see `error`).

use crate::error::Cause;
use crate::types::{ConnectReturnCode, MessageId, PacketId, QoS};

/// Something happened at the broker's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// The broker accepted the connection. What was unanswered is on its way again by itself.
    Connected {
        /// The broker still has this client's subscriptions; when not, subscribe again.
        session_present: bool,
    },
    /// The broker refused the connection. Close the transport.
    Refused(ConnectReturnCode),
    /// The broker has a QoS 1 or 2 publish, for good.
    Published {
        /// That of [`publish`](crate::Client::publish).
        packet_id: PacketId,
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
        /// Topic name.
        topic: &'a str,
        /// Application message.
        payload: &'a [u8],
        /// Quality of service it came with.
        qos: QoS,
        /// It was the topic's retained message.
        retain: bool,
        /// It may have come before.
        dup: bool,
        /// With QoS 1 and 2: to be given to [`acknowledge`](crate::Client::acknowledge) once the message is safe.
        packet_id: Option<MessageId>,
    },
    /// A message that does not fit into the receive buffer went by. With QoS 1 and 2 it is acknowledged, in its turn:
    /// a broker that sent it again would only have it dropped again.
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
        /// That of [`subscribe`](crate::Client::subscribe).
        packet_id: PacketId,
        /// What it granted, or that it refused. Refused is an answer; the connection stays.
        granted: Result<QoS, ()>,
    },
    /// The broker answered an unsubscribe.
    Unsubscribed {
        /// That of [`unsubscribe`](crate::Client::unsubscribe).
        packet_id: PacketId,
    },
    /// The client gave the connection up. Close the transport; connect again when it suits.
    Lost(Cause),
}
