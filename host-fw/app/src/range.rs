//! A demo for walking about with a board: how often does the bridge lose its network?

use core::cell::Cell;
use core::fmt::Write as _;

use embassy_futures::select::{Either3, select3};
use embassy_sync::blocking_mutex::raw::RawMutex;
use fivewire_host::{Client, Event, SubscribeError, Will};

use crate::board::{Board, News};
use crate::publisher::{Plan, Publisher, Text};
use crate::{RESULT, green};

/// Counts outages, publishes the counts, and once more whenever the network is back. The LED is lit while it is up.
#[derive(Debug, Default)]
pub struct Range {
    publisher: Publisher,
    outages: Cell<u32>,
}

impl Range {
    /// Its last will.
    pub const WILL: Will<'static> = Will::new(RESULT, b"range client died");

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
        let publishing = self
            .publisher
            .run(client, board, plan, |count| self.compose(client, count));
        match select3(
            publishing,
            green::follow(client, board, |_| {}),
            self.watch(client, board, plan),
        )
        .await
        {
            Either3::First(()) | Either3::Third(()) => Ok(()),
            Either3::Second(ended) => ended,
        }
    }

    fn compose<M: RawMutex>(&self, client: Client<'_, M>, count: u32) -> Text {
        let (outages, resets) = (self.outages.get(), client.stats().resets);
        let mut text = Text::new();
        // Three numbers of ten digits and the words fit.
        let _ = write!(text, "{count} outages {outages} resets {resets}");
        text
    }

    /// The old demo's Wi-Fi handler. Its publications were never sent, because nobody awaited them; these are.
    async fn watch<M: RawMutex>(&self, client: Client<'_, M>, board: &impl Board, plan: &Plan) {
        let mut events = client.events();
        loop {
            let Event::Wifi(up) = events.next().await else {
                continue;
            };
            board.led(up);
            if up {
                self.publisher.publish(client, board, plan.options, "wifi up");
            } else {
                self.outages.set(self.outages.get().wrapping_add(1));
            }
            let (outages, resets) = (self.outages.get(), client.stats().resets);
            board.tell(&News::Outages { outages, resets });
        }
    }
}
