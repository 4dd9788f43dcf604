//! One property (MQTT 5.0, 2.2.2): its identifier, its type, and the packets that may carry it.
//!
//! Not here: property lists (see `properties`).

use core::fmt;

use crate::error::ProtocolError;
use crate::packet::{EncodeError, Reader, Writer};

/// Where a property list stands, and from which end it comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub(crate) enum Place {
    Connect = 1,
    Will = 1 << 1,
    ConnAck = 1 << 2,
    /// From the client.
    Publish = 1 << 3,
    /// From the broker.
    Message = 1 << 4,
    /// PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK, UNSUBACK.
    Ack = 1 << 5,
    Subscribe = 1 << 6,
    Unsubscribe = 1 << 7,
    /// From the client.
    Disconnect = 1 << 8,
    /// From the broker.
    ServerDisconnect = 1 << 9,
    Auth = 1 << 10,
}

const CONNECT: u16 = Place::Connect as u16;
const CONNACK: u16 = Place::ConnAck as u16;
const WILL: u16 = Place::Will as u16;
const PUBLISH: u16 = Place::Publish as u16;
const MESSAGE: u16 = Place::Message as u16;
const ACK: u16 = Place::Ack as u16;
const SUBSCRIBE: u16 = Place::Subscribe as u16;
const DISCONNECT: u16 = Place::Disconnect as u16;
const SERVER_DISCONNECT: u16 = Place::ServerDisconnect as u16;
const AUTH: u16 = Place::Auth as u16;
/// What describes an application message.
const CONTENT: u16 = PUBLISH | MESSAGE | WILL;

/// Authentication data; `Debug` does not show it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Secret<'a>(pub &'a [u8]);

impl fmt::Debug for Secret<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

/// A property. Intervals are in seconds, sizes in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the standard's own names, section 2.2.2.2")]
pub enum Property<'a> {
    PayloadFormatIndicator(bool),
    MessageExpiryInterval(u32),
    ContentType(&'a str),
    ResponseTopic(&'a str),
    CorrelationData(&'a [u8]),
    /// 1 to 268,435,455.
    SubscriptionIdentifier(u32),
    SessionExpiryInterval(u32),
    AssignedClientIdentifier(&'a str),
    ServerKeepAlive(u16),
    AuthenticationMethod(&'a str),
    AuthenticationData(Secret<'a>),
    RequestProblemInformation(bool),
    WillDelayInterval(u32),
    RequestResponseInformation(bool),
    ResponseInformation(&'a str),
    ServerReference(&'a str),
    ReasonString(&'a str),
    ReceiveMaximum(u16),
    TopicAliasMaximum(u16),
    TopicAlias(u16),
    /// False: QoS 0 at most; true: QoS 1.
    MaximumQos(bool),
    RetainAvailable(bool),
    UserProperty(&'a str, &'a str),
    MaximumPacketSize(u32),
    WildcardSubscriptionAvailable(bool),
    SubscriptionIdentifierAvailable(bool),
    SharedSubscriptionAvailable(bool),
}

/// A value as it stands on the wire.
enum Value<'a> {
    Byte(bool),
    Two(u16),
    Four(u32),
    Variable(u32),
    Bytes(&'a [u8]),
    Pair(&'a str, &'a str),
}

impl<'a> Property<'a> {
    /// The identifier on the wire (2.2.2.2).
    #[must_use]
    pub const fn id(&self) -> u8 {
        match self {
            Self::PayloadFormatIndicator(_) => 0x01,
            Self::MessageExpiryInterval(_) => 0x02,
            Self::ContentType(_) => 0x03,
            Self::ResponseTopic(_) => 0x08,
            Self::CorrelationData(_) => 0x09,
            Self::SubscriptionIdentifier(_) => 0x0b,
            Self::SessionExpiryInterval(_) => 0x11,
            Self::AssignedClientIdentifier(_) => 0x12,
            Self::ServerKeepAlive(_) => 0x13,
            Self::AuthenticationMethod(_) => 0x15,
            Self::AuthenticationData(_) => 0x16,
            Self::RequestProblemInformation(_) => 0x17,
            Self::WillDelayInterval(_) => 0x18,
            Self::RequestResponseInformation(_) => 0x19,
            Self::ResponseInformation(_) => 0x1a,
            Self::ServerReference(_) => 0x1c,
            Self::ReasonString(_) => 0x1f,
            Self::ReceiveMaximum(_) => 0x21,
            Self::TopicAliasMaximum(_) => 0x22,
            Self::TopicAlias(_) => 0x23,
            Self::MaximumQos(_) => 0x24,
            Self::RetainAvailable(_) => 0x25,
            Self::UserProperty(..) => 0x26,
            Self::MaximumPacketSize(_) => 0x27,
            Self::WildcardSubscriptionAvailable(_) => 0x28,
            Self::SubscriptionIdentifierAvailable(_) => 0x29,
            Self::SharedSubscriptionAvailable(_) => 0x2a,
        }
    }

    /// The places that may hold it.
    const fn places(&self) -> u16 {
        match self {
            Self::PayloadFormatIndicator(_)
            | Self::MessageExpiryInterval(_)
            | Self::ContentType(_)
            | Self::ResponseTopic(_)
            | Self::CorrelationData(_) => CONTENT,
            Self::SubscriptionIdentifier(_) => MESSAGE | SUBSCRIBE, // [MQTT-3.3.4-6]
            Self::SessionExpiryInterval(_) => CONNECT | CONNACK | DISCONNECT, // [MQTT-3.14.2-2]
            Self::AuthenticationMethod(_) | Self::AuthenticationData(_) => CONNECT | CONNACK | AUTH,
            Self::RequestProblemInformation(_) | Self::RequestResponseInformation(_) => CONNECT,
            Self::WillDelayInterval(_) => WILL,
            Self::ServerReference(_) => CONNACK | SERVER_DISCONNECT,
            Self::ReasonString(_) => CONNACK | ACK | DISCONNECT | SERVER_DISCONNECT | AUTH,
            Self::ReceiveMaximum(_) | Self::TopicAliasMaximum(_) | Self::MaximumPacketSize(_) => {
                CONNECT | CONNACK
            }
            Self::TopicAlias(_) => PUBLISH | MESSAGE,
            Self::UserProperty(..) => u16::MAX,
            Self::AssignedClientIdentifier(_)
            | Self::ServerKeepAlive(_)
            | Self::ResponseInformation(_)
            | Self::MaximumQos(_)
            | Self::RetainAvailable(_)
            | Self::WildcardSubscriptionAvailable(_)
            | Self::SubscriptionIdentifierAvailable(_)
            | Self::SharedSubscriptionAvailable(_) => CONNACK,
        }
    }

    pub(crate) const fn may_stand(&self, place: Place) -> bool {
        self.places() & place as u16 != 0
    }

    /// It may be there more than once: a user property anywhere, a subscription identifier with each message that
    /// more than one subscription matches (3.3.2.3.8).
    pub(crate) const fn may_repeat(&self, place: Place) -> bool {
        match self {
            Self::UserProperty(..) => true,
            Self::SubscriptionIdentifier(_) => matches!(place, Place::Message),
            _ => false,
        }
    }

    /// Whether the value is one that the standard allows, so that a caller's own list can be sent.
    pub(crate) fn is_sound(&self) -> bool {
        match *self {
            Self::ReceiveMaximum(0) | Self::MaximumPacketSize(0) | Self::TopicAlias(0) => false,
            Self::SubscriptionIdentifier(id) => id != 0 && id <= MAX_VARIABLE,
            Self::ResponseTopic(topic) => crate::text::is_topic_name(topic),
            Self::UserProperty(key, value) => is_text(key) && is_text(value),
            Self::ContentType(text)
            | Self::AssignedClientIdentifier(text)
            | Self::AuthenticationMethod(text)
            | Self::ResponseInformation(text)
            | Self::ServerReference(text)
            | Self::ReasonString(text) => is_text(text),
            Self::CorrelationData(bytes) | Self::AuthenticationData(Secret(bytes)) => {
                bytes.len() <= crate::text::MAX_TEXT
            }
            _ => true,
        }
    }

    fn value(&self) -> Value<'a> {
        match *self {
            Self::PayloadFormatIndicator(on)
            | Self::RequestProblemInformation(on)
            | Self::RequestResponseInformation(on)
            | Self::MaximumQos(on)
            | Self::RetainAvailable(on)
            | Self::WildcardSubscriptionAvailable(on)
            | Self::SubscriptionIdentifierAvailable(on)
            | Self::SharedSubscriptionAvailable(on) => Value::Byte(on),
            Self::ServerKeepAlive(number)
            | Self::ReceiveMaximum(number)
            | Self::TopicAliasMaximum(number)
            | Self::TopicAlias(number) => Value::Two(number),
            Self::MessageExpiryInterval(number)
            | Self::SessionExpiryInterval(number)
            | Self::WillDelayInterval(number)
            | Self::MaximumPacketSize(number) => Value::Four(number),
            Self::SubscriptionIdentifier(number) => Value::Variable(number),
            Self::ContentType(text)
            | Self::ResponseTopic(text)
            | Self::AssignedClientIdentifier(text)
            | Self::AuthenticationMethod(text)
            | Self::ResponseInformation(text)
            | Self::ServerReference(text)
            | Self::ReasonString(text) => Value::Bytes(text.as_bytes()),
            Self::CorrelationData(bytes) | Self::AuthenticationData(Secret(bytes)) => Value::Bytes(bytes),
            Self::UserProperty(key, value) => Value::Pair(key, value),
        }
    }

    /// Bytes on the wire.
    pub(crate) fn size(&self) -> usize {
        1 + match self.value() {
            Value::Byte(_) => 1,
            Value::Two(_) => 2,
            Value::Four(_) => 4,
            Value::Variable(number) => variable_size(number as usize),
            Value::Bytes(bytes) => 2 + bytes.len(),
            Value::Pair(key, value) => 4 + key.len() + value.len(),
        }
    }

    pub(crate) fn encode(&self, writer: &mut Writer<'_>) -> Result<(), EncodeError> {
        writer.raw(&[self.id()])?;
        match self.value() {
            Value::Byte(on) => writer.raw(&[u8::from(on)]),
            Value::Two(number) => writer.u16(number),
            Value::Four(number) => writer.raw(&number.to_be_bytes()),
            Value::Variable(number) => writer.variable(number as usize),
            Value::Bytes(bytes) => writer.prefixed(bytes),
            Value::Pair(key, value) => {
                writer.prefixed(key.as_bytes())?;
                writer.prefixed(value.as_bytes())
            }
        }
    }

    pub(crate) fn decode(reader: &mut Reader<'a>) -> Result<Self, ProtocolError> {
        let id = reader.variable()?;
        let id = u8::try_from(id).map_err(|_| ProtocolError::UnknownProperty)?;
        let property = match id {
            0x01 => Self::PayloadFormatIndicator(switch(reader, id)?),
            0x02 => Self::MessageExpiryInterval(reader.u32()?),
            0x03 => Self::ContentType(reader.text()?),
            0x08 => Self::ResponseTopic(reader.topic_name()?),
            0x09 => Self::CorrelationData(reader.binary()?),
            0x0b => Self::SubscriptionIdentifier(reader.variable()?),
            0x11 => Self::SessionExpiryInterval(reader.u32()?),
            0x12 => Self::AssignedClientIdentifier(reader.text()?),
            0x13 => Self::ServerKeepAlive(reader.u16()?),
            0x15 => Self::AuthenticationMethod(reader.text()?),
            0x16 => Self::AuthenticationData(Secret(reader.binary()?)),
            0x17 => Self::RequestProblemInformation(switch(reader, id)?),
            0x18 => Self::WillDelayInterval(reader.u32()?),
            0x19 => Self::RequestResponseInformation(switch(reader, id)?),
            0x1a => Self::ResponseInformation(reader.text()?),
            0x1c => Self::ServerReference(reader.text()?),
            0x1f => Self::ReasonString(reader.text()?),
            0x21 => Self::ReceiveMaximum(reader.u16()?),
            0x22 => Self::TopicAliasMaximum(reader.u16()?),
            0x23 => Self::TopicAlias(reader.u16()?),
            0x24 => Self::MaximumQos(switch(reader, id)?),
            0x25 => Self::RetainAvailable(switch(reader, id)?),
            0x26 => Self::UserProperty(reader.text()?, reader.text()?),
            0x27 => Self::MaximumPacketSize(reader.u32()?),
            0x28 => Self::WildcardSubscriptionAvailable(switch(reader, id)?),
            0x29 => Self::SubscriptionIdentifierAvailable(switch(reader, id)?),
            0x2a => Self::SharedSubscriptionAvailable(switch(reader, id)?),
            _ => return Err(ProtocolError::UnknownProperty),
        };
        match property {
            Self::TopicAlias(0) => Err(ProtocolError::TopicAlias),
            Self::SubscriptionIdentifier(0) | Self::ReceiveMaximum(0) | Self::MaximumPacketSize(0) => {
                Err(ProtocolError::Property(id))
            }
            sound => Ok(sound),
        }
    }
}

/// The largest variable byte integer (1.5.5).
const MAX_VARIABLE: u32 = 268_435_455;

fn is_text(text: &str) -> bool {
    text.len() <= crate::text::MAX_TEXT && crate::text::is_clean(text)
}

/// A byte that may only be 0 or 1.
fn switch(reader: &mut Reader<'_>, id: u8) -> Result<bool, ProtocolError> {
    match reader.u8()? {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(ProtocolError::Property(id)),
    }
}

/// Bytes of a variable byte integer (1.5.5): 1 to 4.
pub(crate) const fn variable_size(number: usize) -> usize {
    crate::packet::header_size(number) - 1
}
