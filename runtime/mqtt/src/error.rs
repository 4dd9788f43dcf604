//! What can go wrong, by whose fault it is: [`Error`] is the caller's or the memory's, [`Cause`] is what ended a
//! connection, [`ProtocolError`] is the broker's.
//!
//! Not here: refusals that are ordinary answers (a CONNACK return code, a refused subscription): they are events.

use core::fmt;

use crate::packet::PacketType;
use crate::v5::ReasonCode;

/// Why a call was refused. The client is as it was before the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// All slots or bytes are taken by what is unanswered or unsent; there will be room after an answer.
    NoRoom,
    /// It can never fit: larger than the transmit buffer, or than MQTT allows.
    TooLarge,
    /// There is no connection that could carry it now. QoS 1 and 2 publishes, subscribe and unsubscribe do not need one,
    /// except that nothing may follow a DISCONNECT [MQTT-3.14.4-2].
    NotConnected,
    /// Not a topic name: empty, with a wildcard, or with a character that MQTT does not allow.
    BadTopic,
    /// Not a topic filter.
    BadFilter,
    /// The client id or user name has a character that MQTT does not allow.
    BadText,
    /// A client without an id must start with a clean session [MQTT-3.1.3-7].
    NoClientId,
    /// A password needs a user name [MQTT-3.1.2-22].
    PasswordWithoutUser,
    /// The broker takes a lower quality of service only (MQTT 5.0, 3.2.2.3.4).
    UnsupportedQos,
    /// The broker said that it does not take such: retained messages, wildcards, shared subscriptions, subscription
    /// identifiers, packets of this size (MQTT 5.0, 3.2.2.3).
    UnsupportedByBroker(ReasonCode),
    /// A property that may not stand there, stands twice, or has a value that it must not have (MQTT 5.0, 2.2.2.2).
    BadProperty,
    /// A reason code that a client cannot give for the end of a connection (MQTT 5.0, 3.14.2.1).
    BadReason,
    /// The session has unanswered requests in the other version of MQTT, which this one cannot send.
    OtherVersion,
    /// Another unanswered request has this packet identifier [MQTT-2.3.1-2].
    PacketIdInUse,
    /// No message of this connection with this id waits for its acknowledgement.
    UnknownMessage,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoRoom => "no room until something unanswered is answered",
            Self::TooLarge => "larger than the transmit buffer or than MQTT allows",
            Self::NotConnected => "no connection to the broker now",
            Self::BadTopic => "not a topic name",
            Self::BadFilter => "not a topic filter",
            Self::BadText => "a character in the client id or user name that MQTT does not allow",
            Self::NoClientId => "an empty client id needs a clean session",
            Self::PasswordWithoutUser => "a password needs a user name",
            Self::UnsupportedQos => "the broker does not take this QoS",
            Self::UnsupportedByBroker(_) => "the broker does not take such",
            Self::BadProperty => "a property that may not stand here, or not so",
            Self::BadReason => "a reason code that a client cannot give",
            Self::OtherVersion => "the session has requests in another version of MQTT",
            Self::PacketIdInUse => "an unanswered request has this packet id",
            Self::UnknownMessage => "no such message waits for its acknowledgement",
        })
    }
}

impl core::error::Error for Error {}

/// Why the client gave a connection up. The session is kept; close the transport and connect again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// No CONNACK within the response time.
    ConnackTimeout,
    /// Nothing came within the response time after a PINGREQ.
    PingTimeout,
    /// A publish, subscribe or unsubscribe was not acknowledged in time. MQTT allows no repetition on a live
    /// connection; it is sent again on the next one.
    AckTimeout,
    /// The broker has sent more QoS 2 messages without releasing any than this end remembers: 20 more than `IN_FLIGHT`.
    /// On the next connection it releases first.
    TooManyReceived,
    /// The broker broke the standard [MQTT-4.8.0-1].
    Protocol(ProtocolError),
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ConnackTimeout => f.write_str("the broker did not answer CONNECT in time"),
            Self::PingTimeout => f.write_str("the broker did not answer PINGREQ in time"),
            Self::AckTimeout => f.write_str("the broker did not acknowledge in time"),
            Self::TooManyReceived => f.write_str("more unreleased QoS 2 messages than can be remembered"),
            Self::Protocol(error) => write!(f, "the broker broke the protocol: {error}"),
        }
    }
}

impl core::error::Error for Cause {}

/// What is wrong with a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProtocolError {
    /// Packet type 0, or in MQTT 3.1.1 15, which are reserved (2.2.1).
    ReservedType(u8),
    /// The flags of the fixed header are not those of the packet type [MQTT-2.2.2-2].
    ReservedFlags(PacketType),
    /// The remaining length goes on after four bytes (2.2.3).
    RemainingLength,
    /// The packet ends inside a field, or goes on after its last one.
    Length(PacketType),
    /// This packet may not come from this end, or not now.
    Unexpected(PacketType),
    /// Text that is not UTF-8 [MQTT-1.5.3-1], or with a character that MQTT does not allow (1.5.3).
    Text,
    /// A topic name with a wildcard, or empty [MQTT-3.3.2-2].
    TopicName,
    /// A topic filter that is none.
    TopicFilter,
    /// Both QoS bits are set [MQTT-3.3.1-4], or a reserved bit beside a QoS.
    Qos,
    /// Packet identifier 0 [MQTT-2.3.1-1].
    PacketIdZero,
    /// A CONNACK or SUBACK return code that the standard reserves [MQTT-3.9.3-2].
    ReturnCode(u8),
    /// CONNACK flags: a reserved one, or session present where it cannot be [MQTT-3.2.2-1], [MQTT-3.2.2-4].
    SessionPresent,
    /// CONNECT names another protocol or level [MQTT-3.1.2-1], [MQTT-3.1.2-2].
    Protocol,
    /// CONNECT flags that contradict each other or are reserved [MQTT-3.1.2-3].
    ConnectFlags,
    /// A variable byte integer of more than four bytes, or of more than it needs [MQTT-1.5.5-1].
    VariableInteger,
    /// A property identifier that MQTT 5.0 does not know (2.2.2.2).
    UnknownProperty,
    /// A property, by its identifier, that may not stand here, stands twice, or has a value that it must not have.
    Property(u8),
    /// Subscription options with reserved bits [MQTT-3.8.3-5].
    SubscriptionOptions,
    /// A message with neither topic name nor topic alias (MQTT 5.0, 3.3.2.1).
    NoTopic,
    /// A topic alias of 0, above the maximum, or that was never given a topic [MQTT-3.3.2-8].
    TopicAlias,
    /// More QoS 1 and 2 messages under way than this end takes [MQTT-3.3.4-9].
    ReceiveMaximum,
    /// A packet larger than this end takes [MQTT-3.1.2-24].
    TooLarge,
}

impl fmt::Display for ProtocolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ReservedType(number) => write!(f, "reserved packet type {number}"),
            Self::ReservedFlags(kind) => write!(f, "{kind} with wrong flags"),
            Self::RemainingLength => f.write_str("remaining length of more than four bytes"),
            Self::Length(kind) => write!(f, "{kind} of a wrong length"),
            Self::Unexpected(kind) => write!(f, "{kind} is out of place"),
            Self::Text => f.write_str("text that MQTT does not allow"),
            Self::TopicName => f.write_str("not a topic name"),
            Self::TopicFilter => f.write_str("not a topic filter"),
            Self::Qos => f.write_str("no such QoS"),
            Self::PacketIdZero => f.write_str("packet id 0"),
            Self::ReturnCode(number) => write!(f, "reserved return code {number}"),
            Self::SessionPresent => f.write_str("CONNACK flags"),
            Self::Protocol => f.write_str("not MQTT 3.1.1"),
            Self::ConnectFlags => f.write_str("CONNECT flags"),
            Self::VariableInteger => f.write_str("malformed variable byte integer"),
            Self::UnknownProperty => f.write_str("unknown property"),
            Self::Property(id) => write!(f, "property {id:#04x} is out of place"),
            Self::SubscriptionOptions => f.write_str("reserved subscription options"),
            Self::NoTopic => f.write_str("a message without topic"),
            Self::TopicAlias => f.write_str("no such topic alias"),
            Self::ReceiveMaximum => f.write_str("more messages at a time than were allowed"),
            Self::TooLarge => f.write_str("a packet larger than was allowed"),
        }
    }
}

impl core::error::Error for ProtocolError {}
