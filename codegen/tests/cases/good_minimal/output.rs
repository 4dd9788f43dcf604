/// Name of the protocol.
pub const PROTOCOL: &str = "example";
/// Revision of the protocol.
pub const REVISION: u8 = 1;
/// Oldest revision that this one still talks to.
pub const MIN_REVISION: u8 = 1;
/// Fingerprint of everything that both ends must agree upon.
pub const WIRE_HASH: u32 = 0x4802ac86;
/// Longest body of a command in bytes.
pub const MAX_COMMAND_BODY: usize = 0;
/// Longest body of an event or a reply in bytes.
pub const MAX_EVENT_BODY: usize = 1;
/// Longest body in bytes.
pub const MAX_BODY: usize = 1;
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
    pub enum Command {}
    impl Command {
        /// Op, with its folded bits zero.
        pub fn op(&self) -> u8 {
            match *self {}
        }
        /// Name in the spec.
        pub fn name(&self) -> &'static str {
            match *self {}
        }
        /// Revision of the protocol that brought it.
        pub fn since(&self) -> u8 {
            match *self {}
        }
        /// Writes the body.
        ///
        /// # Errors
        /// The buffer is too small, or a field is beyond its bounds.
        pub fn encode(
            &self,
            out: &mut wire::Writer<'_>,
        ) -> Result<(), wire::EncodeError> {
            match *self {}
        }
    }
    impl Command {
        /// Reads a body.
        ///
        /// # Errors
        /// The body does not follow the spec, or is none of this direction.
        pub fn decode(body: &[u8]) -> Result<Self, wire::DecodeError> {
            let (&op, fields) = body.split_first().ok_or(wire::DecodeError::Empty)?;
            let input = &mut wire::Reader::new(fields);
            match op {
                _ => Err(wire::DecodeError::UnknownOp(op)),
            }
        }
    }
    /// The spec's examples, in its order.
    pub const EXAMPLES: &[Command] = &[];
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
    pub enum Reply {}
    impl Reply {
        /// Op, with its folded bits zero.
        pub fn op(&self) -> u8 {
            match *self {}
        }
        /// Name in the spec.
        pub fn name(&self) -> &'static str {
            match *self {}
        }
        /// Revision of the protocol that brought it.
        pub fn since(&self) -> u8 {
            match *self {}
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
            match *self {}
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
                _ => Err(wire::DecodeError::UnknownOp(op)),
            };
            Ok((number, reply?))
        }
    }
    /// The spec's examples, in its order.
    pub const EXAMPLES: &[Reply] = &[];
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
        /// It moved.
        Moved(Moved),
    }
    impl Event {
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
    impl Event {
        /// Reads a body.
        ///
        /// # Errors
        /// The body does not follow the spec, or is none of this direction.
        pub fn decode(body: &[u8]) -> Result<Self, wire::DecodeError> {
            let (&op, fields) = body.split_first().ok_or(wire::DecodeError::Empty)?;
            let input = &mut wire::Reader::new(fields);
            match op {
                0x40 => Moved::read(op, input).map(Self::Moved),
                _ => Err(wire::DecodeError::UnknownOp(op)),
            }
        }
    }
    impl From<Moved> for Event {
        fn from(message: Moved) -> Self {
            Self::Moved(message)
        }
    }
    /// The spec's examples, in its order.
    pub const EXAMPLES: &[Event] = &[Event::Moved(Moved::EXAMPLE)];
    /// It moved.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Moved;
    impl Moved {
        /// Op, with its folded bits zero.
        pub const OP: u8 = 0x40;
        /// Name in the spec.
        pub const NAME: &'static str = "moved";
        /// Revision of the protocol that brought it.
        pub const SINCE: u8 = 1;
        /// Longest body in bytes.
        pub const MAX_BODY: usize = 1;
        /// The spec's example.
        pub const EXAMPLE: Moved = Moved;
        /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
        pub fn encode(
            &self,
            out: &mut wire::Writer<'_>,
        ) -> Result<(), wire::EncodeError> {
            out.u8(Self::OP);
            out.finish()
        }
    }
    impl Moved {
        pub(super) fn read(
            _: u8,
            _: &mut wire::Reader<'_>,
        ) -> Result<Self, wire::DecodeError> {
            Ok(Moved)
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
        /// A code that this revision of the spec does not name; its range still tells how bad it is.
        Unknown(u8),
    }
    impl Status {
        /// Every status of the spec, in its order.
        pub const ALL: &'static [Self] = &[];
        /// Number on the wire; none for a status that is born at the host.
        pub const fn code(self) -> Option<u8> {
            match self {
                Self::Unknown(code) => Some(code),
            }
        }
        /// The status of that number; never fails.
        pub const fn from_code(code: u8) -> Self {
            match code {
                code => Self::Unknown(code),
            }
        }
        /// How bad it is, whatever the phase.
        pub const fn severity(self) -> wire::Severity {
            match self {
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
                Self::Unknown(_) => "unknown",
            }
        }
        /// What it means, in one sentence.
        pub const fn doc(self) -> &'static str {
            match self {
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
    pub struct Config {}
    impl Config {
        /// Each key's default; required texts are empty, required numbers zero.
        pub const DEFAULT: Self = Self {};
    }
    impl Default for Config {
        fn default() -> Self {
            Config::DEFAULT
        }
    }
    impl core::fmt::Debug for Config {
        fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
            f.debug_struct("Config").finish()
        }
    }
    impl Config {
        /// Most bytes that [`Self::encode`] writes.
        pub const MAX_ENCODED: usize = 0;
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
        pub(super) fn write(&self, out: &mut wire::Writer<'_>) {}
    }
    impl Config {
        /// Reads what [`Self::encode`] wrote; unknown keys are skipped, absent ones have their defaults.
        ///
        /// # Errors
        /// A value is beyond its bounds, or an entry is cut off.
        pub fn decode(entries: &[u8]) -> Result<Self, wire::DecodeError> {
            Self::read(&mut wire::Reader::new(entries))
        }
        pub(super) fn read(
            input: &mut wire::Reader<'_>,
        ) -> Result<Self, wire::DecodeError> {
            let mut settings = Config::DEFAULT;
            while !input.is_empty() {
                let (id, mut value) = input.entry()?;
                let input = &mut value;
                match id {
                    _ => {}
                }
            }
            Ok(settings)
        }
    }
    impl Config {
        /// Holds every value against the spec's bounds.
        ///
        /// # Errors
        /// The first key that is beyond them, or required and empty.
        pub fn validate(&self) -> Result<(), wire::ConfigError<'static>> {
            Ok(())
        }
    }
    impl Config {
        /// Sets a key from its name and its value as text, as they stand in a configuration file.
        ///
        /// # Errors
        /// There is no such key, or the value does not fit it; the settings are unchanged then.
        pub fn set<'v, 'k>(
            &mut self,
            name: &'k str,
            value: &'v str,
        ) -> Result<(), wire::ConfigError<'k>>
        where
            'v: 'k,
        {
            match name {
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
    /// Everything the spec says about each key, in its order.
    pub const KEYS: &[wire::KeyInfo] = &[];
    /// One constant per key.
    pub mod key {
        use ::fivewire_wire as wire;
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
    pub trait CommandHandler {}
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
            _ => Err(wire::DecodeError::UnknownOp(op).into()),
        }
    }
    /// Whoever listens to events; each has its method.
    pub trait EventHandler {
        /// It moved.
        fn moved(&mut self, event: event::Moved);
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
            0x40 => handler.moved(event::Moved::read(op, input)?),
            _ => return Err(wire::DecodeError::UnknownOp(op)),
        }
        Ok(())
    }
    /// Whoever waits for replies; each has its method. `number` is that of the command it answers.
    pub trait ReplyHandler {}
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
            _ => return Err(wire::DecodeError::UnknownOp(op)),
        }
        Ok(())
    }
}
