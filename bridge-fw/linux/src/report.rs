//! What the program tells a person or a script: one line each, as words or as JSON. Deciding what is worth telling is
//! here; what happened is in the bridge's notes. No note can hold a secret.

use std::fmt;
use std::time::Instant;

use fivewire_bridge::{LogLevel, Note, ResetCause};
use serde_json::{Value, json};

/// One thing worth telling.
#[derive(Clone, Copy, Debug)]
pub enum Report<'a> {
    /// The bridge started, for the first time or anew.
    Started {
        /// Why.
        cause: ResetCause,
        /// Its MQTT client identifier, unless the host configures another.
        client_id: &'a str,
    },
    /// The host holds the reset wire low; everything is forgotten.
    Held,
    /// Something happened in the bridge.
    Note(Note<'a>),
}

/// How much is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Changes of state, statuses, warnings.
    Changes,
    /// Each command, message and receipt as well.
    Everything,
}

/// Where reports go, each with the milliseconds since the program started.
pub(crate) struct Reporter<'r> {
    started: Instant,
    on_report: &'r mut dyn FnMut(u32, &Report<'_>),
}

impl<'r> Reporter<'r> {
    pub(crate) fn new(on_report: &'r mut dyn FnMut(u32, &Report<'_>)) -> Self {
        Self {
            started: Instant::now(),
            on_report,
        }
    }

    /// The time, in milliseconds that wrap.
    pub(crate) fn now_ms(&self) -> u32 {
        self.started.elapsed().as_millis() as u32
    }

    pub(crate) fn tell(&mut self, report: &Report<'_>) {
        let now = self.now_ms();
        (self.on_report)(now, report);
    }
}

impl Report<'_> {
    /// From which detail on it is told.
    #[must_use]
    pub fn detail(&self) -> Detail {
        match self {
            Self::Started { .. } | Self::Held => Detail::Changes,
            Self::Note(Note::Link { .. } | Note::Transition { .. } | Note::Status { .. }) => Detail::Changes,
            Self::Note(Note::Line {
                level: LogLevel::Error | LogLevel::Warn,
                ..
            }) => Detail::Changes,
            Self::Note(Note::Line { .. }) => Detail::Everything,
            Self::Note(Note::Command { .. } | Note::Receipt { .. } | Note::Message { .. }) => {
                Detail::Everything
            }
        }
    }

    /// One JSON object; `ms` is the time since the program started.
    #[must_use]
    pub fn to_json(&self, ms: u32) -> Value {
        let mut object = match self {
            Self::Started { cause, client_id } => {
                json!({"event": "started", "cause": cause.name(), "client_id": client_id})
            }
            Self::Held => json!({"event": "held"}),
            Self::Note(note) => note_to_json(note),
        };
        if let Some(fields) = object.as_object_mut() {
            fields.insert("ms".into(), ms.into());
        }
        object
    }
}

fn note_to_json(note: &Note<'_>) -> Value {
    match note {
        Note::Link { up, why } => json!({"event": "link", "up": up, "why": why.to_string()}),
        Note::Transition {
            machine,
            from,
            to,
            why,
        } => {
            json!({"event": "transition", "machine": machine.name(), "from": from, "to": to, "why": why.to_string()})
        }
        Note::Status { status, detail } => {
            json!({"event": "status", "status": status.name(), "detail": detail})
        }
        Note::Command { name, number } => json!({"event": "command", "command": name, "number": number}),
        Note::Receipt { number, outcome } => {
            json!({"event": "receipt", "number": number, "outcome": outcome.name()})
        }
        Note::Message { topic, bytes } => json!({"event": "message", "topic": topic, "bytes": bytes}),
        Note::Line { level, line } => {
            json!({"event": "log", "level": level.name(), "line": line.to_string()})
        }
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Started { cause, client_id } => {
                write!(f, "started ({}), client id {client_id}", cause.name())
            }
            Self::Held => f.write_str("held by the reset wire"),
            Self::Note(note) => note.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fivewire_bridge::{Machine, Status};

    #[test]
    fn a_transition_as_words_and_as_json() {
        let why = format_args!("joined");
        let note = Note::Transition {
            machine: Machine::Network,
            from: "joining",
            to: "up",
            why,
        };
        let report = Report::Note(note);
        assert_eq!(report.to_string(), "network: joining -> up (joined)");
        let expected = json!({
            "ms": 7, "event": "transition", "machine": "network", "from": "joining", "to": "up", "why": "joined"
        });
        assert_eq!((report.to_json(7), report.detail()), (expected, Detail::Changes));
    }

    #[test]
    fn traffic_is_told_only_in_detail() {
        let message = Report::Note(Note::Message {
            topic: "green",
            bytes: 2,
        });
        assert_eq!(message.detail(), Detail::Everything);
        let status = Report::Note(Note::Status {
            status: Status::BrokerRefused,
            detail: 5,
        });
        assert_eq!(status.to_json(0)["detail"], 5);
        assert_eq!(status.detail(), Detail::Changes);
    }
}
