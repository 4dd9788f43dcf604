//! The messages of the fivewire MQTT bridge, generated from spec/bridge.yaml (no_std, no alloc).
//!
//! Written by hand: [`Reader`] and [`Writer`] (the encodings), the errors, [`Ticket`] and [`Answer`], [`List`], and what
//! every config table is made of, and [`TextReader`] and [`TextWriter`] for the strings of the MicroPython system.
//! Everything else is in `generated`: one type per message, one enum and one handler
//! trait per direction, [`Status`], [`config::Config`]. Frames, checksums and numbers of frames are not here: a body is what
//! travels within one.
//!
//! Code that `protocol!` generates for another spec uses the same hand-written part.
//!
//! ```
//! use fivewire_wire::{Command, QoS, Writer, command::Publish};
//!
//! let publish = Publish { topic: "result", payload: b"42", retain: false, qos: QoS::AtLeastOnce, packet_id: 0, properties: b"" };
//! let mut buffer = [0; Publish::MAX_BODY];
//! let mut out = Writer::new(&mut buffer);
//! publish.encode(&mut out)?;
//! assert_eq!(out.written(), b"\x22\x06result42");
//! assert_eq!(Command::decode(b"\x22\x06result42"), Ok(Command::Publish(publish)));
//! # Ok::<(), fivewire_wire::EncodeError>(())
//! ```
#![no_std]
#[cfg(test)]
extern crate std;

// Generated code calls this crate by its name, wherever it is compiled.
extern crate self as fivewire_wire;

mod answer;
mod error;
#[rustfmt::skip] // its layout comes from the generator, whether or not rustfmt is installed
#[allow(unused_imports, unused_variables, clippy::all)] // what one spec uses, another does not
mod generated;
mod identity;
mod info;
mod list;
mod op;
mod reader;
mod setting;
mod severity;
mod text;
mod writer;

pub use answer::{Answer, CommandMessage, ReplyMessage, Ticket};
pub use error::{DecodeError, DispatchError, EncodeError};
pub use generated::*;
pub use identity::{IDENTITY, IDENTITY_MAGIC, IDENTITY_SECTION};
pub use info::{CommandInfo, OnOutage, WaitsFor};
pub use list::{Element, List, ListIter};
pub use op::{FOLDED, MAX_LINE, REPLY};
pub use reader::{FIELDS_ENTRY, Reader};
pub use setting::{Apply, ConfigError, ConfigProblem, KeyInfo, KeyKind, REDACTED, Scope};
pub use severity::{Phase, Recovery, Severity};
pub use text::{TEXT_SEPARATOR, TextError, TextMapWriter, TextReader, TextValue, TextWriter, is_text_symbol};
pub use writer::Writer;
