//! The time limits of an established connection: when to ping, and when the broker is to be given up.
//!
//! Any byte from the broker is a sign of life: while messages flood in, a PINGRESP may be a long way behind them. Not
//! here: the packets.

use crate::clock::{deadline, earlier, later, passed};
use crate::error::Cause;
use crate::options::ConnectOptions;

/// Limits in milliseconds; 0 = never.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) ping_interval_ms: u32,
    /// What the caller wanted of it, for another keep alive.
    pub(crate) chosen_interval_ms: u32,
    pub(crate) response_ms: u32,
    pub(crate) ack_ms: u32,
}

impl Limits {
    pub(crate) const NONE: Self = Self {
        ping_interval_ms: 0,
        chosen_interval_ms: 0,
        response_ms: 0,
        ack_ms: 0,
    };

    pub(crate) fn of(options: &ConnectOptions<'_>) -> Self {
        Self {
            ping_interval_ms: options.effective_ping_interval_ms(),
            chosen_interval_ms: options.ping_interval_ms,
            response_ms: options.response_time_ms,
            ack_ms: options.puback_time_ms,
        }
    }

    /// The broker wants this keep alive instead of the one in CONNECT [MQTT-3.2.2-21].
    pub(crate) fn set_keep_alive(&mut self, keep_alive_s: u16) {
        self.ping_interval_ms = ConnectOptions {
            keep_alive_s,
            ping_interval_ms: self.chosen_interval_ms,
            ..ConnectOptions::new("")
        }
        .effective_ping_interval_ms();
    }
}

/// Instants of an established connection, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Live {
    /// The transport last took something.
    sent_ms: u32,
    /// Something last came in.
    heard_ms: u32,
    /// The oldest PINGREQ without a PINGRESP.
    ping_ms: Option<u32>,
    /// A request was last answered, or the first one made.
    progress_ms: u32,
}

impl Live {
    pub(crate) const fn new(now_ms: u32) -> Self {
        Self {
            sent_ms: now_ms,
            heard_ms: now_ms,
            ping_ms: None,
            progress_ms: now_ms,
        }
    }

    pub(crate) fn sent(&mut self, now_ms: u32) {
        self.sent_ms = now_ms;
    }

    pub(crate) fn heard(&mut self, now_ms: u32) {
        self.heard_ms = now_ms;
    }

    pub(crate) fn progressed(&mut self, now_ms: u32) {
        self.progress_ms = now_ms;
    }

    /// PINGREQ is queued, or something before it that the transport does not take: either way the broker has to show
    /// itself, and the next silence counts from here.
    pub(crate) fn pinged(&mut self, now_ms: u32) {
        self.sent_ms = now_ms;
        self.ping_ms = self.ping_ms.or(Some(now_ms));
    }

    pub(crate) fn ponged(&mut self) {
        self.ping_ms = None;
    }

    /// A PINGREQ waits for its answer.
    pub(crate) const fn is_pinging(&self) -> bool {
        self.ping_ms.is_some()
    }

    /// What is missed may lie in input that this end did not look at: start all over.
    pub(crate) fn excuse(&mut self, now_ms: u32) {
        self.heard_ms = now_ms;
        self.progress_ms = now_ms;
    }

    /// Only silence of this end asks for a PINGREQ (MQTT 3.1.2.10).
    pub(crate) fn is_ping_due(&self, now_ms: u32, limits: &Limits) -> bool {
        passed(now_ms, self.sent_ms, limits.ping_interval_ms)
    }

    /// Why the connection is to be given up, if it is. `unanswered`: some request waits.
    pub(crate) fn overdue(&self, now_ms: u32, limits: &Limits, unanswered: bool) -> Option<Cause> {
        let silent = |ping_ms| passed(now_ms, later(ping_ms, self.heard_ms), limits.response_ms);
        if self.ping_ms.is_some_and(silent) {
            Some(Cause::PingTimeout)
        } else if unanswered && passed(now_ms, self.progress_ms, limits.ack_ms) {
            Some(Cause::AckTimeout)
        } else {
            None
        }
    }

    /// The next instant at which one of the limits is reached.
    pub(crate) fn deadline(&self, limits: &Limits, unanswered: bool) -> Option<u32> {
        let ping = deadline(self.sent_ms, limits.ping_interval_ms);
        let heard = |ping_ms| deadline(later(ping_ms, self.heard_ms), limits.response_ms);
        let ack = if unanswered {
            deadline(self.progress_ms, limits.ack_ms)
        } else {
            None
        };
        earlier(earlier(ping, self.ping_ms.and_then(heard)), ack)
    }
}
