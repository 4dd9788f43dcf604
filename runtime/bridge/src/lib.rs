//! The bridge end: Wi-Fi, broker, time and status behind a [`Platform`] trait (no_std, no alloc).
//!
//! [`Bridge`] owns the link to the host and everything that thinks; a board, or a process, gives it sockets and a
//! radio that never block, tells it the time, and clocks the link's bits. One machine each for the network
//! (`network`), the broker (`broker`) and the time of day (`clock`); what the host asked for stands beside them:
//! `settings`, `subscriptions`, `receipts`, `inbox`.
//!
//! What it holds to:
//! - Every command is answered, and none waits for another: replies are matched by number.
//! - A QoS 1 publication is answered as delivered after the broker's PUBACK, never before; over as many
//!   connections as that takes.
//! - A QoS 1 message is acknowledged to the broker after the host's `accept`, never before; and no more is taken
//!   from TCP than the host has room for.
//! - An outage of Wi-Fi or broker is mended here. Nothing is reset, and the host hears of it once.
//! - It remembers nothing that a reset may not take: whatever must survive is the host's to say again.
//!
//! It is deliberately no driver: pins are in `fivewire-gpio`, radio and sockets in the firmware.
#![no_std]

mod bridge;
mod broker;
mod client;
mod clock;
mod commands;
pub mod endpoint;
mod inbox;
mod io;
mod network;
mod note;
mod numbers;
mod outbox;
pub mod platform;
mod queue;
mod receipts;
mod settings;
pub mod sntp;
mod subscriptions;
mod time;

pub use fivewire_link as link;
/// Words of the spec that platforms and notes speak in.
pub use fivewire_wire::config::ConfigKey;
pub use fivewire_wire::{IDENTITY, LogLevel, Outcome, ResetCause, Status};

pub use bridge::{Bridge, HEARTBEAT_MS, StandardBridge, StandardBridgeOn, link_settings};
pub use endpoint::{Endpoint, Tls};
pub use note::{Machine, Note};
pub use platform::{ClientId, JoinFailure, Memory, Platform, Tcp, TcpFailure, TlsFailure, Wifi};
pub use subscriptions::MAX_SUBSCRIPTIONS;
