//! [`Client`]: what a task has in hand. Its futures wait for nothing but the engine, so that dropping any of them at any
//! time is sound; what that means is said at each method.
//!
//! Not here: what drives the engine (see `runner`).

use embassy_sync::blocking_mutex::raw::RawMutex;
use fivewire_mqtt::QoS;
use fivewire_mqtt::v5::{Subscription, SubscriptionOptions, V5};

use crate::engine::{Engine, Placed, Wish};
use crate::message::{Message, ReceiveError};
use crate::on_drop::OnDrop;
use crate::protocol::Protocol;
use crate::publish::{Publish, PublishError, Receipt};
use crate::reader::EventReader;
use crate::shared::Shared;
use crate::stats::Stats;
use crate::subscriptions::{SubscribeError, SubscriptionState};
use crate::time::Deadline;

/// A task's handle on a [`Shared`] client; copy it freely.
pub struct Client<'a, M: RawMutex, E> {
    shared: &'a Shared<M, E>,
}

impl<M: RawMutex, E> Clone for Client<'_, M, E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M: RawMutex, E> Copy for Client<'_, M, E> {}

impl<
    'a,
    M: RawMutex,
    V: Protocol,
    const RX: usize,
    const TX: usize,
    const IN_FLIGHT: usize,
    const INBOX: usize,
    const SUBSCRIPTIONS: usize,
> Client<'a, M, Engine<V, RX, TX, IN_FLIGHT, INBOX, SUBSCRIPTIONS>>
{
    pub(crate) const fn new(
        shared: &'a Shared<M, Engine<V, RX, TX, IN_FLIGHT, INBOX, SUBSCRIPTIONS>>,
    ) -> Self {
        Self { shared }
    }

    fn act<R>(&self, f: impl FnOnce(&mut Engine<V, RX, TX, IN_FLIGHT, INBOX, SUBSCRIPTIONS>) -> R) -> R {
        self.shared.act(|inner| f(&mut inner.engine))
    }

    pub(crate) async fn wait<R>(
        &self,
        ready: impl FnMut(&mut Engine<V, RX, TX, IN_FLIGHT, INBOX, SUBSCRIPTIONS>) -> Option<R>,
    ) -> R {
        self.shared.wait(ready).await
    }

    // --------------------------------------------------------------------------------------------- publishing

    /// Publishes, and waits for the end of it: as long as an outage lasts, or the deadline of `options`.
    ///
    /// First it waits for room in the session (QoS 0: for a connection too). Dropped meanwhile, nothing is published. Once
    /// the session has it, a QoS 1 or 2 publish is the session's: a future that is dropped then leaves it there without a
    /// deadline, and its receipt is dropped.
    ///
    /// In a task that also takes the messages, mind that the broker's confirmation comes behind the messages that it sent
    /// before. While those find no room nothing behind them is looked at. They always do, in 5.0 when [`Engine`]'s `INBOX` is
    /// `IN_FLIGHT` times `RX`; in 3.1.1, which cannot limit the broker, when `IN_FLIGHT` is also as many as the broker sends
    /// ahead (20 is usual). With less memory give the publish a deadline, or publish from another task.
    ///
    /// # Errors
    /// It can never be published, or the client was closed before the session had it.
    pub async fn publish(
        &self,
        topic: &str,
        payload: &[u8],
        options: Publish<'_, V>,
    ) -> Result<Receipt, PublishError> {
        let mut deadline = Deadline::new(options.deadline_ms);
        let placed = self.wait(|engine| engine.place((topic, payload), &options, &mut deadline));
        let id = match placed.await? {
            Placed::Ended(receipt) => return Ok(receipt),
            Placed::Open(id) => id,
        };
        let waiting = OnDrop::new(|| self.act(|engine| engine.detach(id)));
        let receipt = self.wait(|engine| engine.receipt(id, &mut deadline)).await;
        waiting.disarm();
        Ok(receipt)
    }

    /// QoS 1 and 2 publishes that the broker has not confirmed; those of a restored session are not counted.
    #[must_use]
    pub fn open_publishes(&self) -> usize {
        self.act(|engine| engine.desk.publishes.open())
    }

    // -------------------------------------------------------------------------------------------- subscribing

    /// Subscribes, and waits for the broker's answer: as long as an outage lasts. A refusal is an answer; the connection
    /// stays.
    ///
    /// From the first poll on the filter is wanted: over all connections, asked for again only when the broker lost the
    /// session. Dropping the future ends the waiting, not the subscription; [`unsubscribe`](Self::unsubscribe) does.
    ///
    /// # Errors
    /// The broker refused it, it is no filter, the table is full, or the client was closed.
    pub async fn subscribe(&self, filter: &str, qos: QoS) -> Result<QoS, SubscribeError> {
        self.subscribe_as(filter, Subscription::new(filter, qos).options)
            .await
    }

    async fn subscribe_as(&self, filter: &str, options: SubscriptionOptions) -> Result<QoS, SubscribeError> {
        self.act(|engine| engine.want(filter, Some(options)))?;
        self.wait(|engine| engine.granted(filter)).await
    }

    /// Gives a subscription up, and waits for the broker's confirmation: as long as an outage lasts. One of an earlier life
    /// of the session too. Dropping the future ends the waiting only.
    ///
    /// # Errors
    /// It is no filter, the table is full, or the client was closed.
    pub async fn unsubscribe(&self, filter: &str) -> Result<(), SubscribeError> {
        self.act(|engine| engine.want(filter, None))?;
        self.wait(|engine| engine.left(filter)).await
    }

    /// How far a subscription is; none when it was not asked for, or its refusal was told.
    #[must_use]
    pub fn subscription(&self, filter: &str) -> Option<SubscriptionState> {
        self.act(|engine| engine.desk.subscriptions.state(filter))
    }

    // ----------------------------------------------------------------------------------------------- receiving

    /// The next message, in the order they came. With the copy into `buffer` the application has it, and it is acknowledged
    /// to the broker. Dropping the future before loses none. Each message is given to one caller.
    ///
    /// Someone has to ask: once the inbox is full, QoS 0 messages are discarded and counted, and all others wait at the
    /// broker.
    ///
    /// # Errors
    /// The buffer is too small, or the client was closed and the inbox is empty.
    pub async fn next_message<'b>(&self, buffer: &'b mut [u8]) -> Result<Message<'b>, ReceiveError> {
        let head = self.wait(|engine| engine.receive(buffer, None)).await?;
        Ok(head.view(buffer))
    }

    /// The next message whose topic `filter` matches; others stay for other callers.
    ///
    /// # Errors
    /// As [`next_message`](Self::next_message).
    pub async fn next_message_of<'b>(
        &self,
        filter: &str,
        buffer: &'b mut [u8],
    ) -> Result<Message<'b>, ReceiveError> {
        let head = self.wait(|engine| engine.receive(buffer, Some(filter))).await?;
        Ok(head.view(buffer))
    }

    /// Takes the next message, of a topic that `filter` matches if there is one, without a look at it. False: there is none.
    pub fn skip_message(&self, filter: Option<&str>) -> bool {
        self.act(|engine| engine.skip(filter))
    }

    /// Messages in the inbox.
    #[must_use]
    pub fn waiting_messages(&self) -> usize {
        self.act(|engine| engine.desk.inbox.len())
    }

    // ------------------------------------------------------------------------------------------ the connection

    /// Lets the runner connect, and connect again whenever the connection is lost. That is how it starts; this is for after
    /// [`disconnect`](Self::disconnect).
    pub fn connect(&self) {
        self.act(|engine| engine.wish(Wish::On));
    }

    /// Says goodbye to the broker, which will not publish the will, stays away from then on, and waits until the transport is
    /// closed. Dropping the future ends the waiting only.
    ///
    /// What is unsent is sent before; what is not confirmed stays in the session.
    pub async fn disconnect(&self) {
        self.act(|engine| engine.wish(Wish::Off));
        self.wait(|engine| engine.is_off().then_some(())).await;
    }

    /// Cuts the connection without goodbye, and ends the runner and everything that waits: publishes that the session has
    /// are [unconfirmed](Receipt::Unconfirmed) and stay in it. A later run starts again with all that is kept here.
    pub fn close(&self) {
        self.act(|engine| engine.wish(Wish::Closed));
    }

    /// The broker accepted the connection, and it is not lost.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.act(|engine| engine.is_up())
    }

    /// Waits until it is.
    pub async fn ready(&self) {
        self.wait(|engine| engine.is_up().then_some(())).await;
    }

    /// Whether the broker is there: true when something came from it within the last second, or comes within the response
    /// time after a ping. False without a connection or a runner. Dropping the future has no effect.
    pub async fn broker_up(&self) -> bool {
        let question = self.act(Engine::ask_broker);
        self.wait(|engine| engine.broker(question)).await
    }

    /// A reader that sees every event from the oldest that is kept (16 are).
    #[must_use]
    pub fn events(&self) -> EventReader<'a, M, Engine<V, RX, TX, IN_FLIGHT, INBOX, SUBSCRIPTIONS>> {
        EventReader::new(*self, self.act(|engine| engine.desk.events.cursor()))
    }

    /// Counts since the start.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.act(|engine| engine.desk.stats)
    }
}

impl<
    M: RawMutex,
    const ALIASES: usize,
    const TOPIC: usize,
    const RX: usize,
    const TX: usize,
    const IN_FLIGHT: usize,
    const INBOX: usize,
    const SUBSCRIPTIONS: usize,
> Client<'_, M, Engine<V5<ALIASES, TOPIC>, RX, TX, IN_FLIGHT, INBOX, SUBSCRIPTIONS>>
{
    /// As [`subscribe`](Self::subscribe), with the options of 5.0.
    ///
    /// # Errors
    /// As there.
    pub async fn subscribe_with(
        &self,
        filter: &str,
        options: SubscriptionOptions,
    ) -> Result<QoS, SubscribeError> {
        self.subscribe_as(filter, options).await
    }
}
