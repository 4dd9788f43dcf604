//! A demo with a status policy of its own, and a LED that shows the connection.

use embassy_futures::select::{Either3, select3};
use embassy_sync::blocking_mutex::raw::RawMutex;
use fivewire_host::{Client, Consent, Question, SubscribeError, Will};

use crate::board::Board;
use crate::publisher::{Plan, Publisher};
use crate::simple::decimal;
use crate::{RESULT, green};

/// As [`Simple`](crate::Simple), but the LED is lit while the host is ready, and any network is joined at once.
#[derive(Debug, Default)]
pub struct Status {
    publisher: Publisher,
}

impl Status {
    /// Its last will.
    pub const WILL: Will<'static> = Will::new(RESULT, b"client died");

    /// The policy: consents at once, every time.
    #[must_use]
    pub const fn consent(_: Question) -> Consent {
        Consent::Join
    }

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
        match select3(
            publishing,
            green::follow(client, board, |_| {}),
            show(client, board),
        )
        .await
        {
            Either3::First(()) | Either3::Third(()) => Ok(()),
            Either3::Second(ended) => ended,
        }
    }
}

/// Any event may have changed whether the host is ready.
async fn show<M: RawMutex>(client: Client<'_, M>, board: &impl Board) {
    let mut events = client.events();
    loop {
        events.next().await;
        board.led(client.is_ready());
    }
}
