/// Name of the protocol.
pub const PROTOCOL: &str = "every_type";
/// Revision of the protocol.
pub const REVISION: u8 = 2;
/// Oldest revision that this one still talks to.
pub const MIN_REVISION: u8 = 1;
/// Fingerprint of everything that both ends must agree upon.
pub const WIRE_HASH: u32 = 0xb0bfde38;
/// Longest body of a command in bytes.
pub const MAX_COMMAND_BODY: usize = 105;
/// Longest body of an event or a reply in bytes.
pub const MAX_EVENT_BODY: usize = 114;
/// Longest body in bytes.
pub const MAX_BODY: usize = 114;
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
        /// Go to a place.
        Go(Go<'a>),
        /// Configure the bridge.
        Configure(Configure<'a>),
        /// Stop.
        Halt(Halt),
    }
    impl Command<'_> {
        /// Op, with its folded bits zero.
        pub fn op(&self) -> u8 {
            match self {
                Self::Go(_) => Go::OP,
                Self::Configure(_) => Configure::OP,
                Self::Halt(_) => Halt::OP,
            }
        }
        /// Name in the spec.
        pub fn name(&self) -> &'static str {
            match self {
                Self::Go(_) => Go::NAME,
                Self::Configure(_) => Configure::NAME,
                Self::Halt(_) => Halt::NAME,
            }
        }
        /// Revision of the protocol that brought it.
        pub fn since(&self) -> u8 {
            match self {
                Self::Go(_) => Go::SINCE,
                Self::Configure(_) => Configure::SINCE,
                Self::Halt(_) => Halt::SINCE,
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
                Self::Go(message) => message.encode(out),
                Self::Configure(message) => message.encode(out),
                Self::Halt(message) => message.encode(out),
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
                0x10..=0x17 => Go::read(op, input).map(Self::Go),
                0x18 => Configure::read(op, input).map(Self::Configure),
                0x19 => Halt::read(op, input).map(Self::Halt),
                _ => Err(wire::DecodeError::UnknownOp(op)),
            }
        }
    }
    impl<'a> From<Go<'a>> for Command<'a> {
        fn from(message: Go<'a>) -> Self {
            Self::Go(message)
        }
    }
    impl<'a> From<Configure<'a>> for Command<'a> {
        fn from(message: Configure<'a>) -> Self {
            Self::Configure(message)
        }
    }
    impl<'a> From<Halt> for Command<'a> {
        fn from(message: Halt) -> Self {
            Self::Halt(message)
        }
    }
    /// The spec's examples, in its order.
    pub const EXAMPLES: &[Command<'static>] = &[
        Command::Go(Go::EXAMPLE),
        Command::Configure(Configure::EXAMPLE),
        Command::Halt(Halt::EXAMPLE),
    ];
    impl Command<'_> {
        /// What the host may do with it.
        pub fn info(&self) -> &'static wire::CommandInfo {
            match self {
                Self::Go(_) => &Go::INFO,
                Self::Configure(_) => &Configure::INFO,
                Self::Halt(_) => &Halt::INFO,
            }
        }
    }
    /// Go to a place.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Go<'a> {
        /// Where to.
        pub place: types::Place<'a>,
        /// How. Default `slow`.
        pub mode: types::Mode,
        /// Whether to tell. Default false.
        pub loud: bool,
        /// When, at the latest. In seconds, default none.
        pub by: Option<u32>,
        /// Through these. At most 3 elements, default [].
        pub via: wire::List<'a, types::Place<'a>>,
    }
    impl Go<'_> {
        /// Op, with its folded bits zero.
        pub const OP: u8 = 0x10;
        /// Name in the spec.
        pub const NAME: &'static str = "go";
        /// Revision of the protocol that brought it.
        pub const SINCE: u8 = 1;
        /// Longest body in bytes.
        pub const MAX_BODY: usize = 68;
        /// The spec's example.
        pub const EXAMPLE: Go<'static> = Go {
            place: types::Place {
                x: 3,
                y: -4,
                name: "",
            },
            mode: types::Mode::Fast,
            loud: false,
            by: None,
            via: const {
                wire::List::new(
                    &[
                        types::Place {
                            x: 1,
                            y: 0,
                            name: "",
                        },
                    ],
                )
            },
        };
        /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
        pub fn encode(
            &self,
            out: &mut wire::Writer<'_>,
        ) -> Result<(), wire::EncodeError> {
            out.u8(Self::OP | self.mode.number() | u8::from(self.loud) << 2);
            self.place.write(out);
            if self.by != None || self.via != const { wire::List::new(&[]) } {
                match self.by {
                    Some(item) => {
                        out.bool(true);
                        out.u32(item);
                    }
                    None => out.bool(false),
                }
            }
            if self.via != const { wire::List::new(&[]) } {
                out.count("via", self.via.len(), 3);
                for item in self.via.iter() {
                    item.write(out);
                }
            }
            out.finish()
        }
    }
    impl<'a> Go<'a> {
        pub(super) fn read(
            op: u8,
            input: &mut wire::Reader<'a>,
        ) -> Result<Self, wire::DecodeError> {
            Ok(Self {
                mode: types::Mode::checked("mode", op & 3)?,
                loud: (op >> 2) & 1 != 0,
                place: types::Place::read(input)?,
                by: if input.is_empty() {
                    None
                } else {
                    if input.bool("by")? { Some(input.u32("by")?) } else { None }
                },
                via: if input.is_empty() {
                    const { wire::List::new(&[]) }
                } else {
                    input.list("via", 3, |input| Ok(types::Place::read(input)?))?
                },
            })
        }
    }
    /// Configure the bridge.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Configure<'a> {
        /// All settings.
        pub settings: config::Config<'a>,
    }
    impl Configure<'_> {
        /// Op, with its folded bits zero.
        pub const OP: u8 = 0x18;
        /// Name in the spec.
        pub const NAME: &'static str = "configure";
        /// Revision of the protocol that brought it.
        pub const SINCE: u8 = 1;
        /// Longest body in bytes.
        pub const MAX_BODY: usize = 105;
        /// The spec's example.
        pub const EXAMPLE: Configure<'static> = Configure {
            settings: config::Config {
                ssid: "home",
                ..config::Config::DEFAULT
            },
        };
        /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
        pub fn encode(
            &self,
            out: &mut wire::Writer<'_>,
        ) -> Result<(), wire::EncodeError> {
            out.u8(Self::OP);
            self.settings.write(out);
            out.finish()
        }
    }
    impl<'a> Configure<'a> {
        pub(super) fn read(
            _: u8,
            input: &mut wire::Reader<'a>,
        ) -> Result<Self, wire::DecodeError> {
            Ok(Self {
                settings: config::Config::read(input)?,
            })
        }
    }
    /// Stop.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Halt;
    impl Halt {
        /// Op, with its folded bits zero.
        pub const OP: u8 = 0x19;
        /// Name in the spec.
        pub const NAME: &'static str = "halt";
        /// Revision of the protocol that brought it.
        pub const SINCE: u8 = 1;
        /// Longest body in bytes.
        pub const MAX_BODY: usize = 1;
        /// The spec's example.
        pub const EXAMPLE: Halt = Halt;
        /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
        pub fn encode(
            &self,
            out: &mut wire::Writer<'_>,
        ) -> Result<(), wire::EncodeError> {
            out.u8(Self::OP);
            out.finish()
        }
    }
    impl Halt {
        pub(super) fn read(
            _: u8,
            _: &mut wire::Reader<'_>,
        ) -> Result<Self, wire::DecodeError> {
            Ok(Halt)
        }
    }
    impl Go<'_> {
        /// What the host may do with it.
        pub const INFO: wire::CommandInfo = wire::CommandInfo {
            op: Self::OP,
            name: Self::NAME,
            text: None,
            since: Self::SINCE,
            timeout_ms: Some(500),
            waits_for: None,
            on_outage: None,
            idempotent: true,
            retry: 1,
            replay: false,
            one_way: false,
        };
    }
    impl Configure<'_> {
        /// What the host may do with it.
        pub const INFO: wire::CommandInfo = wire::CommandInfo {
            op: Self::OP,
            name: Self::NAME,
            text: None,
            since: Self::SINCE,
            timeout_ms: Some(500),
            waits_for: None,
            on_outage: None,
            idempotent: false,
            retry: 0,
            replay: false,
            one_way: false,
        };
    }
    impl Halt {
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
    impl wire::CommandMessage for Go<'_> {
        type Reply = reply::Go;
    }
    impl wire::CommandMessage for Configure<'_> {
        type Reply = reply::Configure;
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
        /// Answer to `go`: Go to a place.
        Go(Go),
        /// Answer to `configure`: Configure the bridge.
        Configure(Configure),
    }
    impl Reply {
        /// Op, with its folded bits zero.
        pub fn op(&self) -> u8 {
            match self {
                Self::Go(_) => Go::OP,
                Self::Configure(_) => Configure::OP,
            }
        }
        /// Name in the spec.
        pub fn name(&self) -> &'static str {
            match self {
                Self::Go(_) => Go::NAME,
                Self::Configure(_) => Configure::NAME,
            }
        }
        /// Revision of the protocol that brought it.
        pub fn since(&self) -> u8 {
            match self {
                Self::Go(_) => Go::SINCE,
                Self::Configure(_) => Configure::SINCE,
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
                Self::Go(message) => message.encode(number, out),
                Self::Configure(message) => message.encode(number, out),
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
                0x90 => Go::read(op, input).map(Self::Go),
                0x98 => Configure::read(op, input).map(Self::Configure),
                _ => Err(wire::DecodeError::UnknownOp(op)),
            };
            Ok((number, reply?))
        }
    }
    impl From<Go> for Reply {
        fn from(message: Go) -> Self {
            Self::Go(message)
        }
    }
    impl From<Configure> for Reply {
        fn from(message: Configure) -> Self {
            Self::Configure(message)
        }
    }
    impl TryFrom<Reply> for Go {
        type Error = Reply;
        fn try_from(reply: Reply) -> Result<Self, Self::Error> {
            match reply {
                Reply::Go(message) => Ok(message),
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
    /// The spec's examples, in its order.
    pub const EXAMPLES: &[Reply] = &[];
    /// Answer to `go`: Go to a place.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Go {
        /// How long it took. In milliseconds.
        pub took: u32,
        /// Why it did not arrive. Default `none`.
        pub cause: types::Cause,
    }
    impl Go {
        /// Op, with its folded bits zero.
        pub const OP: u8 = 0x90;
        /// Name in the spec.
        pub const NAME: &'static str = "go";
        /// Revision of the protocol that brought it.
        pub const SINCE: u8 = 1;
        /// Longest body in bytes.
        pub const MAX_BODY: usize = 7;
        /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
        /// `number` is that of the command it answers.
        pub fn encode(
            &self,
            number: u8,
            out: &mut wire::Writer<'_>,
        ) -> Result<(), wire::EncodeError> {
            out.u8(Self::OP);
            out.u8(number);
            out.raw(&self.took.to_le_bytes());
            if self.cause != types::Cause::None {
                out.u8(self.cause.number());
            }
            out.finish()
        }
    }
    impl Go {
        pub(super) fn read(
            _: u8,
            input: &mut wire::Reader<'_>,
        ) -> Result<Self, wire::DecodeError> {
            Ok(Self {
                took: input.fixed_u32("took")?,
                cause: if input.is_empty() {
                    types::Cause::None
                } else {
                    types::Cause::from_number(input.u8("cause")?)
                },
            })
        }
    }
    /// Answer to `configure`: Configure the bridge.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Configure;
    impl Configure {
        /// Op, with its folded bits zero.
        pub const OP: u8 = 0x98;
        /// Name in the spec.
        pub const NAME: &'static str = "configure";
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
            out.u8(Self::OP);
            out.u8(number);
            out.finish()
        }
    }
    impl Configure {
        pub(super) fn read(
            _: u8,
            _: &mut wire::Reader<'_>,
        ) -> Result<Self, wire::DecodeError> {
            Ok(Configure)
        }
    }
    impl wire::ReplyMessage for Go {
        type At<'a> = Go;
        const OP: u8 = Go::OP;
        const NAME: &'static str = Go::NAME;
        fn encode_reply(
            reply: &Go,
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
    pub enum Event<'a> {
        /// It moved.
        Moved(Moved<'a>),
    }
    impl Event<'_> {
        /// Op, with its folded bits zero.
        pub fn op(&self) -> u8 {
            match self {
                Self::Moved(_) => Moved::OP,
            }
        }
        /// Name in the spec.
        pub fn name(&self) -> &'static str {
            match self {
                Self::Moved(_) => Moved::NAME,
            }
        }
        /// Revision of the protocol that brought it.
        pub fn since(&self) -> u8 {
            match self {
                Self::Moved(_) => Moved::SINCE,
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
                Self::Moved(message) => message.encode(out),
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
                0x40..=0x43 => Moved::read(op, input).map(Self::Moved),
                _ => Err(wire::DecodeError::UnknownOp(op)),
            }
        }
    }
    impl<'a> From<Moved<'a>> for Event<'a> {
        fn from(message: Moved<'a>) -> Self {
            Self::Moved(message)
        }
    }
    /// The spec's examples, in its order.
    pub const EXAMPLES: &[Event<'static>] = &[Event::Moved(Moved::EXAMPLE)];
    /// It moved.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Moved<'a> {
        /// A little. -5 to 5.
        pub small: i8,
        /// A lot.
        pub far: u64,
        /// Whether somebody looked.
        pub checked: bool,
        /// The way it took. At most 100 bytes.
        pub trace: &'a [u8],
        /// How it is now. Default `ready`. Since revision 2.
        pub status: status::Status,
    }
    impl Moved<'_> {
        /// Op, with its folded bits zero.
        pub const OP: u8 = 0x40;
        /// Name in the spec.
        pub const NAME: &'static str = "moved";
        /// Revision of the protocol that brought it.
        pub const SINCE: u8 = 1;
        /// Longest body in bytes.
        pub const MAX_BODY: usize = 114;
        /// The spec's example.
        pub const EXAMPLE: Moved<'static> = Moved {
            small: -5,
            far: 18446744073709551615,
            checked: true,
            trace: b"\0\xFF",
            status: status::Status::Ready,
        };
        /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
        pub fn encode(
            &self,
            out: &mut wire::Writer<'_>,
        ) -> Result<(), wire::EncodeError> {
            out.u8(
                Self::OP | u8::from(self.checked)
                    | u8::from(self.status != status::Status::Ready) << 1,
            );
            out.in_range("small", self.small, -5, 5);
            out.i8(self.small);
            out.u64(self.far);
            if self.status != status::Status::Ready {
                out.block(|out| {
                    out.status("status", self.status.code());
                });
            }
            out.rest_bytes("trace", self.trace, 100);
            out.finish()
        }
    }
    impl<'a> Moved<'a> {
        pub(super) fn read(
            op: u8,
            input: &mut wire::Reader<'a>,
        ) -> Result<Self, wire::DecodeError> {
            let mut extension;
            Ok(Self {
                checked: op & 1 != 0,
                small: wire::Reader::in_range("small", input.i8("small")?, -5, 5)?,
                far: input.u64("far")?,
                status: {
                    extension = input.extension(op & 0x02 != 0)?;
                    let input = &mut extension;
                    if input.is_empty() {
                        status::Status::Ready
                    } else {
                        status::Status::from_code(input.u8("status")?)
                    }
                },
                trace: input.rest_bytes("trace", 100)?,
            })
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
        /// It failed.
        Failed,
        /// The bridge is silent.
        BridgeDead,
        /// A code that this revision of the spec does not name; its range still tells how bad it is.
        Unknown(u8),
    }
    impl Status {
        /// Every status of the spec, in its order.
        pub const ALL: &'static [Self] = &[Self::Ready, Self::Failed, Self::BridgeDead];
        /// Number on the wire; none for a status that is born at the host.
        pub const fn code(self) -> Option<u8> {
            match self {
                Self::Ready => Some(0x01),
                Self::Failed => Some(0x80),
                Self::BridgeDead => None,
                Self::Unknown(code) => Some(code),
            }
        }
        /// The status of that number; never fails.
        pub const fn from_code(code: u8) -> Self {
            match code {
                0x01 => Self::Ready,
                0x80 => Self::Failed,
                code => Self::Unknown(code),
            }
        }
        /// How bad it is, whatever the phase.
        pub const fn severity(self) -> wire::Severity {
            match self {
                Self::Ready => wire::Severity::Info,
                Self::Failed => wire::Severity::Error,
                Self::BridgeDead => wire::Severity::Fatal,
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
                Self::Ready | Self::Failed => wire::Recovery::None,
                Self::BridgeDead => wire::Recovery::ResetBridge,
                Self::Unknown(_) if self.is_fatal() => wire::Recovery::ResetBridge,
                Self::Unknown(_) => wire::Recovery::None,
            }
        }
        /// Number in the MicroPython system; none where it has no counterpart.
        pub const fn text_code(self) -> Option<u8> {
            match self {
                _ => None,
            }
        }
        /// The status of that number in the MicroPython system.
        pub const fn from_text_code(code: u8) -> Option<Self> {
            match code {
                _ => None,
            }
        }
        /// Name in the spec.
        pub const fn name(self) -> &'static str {
            match self {
                Self::Ready => "ready",
                Self::Failed => "failed",
                Self::BridgeDead => "bridge_dead",
                Self::Unknown(_) => "unknown",
            }
        }
        /// What it means, in one sentence.
        pub const fn doc(self) -> &'static str {
            match self {
                Self::Ready => "Ready.",
                Self::Failed => "It failed.",
                Self::BridgeDead => "The bridge is silent.",
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
    /// How to go on.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    #[repr(u8)]
    pub enum Mode {
        /// Not at all.
        Stop = 0,
        /// With care.
        Slow = 1,
        /// At once.
        Fast = 3,
    }
    impl Mode {
        /// Every value, in the spec's order.
        pub const ALL: &'static [Self] = &[Self::Stop, Self::Slow, Self::Fast];
        /// Number on the wire.
        #[inline]
        pub const fn number(self) -> u8 {
            self as u8
        }
        /// The value of that number.
        #[inline]
        pub const fn from_number(number: u8) -> Option<Self> {
            match number {
                0 => Some(Self::Stop),
                1 => Some(Self::Slow),
                3 => Some(Self::Fast),
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
                Self::Stop => "stop",
                Self::Slow => "slow",
                Self::Fast => "fast",
            }
        }
        /// The value of that name in the spec.
        pub fn from_name(name: &str) -> Option<Self> {
            match name {
                "stop" => Some(Self::Stop),
                "slow" => Some(Self::Slow),
                "fast" => Some(Self::Fast),
                _ => None,
            }
        }
    }
    impl<'a> wire::Element<'a> for Mode {
        fn read(input: &mut wire::Reader<'a>) -> Result<Self, wire::DecodeError> {
            Self::checked("element", input.u8("element")?)
        }
    }
    /// Why it happened.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Cause {
        /// For no reason.
        None,
        /// It was too hot.
        Heat,
        /// A number that this revision of the spec does not name.
        Unknown(u8),
    }
    impl Cause {
        /// Every value that has a name, in the spec's order.
        pub const ALL: &'static [Self] = &[Self::None, Self::Heat];
        /// Number on the wire.
        #[inline]
        pub const fn number(self) -> u8 {
            match self {
                Self::None => 0,
                Self::Heat => 7,
                Self::Unknown(number) => number,
            }
        }
        /// The value of that number; never fails.
        #[inline]
        pub const fn from_number(number: u8) -> Self {
            match number {
                0 => Self::None,
                7 => Self::Heat,
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
                Self::None => "none",
                Self::Heat => "heat",
                Self::Unknown(_) => "unknown",
            }
        }
        /// The value of that name in the spec.
        pub fn from_name(name: &str) -> Option<Self> {
            match name {
                "none" => Some(Self::None),
                "heat" => Some(Self::Heat),
                _ => None,
            }
        }
    }
    impl<'a> wire::Element<'a> for Cause {
        fn read(input: &mut wire::Reader<'a>) -> Result<Self, wire::DecodeError> {
            Self::checked("element", input.u8("element")?)
        }
    }
    /// A place in the plane.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Place<'a> {
        /// To the right.
        pub x: i16,
        /// Upwards. Default 0.
        pub y: i16,
        /// How people call it. At most 8 bytes, default empty.
        pub name: &'a str,
    }
    impl<'a> Place<'a> {
        pub(super) fn write(&self, out: &mut wire::Writer<'_>) {
            out.i16(self.x);
            out.i16(self.y);
            out.str("name", self.name, 8);
        }
        pub(super) fn read(
            input: &mut wire::Reader<'a>,
        ) -> Result<Self, wire::DecodeError> {
            Ok(Self {
                x: input.i16("x")?,
                y: input.i16("y")?,
                name: input.str("name", 8)?,
            })
        }
    }
    impl<'a> wire::Element<'a> for Place<'a> {
        fn read(input: &mut wire::Reader<'a>) -> Result<Self, wire::DecodeError> {
            Place::read(input)
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
        /// Name of the network. At most 32 bytes. Required.
        pub ssid: &'a str,
        /// Network key. At most 63 bytes, default empty.
        pub password: &'a str,
        /// Keep alive. In seconds, 5 to 3600, default 60.
        pub keep_alive: u16,
        /// How to start. Default `stop`.
        pub mode: types::Mode,
    }
    impl Config<'static> {
        /// Each key's default; required texts are empty, required numbers zero.
        pub const DEFAULT: Self = Self {
            ssid: "",
            password: "",
            keep_alive: 60,
            mode: types::Mode::Stop,
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
                .field("ssid", &self.ssid)
                .field("password", &format_args!("{}", wire::REDACTED))
                .field("keep_alive", &self.keep_alive)
                .field("mode", &self.mode)
                .finish()
        }
    }
    impl Config<'_> {
        /// Most bytes that [`Self::encode`] writes.
        pub const MAX_ENCODED: usize = 104;
        /// Writes the keys that go to the bridge and differ from their defaults.
        ///
        /// # Errors
        /// The buffer is too small, or a value is beyond its bounds.
        pub fn encode(
            &self,
            out: &mut wire::Writer<'_>,
        ) -> Result<(), wire::EncodeError> {
            self.write(out);
            out.finish()
        }
        pub(super) fn write(&self, out: &mut wire::Writer<'_>) {
            if !self.ssid.is_empty() {
                out.text_entry(1, "ssid", self.ssid, 32);
            }
            if !self.password.is_empty() {
                out.text_entry(2, "password", self.password, 63);
            }
            if self.keep_alive != 60 {
                out.in_range("keep_alive", self.keep_alive, 5, 3600);
                out.number_entry(3, self.keep_alive.into());
            }
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
                    1 => settings.ssid = input.rest_str("ssid", 32)?,
                    2 => settings.password = input.rest_str("password", 63)?,
                    3 => {
                        settings.keep_alive = wire::Reader::in_range(
                            "keep_alive",
                            input.u16("keep_alive")?,
                            5,
                            3600,
                        )?;
                    }
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
            key::SSID.check_text(self.ssid)?;
            key::PASSWORD.check_text(self.password)?;
            key::KEEP_ALIVE.check_number(self.keep_alive.into())?;
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
                "ssid" => {
                    key::SSID.check_text(value)?;
                    self.ssid = value;
                }
                "password" => {
                    key::PASSWORD.check_text(value)?;
                    self.password = value;
                }
                "keep_alive" => {
                    self.keep_alive = key::KEEP_ALIVE.parse_number(value)? as u16;
                }
                "mode" => {
                    self.mode = types::Mode::from_name(value)
                        .ok_or_else(|| key::MODE.not_a_choice(value))?;
                }
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
        /// Name of the network.
        Ssid = 1,
        /// Network key.
        Password = 2,
        /// Keep alive.
        KeepAlive = 3,
        /// How to start.
        Mode = 4,
    }
    impl ConfigKey {
        /// Number on the wire.
        pub const fn id(self) -> u8 {
            self as u8
        }
        /// The key of that number.
        pub const fn from_id(id: u8) -> Option<Self> {
            match id {
                1 => Some(Self::Ssid),
                2 => Some(Self::Password),
                3 => Some(Self::KeepAlive),
                4 => Some(Self::Mode),
                _ => None,
            }
        }
        /// The key of that name in the spec.
        pub fn from_name(name: &str) -> Option<Self> {
            match name {
                "ssid" => Some(Self::Ssid),
                "password" => Some(Self::Password),
                "keep_alive" => Some(Self::KeepAlive),
                "mode" => Some(Self::Mode),
                _ => None,
            }
        }
        /// Everything the spec says about it.
        pub const fn info(self) -> &'static wire::KeyInfo {
            match self {
                Self::Ssid => &key::SSID,
                Self::Password => &key::PASSWORD,
                Self::KeepAlive => &key::KEEP_ALIVE,
                Self::Mode => &key::MODE,
            }
        }
    }
    /// Everything the spec says about each key, in its order.
    pub const KEYS: &[wire::KeyInfo] = &[
        key::SSID,
        key::PASSWORD,
        key::KEEP_ALIVE,
        key::MODE,
    ];
    /// One constant per key.
    pub mod key {
        use ::fivewire_wire as wire;
        /// What the spec says about `ssid`.
        pub const SSID: wire::KeyInfo = wire::KeyInfo {
            name: "ssid",
            id: 1,
            kind: wire::KeyKind::Text,
            default: None,
            min: 0,
            max: 0,
            max_len: 32,
            unit: "",
            secret: false,
            required: true,
            allow_empty: false,
            scope: wire::Scope::Bridge,
            apply: wire::Apply::Reconnect,
            doc: "Name of the network.",
        };
        /// What the spec says about `password`.
        pub const PASSWORD: wire::KeyInfo = wire::KeyInfo {
            name: "password",
            id: 2,
            kind: wire::KeyKind::Text,
            default: Some(""),
            min: 0,
            max: 0,
            max_len: 63,
            unit: "",
            secret: true,
            required: false,
            allow_empty: false,
            scope: wire::Scope::Bridge,
            apply: wire::Apply::Reconnect,
            doc: "Network key.",
        };
        /// What the spec says about `keep_alive`.
        pub const KEEP_ALIVE: wire::KeyInfo = wire::KeyInfo {
            name: "keep_alive",
            id: 3,
            kind: wire::KeyKind::Number,
            default: Some("60"),
            min: 5,
            max: 3600,
            max_len: 0,
            unit: "s",
            secret: false,
            required: false,
            allow_empty: false,
            scope: wire::Scope::Bridge,
            apply: wire::Apply::Live,
            doc: "Keep alive.",
        };
        /// What the spec says about `mode`.
        pub const MODE: wire::KeyInfo = wire::KeyInfo {
            name: "mode",
            id: 4,
            kind: wire::KeyKind::Choice(&["stop", "slow", "fast"]),
            default: Some("stop"),
            min: 0,
            max: 0,
            max_len: 0,
            unit: "",
            secret: false,
            required: false,
            allow_empty: false,
            scope: wire::Scope::Host,
            apply: wire::Apply::Live,
            doc: "How to start.",
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
        /// Go to a place.
        fn go(
            &mut self,
            ticket: wire::Ticket<reply::Go>,
            command: command::Go<'_>,
        ) -> wire::Answer<reply::Go>;
        /// Configure the bridge.
        fn configure(
            &mut self,
            ticket: wire::Ticket<reply::Configure>,
            command: command::Configure<'_>,
        ) -> wire::Answer<reply::Configure>;
        /// Stop.
        fn halt(&mut self, command: command::Halt);
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
            0x10..=0x17 => {
                let ticket = wire::Ticket::new(number);
                match handler.go(ticket, command::Go::read(op, input)?) {
                    wire::Answer::Now(reply) => {
                        ticket.reply(&reply, out)?;
                        Ok(true)
                    }
                    wire::Answer::Later => Ok(false),
                }
            }
            0x18 => {
                let ticket = wire::Ticket::new(number);
                match handler.configure(ticket, command::Configure::read(op, input)?) {
                    wire::Answer::Now(reply) => {
                        ticket.reply(&reply, out)?;
                        Ok(true)
                    }
                    wire::Answer::Later => Ok(false),
                }
            }
            0x19 => {
                handler.halt(command::Halt::read(op, input)?);
                Ok(false)
            }
            _ => Err(wire::DecodeError::UnknownOp(op).into()),
        }
    }
    /// Whoever listens to events; each has its method.
    pub trait EventHandler {
        /// It moved.
        fn moved(&mut self, event: event::Moved<'_>);
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
            0x40..=0x43 => handler.moved(event::Moved::read(op, input)?),
            _ => return Err(wire::DecodeError::UnknownOp(op)),
        }
        Ok(())
    }
    /// Whoever waits for replies; each has its method. `number` is that of the command it answers.
    pub trait ReplyHandler {
        /// Answer to `go`: Go to a place.
        fn go(&mut self, number: u8, reply: reply::Go);
        /// Answer to `configure`: Configure the bridge.
        fn configure(&mut self, number: u8, reply: reply::Configure);
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
            0x90 => handler.go(number, reply::Go::read(op, input)?),
            0x98 => handler.configure(number, reply::Configure::read(op, input)?),
            _ => return Err(wire::DecodeError::UnknownOp(op)),
        }
        Ok(())
    }
}
