//! The network machine: the stored network first, then by the host's consent the configured one, and back to it
//! whenever it goes away. It knows nothing of brokers; radio work is the platform's.

use fivewire_wire::config::Config;
use fivewire_wire::{LogLevel, Status};

use crate::io::Io;
use crate::note::Machine;
use crate::platform::{JoinFailure, Platform, Wifi};
use crate::time::{Backoff, earlier, reached};

/// How long the stored network is tried, as in the MicroPython system (16 polls of a second).
const STORED_MS: u32 = 16_000;
/// How often an attempt at the stored network is begun anew.
const STORED_AGAIN_MS: u32 = 1_000;
/// How long one attempt at a network may take before it counts as failed.
const JOIN_MS: u32 = 20_000;
/// Waiting between attempts.
const FIRST_WAIT_MS: u32 = 1_000;
const MAX_WAIT_MS: u32 = 10_000;

/// Which credentials lead to the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Via {
    Stored,
    Configured,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Not configured.
    Off,
    /// Trying the stored network before any other.
    Stored { until: u32, again: u32 },
    /// Waiting for the host to allow the configured network.
    AwaitingConsent,
    /// An attempt is under way.
    Joining { via: Via, until: u32 },
    /// Joined.
    Up { via: Via },
    /// Between attempts.
    Resting { via: Via, until: u32 },
}

impl State {
    const fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Stored { .. } => "stored",
            Self::AwaitingConsent => "awaiting_consent",
            Self::Joining { .. } => "joining",
            Self::Up { .. } => "up",
            Self::Resting { .. } => "resting",
        }
    }
}

/// Wi-Fi, as one machine.
#[derive(Debug)]
pub(crate) struct Network {
    state: State,
    backoff: Backoff,
    /// It was up since the configuration came: a failure now is an outage, not a wrong setting.
    was_up: bool,
    /// The host knows that the network cannot be joined.
    told_failure: bool,
}

impl Network {
    pub(crate) const fn new() -> Self {
        Self {
            state: State::Off,
            backoff: Backoff::new(FIRST_WAIT_MS, MAX_WAIT_MS),
            was_up: false,
            told_failure: false,
        }
    }

    /// True when sockets work.
    pub(crate) fn is_up(&self) -> bool {
        matches!(self.state, State::Up { .. })
    }

    /// A configuration came: begins from the start.
    pub(crate) fn start<P: Platform>(&mut self, io: &mut Io<'_, P>, config: &Config<'_>) {
        if self.is_up() {
            io.status(Status::WifiDown, 0);
        }
        io.platform.leave();
        *self = Self {
            state: self.state,
            ..Self::new()
        };
        if config.use_default_net {
            self.try_stored(io, format_args!("configured"));
        } else {
            self.ask(io, format_args!("the stored network is not wanted"));
        }
    }

    /// The configuration is gone.
    pub(crate) fn stop<P: Platform>(&mut self, io: &mut Io<'_, P>) {
        if self.state != State::Off {
            io.platform.leave();
            self.transition(io, State::Off, format_args!("no configuration"));
        }
    }

    /// The host's answer to `specified_network`.
    pub(crate) fn consent<P: Platform>(&mut self, io: &mut Io<'_, P>, config: &Config<'_>, consent: bool) {
        match self.state {
            State::AwaitingConsent if consent => {
                self.join(io, config, Via::Configured, format_args!("consent"))
            }
            State::AwaitingConsent if config.use_default_net => {
                self.try_stored(io, format_args!("the host does not consent"));
            }
            State::AwaitingConsent => {
                io.line(LogLevel::Info, format_args!("the host does not consent to join"))
            }
            State::Off
            | State::Stored { .. }
            | State::Joining { .. }
            | State::Up { .. }
            | State::Resting { .. } => {
                io.line(LogLevel::Debug, format_args!("consent that nobody asked for"));
            }
        }
    }

    /// Looks at Wi-Fi and the time.
    pub(crate) fn poll<P: Platform>(&mut self, io: &mut Io<'_, P>, config: &Config<'_>) {
        match self.state {
            State::Off | State::AwaitingConsent => {}
            State::Stored { until, again } => self.poll_stored(io, until, again),
            State::Joining { via, until } => self.poll_joining(io, via, until),
            State::Up { via } => self.poll_up(io, config, via),
            State::Resting { via, until } if reached(io.now, until) => {
                self.join(io, config, via, format_args!("once more"));
            }
            State::Resting { .. } => {}
        }
    }

    /// When [`poll`](Self::poll) has something to do even if Wi-Fi does not change.
    pub(crate) fn poll_timeout(&self, now: u32) -> Option<u32> {
        match self.state {
            State::Off | State::AwaitingConsent | State::Up { .. } => None,
            State::Stored { until, again } => earlier(now, Some(until), Some(again)),
            State::Joining { until, .. } | State::Resting { until, .. } => Some(until),
        }
    }

    fn poll_stored<P: Platform>(&mut self, io: &mut Io<'_, P>, until: u32, again: u32) {
        match io.platform.wifi() {
            Wifi::Joined => self.up(io, Via::Stored),
            Wifi::Failed(JoinFailure::NothingStored) => self.ask(io, format_args!("nothing is stored")),
            Wifi::Off | Wifi::Joining | Wifi::Failed(_) if reached(io.now, until) => {
                self.ask(io, format_args!("the stored network does not answer"));
            }
            Wifi::Off | Wifi::Failed(_) if reached(io.now, again) => {
                io.platform.join_stored();
                self.state = State::Stored {
                    until,
                    again: io.now.wrapping_add(STORED_AGAIN_MS),
                };
            }
            Wifi::Off | Wifi::Joining | Wifi::Failed(_) => {}
        }
    }

    fn poll_joining<P: Platform>(&mut self, io: &mut Io<'_, P>, via: Via, until: u32) {
        match io.platform.wifi() {
            Wifi::Joined => self.up(io, via),
            Wifi::Failed(failure) => self.failed(io, via, failure),
            Wifi::Off | Wifi::Joining if reached(io.now, until) => {
                self.failed(io, via, JoinFailure::NoNetwork)
            }
            Wifi::Off | Wifi::Joining => {}
        }
    }

    fn poll_up<P: Platform>(&mut self, io: &mut Io<'_, P>, config: &Config<'_>, via: Via) {
        match io.platform.wifi() {
            Wifi::Joined => {}
            Wifi::Off | Wifi::Joining | Wifi::Failed(_) => {
                io.status(Status::WifiDown, 0);
                self.join(io, config, via, format_args!("the network went away"));
            }
        }
    }

    fn try_stored<P: Platform>(&mut self, io: &mut Io<'_, P>, why: core::fmt::Arguments<'_>) {
        io.status(Status::StoredNetwork, 0);
        io.platform.join_stored();
        let again = io.now.wrapping_add(STORED_AGAIN_MS);
        self.transition(
            io,
            State::Stored {
                until: io.now.wrapping_add(STORED_MS),
                again,
            },
            why,
        );
    }

    /// Asks the host whether the configured network may be joined.
    fn ask<P: Platform>(&mut self, io: &mut Io<'_, P>, why: core::fmt::Arguments<'_>) {
        io.status(Status::SpecifiedNetwork, 0);
        self.transition(io, State::AwaitingConsent, why);
    }

    fn join<P: Platform>(
        &mut self,
        io: &mut Io<'_, P>,
        config: &Config<'_>,
        via: Via,
        why: core::fmt::Arguments<'_>,
    ) {
        match via {
            Via::Stored => io.platform.join_stored(),
            Via::Configured => io.platform.join(config.ssid, config.password),
        }
        self.transition(
            io,
            State::Joining {
                via,
                until: io.now.wrapping_add(JOIN_MS),
            },
            why,
        );
    }

    fn up<P: Platform>(&mut self, io: &mut Io<'_, P>, via: Via) {
        self.backoff.reset();
        self.was_up = true;
        self.told_failure = false;
        io.status(Status::WifiUp, 0);
        self.transition(io, State::Up { via }, format_args!("joined"));
    }

    /// An attempt failed. The host hears of it once, and during an outage only when waiting cannot mend it.
    fn failed<P: Platform>(&mut self, io: &mut Io<'_, P>, via: Via, failure: JoinFailure) {
        let setting_is_wrong = !self.was_up || failure == JoinFailure::WrongPassword;
        if setting_is_wrong && !self.told_failure {
            self.told_failure = true;
            io.status(Status::NetworkFailed, 0);
            io.line(LogLevel::Warn, format_args!("cannot join the network: {failure}"));
        }
        let until = io.now.wrapping_add(self.backoff.next(io.random));
        self.transition(io, State::Resting { via, until }, format_args!("{failure}"));
    }

    fn transition<P: Platform>(&mut self, io: &mut Io<'_, P>, to: State, why: core::fmt::Arguments<'_>) {
        io.transition(Machine::Network, self.state.name(), to.name(), why);
        self.state = to;
    }
}
