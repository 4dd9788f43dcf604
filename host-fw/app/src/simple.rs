//! The simplest demo: a count goes out, a LED is switched.

use core::fmt::Write as _;

use embassy_futures::select::{Either, select};
use embassy_sync::blocking_mutex::raw::RawMutex;
use fivewire_host::{Client, SubscribeError, Will};

use crate::RESULT;
use crate::board::Board;
use crate::green;
use crate::publisher::{Plan, Publisher, Text};

/// Publishes a count under `result`; `green` switches the LED.
#[derive(Debug, Default)]
pub struct Simple {
    publisher: Publisher,
}

impl Simple {
    /// Its last will.
    pub const WILL: Will<'static> = Will::new(RESULT, b"simple client died");

    /// See [`Demo::run`](crate::Demo::run).
    ///
    /// # Errors
    /// `green` cannot be subscribed.
    pub async fn run<M: RawMutex>(
        &self,
        client: Client<'_, M>,
        board: &impl Board,
        plan: &Plan,
    ) -> Result<(), SubscribeError> {
        let publishing = self.publisher.run(client, board, plan, decimal);
        match select(publishing, green::follow(client, board, |lit| board.led(lit))).await {
            Either::First(()) => Ok(()),
            Either::Second(ended) => ended,
        }
    }
}

/// The count as text.
pub(crate) fn decimal(count: u32) -> Text {
    let mut text = Text::new();
    // Ten digits fit.
    let _ = write!(text, "{count}");
    text
}
