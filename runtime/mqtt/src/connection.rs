//! One transport from CONNECT to its end: its state, its buffers, its time limits, its bytes.
//!
//! Not here: what it does with received packets (see `incoming`), what it sends for its caller (see `requests`), what
//! must outlive it (see `session`), and the transport itself.

use core::fmt;

use crate::clock::{deadline, passed};
use crate::error::{Cause, Error};
use crate::inbox::Inbox;
use crate::keep_alive::{Limits, Live};
use crate::messages::Headless;
use crate::options::ConnectOptions;
use crate::packet::{Connect, EncodeError};
use crate::receipts::Receipts;
use crate::session::{Session, check_options};
use crate::v5::Extra as _;
use crate::version::{V311, Version};

/// Where the connection is. `Closed` also while a transport is open that has to be closed.
///
/// `repr` makes `Closed` all zeros, so that a static client starts as zeroed memory and takes no flash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum State {
    Closed,
    /// As `Closed`, and not reported yet.
    Lost(Cause),
    /// CONNECT is not sent in full.
    Connecting(Opening),
    /// CONNECT is sent; nothing but CONNACK may come [MQTT-3.2.0-1].
    AwaitingConnack(Opening),
    Up(Live),
    /// DISCONNECT is queued; nothing may follow it [MQTT-3.14.4-2].
    Disconnecting,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Opening {
    since_ms: u32,
    pub(crate) clean_session: bool,
}

/// Whether the caller is being told of requests that cannot go out again, before all others do. `No` is zero, as
/// [`State::Closed`] is.
#[derive(Clone, Copy)]
#[repr(u8)]
pub(crate) enum Resuming {
    No,
    /// The broker has the session, or not.
    With {
        session_present: bool,
    },
}

/// One transport to the broker, for a [`Session`] that the caller gives to each call: always the same one while the
/// transport lives. [`Client`](crate::Client) is both in one.
///
/// `RX`: bytes of the receive buffer; a longer message is [discarded](crate::Event::Discarded), and CONNECT must fit. `V`:
/// the version of MQTT, [`V311`] or [`v5::V5`](crate::v5::V5).
///
/// Time is `now_ms`, milliseconds that may wrap. After each call that can change something (input above all), ask
/// `poll_event` until it says `None`, write [`output`](Self::output), and sleep until
/// [`poll_timeout`](Self::poll_timeout) at most.
pub struct Connection<const RX: usize, const IN_FLIGHT: usize, V: Version = V311> {
    pub(crate) state: State,
    pub(crate) inbox: Inbox<RX>,
    pub(crate) receipts: Receipts<IN_FLIGHT>,
    pub(crate) limits: Limits,
    /// Bytes of the packet that the application looks at.
    pub(crate) delivered: usize,
    /// The application wants the same message again.
    pub(crate) kept: bool,
    /// The application held input back, so a silence may be its own.
    pub(crate) held: bool,
    pub(crate) headless: Option<Headless>,
    pub(crate) resuming: Resuming,
    /// The time of the latest call that told it.
    pub(crate) now_ms: u32,
    /// What was delivered is a message, which can be kept.
    pub(crate) is_message: bool,
    /// QoS 2 goes on only when the caller has noted each step.
    pub(crate) defers: bool,
    pub(crate) extra: V::Extra,
}

impl<const RX: usize, const IN_FLIGHT: usize, V: Version> Connection<RX, IN_FLIGHT, V> {
    const BUFFERS_ARE_USABLE: () = assert!(RX >= 32 && IN_FLIGHT >= 1, "buffers too small");

    /// Without a transport.
    #[must_use]
    pub const fn new() -> Self {
        let () = Self::BUFFERS_ARE_USABLE;
        Self {
            state: State::Closed,
            inbox: Inbox::new(),
            receipts: Receipts::new(),
            limits: Limits::NONE,
            delivered: 0,
            kept: false,
            held: false,
            headless: None,
            resuming: Resuming::No,
            now_ms: 0,
            is_message: false,
            defers: false,
            extra: <V::Extra as crate::v5::Extra>::NEW,
        }
    }

    /// From now on the caller keeps the books of QoS 2, as one that outlives this program: it is told of
    /// [`Received`](crate::Event::Received) and [`Released`](crate::Event::Released), and the protocol goes on when it says
    /// [`release`](Self::release) and [`complete`](Self::complete). A crash between any two steps is then mended by saying the
    /// same to a new session. Its own record of messages received serves only within its life.
    pub const fn defer_qos2(&mut self) {
        self.defers = true;
    }

    /// Makes CONNECT the first output, after all of an earlier transport is gone.
    pub(crate) fn open<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        options: &ConnectOptions<'_>,
        encode: impl FnOnce(&mut [u8]) -> Result<usize, EncodeError>,
    ) -> Result<(), Error> {
        session.speak(V::LEVEL)?;
        self.inbox.lend(encode).map_err(|error| match error {
            EncodeError::Full | EncodeError::TooLong => Error::TooLarge,
        })?;
        self.limits = Limits::of(options);
        self.enter(State::Connecting(Opening {
            since_ms: self.now_ms,
            clean_session: options.clean_session,
        }));
        Ok(())
    }

    /// The transport is gone. Requests stay, and go out again after the next `connect`. Take all
    /// events before: what was received and not looked at is dropped.
    pub fn transport_closed<const TX: usize>(&mut self, session: &mut Session<TX, IN_FLIGHT>) {
        session.suspend();
        self.inbox.clear();
        self.receipts.restart();
        self.delivered = 0;
        self.kept = false;
        self.held = false;
        self.headless = None;
        self.resuming = Resuming::No;
        self.extra.restart();
        self.enter(State::Closed);
    }

    /// Bytes came from the transport. Says how many were taken: fewer when the buffer is full of what
    /// `poll_event` has not handed out; offer the rest again after that.
    pub fn handle_input(&mut self, now_ms: u32, bytes: &[u8]) -> usize {
        self.now_ms = now_ms;
        match &mut self.state {
            // Nobody will look at them.
            State::Closed | State::Lost(_) | State::Disconnecting => return bytes.len(),
            // The buffer still holds the CONNECT; no broker answers before it has read that.
            State::Connecting(_) => return 0,
            State::AwaitingConnack(_) => {}
            State::Up(live) => {
                if !bytes.is_empty() {
                    live.heard(now_ms);
                }
            }
        }
        self.inbox.fill(bytes)
    }

    /// All bytes that wait for the transport, in one piece.
    #[must_use]
    pub fn output<'a, const TX: usize>(&'a self, session: &'a Session<TX, IN_FLIGHT>) -> &'a [u8] {
        match self.state {
            State::Closed | State::Lost(_) | State::AwaitingConnack(_) => &[],
            State::Connecting(_) => self.inbox.unread(),
            State::Up(_) | State::Disconnecting => session.outbox.unsent(),
        }
    }

    /// The transport took the first `len` bytes of [`output`](Self::output).
    pub fn consume_output<const TX: usize>(&mut self, session: &mut Session<TX, IN_FLIGHT>, len: usize) {
        match &mut self.state {
            State::Closed | State::Lost(_) | State::AwaitingConnack(_) => {}
            State::Connecting(opening) => {
                let opening = *opening;
                self.connect_sent(opening, len);
            }
            State::Up(live) => {
                if len > 0 {
                    live.sent(self.now_ms);
                }
                session.outbox.consume(len);
                self.flush_receipts(session);
            }
            State::Disconnecting => {
                session.outbox.consume(len);
                if session.outbox.unsent().is_empty() {
                    self.enter(State::Closed);
                }
            }
        }
    }

    /// Does what is due by time. May make output (PINGREQ) or an event ([`Lost`](crate::Event::Lost)).
    pub fn handle_timeout<const TX: usize>(&mut self, session: &mut Session<TX, IN_FLIGHT>, now_ms: u32) {
        self.now_ms = now_ms;
        if !self.is_ping_due(now_ms, session.in_flight() > 0) {
            return;
        }
        if let State::Up(live) = &mut self.state {
            // A transport that takes nothing needs no second PINGREQ behind the first.
            if !live.is_pinging() || session.outbox.unsent().is_empty() {
                session.ping();
            }
            live.pinged(now_ms);
        }
    }

    /// Asks the broker for a sign of life now, whatever the ping interval: a PINGREQ is queued, and the response time
    /// counts from here. Without a connection nothing happens.
    pub fn ping<const TX: usize>(&mut self, session: &mut Session<TX, IN_FLIGHT>, now_ms: u32) {
        self.now_ms = now_ms;
        if let State::Up(live) = &mut self.state {
            session.ping();
            live.pinged(now_ms);
        }
    }

    /// When [`handle_timeout`](Self::handle_timeout) has something to do, if nothing else happens before: an
    /// instant of the clock that `now_ms` comes from.
    #[must_use]
    pub fn poll_timeout<const TX: usize>(&self, session: &Session<TX, IN_FLIGHT>) -> Option<u32> {
        match self.state {
            State::Closed | State::Lost(_) | State::Disconnecting => None,
            State::Connecting(opening) | State::AwaitingConnack(opening) => {
                deadline(opening.since_ms, self.limits.response_ms)
            }
            State::Up(live) => live.deadline(&self.limits, session.in_flight() > 0),
        }
    }

    /// Changes the time limits of the present connection; both as in [`ConnectOptions`].
    pub fn set_time_limits(&mut self, response_time_ms: u32, puback_time_ms: u32) {
        self.limits = Limits {
            response_ms: response_time_ms,
            ack_ms: puback_time_ms,
            ..self.limits
        };
    }

    /// The broker accepted the connection, and it is not lost.
    #[must_use]
    pub const fn is_up(&self) -> bool {
        matches!(self.state, State::Up(_))
    }

    pub(crate) fn enter(&mut self, next: State) {
        self.state = next;
    }

    /// The connection stands.
    pub(crate) fn established(&mut self) {
        self.enter(State::Up(Live::new(self.now_ms)));
    }

    /// The transport took bytes of the CONNECT.
    fn connect_sent(&mut self, opening: Opening, len: usize) {
        self.inbox.advance(len);
        if self.inbox.unread().is_empty() {
            self.inbox.clear();
            self.enter(State::AwaitingConnack(opening));
        }
    }

    /// The message that was delivered last is done with, unless it was kept.
    pub(crate) fn done_with_delivered(&mut self) {
        if self.delivered > 0 {
            self.inbox.advance(self.delivered);
            self.delivered = 0;
        }
        self.is_message = false;
    }

    /// The application has no room for the message that `poll_event` just gave: the next call
    /// gives it again. Until then nothing behind it is looked at, and the time limits of the broker stand still.
    pub fn keep_message(&mut self) {
        // Not one that goes by: it is acknowledged already.
        if self.is_message && self.delivered > 0 && self.delivered <= RX {
            self.delivered = 0;
            self.kept = true;
            self.held = true;
        }
    }

    /// Why the connection was lost, once.
    pub(crate) fn take_lost(&mut self) -> Option<Cause> {
        let State::Lost(cause) = self.state else {
            return None;
        };
        self.enter(State::Closed);
        Some(cause)
    }

    /// Checks all limits; true when a PINGREQ is due.
    fn is_ping_due(&mut self, now_ms: u32, unanswered: bool) -> bool {
        match self.state {
            State::Closed | State::Lost(_) | State::Disconnecting => false,
            State::Connecting(opening) | State::AwaitingConnack(opening) => {
                if passed(now_ms, opening.since_ms, self.limits.response_ms) {
                    self.enter(State::Lost(Cause::ConnackTimeout));
                }
                false
            }
            State::Up(live) => match live.overdue(now_ms, &self.limits, unanswered) {
                Some(cause) if !self.excused(now_ms) => {
                    self.enter(State::Lost(cause));
                    false
                }
                Some(_) | None => live.is_ping_due(now_ms, &self.limits),
            },
        }
    }

    /// When the application held input back, what is missed may lie in it: all limits start anew.
    fn excused(&mut self, now_ms: u32) -> bool {
        let holding = match self.header() {
            _ if self.headless.is_some() => false,
            Ok(Some(header)) => header.total() <= self.inbox.unread().len() || header.total() > RX,
            Ok(None) => false,
            Err(_) => true,
        };
        let excused = holding || self.held;
        self.held = holding;
        if let State::Up(live) = &mut self.state
            && excused
        {
            live.excuse(now_ms);
        }
        excused
    }
}

impl<const RX: usize, const IN_FLIGHT: usize> Connection<RX, IN_FLIGHT, V311> {
    /// A transport to the broker is open: CONNECT becomes the first output [MQTT-3.1.0-1]. Nothing of an earlier
    /// transport is left, no half packet either; the session is kept.
    ///
    /// # Errors
    /// What no broker could accept, and [`Error::TooLarge`] when CONNECT does not fit into `RX` bytes. There is no
    /// connection then.
    pub fn connect<const TX: usize>(
        &mut self,
        session: &mut Session<TX, IN_FLIGHT>,
        now_ms: u32,
        options: &ConnectOptions<'_>,
    ) -> Result<(), Error> {
        self.now_ms = now_ms;
        self.transport_closed(session);
        check_options(options)?;
        if options.user.is_none() && options.password.is_some() {
            return Err(Error::PasswordWithoutUser);
        }
        if options.client_id.is_empty() && !options.clean_session {
            return Err(Error::NoClientId);
        }
        self.open(session, options, |out| Connect::from(options).encode(out))
    }
}

impl<const RX: usize, const IN_FLIGHT: usize, V: Version> Default for Connection<RX, IN_FLIGHT, V> {
    fn default() -> Self {
        Self::new()
    }
}

/// The buffer may hold a password and is left out.
impl<const RX: usize, const IN_FLIGHT: usize, V: Version> fmt::Debug for Connection<RX, IN_FLIGHT, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}
