//! A task's hold on one subscription of the asynchronous front end. The table is in `subscriptions`.

use core::fmt;

use embassy_sync::blocking_mutex::raw::RawMutex;

use crate::client::Client;
use crate::inbox::MessageView;
use crate::message::Message;
use crate::subscriptions::{SubscribeError, SubscriptionId, SubscriptionState};

/// A subscription, in force until it is dropped; see [`Client::subscribe`].
///
/// Its messages wait in the host's inbox until it takes them, and the bridge acknowledges them to the broker only
/// then. A subscription that does not ask for its messages holds up those of the others once the inbox is full. So does
/// a QoS 2 message while [`MAX_RECEIVED`](crate::MAX_RECEIVED) others were taken and the broker has not released them.
#[must_use = "a subscription that is dropped is given up"]
pub struct Subscription<
    'a,
    M: RawMutex,
    const PUBLISHES: usize = 32,
    const QUEUE: usize = 4096,
    const MESSAGES: usize = 8,
    const INBOX: usize = 4096,
    const SUBSCRIPTIONS: usize = 8,
> {
    client: Client<'a, M, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>,
    id: SubscriptionId,
}

/// The buffer is too small for the message, which stays in the inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BufferTooSmall {
    /// Bytes that the message needs: topic, payload and properties.
    pub needed: usize,
}

impl fmt::Display for BufferTooSmall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the message needs {} bytes", self.needed)
    }
}

impl core::error::Error for BufferTooSmall {}

impl<
    'a,
    M: RawMutex,
    const PUBLISHES: usize,
    const QUEUE: usize,
    const MESSAGES: usize,
    const INBOX: usize,
    const SUBSCRIPTIONS: usize,
> Subscription<'a, M, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>
{
    pub(crate) const fn new(
        client: Client<'a, M, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>,
        id: SubscriptionId,
    ) -> Self {
        Self { client, id }
    }

    /// Its name, as events have it.
    #[must_use]
    pub const fn id(&self) -> SubscriptionId {
        self.id
    }

    /// How far it is. After a reset of the bridge it is wanted, then asked for, then granted again.
    #[must_use]
    pub fn state(&self) -> SubscriptionState {
        self.client
            .look(|engine| engine.subscription(self.id))
            .unwrap_or(SubscriptionState::Leaving)
    }

    /// The next message, in the order they came. With the copy the application has taken it, and the bridge may
    /// acknowledge it. Dropping the future before loses none.
    pub async fn next(&mut self) -> Message {
        let id = self.id;
        let message = self.client.wait(|engine| {
            let message = engine.message(id).map(Message::from)?;
            engine.take_message(id);
            Some(message)
        });
        let message = message.await;
        self.client.act(|_| ());
        message
    }

    /// As [`next`](Self::next), into a buffer of the caller, for tasks that cannot spare 1.4 kB or know that their
    /// messages are small.
    ///
    /// # Errors
    /// The message does not fit. It stays; ask again with more room, or [`skip`](Self::skip) it.
    pub async fn next_in<'b>(&mut self, buffer: &'b mut [u8]) -> Result<MessageView<'b>, BufferTooSmall> {
        let id = self.id;
        let head = self.client.wait(|engine| {
            let head = copy(engine.message(id)?, buffer);
            if head.is_ok() {
                engine.take_message(id);
            }
            Some(head)
        });
        let head = head.await?;
        self.client.act(|_| ());
        Ok(head.view(buffer))
    }

    /// Takes the next message, if there is one, without looking at it.
    pub fn skip(&mut self) {
        self.client.act(|engine| engine.take_message(self.id));
    }

    /// Gives it up and waits until the broker confirmed: as long as an outage lasts. Dropping the future, or the
    /// subscription itself, gives it up as well, without waiting.
    ///
    /// # Errors
    /// The bridge is one of the MicroPython system, which cannot; it was given up here all the same.
    pub async fn unsubscribe(self) -> Result<(), SubscribeError> {
        let (client, id) = (self.client, self.id);
        client.act(|engine| engine.unsubscribe(id))?;
        // Dropping it gives up what was given up already.
        drop(self);
        Self::gone(client, id).await;
        Ok(())
    }

    /// As [`unsubscribe`](Self::unsubscribe), with MQTT 5.0 properties as [`Engine::unsubscribe_with`] takes them. Only
    /// one at a time can be on its way: it waits for that as well.
    ///
    /// # Errors
    /// They are too long, or as [`unsubscribe`](Self::unsubscribe); it was given up without them.
    ///
    /// [`Engine::unsubscribe_with`]: crate::Engine::unsubscribe_with
    pub async fn unsubscribe_with(self, properties: &[u8]) -> Result<(), SubscribeError> {
        let (client, id) = (self.client, self.id);
        let left = client.wait(|engine| match engine.unsubscribe_with(id, properties) {
            Err(SubscribeError::Busy) => None,
            result => Some(result),
        });
        left.await?;
        // Dropping it gives up what was given up already.
        drop(self);
        Self::gone(client, id).await;
        Ok(())
    }

    async fn gone(
        client: Client<'a, M, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>,
        id: SubscriptionId,
    ) {
        client
            .wait(|engine| engine.subscription(id).is_none().then_some(()))
            .await;
    }
}

impl<
    M: RawMutex,
    const PUBLISHES: usize,
    const QUEUE: usize,
    const MESSAGES: usize,
    const INBOX: usize,
    const SUBSCRIPTIONS: usize,
> Drop for Subscription<'_, M, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>
{
    fn drop(&mut self) {
        self.client.act(|engine| engine.give_up(self.id));
    }
}

/// A message without its bytes.
struct Head {
    topic_len: usize,
    properties_len: usize,
    len: usize,
    retained: bool,
    dup: bool,
    qos: fivewire_wire::QoS,
}

fn copy(message: MessageView<'_>, buffer: &mut [u8]) -> Result<Head, BufferTooSmall> {
    let MessageView {
        topic,
        payload,
        properties,
        retained,
        dup,
        qos,
    } = message;
    let needed = topic.len() + payload.len() + properties.len();
    let mut room = buffer.get_mut(..needed).ok_or(BufferTooSmall { needed })?;
    for part in [topic.as_bytes(), payload, properties] {
        let (head, tail) = room
            .split_at_mut_checked(part.len())
            .ok_or(BufferTooSmall { needed })?;
        head.copy_from_slice(part);
        room = tail;
    }
    Ok(Head {
        topic_len: topic.len(),
        properties_len: properties.len(),
        len: needed,
        retained,
        dup,
        qos,
    })
}

impl Head {
    fn view(self, buffer: &[u8]) -> MessageView<'_> {
        let bytes = buffer.get(..self.len).unwrap_or_default();
        let (topic, rest) = bytes.split_at_checked(self.topic_len).unwrap_or_default();
        let payload_len = rest.len().saturating_sub(self.properties_len);
        let (payload, properties) = rest.split_at_checked(payload_len).unwrap_or_default();
        let Self {
            retained, dup, qos, ..
        } = self;
        MessageView {
            topic: crate::bytes::text(topic),
            payload,
            properties,
            retained,
            dup,
            qos,
        }
    }
}
