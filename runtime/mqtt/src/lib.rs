//! An MQTT client that only thinks: bytes and the time go in, bytes and events come out (no_std, no alloc).
//!
//! A [`Session`] holds what outlives a connection (packet identifiers, unanswered requests, QoS 2 messages), a
//! [`Connection`] is one transport, and [`Client`] is both in one, here for MQTT 3.1.1, in [`v5`] for MQTT 5.0; who uses one
//! links nothing of the other. All three qualities of service both ways. It is deliberately no transport, no clock, no reconnect policy and no table of subscriptions: those are its caller's.
//!
//! What it holds to:
//! - A QoS 1 or 2 publish, a subscribe and an unsubscribe that were accepted are answered by exactly one event, over as many
//!   connections as that takes, and go out in order. Nothing is repeated on a live connection: a missing
//!   acknowledgement ends it.
//! - An incoming QoS 1 or 2 message is acknowledged when the application says so, not before. Only one that cannot fit
//!   into the receive buffer is acknowledged unseen, and reported.
//! - Memory is bounded by three numbers, and no peer can make it panic, grow, or wait for ever.
//!
//! ```
//! use fivewire_mqtt::{Client, ConnectOptions, Event, QoS};
//!
//! let mut client = Client::<256, 256, 4>::new();
//! client.connect(0, &ConnectOptions::new("kitchen"))?;
//! let connect = client.output().len(); // write these bytes to the transport …
//! client.consume_output(connect);
//! client.handle_input(5, &[0x20, 2, 0, 0]); // … and read its answer: CONNACK
//! assert_eq!(client.poll_event(), Some(Event::Connected { session_present: false }));
//! let id = client.publish(6, "result", b"42", QoS::AtLeastOnce, false)?;
//! let publish = client.output().len();
//! client.consume_output(publish);
//! client.handle_input(9, &[0x40, 2, 0, 1]); // PUBACK
//! assert_eq!(client.poll_event(), id.map(|packet_id| Event::Published { packet_id }));
//! # Ok::<(), fivewire_mqtt::Error>(())
//! ```
#![no_std]

mod client;
mod clock;
mod connection;
mod error;
mod event;
mod inbox;
mod incoming;
mod keep_alive;
mod messages;
mod options;
mod outbox;
pub mod packet;
mod receipts;
mod received;
mod requests;
mod session;
mod store;
mod text;
mod types;
pub mod v5;
mod version;

pub use client::Client;
pub use connection::Connection;
pub use error::{Cause, Error, ProtocolError};
pub use event::Event;
pub use options::{ConnectOptions, Will};
pub use session::{CONTROL_ROOM, PUBLISH_OVERHEAD, Session};
pub use store::RestoreError;
pub use text::{is_topic_filter, is_topic_name, matches};
pub use types::{ConnectReturnCode, MessageId, Number, PacketId, QoS};
pub use version::{V311, Version};
