//! What the program tells a person or a script: one line each, as words or as JSON. No report can hold a secret.

use std::fmt::{self, Write as _};

use fivewire_host::wire::{Severity, WIRE_HASH};
use fivewire_host::{Crash, Event, Message, Status};
use fivewire_host_fw_app::News;
use serde_json::{Value, json};

use crate::link::Clock;

/// One thing worth telling.
#[derive(Clone, Copy, Debug)]
pub enum Report<'a> {
    /// Something happened in the host or at the bridge.
    Event(&'a Event),
    /// The application has something to tell.
    News(News<'a>),
    /// The application's handler of a message panicked; the message counts as taken.
    HandlerPanicked {
        /// Topic of the message.
        topic: &'a str,
    },
    /// The application panicked; it is started again.
    ApplicationPanicked,
    /// The subscription of a filter failed.
    NotSubscribed {
        /// The filter.
        filter: &'a str,
        /// Why.
        error: fivewire_host::SubscribeError,
    },
    /// The computer was too slow to tell so many events.
    Missed {
        /// How many, so far.
        events: u32,
    },
}

/// How much is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Publications that ended, messages, and what went wrong or was mended.
    Changes,
    /// Everything: each status, state and publication too.
    Everything,
}

/// Where reports go, from any thread, each with the milliseconds since the start.
#[derive(Clone, Copy)]
pub(crate) struct Reporter<'r> {
    pub(crate) clock: Clock,
    pub(crate) on_report: &'r (dyn Fn(u32, &Report<'_>) + Sync),
}

impl Reporter<'_> {
    pub(crate) fn tell(&self, report: &Report<'_>) {
        (self.on_report)(self.clock.now_ms(), report);
    }
}

impl Report<'_> {
    /// From which detail on it is told.
    #[must_use]
    pub fn detail(&self) -> Detail {
        match self {
            Self::News(News::Queued { .. } | News::NotQueued { .. }) => Detail::Everything,
            Self::News(News::Ended { .. } | News::Message(_) | News::Outages { .. }) => Detail::Changes,
            Self::Event(event) => detail_of(event),
            Self::HandlerPanicked { .. } | Self::ApplicationPanicked => Detail::Changes,
            Self::NotSubscribed { .. } | Self::Missed { .. } => Detail::Changes,
        }
    }

    /// One JSON object; `ms` is the time since the program started.
    #[must_use]
    pub fn to_json(&self, ms: u32) -> Value {
        let mut object = match self {
            Self::Event(event) => event_to_json(event),
            Self::News(news) => news_to_json(news),
            Self::HandlerPanicked { topic } => json!({"event": "handler_panicked", "topic": topic}),
            Self::ApplicationPanicked => json!({"event": "application_panicked"}),
            Self::NotSubscribed { filter, error } => {
                json!({"event": "not_subscribed", "filter": filter, "why": error.to_string()})
            }
            Self::Missed { events } => json!({"event": "missed", "events": events}),
        };
        if let Some(fields) = object.as_object_mut() {
            fields.insert("ms".into(), ms.into());
        }
        object
    }
}

fn detail_of(event: &Event) -> Detail {
    match event {
        Event::Started { .. } | Event::Wifi(_) | Event::Crashed(_) | Event::SubscribeRefused { .. } => {
            Detail::Changes
        }
        Event::Status { status, .. } if status.severity() >= Severity::Warning => Detail::Changes,
        Event::Status { .. }
        | Event::State(_)
        | Event::Log { .. }
        | Event::Subscribed { .. }
        | Event::Time { .. } => Detail::Everything,
    }
}

fn event_to_json(event: &Event) -> Value {
    match event {
        Event::Started { count } => json!({"event": "started", "count": count}),
        Event::Wifi(up) => json!({"event": "wifi", "up": up}),
        Event::Crashed(
            crash @ Crash::Incompatible {
                revision,
                min_revision,
                wire_hash,
            },
        ) => json!({
            "event": "crashed", "why": crash.to_string(), "revision": revision, "min_revision": min_revision,
            "wire_hash": wire_hash, "own_wire_hash": WIRE_HASH,
        }),
        Event::Crashed(crash) => json!({"event": "crashed", "why": crash.to_string()}),
        Event::Status {
            status: status @ Status::Unknown(code),
            detail,
        } => {
            json!({"event": "status", "status": status.name(), "code": code, "detail": detail})
        }
        Event::Status { status, detail } => {
            json!({"event": "status", "status": status.name(), "detail": detail})
        }
        Event::State(transition) => {
            let (from, to, why) = (
                transition.from.to_string(),
                transition.to.to_string(),
                transition.why.to_string(),
            );
            json!({"event": "transition", "from": from, "to": to, "why": why})
        }
        Event::Log { level, line } => json!({"event": "log", "level": level.name(), "line": line.as_str()}),
        Event::Subscribed { id, granted } => {
            json!({"event": "subscribed", "subscription": id.number(), "qos": granted.number()})
        }
        Event::SubscribeRefused { id, reason } => {
            json!({"event": "subscribe_refused", "subscription": id.number(), "why": reason.name()})
        }
        Event::Time {
            unix_time,
            local_time,
        } => json!({"event": "time", "unix_time": unix_time, "local_time": local_time}),
    }
}

fn news_to_json(news: &News<'_>) -> Value {
    match news {
        News::Queued { count, text } => json!({"event": "queued", "count": count, "text": text}),
        News::NotQueued { count, error } => {
            json!({"event": "not_queued", "count": count, "why": error.to_string()})
        }
        News::Ended { count, receipt } => {
            json!({"event": "receipt", "count": count, "receipt": receipt.to_string()})
        }
        News::Message(message) => message_to_json(message),
        News::Outages { outages, resets } => {
            json!({"event": "outages", "outages": outages, "resets": resets})
        }
    }
}

/// A payload may be any bytes; as text it is there only when it is text.
fn message_to_json(message: &Message) -> Value {
    let mut hex = String::new();
    for byte in &message.payload {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    json!({
        "event": "message", "topic": message.topic.as_str(), "payload": message.text(), "payload_hex": hex,
        "retained": message.retained, "dup": message.dup, "qos": message.qos.number(),
    })
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event(event) => write_event(f, event),
            Self::News(news) => news.fmt(f),
            Self::HandlerPanicked { topic } => write!(f, "the handler of {topic} panicked; the link goes on"),
            Self::ApplicationPanicked => {
                f.write_str("the application panicked and is started again; the link goes on")
            }
            Self::NotSubscribed { filter, error } => write!(f, "{filter}: {error}"),
            Self::Missed { events } => write!(f, "{events} events were missed"),
        }
    }
}

fn write_event(f: &mut fmt::Formatter<'_>, event: &Event) -> fmt::Result {
    match event {
        Event::Started { count: 1 } => f.write_str("started"),
        Event::Started { count } => write!(f, "started for the {count}. time"),
        Event::Wifi(up) => write!(f, "Wi-Fi {}", if *up { "up" } else { "down" }),
        Event::Crashed(crash @ Crash::Incompatible { wire_hash, .. }) => {
            write!(
                f,
                "{crash}; its wire hash is {wire_hash:#010x}, here {WIRE_HASH:#010x}: build both ends from one spec"
            )
        }
        Event::Crashed(crash) => write!(f, "bridge lost: {crash}"),
        Event::Status {
            status: Status::Unknown(code),
            detail,
        } => write!(f, "status {code:#04x} (detail {detail})"),
        Event::Status { status, detail: 0 } => write!(f, "status {}: {}", status.name(), status.doc()),
        Event::Status { status, detail } => {
            write!(f, "status {} ({detail}): {}", status.name(), status.doc())
        }
        Event::State(transition) => write!(f, "state {transition}"),
        Event::Log { level, line } => write!(f, "bridge {}: {line}", level.name()),
        Event::Subscribed { id, granted } => write!(
            f,
            "subscription {} granted with QoS {}",
            id.number(),
            granted.number()
        ),
        Event::SubscribeRefused { id, reason } => {
            write!(f, "subscription {} refused: {}", id.number(), reason.name())
        }
        Event::Time {
            unix_time,
            local_time,
        } => write!(f, "time {unix_time}, local {local_time}"),
    }
}
