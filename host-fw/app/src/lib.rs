//! The demonstration applications: what a person's own program looks like, written once for every board. What differs
//! from board to board is behind [`Board`]: a LED, a pause, and somewhere to tell what happens. Pins, threads and
//! executors are the board's; the link to the bridge is the host crate's.
//!
//! * [`Simple`] publishes a count under `result` and lets `green` switch a LED.
//! * [`Status`] does so too, and follows every status of the bridge; it consents to any network at once.
//! * [`Range`] tells how good the radio is: it counts the outages and publishes them.
//!
//! A demo is started with [`Demo::prepare`] before the host, so that the last will is there, and then [`Demo::run`].
#![no_std]

mod board;
mod green;
mod publisher;
mod range;
mod simple;
mod slot;
mod status;

pub use board::{Board, News};
pub use publisher::{Plan, Publisher, Text};
pub use range::Range;
pub use simple::Simple;
pub use slot::{
    DemoName, EMPTY_SLOT, SLOT_BYTES, SLOT_MAGIC, SLOT_SECTION, SlotError, Start, read_slot, write_slot,
};
pub use status::Status;

use embassy_sync::blocking_mutex::raw::RawMutex;
use fivewire_host::{Client, PublishError, SubscribeError, Will};

/// Topic of what a demo publishes.
pub const RESULT: &str = "result";
/// Topic that switches the LED: `on` or `off`.
pub const GREEN: &str = "green";

/// One of the demos, with what it must not forget when it is started again.
#[derive(Debug)]
pub enum Demo {
    /// See [`Simple`].
    Simple(Simple),
    /// See [`Status`].
    Status(Status),
    /// See [`Range`].
    Range(Range),
}

impl Demo {
    /// What the broker publishes when this demo vanishes.
    #[must_use]
    pub const fn will(&self) -> Will<'static> {
        match self {
            Self::Simple(_) => Simple::WILL,
            Self::Status(_) => Status::WILL,
            Self::Range(_) => Range::WILL,
        }
    }

    /// What has to be set before the host starts.
    ///
    /// # Errors
    /// Never for these wills; the host's own error.
    pub fn prepare<M: RawMutex>(&self, client: Client<'_, M>) -> Result<(), PublishError> {
        client.set_will(Some(self.will()))?;
        match self {
            Self::Simple(_) | Self::Range(_) => {}
            Self::Status(_) => client.set_policy(Status::consent),
        }
        Ok(())
    }

    /// Runs until the plan is fulfilled: for ever, unless it has a limit. Dropping the future loses nothing that was
    /// queued; a new one goes on where it was.
    ///
    /// # Errors
    /// `green` cannot be subscribed.
    pub async fn run<M: RawMutex>(
        &self,
        client: Client<'_, M>,
        board: &impl Board,
        plan: &Plan,
    ) -> Result<(), SubscribeError> {
        match self {
            Self::Simple(demo) => demo.run(client, board, plan).await,
            Self::Status(demo) => demo.run(client, board, plan).await,
            Self::Range(demo) => demo.run(client, board, plan).await,
        }
    }
}
