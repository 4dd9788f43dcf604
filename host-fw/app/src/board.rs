//! What a demo needs of its board, and what it has to tell.

use core::fmt;

use fivewire_host::{Message, PublishError, Receipt};

/// A board, or a process that plays one. The methods take `&self`: several parts of a demo use it at a time.
pub trait Board {
    /// Lights the LED, or darkens it.
    fn led(&self, lit: bool);

    /// Lets so many milliseconds pass; other tasks run meanwhile.
    fn sleep_ms(&self, ms: u32) -> impl Future<Output = ()>;

    /// The application's own handler of a message, called before the demo looks at it. It may take its time, and a
    /// board that can catch a panic does so: the link does not depend on it.
    fn handle(&self, message: &Message);

    /// Something to tell a person.
    fn tell(&self, news: &News<'_>);
}

/// What a demo has to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News<'a> {
    /// A publication was queued.
    Queued {
        /// Which: they are counted from 0.
        count: u32,
        /// What is in it.
        text: &'a str,
    },
    /// A publication was not queued; it is tried again, silently, until it is.
    NotQueued {
        /// Which.
        count: u32,
        /// Why.
        error: PublishError,
    },
    /// A publication ended.
    Ended {
        /// Which.
        count: u32,
        /// How.
        receipt: Receipt,
    },
    /// A message came.
    Message(&'a Message),
    /// The radio's record so far.
    Outages {
        /// Times that the bridge lost its network.
        outages: u32,
        /// Times that the bridge had to be reset.
        resets: u32,
    },
}

impl fmt::Display for News<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Queued { count, text } => write!(f, "publication {count} queued: {text}"),
            Self::NotQueued { count, error } => write!(f, "publication {count} has to wait: {error}"),
            Self::Ended { count, receipt } => write!(f, "publication {count} {receipt}"),
            Self::Message(message) => write_message(f, message),
            Self::Outages { outages, resets } => write!(f, "{outages} outages, {resets} resets"),
        }
    }
}

fn write_message(f: &mut fmt::Formatter<'_>, message: &Message) -> fmt::Result {
    match message.text() {
        Some(text) => write!(f, "message {}: {text:?}", message.topic)?,
        None => write!(f, "message {}: {} bytes", message.topic, message.payload.len())?,
    }
    f.write_str(if message.retained { " (retained)" } else { "" })
}

#[cfg(feature = "defmt")]
impl defmt::Format for News<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        match self {
            Self::Queued { count, text } => defmt::write!(f, "publication {} queued: {}", count, text),
            Self::NotQueued { count, error } => {
                defmt::write!(f, "publication {} has to wait: {}", count, error)
            }
            Self::Ended { count, receipt } => defmt::write!(f, "publication {}: {}", count, receipt),
            Self::Message(message) => defmt::write!(f, "message {}", message),
            Self::Outages { outages, resets } => defmt::write!(f, "{} outages, {} resets", outages, resets),
        }
    }
}
