//! The time query: asks an SNTP server when the host asks, a few times, and answers within five seconds. It keeps
//! no time itself, and nothing else waits for it. No test of the internet comes first, so that a server on the local
//! network serves as well.

use fivewire_wire::config::Config;
use fivewire_wire::{LogLevel, Ticket, event, reply};
use heapless::Vec;

use crate::io::Io;
use crate::note::Machine;
use crate::platform::Platform;
use crate::sntp::{self, SntpError};
use crate::time::{earlier, reached};

/// How long the host waits for an answer.
const ANSWER_MS: u32 = 5_000;
/// Waiting before a request is sent again: UDP loses some.
const AGAIN_MS: u32 = 1_250;
/// How long a late answer is still welcome.
const LATE_MS: u32 = 15_000;
/// Most commands that wait for one query.
const WAITING: usize = 4;

#[derive(Clone, Copy, Debug)]
enum State {
    Idle,
    /// Commands wait for the answer.
    Asking {
        nonce: [u8; 8],
        again: u32,
        until: u32,
    },
    /// They were told 0; an answer now becomes an event.
    Late {
        nonce: [u8; 8],
        until: u32,
    },
}

impl State {
    const fn name(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Asking { .. } => "asking",
            Self::Late { .. } => "late",
        }
    }
}

/// The time query.
#[derive(Debug)]
pub(crate) struct Clock {
    state: State,
    waiting: Vec<Ticket<reply::GetTime>, WAITING>,
}

impl Clock {
    pub(crate) const fn new() -> Self {
        Self {
            state: State::Idle,
            waiting: Vec::new(),
        }
    }

    /// Takes a query on. False when too many wait already.
    pub(crate) fn ask<P: Platform>(
        &mut self,
        io: &mut Io<'_, P>,
        config: &Config<'_>,
        ticket: Ticket<reply::GetTime>,
    ) -> bool {
        if self.waiting.push(ticket).is_err() {
            return false;
        }
        if !matches!(self.state, State::Asking { .. }) {
            let nonce = nonce(io);
            let until = io.now.wrapping_add(ANSWER_MS);
            let again = send(io, config, nonce);
            self.transition(
                io,
                State::Asking { nonce, again, until },
                format_args!("the host asks"),
            );
        }
        true
    }

    /// Forgets everything: a new host.
    pub(crate) fn stop<P: Platform>(&mut self, io: &mut Io<'_, P>) {
        self.waiting.clear();
        if !matches!(self.state, State::Idle) {
            self.transition(io, State::Idle, format_args!("the link went down"));
        }
    }

    /// Looks for an answer and at the time.
    pub(crate) fn poll<P: Platform>(&mut self, io: &mut Io<'_, P>, config: &Config<'_>) {
        self.receive(io);
        match self.state {
            State::Asking { nonce, until, .. } if reached(io.now, until) => {
                self.reply_all(io, 0);
                let late = State::Late {
                    nonce,
                    until: io.now.wrapping_add(LATE_MS),
                };
                self.transition(io, late, format_args!("no answer in time"));
            }
            State::Asking { nonce, again, until } if reached(io.now, again) => {
                let again = send(io, config, nonce);
                self.state = State::Asking { nonce, again, until };
            }
            State::Late { until, .. } if reached(io.now, until) => {
                self.transition(io, State::Idle, format_args!("no answer at all"));
            }
            State::Idle | State::Asking { .. } | State::Late { .. } => {}
        }
    }

    /// When [`poll`](Self::poll) has something to do even if nothing arrives.
    pub(crate) fn poll_timeout(&self, now: u32) -> Option<u32> {
        match self.state {
            State::Idle => None,
            State::Asking { again, until, .. } => earlier(now, Some(again), Some(until)),
            State::Late { until, .. } => Some(until),
        }
    }

    fn receive<P: Platform>(&mut self, io: &mut Io<'_, P>) {
        let mut answer = [0; sntp::PACKET_BYTES];
        while let Some(length) = io.platform.udp_receive(&mut answer) {
            let (State::Asking { nonce, .. } | State::Late { nonce, .. }) = self.state else {
                continue;
            };
            match sntp::read_answer(answer.get(..length).unwrap_or(&[]), nonce) {
                Ok(unix_time) => self.learned(io, unix_time),
                Err(SntpError::GoAway) => self.refused(io),
                Err(error) => io.line(LogLevel::Debug, format_args!("time server: {error}")),
            }
        }
    }

    /// The reply carries the time to whoever asked; an event only when nobody waits any more.
    fn learned<P: Platform>(&mut self, io: &mut Io<'_, P>, unix_time: u32) {
        if self.waiting.is_empty() {
            io.outbox.push(|writer| event::Time { unix_time }.encode(writer));
        }
        self.reply_all(io, unix_time);
        self.transition(io, State::Idle, format_args!("answered"));
    }

    fn refused<P: Platform>(&mut self, io: &mut Io<'_, P>) {
        io.line(LogLevel::Warn, format_args!("time server: {}", SntpError::GoAway));
        self.reply_all(io, 0);
        self.transition(io, State::Idle, format_args!("refused"));
    }

    fn reply_all<P>(&mut self, io: &mut Io<'_, P>, unix_time: u32) {
        for ticket in &self.waiting {
            io.outbox
                .push(|writer| ticket.reply(&reply::GetTime { unix_time }, writer));
        }
        self.waiting.clear();
    }

    fn transition<P: Platform>(&mut self, io: &mut Io<'_, P>, to: State, why: core::fmt::Arguments<'_>) {
        io.transition(Machine::Clock, self.state.name(), to.name(), why);
        self.state = to;
    }
}

/// Eight bytes nobody can guess who does not see the request.
fn nonce<P>(io: &mut Io<'_, P>) -> [u8; 8] {
    let (high, low) = (u64::from(io.random.next()), u64::from(io.random.next()));
    (high << 32 | low).to_be_bytes()
}

/// Sends a request and says when to send it again.
fn send<P: Platform>(io: &mut Io<'_, P>, config: &Config<'_>, nonce: [u8; 8]) -> u32 {
    io.platform
        .udp_send(config.timeserver, sntp::PORT, &sntp::request(nonce));
    io.now.wrapping_add(AGAIN_MS)
}
