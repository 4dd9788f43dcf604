//! The link: two ends that clock bits to each other, whole messages out of it, in order, exactly once.
//!
//! [`Link`] is sans-IO: bits, time and bodies go in and come out by calls, and nothing inside reads a clock, a pin
//! or a random source. It finds its peer, notices when either end begins anew, repairs what the wires damaged,
//! and says when the peer is gone. A session numbers its reliable frames from 0 in each direction.
//!
//! What it is not: it does not know what a body means beyond its first byte (ops below 0x08 are its own), it does
//! not move pins (that is `fivewire-gpio`), and it remembers nothing across sessions: what was under way when a
//! session ends is for the layer above to say again.
//!
//! The rules in short, for whoever writes another end:
//! * Frames are those of `fivewire-frame`. After a start two symbols are idle.
//! * **Hello** both ways until each has heard its own epoch echoed; that makes the session. A hello of another
//!   epoch, or one that has heard nobody, ends it.
//! * A reliable frame is **acknowledged when the application releases it**, so the window is back-pressure too.
//!   At most seven frames, and no more bytes than the peer announced, are under way.
//! * Nothing is repeated without evidence: a receiver that sees a gap sends a **nak**; a sender that waits sends a
//!   **probe**, rarer and rarer, and the **report** tells lost frames from such that wait for a slow application.
//! * Before a repetition the wire idles for two symbols, which realigns a receiver that lost a bit.
//!
//! ```
//! use fivewire_link::{Event, Hello, Link, Settings};
//!
//! let settings = |epoch| Settings::new(Hello::new(1, 1, 0xC0FFEE, 200, epoch));
//! let mut host = Link::<512, 512>::new(settings(11));
//! let mut bridge = Link::<512, 512>::new(settings(22));
//! host.start(0);
//! bridge.start(0);
//! let exchange = |host: &mut Link<512, 512>, bridge: &mut Link<512, 512>| {
//!     let (to_bridge, to_host) = (host.output_bit(), bridge.output_bit());
//!     host.input_bit(to_host);
//!     bridge.input_bit(to_bridge);
//! };
//! for _ in 0..4000 {
//!     exchange(&mut host, &mut bridge);
//! }
//! assert!(matches!(host.poll_event(), Some(Event::Up(_))));
//! assert!(matches!(bridge.poll_event(), Some(Event::Up(_))));
//!
//! let number = host.send(|body| {
//!     body[..3].copy_from_slice(&[0x10, b'h', b'i']);
//!     Ok::<_, ()>(3)
//! });
//! assert_eq!(number, Ok(0));
//! for _ in 0..100 {
//!     exchange(&mut host, &mut bridge);
//! }
//! assert_eq!(bridge.receive(), Some((0, &[0x10, b'h', b'i'][..])));
//! bridge.release();
//! ```
#![no_std]

mod bits;
mod clocked;
mod control;
mod event;
mod hello;
mod inbox;
mod input;
mod link;
mod messages;
mod output;
mod stats;
mod time;
mod timeout;
mod window;

pub use clocked::Clocked;
pub use control::FIRST_MESSAGE;
pub use event::{Cause, Event};
pub use hello::Hello;
pub use link::{Link, Phase, Settings, Transition, Why};
pub use messages::Messages;
pub use stats::Stats;
pub use window::SendError;
