//! A reader of the client's events, with a cursor of its own. The ring they wait in is in `event`.
//!
//! Not here: messages.

use embassy_sync::blocking_mutex::raw::RawMutex;

use crate::client::Client;
use crate::engine::Engine;
use crate::event::{Cursor, Event};
use crate::protocol::Protocol;

/// Reads the events at its own pace; see [`Client::events`].
pub struct EventReader<'a, M: RawMutex, E> {
    client: Client<'a, M, E>,
    cursor: Cursor,
    missed: u32,
}

impl<
    'a,
    M: RawMutex,
    V: Protocol,
    const RX: usize,
    const TX: usize,
    const IN_FLIGHT: usize,
    const INBOX: usize,
    const SUBSCRIPTIONS: usize,
> EventReader<'a, M, Engine<V, RX, TX, IN_FLIGHT, INBOX, SUBSCRIPTIONS>>
{
    pub(crate) const fn new(
        client: Client<'a, M, Engine<V, RX, TX, IN_FLIGHT, INBOX, SUBSCRIPTIONS>>,
        cursor: Cursor,
    ) -> Self {
        Self {
            client,
            cursor,
            missed: 0,
        }
    }

    /// The next event. Dropping the future loses none.
    pub async fn next(&mut self) -> Event {
        let cursor = &mut self.cursor;
        let (event, missed) = self.client.wait(|engine| engine.desk.events.next(cursor)).await;
        self.missed = self.missed.wrapping_add(missed);
        event
    }

    /// Events that this reader was too slow for.
    #[must_use]
    pub const fn missed(&self) -> u32 {
        self.missed
    }
}
