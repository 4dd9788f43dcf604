//! What the firmware has to tell, and who is told. Deliberately without the words: how a report looks is the log's
//! business. No report holds a secret.

use core::fmt;

use fivewire_gpio::PinFault;
use fivewire_host::{ConfigError, Event, PublishError, SubscribeError};
use fivewire_host_fw_app::{News, SlotError, Start};

/// One thing worth telling.
#[derive(Clone, Copy, Debug)]
pub enum Report<'a> {
    /// The firmware begins, with this in its slot.
    Started {
        /// The board's name.
        board: &'static str,
        /// What runs.
        start: &'a Start,
    },
    /// The host tells something.
    Event(&'a Event),
    /// The log was too slow for so many events, so far.
    Missed {
        /// How many.
        events: u32,
    },
    /// The demo tells something.
    News(&'a News<'a>),
    /// The demo has published all that it was to publish; the link goes on.
    Finished,
    /// The demo's subscription was refused; it is tried again.
    NotSubscribed(SubscribeError),
    /// Nothing can be done before a person comes.
    Failed(&'a Failure),
}

/// Why there is nothing that the firmware can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// There is no configuration in the image, or none that can be used.
    Slot(SlotError),
    /// A key of the configuration is missing or out of range.
    Config(ConfigError<'static>),
    /// The demo's will was refused.
    Will(PublishError),
    /// A pin failed; those of a microcontroller never do.
    Pin(PinFault),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Slot(error) => error.fmt(f),
            Self::Config(error) => write!(f, "configuration: {error}"),
            Self::Will(error) => write!(f, "last will: {error}"),
            Self::Pin(fault) => fault.fmt(f),
        }
    }
}

/// Who is told, and what becomes of it.
pub trait Log {
    /// Notes a report. Never waits: what there is no room for is dropped and counted.
    fn tell(&self, report: &Report<'_>);

    /// Tells it the time.
    fn set_time(&self, now_ms: u32);

    /// Moves what was noted on, without waiting. False while it wants to be called again without a rest.
    fn drain(&self) -> bool;
}
