//! What commands share that run the system as real processes: [`Process`] and [`Talker`] end with their owner, [`Broker`]
//! a mosquitto, [`Folder`] a place that is gone afterwards.
//!
//! It is deliberately without a view on what the processes do: judging is the commands' business.

mod broker;
mod folder;
mod process;

pub use broker::Broker;
pub use folder::Folder;
pub use process::{Process, Talker};
