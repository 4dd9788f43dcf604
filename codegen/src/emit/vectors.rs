//! Golden vectors: messages with their bodies, per revision, for implementations in any language. They come from the
//! spec's examples.
//!
//! A vector is never edited and never removed: it was on a wire once. An example that changed, or was added, becomes one
//! more vector. So the file depends on the file before, which is why it is not among the other outputs.
//!
//! Messages with a text form have vectors of their own, in a file beside: the same, and the fields of the string.

use super::Output;
use super::body::{self, Values};
use super::text;
use crate::model::{Field, Message, Model, TextForm, Value};
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
    /// The fields of the text form, between which 0x7F stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Vec<String>>,
    /// The fields are read so, but not written so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lenient: bool,
}

/// The number that replies among the vectors carry.
const REPLY_NUMBER: u8 = 7;

/// The files of this model's revision: everything that they have already, and what the examples add to it. `read` gives
/// the text of a file that is there.
///
/// # Errors
/// A file that is there is not one of vectors.
pub fn files(model: &Model, read: impl Fn(&str) -> Option<String>) -> Result<Vec<Output>, serde_json::Error> {
    let revision = revision(model);
    let bodies = (
        format!("spec/vectors/rev{revision}.json"),
        BODIES,
        examples(model),
    );
    let texts = (
        format!("spec/vectors/rev{revision}_text.json"),
        TEXTS,
        text_examples(model),
    );
    let wanted = [bodies, texts]
        .into_iter()
        .filter(|(_, _, examples)| !examples.is_empty());
    wanted
        .map(|(path, about, examples)| {
            let existing = read(&path);
            file(model, path, about, existing.as_deref(), examples)
        })
        .collect()
}

fn file(
    model: &Model,
    path: String,
    about: &str,
    existing: Option<&str>,
    examples: Vec<Vector>,
) -> Result<Output, serde_json::Error> {
    let mut file = match existing {
        Some(text) => serde_json::from_str(text)?,
        None => empty(model, about),
    };
    for vector in examples {
        let known = |old: &Vector| {
            (&old.kind, &old.name, &old.body, &old.text)
                == (&vector.kind, &vector.name, &vector.body, &vector.text)
        };
        if !file.vectors.iter().any(known) {
            file.vectors.push(vector);
        }
    }
    let text = serde_json::to_string_pretty(&file)? + "\n";
    Ok(Output { path, text })
}

const BODIES: &str = "Bodies of messages, from the examples in the spec. Vectors are added, never edited: \
                      every later program must still decode and encode them so.";

const TEXTS: &str = "Text forms of messages, from the examples in the spec and from what ends of the MicroPython system \
                     say. `text` holds the fields between which 0x7F stands; `body` is the same message in the native \
                     format. A `lenient` one is read so, but not written so. Vectors are added, never edited.";

fn revision(model: &Model) -> u8 {
    model
        .protocol
        .revision
        .and_then(|revision| u8::try_from(revision).ok())
        .unwrap_or(1)
}

fn empty(model: &Model, about: &str) -> Vectors {
    Vectors {
        about: about.to_owned(),
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
        text: None,
        lenient: false,
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
        text: None,
        lenient: false,
    })
}

/// The vectors that the examples give in the text format, in the spec's order. Of an example only what the text form
/// carries counts.
pub fn text_examples(model: &Model) -> Vec<Vector> {
    let commands = model.commands.iter().flat_map(|command| {
        let reply = command.reply_fields();
        [
            of_text(
                model,
                command,
                "command",
                &command.text,
                &command.fields,
                &command.example,
            ),
            of_text(
                model,
                command,
                "reply",
                &command.reply_text,
                reply,
                &command.reply_example,
            ),
        ]
    });
    let events = model
        .events
        .iter()
        .map(|event| of_text(model, event, "event", &event.text, &event.fields, &event.example));
    commands.chain(events).flatten().collect()
}

fn of_text(
    model: &Model,
    message: &Message,
    kind: &str,
    form: &Option<TextForm>,
    own: &[Field],
    example: &Option<Value>,
) -> Option<Vector> {
    let form = form.as_ref()?;
    let values = text::carried(form, own, example.as_ref()?.as_map()?);
    let is_reply = kind == "reply";
    let body = match is_reply {
        true => body::reply(model, message, REPLY_NUMBER, &values)?,
        false => body::message(model, message, &values)?,
    };
    Some(Vector {
        kind: kind.to_owned(),
        name: message.name.clone(),
        number: is_reply.then_some(REPLY_NUMBER),
        value: json_map(&values),
        body: hex(&body),
        text: Some(text::fields(model, form, own, &values)?),
        lenient: false,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Source, check_source};
    use std::fs;

    const SPEC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../spec");

    fn model() -> Model {
        let text = fs::read_to_string(format!("{SPEC}/bridge.yaml")).expect("the spec is there");
        check_source(&Source::new(SPEC, text))
            .expect("a spec without faults")
            .0
    }

    fn text_vectors(model: &Model) -> Vec<Vector> {
        let path = format!("{SPEC}/vectors/rev{}_text.json", revision(model));
        let file: Vectors = serde_json::from_str(&fs::read_to_string(path).expect("vectors")).expect("JSON");
        file.vectors
    }

    fn values(vector: &Vector) -> Values {
        // JSON is YAML. By its text, because with a feature that another crate may ask for, serde_json hands a number on as a map.
        let json = serde_json::to_string(&vector.value).expect("JSON");
        let yaml = serde_yaml::from_str(&json).expect("YAML");
        Value::from_yaml(&yaml).as_map().expect("a map").clone()
    }

    /// The body and the text that the model alone makes of a vector's value.
    fn made(model: &Model, vector: &Vector) -> Option<(String, Vec<String>)> {
        let values = values(vector);
        let named = |message: &&Message| message.name == vector.name;
        let (body, text) = match (vector.kind.as_str(), vector.number) {
            ("reply", Some(number)) => {
                let command = model.commands.iter().find(named)?;
                (
                    body::reply(model, command, number, &values)?,
                    text::reply(model, command, &values)?,
                )
            }
            (kind, _) => {
                let messages = if kind == "event" {
                    &model.events
                } else {
                    &model.commands
                };
                let message = messages.iter().find(named)?;
                (
                    body::message(model, message, &values)?,
                    text::message(model, message, &values)?,
                )
            }
        };
        Some((hex(&body), text))
    }

    #[test]
    fn text_vectors_say_in_both_formats_what_their_value_is() {
        let model = model();
        for vector in text_vectors(&model) {
            let (body, text) = made(&model, &vector).expect("the text form carries it");
            assert_eq!(body, vector.body, "{vector:?}");
            if !vector.lenient {
                assert_eq!(Some(text), vector.text, "{vector:?}");
            }
        }
    }
}
