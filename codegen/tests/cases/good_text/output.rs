/// Name of the protocol.
pub const PROTOCOL: &str = "lamp";
/// Revision of the protocol.
pub const REVISION: u8 = 1;
/// Oldest revision that this one still talks to.
pub const MIN_REVISION: u8 = 1;
/// Fingerprint of everything that both ends must agree upon.
pub const WIRE_HASH: u32 = 0x49cb63e9;
/// Longest body of a command in bytes.
pub const MAX_COMMAND_BODY: usize = 29;
/// Longest body of an event or a reply in bytes.
pub const MAX_EVENT_BODY: usize = 2;
/// Longest body in bytes.
pub const MAX_BODY: usize = 29;
/// Longest text form of a command in symbols, without its terminator.
pub const MAX_COMMAND_TEXT: usize = 62;
/// Longest text form of an event or a reply in symbols, without its terminator.
pub const MAX_EVENT_TEXT: usize = 19;
pub use command::Command;
pub use config::Config;
pub use dispatch::{
    CommandHandler, EventHandler, ReplyHandler, dispatch_command, dispatch_event,
    dispatch_reply,
};
pub use event::Event;
pub use reply::Reply;
pub use status::Status;
pub use types::*;
/// Messages from the host to the bridge.
#[allow(
    unused_imports,
    unused_variables,
    unreachable_code,
    unreachable_pub,
    dead_code,
    clippy::all
)]
pub mod command {
    use super::{config, reply, status, types};
    use ::fivewire_wire as wire;
    /// Any command: host to bridge.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Command<'a> {
        /// Light it.
        Light(Light<'a>),
        /// Set it up.
        Setup(Setup<'a>),
        /// Stop.
        Stop(Stop),
        /// Only here.
        Rest(Rest),
        /// Tell what happened.
        Tell(Tell),
    }
    impl Command<'_> {
        /// Op, with its folded bits zero.
        pub fn op(&self) -> u8 {
            match self {
                Self::Light(_) => Light::OP,
                Self::Setup(_) => Setup::OP,
                Self::Stop(_) => Stop::OP,
                Self::Rest(_) => Rest::OP,
                Self::Tell(_) => Tell::OP,
            }
        }
        /// Name in the spec.
        pub fn name(&self) -> &'static str {
            match self {
                Self::Light(_) => Light::NAME,
                Self::Setup(_) => Setup::NAME,
                Self::Stop(_) => Stop::NAME,
                Self::Rest(_) => Rest::NAME,
                Self::Tell(_) => Tell::NAME,
            }
        }
        /// Revision of the protocol that brought it.
        pub fn since(&self) -> u8 {
            match self {
                Self::Light(_) => Light::SINCE,
                Self::Setup(_) => Setup::SINCE,
                Self::Stop(_) => Stop::SINCE,
                Self::Rest(_) => Rest::SINCE,
                Self::Tell(_) => Tell::SINCE,
            }
        }
        /// Writes the body.
        ///
        /// # Errors
        /// The buffer is too small, or a field is beyond its bounds.
        pub fn encode(
            &self,
            out: &mut wire::Writer<'_>,
        ) -> Result<(), wire::EncodeError> {
            match self {
                Self::Light(message) => message.encode(out),
                Self::Setup(message) => message.encode(out),
                Self::Stop(message) => message.encode(out),
                Self::Rest(message) => message.encode(out),
                Self::Tell(message) => message.encode(out),
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
                0x10 => Light::read(op, input).map(Self::Light),
                0x11 => Setup::read(op, input).map(Self::Setup),
                0x12 => Stop::read(op, input).map(Self::Stop),
                0x13 => Rest::read(op, input).map(Self::Rest),
                0x14 => Tell::read(op, input).map(Self::Tell),
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
        pub fn encode_text(
            &self,
            out: &mut wire::TextWriter<'_>,
        ) -> Result<(), wire::TextError> {
            match self {
                Self::Light(message) => message.encode_text(out),
                Self::Setup(message) => message.encode_text(out),
                Self::Stop(message) => message.encode_text(out),
                Self::Tell(message) => message.encode_text(out),
                Self::Rest(_) => {
                    Err(wire::TextError::NoTextForm {
                        message: self.name(),
                    })
                }
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
                b"l" => Light::read_text(input).map(Self::Light),
                b"set" => Setup::read_text(input).map(Self::Setup),
                b"x" => Stop::read_text(input).map(Self::Stop),
                b"g" => Tell::read_text(input).map(Self::Tell),
                _ => Err(wire::TextError::UnknownWord),
            }
        }
        /// The same with the fields that the text form may do without at their defaults.
        #[must_use]
        pub fn for_text(self) -> Self {
            match self {
                Self::Light(message) => Self::Light(message.for_text()),
                other => other,
            }
        }
    }
    impl<'a> From<Light<'a>> for Command<'a> {
        fn from(message: Light<'a>) -> Self {
            Self::Light(message)
        }
    }
    impl<'a> From<Setup<'a>> for Command<'a> {
        fn from(message: Setup<'a>) -> Self {
            Self::Setup(message)
        }
    }
    impl<'a> From<Stop> for Command<'a> {
        fn from(message: Stop) -> Self {
            Self::Stop(message)
        }
    }
    impl<'a> From<Rest> for Command<'a> {
        fn from(message: Rest) -> Self {
            Self::Rest(message)
        }
    }
    impl<'a> From<Tell> for Command<'a> {
        fn from(message: Tell) -> Self {
            Self::Tell(message)
        }
    }
    /// The spec's examples, in its order.
    pub const EXAMPLES: &[Command<'static>] = &[
        Command::Light(Light::EXAMPLE),
        Command::Setup(Setup::EXAMPLE),
        Command::Stop(Stop::EXAMPLE),
        Command::Rest(Rest::EXAMPLE),
        Command::Tell(Tell::EXAMPLE),
    ];
    impl Command<'_> {
        /// What the host may do with it.
        pub fn info(&self) -> &'static wire::CommandInfo {
            match self {
                Self::Light(_) => &Light::INFO,
                Self::Setup(_) => &Setup::INFO,
                Self::Stop(_) => &Stop::INFO,
                Self::Rest(_) => &Rest::INFO,
                Self::Tell(_) => &Tell::INFO,
            }
        }
    }
    /// Light it.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Light<'a> {
        /// Which. At most 8 bytes.
        pub name: &'a str,
        /// How. Default `red`.
        pub colour: types::Colour,
        /// Now. Default true.
        pub at_once: bool,
        /// How much. 0 to 100, default 10.
        pub level: u16,
        /// More or less. Default 0.
        pub delta: i8,
        /// When. Default 0.
        pub from: u32,
        /// Anything. At most 4 bytes, default empty.
        pub raw: &'a [u8],
        /// How it feels. Default `calm`.
        pub mood: types::Mood,
        /// It may be lost. Default 0.
        pub trace: u8,
        /// It may not be lost. Default false.
        pub fade: bool,
    }
    impl Light<'_> {
        /// Op, with its folded bits zero.
        pub const OP: u8 = 0x10;
        /// Name in the spec.
        pub const NAME: &'static str = "light";
        /// Revision of the protocol that brought it.
        pub const SINCE: u8 = 1;
        /// Longest body in bytes.
        pub const MAX_BODY: usize = 29;
        /// The spec's example.
        pub const EXAMPLE: Light<'static> = Light {
            name: "a",
            colour: types::Colour::Red,
            at_once: true,
            level: 10,
            delta: 0,
            from: 0,
            raw: b"",
            mood: types::Mood::Calm,
            trace: 0,
            fade: false,
        };
        /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
        pub fn encode(
            &self,
            out: &mut wire::Writer<'_>,
        ) -> Result<(), wire::EncodeError> {
            out.u8(Self::OP)?;
            out.str("name", self.name, 8)?;
            if self.colour != types::Colour::Red || !self.at_once || self.level != 10
                || self.delta != 0 || self.from != 0 || self.raw != b""
                || self.mood != types::Mood::Calm || self.trace != 0 || self.fade
            {
                out.u8(self.colour.number())?;
            }
            if !self.at_once || self.level != 10 || self.delta != 0 || self.from != 0
                || self.raw != b"" || self.mood != types::Mood::Calm || self.trace != 0
                || self.fade
            {
                out.bool(self.at_once)?;
            }
            if self.level != 10 || self.delta != 0 || self.from != 0 || self.raw != b""
                || self.mood != types::Mood::Calm || self.trace != 0 || self.fade
            {
                out.u16(wire::Writer::in_range("level", self.level, 0, 100)?)?;
            }
            if self.delta != 0 || self.from != 0 || self.raw != b""
                || self.mood != types::Mood::Calm || self.trace != 0 || self.fade
            {
                out.i8(self.delta)?;
            }
            if self.from != 0 || self.raw != b"" || self.mood != types::Mood::Calm
                || self.trace != 0 || self.fade
            {
                out.u32(self.from)?;
            }
            if self.raw != b"" || self.mood != types::Mood::Calm || self.trace != 0
                || self.fade
            {
                out.bytes("raw", self.raw, 4)?;
            }
            if self.mood != types::Mood::Calm || self.trace != 0 || self.fade {
                out.u8(self.mood.number())?;
            }
            if self.trace != 0 || self.fade {
                out.u8(self.trace)?;
            }
            if self.fade {
                out.bool(self.fade)?;
            }
            Ok(())
        }
    }
    impl<'a> Light<'a> {
        pub(super) fn read(
            _: u8,
            input: &mut wire::Reader<'a>,
        ) -> Result<Self, wire::DecodeError> {
            Ok(Self {
                name: input.str("name", 8)?,
                colour: if input.is_empty() {
                    types::Colour::Red
                } else {
                    types::Colour::checked("colour", input.u8("colour")?)?
                },
                at_once: if input.is_empty() { true } else { input.bool("at_once")? },
                level: if input.is_empty() {
                    10
                } else {
                    wire::Reader::in_range("level", input.u16("level")?, 0, 100)?
                },
                delta: if input.is_empty() { 0 } else { input.i8("delta")? },
                from: if input.is_empty() { 0 } else { input.u32("from")? },
                raw: if input.is_empty() { b"" } else { input.bytes("raw", 4)? },
                mood: if input.is_empty() {
                    types::Mood::Calm
                } else {
                    types::Mood::from_number(input.u8("mood")?)
                },
                trace: if input.is_empty() { 0 } else { input.u8("trace")? },
                fade: if input.is_empty() { false } else { input.bool("fade")? },
            })
        }
    }
    impl Light<'_> {
        /// Longest text form in symbols, without its terminator.
        pub const MAX_TEXT: usize = 49;
        /// Writes the text form, fields and separators, without a terminator.
        ///
        /// # Errors
        /// The buffer is too small, a field is beyond its bounds or holds what no symbol stands for, or a field
        /// that the text form lacks has another value than its default.
        pub fn encode_text(
            &self,
            out: &mut wire::TextWriter<'_>,
        ) -> Result<(), wire::TextError> {
            wire::TextWriter::lacks("trace", self.trace != 0)?;
            wire::TextWriter::lacks("fade", self.fade)?;
            out.word("l")?;
            out.str("name", self.name, 8)?;
            out.code("colour", self.colour.text_code())?;
            out.bool_word(self.at_once)?;
            out.unsigned(
                wire::TextWriter::in_range("level", self.level, 0, 100)?.into(),
            )?;
            out.signed(self.delta.into())?;
            out.since("from", self.from, 1000)?;
            out.bytes("raw", self.raw, 4)?;
            out.code("mood", self.mood.text_code())?;
            Ok(())
        }
        /// The same with the fields that the text form may do without at their defaults.
        #[must_use]
        pub fn for_text(self) -> Self {
            Self { trace: 0, ..self }
        }
    }
    impl<'a> Light<'a> {
        pub(super) fn read_text(
            input: &mut wire::TextReader<'a>,
        ) -> Result<Self, wire::TextError> {
            let message = Self {
                name: input.str("name", 8)?,
                colour: input.code("colour", types::Colour::from_text_code)?,
                at_once: input.bool("at_once")?,
                level: wire::TextReader::in_range(
                    "level",
                    input.number("level")?,
                    0,
                    100,
                )?,
                delta: input.number("delta")?,
                from: input.since("from", 1000)?,
                raw: input.bytes("raw", 4)?,
                mood: input.code("mood", types::Mood::from_text_code)?,
                trace: 0,
                fade: false,
            };
            input.end()?;
            Ok(message)
        }
    }
    /// Set it up.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Setup<'a> {
        /// How much fits. Default 4.
        pub room: u8,
        /// What differs.
        pub settings: config::Config<'a>,
    }
    impl Setup<'_> {
        /// Op, with its folded bits zero.
        pub const OP: u8 = 0x11;
        /// Name in the spec.
        pub const NAME: &'static str = "setup";
        /// Revision of the protocol that brought it.
        pub const SINCE: u8 = 1;
        /// Longest body in bytes.
        pub const MAX_BODY: usize = 28;
        /// The spec's example.
        pub const EXAMPLE: Setup<'static> = Setup {
            room: 4,
            settings: config::Config {
                ..config::Config::DEFAULT
            },
        };
        /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
        pub fn encode(
            &self,
            out: &mut wire::Writer<'_>,
        ) -> Result<(), wire::EncodeError> {
            out.u8(Self::OP)?;
            if self.room != 4 {
                out.u8(wire::FIELDS_ENTRY)?;
                out.block(|out| {
                    out.u8(self.room)?;
                    Ok(())
                })?;
            }
            self.settings.encode(out)?;
            Ok(())
        }
    }
    impl<'a> Setup<'a> {
        pub(super) fn read(
            _: u8,
            input: &mut wire::Reader<'a>,
        ) -> Result<Self, wire::DecodeError> {
            let mut extension;
            Ok(Self {
                room: {
                    extension = input.fields_entry()?;
                    let input = &mut extension;
                    if input.is_empty() { 4 } else { input.u8("room")? }
                },
                settings: config::Config::read(input)?,
            })
        }
    }
    impl Setup<'_> {
        /// Longest text form in symbols, without its terminator.
        pub const MAX_TEXT: usize = 62;
        /// Writes the text form, fields and separators, without a terminator.
        ///
        /// # Errors
        /// The buffer is too small, a field is beyond its bounds or holds what no symbol stands for, or a field
        /// that the text form lacks has another value than its default.
        pub fn encode_text(
            &self,
            out: &mut wire::TextWriter<'_>,
        ) -> Result<(), wire::TextError> {
            wire::TextWriter::lacks("other", self.settings.other != 0)?;
            out.word("set")?;
            out.unsigned(self.room.into())?;
            out.unsigned(self.settings.speed.into())?;
            out.map(|map| {
                if self.settings.title != "" {
                    map.str("n", "title", self.settings.title, 8)?;
                }
                if !self.settings.shown {
                    map.bool("on", self.settings.shown)?;
                }
                if self.settings.depth != -1 {
                    map.signed(
                        "k",
                        wire::TextWriter::in_range(
                                "depth",
                                self.settings.depth,
                                -5,
                                32767,
                            )?
                            .into(),
                    )?;
                }
                Ok(())
            })?;
            Ok(())
        }
    }
    impl<'a> Setup<'a> {
        pub(super) fn read_text(
            input: &mut wire::TextReader<'a>,
        ) -> Result<Self, wire::TextError> {
            let message = Self {
                room: input.number("room")?,
                settings: Self::read_settings(input)?,
            };
            input.end()?;
            Ok(message)
        }
        fn read_settings(
            input: &mut wire::TextReader<'a>,
        ) -> Result<config::Config<'a>, wire::TextError> {
            let mut settings = config::Config::DEFAULT;
            settings.speed = input.number("speed")?;
            input
                .map(
                    "params",
                    |name, value| {
                        match name {
                            "n" => settings.title = value.str("title", 8)?,
                            "on" => settings.shown = value.bool("shown")?,
                            "k" => {
                                settings.depth = wire::TextReader::in_range(
                                    "depth",
                                    value.number("depth")?,
                                    -5,
                                    32767,
                                )?;
                            }
                            _ => {}
                        }
                        Ok(())
                    },
                )?;
            Ok(settings)
        }
    }
    /// Stop.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Stop;
    impl Stop {
        /// Op, with its folded bits zero.
        pub const OP: u8 = 0x12;
        /// Name in the spec.
        pub const NAME: &'static str = "stop";
        /// Revision of the protocol that brought it.
        pub const SINCE: u8 = 1;
        /// Longest body in bytes.
        pub const MAX_BODY: usize = 1;
        /// The spec's example.
        pub const EXAMPLE: Stop = Stop;
        /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
        pub fn encode(
            &self,
            out: &mut wire::Writer<'_>,
        ) -> Result<(), wire::EncodeError> {
            out.u8(Self::OP)?;
            Ok(())
        }
    }
    impl Stop {
        pub(super) fn read(
            _: u8,
            _: &mut wire::Reader<'_>,
        ) -> Result<Self, wire::DecodeError> {
            Ok(Stop)
        }
    }
    impl Stop {
        /// Longest text form in symbols, without its terminator.
        pub const MAX_TEXT: usize = 1;
        /// Writes the text form, fields and separators, without a terminator.
        ///
        /// # Errors
        /// The buffer is too small, a field is beyond its bounds or holds what no symbol stands for, or a field
        /// that the text form lacks has another value than its default.
        pub fn encode_text(
            &self,
            out: &mut wire::TextWriter<'_>,
        ) -> Result<(), wire::TextError> {
            out.word("x")?;
            Ok(())
        }
    }
    impl Stop {
        pub(super) fn read_text(
            input: &mut wire::TextReader<'_>,
        ) -> Result<Self, wire::TextError> {
            let message = Self;
            input.end()?;
            Ok(message)
        }
    }
    /// Only here.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Rest;
    impl Rest {
        /// Op, with its folded bits zero.
        pub const OP: u8 = 0x13;
        /// Name in the spec.
        pub const NAME: &'static str = "rest";
        /// Revision of the protocol that brought it.
        pub const SINCE: u8 = 1;
        /// Longest body in bytes.
        pub const MAX_BODY: usize = 1;
        /// The spec's example.
        pub const EXAMPLE: Rest = Rest;
        /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
        pub fn encode(
            &self,
            out: &mut wire::Writer<'_>,
        ) -> Result<(), wire::EncodeError> {
            out.u8(Self::OP)?;
            Ok(())
        }
    }
    impl Rest {
        pub(super) fn read(
            _: u8,
            _: &mut wire::Reader<'_>,
        ) -> Result<Self, wire::DecodeError> {
            Ok(Rest)
        }
    }
    /// Tell what happened.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Tell {
        /// From when on. 1005 to 2000.
        pub after: u32,
    }
    impl Tell {
        /// Op, with its folded bits zero.
        pub const OP: u8 = 0x14;
        /// Name in the spec.
        pub const NAME: &'static str = "tell";
        /// Revision of the protocol that brought it.
        pub const SINCE: u8 = 1;
        /// Longest body in bytes.
        pub const MAX_BODY: usize = 6;
        /// The spec's example.
        pub const EXAMPLE: Tell = Tell { after: 1500 };
        /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
        pub fn encode(
            &self,
            out: &mut wire::Writer<'_>,
        ) -> Result<(), wire::EncodeError> {
            out.u8(Self::OP)?;
            out.u32(wire::Writer::in_range("after", self.after, 1005, 2000)?)?;
            Ok(())
        }
    }
    impl Tell {
        pub(super) fn read(
            _: u8,
            input: &mut wire::Reader<'_>,
        ) -> Result<Self, wire::DecodeError> {
            Ok(Self {
                after: wire::Reader::in_range("after", input.u32("after")?, 1005, 2000)?,
            })
        }
    }
    impl Tell {
        /// Longest text form in symbols, without its terminator.
        pub const MAX_TEXT: usize = 6;
        /// Writes the text form, fields and separators, without a terminator.
        ///
        /// # Errors
        /// The buffer is too small, a field is beyond its bounds or holds what no symbol stands for, or a field
        /// that the text form lacks has another value than its default.
        pub fn encode_text(
            &self,
            out: &mut wire::TextWriter<'_>,
        ) -> Result<(), wire::TextError> {
            out.word("g")?;
            out.since(
                "after",
                wire::TextWriter::in_range("after", self.after, 1005, 2000)?,
                1000,
            )?;
            Ok(())
        }
    }
    impl Tell {
        pub(super) fn read_text(
            input: &mut wire::TextReader<'_>,
        ) -> Result<Self, wire::TextError> {
            let message = Self {
                after: wire::TextReader::in_range(
                    "after",
                    input.since("after", 1000)?,
                    1005,
                    2000,
                )?,
            };
            input.end()?;
            Ok(message)
        }
    }
    impl Light<'_> {
        /// What the host may do with it.
        pub const INFO: wire::CommandInfo = wire::CommandInfo {
            op: Self::OP,
            name: Self::NAME,
            text: Some("l"),
            since: Self::SINCE,
            timeout_ms: Some(1000),
            waits_for: None,
            on_outage: None,
            idempotent: false,
            retry: 0,
            replay: false,
            one_way: false,
        };
    }
    impl Setup<'_> {
        /// What the host may do with it.
        pub const INFO: wire::CommandInfo = wire::CommandInfo {
            op: Self::OP,
            name: Self::NAME,
            text: Some("set"),
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
    impl Stop {
        /// What the host may do with it.
        pub const INFO: wire::CommandInfo = wire::CommandInfo {
            op: Self::OP,
            name: Self::NAME,
            text: Some("x"),
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
    impl Rest {
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
    impl Tell {
        /// What the host may do with it.
        pub const INFO: wire::CommandInfo = wire::CommandInfo {
            op: Self::OP,
            name: Self::NAME,
            text: Some("g"),
            since: Self::SINCE,
            timeout_ms: Some(1000),
            waits_for: None,
            on_outage: None,
            idempotent: false,
            retry: 0,
            replay: false,
            one_way: false,
        };
    }
    impl wire::CommandMessage for Light<'_> {
        type Reply = reply::Light;
    }
    impl wire::CommandMessage for Tell {
        type Reply = reply::Tell;
    }
}
/// The bridge's answers to commands.
#[allow(
    unused_imports,
    unused_variables,
    unreachable_code,
    unreachable_pub,
    dead_code,
    clippy::all
)]
pub mod reply {
    use super::{config, status, types};
    use ::fivewire_wire as wire;
    /// Any reply: the bridge's answer to a command.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Reply {
        /// Answer to `light`: Light it.
        Light(Light),
        /// Answer to `tell`: Tell what happened.
        Tell(Tell),
    }
    impl Reply {
        /// Op, with its folded bits zero.
        pub fn op(&self) -> u8 {
            match self {
                Self::Light(_) => Light::OP,
                Self::Tell(_) => Tell::OP,
            }
        }
        /// Name in the spec.
        pub fn name(&self) -> &'static str {
            match self {
                Self::Light(_) => Light::NAME,
                Self::Tell(_) => Tell::NAME,
            }
        }
        /// Revision of the protocol that brought it.
        pub fn since(&self) -> u8 {
            match self {
                Self::Light(_) => Light::SINCE,
                Self::Tell(_) => Tell::SINCE,
            }
        }
        /// Writes the body.
        ///
        /// # Errors
        /// The buffer is too small, or a field is beyond its bounds.
        pub fn encode(
            &self,
            number: u8,
            out: &mut wire::Writer<'_>,
        ) -> Result<(), wire::EncodeError> {
            match self {
                Self::Light(message) => message.encode(number, out),
                Self::Tell(message) => message.encode(number, out),
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
                0x90 => Light::read(op, input).map(Self::Light),
                0x94 => Tell::read(op, input).map(Self::Tell),
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
        pub fn encode_text(
            &self,
            out: &mut wire::TextWriter<'_>,
        ) -> Result<(), wire::TextError> {
            match self {
                Self::Light(message) => message.encode_text(out),
                Self::Tell(message) => message.encode_text(out),
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
                b"d" => Light::read_text(input).map(Self::Light),
                b"told_what_there_was" => Tell::read_text(input).map(Self::Tell),
                _ => Err(wire::TextError::UnknownWord),
            }
        }
    }
    impl From<Light> for Reply {
        fn from(message: Light) -> Self {
            Self::Light(message)
        }
    }
    impl From<Tell> for Reply {
        fn from(message: Tell) -> Self {
            Self::Tell(message)
        }
    }
    impl TryFrom<Reply> for Light {
        type Error = Reply;
        fn try_from(reply: Reply) -> Result<Self, Self::Error> {
            match reply {
                Reply::Light(message) => Ok(message),
                other => Err(other),
            }
        }
    }
    impl TryFrom<Reply> for Tell {
        type Error = Reply;
        fn try_from(reply: Reply) -> Result<Self, Self::Error> {
            match reply {
                Reply::Tell(message) => Ok(message),
                other => Err(other),
            }
        }
    }
    /// The spec's examples, in its order.
    pub const EXAMPLES: &[Reply] = &[Reply::Light(Light::EXAMPLE)];
    /// Answer to `light`: Light it.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Light;
    impl Light {
        /// Op, with its folded bits zero.
        pub const OP: u8 = 0x90;
        /// Name in the spec.
        pub const NAME: &'static str = "light";
        /// Revision of the protocol that brought it.
        pub const SINCE: u8 = 1;
        /// Longest body in bytes.
        pub const MAX_BODY: usize = 2;
        /// The spec's example.
        pub const EXAMPLE: Light = Light;
        /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
        /// `number` is that of the command it answers.
        pub fn encode(
            &self,
            number: u8,
            out: &mut wire::Writer<'_>,
        ) -> Result<(), wire::EncodeError> {
            out.u8(Self::OP)?;
            out.u8(number)?;
            Ok(())
        }
    }
    impl Light {
        pub(super) fn read(
            _: u8,
            _: &mut wire::Reader<'_>,
        ) -> Result<Self, wire::DecodeError> {
            Ok(Light)
        }
    }
    impl Light {
        /// Longest text form in symbols, without its terminator.
        pub const MAX_TEXT: usize = 1;
        /// Writes the text form, fields and separators, without a terminator.
        ///
        /// # Errors
        /// The buffer is too small, a field is beyond its bounds or holds what no symbol stands for, or a field
        /// that the text form lacks has another value than its default.
        pub fn encode_text(
            &self,
            out: &mut wire::TextWriter<'_>,
        ) -> Result<(), wire::TextError> {
            out.word("d")?;
            Ok(())
        }
    }
    impl Light {
        pub(super) fn read_text(
            input: &mut wire::TextReader<'_>,
        ) -> Result<Self, wire::TextError> {
            let message = Self;
            input.end()?;
            Ok(message)
        }
    }
    /// Answer to `tell`: Tell what happened.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Tell;
    impl Tell {
        /// Op, with its folded bits zero.
        pub const OP: u8 = 0x94;
        /// Name in the spec.
        pub const NAME: &'static str = "tell";
        /// Revision of the protocol that brought it.
        pub const SINCE: u8 = 1;
        /// Longest body in bytes.
        pub const MAX_BODY: usize = 2;
        /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
        /// `number` is that of the command it answers.
        pub fn encode(
            &self,
            number: u8,
            out: &mut wire::Writer<'_>,
        ) -> Result<(), wire::EncodeError> {
            out.u8(Self::OP)?;
            out.u8(number)?;
            Ok(())
        }
    }
    impl Tell {
        pub(super) fn read(
            _: u8,
            _: &mut wire::Reader<'_>,
        ) -> Result<Self, wire::DecodeError> {
            Ok(Tell)
        }
    }
    impl Tell {
        /// Longest text form in symbols, without its terminator.
        pub const MAX_TEXT: usize = 19;
        /// Writes the text form, fields and separators, without a terminator.
        ///
        /// # Errors
        /// The buffer is too small, a field is beyond its bounds or holds what no symbol stands for, or a field
        /// that the text form lacks has another value than its default.
        pub fn encode_text(
            &self,
            out: &mut wire::TextWriter<'_>,
        ) -> Result<(), wire::TextError> {
            out.word("told_what_there_was")?;
            Ok(())
        }
    }
    impl Tell {
        pub(super) fn read_text(
            input: &mut wire::TextReader<'_>,
        ) -> Result<Self, wire::TextError> {
            let message = Self;
            input.end()?;
            Ok(message)
        }
    }
    impl wire::ReplyMessage for Light {
        type At<'a> = Light;
        const OP: u8 = Light::OP;
        const NAME: &'static str = Light::NAME;
        fn encode_reply(
            reply: &Light,
            number: u8,
            out: &mut wire::Writer<'_>,
        ) -> Result<(), wire::EncodeError> {
            reply.encode(number, out)
        }
    }
    impl wire::ReplyMessage for Tell {
        type At<'a> = Tell;
        const OP: u8 = Tell::OP;
        const NAME: &'static str = Tell::NAME;
        fn encode_reply(
            reply: &Tell,
            number: u8,
            out: &mut wire::Writer<'_>,
        ) -> Result<(), wire::EncodeError> {
            reply.encode(number, out)
        }
    }
}
/// Messages from the bridge to the host that nobody asked for.
#[allow(
    unused_imports,
    unused_variables,
    unreachable_code,
    unreachable_pub,
    dead_code,
    clippy::all
)]
pub mod event {
    use super::{config, status, types};
    use ::fivewire_wire as wire;
    /// Any event: bridge to host, unasked.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Event {
        /// It said something.
        Told(Told),
    }
    impl Event {
        /// Op, with its folded bits zero.
        pub fn op(&self) -> u8 {
            match self {
                Self::Told(_) => Told::OP,
            }
        }
        /// Name in the spec.
        pub fn name(&self) -> &'static str {
            match self {
                Self::Told(_) => Told::NAME,
            }
        }
        /// Revision of the protocol that brought it.
        pub fn since(&self) -> u8 {
            match self {
                Self::Told(_) => Told::SINCE,
            }
        }
        /// Writes the body.
        ///
        /// # Errors
        /// The buffer is too small, or a field is beyond its bounds.
        pub fn encode(
            &self,
            out: &mut wire::Writer<'_>,
        ) -> Result<(), wire::EncodeError> {
            match self {
                Self::Told(message) => message.encode(out),
            }
        }
    }
    impl Event {
        /// Reads a body.
        ///
        /// # Errors
        /// The body does not follow the spec, or is none of this direction.
        pub fn decode(body: &[u8]) -> Result<Self, wire::DecodeError> {
            let (&op, fields) = body.split_first().ok_or(wire::DecodeError::Empty)?;
            let input = &mut wire::Reader::new(fields);
            match op {
                0x40 => Told::read(op, input).map(Self::Told),
                _ => Err(wire::DecodeError::UnknownOp(op)),
            }
        }
    }
    impl Event {
        /// Writes the text form, fields and separators, without a terminator.
        ///
        /// # Errors
        /// The message has no text form, the buffer is too small, a field is beyond its bounds or holds what no
        /// symbol stands for, or a field that the text form lacks has another value than its default.
        pub fn encode_text(
            &self,
            out: &mut wire::TextWriter<'_>,
        ) -> Result<(), wire::TextError> {
            match self {
                Self::Told(message) => message.encode_text(out),
            }
        }
    }
    impl Event {
        /// Reads a text form, given without its terminator.
        ///
        /// # Errors
        /// The string is none of this direction, or does not follow the spec.
        pub fn decode_text(string: &[u8]) -> Result<Self, wire::TextError> {
            let input = &mut wire::TextReader::new(string)?;
            match input.word()? {
                b"t" => Told::read_text(input).map(Self::Told),
                _ => Err(wire::TextError::UnknownWord),
            }
        }
    }
    impl From<Told> for Event {
        fn from(message: Told) -> Self {
            Self::Told(message)
        }
    }
    /// The spec's examples, in its order.
    pub const EXAMPLES: &[Event] = &[Event::Told(Told::EXAMPLE)];
    /// It said something.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Told {
        /// What.
        pub status: status::Status,
    }
    impl Told {
        /// Op, with its folded bits zero.
        pub const OP: u8 = 0x40;
        /// Name in the spec.
        pub const NAME: &'static str = "told";
        /// Revision of the protocol that brought it.
        pub const SINCE: u8 = 1;
        /// Longest body in bytes.
        pub const MAX_BODY: usize = 2;
        /// The spec's example.
        pub const EXAMPLE: Told = Told {
            status: status::Status::Ready,
        };
        /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
        pub fn encode(
            &self,
            out: &mut wire::Writer<'_>,
        ) -> Result<(), wire::EncodeError> {
            out.u8(Self::OP)?;
            out.u8(
                self
                    .status
                    .code()
                    .ok_or(wire::EncodeError::HostOnly {
                        field: "status",
                    })?,
            )?;
            Ok(())
        }
    }
    impl Told {
        pub(super) fn read(
            _: u8,
            input: &mut wire::Reader<'_>,
        ) -> Result<Self, wire::DecodeError> {
            Ok(Self {
                status: status::Status::from_code(input.u8("status")?),
            })
        }
    }
    impl Told {
        /// Longest text form in symbols, without its terminator.
        pub const MAX_TEXT: usize = 12;
        /// Writes the text form, fields and separators, without a terminator.
        ///
        /// # Errors
        /// The buffer is too small, a field is beyond its bounds or holds what no symbol stands for, or a field
        /// that the text form lacks has another value than its default.
        pub fn encode_text(
            &self,
            out: &mut wire::TextWriter<'_>,
        ) -> Result<(), wire::TextError> {
            out.word("t")?;
            out.code("status", self.status.code().and(self.status.text_code()))?;
            out.more(self.status.text_more())?;
            Ok(())
        }
    }
    impl Told {
        pub(super) fn read_text(
            input: &mut wire::TextReader<'_>,
        ) -> Result<Self, wire::TextError> {
            let message = Self {
                status: input.code("status", status::Status::from_text)?,
            };
            input.more(message.status.text_more().len())?;
            Ok(message)
        }
    }
}
/// What a bridge, or the host about its bridge, has to say.
#[allow(
    unused_imports,
    unused_variables,
    unreachable_code,
    unreachable_pub,
    dead_code,
    clippy::all
)]
pub mod status {
    use ::fivewire_wire as wire;
    /// What happened.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum Status {
        /// Ready.
        Ready,
        /// It is lost.
        Lost,
        /// The older system does not know it.
        Dim,
        /// It is gone.
        Gone,
        /// A code that this revision of the spec does not name; its range still tells how bad it is.
        Unknown(u8),
    }
    impl Status {
        /// Every status of the spec, in its order.
        pub const ALL: &'static [Self] = &[
            Self::Ready,
            Self::Lost,
            Self::Dim,
            Self::Gone,
        ];
        /// Number on the wire; none for a status that is born at the host.
        pub const fn code(self) -> Option<u8> {
            match self {
                Self::Ready => Some(0x01),
                Self::Lost => Some(0x40),
                Self::Dim => Some(0x02),
                Self::Gone => None,
                Self::Unknown(code) => Some(code),
            }
        }
        /// The status of that number; never fails.
        pub const fn from_code(code: u8) -> Self {
            match code {
                0x01 => Self::Ready,
                0x40 => Self::Lost,
                0x02 => Self::Dim,
                code => Self::Unknown(code),
            }
        }
        /// How bad it is, whatever the phase.
        pub const fn severity(self) -> wire::Severity {
            match self {
                Self::Ready | Self::Dim => wire::Severity::Info,
                Self::Lost => wire::Severity::Warning,
                Self::Gone => wire::Severity::Fatal,
                Self::Unknown(code) => wire::Severity::from_code(code),
            }
        }
        /// Whether the bridge must be reset when it says this in that phase.
        pub const fn is_fatal_in(self, phase: wire::Phase) -> bool {
            match self {
                _ => self.is_fatal(),
            }
        }
        const fn is_fatal(self) -> bool {
            matches!(self.severity(), wire::Severity::Fatal)
        }
        /// What mends it. Of an unknown status only the fatal ones are known to need something: a reset.
        pub const fn recovery(self) -> wire::Recovery {
            match self {
                Self::Ready | Self::Lost | Self::Dim => wire::Recovery::None,
                Self::Gone => wire::Recovery::ResetBridge,
                Self::Unknown(_) if self.is_fatal() => wire::Recovery::ResetBridge,
                Self::Unknown(_) => wire::Recovery::None,
            }
        }
        /// Number in the MicroPython system; none where it has no counterpart.
        pub const fn text_code(self) -> Option<u8> {
            match self {
                Self::Ready => Some(0),
                Self::Lost => Some(7),
                Self::Gone => Some(9),
                _ => None,
            }
        }
        /// The status of that number in the MicroPython system.
        pub const fn from_text_code(code: u8) -> Option<Self> {
            match code {
                0 => Some(Self::Ready),
                7 => Some(Self::Lost),
                9 => Some(Self::Gone),
                _ => None,
            }
        }
        /// The status that a bridge means by that number; none for one that is born at the host.
        pub(super) const fn from_text(code: u8) -> Option<Self> {
            match code {
                0 => Some(Self::Ready),
                7 => Some(Self::Lost),
                _ => None,
            }
        }
        /// The fields that stand behind its number.
        pub(super) const fn text_more(self) -> &'static [&'static str] {
            match self {
                Self::Lost => &["Lost:", ""],
                _ => &[],
            }
        }
        /// Name in the spec.
        pub const fn name(self) -> &'static str {
            match self {
                Self::Ready => "ready",
                Self::Lost => "lost",
                Self::Dim => "dim",
                Self::Gone => "gone",
                Self::Unknown(_) => "unknown",
            }
        }
        /// What it means, in one sentence.
        pub const fn doc(self) -> &'static str {
            match self {
                Self::Ready => "Ready.",
                Self::Lost => "It is lost.",
                Self::Dim => "The older system does not know it.",
                Self::Gone => "It is gone.",
                Self::Unknown(_) => {
                    "A status that this revision of the protocol does not name."
                }
            }
        }
    }
    impl<'a> wire::Element<'a> for Status {
        fn read(input: &mut wire::Reader<'a>) -> Result<Self, wire::DecodeError> {
            input.u8("element").map(Self::from_code)
        }
    }
}
/// The types that messages are made of.
#[allow(
    unused_imports,
    unused_variables,
    unreachable_code,
    unreachable_pub,
    dead_code,
    clippy::all
)]
pub mod types {
    use super::{config, status, types};
    use ::fivewire_wire as wire;
    /// A colour.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    #[repr(u8)]
    pub enum Colour {
        /// Red.
        Red = 0,
        /// Blue.
        Blue = 1,
        /// What the older system does not have.
        Infrared = 2,
    }
    impl Colour {
        /// Every value, in the spec's order.
        pub const ALL: &'static [Self] = &[Self::Red, Self::Blue, Self::Infrared];
        /// Number on the wire.
        #[inline]
        pub const fn number(self) -> u8 {
            self as u8
        }
        /// The value of that number.
        #[inline]
        pub const fn from_number(number: u8) -> Option<Self> {
            match number {
                0 => Some(Self::Red),
                1 => Some(Self::Blue),
                2 => Some(Self::Infrared),
                _ => None,
            }
        }
        #[inline]
        pub(super) fn checked(
            field: &'static str,
            value: u8,
        ) -> Result<Self, wire::DecodeError> {
            Self::from_number(value)
                .ok_or(wire::DecodeError::InvalidEnum {
                    field,
                    value,
                })
        }
        /// Name in the spec.
        pub const fn name(self) -> &'static str {
            match self {
                Self::Red => "red",
                Self::Blue => "blue",
                Self::Infrared => "infrared",
            }
        }
        /// The value of that name in the spec.
        pub fn from_name(name: &str) -> Option<Self> {
            match name {
                "red" => Some(Self::Red),
                "blue" => Some(Self::Blue),
                "infrared" => Some(Self::Infrared),
                _ => None,
            }
        }
        /// Number in the MicroPython system; none where that does not know it.
        pub const fn text_code(self) -> Option<u8> {
            match self {
                Self::Red => Some(0),
                Self::Blue => Some(1),
                _ => None,
            }
        }
        /// The value of that number in the MicroPython system.
        pub const fn from_text_code(code: u8) -> Option<Self> {
            match code {
                0 => Some(Self::Red),
                1 => Some(Self::Blue),
                _ => None,
            }
        }
    }
    impl<'a> wire::Element<'a> for Colour {
        fn read(input: &mut wire::Reader<'a>) -> Result<Self, wire::DecodeError> {
            Self::checked("element", input.u8("element")?)
        }
    }
    /// A mood.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Mood {
        /// Calm.
        Calm,
        /// A number that this revision of the spec does not name.
        Unknown(u8),
    }
    impl Mood {
        /// Every value that has a name, in the spec's order.
        pub const ALL: &'static [Self] = &[Self::Calm];
        /// Number on the wire.
        #[inline]
        pub const fn number(self) -> u8 {
            match self {
                Self::Calm => 1,
                Self::Unknown(number) => number,
            }
        }
        /// The value of that number; never fails.
        #[inline]
        pub const fn from_number(number: u8) -> Self {
            match number {
                1 => Self::Calm,
                number => Self::Unknown(number),
            }
        }
        #[inline]
        pub(super) fn checked(
            _: &'static str,
            value: u8,
        ) -> Result<Self, wire::DecodeError> {
            Ok(Self::from_number(value))
        }
        /// Name in the spec.
        pub const fn name(self) -> &'static str {
            match self {
                Self::Calm => "calm",
                Self::Unknown(_) => "unknown",
            }
        }
        /// The value of that name in the spec.
        pub fn from_name(name: &str) -> Option<Self> {
            match name {
                "calm" => Some(Self::Calm),
                _ => None,
            }
        }
        /// Number in the MicroPython system; none where that does not know it.
        pub const fn text_code(self) -> Option<u8> {
            match self {
                Self::Calm => Some(1),
                _ => None,
            }
        }
        /// The value of that number in the MicroPython system.
        pub const fn from_text_code(code: u8) -> Option<Self> {
            match code {
                1 => Some(Self::Calm),
                _ => None,
            }
        }
    }
    impl<'a> wire::Element<'a> for Mood {
        fn read(input: &mut wire::Reader<'a>) -> Result<Self, wire::DecodeError> {
            Self::checked("element", input.u8("element")?)
        }
    }
}
/// Settings: the struct, the table of keys, the reader from text.
#[allow(
    unused_imports,
    unused_variables,
    unreachable_code,
    unreachable_pub,
    dead_code,
    clippy::all
)]
pub mod config {
    use super::types;
    use ::fivewire_wire as wire;
    /// All settings.
    #[derive(Clone, Copy, PartialEq, Eq)]
    pub struct Config<'a> {
        /// How fast. Default 5.
        pub speed: u16,
        /// What it is called. At most 8 bytes, default empty.
        pub title: &'a str,
        /// Show it. Default true.
        pub shown: bool,
        /// How deep. -5 to 32767, default -1.
        pub depth: i16,
        /// The older system does not know it. Default 0.
        pub other: u8,
        /// Print it. Default false.
        pub verbose: bool,
    }
    impl Config<'static> {
        /// Each key's default; required texts are empty, required numbers zero.
        pub const DEFAULT: Self = Self {
            speed: 5,
            title: "",
            shown: true,
            depth: -1,
            other: 0,
            verbose: false,
        };
    }
    impl<'a> Default for Config<'a> {
        fn default() -> Self {
            Config::DEFAULT
        }
    }
    impl core::fmt::Debug for Config<'_> {
        fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
            f.debug_struct("Config")
                .field("speed", &self.speed)
                .field("title", &self.title)
                .field("shown", &self.shown)
                .field("depth", &self.depth)
                .field("other", &self.other)
                .field("verbose", &self.verbose)
                .finish()
        }
    }
    impl Config<'_> {
        /// Most bytes that [`Self::encode`] writes.
        pub const MAX_ENCODED: usize = 24;
        /// Writes the keys that go to the bridge and differ from their defaults.
        ///
        /// # Errors
        /// The buffer is too small, or a value is beyond its bounds.
        pub fn encode(
            &self,
            out: &mut wire::Writer<'_>,
        ) -> Result<(), wire::EncodeError> {
            if self.speed != 5 {
                out.entry(
                    1,
                    |out| {
                        out.u16(self.speed)?;
                        Ok(())
                    },
                )?;
            }
            if self.title != "" {
                out.text_entry(2, "title", self.title, 8)?;
            }
            if !self.shown {
                out.entry(
                    3,
                    |out| {
                        out.bool(self.shown)?;
                        Ok(())
                    },
                )?;
            }
            if self.depth != -1 {
                out.entry(
                    4,
                    |out| {
                        out.i16(
                            wire::Writer::in_range("depth", self.depth, -5, 32767)?,
                        )?;
                        Ok(())
                    },
                )?;
            }
            if self.other != 0 {
                out.entry(
                    5,
                    |out| {
                        out.u8(self.other)?;
                        Ok(())
                    },
                )?;
            }
            Ok(())
        }
    }
    impl<'a> Config<'a> {
        /// Reads what [`Self::encode`] wrote; unknown keys are skipped, absent ones have their defaults.
        ///
        /// # Errors
        /// A value is beyond its bounds, or an entry is cut off.
        pub fn decode(entries: &'a [u8]) -> Result<Self, wire::DecodeError> {
            Self::read(&mut wire::Reader::new(entries))
        }
        pub(super) fn read(
            input: &mut wire::Reader<'a>,
        ) -> Result<Self, wire::DecodeError> {
            let mut settings = Config::DEFAULT;
            while !input.is_empty() {
                let (id, mut value) = input.entry()?;
                let input = &mut value;
                match id {
                    1 => settings.speed = input.u16("speed")?,
                    2 => settings.title = input.rest_str("title", 8)?,
                    3 => settings.shown = input.bool("shown")?,
                    4 => {
                        settings.depth = wire::Reader::in_range(
                            "depth",
                            input.i16("depth")?,
                            -5,
                            32767,
                        )?;
                    }
                    5 => settings.other = input.u8("other")?,
                    _ => {}
                }
            }
            Ok(settings)
        }
    }
    impl Config<'_> {
        /// Holds every value against the spec's bounds.
        ///
        /// # Errors
        /// The first key that is beyond them, or required and empty.
        pub fn validate(&self) -> Result<(), wire::ConfigError<'static>> {
            key::TITLE.check_text(self.title)?;
            key::DEPTH.check_number(self.depth.into())?;
            Ok(())
        }
    }
    impl<'a> Config<'a> {
        /// Sets a key from its name and its value as text, as they stand in a configuration file.
        ///
        /// # Errors
        /// There is no such key, or the value does not fit it; the settings are unchanged then.
        pub fn set<'k>(
            &mut self,
            name: &'k str,
            value: &'a str,
        ) -> Result<(), wire::ConfigError<'k>>
        where
            'a: 'k,
        {
            match name {
                "speed" => self.speed = key::SPEED.parse_number(value)? as u16,
                "title" => {
                    key::TITLE.check_text(value)?;
                    self.title = value;
                }
                "shown" => self.shown = key::SHOWN.parse_bool(value)?,
                "depth" => self.depth = key::DEPTH.parse_number(value)? as i16,
                "other" => self.other = key::OTHER.parse_number(value)? as u8,
                "verbose" => self.verbose = key::VERBOSE.parse_bool(value)?,
                _ => {
                    return Err(wire::ConfigError {
                        key: name,
                        problem: wire::ConfigProblem::UnknownKey,
                    });
                }
            }
            Ok(())
        }
    }
    /// The name of a setting.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    #[repr(u8)]
    pub enum ConfigKey {
        /// How fast.
        Speed = 1,
        /// What it is called.
        Title = 2,
        /// Show it.
        Shown = 3,
        /// How deep.
        Depth = 4,
        /// The older system does not know it.
        Other = 5,
        /// Print it.
        Verbose = 6,
    }
    impl ConfigKey {
        /// Number on the wire.
        pub const fn id(self) -> u8 {
            self as u8
        }
        /// The key of that number.
        pub const fn from_id(id: u8) -> Option<Self> {
            match id {
                1 => Some(Self::Speed),
                2 => Some(Self::Title),
                3 => Some(Self::Shown),
                4 => Some(Self::Depth),
                5 => Some(Self::Other),
                6 => Some(Self::Verbose),
                _ => None,
            }
        }
        /// The key of that name in the spec.
        pub fn from_name(name: &str) -> Option<Self> {
            match name {
                "speed" => Some(Self::Speed),
                "title" => Some(Self::Title),
                "shown" => Some(Self::Shown),
                "depth" => Some(Self::Depth),
                "other" => Some(Self::Other),
                "verbose" => Some(Self::Verbose),
                _ => None,
            }
        }
        /// Everything the spec says about it.
        pub const fn info(self) -> &'static wire::KeyInfo {
            match self {
                Self::Speed => &key::SPEED,
                Self::Title => &key::TITLE,
                Self::Shown => &key::SHOWN,
                Self::Depth => &key::DEPTH,
                Self::Other => &key::OTHER,
                Self::Verbose => &key::VERBOSE,
            }
        }
    }
    /// Everything the spec says about each key, in its order.
    pub const KEYS: &[wire::KeyInfo] = &[
        key::SPEED,
        key::TITLE,
        key::SHOWN,
        key::DEPTH,
        key::OTHER,
        key::VERBOSE,
    ];
    /// One constant per key.
    pub mod key {
        use ::fivewire_wire as wire;
        /// What the spec says about `speed`.
        pub const SPEED: wire::KeyInfo = wire::KeyInfo {
            name: "speed",
            id: 1,
            kind: wire::KeyKind::Number,
            default: Some("5"),
            min: 0,
            max: 65535,
            max_len: 0,
            unit: "",
            secret: false,
            required: false,
            allow_empty: false,
            scope: wire::Scope::Bridge,
            apply: wire::Apply::Live,
            doc: "How fast.",
        };
        /// What the spec says about `title`.
        pub const TITLE: wire::KeyInfo = wire::KeyInfo {
            name: "title",
            id: 2,
            kind: wire::KeyKind::Text,
            default: Some(""),
            min: 0,
            max: 0,
            max_len: 8,
            unit: "",
            secret: false,
            required: false,
            allow_empty: false,
            scope: wire::Scope::Bridge,
            apply: wire::Apply::Live,
            doc: "What it is called.",
        };
        /// What the spec says about `shown`.
        pub const SHOWN: wire::KeyInfo = wire::KeyInfo {
            name: "shown",
            id: 3,
            kind: wire::KeyKind::Bool,
            default: Some("true"),
            min: 0,
            max: 0,
            max_len: 0,
            unit: "",
            secret: false,
            required: false,
            allow_empty: false,
            scope: wire::Scope::Bridge,
            apply: wire::Apply::Live,
            doc: "Show it.",
        };
        /// What the spec says about `depth`.
        pub const DEPTH: wire::KeyInfo = wire::KeyInfo {
            name: "depth",
            id: 4,
            kind: wire::KeyKind::Number,
            default: Some("-1"),
            min: -5,
            max: 32767,
            max_len: 0,
            unit: "",
            secret: false,
            required: false,
            allow_empty: false,
            scope: wire::Scope::Bridge,
            apply: wire::Apply::Live,
            doc: "How deep.",
        };
        /// What the spec says about `other`.
        pub const OTHER: wire::KeyInfo = wire::KeyInfo {
            name: "other",
            id: 5,
            kind: wire::KeyKind::Number,
            default: Some("0"),
            min: 0,
            max: 255,
            max_len: 0,
            unit: "",
            secret: false,
            required: false,
            allow_empty: false,
            scope: wire::Scope::Bridge,
            apply: wire::Apply::Live,
            doc: "The older system does not know it.",
        };
        /// What the spec says about `verbose`.
        pub const VERBOSE: wire::KeyInfo = wire::KeyInfo {
            name: "verbose",
            id: 6,
            kind: wire::KeyKind::Bool,
            default: Some("false"),
            min: 0,
            max: 0,
            max_len: 0,
            unit: "",
            secret: false,
            required: false,
            allow_empty: false,
            scope: wire::Scope::Host,
            apply: wire::Apply::Live,
            doc: "Print it.",
        };
    }
}
/// One handler method per message, and the functions that call them.
#[allow(
    unused_imports,
    unused_variables,
    unreachable_code,
    unreachable_pub,
    dead_code,
    clippy::all
)]
pub mod dispatch {
    use super::{command, event, reply};
    use ::fivewire_wire as wire;
    /// Whoever carries out commands; each has its method.
    pub trait CommandHandler {
        /// Light it.
        fn light(
            &mut self,
            ticket: wire::Ticket<reply::Light>,
            command: command::Light<'_>,
        ) -> wire::Answer<reply::Light>;
        /// Set it up.
        fn setup(&mut self, command: command::Setup<'_>);
        /// Stop.
        fn stop(&mut self, command: command::Stop);
        /// Only here.
        fn rest(&mut self, command: command::Rest);
        /// Tell what happened.
        fn tell(
            &mut self,
            ticket: wire::Ticket<reply::Tell>,
            command: command::Tell,
        ) -> wire::Answer<reply::Tell>;
    }
    /// Decodes a command's body and calls its handler method. True when a reply was written to `out`; a one-way
    /// command, and one whose handler kept the ticket, has none now.
    ///
    /// # Errors
    /// The body is not one of a command (no method was called), or the reply could not be written.
    pub fn dispatch_command<H: CommandHandler + ?Sized>(
        body: &[u8],
        number: u8,
        handler: &mut H,
        out: &mut wire::Writer<'_>,
    ) -> Result<bool, wire::DispatchError> {
        let (&op, fields) = body.split_first().ok_or(wire::DecodeError::Empty)?;
        let input = &mut wire::Reader::new(fields);
        match op {
            0x10 => {
                let ticket = wire::Ticket::new(number);
                match handler.light(ticket, command::Light::read(op, input)?) {
                    wire::Answer::Now(reply) => {
                        ticket.reply(&reply, out)?;
                        Ok(true)
                    }
                    wire::Answer::Later => Ok(false),
                }
            }
            0x11 => {
                handler.setup(command::Setup::read(op, input)?);
                Ok(false)
            }
            0x12 => {
                handler.stop(command::Stop::read(op, input)?);
                Ok(false)
            }
            0x13 => {
                handler.rest(command::Rest::read(op, input)?);
                Ok(false)
            }
            0x14 => {
                let ticket = wire::Ticket::new(number);
                match handler.tell(ticket, command::Tell::read(op, input)?) {
                    wire::Answer::Now(reply) => {
                        ticket.reply(&reply, out)?;
                        Ok(true)
                    }
                    wire::Answer::Later => Ok(false),
                }
            }
            _ => Err(wire::DecodeError::UnknownOp(op).into()),
        }
    }
    /// Whoever listens to events; each has its method.
    pub trait EventHandler {
        /// It said something.
        fn told(&mut self, event: event::Told);
    }
    /// Decodes an event's body and calls its handler method.
    ///
    /// # Errors
    /// The body is not one of an event; no method was called.
    pub fn dispatch_event<H: EventHandler + ?Sized>(
        body: &[u8],
        handler: &mut H,
    ) -> Result<(), wire::DecodeError> {
        let (&op, fields) = body.split_first().ok_or(wire::DecodeError::Empty)?;
        let input = &mut wire::Reader::new(fields);
        match op {
            0x40 => handler.told(event::Told::read(op, input)?),
            _ => return Err(wire::DecodeError::UnknownOp(op)),
        }
        Ok(())
    }
    /// Whoever waits for replies; each has its method. `number` is that of the command it answers.
    pub trait ReplyHandler {
        /// Answer to `light`: Light it.
        fn light(&mut self, number: u8, reply: reply::Light);
        /// Answer to `tell`: Tell what happened.
        fn tell(&mut self, number: u8, reply: reply::Tell);
    }
    /// Decodes a reply's body and calls its handler method.
    ///
    /// # Errors
    /// The body is not one of a reply; no method was called.
    pub fn dispatch_reply<H: ReplyHandler + ?Sized>(
        body: &[u8],
        handler: &mut H,
    ) -> Result<(), wire::DecodeError> {
        let (&op, fields) = body.split_first().ok_or(wire::DecodeError::Empty)?;
        let input = &mut wire::Reader::new(fields);
        let number = input.u8("number")?;
        match op {
            0x90 => handler.light(number, reply::Light::read(op, input)?),
            0x94 => handler.tell(number, reply::Tell::read(op, input)?),
            _ => return Err(wire::DecodeError::UnknownOp(op)),
        }
        Ok(())
    }
}
