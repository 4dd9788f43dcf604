//! One transport from CONNECT to its end: its state, its buffers, its time limits.
//!
//! Not here: what it does with received packets (see `incoming`), what must outlive it (see `session`), and the
//! transport itself.

use crate::clock::{deadline, passed};
use crate::error::{Cause, Error};
use crate::inbox::Inbox;
use crate::incoming::Headless;
use crate::keep_alive::{Limits, Live};
use crate::options::ConnectOptions;
use crate::packet::{Connect, EncodeError, FixedHeader};
use crate::receipts::Receipts;

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

pub(crate) struct Connection<const RX: usize, const IN_FLIGHT: usize> {
    pub(crate) state: State,
    pub(crate) inbox: Inbox<RX>,
    pub(crate) receipts: Receipts<IN_FLIGHT>,
    limits: Limits,
    /// Bytes of the message that the application looks at.
    pub(crate) delivered: usize,
    /// The application wants the same message again.
    pub(crate) kept: bool,
    /// The application held input back, so a silence may be its own.
    pub(crate) held: bool,
    pub(crate) headless: Option<Headless>,
}

impl<const RX: usize, const IN_FLIGHT: usize> Connection<RX, IN_FLIGHT> {
    pub(crate) const fn new() -> Self {
        Self {
            state: State::Closed,
            inbox: Inbox::new(),
            receipts: Receipts::new(),
            limits: Limits::NONE,
            delivered: 0,
            kept: false,
            held: false,
            headless: None,
        }
    }

    /// A fresh transport: nothing of an earlier one is left, no half packet either.
    pub(crate) fn open(&mut self, now_ms: u32, options: &ConnectOptions<'_>) -> Result<(), Error> {
        let connect = Connect::from(options);
        self.inbox
            .lend(|out| connect.encode(out))
            .map_err(|error| match error {
                EncodeError::Full | EncodeError::TooLong => Error::TooLarge,
            })?;
        self.limits = Limits::of(options);
        self.enter(State::Connecting(Opening {
            since_ms: now_ms,
            clean_session: options.clean_session,
        }));
        Ok(())
    }

    pub(crate) fn set_time_limits(&mut self, response_ms: u32, ack_ms: u32) {
        self.limits = Limits {
            response_ms,
            ack_ms,
            ..self.limits
        };
    }

    /// The connection stands.
    pub(crate) fn established(&mut self, now_ms: u32) {
        self.enter(State::Up(Live::new(now_ms)));
    }

    /// The transport is gone.
    pub(crate) fn close(&mut self) {
        self.inbox.clear();
        self.receipts.restart();
        self.delivered = 0;
        self.kept = false;
        self.held = false;
        self.headless = None;
        self.enter(State::Closed);
    }

    pub(crate) fn enter(&mut self, next: State) {
        self.state = next;
    }

    pub(crate) const fn is_up(&self) -> bool {
        matches!(self.state, State::Up(_))
    }

    /// How many of the bytes are taken.
    pub(crate) fn handle_input(&mut self, now_ms: u32, bytes: &[u8]) -> usize {
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

    /// The transport took bytes of the CONNECT.
    pub(crate) fn connect_sent(&mut self, opening: Opening, len: usize) {
        self.inbox.advance(len);
        if self.inbox.unread().is_empty() {
            self.inbox.clear();
            self.enter(State::AwaitingConnack(opening));
        }
    }

    /// The message that was delivered last is done with, unless it was kept.
    pub(crate) fn release(&mut self) {
        if self.delivered > 0 {
            self.inbox.advance(self.delivered);
            self.delivered = 0;
        }
    }

    pub(crate) fn keep_message(&mut self) {
        // Not one that goes by: it is acknowledged already.
        if self.delivered > 0 && self.delivered <= RX {
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
    pub(crate) fn handle_timeout(&mut self, now_ms: u32, unanswered: bool) -> bool {
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
        let holding = match FixedHeader::decode(self.inbox.unread()) {
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

    pub(crate) fn poll_timeout(&self, unanswered: bool) -> Option<u32> {
        match self.state {
            State::Closed | State::Lost(_) | State::Disconnecting => None,
            State::Connecting(opening) | State::AwaitingConnack(opening) => {
                deadline(opening.since_ms, self.limits.response_ms)
            }
            State::Up(live) => live.deadline(&self.limits, unanswered),
        }
    }
}
