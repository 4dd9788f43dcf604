//! The host without its link: the application's calls, the durable data, and the state. What comes in, what goes
//! out and what time does are in the modules below. Nothing here knows pins, executors or threads.

mod bridge;
mod life;
mod receive;
mod send;
mod subscribe;

use fivewire_wire::command::Command;
use fivewire_wire::config::Config;
use fivewire_wire::{ConfigError, Reason, ResetCause};

use bridge::{Bridge, Pinged};

use crate::calls::{CallError, CallId, CallResult, Calls};
use crate::clock::{Clock, Epoch, GetTime};
use crate::event::{Cursor, Event, Events, Kept};
use crate::inbox::{Inbox, MIN_INBOX};
use crate::packet_ids::PacketIds;
use crate::policy::{Policy, default_policy};
use crate::publish::{Publish, PublishError, PublishId, Receipt, Will};
use crate::queue::{Owner, Publication, Queue};
use crate::state::{Crash, State, StateName, Transition, Why};
use crate::subscriptions::Subscriptions;
use crate::text::TextLimit;
use crate::time::Backoff;

/// Everything of a host but its link. [`Host`](crate::Host) adds the link for programs without an executor,
/// [`Shared`](crate::Shared) the tasks for programs with one; both give this type's methods to the application.
///
/// The bounds: `PUBLISHES` publications of `QUEUE` bytes in all (topics, payloads and properties) wait for their
/// receipts; `MESSAGES` messages of `INBOX` bytes in all (likewise; at least 1152: one with properties
/// that is larger the bridge refuses) wait for the application; there are
/// up to `SUBSCRIPTIONS` (at most 32) subscriptions; up to [`MAX_RECEIVED`](crate::MAX_RECEIVED) QoS 2 messages were
/// taken and not yet released by the broker.
///
/// Time is `now_ms`: milliseconds that only grow and wrap at 2^32, from any start.
#[derive(Debug)]
#[repr(C)]
pub struct Engine<
    'a,
    const PUBLISHES: usize = 32,
    const QUEUE: usize = 4096,
    const MESSAGES: usize = 8,
    const INBOX: usize = 4096,
    const SUBSCRIPTIONS: usize = 8,
> {
    now: u32,
    state: State,
    crash: Option<Crash>,
    bridge: Bridge,
    /// The host was connected to this broker before.
    resumed: bool,
    /// The configuration the bridge is given next is for another session: packet identifiers lose their meaning.
    other_session: bool,
    changed: bool,
    packet_ids: PacketIds,
    lamp: Lamp,
    consent: Option<Answer>,
    backoff: Backoff,
    asked: u32,
    cursor: Cursor,
    policy: Policy,
    clock: Clock,
    stats: Stats,
    will: Option<Will<'a>>,
    config: Option<Config<'a>>,
    subscriptions: Subscriptions<SUBSCRIPTIONS>,
    calls: Calls,
    events: Events,
    inbox: Inbox<MESSAGES, INBOX>,
    queue: Queue<PUBLISHES, QUEUE>,
}

/// The answer to `specified_network` and when to give it.
#[derive(Clone, Copy, Debug)]
struct Answer {
    at: u32,
    consent: bool,
}

/// The heartbeat LED.
#[derive(Clone, Copy, Debug)]
struct Lamp {
    lit: bool,
    toggle_at: u32,
}

/// Counts of what happened, since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Times the bridge said `running`.
    pub starts: u32,
    /// Reset pulses.
    pub resets: u32,
    /// Messages received.
    pub messages: u32,
    /// Of those, messages that matched no subscription; they were accepted and dropped.
    pub unmatched: u32,
    /// Of those, QoS 2 messages that had come before.
    pub repeated: u32,
    /// Messages of a lost link that were dropped, unaccepted, to make room.
    pub discarded: u32,
    /// Frames of the bridge that could not be decoded or that nothing waited for.
    pub stray: u32,
}

impl<
    'a,
    const PUBLISHES: usize,
    const QUEUE: usize,
    const MESSAGES: usize,
    const INBOX: usize,
    const SUBSCRIPTIONS: usize,
> Engine<'a, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>
{
    /// A host that is off.
    #[must_use]
    pub const fn new() -> Self {
        const {
            assert!(
                INBOX >= MIN_INBOX,
                "the inbox must hold the largest message without properties, 1152 bytes"
            )
        };
        const {
            assert!(
                MESSAGES >= 1 && MESSAGES <= 32,
                "the spec allows 1 to 32 messages in the inbox"
            )
        };
        Self {
            now: 0,
            state: State::Off,
            config: None,
            will: None,
            resumed: false,
            other_session: false,
            packet_ids: PacketIds::new(),
            subscriptions: Subscriptions::new(),
            queue: Queue::new(),
            inbox: Inbox::new(),
            calls: Calls::new(),
            clock: Clock::new(),
            events: Events::new(),
            cursor: Cursor::new(),
            policy: default_policy,
            bridge: Bridge::new(),
            consent: None,
            backoff: Backoff::new(),
            asked: 0,
            lamp: Lamp {
                lit: false,
                toggle_at: 0,
            },
            crash: None,
            changed: false,
            stats: Stats::new(),
        }
    }

    // ------------------------------------------------------------------------------------------ start and stop

    /// Starts, with a reset of the bridge; it may be given messages and subscriptions before.
    ///
    /// # Errors
    /// A key of the configuration is missing or out of range; nothing was started.
    pub fn start(&mut self, config: Config<'a>, now_ms: u32) -> Result<(), ConfigError<'static>> {
        config.validate()?;
        self.now = now_ms;
        self.config = Some(config);
        self.crash = None;
        self.lamp.toggle_at = now_ms;
        self.begin_reset(Why::Start);
        Ok(())
    }

    /// Gives the bridge another configuration, at once if it is there; it begins anew what the changed keys need.
    /// `timeout` counts for the link from its next start.
    ///
    /// # Errors
    /// A key is missing or out of range; the old configuration stays.
    pub fn reconfigure(&mut self, config: Config<'a>) -> Result<(), ConfigError<'static>> {
        config.validate()?;
        if !is_same_session(self.settings(), &config) {
            self.resumed = false;
            self.other_session = true;
        }
        self.config = Some(config);
        if self.state.is_linked() {
            self.begin_configuring(Why::NewConfig);
        }
        Ok(())
    }

    /// Stops: every publication that is open ends as rejected, every call fails. The bridge keeps running; its last
    /// will is published when it is reset or loses power.
    pub fn close(&mut self) {
        self.queue.reject_all(Reason::NotConnected);
        self.calls.close();
        self.forget_bridge();
        self.transition(State::Off, Why::Close);
    }

    /// Resets the bridge, as the watchdog does.
    pub fn reset_bridge(&mut self) {
        self.crash = Some(Crash::Requested);
    }

    /// Replaces the policy that answers `specified_network`.
    pub fn set_policy(&mut self, policy: Policy) {
        self.policy = policy;
    }

    /// Answers `specified_network` under the policy [`LeaveToApplication`](crate::Consent::LeaveToApplication).
    pub fn join_network(&mut self, consent: bool) {
        self.consent = Some(Answer {
            at: self.now,
            consent,
        });
    }

    // --------------------------------------------------------------------------------------------- publishing

    /// Queues a publication. Its receipt comes by [`poll_receipt`](Self::poll_receipt), exactly one. All waiting is
    /// the queue's: this returns at once, whatever the bridge does.
    ///
    /// # Errors
    /// The queue is full, topic or payload are invalid or too long, a bridge of the MicroPython system cannot be told it,
    /// or the host was closed.
    pub fn publish(
        &mut self,
        topic: &str,
        payload: &[u8],
        options: Publish,
    ) -> Result<PublishId, PublishError> {
        self.publish_with(topic, payload, &[], options)
    }

    /// As [`publish`](Self::publish), with MQTT 5.0 properties of PUBLISH as the standard encodes them (2.2.2), without
    /// their length: up to 224 bytes. `fivewire_mqtt::v5` writes them; they are passed on as they are. A bridge of
    /// revision 1 of the protocol, and one that speaks MQTT 3.1.1, reject the publication.
    ///
    /// # Errors
    /// As [`publish`](Self::publish), or the properties are too long.
    pub fn publish_with(
        &mut self,
        topic: &str,
        payload: &[u8],
        properties: &[u8],
        options: Publish,
    ) -> Result<PublishId, PublishError> {
        let publication = Publication {
            topic,
            payload,
            properties,
            options,
        };
        self.publish_for(Owner::Poll, publication)
    }

    pub(crate) fn publish_for(
        &mut self,
        owner: Owner,
        publication: Publication<'_>,
    ) -> Result<PublishId, PublishError> {
        if self.is_closed() {
            return Err(PublishError::Closed);
        }
        let Publication {
            topic,
            payload,
            properties,
            options,
        } = publication;
        if let Some(limit) = self.text_limit(|| TextLimit::of(topic, payload, properties, options.qos)) {
            return Err(PublishError::NotInText(limit));
        }
        let id = self.queue.accept(self.now, publication, owner)?;
        self.changed = true;
        Ok(id)
    }

    /// The next receipt of a publication made with [`publish`](Self::publish). An entry of the queue stays taken until
    /// its receipt was; one with QoS 2 that was given up also until the broker released it.
    pub fn poll_receipt(&mut self) -> Option<(PublishId, Receipt)> {
        self.queue.poll_receipt()
    }

    pub(crate) fn take_receipt(&mut self, id: PublishId) -> Option<Receipt> {
        self.queue.take_receipt(id)
    }

    pub(crate) fn detach_publish(&mut self, id: PublishId) {
        self.queue.detach(id);
    }

    /// Publications without a receipt yet.
    #[must_use]
    pub fn open_publishes(&self) -> usize {
        self.queue.open()
    }

    /// Sets the last will, or none. The bridge learns it when it is next configured: set it before the start.
    ///
    /// # Errors
    /// The topic is no topic name, topic or payload are too long, or the bridge that is there, one of the MicroPython
    /// system, cannot be told it; the old will stays. Such a bridge that comes later refuses it as a whole
    /// ([`StateName::Misconfigured`]).
    pub fn set_will(&mut self, will: Option<Will<'a>>) -> Result<(), PublishError> {
        if let Some(will) = &will {
            will.check()?;
            let limit = self.text_limit(|| TextLimit::of(will.topic, will.payload, &[], will.qos));
            limit.map_or(Ok(()), |limit| Err(PublishError::NotInText(limit)))?;
        }
        self.will = will;
        Ok(())
    }

    // ------------------------------------------------------------------------------------------ other commands

    /// Sends any command that the host has no method for, or `memory`, `ping` and `restart`. Its outcome comes by
    /// [`poll_call`](Self::poll_call).
    ///
    /// # Errors
    /// Too many are under way, a field is out of bounds, the bridge is older than the command, is not there, or the
    /// host sends this command by itself.
    pub fn call(&mut self, command: &Command<'_>) -> Result<CallId, CallError> {
        if self.is_closed() {
            return Err(CallError::Closed);
        }
        if self.state.is_linked() && command.since() > self.bridge.revision {
            return Err(CallError::Unsupported);
        }
        self.calls.accept(self.now, command, self.state.is_configured())
    }

    /// The outcome of a call, once.
    pub fn poll_call(&mut self, id: CallId) -> Option<CallResult> {
        self.calls.take(id)
    }

    /// Gives up waiting for a call; it is not sent if it was not.
    pub fn forget_call(&mut self, id: CallId) {
        self.calls.forget(id);
    }

    /// Asks for the time of day as soon as the bridge runs, again and again until it is known; then
    /// [`Event::Time`] says so and [`time`](Self::time) knows it.
    pub fn want_time(&mut self, how: GetTime) {
        self.clock.want(self.now, how.pause_ms);
    }

    pub(crate) fn time_answers(&self) -> u32 {
        self.clock.answers()
    }

    /// The time of day in seconds of that epoch, if the bridge said so once since the start.
    #[must_use]
    pub fn time(&self, epoch: Epoch) -> Option<u32> {
        self.clock
            .unix_time(self.now)
            .map(|unix_time| epoch.seconds(unix_time))
    }

    // -------------------------------------------------------------------------------------------------- looking

    /// The next event that this method has not shown; the oldest are dropped when it is not called often enough.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.next(&mut self.cursor).map(|(event, _)| event)
    }

    pub(crate) fn events(&self) -> &Events {
        &self.events
    }

    /// Where the host is.
    #[must_use]
    pub fn state(&self) -> StateName {
        self.state.name()
    }

    /// The bridge said `running` since the link came up.
    #[must_use]
    pub fn running(&self) -> bool {
        matches!(self.state, State::Running)
    }

    /// The bridge's Wi-Fi is up. False while there is no bridge.
    #[must_use]
    pub fn wifi(&self) -> bool {
        self.bridge.wifi
    }

    /// The bridge is connected to the broker. False while there is no bridge.
    #[must_use]
    pub fn broker(&self) -> bool {
        self.bridge.broker
    }

    /// The bridge is one of the MicroPython system, which can be told much less. False while there is no bridge.
    #[must_use]
    pub fn is_text(&self) -> bool {
        self.bridge.text
    }

    /// Running, with Wi-Fi and broker: a publication would be sent now.
    #[must_use]
    pub fn ready(&self) -> bool {
        self.running() && self.wifi() && self.broker()
    }

    /// Why the bridge last started; none before it said so.
    #[must_use]
    pub fn reset_cause(&self) -> Option<ResetCause> {
        self.bridge.cause
    }

    /// Counts since the start.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.stats
    }

    /// True while the reset wire must be asserted (driven low). The link must rest meanwhile.
    #[must_use]
    pub fn reset_asserted(&self) -> bool {
        matches!(self.state, State::Resetting { .. })
    }

    /// Level of the heartbeat LED: it changes every 500 ms.
    #[must_use]
    pub fn led(&self) -> bool {
        self.lamp.lit
    }

    /// True once since the application had something to look at.
    pub(crate) fn take_changed(&mut self) -> bool {
        core::mem::take(&mut self.changed)
    }

    pub(crate) const fn now(&self) -> u32 {
        self.now
    }

    fn is_closed(&self) -> bool {
        matches!(self.state, State::Off) && self.config.is_some()
    }

    // ---------------------------------------------------------------------------------------------- for inside

    /// What stands against it, if the bridge is one of the MicroPython system.
    fn text_limit(&self, limit: impl FnOnce() -> Option<TextLimit>) -> Option<TextLimit> {
        if self.is_text() { limit() } else { None }
    }

    fn tell(&mut self, event: Kept) {
        self.events.push(event);
        self.changed = true;
    }

    /// The only place where the state changes its kind.
    fn transition(&mut self, to: State, why: Why) {
        let (from, to_name) = (self.state.name(), to.name());
        self.state = to;
        self.tell(Event::State(Transition {
            from,
            to: to_name,
            why,
        }));
    }
}

/// True when a broker that keeps a session for one takes the other for the same client. (An empty `client_id` is the
/// bridge's own.)
fn is_same_session(one: &Config<'_>, other: &Config<'_>) -> bool {
    (one.broker, one.port, one.client_id) == (other.broker, other.port, other.client_id)
}

impl Stats {
    const fn new() -> Self {
        Self {
            starts: 0,
            resets: 0,
            messages: 0,
            unmatched: 0,
            repeated: 0,
            discarded: 0,
            stray: 0,
        }
    }
}

impl<
    const PUBLISHES: usize,
    const QUEUE: usize,
    const MESSAGES: usize,
    const INBOX: usize,
    const SUBSCRIPTIONS: usize,
> Default for Engine<'_, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>
{
    fn default() -> Self {
        Self::new()
    }
}
