// @generated from spec/bridge.yaml: edit that and type `cargo xtask codegen`.
//! The bridge's answers to commands.

use super::{config, status, types};
use ::fivewire_wire as wire;

/// Any reply: the bridge's answer to a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Reply {
    /// Answer to `publish`: Publish a message.
    Publish(Publish),
    /// Answer to `subscribe`: Subscribe to a topic filter.
    Subscribe(Subscribe),
    /// Answer to `unsubscribe`: Give a subscription up.
    Unsubscribe(Unsubscribe),
    /// Answer to `will`: Store the last will that the broker publishes when this client vanishes. Sent before configure.
    Will(Will),
    /// Answer to `configure`: Give the bridge its whole configuration; it then joins the network and the broker.
    Configure(Configure),
    /// Answer to `release`: The host noted that the broker received a QoS 2 publication (outcome received); it may now be released.
    Release(Release),
    /// Answer to `get_time`: Ask for the time of day.
    GetTime(GetTime),
    /// Answer to `memory`: Ask how much memory the bridge has.
    Memory(Memory),
    /// Answer to `ping`: Ask for a sign of life of the whole bridge program.
    Ping(Ping),
}

impl Reply {
    /// Op, with its folded bits zero.
    pub fn op(&self) -> u8 {
        match self {
            Self::Publish(_) => Publish::OP,
            Self::Subscribe(_) => Subscribe::OP,
            Self::Unsubscribe(_) => Unsubscribe::OP,
            Self::Will(_) => Will::OP,
            Self::Configure(_) => Configure::OP,
            Self::Release(_) => Release::OP,
            Self::GetTime(_) => GetTime::OP,
            Self::Memory(_) => Memory::OP,
            Self::Ping(_) => Ping::OP,
        }
    }

    /// Name in the spec.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Publish(_) => Publish::NAME,
            Self::Subscribe(_) => Subscribe::NAME,
            Self::Unsubscribe(_) => Unsubscribe::NAME,
            Self::Will(_) => Will::NAME,
            Self::Configure(_) => Configure::NAME,
            Self::Release(_) => Release::NAME,
            Self::GetTime(_) => GetTime::NAME,
            Self::Memory(_) => Memory::NAME,
            Self::Ping(_) => Ping::NAME,
        }
    }

    /// Revision of the protocol that brought it.
    pub fn since(&self) -> u8 {
        match self {
            Self::Publish(_) => Publish::SINCE,
            Self::Subscribe(_) => Subscribe::SINCE,
            Self::Unsubscribe(_) => Unsubscribe::SINCE,
            Self::Will(_) => Will::SINCE,
            Self::Configure(_) => Configure::SINCE,
            Self::Release(_) => Release::SINCE,
            Self::GetTime(_) => GetTime::SINCE,
            Self::Memory(_) => Memory::SINCE,
            Self::Ping(_) => Ping::SINCE,
        }
    }

    /// Writes the body.
    ///
    /// # Errors
    /// The buffer is too small, or a field is beyond its bounds.
    pub fn encode(&self, number: u8, out: &mut wire::Writer<'_>) -> Result<(), wire::EncodeError> {
        match self {
            Self::Publish(message) => message.encode(number, out),
            Self::Subscribe(message) => message.encode(number, out),
            Self::Unsubscribe(message) => message.encode(number, out),
            Self::Will(message) => message.encode(number, out),
            Self::Configure(message) => message.encode(number, out),
            Self::Release(message) => message.encode(number, out),
            Self::GetTime(message) => message.encode(number, out),
            Self::Memory(message) => message.encode(number, out),
            Self::Ping(message) => message.encode(number, out),
        }
    }
}

impl Reply {
    /// Reads a body: the number of the command it answers, and the reply.
    ///
    /// # Errors
    /// The body does not follow the spec, or is none of a reply.
    pub fn decode(body: &[u8]) -> Result<(u8, Self), wire::DecodeError> {
        let (&op, fields) = body.split_first().ok_or(wire::DecodeError::Empty)?;
        let input = &mut wire::Reader::new(fields);
        let number = input.u8("number")?;
        let reply = match op {
            0xa0 => Publish::read(op, input).map(Self::Publish),
            0xb0 => Subscribe::read(op, input).map(Self::Subscribe),
            0x92 => Unsubscribe::read(op, input).map(Self::Unsubscribe),
            0x90 => Will::read(op, input).map(Self::Will),
            0x91 => Configure::read(op, input).map(Self::Configure),
            0x9b => Release::read(op, input).map(Self::Release),
            0x95 => GetTime::read(op, input).map(Self::GetTime),
            0x96 => Memory::read(op, input).map(Self::Memory),
            0x97 => Ping::read(op, input).map(Self::Ping),
            _ => Err(wire::DecodeError::UnknownOp(op)),
        };
        Ok((number, reply?))
    }
}

impl Reply {
    /// Writes the text form, fields and separators, without a terminator.
    ///
    /// # Errors
    /// The message has no text form, the buffer is too small, a field is beyond its bounds or holds what no
    /// symbol stands for, or a field that the text form lacks has another value than its default.
    pub fn encode_text(&self, out: &mut wire::TextWriter<'_>) -> Result<(), wire::TextError> {
        match self {
            Self::GetTime(message) => message.encode_text(out),
            Self::Memory(message) => message.encode_text(out),
            Self::Publish(_) | Self::Subscribe(_) | Self::Unsubscribe(_) | Self::Will(_)
                | Self::Configure(_) | Self::Release(_)
                | Self::Ping(_) => Err(wire::TextError::NoTextForm { message: self.name() }),
        }
    }
}

impl Reply {
    /// Reads a text form, given without its terminator.
    ///
    /// # Errors
    /// The string is none of this direction, or does not follow the spec.
    pub fn decode_text(string: &[u8]) -> Result<Self, wire::TextError> {
        let input = &mut wire::TextReader::new(string)?;
        match input.word()? {
            b"i" => GetTime::read_text(input).map(Self::GetTime),
            b"m" => Memory::read_text(input).map(Self::Memory),
            _ => Err(wire::TextError::UnknownWord),
        }
    }
}

impl From<Publish> for Reply {
    fn from(message: Publish) -> Self {
        Self::Publish(message)
    }
}

impl From<Subscribe> for Reply {
    fn from(message: Subscribe) -> Self {
        Self::Subscribe(message)
    }
}

impl From<Unsubscribe> for Reply {
    fn from(message: Unsubscribe) -> Self {
        Self::Unsubscribe(message)
    }
}

impl From<Will> for Reply {
    fn from(message: Will) -> Self {
        Self::Will(message)
    }
}

impl From<Configure> for Reply {
    fn from(message: Configure) -> Self {
        Self::Configure(message)
    }
}

impl From<Release> for Reply {
    fn from(message: Release) -> Self {
        Self::Release(message)
    }
}

impl From<GetTime> for Reply {
    fn from(message: GetTime) -> Self {
        Self::GetTime(message)
    }
}

impl From<Memory> for Reply {
    fn from(message: Memory) -> Self {
        Self::Memory(message)
    }
}

impl From<Ping> for Reply {
    fn from(message: Ping) -> Self {
        Self::Ping(message)
    }
}

impl TryFrom<Reply> for Publish {
    type Error = Reply;

    fn try_from(reply: Reply) -> Result<Self, Self::Error> {
        match reply {
            Reply::Publish(message) => Ok(message),
            other => Err(other),
        }
    }
}

impl TryFrom<Reply> for Subscribe {
    type Error = Reply;

    fn try_from(reply: Reply) -> Result<Self, Self::Error> {
        match reply {
            Reply::Subscribe(message) => Ok(message),
            other => Err(other),
        }
    }
}

impl TryFrom<Reply> for Unsubscribe {
    type Error = Reply;

    fn try_from(reply: Reply) -> Result<Self, Self::Error> {
        match reply {
            Reply::Unsubscribe(message) => Ok(message),
            other => Err(other),
        }
    }
}

impl TryFrom<Reply> for Will {
    type Error = Reply;

    fn try_from(reply: Reply) -> Result<Self, Self::Error> {
        match reply {
            Reply::Will(message) => Ok(message),
            other => Err(other),
        }
    }
}

impl TryFrom<Reply> for Configure {
    type Error = Reply;

    fn try_from(reply: Reply) -> Result<Self, Self::Error> {
        match reply {
            Reply::Configure(message) => Ok(message),
            other => Err(other),
        }
    }
}

impl TryFrom<Reply> for Release {
    type Error = Reply;

    fn try_from(reply: Reply) -> Result<Self, Self::Error> {
        match reply {
            Reply::Release(message) => Ok(message),
            other => Err(other),
        }
    }
}

impl TryFrom<Reply> for GetTime {
    type Error = Reply;

    fn try_from(reply: Reply) -> Result<Self, Self::Error> {
        match reply {
            Reply::GetTime(message) => Ok(message),
            other => Err(other),
        }
    }
}

impl TryFrom<Reply> for Memory {
    type Error = Reply;

    fn try_from(reply: Reply) -> Result<Self, Self::Error> {
        match reply {
            Reply::Memory(message) => Ok(message),
            other => Err(other),
        }
    }
}

impl TryFrom<Reply> for Ping {
    type Error = Reply;

    fn try_from(reply: Reply) -> Result<Self, Self::Error> {
        match reply {
            Reply::Ping(message) => Ok(message),
            other => Err(other),
        }
    }
}

/// The spec's examples, in its order.
pub const EXAMPLES: &[Reply] = &[
    Reply::Publish(Publish::EXAMPLE),
    Reply::Subscribe(Subscribe::EXAMPLE),
    Reply::Unsubscribe(Unsubscribe::EXAMPLE),
    Reply::Will(Will::EXAMPLE),
    Reply::Configure(Configure::EXAMPLE),
    Reply::Release(Release::EXAMPLE),
    Reply::GetTime(GetTime::EXAMPLE),
    Reply::Memory(Memory::EXAMPLE),
    Reply::Ping(Ping::EXAMPLE),
];

/// Answer to `publish`: Publish a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Publish {
    /// How it ended.
    pub outcome: types::Outcome,
    /// Why, when it was rejected. Default `none`.
    pub reason: types::Reason,
}

impl Publish {
    /// Op, with its folded bits zero.
    pub const OP: u8 = 0xa0;
    /// Name in the spec.
    pub const NAME: &'static str = "publish";
    /// Revision of the protocol that brought it.
    pub const SINCE: u8 = 1;
    /// Longest body in bytes.
    pub const MAX_BODY: usize = 4;
    /// The spec's example.
    pub const EXAMPLE: Publish = Publish {
        outcome: types::Outcome::Delivered,
        reason: types::Reason::None,
    };

    /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
    /// `number` is that of the command it answers.
    pub fn encode(&self, number: u8, out: &mut wire::Writer<'_>) -> Result<(), wire::EncodeError> {
        out.u8(Self::OP);
        out.u8(number);
        out.u8(self.outcome.number());
        if self.reason != types::Reason::None {
            out.u8(self.reason.number());
        }
        out.finish()
    }
}

impl Publish {
    pub(super) fn read(_: u8, input: &mut wire::Reader<'_>) -> Result<Self, wire::DecodeError> {
        Ok(Self {
            outcome: types::Outcome::checked("outcome", input.u8("outcome")?)?,
            reason: if input.is_empty() {
                types::Reason::None
            } else {
                types::Reason::from_number(input.u8("reason")?)
            },
        })
    }
}

/// Answer to `subscribe`: Subscribe to a topic filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Subscribe {
    /// What the broker granted. Default `at_most_once`.
    pub granted: types::QoS,
    /// Why, when it was refused. Default `none`.
    pub reason: types::Reason,
}

impl Subscribe {
    /// Op, with its folded bits zero.
    pub const OP: u8 = 0xb0;
    /// Name in the spec.
    pub const NAME: &'static str = "subscribe";
    /// Revision of the protocol that brought it.
    pub const SINCE: u8 = 1;
    /// Longest body in bytes.
    pub const MAX_BODY: usize = 4;
    /// The spec's example.
    pub const EXAMPLE: Subscribe = Subscribe {
        granted: types::QoS::AtLeastOnce,
        reason: types::Reason::None,
    };

    /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
    /// `number` is that of the command it answers.
    pub fn encode(&self, number: u8, out: &mut wire::Writer<'_>) -> Result<(), wire::EncodeError> {
        out.u8(Self::OP);
        out.u8(number);
        if self.granted != types::QoS::AtMostOnce || self.reason != types::Reason::None {
            out.u8(self.granted.number());
        }
        if self.reason != types::Reason::None {
            out.u8(self.reason.number());
        }
        out.finish()
    }
}

impl Subscribe {
    pub(super) fn read(_: u8, input: &mut wire::Reader<'_>) -> Result<Self, wire::DecodeError> {
        Ok(Self {
            granted: if input.is_empty() {
                types::QoS::AtMostOnce
            } else {
                types::QoS::checked("granted", input.u8("granted")?)?
            },
            reason: if input.is_empty() {
                types::Reason::None
            } else {
                types::Reason::from_number(input.u8("reason")?)
            },
        })
    }
}

/// Answer to `unsubscribe`: Give a subscription up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Unsubscribe {
    /// Why, when it was refused. Default `none`.
    pub reason: types::Reason,
}

impl Unsubscribe {
    /// Op, with its folded bits zero.
    pub const OP: u8 = 0x92;
    /// Name in the spec.
    pub const NAME: &'static str = "unsubscribe";
    /// Revision of the protocol that brought it.
    pub const SINCE: u8 = 1;
    /// Longest body in bytes.
    pub const MAX_BODY: usize = 3;
    /// The spec's example.
    pub const EXAMPLE: Unsubscribe = Unsubscribe { reason: types::Reason::NotConnected };

    /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
    /// `number` is that of the command it answers.
    pub fn encode(&self, number: u8, out: &mut wire::Writer<'_>) -> Result<(), wire::EncodeError> {
        out.u8(Self::OP);
        out.u8(number);
        if self.reason != types::Reason::None {
            out.u8(self.reason.number());
        }
        out.finish()
    }
}

impl Unsubscribe {
    pub(super) fn read(_: u8, input: &mut wire::Reader<'_>) -> Result<Self, wire::DecodeError> {
        Ok(Self {
            reason: if input.is_empty() {
                types::Reason::None
            } else {
                types::Reason::from_number(input.u8("reason")?)
            },
        })
    }
}

/// Answer to `will`: Store the last will that the broker publishes when this client vanishes. Sent before configure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Will {
    /// Why, when it was refused. Default `none`.
    pub reason: types::Reason,
}

impl Will {
    /// Op, with its folded bits zero.
    pub const OP: u8 = 0x90;
    /// Name in the spec.
    pub const NAME: &'static str = "will";
    /// Revision of the protocol that brought it.
    pub const SINCE: u8 = 1;
    /// Longest body in bytes.
    pub const MAX_BODY: usize = 3;
    /// The spec's example.
    pub const EXAMPLE: Will = Will { reason: types::Reason::None };

    /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
    /// `number` is that of the command it answers.
    pub fn encode(&self, number: u8, out: &mut wire::Writer<'_>) -> Result<(), wire::EncodeError> {
        out.u8(Self::OP);
        out.u8(number);
        if self.reason != types::Reason::None {
            out.u8(self.reason.number());
        }
        out.finish()
    }
}

impl Will {
    pub(super) fn read(_: u8, input: &mut wire::Reader<'_>) -> Result<Self, wire::DecodeError> {
        Ok(Self {
            reason: if input.is_empty() {
                types::Reason::None
            } else {
                types::Reason::from_number(input.u8("reason")?)
            },
        })
    }
}

/// Answer to `configure`: Give the bridge its whole configuration; it then joins the network and the broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Configure {
    /// Publications the bridge takes before it has answered one. 1 to 32, default 1.
    pub publish_messages: u8,
    /// Room for them: topics, payloads and properties. In bytes, 64 to 32768, default 1152.
    pub publish_bytes: u16,
    /// Why the bridge last started. Default `power_on`.
    pub cause: types::ResetCause,
    /// Why, when it was refused. Default `none`.
    pub reason: types::Reason,
}

impl Configure {
    /// Op, with its folded bits zero.
    pub const OP: u8 = 0x91;
    /// Name in the spec.
    pub const NAME: &'static str = "configure";
    /// Revision of the protocol that brought it.
    pub const SINCE: u8 = 1;
    /// Longest body in bytes.
    pub const MAX_BODY: usize = 8;
    /// The spec's example.
    pub const EXAMPLE: Configure = Configure {
        publish_messages: 8,
        publish_bytes: 4096,
        cause: types::ResetCause::ResetWire,
        reason: types::Reason::None,
    };

    /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
    /// `number` is that of the command it answers.
    pub fn encode(&self, number: u8, out: &mut wire::Writer<'_>) -> Result<(), wire::EncodeError> {
        out.u8(Self::OP);
        out.u8(number);
        if self.publish_messages != 1 || self.publish_bytes != 1152
            || self.cause != types::ResetCause::PowerOn || self.reason != types::Reason::None {
            out.in_range("publish_messages", self.publish_messages, 1, 32);
            out.u8(self.publish_messages);
        }
        if self.publish_bytes != 1152 || self.cause != types::ResetCause::PowerOn
            || self.reason != types::Reason::None {
            out.in_range("publish_bytes", self.publish_bytes, 64, 32768);
            out.u16(self.publish_bytes);
        }
        if self.cause != types::ResetCause::PowerOn || self.reason != types::Reason::None {
            out.u8(self.cause.number());
        }
        if self.reason != types::Reason::None {
            out.u8(self.reason.number());
        }
        out.finish()
    }
}

impl Configure {
    pub(super) fn read(_: u8, input: &mut wire::Reader<'_>) -> Result<Self, wire::DecodeError> {
        Ok(Self {
            publish_messages: if input.is_empty() {
                1
            } else {
                wire::Reader::in_range("publish_messages", input.u8("publish_messages")?, 1, 32)?
            },
            publish_bytes: if input.is_empty() {
                1152
            } else {
                wire::Reader::in_range("publish_bytes", input.u16("publish_bytes")?, 64, 32768)?
            },
            cause: if input.is_empty() {
                types::ResetCause::PowerOn
            } else {
                types::ResetCause::from_number(input.u8("cause")?)
            },
            reason: if input.is_empty() {
                types::Reason::None
            } else {
                types::Reason::from_number(input.u8("reason")?)
            },
        })
    }
}

/// Answer to `release`: The host noted that the broker received a QoS 2 publication (outcome received); it may now be released.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Release {
    /// How it ended.
    pub outcome: types::Outcome,
    /// Why, when it was rejected. Default `none`.
    pub reason: types::Reason,
}

impl Release {
    /// Op, with its folded bits zero.
    pub const OP: u8 = 0x9b;
    /// Name in the spec.
    pub const NAME: &'static str = "release";
    /// Revision of the protocol that brought it.
    pub const SINCE: u8 = 2;
    /// Longest body in bytes.
    pub const MAX_BODY: usize = 4;
    /// The spec's example.
    pub const EXAMPLE: Release = Release {
        outcome: types::Outcome::Delivered,
        reason: types::Reason::None,
    };

    /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
    /// `number` is that of the command it answers.
    pub fn encode(&self, number: u8, out: &mut wire::Writer<'_>) -> Result<(), wire::EncodeError> {
        out.u8(Self::OP);
        out.u8(number);
        out.u8(self.outcome.number());
        if self.reason != types::Reason::None {
            out.u8(self.reason.number());
        }
        out.finish()
    }
}

impl Release {
    pub(super) fn read(_: u8, input: &mut wire::Reader<'_>) -> Result<Self, wire::DecodeError> {
        Ok(Self {
            outcome: types::Outcome::checked("outcome", input.u8("outcome")?)?,
            reason: if input.is_empty() {
                types::Reason::None
            } else {
                types::Reason::from_number(input.u8("reason")?)
            },
        })
    }
}

/// Answer to `get_time`: Ask for the time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct GetTime {
    /// Seconds since 1970-01-01 UTC; 0 when the bridge could not learn it. In seconds, default 0.
    pub unix_time: u32,
}

impl GetTime {
    /// Op, with its folded bits zero.
    pub const OP: u8 = 0x95;
    /// Name in the spec.
    pub const NAME: &'static str = "get_time";
    /// Revision of the protocol that brought it.
    pub const SINCE: u8 = 1;
    /// Longest body in bytes.
    pub const MAX_BODY: usize = 6;
    /// The spec's example.
    pub const EXAMPLE: GetTime = GetTime { unix_time: 1767225600 };

    /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
    /// `number` is that of the command it answers.
    pub fn encode(&self, number: u8, out: &mut wire::Writer<'_>) -> Result<(), wire::EncodeError> {
        out.u8(Self::OP);
        out.u8(number);
        if self.unix_time != 0 {
            out.raw(&self.unix_time.to_le_bytes());
        }
        out.finish()
    }
}

impl GetTime {
    pub(super) fn read(_: u8, input: &mut wire::Reader<'_>) -> Result<Self, wire::DecodeError> {
        Ok(Self { unix_time: if input.is_empty() { 0 } else { input.fixed_u32("unix_time")? } })
    }
}

impl GetTime {
    /// Longest text form in symbols, without its terminator.
    pub const MAX_TEXT: usize = 12;

    /// Writes the text form, fields and separators, without a terminator.
    ///
    /// # Errors
    /// The buffer is too small, a field is beyond its bounds or holds what no symbol stands for, or a field
    /// that the text form lacks has another value than its default.
    pub fn encode_text(&self, out: &mut wire::TextWriter<'_>) -> Result<(), wire::TextError> {
        out.word("i")?;
        out.since("unix_time", self.unix_time, 946684800)?;
        Ok(())
    }
}

impl GetTime {
    pub(super) fn read_text(input: &mut wire::TextReader<'_>) -> Result<Self, wire::TextError> {
        let message = Self { unix_time: input.since("unix_time", 946684800)? };
        input.end()?;
        Ok(message)
    }
}

/// Answer to `memory`: Ask how much memory the bridge has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Memory {
    /// Free bytes. In bytes.
    pub free: u32,
    /// Allocated bytes. In bytes.
    pub used: u32,
}

impl Memory {
    /// Op, with its folded bits zero.
    pub const OP: u8 = 0x96;
    /// Name in the spec.
    pub const NAME: &'static str = "memory";
    /// Revision of the protocol that brought it.
    pub const SINCE: u8 = 1;
    /// Longest body in bytes.
    pub const MAX_BODY: usize = 12;
    /// The spec's example.
    pub const EXAMPLE: Memory = Memory { free: 180000, used: 60000 };

    /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
    /// `number` is that of the command it answers.
    pub fn encode(&self, number: u8, out: &mut wire::Writer<'_>) -> Result<(), wire::EncodeError> {
        out.u8(Self::OP);
        out.u8(number);
        out.u32(self.free);
        out.u32(self.used);
        out.finish()
    }
}

impl Memory {
    pub(super) fn read(_: u8, input: &mut wire::Reader<'_>) -> Result<Self, wire::DecodeError> {
        Ok(Self { free: input.u32("free")?, used: input.u32("used")? })
    }
}

impl Memory {
    /// Longest text form in symbols, without its terminator.
    pub const MAX_TEXT: usize = 23;

    /// Writes the text form, fields and separators, without a terminator.
    ///
    /// # Errors
    /// The buffer is too small, a field is beyond its bounds or holds what no symbol stands for, or a field
    /// that the text form lacks has another value than its default.
    pub fn encode_text(&self, out: &mut wire::TextWriter<'_>) -> Result<(), wire::TextError> {
        out.word("m")?;
        out.unsigned(self.free.into())?;
        out.unsigned(self.used.into())?;
        Ok(())
    }
}

impl Memory {
    pub(super) fn read_text(input: &mut wire::TextReader<'_>) -> Result<Self, wire::TextError> {
        let message = Self { free: input.number("free")?, used: input.number("used")? };
        input.end()?;
        Ok(message)
    }
}

/// Answer to `ping`: Ask for a sign of life of the whole bridge program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Ping {
    /// As it was sent. Default 0.
    pub nonce: u8,
}

impl Ping {
    /// Op, with its folded bits zero.
    pub const OP: u8 = 0x97;
    /// Name in the spec.
    pub const NAME: &'static str = "ping";
    /// Revision of the protocol that brought it.
    pub const SINCE: u8 = 1;
    /// Longest body in bytes.
    pub const MAX_BODY: usize = 3;
    /// The spec's example.
    pub const EXAMPLE: Ping = Ping { nonce: 9 };

    /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
    /// `number` is that of the command it answers.
    pub fn encode(&self, number: u8, out: &mut wire::Writer<'_>) -> Result<(), wire::EncodeError> {
        out.u8(Self::OP);
        out.u8(number);
        if self.nonce != 0 {
            out.u8(self.nonce);
        }
        out.finish()
    }
}

impl Ping {
    pub(super) fn read(_: u8, input: &mut wire::Reader<'_>) -> Result<Self, wire::DecodeError> {
        Ok(Self { nonce: if input.is_empty() { 0 } else { input.u8("nonce")? } })
    }
}

impl wire::ReplyMessage for Publish {
    type At<'a> = Publish;

    const OP: u8 = Publish::OP;
    const NAME: &'static str = Publish::NAME;

    fn encode_reply(
        reply: &Publish,
        number: u8,
        out: &mut wire::Writer<'_>,
    ) -> Result<(), wire::EncodeError> {
        reply.encode(number, out)
    }
}

impl wire::ReplyMessage for Subscribe {
    type At<'a> = Subscribe;

    const OP: u8 = Subscribe::OP;
    const NAME: &'static str = Subscribe::NAME;

    fn encode_reply(
        reply: &Subscribe,
        number: u8,
        out: &mut wire::Writer<'_>,
    ) -> Result<(), wire::EncodeError> {
        reply.encode(number, out)
    }
}

impl wire::ReplyMessage for Unsubscribe {
    type At<'a> = Unsubscribe;

    const OP: u8 = Unsubscribe::OP;
    const NAME: &'static str = Unsubscribe::NAME;

    fn encode_reply(
        reply: &Unsubscribe,
        number: u8,
        out: &mut wire::Writer<'_>,
    ) -> Result<(), wire::EncodeError> {
        reply.encode(number, out)
    }
}

impl wire::ReplyMessage for Will {
    type At<'a> = Will;

    const OP: u8 = Will::OP;
    const NAME: &'static str = Will::NAME;

    fn encode_reply(
        reply: &Will,
        number: u8,
        out: &mut wire::Writer<'_>,
    ) -> Result<(), wire::EncodeError> {
        reply.encode(number, out)
    }
}

impl wire::ReplyMessage for Configure {
    type At<'a> = Configure;

    const OP: u8 = Configure::OP;
    const NAME: &'static str = Configure::NAME;

    fn encode_reply(
        reply: &Configure,
        number: u8,
        out: &mut wire::Writer<'_>,
    ) -> Result<(), wire::EncodeError> {
        reply.encode(number, out)
    }
}

impl wire::ReplyMessage for Release {
    type At<'a> = Release;

    const OP: u8 = Release::OP;
    const NAME: &'static str = Release::NAME;

    fn encode_reply(
        reply: &Release,
        number: u8,
        out: &mut wire::Writer<'_>,
    ) -> Result<(), wire::EncodeError> {
        reply.encode(number, out)
    }
}

impl wire::ReplyMessage for GetTime {
    type At<'a> = GetTime;

    const OP: u8 = GetTime::OP;
    const NAME: &'static str = GetTime::NAME;

    fn encode_reply(
        reply: &GetTime,
        number: u8,
        out: &mut wire::Writer<'_>,
    ) -> Result<(), wire::EncodeError> {
        reply.encode(number, out)
    }
}

impl wire::ReplyMessage for Memory {
    type At<'a> = Memory;

    const OP: u8 = Memory::OP;
    const NAME: &'static str = Memory::NAME;

    fn encode_reply(
        reply: &Memory,
        number: u8,
        out: &mut wire::Writer<'_>,
    ) -> Result<(), wire::EncodeError> {
        reply.encode(number, out)
    }
}

impl wire::ReplyMessage for Ping {
    type At<'a> = Ping;

    const OP: u8 = Ping::OP;
    const NAME: &'static str = Ping::NAME;

    fn encode_reply(
        reply: &Ping,
        number: u8,
        out: &mut wire::Writer<'_>,
    ) -> Result<(), wire::EncodeError> {
        reply.encode(number, out)
    }
}
