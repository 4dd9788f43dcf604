//! The asynchronous front end: [`Shared`] holds the engine for any number of tasks or threads, a [`Client`] is what
//! each of them has in hand, and one [`Runner`] moves frames between engine and link.
//!
//! It needs no executor, timer or allocator. The lock is held for single steps only, never while bits are clocked or
//! while code of the application runs, so that neither a slow nor a panicking task holds up the link. Dropping any
//! of the futures at any time is sound; what that means is said at each method.

use core::cell::RefCell;
use core::future::poll_fn;
use core::mem;
use core::task::Poll;

use embassy_sync::blocking_mutex::Mutex;
use embassy_sync::blocking_mutex::raw::RawMutex;
use embassy_sync::waitqueue::MultiWakerRegistration;
use fivewire_link::{Link, Messages};
use fivewire_wire::command::{self, Command};
use fivewire_wire::config::Config;
use fivewire_wire::reply::{self, Reply};
use fivewire_wire::{CommandMessage, ConfigError, QoS};

use crate::calls::{CallError, CallId, CallResult};
use crate::clock::{Epoch, GetTime};
use crate::engine::{Engine, Stats};
use crate::event::Event;
use crate::on_drop::OnDrop;
use crate::opaque::opaque;
use crate::policy::Policy;
use crate::publish::{Publish, PublishError, PublishId, Receipt, Will};
use crate::queue::{Owner, Publication};
use crate::reader::EventReader;
use crate::runner::Runner;
use crate::state::StateName;
use crate::subscription::Subscription;
use crate::subscriptions::{SubscribeError, SubscriptionState};

/// Tasks that can wait at a time without waking one another more than needed.
const WAITERS: usize = 8;

/// A host for any number of tasks. `M` says who they are: `NoopRawMutex` for tasks of one executor,
/// `CriticalSectionRawMutex` for threads, cores and interrupts. The other parameters are the bounds of [`Engine`].
///
/// ```
/// use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
/// use fivewire_host::Shared;
/// static HOST: Shared<CriticalSectionRawMutex> = Shared::new();
/// ```
pub struct Shared<
    'a,
    M: RawMutex,
    const PUBLISHES: usize = 32,
    const QUEUE: usize = 4096,
    const MESSAGES: usize = 8,
    const INBOX: usize = 4096,
    const SUBSCRIPTIONS: usize = 8,
> {
    inner: Mutex<M, RefCell<Inner<'a, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>>>,
}

pub(crate) struct Inner<
    'a,
    const PUBLISHES: usize,
    const QUEUE: usize,
    const MESSAGES: usize,
    const INBOX: usize,
    const SUBSCRIPTIONS: usize,
> {
    pub(crate) engine: Engine<'a, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>,
    waiters: MultiWakerRegistration<WAITERS>,
    /// The application did something since the runner last looked.
    pub(crate) kicked: bool,
    pub(crate) runner: MultiWakerRegistration<1>,
}

impl<
    'a,
    M: RawMutex,
    const PUBLISHES: usize,
    const QUEUE: usize,
    const MESSAGES: usize,
    const INBOX: usize,
    const SUBSCRIPTIONS: usize,
> Shared<'a, M, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>
{
    /// A host that is off.
    #[must_use]
    pub const fn new() -> Self {
        let inner = Inner {
            engine: Engine::new(),
            waiters: MultiWakerRegistration::new(),
            kicked: false,
            runner: MultiWakerRegistration::new(),
        };
        Self {
            inner: Mutex::new(RefCell::new(inner)),
        }
    }

    /// A handle for a task.
    pub fn client(&'a self) -> Client<'a, M, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS> {
        Client { shared: self }
    }

    /// Starts with a reset of the bridge, and makes the runner, which has to be given time on the pins. `epoch` should
    /// differ from start to start, best random, so that a bridge notices each. To be called once; a second runner
    /// would take the first one's frames.
    ///
    /// # Errors
    /// A key of the configuration is missing or out of range; nothing was started.
    pub fn start<const TX: usize, const RX: usize>(
        &'a self,
        config: Config<'a>,
        epoch: u16,
        now_ms: u32,
    ) -> Result<
        Runner<'a, M, Link<TX, RX>, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>,
        ConfigError<'static>,
    > {
        const { crate::assert_holds(TX, RX, QUEUE, INBOX) };
        self.start_with(config, Link::new(crate::link_settings(&config, epoch)), now_ms)
    }

    /// As [`start`](Self::start), on this link; [`link_settings`](crate::link_settings) says how one is set up.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn start_with<L: Messages>(
        &'a self,
        config: Config<'a>,
        link: L,
        now_ms: u32,
    ) -> Result<Runner<'a, M, L, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>, ConfigError<'static>>
    {
        self.with(|inner| inner.engine.start(config, now_ms))?;
        Ok(Runner::new(self, link))
    }

    pub(crate) fn with<R>(
        &self,
        f: impl FnOnce(&mut Inner<'a, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>) -> R,
    ) -> R {
        self.inner.lock(|inner| f(opaque(&mut *inner.borrow_mut())))
    }

    /// Wakes every task that waits, outside the lock: a waker is someone else's code.
    pub(crate) fn wake_waiters(&self) {
        let mut waiters = self.with(|inner| mem::replace(&mut inner.waiters, MultiWakerRegistration::new()));
        waiters.wake();
    }

    /// The application did something that the link should know soon.
    fn kick<R>(
        &self,
        f: impl FnOnce(&mut Engine<'a, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>) -> R,
    ) -> R {
        let (result, mut runner) = self.with(|inner| {
            inner.kicked = true;
            (
                f(&mut inner.engine),
                mem::replace(&mut inner.runner, MultiWakerRegistration::new()),
            )
        });
        runner.wake();
        result
    }
}

impl<
    M: RawMutex,
    const PUBLISHES: usize,
    const QUEUE: usize,
    const MESSAGES: usize,
    const INBOX: usize,
    const SUBSCRIPTIONS: usize,
> Default for Shared<'_, M, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>
{
    fn default() -> Self {
        Self::new()
    }
}

/// A task's handle on the host; copy it freely. The parameters are those of [`Shared`].
pub struct Client<
    'a,
    M: RawMutex,
    const PUBLISHES: usize = 32,
    const QUEUE: usize = 4096,
    const MESSAGES: usize = 8,
    const INBOX: usize = 4096,
    const SUBSCRIPTIONS: usize = 8,
> {
    shared: &'a Shared<'a, M, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>,
}

impl<
    M: RawMutex,
    const PUBLISHES: usize,
    const QUEUE: usize,
    const MESSAGES: usize,
    const INBOX: usize,
    const SUBSCRIPTIONS: usize,
> Clone for Client<'_, M, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>
{
    fn clone(&self) -> Self {
        *self
    }
}

impl<
    M: RawMutex,
    const PUBLISHES: usize,
    const QUEUE: usize,
    const MESSAGES: usize,
    const INBOX: usize,
    const SUBSCRIPTIONS: usize,
> Copy for Client<'_, M, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>
{
}

impl<
    'a,
    M: RawMutex,
    const PUBLISHES: usize,
    const QUEUE: usize,
    const MESSAGES: usize,
    const INBOX: usize,
    const SUBSCRIPTIONS: usize,
> Client<'a, M, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>
{
    pub(crate) fn look<R>(
        &self,
        f: impl FnOnce(&mut Engine<'a, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>) -> R,
    ) -> R {
        self.shared.with(|inner| f(&mut inner.engine))
    }

    pub(crate) fn act<R>(
        &self,
        f: impl FnOnce(&mut Engine<'a, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>) -> R,
    ) -> R {
        self.shared.kick(f)
    }

    /// Waits until `ready` has something.
    pub(crate) async fn wait<R>(
        &self,
        mut ready: impl FnMut(&mut Engine<'a, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>) -> Option<R>,
    ) -> R {
        poll_fn(|context| {
            self.shared.with(|inner| match ready(&mut inner.engine) {
                Some(result) => Poll::Ready(result),
                None => {
                    inner.waiters.register(context.waker());
                    Poll::Pending
                }
            })
        })
        .await
    }

    // --------------------------------------------------------------------------------------------- publishing

    /// Publishes, and waits for the receipt: as long as an outage lasts, or the publication's time to live.
    ///
    /// With the first poll it is queued or refused. A future that is dropped later leaves it queued; it will be sent,
    /// and its receipt is dropped.
    ///
    /// # Errors
    /// The queue is full, topic or payload are invalid or too long, or the host was closed.
    pub async fn publish(
        &self,
        topic: &str,
        payload: &[u8],
        options: Publish,
    ) -> Result<Receipt, PublishError> {
        self.publish_with(topic, payload, &[], options).await
    }

    /// As [`publish`](Self::publish), with MQTT 5.0 properties as [`Engine::publish_with`] takes them.
    ///
    /// # Errors
    /// As [`publish`](Self::publish), or the properties are too long.
    pub async fn publish_with(
        &self,
        topic: &str,
        payload: &[u8],
        properties: &[u8],
        options: Publish,
    ) -> Result<Receipt, PublishError> {
        let publication = Publication {
            topic,
            payload,
            properties,
            options,
        };
        let id = self.act(|engine| engine.publish_for(Owner::Task, publication))?;
        let waiting = OnDrop::new(|| self.look(|engine| engine.detach_publish(id)));
        let receipt = self.wait(|engine| engine.take_receipt(id)).await;
        waiting.disarm();
        Ok(receipt)
    }

    /// Queues a publication and does not wait; its receipt comes by [`next_receipt`](Self::next_receipt), and someone
    /// must ask for it: until then it takes a place in the queue.
    ///
    /// # Errors
    /// As [`publish`](Self::publish).
    pub fn enqueue(&self, topic: &str, payload: &[u8], options: Publish) -> Result<PublishId, PublishError> {
        self.act(|engine| engine.publish(topic, payload, options))
    }

    /// As [`enqueue`](Self::enqueue), with MQTT 5.0 properties as [`Engine::publish_with`] takes them.
    ///
    /// # Errors
    /// As [`publish_with`](Self::publish_with).
    pub fn enqueue_with(
        &self,
        topic: &str,
        payload: &[u8],
        properties: &[u8],
        options: Publish,
    ) -> Result<PublishId, PublishError> {
        self.act(|engine| engine.publish_with(topic, payload, properties, options))
    }

    /// The next receipt of a publication made with [`enqueue`](Self::enqueue). Dropping the future loses none.
    pub async fn next_receipt(&self) -> (PublishId, Receipt) {
        self.wait(Engine::poll_receipt).await
    }

    /// Publications without a receipt yet.
    #[must_use]
    pub fn open_publishes(&self) -> usize {
        self.look(|engine| engine.open_publishes())
    }

    /// Sets the last will, or none; the bridge learns it when it is next configured.
    ///
    /// # Errors
    /// The topic is no topic name, or topic or payload are too long.
    pub fn set_will(&self, will: Option<Will<'a>>) -> Result<(), PublishError> {
        self.look(|engine| engine.set_will(will))
    }

    // -------------------------------------------------------------------------------------------- subscribing

    /// Subscribes, and waits until the broker granted it: as long as an outage lasts. From then on the subscription
    /// is kept over every reset of the bridge. Dropping the future, or later the [`Subscription`], unsubscribes.
    ///
    /// # Errors
    /// The table is full, the filter is invalid or too long, the broker refused it, or the host was closed.
    pub async fn subscribe(
        &self,
        filter: &str,
        qos: QoS,
    ) -> Result<Subscription<'a, M, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>, SubscribeError> {
        let id = self.act(|engine| engine.subscribe(filter, qos))?;
        let subscription = Subscription::new(*self, id);
        self.wait(|engine| match engine.subscription(id) {
            Some(SubscriptionState::Granted(_)) => Some(Ok(())),
            Some(SubscriptionState::Refused(reason)) => Some(Err(SubscribeError::Refused(reason))),
            Some(SubscriptionState::Wanted | SubscriptionState::Asked) => None,
            Some(SubscriptionState::Leaving) | None => Some(Err(SubscribeError::Closed)),
        })
        .await?;
        Ok(subscription)
    }

    // ------------------------------------------------------------------------------------------ other commands

    /// Sends any command that the host does not send by itself, and waits for its reply; a one-way command has none
    /// and waits until it was sent. A command that was not sent when the future is dropped never is.
    ///
    /// # Errors
    /// It cannot be sent, or was not answered in the time that the spec gives it.
    pub async fn command(&self, command: &Command<'_>) -> CallResult {
        let id = self.act(|engine| engine.call(command))?;
        self.reply(id).await
    }

    /// Sends any command that has a reply, and waits for that reply: `host.call(command::Ping { nonce: 7 }).await?.nonce`.
    ///
    /// # Errors
    /// As [`command`](Self::command).
    pub async fn call<'c, C>(&self, command: C) -> Result<C::Reply, CallError>
    where
        C: CommandMessage + Into<Command<'c>>,
        C::Reply: TryFrom<Reply>,
    {
        let reply = self.command(&command.into()).await?;
        // The engine matches replies to commands by number and op: another one cannot come.
        reply
            .and_then(|reply| reply.try_into().ok())
            .ok_or(CallError::Unsupported)
    }

    async fn reply(&self, id: CallId) -> CallResult {
        let waiting = OnDrop::new(|| self.act(|engine| engine.forget_call(id)));
        let result = self.wait(|engine| engine.poll_call(id)).await;
        waiting.disarm();
        result
    }

    /// Asks how much memory the bridge has.
    ///
    /// # Errors
    /// As [`command`](Self::command).
    pub async fn memory(&self) -> Result<reply::Memory, CallError> {
        self.call(command::Memory {}).await
    }

    /// Asks for a sign of life of the bridge's program.
    ///
    /// # Errors
    /// As [`command`](Self::command).
    pub async fn ping(&self, nonce: u8) -> Result<reply::Ping, CallError> {
        self.call(command::Ping { nonce }).await
    }

    /// Restarts the bridge's program by command; all that is under way is sent again.
    ///
    /// # Errors
    /// As [`command`](Self::command).
    pub async fn restart(&self) -> Result<(), CallError> {
        self.command(&command::Restart {}.into()).await.map(|_| ())
    }

    /// Resets the bridge by its wire, as the watchdog does; all that is under way is sent again.
    pub fn reset_bridge(&self) {
        self.act(Engine::reset_bridge);
    }

    /// The time of day, in seconds: asks the bridge, again after each pause, until it knows. Dropping the future ends
    /// the waiting, not the asking.
    pub async fn get_time(&self, how: GetTime) -> u32 {
        let before = self.act(|engine| {
            engine.want_time(how);
            engine.time_answers()
        });
        self.wait(|engine| {
            if engine.time_answers() == before {
                None
            } else {
                engine.time(how.epoch)
            }
        })
        .await
    }

    /// The time of day in seconds, from what the bridge last said; none before it did.
    #[must_use]
    pub fn time(&self, epoch: Epoch) -> Option<u32> {
        self.look(|engine| engine.time(epoch))
    }

    // -------------------------------------------------------------------------------------------------- looking

    /// Waits until the bridge runs with Wi-Fi and broker.
    pub async fn ready(&self) {
        self.wait(|engine| engine.ready().then_some(())).await;
    }

    /// True while the bridge runs with Wi-Fi and broker.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.look(|engine| engine.ready())
    }

    /// The next event. Each is given to one caller only; with several, give each its own [`events`](Self::events).
    pub async fn next_event(&self) -> Event {
        self.wait(Engine::poll_event).await
    }

    /// A reader that sees every event from the oldest that is kept (16 are).
    #[must_use]
    pub fn events(&self) -> EventReader<'a, M, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS> {
        EventReader::new(*self, self.look(|engine| engine.events().cursor()))
    }

    /// The bridge said `running` since the link came up.
    #[must_use]
    pub fn running(&self) -> bool {
        self.look(|engine| engine.running())
    }

    /// The bridge's Wi-Fi is up.
    #[must_use]
    pub fn wifi(&self) -> bool {
        self.look(|engine| engine.wifi())
    }

    /// The bridge is connected to the broker.
    #[must_use]
    pub fn broker(&self) -> bool {
        self.look(|engine| engine.broker())
    }

    /// Where the host is.
    #[must_use]
    pub fn state(&self) -> StateName {
        self.look(|engine| engine.state())
    }

    /// Counts since the start.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.look(|engine| engine.stats())
    }

    // --------------------------------------------------------------------------------------------- governing

    /// Replaces the policy that answers `specified_network`.
    pub fn set_policy(&self, policy: Policy) {
        self.look(|engine| engine.set_policy(policy));
    }

    /// Answers `specified_network` under the policy [`LeaveToApplication`](crate::Consent::LeaveToApplication).
    pub fn join_network(&self, consent: bool) {
        self.act(|engine| engine.join_network(consent));
    }

    /// Gives the bridge another configuration, at once if it is there; it begins anew what the changed keys need.
    /// `timeout` counts for the link from its next start.
    ///
    /// # Errors
    /// A key is missing or out of range; the old configuration stays.
    pub fn reconfigure(&self, config: Config<'a>) -> Result<(), ConfigError<'static>> {
        self.act(|engine| engine.reconfigure(config))
    }

    /// Stops the host: every publication that is open ends as rejected, every command fails; who waits for anything
    /// else waits on.
    pub fn close(&self) {
        self.act(Engine::close);
        self.shared.wake_waiters();
    }
}
