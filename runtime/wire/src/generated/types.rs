// @generated from spec/bridge.yaml: edit that and type `cargo xtask codegen`.
//! The types that messages are made of.

use super::{config, status, types};
use ::fivewire_wire as wire;

/// MQTT quality of service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(u8)]
pub enum QoS {
    /// QoS 0: sent once, not acknowledged.
    AtMostOnce = 0,
    /// QoS 1: acknowledged, may be delivered again.
    AtLeastOnce = 1,
    /// QoS 2: delivered once.
    ExactlyOnce = 2,
}

impl QoS {
    /// Every value, in the spec's order.
    pub const ALL: &'static [Self] = &[Self::AtMostOnce, Self::AtLeastOnce, Self::ExactlyOnce];

    /// Number on the wire.
    #[inline]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The value of that number.
    #[inline]
    pub const fn from_number(number: u8) -> Option<Self> {
        match number {
            0 => Some(Self::AtMostOnce),
            1 => Some(Self::AtLeastOnce),
            2 => Some(Self::ExactlyOnce),
            _ => None,
        }
    }

    #[inline]
    pub(super) fn checked(field: &'static str, value: u8) -> Result<Self, wire::DecodeError> {
        Self::from_number(value).ok_or(wire::DecodeError::InvalidEnum { field, value })
    }

    /// Name in the spec.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AtMostOnce => "at_most_once",
            Self::AtLeastOnce => "at_least_once",
            Self::ExactlyOnce => "exactly_once",
        }
    }

    /// The value of that name in the spec.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "at_most_once" => Some(Self::AtMostOnce),
            "at_least_once" => Some(Self::AtLeastOnce),
            "exactly_once" => Some(Self::ExactlyOnce),
            _ => None,
        }
    }

    /// Number in the MicroPython system; none where that does not know it.
    pub const fn text_code(self) -> Option<u8> {
        match self {
            Self::AtMostOnce => Some(0),
            Self::AtLeastOnce => Some(1),
            _ => None,
        }
    }

    /// The value of that number in the MicroPython system.
    pub const fn from_text_code(code: u8) -> Option<Self> {
        match code {
            0 => Some(Self::AtMostOnce),
            1 => Some(Self::AtLeastOnce),
            _ => None,
        }
    }
}

impl<'a> wire::Element<'a> for QoS {
    fn read(input: &mut wire::Reader<'a>) -> Result<Self, wire::DecodeError> {
        Self::checked("element", input.u8("element")?)
    }
}

/// How a publication ended at the bridge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(u8)]
pub enum Outcome {
    /// QoS 1: the broker acknowledged it. QoS 0: handed to the network.
    Delivered = 1,
    /// It will not be delivered; the reason says why.
    Rejected = 2,
    /// QoS 2: the broker has it and waits for release.
    Received = 3,
}

impl Outcome {
    /// Every value, in the spec's order.
    pub const ALL: &'static [Self] = &[Self::Delivered, Self::Rejected, Self::Received];

    /// Number on the wire.
    #[inline]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The value of that number.
    #[inline]
    pub const fn from_number(number: u8) -> Option<Self> {
        match number {
            1 => Some(Self::Delivered),
            2 => Some(Self::Rejected),
            3 => Some(Self::Received),
            _ => None,
        }
    }

    #[inline]
    pub(super) fn checked(field: &'static str, value: u8) -> Result<Self, wire::DecodeError> {
        Self::from_number(value).ok_or(wire::DecodeError::InvalidEnum { field, value })
    }

    /// Name in the spec.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Rejected => "rejected",
            Self::Received => "received",
        }
    }

    /// The value of that name in the spec.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "delivered" => Some(Self::Delivered),
            "rejected" => Some(Self::Rejected),
            "received" => Some(Self::Received),
            _ => None,
        }
    }
}

impl<'a> wire::Element<'a> for Outcome {
    fn read(input: &mut wire::Reader<'a>) -> Result<Self, wire::DecodeError> {
        Self::checked("element", input.u8("element")?)
    }
}

/// Why something was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Reason {
    /// Nothing was refused.
    None,
    /// The peer does not know this op or cannot do this.
    Unsupported,
    /// The peer could not decode it.
    Malformed,
    /// The bridge has no configuration yet.
    NotConfigured,
    /// More was sent than the window allows.
    NoRoom,
    /// The broker answered with a failure code.
    RefusedByBroker,
    /// A topic name or filter that MQTT does not allow.
    BadTopic,
    /// There is no connection to the broker now.
    NotConnected,
    /// A number that this revision of the spec does not name.
    Unknown(u8),
}

impl Reason {
    /// Every value that has a name, in the spec's order.
    pub const ALL: &'static [Self] = &[
        Self::None,
        Self::Unsupported,
        Self::Malformed,
        Self::NotConfigured,
        Self::NoRoom,
        Self::RefusedByBroker,
        Self::BadTopic,
        Self::NotConnected,
    ];

    /// Number on the wire.
    #[inline]
    pub const fn number(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Unsupported => 1,
            Self::Malformed => 2,
            Self::NotConfigured => 3,
            Self::NoRoom => 4,
            Self::RefusedByBroker => 5,
            Self::BadTopic => 6,
            Self::NotConnected => 7,
            Self::Unknown(number) => number,
        }
    }

    /// The value of that number; never fails.
    #[inline]
    pub const fn from_number(number: u8) -> Self {
        match number {
            0 => Self::None,
            1 => Self::Unsupported,
            2 => Self::Malformed,
            3 => Self::NotConfigured,
            4 => Self::NoRoom,
            5 => Self::RefusedByBroker,
            6 => Self::BadTopic,
            7 => Self::NotConnected,
            number => Self::Unknown(number),
        }
    }

    #[inline]
    pub(super) fn checked(_: &'static str, value: u8) -> Result<Self, wire::DecodeError> {
        Ok(Self::from_number(value))
    }

    /// Name in the spec.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Unsupported => "unsupported",
            Self::Malformed => "malformed",
            Self::NotConfigured => "not_configured",
            Self::NoRoom => "no_room",
            Self::RefusedByBroker => "refused_by_broker",
            Self::BadTopic => "bad_topic",
            Self::NotConnected => "not_connected",
            Self::Unknown(_) => "unknown",
        }
    }

    /// The value of that name in the spec.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "none" => Some(Self::None),
            "unsupported" => Some(Self::Unsupported),
            "malformed" => Some(Self::Malformed),
            "not_configured" => Some(Self::NotConfigured),
            "no_room" => Some(Self::NoRoom),
            "refused_by_broker" => Some(Self::RefusedByBroker),
            "bad_topic" => Some(Self::BadTopic),
            "not_connected" => Some(Self::NotConnected),
            _ => None,
        }
    }
}

impl<'a> wire::Element<'a> for Reason {
    fn read(input: &mut wire::Reader<'a>) -> Result<Self, wire::DecodeError> {
        Self::checked("element", input.u8("element")?)
    }
}

/// How much a log line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum LogLevel {
    /// Something failed.
    Error,
    /// Something is wrong but mended.
    Warn,
    /// A milestone.
    Info,
    /// For whoever looks for a fault.
    Debug,
    /// A number that this revision of the spec does not name.
    Unknown(u8),
}

impl LogLevel {
    /// Every value that has a name, in the spec's order.
    pub const ALL: &'static [Self] = &[Self::Error, Self::Warn, Self::Info, Self::Debug];

    /// Number on the wire.
    #[inline]
    pub const fn number(self) -> u8 {
        match self {
            Self::Error => 1,
            Self::Warn => 2,
            Self::Info => 3,
            Self::Debug => 4,
            Self::Unknown(number) => number,
        }
    }

    /// The value of that number; never fails.
    #[inline]
    pub const fn from_number(number: u8) -> Self {
        match number {
            1 => Self::Error,
            2 => Self::Warn,
            3 => Self::Info,
            4 => Self::Debug,
            number => Self::Unknown(number),
        }
    }

    #[inline]
    pub(super) fn checked(_: &'static str, value: u8) -> Result<Self, wire::DecodeError> {
        Ok(Self::from_number(value))
    }

    /// Name in the spec.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Unknown(_) => "unknown",
        }
    }

    /// The value of that name in the spec.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "error" => Some(Self::Error),
            "warn" => Some(Self::Warn),
            "info" => Some(Self::Info),
            "debug" => Some(Self::Debug),
            _ => None,
        }
    }
}

impl<'a> wire::Element<'a> for LogLevel {
    fn read(input: &mut wire::Reader<'a>) -> Result<Self, wire::DecodeError> {
        Self::checked("element", input.u8("element")?)
    }
}

/// Why the bridge started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum ResetCause {
    /// Power was applied, or the cause is not known.
    PowerOn,
    /// The host pulled the reset wire.
    ResetWire,
    /// The host sent restart.
    Restart,
    /// A panic or a watchdog of the bridge itself.
    Crash,
    /// A number that this revision of the spec does not name.
    Unknown(u8),
}

impl ResetCause {
    /// Every value that has a name, in the spec's order.
    pub const ALL: &'static [Self] = &[Self::PowerOn, Self::ResetWire, Self::Restart, Self::Crash];

    /// Number on the wire.
    #[inline]
    pub const fn number(self) -> u8 {
        match self {
            Self::PowerOn => 1,
            Self::ResetWire => 2,
            Self::Restart => 3,
            Self::Crash => 4,
            Self::Unknown(number) => number,
        }
    }

    /// The value of that number; never fails.
    #[inline]
    pub const fn from_number(number: u8) -> Self {
        match number {
            1 => Self::PowerOn,
            2 => Self::ResetWire,
            3 => Self::Restart,
            4 => Self::Crash,
            number => Self::Unknown(number),
        }
    }

    #[inline]
    pub(super) fn checked(_: &'static str, value: u8) -> Result<Self, wire::DecodeError> {
        Ok(Self::from_number(value))
    }

    /// Name in the spec.
    pub const fn name(self) -> &'static str {
        match self {
            Self::PowerOn => "power_on",
            Self::ResetWire => "reset_wire",
            Self::Restart => "restart",
            Self::Crash => "crash",
            Self::Unknown(_) => "unknown",
        }
    }

    /// The value of that name in the spec.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "power_on" => Some(Self::PowerOn),
            "reset_wire" => Some(Self::ResetWire),
            "restart" => Some(Self::Restart),
            "crash" => Some(Self::Crash),
            _ => None,
        }
    }
}

impl<'a> wire::Element<'a> for ResetCause {
    fn read(input: &mut wire::Reader<'a>) -> Result<Self, wire::DecodeError> {
        Self::checked("element", input.u8("element")?)
    }
}

/// The protocol level spoken to the broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(u8)]
pub enum MqttVersion {
    /// MQTT 3.1.1.
    V3_1_1 = 4,
    /// MQTT 5.0.
    V5_0 = 5,
}

impl MqttVersion {
    /// Every value, in the spec's order.
    pub const ALL: &'static [Self] = &[Self::V3_1_1, Self::V5_0];

    /// Number on the wire.
    #[inline]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The value of that number.
    #[inline]
    pub const fn from_number(number: u8) -> Option<Self> {
        match number {
            4 => Some(Self::V3_1_1),
            5 => Some(Self::V5_0),
            _ => None,
        }
    }

    #[inline]
    pub(super) fn checked(field: &'static str, value: u8) -> Result<Self, wire::DecodeError> {
        Self::from_number(value).ok_or(wire::DecodeError::InvalidEnum { field, value })
    }

    /// Name in the spec.
    pub const fn name(self) -> &'static str {
        match self {
            Self::V3_1_1 => "v3_1_1",
            Self::V5_0 => "v5_0",
        }
    }

    /// The value of that name in the spec.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "v3_1_1" => Some(Self::V3_1_1),
            "v5_0" => Some(Self::V5_0),
            _ => None,
        }
    }
}

impl<'a> wire::Element<'a> for MqttVersion {
    fn read(input: &mut wire::Reader<'a>) -> Result<Self, wire::DecodeError> {
        Self::checked("element", input.u8("element")?)
    }
}
