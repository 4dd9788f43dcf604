//! The MicroPython system's text format on the wires: bits to strings and back, bit for bit as its own ends do it,
//! in either role.
//!
//! [`AnyLink`] is a native link and a text link in one: it finds out whom it has before it, and in either format it takes
//! and gives the bodies of native messages; a [`Translator`] knows which strings say the same. Below it,
//! [`TextLink`] is sans-IO and has the verbs of `fivewire_link::Link`: bits, time and strings go in and come out by
//! calls. What the format does not have it cannot give: there is no checksum, no acknowledgement, no length and no
//! start bit; alignment is found once, from the sync bytes, and kept only as long as no bit is lost. So it says when
//! something is wrong, and mends nothing: that takes [`TextLink::start`] behind a reset of the peer.
//!
//! What it is not: it does not know what a string means, and it moves no pins. With [`Opening::HeldBack`] a text link
//! listens while others find out whom it has before it.
//!
//! The format in short:
//! * Every edge of a clock carries a bit in that direction, least significant first. Each end sends [`SYNC`] once,
//!   eight bits, and aligns to the one it receives.
//! * Behind the host's sync byte is one filler bit, behind the bridge's none; then characters of seven bits.
//! * 0 is idle and ends a string. Between two strings there is at least one.
//!
//! ```
//! use fivewire_text::{Event, Opening, Role, Settings, TextLink};
//!
//! let mut host = TextLink::<256, 256>::new(Settings::new(Role::Initiator));
//! let mut bridge = TextLink::<256, 256>::new(Settings::new(Role::Responder));
//! host.start(0, Opening::AtOnce);
//! bridge.start(0, Opening::AtOnce);
//! // The wires: the host's bit is there before the bridge's first step, and each step answers the other's.
//! let mut wire = host.output_bit();
//! let mut exchange = |host: &mut TextLink<256, 256>, bridge: &mut TextLink<256, 256>| {
//!     let to_host = bridge.output_bit();
//!     bridge.input_bit(wire);
//!     wire = host.output_bit();
//!     host.input_bit(to_host);
//! };
//! for _ in 0..9 {
//!     exchange(&mut host, &mut bridge);
//! }
//! assert_eq!(host.poll_event(), Some(Event::Heard { bits_before: 0 }));
//! assert_eq!(host.poll_event(), Some(Event::Up));
//!
//! host.send(b"s\x7Fgreen\x7F1").expect("room");
//! for _ in 0..80 {
//!     exchange(&mut host, &mut bridge);
//! }
//! assert_eq!(bridge.receive(), Some(&b"s\x7Fgreen\x7F1"[..]));
//! bridge.release();
//! ```
#![no_std]

mod any;
mod bits;
mod bodies;
mod event;
mod exchange;
mod give;
mod inbox;
mod link;
mod settings;
mod speech;
mod state;
mod stats;
mod stock_bridge;
mod stock_host;
mod strings;
mod timeout;
mod translate;
mod watch;

pub use any::AnyLink;
pub use bits::SYNC;
pub use bodies::Bodies;
pub use event::{Cause, Dropped, Event};
pub use link::TextLink;
pub use settings::{Opening, Role, Settings};
pub use speech::SpokenLink;
pub use state::{Phase, Transition, Why};
pub use stats::Stats;
pub use stock_bridge::{BridgeStats, StockBridge};
pub use stock_host::{HostNote, HostStats, StockHost};
pub use strings::{SendError, Strings};
pub use translate::{
    BODY_BYTES, Desk, Fault, SHORT_STRINGS, SMALL_BODIES, SMALL_BODY, STRING_BYTES, Translator,
};
