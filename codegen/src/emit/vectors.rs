//! Golden vectors: messages with their bodies, per revision, for implementations in any language. They come from the
//! spec's examples.
//!
//! A vector is never edited and never removed: it was on a wire once. An example that changed, or was added, becomes one
//! more vector. So the file depends on the file before, which is why it is not among the other outputs.

use super::Output;
use super::body::{self, Values};
use crate::model::{Message, Model, Value};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::fmt::Write;

/// A file of vectors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Vectors {
    /// What the file is.
    pub about: String,
    /// Name of the protocol.
    pub protocol: String,
    /// Revision that all of them follow.
    pub revision: u8,
    /// In the order in which they came about.
    pub vectors: Vec<Vector>,
}

/// One message with its body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Vector {
    /// `command`, `reply` or `event`.
    pub kind: String,
    /// Name in the spec.
    pub name: String,
    /// Number of the command that a reply answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u8>,
    /// Field values by name; bytes that are not text are a list of numbers. A field that is missing has its default.
    pub value: Json,
    /// The body in hexadecimal.
    pub body: String,
}

/// The number that replies among the vectors carry.
const REPLY_NUMBER: u8 = 7;

/// Where the vectors of this model's revision belong.
pub fn path(model: &Model) -> String {
    format!("spec/vectors/rev{}.json", revision(model))
}

/// The file of this model's revision: everything that `existing` has, and what the examples add to it.
///
/// # Errors
/// `existing` is not a file of vectors.
pub fn vectors(model: &Model, existing: Option<&str>) -> Result<Output, serde_json::Error> {
    let mut file = match existing {
        Some(text) => serde_json::from_str(text)?,
        None => empty(model),
    };
    for vector in examples(model) {
        let known =
            |old: &Vector| old.kind == vector.kind && old.name == vector.name && old.body == vector.body;
        if !file.vectors.iter().any(known) {
            file.vectors.push(vector);
        }
    }
    let text = serde_json::to_string_pretty(&file)? + "\n";
    Ok(Output {
        path: path(model),
        text,
    })
}

fn revision(model: &Model) -> u8 {
    model
        .protocol
        .revision
        .and_then(|revision| u8::try_from(revision).ok())
        .unwrap_or(1)
}

fn empty(model: &Model) -> Vectors {
    Vectors {
        about: "Bodies of messages, from the examples in the spec. Vectors are added, never edited: \
                every later program must still decode and encode them so."
            .to_owned(),
        protocol: model.protocol.name.clone(),
        revision: revision(model),
        vectors: Vec::new(),
    }
}

/// The vectors that the examples give, in the spec's order.
pub fn examples(model: &Model) -> Vec<Vector> {
    let commands = model.commands.iter().flat_map(|command| {
        [of_message(model, "command", command), of_reply(model, command)]
            .into_iter()
            .flatten()
    });
    let events = model
        .events
        .iter()
        .filter_map(|event| of_message(model, "event", event));
    commands.chain(events).collect()
}

fn of_message(model: &Model, kind: &str, message: &Message) -> Option<Vector> {
    let values = message.example.as_ref()?.as_map()?;
    let body = body::message(model, message, values)?;
    Some(Vector {
        kind: kind.to_owned(),
        name: message.name.clone(),
        number: None,
        value: json_map(values),
        body: hex(&body),
    })
}

fn of_reply(model: &Model, command: &Message) -> Option<Vector> {
    let values = command.reply_example.as_ref()?.as_map()?;
    let body = body::reply(model, command, REPLY_NUMBER, values)?;
    Some(Vector {
        kind: "reply".to_owned(),
        name: command.name.clone(),
        number: Some(REPLY_NUMBER),
        value: json_map(values),
        body: hex(&body),
    })
}

/// Lower-case digits, two per byte.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn json_map(values: &Values) -> Json {
    values
        .iter()
        .map(|(name, value)| (name.clone(), json(value)))
        .collect()
}

fn json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Integer(value) => i64::try_from(*value)
            .map(Json::from)
            .unwrap_or_else(|_| Json::from(*value as u64)),
        Value::Float(value) => Json::from(*value),
        Value::Text(text) => Json::from(text.as_str()),
        Value::List(items) => items.iter().map(json).collect(),
        Value::Map(map) => json_map(map),
    }
}
