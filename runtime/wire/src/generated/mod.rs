// @generated from spec/bridge.yaml: edit that and type `cargo xtask codegen`.
//! The protocol `mqtt_bridge`.

pub mod command;
pub mod reply;
pub mod event;
pub mod status;
pub mod types;
pub mod config;
pub mod dispatch;

/// Name of the protocol.
pub const PROTOCOL: &str = "mqtt_bridge";
/// Revision of the protocol.
pub const REVISION: u8 = 2;
/// Oldest revision that this one still talks to.
pub const MIN_REVISION: u8 = 1;
/// Fingerprint of everything that both ends must agree upon.
pub const WIRE_HASH: u32 = 0xe952360e;
/// Longest body of a command in bytes.
pub const MAX_COMMAND_BODY: usize = 1386;
/// Longest body of an event or a reply in bytes.
pub const MAX_EVENT_BODY: usize = 1386;
/// Longest body in bytes.
pub const MAX_BODY: usize = 1386;
/// Longest text form of a command in symbols, without its terminator.
pub const MAX_COMMAND_TEXT: usize = 1165;
/// Longest text form of an event or a reply in symbols, without its terminator.
pub const MAX_EVENT_TEXT: usize = 1161;

pub use command::Command;
pub use config::Config;
pub use dispatch::{
    CommandHandler,
    EventHandler,
    ReplyHandler,
    dispatch_command,
    dispatch_event,
    dispatch_reply,
};
pub use event::Event;
pub use reply::Reply;
pub use status::Status;
pub use types::*;
