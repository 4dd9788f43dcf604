//! The small values of the standard: quality of service, packet identifier, return code.
//!
//! Not here: anything with a length or a lifetime (see `packet` and `event`).

use core::fmt;
use core::num::NonZeroU16;

/// Quality of service (MQTT 4.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum QoS {
    /// QoS 0: sent once, not acknowledged.
    #[default]
    AtMostOnce = 0,
    /// QoS 1: acknowledged, may arrive again.
    AtLeastOnce = 1,
    /// QoS 2: acknowledged in two steps, arrives once.
    ExactlyOnce = 2,
}

impl QoS {
    /// The number on the wire: 0, 1 or 2.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// From the number on the wire; `None` for 3 and above [MQTT-3.3.1-4].
    #[must_use]
    pub const fn from_number(number: u8) -> Option<Self> {
        match number {
            0 => Some(Self::AtMostOnce),
            1 => Some(Self::AtLeastOnce),
            2 => Some(Self::ExactlyOnce),
            _ => None,
        }
    }
}

/// A packet identifier: 1 to 65,535 [MQTT-2.3.1-1].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PacketId(NonZeroU16);

impl PacketId {
    /// The first one a session uses.
    pub const FIRST: Self = Self(NonZeroU16::MIN);

    /// From its number; `None` for 0.
    #[must_use]
    pub const fn new(number: u16) -> Option<Self> {
        match NonZeroU16::new(number) {
            Some(number) => Some(Self(number)),
            None => None,
        }
    }

    /// Its number, 1 to 65,535.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0.get()
    }

    /// The one after it; 1 follows 65,535.
    #[must_use]
    pub const fn next(self) -> Self {
        match self.0.checked_add(1) {
            Some(number) => Self(number),
            None => Self::FIRST,
        }
    }
}

impl fmt::Display for PacketId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Under which packet identifier a request goes out.
///
/// One end may count the identifiers itself, so that they outlive this one: what a program that crashed had sent, its
/// successor sends [`Again`](Self::Again), and the broker recognises it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Number {
    /// The next one that no unanswered request has.
    #[default]
    Next,
    /// This one, as yet unused.
    New(PacketId),
    /// This one, under which the broker may have the publish already: it gets DUP when the broker has the session
    /// [MQTT-3.3.1-1].
    Again(PacketId),
}

/// An incoming QoS 1 or 2 message that waits for [`Client::acknowledge`](crate::Client::acknowledge).
///
/// With QoS 1 it is worth something only on the connection that brought the message: a broker that did not get the
/// acknowledgement sends the message again, and after a clean start it may use the number for another one. With QoS 2 it
/// is good as long as the broker keeps the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MessageId {
    pub(crate) packet_id: PacketId,
    pub(crate) exactly_once: bool,
    pub(crate) connection: u16,
}

impl MessageId {
    /// The broker's packet identifier of the message.
    #[must_use]
    pub const fn packet_id(self) -> PacketId {
        self.packet_id
    }
}

/// A CONNACK return code (MQTT 3.2.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ConnectReturnCode {
    /// 0: the connection is accepted.
    Accepted = 0,
    /// 1: the broker does not speak MQTT 3.1.1.
    UnacceptableProtocolVersion = 1,
    /// 2: the broker does not allow this client id.
    IdentifierRejected = 2,
    /// 3: the MQTT service is not available.
    ServerUnavailable = 3,
    /// 4: the user name or the password is malformed, or wrong.
    BadUserNameOrPassword = 4,
    /// 5: this client may not connect.
    NotAuthorized = 5,
}

impl ConnectReturnCode {
    /// The number on the wire.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// Any but [`Accepted`](Self::Accepted).
    #[must_use]
    pub const fn is_refusal(self) -> bool {
        !matches!(self, Self::Accepted)
    }

    /// From the number on the wire; `None` for the reserved ones, 6 and above.
    #[must_use]
    pub const fn from_number(number: u8) -> Option<Self> {
        match number {
            0 => Some(Self::Accepted),
            1 => Some(Self::UnacceptableProtocolVersion),
            2 => Some(Self::IdentifierRejected),
            3 => Some(Self::ServerUnavailable),
            4 => Some(Self::BadUserNameOrPassword),
            5 => Some(Self::NotAuthorized),
            _ => None,
        }
    }
}

impl fmt::Display for ConnectReturnCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Accepted => "accepted",
            Self::UnacceptableProtocolVersion => "the broker does not speak MQTT 3.1.1",
            Self::IdentifierRejected => "the broker does not allow this client id",
            Self::ServerUnavailable => "the MQTT service is not available",
            Self::BadUserNameOrPassword => "bad user name or password",
            Self::NotAuthorized => "not authorized",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{ConnectReturnCode, PacketId, QoS};

    #[test]
    fn numbers_come_back() {
        for number in 0..=255 {
            assert_eq!(
                QoS::from_number(number).map(QoS::number),
                (number < 3).then_some(number)
            );
            let code = ConnectReturnCode::from_number(number).map(ConnectReturnCode::number);
            assert_eq!(code, (number < 6).then_some(number));
        }
    }

    #[test]
    fn packet_ids_never_become_zero() {
        assert_eq!(PacketId::new(0), None);
        assert_eq!(PacketId::FIRST.next().get(), 2);
        assert_eq!(PacketId::new(u16::MAX).map(PacketId::next), Some(PacketId::FIRST));
    }
}
