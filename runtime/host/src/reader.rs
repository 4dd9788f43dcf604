//! A reader of the host's events, with a cursor of its own. The ring they wait in is in `event`.

use embassy_sync::blocking_mutex::raw::RawMutex;

use crate::client::Client;
use crate::event::{Cursor, Event};

/// Reads the events at its own pace; see [`Client::events`].
pub struct EventReader<
    'a,
    M: RawMutex,
    const PUBLISHES: usize = 32,
    const QUEUE: usize = 4096,
    const MESSAGES: usize = 8,
    const INBOX: usize = 4096,
    const SUBSCRIPTIONS: usize = 8,
> {
    client: Client<'a, M, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>,
    cursor: Cursor,
    missed: u32,
}

impl<
    'a,
    M: RawMutex,
    const PUBLISHES: usize,
    const QUEUE: usize,
    const MESSAGES: usize,
    const INBOX: usize,
    const SUBSCRIPTIONS: usize,
> EventReader<'a, M, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>
{
    pub(crate) const fn new(
        client: Client<'a, M, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>,
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
        let (event, missed) = self.client.wait(|engine| engine.events().next(cursor)).await;
        self.missed = self.missed.wrapping_add(missed);
        event
    }

    /// Events that this reader was too slow for.
    #[must_use]
    pub const fn missed(&self) -> u32 {
        self.missed
    }
}
