//! What the bridge tells a person who watches: the words behind `--verbose`, a serial console or a simulator's
//! trace. Not a protocol: programs read statuses. No variant can hold a secret.

use core::fmt;

use fivewire_wire::{LogLevel, Outcome, Status};

/// A machine of the bridge that has states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Machine {
    /// Wi-Fi.
    Network,
    /// TCP and MQTT.
    Broker,
    /// The time of day.
    Clock,
}

impl Machine {
    /// The name in logs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Broker => "broker",
            Self::Clock => "clock",
        }
    }
}

/// One thing worth telling.
#[derive(Clone, Copy, Debug)]
pub enum Note<'a> {
    /// The link to the host came up, or went down for this reason.
    Link {
        /// True when it came up.
        up: bool,
        /// Why.
        why: fmt::Arguments<'a>,
    },
    /// A machine changed its state.
    Transition {
        /// Which machine.
        machine: Machine,
        /// The state it left.
        from: &'static str,
        /// The state it entered.
        to: &'static str,
        /// Why.
        why: fmt::Arguments<'a>,
    },
    /// A status that goes to the host.
    Status {
        /// Which.
        status: Status,
        /// The number that goes with it.
        detail: u8,
    },
    /// A command that came from the host.
    Command {
        /// Its name in the spec.
        name: &'static str,
        /// Its number since the link came up, modulo 256.
        number: u8,
    },
    /// A publication, or a step of it, ended and its receipt goes to the host.
    Receipt {
        /// The number of its command.
        number: u8,
        /// How it ended.
        outcome: Outcome,
    },
    /// A message of the broker goes to the host.
    Message {
        /// Its topic.
        topic: &'a str,
        /// The length of its payload in bytes.
        bytes: usize,
    },
    /// Anything else.
    Line {
        /// How much it matters.
        level: LogLevel,
        /// The text.
        line: fmt::Arguments<'a>,
    },
}

impl fmt::Display for Note<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Link { up: true, why } => write!(f, "link: up ({why})"),
            Self::Link { up: false, why } => write!(f, "link: down ({why})"),
            Self::Transition {
                machine,
                from,
                to,
                why,
            } => {
                write!(f, "{}: {from} -> {to} ({why})", machine.name())
            }
            Self::Status { status, detail: 0 } => write!(f, "status {}", status.name()),
            Self::Status { status, detail } => write!(f, "status {} {detail}", status.name()),
            Self::Command { name, number } => write!(f, "command {name} #{number}"),
            Self::Receipt { number, outcome } => write!(f, "receipt #{number} {}", outcome.name()),
            Self::Message { topic, bytes } => write!(f, "message {topic} ({bytes} bytes)"),
            Self::Line { level, line } => write!(f, "{}: {line}", level.name()),
        }
    }
}
