//! Property lists (MQTT 5.0, 2.2.2): a caller's own, or a view of those in a received packet.
//!
//! Not here: the single property (see `property`).

use core::fmt;

use super::property::{Place, Property, variable_size};
use crate::error::ProtocolError;
use crate::packet::{EncodeError, PacketType, Reader, Writer};
use crate::types::QoS;

/// The properties of a packet. From `&[Property]`, or borrowed from a received packet, where they were checked.
#[derive(Clone, Copy)]
pub struct Properties<'a>(Source<'a>);

#[derive(Clone, Copy)]
enum Source<'a> {
    Wire(&'a [u8]),
    /// This end's own, and the caller's.
    Lists(&'a [Property<'a>], &'a [Property<'a>]),
}

impl<'a> Properties<'a> {
    /// No properties.
    pub const NONE: Self = Self(Source::Wire(&[]));

    pub(crate) const fn joined(own: &'a [Property<'a>], callers: &'a [Property<'a>]) -> Self {
        Self(Source::Lists(own, callers))
    }

    /// A received list whose bytes were kept, as [`wire_bytes`](Self::wire_bytes) gave them. Of other bytes it is what can
    /// be read up to the first that makes no property.
    #[must_use]
    pub const fn of_wire(bytes: &'a [u8]) -> Self {
        Self(Source::Wire(bytes))
    }

    /// A list as it stands on the wire behind its length, for a caller that got it so from elsewhere. Where it may stand is
    /// asked when it is sent.
    ///
    /// # Errors
    /// It is malformed, or holds a property that MQTT 5.0 does not know.
    pub fn from_bytes(bytes: &'a [u8]) -> Result<Self, ProtocolError> {
        let mut list = Reader::new(PacketType::Publish, bytes);
        while !list.is_empty() {
            Property::decode(&mut list)?;
        }
        Ok(Self(Source::Wire(bytes)))
    }

    /// Writes the list without its length; the length comes back.
    ///
    /// # Errors
    /// [`EncodeError::Full`].
    pub fn write(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        let mut writer = Writer::new(out);
        match self.0 {
            Source::Wire(bytes) => writer.raw(bytes)?,
            Source::Lists(own, callers) => own
                .iter()
                .chain(callers)
                .try_for_each(|property| property.encode(&mut writer))?,
        }
        Ok(writer.len())
    }

    /// Reads the length and the list behind it, which `place` has to allow.
    pub(crate) fn decode(
        reader: &mut Reader<'a>,
        kind: PacketType,
        place: Place,
    ) -> Result<Self, ProtocolError> {
        let len = reader.variable()?;
        let bytes = reader.take(len as usize)?;
        let mut list = Reader::new(kind, bytes);
        let mut seen = 0_u64;
        while !list.is_empty() {
            let property = Property::decode(&mut list)?;
            let bit = 1_u64 << property.id();
            let repeated = seen & bit != 0 && !property.may_repeat(place);
            if repeated || !property.may_stand(place) {
                return Err(ProtocolError::Property(property.id()));
            }
            seen |= bit;
        }
        Ok(Self(Source::Wire(bytes)))
    }

    /// Whether a caller's list may be sent in `place`.
    pub(crate) fn is_sound(&self, place: Place) -> bool {
        let mut seen = 0_u64;
        self.iter().all(|property| {
            let bit = 1_u64 << property.id();
            let repeated = seen & bit != 0 && !property.may_repeat(place);
            seen |= bit;
            !repeated && property.may_stand(place) && property.is_sound()
        })
    }

    /// Bytes of the list without its length.
    fn content_size(&self) -> usize {
        match self.0 {
            Source::Wire(bytes) => bytes.len(),
            Source::Lists(own, callers) => own.iter().chain(callers).map(Property::size).sum(),
        }
    }

    /// The bytes of a received list, without its length, to be kept; none of a caller's own list.
    #[must_use]
    pub const fn wire_bytes(&self) -> &'a [u8] {
        match self.0 {
            Source::Wire(bytes) => bytes,
            Source::Lists(..) => &[],
        }
    }

    /// Bytes of a received list without its length.
    pub(crate) const fn wire_len(&self) -> usize {
        match self.0 {
            Source::Wire(bytes) => bytes.len(),
            Source::Lists(..) => 0,
        }
    }

    /// Bytes on the wire.
    pub(crate) fn size(&self) -> usize {
        let content = self.content_size();
        variable_size(content) + content
    }

    pub(crate) fn encode(&self, writer: &mut Writer<'_>) -> Result<(), EncodeError> {
        writer.variable(self.content_size())?;
        match self.0 {
            Source::Wire(bytes) => writer.raw(bytes),
            Source::Lists(own, callers) => own
                .iter()
                .chain(callers)
                .try_for_each(|property| property.encode(writer)),
        }
    }

    /// There are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.content_size() == 0
    }

    /// All of them, in their order.
    pub fn iter(&self) -> impl Iterator<Item = Property<'a>> + use<'a> {
        let (wire, own, callers): (_, &'a [_], &'a [_]) = match self.0 {
            Source::Wire(bytes) => (bytes, &[], &[]),
            Source::Lists(own, callers) => (&[] as &[u8], own, callers),
        };
        let mut wire = Reader::new(PacketType::Publish, wire);
        // They were checked; the end comes before any error.
        core::iter::from_fn(move || Property::decode(&mut wire).ok())
            .chain(own.iter().copied())
            .chain(callers.iter().copied())
    }

    fn find<T>(&self, pick: impl FnMut(Property<'a>) -> Option<T>) -> Option<T> {
        self.iter().find_map(pick)
    }

    /// The user properties, each a name and a value, in their order.
    pub fn user_properties(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        self.iter().filter_map(|property| match property {
            Property::UserProperty(name, value) => Some((name, value)),
            _ => None,
        })
    }

    /// The identifiers of the subscriptions that a message matches (3.3.2.3.8).
    pub fn subscription_identifiers(&self) -> impl Iterator<Item = u32> + use<'a> {
        self.iter().filter_map(|property| match property {
            Property::SubscriptionIdentifier(id) => Some(id),
            _ => None,
        })
    }

    /// The highest quality of service that the broker takes (3.2.2.3.4).
    #[must_use]
    pub fn maximum_qos(&self) -> QoS {
        match self.find(|property| match property {
            Property::MaximumQos(one) => Some(one),
            _ => None,
        }) {
            Some(false) => QoS::AtMostOnce,
            Some(true) => QoS::AtLeastOnce,
            None => QoS::ExactlyOnce,
        }
    }
}

/// One reader for each property that stands at most once.
macro_rules! readers {
    ($($doc:literal $method:ident $variant:ident $type:ty)*) => {
        impl<'a> Properties<'a> {
            $(
                #[doc = $doc]
                #[must_use]
                pub fn $method(&self) -> Option<$type> {
                    self.find(|property| match property {
                        Property::$variant(value) => Some(value),
                        _ => None,
                    })
                }
            )*
        }
    };
}

readers! {
    "Why, in the broker's words, for people (3.2.2.3.9)." reason_string ReasonString &'a str
    "The client id that the broker chose (3.2.2.3.7)." assigned_client_id AssignedClientIdentifier &'a str
    "Seconds of keep alive that the broker wants instead of this end's (3.2.2.3.14)." server_keep_alive_s ServerKeepAlive u16
    "Seconds that the broker keeps the session after the connection (3.2.2.3.2); absent: as asked for." session_expiry_s SessionExpiryInterval u32
    "Where response topics are to begin (3.2.2.3.15)." response_information ResponseInformation &'a str
    "Another broker to use (4.11)." server_reference ServerReference &'a str
    "How many QoS 1 and 2 publishes the other end takes at a time (3.2.2.3.3); absent: 65,535." receive_maximum ReceiveMaximum u16
    "The longest packet, in bytes, that the other end takes (3.2.2.3.6)." maximum_packet_size MaximumPacketSize u32
    "How many topic aliases the other end takes (3.2.2.3.8); absent: none." topic_alias_maximum TopicAliasMaximum u16
    "The alias of a message's topic (3.3.2.3.4)." topic_alias TopicAlias u16
    "Whether the broker keeps retained messages (3.2.2.3.5); absent: it does." retain_available RetainAvailable bool
    "Whether filters may have wildcards (3.2.2.3.11); absent: they may." wildcard_subscription_available WildcardSubscriptionAvailable bool
    "Whether subscriptions may have identifiers (3.2.2.3.12); absent: they may." subscription_identifier_available SubscriptionIdentifierAvailable bool
    "Whether subscriptions may be shared (3.2.2.3.13); absent: they may." shared_subscription_available SharedSubscriptionAvailable bool
    "Whether the payload is UTF-8 text (3.3.2.3.2)." payload_is_text PayloadFormatIndicator bool
    "Seconds that the message is still of use (3.3.2.3.3)." message_expiry_s MessageExpiryInterval u32
    "What the payload is (3.3.2.3.9)." content_type ContentType &'a str
    "Where an answer is expected (3.3.2.3.5)." response_topic ResponseTopic &'a str
    "Which request an answer belongs to (3.3.2.3.6)." correlation_data CorrelationData &'a [u8]
    "The method of enhanced authentication (3.1.2.11.9)." authentication_method AuthenticationMethod &'a str
}

impl<'a> From<&'a [Property<'a>]> for Properties<'a> {
    fn from(list: &'a [Property<'a>]) -> Self {
        Self(Source::Lists(list, &[]))
    }
}

/// Equal when they hold the same in the same order.
impl PartialEq for Properties<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Properties<'_> {}

impl fmt::Debug for Properties<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
