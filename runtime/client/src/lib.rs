//! An asynchronous MQTT client for a board or a computer with a network of its own: publish, subscribe and forget about
//! outages. No std, no allocator, no executor: the same code on Linux and on a microcontroller.
//!
//! [`Shared`] is the memory, a [`Client`] is what each task has in hand, and one [`Runner`] drives both over a transport that
//! a [`Connect`] opens: any stream of `embedded-io-async`; [`Tcp`] makes one from any stack with the traits of
//! `embedded-nal-async`. Time comes from a [`Clock`]. The version of MQTT is a type, [`V311`] or [`V5`].
//!
//! ```no_run
//! use embassy_futures::select::{Either, select};
//! use embassy_sync::blocking_mutex::raw::NoopRawMutex;
//! use embedded_nal_async::{Dns, TcpConnect};
//! use fivewire_client::{Client, Clock, Engine, Options, Publish, QoS, Receipt, Runner, Shared, Tcp, V5};
//!
//! type Mqtt = Engine<V5, 512, 2048, 8>;
//!
//! async fn kitchen(stack: impl TcpConnect + Dns, clock: impl Clock) {
//!     let mqtt: Shared<NoopRawMutex, Mqtt> = Shared::new();
//!     let broker = Tcp::new(stack, "broker.lan", 1883);
//!     let mut runner = Runner::new(&mqtt, Options::new("kitchen"), broker, clock, 0x5eed);
//!     match select(runner.run(), lamp(mqtt.client())).await {
//!         Either::First(ended) => ended.expect("a broker can accept these options"),
//!         Either::Second(never) => never,
//!     }
//! }
//!
//! async fn lamp(mqtt: Client<'_, NoopRawMutex, Mqtt>) -> ! {
//!     let mut buffer = [0; 512];
//!     if let Err(refused) = mqtt.subscribe("kitchen/lamp", QoS::AtLeastOnce).await {
//!         panic!("{refused}");
//!     }
//!     loop {
//!         let Ok(message) = mqtt.next_message(&mut buffer).await else { continue };
//!         let on = message.payload == b"on";
//!         let state: &[u8] = if on { b"shining" } else { b"dark" };
//!         match mqtt.publish("kitchen/lamp/state", state, Publish::qos1().retain()).await {
//!             Ok(Receipt::Delivered) => {} // the broker has it
//!             other => println!("{other:?}"),
//!         }
//!     }
//! }
//! ```
//!
//! What it promises, whatever network and broker do meanwhile:
//! * A QoS 1 or 2 publish that was taken ends in one [`Receipt`], and is sent until the broker has it. Nothing is repeated on
//!   a live connection: a missing acknowledgement ends it.
//! * A deadline leaves nothing half done: [`Receipt::Expired`] says that not a byte left, [`Receipt::Unconfirmed`] that the
//!   publish is under way and will be completed.
//! * A QoS 1 or 2 message is acknowledged when the application took it. A slow application holds the broker back, in bounded
//!   memory; of QoS 0 messages the surplus is dropped and counted.
//! * Subscriptions are kept, and asked for again only when the broker lost the session. One that is refused is an answer.
//! * It connects by itself, from a broker that is off at power-up on, with growing pauses and jitter; names are looked up
//!   each time.
//! * Dropping any future at any time is sound; what that means is said at each.
//!
//! What it is not: a network stack, TLS (bring a stream that does it), or a place where sessions are kept over a power cut:
//! [`Shared::save`] and [`Shared::restore`] give and take the bytes.
#![no_std]

mod backoff;
mod client;
mod clock;
mod connect;
mod desk;
mod engine;
mod event;
mod inbox;
mod message;
mod on_drop;
mod options;
mod probe;
mod protocol;
mod publish;
mod publishes;
mod reader;
mod runner;
mod shared;
mod stats;
mod subscriptions;
mod time;
mod wan;

pub use backoff::Backoff;
pub use client::Client;
pub use clock::Clock;
pub use connect::{Connect, Tcp, TcpError};
pub use engine::Engine;
pub use event::{Cause, Event};
pub use fivewire_mqtt as mqtt;
pub use fivewire_mqtt::v5::{Property, ReasonCode, SubscriptionOptions, V5};
pub use fivewire_mqtt::{QoS, Session, V311, Will};
pub use message::{Message, ReceiveError};
pub use options::Options;
pub use protocol::Protocol;
pub use publish::{Publish, PublishError, Receipt};
pub use reader::EventReader;
pub use runner::Runner;
pub use shared::Shared;
pub use stats::Stats;
pub use subscriptions::{MAX_FILTER, SubscribeError, SubscriptionState};
pub use wan::{WanProbe, wan_ok};
