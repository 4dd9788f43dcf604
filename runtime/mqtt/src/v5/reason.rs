//! Reason codes (MQTT 5.0, 2.4), and which of them tells a broker what it did wrong.
//!
//! Not here: which packet may carry which (see the packets).

use core::fmt;

use crate::error::ProtocolError;

/// Why, or that, something worked or failed (2.4). Numbers below 0x80 are successes; codes of later standards are kept
/// as they are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReasonCode(u8);

/// Declares each code once, with its name for people.
macro_rules! reason_codes {
    ($($(#[doc = $doc:literal])* $code:literal $name:ident $text:literal)*) => {
        impl ReasonCode {
            $(
                #[doc = concat!($text, ".")]
                $(#[doc = $doc])*
                pub const $name: Self = Self($code);
            )*

            /// What the standard calls it; `None` for a code that it does not know.
            #[must_use]
            pub const fn name(self) -> Option<&'static str> {
                Some(match self.0 {
                    $($code => $text,)*
                    _ => return None,
                })
            }
        }
    };
}

reason_codes! {
    /// Also: normal disconnection, granted QoS 0.
    0x00 SUCCESS "success"
    0x01 GRANTED_QOS_1 "granted QoS 1"
    0x02 GRANTED_QOS_2 "granted QoS 2"
    0x04 DISCONNECT_WITH_WILL "disconnect with will message"
    0x10 NO_MATCHING_SUBSCRIBERS "no matching subscribers"
    0x11 NO_SUBSCRIPTION_EXISTED "no subscription existed"
    0x18 CONTINUE_AUTHENTICATION "continue authentication"
    0x19 REAUTHENTICATE "re-authenticate"
    0x80 UNSPECIFIED_ERROR "unspecified error"
    0x81 MALFORMED_PACKET "malformed packet"
    0x82 PROTOCOL_ERROR "protocol error"
    0x83 IMPLEMENTATION_SPECIFIC_ERROR "implementation specific error"
    0x84 UNSUPPORTED_PROTOCOL_VERSION "unsupported protocol version"
    0x85 CLIENT_IDENTIFIER_NOT_VALID "client identifier not valid"
    0x86 BAD_USER_NAME_OR_PASSWORD "bad user name or password"
    0x87 NOT_AUTHORIZED "not authorized"
    0x88 SERVER_UNAVAILABLE "server unavailable"
    0x89 SERVER_BUSY "server busy"
    0x8a BANNED "banned"
    0x8b SERVER_SHUTTING_DOWN "server shutting down"
    0x8c BAD_AUTHENTICATION_METHOD "bad authentication method"
    0x8d KEEP_ALIVE_TIMEOUT "keep alive timeout"
    0x8e SESSION_TAKEN_OVER "session taken over"
    0x8f TOPIC_FILTER_INVALID "topic filter invalid"
    0x90 TOPIC_NAME_INVALID "topic name invalid"
    0x91 PACKET_IDENTIFIER_IN_USE "packet identifier in use"
    0x92 PACKET_IDENTIFIER_NOT_FOUND "packet identifier not found"
    0x93 RECEIVE_MAXIMUM_EXCEEDED "receive maximum exceeded"
    0x94 TOPIC_ALIAS_INVALID "topic alias invalid"
    0x95 PACKET_TOO_LARGE "packet too large"
    0x96 MESSAGE_RATE_TOO_HIGH "message rate too high"
    0x97 QUOTA_EXCEEDED "quota exceeded"
    0x98 ADMINISTRATIVE_ACTION "administrative action"
    0x99 PAYLOAD_FORMAT_INVALID "payload format invalid"
    0x9a RETAIN_NOT_SUPPORTED "retain not supported"
    0x9b QOS_NOT_SUPPORTED "QoS not supported"
    0x9c USE_ANOTHER_SERVER "use another server"
    0x9d SERVER_MOVED "server moved"
    0x9e SHARED_SUBSCRIPTIONS_NOT_SUPPORTED "shared subscriptions not supported"
    0x9f CONNECTION_RATE_EXCEEDED "connection rate exceeded"
    0xa0 MAXIMUM_CONNECT_TIME "maximum connect time"
    0xa1 SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED "subscription identifiers not supported"
    0xa2 WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED "wildcard subscriptions not supported"
}

impl ReasonCode {
    /// From the number on the wire.
    #[must_use]
    pub const fn new(number: u8) -> Self {
        Self(number)
    }

    /// The number on the wire.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }

    /// 0x80 and above: it did not work.
    #[must_use]
    pub const fn is_error(self) -> bool {
        self.0 >= 0x80
    }
}

impl fmt::Debug for ReasonCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#04x}", self.0)
    }
}

impl fmt::Display for ReasonCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "reason code {:#04x}", self.0),
        }
    }
}

/// What a DISCONNECT says to a broker that broke the standard (4.13).
impl From<ProtocolError> for ReasonCode {
    fn from(error: ProtocolError) -> Self {
        match error {
            ProtocolError::ReservedType(_)
            | ProtocolError::ReservedFlags(_)
            | ProtocolError::RemainingLength
            | ProtocolError::Length(_)
            | ProtocolError::Text
            | ProtocolError::TopicName
            | ProtocolError::TopicFilter
            | ProtocolError::Qos
            | ProtocolError::VariableInteger
            | ProtocolError::UnknownProperty
            | ProtocolError::SubscriptionOptions
            | ProtocolError::Protocol
            | ProtocolError::ConnectFlags => Self::MALFORMED_PACKET,
            ProtocolError::Unexpected(_)
            | ProtocolError::PacketIdZero
            | ProtocolError::ReturnCode(_)
            | ProtocolError::SessionPresent
            | ProtocolError::Property(_)
            | ProtocolError::NoTopic => Self::PROTOCOL_ERROR,
            ProtocolError::TopicAlias => Self::TOPIC_ALIAS_INVALID,
            ProtocolError::ReceiveMaximum => Self::RECEIVE_MAXIMUM_EXCEEDED,
            ProtocolError::TooLarge => Self::PACKET_TOO_LARGE,
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::string::ToString as _;

    use super::ReasonCode;

    #[test]
    fn known_codes_have_names_and_others_show_their_number() {
        assert_eq!(ReasonCode::new(0x95), ReasonCode::PACKET_TOO_LARGE);
        assert_eq!(ReasonCode::PACKET_TOO_LARGE.to_string(), "packet too large");
        assert_eq!(ReasonCode::new(0xf0).to_string(), "reason code 0xf0");
        let known = (0..=255).filter(|&number| ReasonCode::new(number).name().is_some());
        assert_eq!(known.count(), 43);
        assert!(ReasonCode::new(0x80).is_error() && !ReasonCode::new(0x7f).is_error());
    }
}
