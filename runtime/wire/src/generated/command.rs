// @generated from spec/bridge.yaml: edit that and type `cargo xtask codegen`.
//! Messages from the host to the bridge.

use super::{config, reply, status, types};
use ::fivewire_wire as wire;

/// Any command: host to bridge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Command<'a> {
    /// Publish a message.
    Publish(Publish<'a>),
    /// Subscribe to a topic filter.
    Subscribe(Subscribe<'a>),
    /// Give a subscription up.
    Unsubscribe(Unsubscribe<'a>),
    /// Store the last will that the broker publishes when this client vanishes. Sent before configure.
    Will(Will<'a>),
    /// Give the bridge its whole configuration; it then joins the network and the broker.
    Configure(Configure<'a>),
    /// The host noted that the broker received a QoS 2 publication (outcome received); it may now be released. Since revision 2.
    Release(Release),
    /// The host noted that the broker released a QoS 2 message (event released); the broker may now forget it. Since revision 2.
    Complete(Complete),
    /// The application took an incoming message; the bridge may acknowledge it to the broker and send one more.
    Accept(Accept),
    /// Ask for the time of day.
    GetTime(GetTime),
    /// Ask how much memory the bridge has.
    Memory(Memory),
    /// Ask for a sign of life of the whole bridge program.
    Ping(Ping),
    /// Answer to specified_network; whether the bridge may join the configured network and store it.
    JoinNetwork(JoinNetwork),
    /// Restart the bridge program; the link comes up afresh.
    Restart(Restart),
}

impl Command<'_> {
    /// Op, with its folded bits zero.
    pub fn op(&self) -> u8 {
        match self {
            Self::Publish(_) => Publish::OP,
            Self::Subscribe(_) => Subscribe::OP,
            Self::Unsubscribe(_) => Unsubscribe::OP,
            Self::Will(_) => Will::OP,
            Self::Configure(_) => Configure::OP,
            Self::Release(_) => Release::OP,
            Self::Complete(_) => Complete::OP,
            Self::Accept(_) => Accept::OP,
            Self::GetTime(_) => GetTime::OP,
            Self::Memory(_) => Memory::OP,
            Self::Ping(_) => Ping::OP,
            Self::JoinNetwork(_) => JoinNetwork::OP,
            Self::Restart(_) => Restart::OP,
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
            Self::Complete(_) => Complete::NAME,
            Self::Accept(_) => Accept::NAME,
            Self::GetTime(_) => GetTime::NAME,
            Self::Memory(_) => Memory::NAME,
            Self::Ping(_) => Ping::NAME,
            Self::JoinNetwork(_) => JoinNetwork::NAME,
            Self::Restart(_) => Restart::NAME,
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
            Self::Complete(_) => Complete::SINCE,
            Self::Accept(_) => Accept::SINCE,
            Self::GetTime(_) => GetTime::SINCE,
            Self::Memory(_) => Memory::SINCE,
            Self::Ping(_) => Ping::SINCE,
            Self::JoinNetwork(_) => JoinNetwork::SINCE,
            Self::Restart(_) => Restart::SINCE,
        }
    }

    /// Writes the body.
    ///
    /// # Errors
    /// The buffer is too small, or a field is beyond its bounds.
    pub fn encode(&self, out: &mut wire::Writer<'_>) -> Result<(), wire::EncodeError> {
        match self {
            Self::Publish(message) => message.encode(out),
            Self::Subscribe(message) => message.encode(out),
            Self::Unsubscribe(message) => message.encode(out),
            Self::Will(message) => message.encode(out),
            Self::Configure(message) => message.encode(out),
            Self::Release(message) => message.encode(out),
            Self::Complete(message) => message.encode(out),
            Self::Accept(message) => message.encode(out),
            Self::GetTime(message) => message.encode(out),
            Self::Memory(message) => message.encode(out),
            Self::Ping(message) => message.encode(out),
            Self::JoinNetwork(message) => message.encode(out),
            Self::Restart(message) => message.encode(out),
        }
    }
}

impl<'a> Command<'a> {
    /// Reads a body.
    ///
    /// # Errors
    /// The body does not follow the spec, or is none of this direction.
    pub fn decode(body: &'a [u8]) -> Result<Self, wire::DecodeError> {
        let (&op, fields) = body.split_first().ok_or(wire::DecodeError::Empty)?;
        let input = &mut wire::Reader::new(fields);
        match op {
            0x20..=0x2f => Publish::read(op, input).map(Self::Publish),
            0x30..=0x37 => Subscribe::read(op, input).map(Self::Subscribe),
            0x12..=0x13 => Unsubscribe::read(op, input).map(Self::Unsubscribe),
            0x10 => Will::read(op, input).map(Self::Will),
            0x11 => Configure::read(op, input).map(Self::Configure),
            0x1b => Release::read(op, input).map(Self::Release),
            0x1c => Complete::read(op, input).map(Self::Complete),
            0x14 => Accept::read(op, input).map(Self::Accept),
            0x15 => GetTime::read(op, input).map(Self::GetTime),
            0x16 => Memory::read(op, input).map(Self::Memory),
            0x17 => Ping::read(op, input).map(Self::Ping),
            0x18 => JoinNetwork::read(op, input).map(Self::JoinNetwork),
            0x19 => Restart::read(op, input).map(Self::Restart),
            _ => Err(wire::DecodeError::UnknownOp(op)),
        }
    }
}

impl Command<'_> {
    /// Writes the text form, fields and separators, without a terminator.
    ///
    /// # Errors
    /// The message has no text form, the buffer is too small, a field is beyond its bounds or holds what no
    /// symbol stands for, or a field that the text form lacks has another value than its default.
    pub fn encode_text(&self, out: &mut wire::TextWriter<'_>) -> Result<(), wire::TextError> {
        match self {
            Self::Publish(message) => message.encode_text(out),
            Self::Subscribe(message) => message.encode_text(out),
            Self::Will(message) => message.encode_text(out),
            Self::Configure(message) => message.encode_text(out),
            Self::GetTime(message) => message.encode_text(out),
            Self::Memory(message) => message.encode_text(out),
            Self::JoinNetwork(message) => message.encode_text(out),
            Self::Unsubscribe(_) | Self::Release(_) | Self::Complete(_) | Self::Accept(_)
                | Self::Ping(_)
                | Self::Restart(_) => Err(wire::TextError::NoTextForm { message: self.name() }),
        }
    }
}

impl<'a> Command<'a> {
    /// Reads a text form, given without its terminator.
    ///
    /// # Errors
    /// The string is none of this direction, or does not follow the spec.
    pub fn decode_text(string: &'a [u8]) -> Result<Self, wire::TextError> {
        let input = &mut wire::TextReader::new(string)?;
        match input.word()? {
            b"p" => Publish::read_text(input).map(Self::Publish),
            b"s" => Subscribe::read_text(input).map(Self::Subscribe),
            b"w" => Will::read_text(input).map(Self::Will),
            b"init" => Configure::read_text(input).map(Self::Configure),
            b"i" => GetTime::read_text(input).map(Self::GetTime),
            b"m" => Memory::read_text(input).map(Self::Memory),
            b"1" => JoinNetwork::read_text(input).map(Self::JoinNetwork),
            _ => Err(wire::TextError::UnknownWord),
        }
    }

    /// The same with the fields that the text form may do without at their defaults.
    #[must_use]
    pub fn for_text(self) -> Self {
        match self {
            Self::Publish(message) => Self::Publish(message.for_text()),
            Self::Configure(message) => Self::Configure(message.for_text()),
            other => other,
        }
    }
}

impl<'a> From<Publish<'a>> for Command<'a> {
    fn from(message: Publish<'a>) -> Self {
        Self::Publish(message)
    }
}

impl<'a> From<Subscribe<'a>> for Command<'a> {
    fn from(message: Subscribe<'a>) -> Self {
        Self::Subscribe(message)
    }
}

impl<'a> From<Unsubscribe<'a>> for Command<'a> {
    fn from(message: Unsubscribe<'a>) -> Self {
        Self::Unsubscribe(message)
    }
}

impl<'a> From<Will<'a>> for Command<'a> {
    fn from(message: Will<'a>) -> Self {
        Self::Will(message)
    }
}

impl<'a> From<Configure<'a>> for Command<'a> {
    fn from(message: Configure<'a>) -> Self {
        Self::Configure(message)
    }
}

impl<'a> From<Release> for Command<'a> {
    fn from(message: Release) -> Self {
        Self::Release(message)
    }
}

impl<'a> From<Complete> for Command<'a> {
    fn from(message: Complete) -> Self {
        Self::Complete(message)
    }
}

impl<'a> From<Accept> for Command<'a> {
    fn from(message: Accept) -> Self {
        Self::Accept(message)
    }
}

impl<'a> From<GetTime> for Command<'a> {
    fn from(message: GetTime) -> Self {
        Self::GetTime(message)
    }
}

impl<'a> From<Memory> for Command<'a> {
    fn from(message: Memory) -> Self {
        Self::Memory(message)
    }
}

impl<'a> From<Ping> for Command<'a> {
    fn from(message: Ping) -> Self {
        Self::Ping(message)
    }
}

impl<'a> From<JoinNetwork> for Command<'a> {
    fn from(message: JoinNetwork) -> Self {
        Self::JoinNetwork(message)
    }
}

impl<'a> From<Restart> for Command<'a> {
    fn from(message: Restart) -> Self {
        Self::Restart(message)
    }
}

/// The spec's examples, in its order.
pub const EXAMPLES: &[Command<'static>] = &[
    Command::Publish(Publish::EXAMPLE),
    Command::Subscribe(Subscribe::EXAMPLE),
    Command::Unsubscribe(Unsubscribe::EXAMPLE),
    Command::Will(Will::EXAMPLE),
    Command::Configure(Configure::EXAMPLE),
    Command::Release(Release::EXAMPLE),
    Command::Complete(Complete::EXAMPLE),
    Command::Accept(Accept::EXAMPLE),
    Command::GetTime(GetTime::EXAMPLE),
    Command::Memory(Memory::EXAMPLE),
    Command::Ping(Ping::EXAMPLE),
    Command::JoinNetwork(JoinNetwork::EXAMPLE),
    Command::Restart(Restart::EXAMPLE),
];

impl Command<'_> {
    /// What the host may do with it.
    pub fn info(&self) -> &'static wire::CommandInfo {
        match self {
            Self::Publish(_) => &Publish::INFO,
            Self::Subscribe(_) => &Subscribe::INFO,
            Self::Unsubscribe(_) => &Unsubscribe::INFO,
            Self::Will(_) => &Will::INFO,
            Self::Configure(_) => &Configure::INFO,
            Self::Release(_) => &Release::INFO,
            Self::Complete(_) => &Complete::INFO,
            Self::Accept(_) => &Accept::INFO,
            Self::GetTime(_) => &GetTime::INFO,
            Self::Memory(_) => &Memory::INFO,
            Self::Ping(_) => &Ping::INFO,
            Self::JoinNetwork(_) => &JoinNetwork::INFO,
            Self::Restart(_) => &Restart::INFO,
        }
    }
}

/// Publish a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Publish<'a> {
    /// MQTT topic name. At most 128 bytes.
    pub topic: &'a str,
    /// Application message. At most 1024 bytes.
    pub payload: &'a [u8],
    /// Keep as the topic's retained message. Default false.
    pub retain: bool,
    /// Quality of service. Default `at_most_once`.
    pub qos: types::QoS,
    /// MQTT packet identifier of an earlier life of the bridge: the broker may have it under this one. 0: a new publication, which gets the next one. Default 0. Since revision 2.
    pub packet_id: u16,
    /// MQTT 5.0 properties of PUBLISH as the standard encodes them (2.2.2), without their length. At most 224 bytes, default empty. Since revision 2.
    pub properties: &'a [u8],
}

impl Publish<'_> {
    /// Op, with its folded bits zero.
    pub const OP: u8 = 0x20;
    /// Name in the spec.
    pub const NAME: &'static str = "publish";
    /// Revision of the protocol that brought it.
    pub const SINCE: u8 = 1;
    /// Longest body in bytes.
    pub const MAX_BODY: usize = 1386;
    /// The spec's example.
    pub const EXAMPLE: Publish<'static> = Publish {
        topic: "result",
        payload: b"42",
        retain: false,
        qos: types::QoS::AtLeastOnce,
        packet_id: 0,
        properties: b"",
    };

    /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
    pub fn encode(&self, out: &mut wire::Writer<'_>) -> Result<(), wire::EncodeError> {
        out.u8(
            Self::OP | u8::from(self.retain) | self.qos.number() << 1
                | u8::from(self.packet_id != 0 || !self.properties.is_empty()) << 3
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

impl<'a> Publish<'a> {
    pub(super) fn read(op: u8, input: &mut wire::Reader<'a>) -> Result<Self, wire::DecodeError> {
        let mut extension;
        Ok(Self {
            retain: op & 1 != 0,
            qos: types::QoS::checked("qos", (op >> 1) & 3)?,
            topic: input.str("topic", 128)?,
            packet_id: {
                extension = input.extension(op & 0x08 != 0)?;
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

impl Publish<'_> {
    /// Longest text form in symbols, without its terminator.
    pub const MAX_TEXT: usize = 1165;

    /// Writes the text form, fields and separators, without a terminator.
    ///
    /// # Errors
    /// The buffer is too small, a field is beyond its bounds or holds what no symbol stands for, or a field
    /// that the text form lacks has another value than its default.
    pub fn encode_text(&self, out: &mut wire::TextWriter<'_>) -> Result<(), wire::TextError> {
        wire::TextWriter::lacks("packet_id", self.packet_id != 0)?;
        wire::TextWriter::lacks("properties", !self.properties.is_empty())?;
        out.word("p")?;
        out.str("topic", self.topic, 128)?;
        out.bytes("payload", self.payload, 1024)?;
        out.bool(self.retain)?;
        out.code("qos", self.qos.text_code())?;
        Ok(())
    }

    /// The same with the fields that the text form may do without at their defaults.
    #[must_use]
    pub fn for_text(self) -> Self {
        Self { packet_id: 0, ..self }
    }
}

impl<'a> Publish<'a> {
    pub(super) fn read_text(input: &mut wire::TextReader<'a>) -> Result<Self, wire::TextError> {
        let message = Self {
            topic: input.str("topic", 128)?,
            payload: input.bytes("payload", 1024)?,
            retain: input.bool("retain")?,
            qos: input.code("qos", types::QoS::from_text_code)?,
            packet_id: 0,
            properties: b"",
        };
        input.end()?;
        Ok(message)
    }
}

/// Subscribe to a topic filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Subscribe<'a> {
    /// MQTT topic filter; wildcards allowed. At most 128 bytes.
    pub filter: &'a str,
    /// Maximum quality of service wanted. Default `at_least_once`.
    pub qos: types::QoS,
}

impl Subscribe<'_> {
    /// Op, with its folded bits zero.
    pub const OP: u8 = 0x30;
    /// Name in the spec.
    pub const NAME: &'static str = "subscribe";
    /// Revision of the protocol that brought it.
    pub const SINCE: u8 = 1;
    /// Longest body in bytes.
    pub const MAX_BODY: usize = 129;
    /// The spec's example.
    pub const EXAMPLE: Subscribe<'static> = Subscribe { filter: "green", qos: types::QoS::AtLeastOnce };

    /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
    pub fn encode(&self, out: &mut wire::Writer<'_>) -> Result<(), wire::EncodeError> {
        out.u8(Self::OP | self.qos.number());
        out.rest_str("filter", self.filter, 128);
        out.finish()
    }
}

impl<'a> Subscribe<'a> {
    pub(super) fn read(op: u8, input: &mut wire::Reader<'a>) -> Result<Self, wire::DecodeError> {
        Ok(Self {
            qos: types::QoS::checked("qos", op & 3)?,
            filter: {
                input.extension(op & 0x04 != 0)?;
                input.rest_str("filter", 128)?
            },
        })
    }
}

impl Subscribe<'_> {
    /// Longest text form in symbols, without its terminator.
    pub const MAX_TEXT: usize = 134;

    /// Writes the text form, fields and separators, without a terminator.
    ///
    /// # Errors
    /// The buffer is too small, a field is beyond its bounds or holds what no symbol stands for, or a field
    /// that the text form lacks has another value than its default.
    pub fn encode_text(&self, out: &mut wire::TextWriter<'_>) -> Result<(), wire::TextError> {
        out.word("s")?;
        out.str("filter", self.filter, 128)?;
        out.code("qos", self.qos.text_code())?;
        Ok(())
    }
}

impl<'a> Subscribe<'a> {
    pub(super) fn read_text(input: &mut wire::TextReader<'a>) -> Result<Self, wire::TextError> {
        let message = Self {
            filter: input.str("filter", 128)?,
            qos: input.code("qos", types::QoS::from_text_code)?,
        };
        input.end()?;
        Ok(message)
    }
}

/// Give a subscription up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Unsubscribe<'a> {
    /// MQTT topic filter as it was subscribed. At most 128 bytes.
    pub filter: &'a str,
    /// MQTT 5.0 properties of UNSUBSCRIBE, as in publish. At most 224 bytes, default empty. Since revision 2.
    pub properties: &'a [u8],
}

impl Unsubscribe<'_> {
    /// Op, with its folded bits zero.
    pub const OP: u8 = 0x12;
    /// Name in the spec.
    pub const NAME: &'static str = "unsubscribe";
    /// Revision of the protocol that brought it.
    pub const SINCE: u8 = 1;
    /// Longest body in bytes.
    pub const MAX_BODY: usize = 357;
    /// The spec's example.
    pub const EXAMPLE: Unsubscribe<'static> = Unsubscribe { filter: "green", properties: b"" };

    /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
    pub fn encode(&self, out: &mut wire::Writer<'_>) -> Result<(), wire::EncodeError> {
        out.u8(Self::OP | u8::from(!self.properties.is_empty()));
        if !self.properties.is_empty() {
            out.block(|out| {
                out.bytes("properties", self.properties, 224);
            });
        }
        out.rest_str("filter", self.filter, 128);
        out.finish()
    }
}

impl<'a> Unsubscribe<'a> {
    pub(super) fn read(op: u8, input: &mut wire::Reader<'a>) -> Result<Self, wire::DecodeError> {
        let mut extension;
        Ok(Self {
            properties: {
                extension = input.extension(op & 0x01 != 0)?;
                let input = &mut extension;
                if input.is_empty() { b"" } else { input.bytes("properties", 224)? }
            },
            filter: input.rest_str("filter", 128)?,
        })
    }
}

/// Store the last will that the broker publishes when this client vanishes. Sent before configure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Will<'a> {
    /// MQTT topic name. At most 128 bytes.
    pub topic: &'a str,
    /// Application message. At most 256 bytes.
    pub payload: &'a [u8],
    /// Keep as the topic's retained message. Default false.
    pub retain: bool,
    /// Quality of service. Default `at_most_once`.
    pub qos: types::QoS,
}

impl Will<'_> {
    /// Op, with its folded bits zero.
    pub const OP: u8 = 0x10;
    /// Name in the spec.
    pub const NAME: &'static str = "will";
    /// Revision of the protocol that brought it.
    pub const SINCE: u8 = 1;
    /// Longest body in bytes.
    pub const MAX_BODY: usize = 391;
    /// The spec's example.
    pub const EXAMPLE: Will<'static> = Will {
        topic: "result",
        payload: b"simple client died",
        retain: false,
        qos: types::QoS::AtMostOnce,
    };

    /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
    pub fn encode(&self, out: &mut wire::Writer<'_>) -> Result<(), wire::EncodeError> {
        out.u8(Self::OP);
        out.str("topic", self.topic, 128);
        out.bytes("payload", self.payload, 256);
        if self.retain || self.qos != types::QoS::AtMostOnce {
            out.bool(self.retain);
        }
        if self.qos != types::QoS::AtMostOnce {
            out.u8(self.qos.number());
        }
        out.finish()
    }
}

impl<'a> Will<'a> {
    pub(super) fn read(_: u8, input: &mut wire::Reader<'a>) -> Result<Self, wire::DecodeError> {
        Ok(Self {
            topic: input.str("topic", 128)?,
            payload: input.bytes("payload", 256)?,
            retain: if input.is_empty() { false } else { input.bool("retain")? },
            qos: if input.is_empty() {
                types::QoS::AtMostOnce
            } else {
                types::QoS::checked("qos", input.u8("qos")?)?
            },
        })
    }
}

impl Will<'_> {
    /// Longest text form in symbols, without its terminator.
    pub const MAX_TEXT: usize = 397;

    /// Writes the text form, fields and separators, without a terminator.
    ///
    /// # Errors
    /// The buffer is too small, a field is beyond its bounds or holds what no symbol stands for, or a field
    /// that the text form lacks has another value than its default.
    pub fn encode_text(&self, out: &mut wire::TextWriter<'_>) -> Result<(), wire::TextError> {
        out.word("w")?;
        out.str("topic", self.topic, 128)?;
        out.bytes("payload", self.payload, 256)?;
        out.bool_word(self.retain)?;
        out.code("qos", self.qos.text_code())?;
        Ok(())
    }
}

impl<'a> Will<'a> {
    pub(super) fn read_text(input: &mut wire::TextReader<'a>) -> Result<Self, wire::TextError> {
        let message = Self {
            topic: input.str("topic", 128)?,
            payload: input.bytes("payload", 256)?,
            retain: input.bool("retain")?,
            qos: input.code("qos", types::QoS::from_text_code)?,
        };
        input.end()?;
        Ok(message)
    }
}

/// Give the bridge its whole configuration; it then joins the network and the broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Configure<'a> {
    /// Incoming messages the host can hold before it accepts one. 1 to 32, default 4.
    pub inbox_messages: u8,
    /// Room for them: topics, payloads and properties. In bytes, 64 to 32768, default 2048.
    pub inbox_bytes: u16,
    /// MQTT packet identifier of the next command that needs one; each subscribe, unsubscribe, and publish with QoS 1 or 2 and without a packet_id of its own counts it up, from 32767 to 1. 1 to 32767, default 1. Since revision 2.
    pub next_packet_id: u16,
    /// The host was connected to its broker before: clean says how to start, not clean_init. Default false. Since revision 2.
    pub resumed: bool,
    /// The keys that differ from their defaults.
    pub settings: config::Config<'a>,
}

impl Configure<'_> {
    /// Op, with its folded bits zero.
    pub const OP: u8 = 0x11;
    /// Name in the spec.
    pub const NAME: &'static str = "configure";
    /// Revision of the protocol that brought it.
    pub const SINCE: u8 = 1;
    /// Longest body in bytes.
    pub const MAX_BODY: usize = 938;
    /// The spec's example.
    pub const EXAMPLE: Configure<'static> = Configure {
        inbox_messages: 8,
        inbox_bytes: 2048,
        next_packet_id: 1,
        resumed: false,
        settings: config::Config {
            ssid: "lab",
            broker: "10.0.0.1",
            keep_alive: 300,
            clean: false,
            ..config::Config::DEFAULT
        },
    };

    /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
    pub fn encode(&self, out: &mut wire::Writer<'_>) -> Result<(), wire::EncodeError> {
        out.u8(Self::OP);
        if self.inbox_messages != 4 || self.inbox_bytes != 2048 || self.next_packet_id != 1
            || self.resumed {
            out.u8(wire::FIELDS_ENTRY);
            out.block(|out| {
                out.in_range("inbox_messages", self.inbox_messages, 1, 32);
                out.u8(self.inbox_messages);
                if self.inbox_bytes != 2048 || self.next_packet_id != 1 || self.resumed {
                    out.in_range("inbox_bytes", self.inbox_bytes, 64, 32768);
                    out.u16(self.inbox_bytes);
                }
                if self.next_packet_id != 1 || self.resumed {
                    out.in_range("next_packet_id", self.next_packet_id, 1, 32767);
                    out.u16(self.next_packet_id);
                }
                if self.resumed {
                    out.bool(self.resumed);
                }
            });
        }
        self.settings.write(out);
        out.finish()
    }
}

impl<'a> Configure<'a> {
    pub(super) fn read(_: u8, input: &mut wire::Reader<'a>) -> Result<Self, wire::DecodeError> {
        let mut extension;
        Ok(Self {
            inbox_messages: {
                extension = input.fields_entry()?;
                let input = &mut extension;
                if input.is_empty() {
                    4
                } else {
                    wire::Reader::in_range("inbox_messages", input.u8("inbox_messages")?, 1, 32)?
                }
            },
            inbox_bytes: {
                let input = &mut extension;
                if input.is_empty() {
                    2048
                } else {
                    wire::Reader::in_range("inbox_bytes", input.u16("inbox_bytes")?, 64, 32768)?
                }
            },
            next_packet_id: {
                let input = &mut extension;
                if input.is_empty() {
                    1
                } else {
                    wire::Reader::in_range("next_packet_id", input.u16("next_packet_id")?, 1, 32767)?
                }
            },
            resumed: {
                let input = &mut extension;
                if input.is_empty() { false } else { input.bool("resumed")? }
            },
            settings: config::Config::read(input)?,
        })
    }
}

impl Configure<'_> {
    /// Longest text form in symbols, without its terminator.
    pub const MAX_TEXT: usize = 504;

    /// Writes the text form, fields and separators, without a terminator.
    ///
    /// # Errors
    /// The buffer is too small, a field is beyond its bounds or holds what no symbol stands for, or a field
    /// that the text form lacks has another value than its default.
    pub fn encode_text(&self, out: &mut wire::TextWriter<'_>) -> Result<(), wire::TextError> {
        wire::TextWriter::lacks("inbox_messages", self.inbox_messages != 4)?;
        wire::TextWriter::lacks("inbox_bytes", self.inbox_bytes != 2048)?;
        wire::TextWriter::lacks("next_packet_id", self.next_packet_id != 1)?;
        wire::TextWriter::lacks("resumed", self.resumed)?;
        wire::TextWriter::lacks("client_id", !self.settings.client_id.is_empty())?;
        wire::TextWriter::lacks("clean_init", !self.settings.clean_init)?;
        wire::TextWriter::lacks(
            "mqtt_version",
            self.settings.mqtt_version != types::MqttVersion::V3_1_1,
        )?;
        wire::TextWriter::lacks("tls_verify", !self.settings.tls_verify)?;
        wire::TextWriter::lacks("tls_ca", !self.settings.tls_ca.is_empty())?;
        wire::TextWriter::lacks("tls_certificate", !self.settings.tls_certificate.is_empty())?;
        wire::TextWriter::lacks("tls_key", !self.settings.tls_key.is_empty())?;
        wire::TextWriter::lacks("tls_alpn", !self.settings.tls_alpn.is_empty())?;
        wire::TextWriter::lacks("websocket", !self.settings.websocket.is_empty())?;
        out.word("init")?;
        out.str("ssid", self.settings.ssid, 32)?;
        out.str("password", self.settings.password, 63)?;
        out.str("broker", self.settings.broker, 64)?;
        out.str("mqtt_user", self.settings.mqtt_user, 64)?;
        out.str("mqtt_password", self.settings.mqtt_password, 64)?;
        out.map(|map| {
            if !self.settings.tls_server_name.is_empty() {
                map.str("server_hostname", "tls_server_name", self.settings.tls_server_name, 64)?;
            }
            Ok(())
        })?;
        out.bool(self.settings.use_default_net)?;
        out.unsigned(self.settings.port.into())?;
        out.bool(self.settings.tls)?;
        out.bool(self.settings.fast)?;
        out.unsigned(
            wire::TextWriter::in_range("keep_alive", self.settings.keep_alive, 5, 3600)?.into()
        )?;
        out.bool(self.settings.debug)?;
        out.bool(self.settings.clean)?;
        out.unsigned(
            wire::TextWriter::in_range("max_repubs", self.settings.max_repubs, 0, 20)?.into()
        )?;
        out.unsigned(
            wire::TextWriter::in_range("response_time", self.settings.response_time, 1, 300)?.into()
        )?;
        out.unsigned(
            wire::TextWriter::in_range("ping_interval", self.settings.ping_interval, 0, 3600)?.into()
        )?;
        out.str("timeserver", self.settings.timeserver, 64)?;
        Ok(())
    }

    /// The same with the fields that the text form may do without at their defaults.
    #[must_use]
    pub fn for_text(self) -> Self {
        Self { inbox_messages: 4, inbox_bytes: 2048, next_packet_id: 1, resumed: false, ..self }
    }
}

impl<'a> Configure<'a> {
    pub(super) fn read_text(input: &mut wire::TextReader<'a>) -> Result<Self, wire::TextError> {
        let message = Self {
            settings: Self::read_settings(input)?,
            inbox_messages: 4,
            inbox_bytes: 2048,
            next_packet_id: 1,
            resumed: false,
        };
        input.end()?;
        Ok(message)
    }

    fn read_settings(input: &mut wire::TextReader<'a>) -> Result<config::Config<'a>, wire::TextError> {
        let mut settings = config::Config::DEFAULT;
        settings.ssid = input.str("ssid", 32)?;
        settings.password = input.str("password", 63)?;
        settings.broker = input.str("broker", 64)?;
        settings.mqtt_user = input.str("mqtt_user", 64)?;
        settings.mqtt_password = input.str("mqtt_password", 64)?;
        input.map("ssl_params", |name, value| {
            match name {
                "server_hostname" => settings.tls_server_name = value.str("tls_server_name", 64)?,
                _ => {}
            }
            Ok(())
        })?;
        settings.use_default_net = input.bool("use_default_net")?;
        settings.port = input.number("port")?;
        settings.tls = input.bool("tls")?;
        settings.fast = input.bool("fast")?;
        settings.keep_alive = wire::TextReader::in_range(
            "keep_alive",
            input.number("keep_alive")?,
            5,
            3600,
        )?;
        settings.debug = input.bool("debug")?;
        settings.clean = input.bool("clean")?;
        settings.max_repubs = wire::TextReader::in_range(
            "max_repubs",
            input.number("max_repubs")?,
            0,
            20,
        )?;
        settings.response_time = wire::TextReader::in_range(
            "response_time",
            input.number("response_time")?,
            1,
            300,
        )?;
        settings.ping_interval = wire::TextReader::in_range(
            "ping_interval",
            input.number("ping_interval")?,
            0,
            3600,
        )?;
        settings.timeserver = input.str("timeserver", 64)?;
        Ok(settings)
    }
}

/// The host noted that the broker received a QoS 2 publication (outcome received); it may now be released. Since revision 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Release {
    /// MQTT packet identifier of the publication, perhaps of an earlier life of the bridge. 1 to 32767.
    pub packet_id: u16,
}

impl Release {
    /// Op, with its folded bits zero.
    pub const OP: u8 = 0x1b;
    /// Name in the spec.
    pub const NAME: &'static str = "release";
    /// Revision of the protocol that brought it.
    pub const SINCE: u8 = 2;
    /// Longest body in bytes.
    pub const MAX_BODY: usize = 4;
    /// The spec's example.
    pub const EXAMPLE: Release = Release { packet_id: 7 };

    /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
    pub fn encode(&self, out: &mut wire::Writer<'_>) -> Result<(), wire::EncodeError> {
        out.u8(Self::OP);
        out.in_range("packet_id", self.packet_id, 1, 32767);
        out.u16(self.packet_id);
        out.finish()
    }
}

impl Release {
    pub(super) fn read(_: u8, input: &mut wire::Reader<'_>) -> Result<Self, wire::DecodeError> {
        Ok(Self {
            packet_id: wire::Reader::in_range("packet_id", input.u16("packet_id")?, 1, 32767)?,
        })
    }
}

/// The host noted that the broker released a QoS 2 message (event released); the broker may now forget it. Since revision 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Complete {
    /// MQTT packet identifier of the message. 1 to 65535.
    pub packet_id: u16,
    /// The host had a message under this identifier. Default true.
    pub known: bool,
}

impl Complete {
    /// Op, with its folded bits zero.
    pub const OP: u8 = 0x1c;
    /// Name in the spec.
    pub const NAME: &'static str = "complete";
    /// Revision of the protocol that brought it.
    pub const SINCE: u8 = 2;
    /// Longest body in bytes.
    pub const MAX_BODY: usize = 5;
    /// The spec's example.
    pub const EXAMPLE: Complete = Complete { packet_id: 9, known: true };

    /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
    pub fn encode(&self, out: &mut wire::Writer<'_>) -> Result<(), wire::EncodeError> {
        out.u8(Self::OP);
        out.in_range("packet_id", self.packet_id, 1, 65535);
        out.u16(self.packet_id);
        if !self.known {
            out.bool(self.known);
        }
        out.finish()
    }
}

impl Complete {
    pub(super) fn read(_: u8, input: &mut wire::Reader<'_>) -> Result<Self, wire::DecodeError> {
        Ok(Self {
            packet_id: wire::Reader::in_range("packet_id", input.u16("packet_id")?, 1, 65535)?,
            known: if input.is_empty() { true } else { input.bool("known")? },
        })
    }
}

/// The application took an incoming message; the bridge may acknowledge it to the broker and send one more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Accept {
    /// Which message: they count from 0 since the link came up, modulo 256.
    pub number: u8,
}

impl Accept {
    /// Op, with its folded bits zero.
    pub const OP: u8 = 0x14;
    /// Name in the spec.
    pub const NAME: &'static str = "accept";
    /// Revision of the protocol that brought it.
    pub const SINCE: u8 = 1;
    /// Longest body in bytes.
    pub const MAX_BODY: usize = 2;
    /// The spec's example.
    pub const EXAMPLE: Accept = Accept { number: 7 };

    /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
    pub fn encode(&self, out: &mut wire::Writer<'_>) -> Result<(), wire::EncodeError> {
        out.u8(Self::OP);
        out.u8(self.number);
        out.finish()
    }
}

impl Accept {
    pub(super) fn read(_: u8, input: &mut wire::Reader<'_>) -> Result<Self, wire::DecodeError> {
        Ok(Self { number: input.u8("number")? })
    }
}

/// Ask for the time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct GetTime;

impl GetTime {
    /// Op, with its folded bits zero.
    pub const OP: u8 = 0x15;
    /// Name in the spec.
    pub const NAME: &'static str = "get_time";
    /// Revision of the protocol that brought it.
    pub const SINCE: u8 = 1;
    /// Longest body in bytes.
    pub const MAX_BODY: usize = 1;
    /// The spec's example.
    pub const EXAMPLE: GetTime = GetTime;

    /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
    pub fn encode(&self, out: &mut wire::Writer<'_>) -> Result<(), wire::EncodeError> {
        out.u8(Self::OP);
        out.finish()
    }
}

impl GetTime {
    pub(super) fn read(_: u8, _: &mut wire::Reader<'_>) -> Result<Self, wire::DecodeError> {
        Ok(GetTime)
    }
}

impl GetTime {
    /// Longest text form in symbols, without its terminator.
    pub const MAX_TEXT: usize = 1;

    /// Writes the text form, fields and separators, without a terminator.
    ///
    /// # Errors
    /// The buffer is too small, a field is beyond its bounds or holds what no symbol stands for, or a field
    /// that the text form lacks has another value than its default.
    pub fn encode_text(&self, out: &mut wire::TextWriter<'_>) -> Result<(), wire::TextError> {
        out.word("i")?;
        Ok(())
    }
}

impl GetTime {
    pub(super) fn read_text(input: &mut wire::TextReader<'_>) -> Result<Self, wire::TextError> {
        let message = Self;
        input.end()?;
        Ok(message)
    }
}

/// Ask how much memory the bridge has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Memory;

impl Memory {
    /// Op, with its folded bits zero.
    pub const OP: u8 = 0x16;
    /// Name in the spec.
    pub const NAME: &'static str = "memory";
    /// Revision of the protocol that brought it.
    pub const SINCE: u8 = 1;
    /// Longest body in bytes.
    pub const MAX_BODY: usize = 1;
    /// The spec's example.
    pub const EXAMPLE: Memory = Memory;

    /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
    pub fn encode(&self, out: &mut wire::Writer<'_>) -> Result<(), wire::EncodeError> {
        out.u8(Self::OP);
        out.finish()
    }
}

impl Memory {
    pub(super) fn read(_: u8, _: &mut wire::Reader<'_>) -> Result<Self, wire::DecodeError> {
        Ok(Memory)
    }
}

impl Memory {
    /// Longest text form in symbols, without its terminator.
    pub const MAX_TEXT: usize = 1;

    /// Writes the text form, fields and separators, without a terminator.
    ///
    /// # Errors
    /// The buffer is too small, a field is beyond its bounds or holds what no symbol stands for, or a field
    /// that the text form lacks has another value than its default.
    pub fn encode_text(&self, out: &mut wire::TextWriter<'_>) -> Result<(), wire::TextError> {
        out.word("m")?;
        Ok(())
    }
}

impl Memory {
    pub(super) fn read_text(input: &mut wire::TextReader<'_>) -> Result<Self, wire::TextError> {
        let message = Self;
        input.end()?;
        Ok(message)
    }
}

/// Ask for a sign of life of the whole bridge program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Ping {
    /// Comes back in the reply. Default 0.
    pub nonce: u8,
}

impl Ping {
    /// Op, with its folded bits zero.
    pub const OP: u8 = 0x17;
    /// Name in the spec.
    pub const NAME: &'static str = "ping";
    /// Revision of the protocol that brought it.
    pub const SINCE: u8 = 1;
    /// Longest body in bytes.
    pub const MAX_BODY: usize = 2;
    /// The spec's example.
    pub const EXAMPLE: Ping = Ping { nonce: 9 };

    /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
    pub fn encode(&self, out: &mut wire::Writer<'_>) -> Result<(), wire::EncodeError> {
        out.u8(Self::OP);
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

/// Answer to specified_network; whether the bridge may join the configured network and store it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct JoinNetwork {
    /// True to join now. Default true.
    pub consent: bool,
}

impl JoinNetwork {
    /// Op, with its folded bits zero.
    pub const OP: u8 = 0x18;
    /// Name in the spec.
    pub const NAME: &'static str = "join_network";
    /// Revision of the protocol that brought it.
    pub const SINCE: u8 = 1;
    /// Longest body in bytes.
    pub const MAX_BODY: usize = 2;
    /// The spec's example.
    pub const EXAMPLE: JoinNetwork = JoinNetwork { consent: true };

    /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
    pub fn encode(&self, out: &mut wire::Writer<'_>) -> Result<(), wire::EncodeError> {
        out.u8(Self::OP);
        if !self.consent {
            out.bool(self.consent);
        }
        out.finish()
    }
}

impl JoinNetwork {
    pub(super) fn read(_: u8, input: &mut wire::Reader<'_>) -> Result<Self, wire::DecodeError> {
        Ok(Self { consent: if input.is_empty() { true } else { input.bool("consent")? } })
    }
}

impl JoinNetwork {
    /// Longest text form in symbols, without its terminator.
    pub const MAX_TEXT: usize = 1;

    /// Writes the text form, fields and separators, without a terminator.
    ///
    /// # Errors
    /// The buffer is too small, a field is beyond its bounds or holds what no symbol stands for, or a field
    /// that the text form lacks has another value than its default.
    pub fn encode_text(&self, out: &mut wire::TextWriter<'_>) -> Result<(), wire::TextError> {
        wire::TextWriter::lacks("consent", !self.consent)?;
        out.word("1")?;
        Ok(())
    }
}

impl JoinNetwork {
    pub(super) fn read_text(input: &mut wire::TextReader<'_>) -> Result<Self, wire::TextError> {
        let message = Self { consent: true };
        input.end()?;
        Ok(message)
    }
}

/// Restart the bridge program; the link comes up afresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Restart;

impl Restart {
    /// Op, with its folded bits zero.
    pub const OP: u8 = 0x19;
    /// Name in the spec.
    pub const NAME: &'static str = "restart";
    /// Revision of the protocol that brought it.
    pub const SINCE: u8 = 1;
    /// Longest body in bytes.
    pub const MAX_BODY: usize = 1;
    /// The spec's example.
    pub const EXAMPLE: Restart = Restart;

    /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
    pub fn encode(&self, out: &mut wire::Writer<'_>) -> Result<(), wire::EncodeError> {
        out.u8(Self::OP);
        out.finish()
    }
}

impl Restart {
    pub(super) fn read(_: u8, _: &mut wire::Reader<'_>) -> Result<Self, wire::DecodeError> {
        Ok(Restart)
    }
}

impl Publish<'_> {
    /// What the host may do with it.
    pub const INFO: wire::CommandInfo = wire::CommandInfo {
        op: Self::OP,
        name: Self::NAME,
        text: Some("p"),
        since: Self::SINCE,
        timeout_ms: None,
        waits_for: Some(wire::WaitsFor::Broker),
        on_outage: Some(wire::OnOutage::Queue),
        idempotent: false,
        retry: 0,
        replay: false,
        one_way: false,
    };
}

impl Subscribe<'_> {
    /// What the host may do with it.
    pub const INFO: wire::CommandInfo = wire::CommandInfo {
        op: Self::OP,
        name: Self::NAME,
        text: Some("s"),
        since: Self::SINCE,
        timeout_ms: None,
        waits_for: Some(wire::WaitsFor::Broker),
        on_outage: Some(wire::OnOutage::Queue),
        idempotent: true,
        retry: 3,
        replay: true,
        one_way: false,
    };
}

impl Unsubscribe<'_> {
    /// What the host may do with it.
    pub const INFO: wire::CommandInfo = wire::CommandInfo {
        op: Self::OP,
        name: Self::NAME,
        text: None,
        since: Self::SINCE,
        timeout_ms: None,
        waits_for: Some(wire::WaitsFor::Broker),
        on_outage: Some(wire::OnOutage::Queue),
        idempotent: true,
        retry: 3,
        replay: false,
        one_way: false,
    };
}

impl Will<'_> {
    /// What the host may do with it.
    pub const INFO: wire::CommandInfo = wire::CommandInfo {
        op: Self::OP,
        name: Self::NAME,
        text: Some("w"),
        since: Self::SINCE,
        timeout_ms: Some(2000),
        waits_for: None,
        on_outage: None,
        idempotent: true,
        retry: 2,
        replay: true,
        one_way: false,
    };
}

impl Configure<'_> {
    /// What the host may do with it.
    pub const INFO: wire::CommandInfo = wire::CommandInfo {
        op: Self::OP,
        name: Self::NAME,
        text: Some("init"),
        since: Self::SINCE,
        timeout_ms: Some(2000),
        waits_for: None,
        on_outage: None,
        idempotent: true,
        retry: 2,
        replay: true,
        one_way: false,
    };
}

impl Release {
    /// What the host may do with it.
    pub const INFO: wire::CommandInfo = wire::CommandInfo {
        op: Self::OP,
        name: Self::NAME,
        text: None,
        since: Self::SINCE,
        timeout_ms: None,
        waits_for: Some(wire::WaitsFor::Broker),
        on_outage: Some(wire::OnOutage::Queue),
        idempotent: true,
        retry: 0,
        replay: false,
        one_way: false,
    };
}

impl Complete {
    /// What the host may do with it.
    pub const INFO: wire::CommandInfo = wire::CommandInfo {
        op: Self::OP,
        name: Self::NAME,
        text: None,
        since: Self::SINCE,
        timeout_ms: None,
        waits_for: None,
        on_outage: None,
        idempotent: false,
        retry: 0,
        replay: false,
        one_way: true,
    };
}

impl Accept {
    /// What the host may do with it.
    pub const INFO: wire::CommandInfo = wire::CommandInfo {
        op: Self::OP,
        name: Self::NAME,
        text: None,
        since: Self::SINCE,
        timeout_ms: None,
        waits_for: None,
        on_outage: None,
        idempotent: false,
        retry: 0,
        replay: false,
        one_way: true,
    };
}

impl GetTime {
    /// What the host may do with it.
    pub const INFO: wire::CommandInfo = wire::CommandInfo {
        op: Self::OP,
        name: Self::NAME,
        text: Some("i"),
        since: Self::SINCE,
        timeout_ms: Some(20000),
        waits_for: None,
        on_outage: Some(wire::OnOutage::Fail),
        idempotent: true,
        retry: 0,
        replay: false,
        one_way: false,
    };
}

impl Memory {
    /// What the host may do with it.
    pub const INFO: wire::CommandInfo = wire::CommandInfo {
        op: Self::OP,
        name: Self::NAME,
        text: Some("m"),
        since: Self::SINCE,
        timeout_ms: Some(2000),
        waits_for: None,
        on_outage: Some(wire::OnOutage::Fail),
        idempotent: true,
        retry: 1,
        replay: false,
        one_way: false,
    };
}

impl Ping {
    /// What the host may do with it.
    pub const INFO: wire::CommandInfo = wire::CommandInfo {
        op: Self::OP,
        name: Self::NAME,
        text: None,
        since: Self::SINCE,
        timeout_ms: Some(2000),
        waits_for: None,
        on_outage: None,
        idempotent: true,
        retry: 1,
        replay: false,
        one_way: false,
    };
}

impl JoinNetwork {
    /// What the host may do with it.
    pub const INFO: wire::CommandInfo = wire::CommandInfo {
        op: Self::OP,
        name: Self::NAME,
        text: Some("1"),
        since: Self::SINCE,
        timeout_ms: None,
        waits_for: None,
        on_outage: None,
        idempotent: false,
        retry: 0,
        replay: false,
        one_way: true,
    };
}

impl Restart {
    /// What the host may do with it.
    pub const INFO: wire::CommandInfo = wire::CommandInfo {
        op: Self::OP,
        name: Self::NAME,
        text: None,
        since: Self::SINCE,
        timeout_ms: None,
        waits_for: None,
        on_outage: None,
        idempotent: false,
        retry: 0,
        replay: false,
        one_way: true,
    };
}

impl wire::CommandMessage for Publish<'_> {
    type Reply = reply::Publish;
}

impl wire::CommandMessage for Subscribe<'_> {
    type Reply = reply::Subscribe;
}

impl wire::CommandMessage for Unsubscribe<'_> {
    type Reply = reply::Unsubscribe;
}

impl wire::CommandMessage for Will<'_> {
    type Reply = reply::Will;
}

impl wire::CommandMessage for Configure<'_> {
    type Reply = reply::Configure;
}

impl wire::CommandMessage for Release {
    type Reply = reply::Release;
}

impl wire::CommandMessage for GetTime {
    type Reply = reply::GetTime;
}

impl wire::CommandMessage for Memory {
    type Reply = reply::Memory;
}

impl wire::CommandMessage for Ping {
    type Reply = reply::Ping;
}
