//! MQTT for a microcontroller without a network: publish, subscribe and the time of day, through a bridge at the
//! other end of five wires. Nothing here knows pins, clocks, executors or an allocator.
//!
//! * [`Host`] is sans-IO: someone clocks [`Host::link_mut`], calls [`Host::handle_timeout`] and looks at what came.
//! * [`Shared`], [`Client`] and [`Runner`] are the same for programs made of tasks or threads:
//!
//! ```no_run
//! # use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
//! # use fivewire_host::{Client, Publish, QoS, Receipt};
//! # async fn example(host: Client<'static, CriticalSectionRawMutex>) -> Result<(), Box<dyn core::error::Error>> {
//! let mut green = host.subscribe("green", QoS::AtLeastOnce).await?;
//! match host.publish("result", b"42", Publish::qos1()).await? {
//!     Receipt::Delivered => {} // the broker has it
//!     other => println!("{other}"),
//! }
//! let message = green.next().await;
//! # drop(message);
//! # Ok(())
//! # }
//! ```
//!
//! What it promises, whatever the bridge, its Wi-Fi or the broker do meanwhile:
//! * A publication that was accepted ends in exactly one [`Receipt`]. Until then it is kept here; one that the bridge
//!   had when it died is sent again, in order and under its old MQTT packet identifier. (QoS 0 too: it is then delivered
//!   at most once per life of the bridge.)
//! * A message is kept until every subscription that it matches took it; only then does the bridge acknowledge it to
//!   the broker. One that arrives twice says so ([`Message::dup`]) where anyone can know.
//! * QoS 2 is exactly once, both ways, as long as the broker keeps the session: the host is the MQTT client whose memory
//!   the standard asks for, whatever becomes of the bridge. Only when a full inbox outlives its link and several
//!   subscriptions match a message may one of them be given it again.
//! * Configuration, will and subscriptions are given to every bridge that starts afresh.
//! * No call blocks; each future says what it waits for.
//! * A bridge of the MicroPython system, which a text link finds, is told what it can be told; the rest is refused at the
//!   call ([`TextLimit`]).
#![no_std]

mod bytes;
mod calls;
mod client;
mod clock;
mod engine;
mod event;
mod host;
mod inbox;
mod message;
mod on_drop;
mod opaque;
mod packet_ids;
mod policy;
mod publish;
mod queue;
mod reader;
mod received;
mod runner;
mod state;
mod subscription;
mod subscriptions;
mod text;
mod time;
pub mod topic;

pub use calls::{CallError, CallId, CallResult};
pub use client::{Client, Shared};
pub use clock::{Epoch, GetTime};
pub use engine::{Engine, Stats};
pub use event::{Event, MAX_LINE};
pub use fivewire_link as link;
pub use fivewire_wire as wire;
pub use fivewire_wire::config::Config;
pub use fivewire_wire::{ConfigError, LogLevel, QoS, Reason, Status};
pub use host::Host;
pub use inbox::MessageView;
pub use message::Message;
pub use policy::{CONSENT_PAUSE_MS, Consent, Policy, Question, default_policy};
pub use publish::{Publish, PublishError, PublishId, Receipt, Will};
pub use queue::{MAX_PAYLOAD, MAX_PROPERTIES};
pub use reader::EventReader;
pub use received::MAX_RECEIVED;
pub use runner::{Outputs, Runner};
pub use state::{Crash, StateName, Transition, Why};
pub use subscription::{BufferTooSmall, Subscription};
pub use subscriptions::{SubscribeError, SubscriptionId, SubscriptionState};
pub use text::TextLimit;
pub use topic::MAX_TOPIC;

use fivewire_link::{Hello, Settings};
use fivewire_wire::command::{Configure, Publish as PublishCommand};
use fivewire_wire::{MAX_EVENT_BODY, MIN_REVISION, REVISION, WIRE_HASH};
use inbox::MAX_MESSAGE;

/// Bytes that a link's `TX` must have so that it takes every publication of a queue of `queue` bytes, and the settings.
#[must_use]
pub const fn min_tx(queue: usize) -> usize {
    let publish = framed(queue, PublishCommand::MAX_BODY);
    if publish > Configure::MAX_BODY {
        publish + 3
    } else {
        Configure::MAX_BODY + 3
    }
}

/// Bytes that a link's `RX` must have so that it takes every message that an inbox of `inbox` bytes has room for.
#[must_use]
pub const fn min_rx(inbox: usize) -> usize {
    framed(inbox, wire::event::Message::MAX_BODY) + 66
}

/// Ends the compilation of a host whose link's buffers are too small for its own.
pub(crate) const fn assert_holds(tx: usize, rx: usize, queue: usize, inbox: usize) {
    assert!(
        tx >= min_tx(queue),
        "TX must hold what the queue may hold: see min_tx"
    );
    assert!(
        rx >= min_rx(inbox),
        "RX must hold what the inbox may hold: see min_rx"
    );
}

/// The body of a publication or message of `bytes` bytes; `longest` is that of the longest one.
const fn framed(bytes: usize, longest: usize) -> usize {
    let bytes = if bytes > MAX_MESSAGE { MAX_MESSAGE } else { bytes };
    bytes + (longest - MAX_MESSAGE)
}

/// How a host's link is set up: what it says of this protocol, and the watchdog of the configuration. `epoch` should
/// differ from start to start.
#[must_use]
pub const fn link_settings(config: &Config<'_>, epoch: u16) -> Settings {
    let watchdog_ms = config.timeout as u32 * 1_000;
    let hello = Hello::new(REVISION, MIN_REVISION, WIRE_HASH, MAX_EVENT_BODY as u16, epoch);
    Settings {
        watchdog_ms,
        probe_ms: watchdog_ms / 4,
        ..Settings::new(hello)
    }
}
