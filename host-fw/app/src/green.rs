//! The part that all demos share: they take the messages of `green`.

use embassy_sync::blocking_mutex::raw::RawMutex;
use fivewire_host::{Client, QoS, SubscribeError};

use crate::GREEN;
use crate::board::{Board, News};

/// Takes messages for ever; `on` and `off` call `switch`, anything else is only told.
pub(crate) async fn follow<M: RawMutex>(
    client: Client<'_, M>,
    board: &impl Board,
    switch: impl Fn(bool),
) -> Result<(), SubscribeError> {
    let mut green = client.subscribe(GREEN, QoS::AtLeastOnce).await?;
    loop {
        let message = green.next().await;
        board.tell(&News::Message(&message));
        board.handle(&message);
        match message.text() {
            Some("on") => switch(true),
            Some("off") => switch(false),
            Some(_) | None => {}
        }
    }
}
