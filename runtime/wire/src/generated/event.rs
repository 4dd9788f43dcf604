// @generated from spec/bridge.yaml: edit that and type `cargo xtask codegen`.
//! Messages from the bridge to the host that nobody asked for.

use super::{config, status, types};
use ::fivewire_wire as wire;

/// Any event: bridge to host, unasked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Event<'a> {
    /// A command that the bridge does not know or cannot decode; every such command gets one.
    Error(Error),
    /// A line of the bridge's log.
    Log(Log<'a>),
    /// A message of a subscribed topic. The host answers with accept once the application took it.
    Message(Message<'a>),
    /// The broker released a QoS 2 message. The host forgets its packet identifier and says complete. Since revision 2.
    Released(Released),
    /// Something changed at the bridge.
    Status(Status),
    /// The bridge learned the time of day.
    Time(Time),
}

impl Event<'_> {
    /// Op, with its folded bits zero.
    pub fn op(&self) -> u8 {
        match self {
            Self::Error(_) => Error::OP,
            Self::Log(_) => Log::OP,
            Self::Message(_) => Message::OP,
            Self::Released(_) => Released::OP,
            Self::Status(_) => Status::OP,
            Self::Time(_) => Time::OP,
        }
    }

    /// Name in the spec.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Error(_) => Error::NAME,
            Self::Log(_) => Log::NAME,
            Self::Message(_) => Message::NAME,
            Self::Released(_) => Released::NAME,
            Self::Status(_) => Status::NAME,
            Self::Time(_) => Time::NAME,
        }
    }

    /// Revision of the protocol that brought it.
    pub fn since(&self) -> u8 {
        match self {
            Self::Error(_) => Error::SINCE,
            Self::Log(_) => Log::SINCE,
            Self::Message(_) => Message::SINCE,
            Self::Released(_) => Released::SINCE,
            Self::Status(_) => Status::SINCE,
            Self::Time(_) => Time::SINCE,
        }
    }

    /// Writes the body.
    ///
    /// # Errors
    /// The buffer is too small, or a field is beyond its bounds.
    pub fn encode(&self, out: &mut wire::Writer<'_>) -> Result<(), wire::EncodeError> {
        match self {
            Self::Error(message) => message.encode(out),
            Self::Log(message) => message.encode(out),
            Self::Message(message) => message.encode(out),
            Self::Released(message) => message.encode(out),
            Self::Status(message) => message.encode(out),
            Self::Time(message) => message.encode(out),
        }
    }
}

impl<'a> Event<'a> {
    /// Reads a body.
    ///
    /// # Errors
    /// The body does not follow the spec, or is none of this direction.
    pub fn decode(body: &'a [u8]) -> Result<Self, wire::DecodeError> {
        let (&op, fields) = body.split_first().ok_or(wire::DecodeError::Empty)?;
        let input = &mut wire::Reader::new(fields);
        match op {
            0x08 => Error::read(op, input).map(Self::Error),
            0x09 => Log::read(op, input).map(Self::Log),
            0x40..=0x5f => Message::read(op, input).map(Self::Message),
            0x62 => Released::read(op, input).map(Self::Released),
            0x60 => Status::read(op, input).map(Self::Status),
            0x61 => Time::read(op, input).map(Self::Time),
            _ => Err(wire::DecodeError::UnknownOp(op)),
        }
    }
}

impl Event<'_> {
    /// Writes the text form, fields and separators, without a terminator.
    ///
    /// # Errors
    /// The message has no text form, the buffer is too small, a field is beyond its bounds or holds what no
    /// symbol stands for, or a field that the text form lacks has another value than its default.
    pub fn encode_text(&self, out: &mut wire::TextWriter<'_>) -> Result<(), wire::TextError> {
        match self {
            Self::Message(message) => message.encode_text(out),
            Self::Status(message) => message.encode_text(out),
            Self::Error(_) | Self::Log(_) | Self::Released(_)
                | Self::Time(_) => Err(wire::TextError::NoTextForm { message: self.name() }),
        }
    }
}

impl<'a> Event<'a> {
    /// Reads a text form, given without its terminator.
    ///
    /// # Errors
    /// The string is none of this direction, or does not follow the spec.
    pub fn decode_text(string: &'a [u8]) -> Result<Self, wire::TextError> {
        let input = &mut wire::TextReader::new(string)?;
        match input.word()? {
            b"u" => Message::read_text(input).map(Self::Message),
            b"t" => Status::read_text(input).map(Self::Status),
            _ => Err(wire::TextError::UnknownWord),
        }
    }

    /// The same with the fields that the text form may do without at their defaults.
    #[must_use]
    pub fn for_text(self) -> Self {
        match self {
            Self::Message(message) => Self::Message(message.for_text()),
            Self::Status(message) => Self::Status(message.for_text()),
            other => other,
        }
    }
}

impl<'a> From<Error> for Event<'a> {
    fn from(message: Error) -> Self {
        Self::Error(message)
    }
}

impl<'a> From<Log<'a>> for Event<'a> {
    fn from(message: Log<'a>) -> Self {
        Self::Log(message)
    }
}

impl<'a> From<Message<'a>> for Event<'a> {
    fn from(message: Message<'a>) -> Self {
        Self::Message(message)
    }
}

impl<'a> From<Released> for Event<'a> {
    fn from(message: Released) -> Self {
        Self::Released(message)
    }
}

impl<'a> From<Status> for Event<'a> {
    fn from(message: Status) -> Self {
        Self::Status(message)
    }
}

impl<'a> From<Time> for Event<'a> {
    fn from(message: Time) -> Self {
        Self::Time(message)
    }
}

/// The spec's examples, in its order.
pub const EXAMPLES: &[Event<'static>] = &[
    Event::Error(Error::EXAMPLE),
    Event::Log(Log::EXAMPLE),
    Event::Message(Message::EXAMPLE),
    Event::Released(Released::EXAMPLE),
    Event::Status(Status::EXAMPLE),
    Event::Time(Time::EXAMPLE),
];

/// A command that the bridge does not know or cannot decode; every such command gets one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Error {
    /// The op of the command.
    pub op: u8,
    /// Which command: they count from 0 since the link came up, modulo 256.
    pub number: u8,
    /// What is wrong with it. Default `unsupported`.
    pub reason: types::Reason,
}

impl Error {
    /// Op, with its folded bits zero.
    pub const OP: u8 = 0x08;
    /// Name in the spec.
    pub const NAME: &'static str = "error";
    /// Revision of the protocol that brought it.
    pub const SINCE: u8 = 1;
    /// Longest body in bytes.
    pub const MAX_BODY: usize = 4;
    /// The spec's example.
    pub const EXAMPLE: Error = Error { op: 63, number: 3, reason: types::Reason::Unsupported };

    /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
    pub fn encode(&self, out: &mut wire::Writer<'_>) -> Result<(), wire::EncodeError> {
        out.u8(Self::OP);
        out.u8(self.op);
        out.u8(self.number);
        if self.reason != types::Reason::Unsupported {
            out.u8(self.reason.number());
        }
        out.finish()
    }
}

impl Error {
    pub(super) fn read(_: u8, input: &mut wire::Reader<'_>) -> Result<Self, wire::DecodeError> {
        Ok(Self {
            op: input.u8("op")?,
            number: input.u8("number")?,
            reason: if input.is_empty() {
                types::Reason::Unsupported
            } else {
                types::Reason::from_number(input.u8("reason")?)
            },
        })
    }
}

/// A line of the bridge's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Log<'a> {
    /// How much it matters. Default `info`.
    pub level: types::LogLevel,
    /// The text, without line end and without secrets. At most 120 bytes.
    pub line: &'a str,
}

impl Log<'_> {
    /// Op, with its folded bits zero.
    pub const OP: u8 = 0x09;
    /// Name in the spec.
    pub const NAME: &'static str = "log";
    /// Revision of the protocol that brought it.
    pub const SINCE: u8 = 1;
    /// Longest body in bytes.
    pub const MAX_BODY: usize = 123;
    /// The spec's example.
    pub const EXAMPLE: Log<'static> = Log { level: types::LogLevel::Info, line: "joined network" };

    /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
    pub fn encode(&self, out: &mut wire::Writer<'_>) -> Result<(), wire::EncodeError> {
        out.u8(Self::OP);
        out.u8(self.level.number());
        out.str("line", self.line, 120);
        out.finish()
    }
}

impl<'a> Log<'a> {
    pub(super) fn read(_: u8, input: &mut wire::Reader<'a>) -> Result<Self, wire::DecodeError> {
        Ok(Self {
            level: types::LogLevel::from_number(input.u8("level")?),
            line: input.str("line", 120)?,
        })
    }
}

/// A message of a subscribed topic. The host answers with accept once the application took it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Message<'a> {
    /// MQTT topic name. At most 128 bytes.
    pub topic: &'a str,
    /// Application message. At most 1024 bytes.
    pub payload: &'a [u8],
    /// It was the topic's retained message. Default false.
    pub retained: bool,
    /// The broker may have sent it before. Default false.
    pub dup: bool,
    /// Quality of service it came with. Default `at_most_once`.
    pub qos: types::QoS,
    /// QoS 2: MQTT packet identifier, by which the host knows a repetition until it is released. Default 0. Since revision 2.
    pub packet_id: u16,
    /// MQTT 5.0 properties of PUBLISH as the standard encodes them (2.2.2), without their length. At most 224 bytes, default empty. Since revision 2.
    pub properties: &'a [u8],
}

impl Message<'_> {
    /// Op, with its folded bits zero.
    pub const OP: u8 = 0x40;
    /// Name in the spec.
    pub const NAME: &'static str = "message";
    /// Revision of the protocol that brought it.
    pub const SINCE: u8 = 1;
    /// Longest body in bytes.
    pub const MAX_BODY: usize = 1386;
    /// The spec's example.
    pub const EXAMPLE: Message<'static> = Message {
        topic: "green",
        payload: b"on",
        retained: false,
        dup: false,
        qos: types::QoS::AtLeastOnce,
        packet_id: 0,
        properties: b"",
    };

    /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
    pub fn encode(&self, out: &mut wire::Writer<'_>) -> Result<(), wire::EncodeError> {
        out.u8(
            Self::OP | u8::from(self.retained) | u8::from(self.dup) << 1 | self.qos.number() << 2
                | u8::from(self.packet_id != 0 || !self.properties.is_empty()) << 4
        );
        out.str("topic", self.topic, 128);
        if self.packet_id != 0 || !self.properties.is_empty() {
            out.block(|out| {
                out.u16(self.packet_id);
                if !self.properties.is_empty() {
                    out.bytes("properties", self.properties, 224);
                }
            });
        }
        out.rest_bytes("payload", self.payload, 1024);
        out.finish()
    }
}

impl<'a> Message<'a> {
    pub(super) fn read(op: u8, input: &mut wire::Reader<'a>) -> Result<Self, wire::DecodeError> {
        let mut extension;
        Ok(Self {
            retained: op & 1 != 0,
            dup: (op >> 1) & 1 != 0,
            qos: types::QoS::checked("qos", (op >> 2) & 3)?,
            topic: input.str("topic", 128)?,
            packet_id: {
                extension = input.extension(op & 0x10 != 0)?;
                let input = &mut extension;
                if input.is_empty() { 0 } else { input.u16("packet_id")? }
            },
            properties: {
                let input = &mut extension;
                if input.is_empty() { b"" } else { input.bytes("properties", 224)? }
            },
            payload: input.rest_bytes("payload", 1024)?,
        })
    }
}

impl Message<'_> {
    /// Longest text form in symbols, without its terminator.
    pub const MAX_TEXT: usize = 1161;

    /// Writes the text form, fields and separators, without a terminator.
    ///
    /// # Errors
    /// The buffer is too small, a field is beyond its bounds or holds what no symbol stands for, or a field
    /// that the text form lacks has another value than its default.
    pub fn encode_text(&self, out: &mut wire::TextWriter<'_>) -> Result<(), wire::TextError> {
        wire::TextWriter::lacks("dup", self.dup)?;
        wire::TextWriter::lacks("qos", self.qos != types::QoS::AtMostOnce)?;
        wire::TextWriter::lacks("packet_id", self.packet_id != 0)?;
        wire::TextWriter::lacks("properties", !self.properties.is_empty())?;
        out.word("u")?;
        out.str("topic", self.topic, 128)?;
        out.bytes("payload", self.payload, 1024)?;
        out.bool_word(self.retained)?;
        Ok(())
    }

    /// The same with the fields that the text form may do without at their defaults.
    #[must_use]
    pub fn for_text(self) -> Self {
        Self { dup: false, qos: types::QoS::AtMostOnce, packet_id: 0, properties: b"", ..self }
    }
}

impl<'a> Message<'a> {
    pub(super) fn read_text(input: &mut wire::TextReader<'a>) -> Result<Self, wire::TextError> {
        let message = Self {
            topic: input.str("topic", 128)?,
            payload: input.bytes("payload", 1024)?,
            retained: input.bool("retained")?,
            dup: false,
            qos: types::QoS::AtMostOnce,
            packet_id: 0,
            properties: b"",
        };
        input.end()?;
        Ok(message)
    }
}

/// The broker released a QoS 2 message. The host forgets its packet identifier and says complete. Since revision 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Released {
    /// MQTT packet identifier of the message. 1 to 65535.
    pub packet_id: u16,
}

impl Released {
    /// Op, with its folded bits zero.
    pub const OP: u8 = 0x62;
    /// Name in the spec.
    pub const NAME: &'static str = "released";
    /// Revision of the protocol that brought it.
    pub const SINCE: u8 = 2;
    /// Longest body in bytes.
    pub const MAX_BODY: usize = 4;
    /// The spec's example.
    pub const EXAMPLE: Released = Released { packet_id: 9 };

    /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
    pub fn encode(&self, out: &mut wire::Writer<'_>) -> Result<(), wire::EncodeError> {
        out.u8(Self::OP);
        out.in_range("packet_id", self.packet_id, 1, 65535);
        out.u16(self.packet_id);
        out.finish()
    }
}

impl Released {
    pub(super) fn read(_: u8, input: &mut wire::Reader<'_>) -> Result<Self, wire::DecodeError> {
        Ok(Self {
            packet_id: wire::Reader::in_range("packet_id", input.u16("packet_id")?, 1, 65535)?,
        })
    }
}

/// Something changed at the bridge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Status {
    /// What.
    pub status: status::Status,
    /// A number that goes with it; the status says which. Default 0.
    pub detail: u8,
}

impl Status {
    /// Op, with its folded bits zero.
    pub const OP: u8 = 0x60;
    /// Name in the spec.
    pub const NAME: &'static str = "status";
    /// Revision of the protocol that brought it.
    pub const SINCE: u8 = 1;
    /// Longest body in bytes.
    pub const MAX_BODY: usize = 3;
    /// The spec's example.
    pub const EXAMPLE: Status = Status { status: status::Status::WifiUp, detail: 0 };

    /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
    pub fn encode(&self, out: &mut wire::Writer<'_>) -> Result<(), wire::EncodeError> {
        out.u8(Self::OP);
        out.status("status", self.status.code());
        if self.detail != 0 {
            out.u8(self.detail);
        }
        out.finish()
    }
}

impl Status {
    pub(super) fn read(_: u8, input: &mut wire::Reader<'_>) -> Result<Self, wire::DecodeError> {
        Ok(Self {
            status: status::Status::from_code(input.u8("status")?),
            detail: if input.is_empty() { 0 } else { input.u8("detail")? },
        })
    }
}

impl Status {
    /// Longest text form in symbols, without its terminator.
    pub const MAX_TEXT: usize = 23;

    /// Writes the text form, fields and separators, without a terminator.
    ///
    /// # Errors
    /// The buffer is too small, a field is beyond its bounds or holds what no symbol stands for, or a field
    /// that the text form lacks has another value than its default.
    pub fn encode_text(&self, out: &mut wire::TextWriter<'_>) -> Result<(), wire::TextError> {
        wire::TextWriter::lacks("detail", self.detail != 0)?;
        out.word("t")?;
        out.code("status", self.status.code().and(self.status.text_code()))?;
        out.more(self.status.text_more())?;
        Ok(())
    }

    /// The same with the fields that the text form may do without at their defaults.
    #[must_use]
    pub fn for_text(self) -> Self {
        Self { detail: 0, ..self }
    }
}

impl Status {
    pub(super) fn read_text(input: &mut wire::TextReader<'_>) -> Result<Self, wire::TextError> {
        let message = Self { status: input.code("status", status::Status::from_text)?, detail: 0 };
        input.more(message.status.text_more().len())?;
        Ok(message)
    }
}

/// The bridge learned the time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Time {
    /// Seconds since 1970-01-01 UTC. In seconds.
    pub unix_time: u32,
}

impl Time {
    /// Op, with its folded bits zero.
    pub const OP: u8 = 0x61;
    /// Name in the spec.
    pub const NAME: &'static str = "time";
    /// Revision of the protocol that brought it.
    pub const SINCE: u8 = 1;
    /// Longest body in bytes.
    pub const MAX_BODY: usize = 5;
    /// The spec's example.
    pub const EXAMPLE: Time = Time { unix_time: 1767225600 };

    /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
    pub fn encode(&self, out: &mut wire::Writer<'_>) -> Result<(), wire::EncodeError> {
        out.u8(Self::OP);
        out.raw(&self.unix_time.to_le_bytes());
        out.finish()
    }
}

impl Time {
    pub(super) fn read(_: u8, input: &mut wire::Reader<'_>) -> Result<Self, wire::DecodeError> {
        Ok(Self { unix_time: input.fixed_u32("unix_time")? })
    }
}
