//! The states of a host and why it changes between them. What each state does is in `engine`.

use core::fmt;

use fivewire_wire::{REVISION, Reason, Status};

/// Where the host is. Durable data (config, will, subscriptions, queue, inbox) stands beside it, not in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Not started, or closed.
    Off,
    /// Waiting before the next reset; the link listens when a bridge might come by itself.
    Pausing { until: u32 },
    /// The reset wire is asserted.
    Resetting { until: u32 },
    /// The link waits for the bridge's hello.
    Listening { until: u32 },
    /// The link is up; will and configuration are on their way.
    Configuring { until: u32, will: Step, configure: Step },
    /// The bridge refused the configuration; a new one is awaited.
    Misconfigured,
    /// Configured; the bridge joins network and broker. It may take as long as an outage lasts.
    Joining,
    /// The bridge said `running`.
    Running,
}

/// How far one command of the start-up is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Due,
    Sent { number: u8 },
    Done,
}

/// The state's name, without its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum StateName {
    /// Not started, or closed.
    Off,
    /// Waiting before the next reset.
    Pausing,
    /// The reset wire is asserted.
    Resetting,
    /// The link waits for the bridge's hello.
    Listening,
    /// Will and configuration are on their way.
    Configuring,
    /// The bridge refused the configuration.
    Misconfigured,
    /// The bridge joins network and broker.
    Joining,
    /// Everything is up, or was and is mended by the bridge.
    Running,
}

impl State {
    pub(crate) const fn name(&self) -> StateName {
        match self {
            Self::Off => StateName::Off,
            Self::Pausing { .. } => StateName::Pausing,
            Self::Resetting { .. } => StateName::Resetting,
            Self::Listening { .. } => StateName::Listening,
            Self::Configuring { .. } => StateName::Configuring,
            Self::Misconfigured => StateName::Misconfigured,
            Self::Joining => StateName::Joining,
            Self::Running => StateName::Running,
        }
    }

    /// True while commands can reach the bridge.
    pub(crate) const fn is_linked(&self) -> bool {
        match self {
            Self::Off | Self::Pausing { .. } | Self::Resetting { .. } | Self::Listening { .. } => false,
            Self::Configuring { .. } | Self::Misconfigured | Self::Joining | Self::Running => true,
        }
    }

    /// True once the bridge has its configuration.
    pub(crate) const fn is_configured(&self) -> bool {
        matches!(self, Self::Joining | Self::Running)
    }
}

impl fmt::Display for StateName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Off => "off",
            Self::Pausing => "pausing",
            Self::Resetting => "resetting",
            Self::Listening => "listening",
            Self::Configuring => "configuring",
            Self::Misconfigured => "misconfigured",
            Self::Joining => "joining",
            Self::Running => "running",
        })
    }
}

/// One change of state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Transition {
    /// State before.
    pub from: StateName,
    /// State after.
    pub to: StateName,
    /// What caused it.
    pub why: Why,
}

impl fmt::Display for Transition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} -> {}: {}", self.from, self.to, self.why)
    }
}

/// What caused a change of state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Why {
    /// The application started the host.
    Start,
    /// The application closed it.
    Close,
    /// A time ran out as planned: the pause, or the reset pulse.
    TimeUp,
    /// The link came up.
    LinkUp,
    /// The bridge has will and configuration.
    Configured,
    /// The bridge refused will or configuration.
    Refused(Reason),
    /// The application gave a new configuration.
    NewConfig,
    /// The bridge said `running`.
    SaidRunning,
    /// The bridge was lost.
    Crash(Crash),
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start => f.write_str("started"),
            Self::Close => f.write_str("closed"),
            Self::TimeUp => f.write_str("time is up"),
            Self::LinkUp => f.write_str("link is up"),
            Self::Configured => f.write_str("bridge is configured"),
            Self::Refused(reason) => write!(f, "bridge refused: {}", reason.name()),
            Self::NewConfig => f.write_str("new configuration"),
            Self::SaidRunning => f.write_str("bridge is running"),
            Self::Crash(crash) => crash.fmt(f),
        }
    }
}

/// How the bridge was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Crash {
    /// No hello within the watchdog time.
    NoHello,
    /// The link was silent for the watchdog time.
    Silent,
    /// The link is alive, but the bridge program did not answer for twice the watchdog time.
    Unresponsive,
    /// Will or configuration was not answered in time.
    NotConfigured,
    /// The bridge started afresh by itself.
    Restarted,
    /// The ends no longer agreed about the link's frames.
    OutOfStep,
    /// What came from a bridge of the MicroPython system was no text any more.
    Garbled,
    /// The bridge speaks another protocol than [`REVISION`] with
    /// [`WIRE_HASH`](fivewire_wire::WIRE_HASH): its firmware and this one do not belong together.
    Incompatible {
        /// The bridge's revision.
        revision: u8,
        /// The oldest that it understands.
        min_revision: u8,
        /// Its hash of the protocol.
        wire_hash: u32,
    },
    /// The bridge reported a status that only a reset mends.
    Fatal(Status),
    /// The application asked for it, or for something that an old bridge does only when it starts.
    Requested,
}

impl fmt::Display for Crash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoHello => f.write_str("no sign of a bridge"),
            Self::Silent => f.write_str("bridge is silent"),
            Self::Unresponsive => f.write_str("bridge does not answer"),
            Self::NotConfigured => f.write_str("bridge did not answer the configuration"),
            Self::Restarted => f.write_str("bridge restarted"),
            Self::OutOfStep => f.write_str("the ends disagreed about the link's frames"),
            Self::Garbled => f.write_str("what the bridge said was garbled"),
            Self::Incompatible { revision, .. } if *revision != REVISION => {
                write!(
                    f,
                    "bridge speaks revision {revision} of the protocol, this is {REVISION}"
                )
            }
            Self::Incompatible { .. } => f.write_str("bridge speaks another protocol of the same revision"),
            Self::Fatal(Status::Unknown(code)) => write!(f, "bridge said fatal status {code:#04x}"),
            Self::Fatal(status) => write!(f, "bridge said {}", status.name()),
            Self::Requested => f.write_str("reset was requested"),
        }
    }
}
