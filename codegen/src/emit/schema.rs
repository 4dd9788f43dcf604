//! A JSON Schema of specs, for editors: completion and a first look at words and their kinds. It belongs to the
//! compiler, not to one spec. What a spec must keep beyond that, the checks say.

use super::Output;
use crate::model::{
    Apply, Encoding, Kind, OnOutage, Origin, Phase, Recovery, Replay, Scope, Severity, TextBool, Type, UNITS,
    WaitsFor, Word,
};
use serde_json::{Map, Value, json};

/// The words of one kind of entry, with what they hold and what they are for.
type Words = Vec<(&'static str, Value, &'static str)>;

/// The file that a spec's first line names.
pub(crate) fn output() -> Output {
    // A tree of plain values has nothing that could fail to be written.
    let text = serde_json::to_string_pretty(&schema()).unwrap_or_default() + "\n";
    Output {
        path: "spec/spec.schema.json".to_owned(),
        text,
    }
}

fn schema() -> Value {
    sorted(json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$comment": "Generated: type `cargo xtask codegen`.",
        "title": "A fivewire protocol",
        "type": "object",
        "additionalProperties": false,
        "required": ["protocol"],
        "properties": properties(document()),
        "definitions": {
            "status": object(status(), &["severity", "doc"]),
            "type": object(type_def(), &["kind", "doc"]),
            "value": object(enum_value(), &["value", "doc"]),
            "message": object(message(), &["op", "doc", "fields", "example"]),
            "field": object(field(), &["type", "doc"]),
            "element": object(field(), &["type"]),
            "key": object(config_key(), &["id", "type", "apply", "doc"]),
        },
    }))
}

/// Keys in the order of the alphabet: whether the JSON crate keeps another depends on who else in a build uses it.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            entries.sort_by(|one, other| one.0.cmp(&other.0));
            entries.into_iter().collect::<Map<_, _>>().into()
        }
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        other => other,
    }
}

fn object(words: Words, required: &[&str]) -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": required,
        "properties": properties(words),
    })
}

/// A reference takes no other word beside it, so the description stands around it.
fn properties(words: Words) -> Value {
    let described = words.into_iter().map(|(word, holds, what)| {
        let value = match holds {
            Value::Object(mut holds) if !holds.contains_key("$ref") => {
                holds.insert("description".to_owned(), what.into());
                holds.into()
            }
            other => json!({"allOf": [other], "description": what}),
        };
        (word.to_owned(), value)
    });
    described.collect::<Map<_, _>>().into()
}

fn document() -> Words {
    vec![
        (
            "protocol",
            object(protocol(), &["name", "revision", "min", "doc"]),
            "Name and revision.",
        ),
        ("statuses", map_of("status"), "Status codes by name."),
        ("types", map_of("type"), "Enumerations and structures by name."),
        (
            "commands",
            map_of("message"),
            "Messages from the host to the bridge by name.",
        ),
        (
            "events",
            map_of("message"),
            "Messages from the bridge to the host by name.",
        ),
        ("config", map_of("key"), "Settings by name."),
        (
            "reserved",
            object(reserved(), &[]),
            "Ids and names that must not come back.",
        ),
    ]
}

fn protocol() -> Words {
    vec![
        ("name", text(), "Name in snake case."),
        ("revision", byte(1), "Revision of this document."),
        ("min", byte(1), "Oldest revision that this one still talks to."),
        ("doc", text(), "One sentence."),
    ]
}

fn status() -> Words {
    vec![
        (
            "code",
            byte(0),
            "Number on the wire, within the range of the severity.",
        ),
        (
            "origin",
            one_of::<Origin>(),
            "Which end says it; the bridge unless said otherwise.",
        ),
        ("text_code", byte(0), "Number in the MicroPython system."),
        (
            "text_name",
            json!({"type": "string", "pattern": "^[A-Z][A-Z0-9_]*$"}),
            "Name in the MicroPython system, where it differs.",
        ),
        (
            "text_more",
            list(text()),
            "Fields that the MicroPython system writes behind the number.",
        ),
        ("severity", one_of::<Severity>(), "How bad it is."),
        (
            "fatal_in",
            list(one_of::<Phase>()),
            "Phases in which it is fatal all the same.",
        ),
        ("recover", one_of::<Recovery>(), "What mends it."),
        ("since", byte(1), "Revision that brought it."),
        ("deprecated", byte(1), "Revision that gave it up."),
        ("doc", text(), "One sentence."),
    ]
}

fn type_def() -> Words {
    vec![
        ("kind", one_of::<Kind>(), "What it is."),
        (
            "bits",
            json!({"type": "integer", "minimum": 1, "maximum": 4}),
            "Bits it takes when it is folded into an op.",
        ),
        ("open", flag(), "Receivers keep numbers that they do not know."),
        ("doc", text(), "One sentence."),
        ("values", map_of("value"), "Values of an enum by name."),
        (
            "fields",
            map_of("field"),
            "Fields of a struct, in the order of the wire.",
        ),
    ]
}

fn enum_value() -> Words {
    vec![
        ("value", byte(0), "Number on the wire."),
        (
            "text",
            flag(),
            "False for a value that the MicroPython system does not know.",
        ),
        ("since", byte(1), "Revision that brought it."),
        ("doc", text(), "One sentence."),
    ]
}

fn message() -> Words {
    vec![
        (
            "op",
            json!({"type": "integer", "minimum": 8, "maximum": 127}),
            "First op.",
        ),
        (
            "op_bits",
            json!({"type": "integer", "minimum": 0, "maximum": 6}),
            "Low bits of the op that hold fields.",
        ),
        ("text", text_form(), "How the MicroPython system writes it."),
        (
            "reply_text",
            text_form(),
            "How the MicroPython system writes the answer.",
        ),
        ("doc", text(), "One sentence."),
        (
            "waits_for",
            one_of::<WaitsFor>(),
            "What the answer waits for instead of a time limit.",
        ),
        ("timeout_ms", number(), "How long the answer may take."),
        ("progress", list(text()), "Statuses that tell how the wait goes."),
        (
            "on_outage",
            one_of::<OnOutage>(),
            "What the host does while the broker is away.",
        ),
        ("idempotent", flag(), "Doing it twice is doing it once."),
        ("retry", byte(0), "How often the host may repeat it by itself."),
        (
            "replay",
            one_of::<Replay>(),
            "The host's journal sends it again after a reset of the bridge.",
        ),
        ("one_way", flag(), "No answer at all."),
        ("fields", map_of("field"), "Body, in the order of the wire."),
        ("reply", map_of("field"), "Body of the answer."),
        ("errors", list(text()), "Statuses that can come of it."),
        ("example", json!({"type": "object"}), "Values by field name."),
        (
            "reply_example",
            json!({"type": "object"}),
            "Values of the answer by field name.",
        ),
        ("since", byte(1), "Revision that brought it."),
        ("deprecated", byte(1), "Revision that gave it up."),
    ]
}

fn field() -> Words {
    vec![
        ("type", type_name(), "A builtin, or a name from `types`."),
        (
            "of",
            json!({"anyOf": [type_name(), {"$ref": "#/definitions/element"}]}),
            "Element of a list or an optional.",
        ),
        (
            "max_len",
            number(),
            "Bytes of a str or bytes, elements of a list.",
        ),
        ("min", json!({"type": "integer"}), "Smallest value."),
        ("max", json!({"type": "integer"}), "Largest value."),
        (
            "encoding",
            one_of::<Encoding>(),
            "How an integer of more than one byte travels.",
        ),
        (
            "text_bool",
            one_of::<TextBool>(),
            "How the MicroPython system writes a bool.",
        ),
        (
            "text_epoch",
            number(),
            "What the MicroPython system counts from; 0 remains 0.",
        ),
        (
            "text_drop",
            flag(),
            "The text form may do without it, whatever it holds.",
        ),
        ("default", json!({}), "Value of a field that the peer left out."),
        ("rest", flag(), "Runs to the end of the body."),
        ("unit", unit(), "What a number counts."),
        ("secret", flag(), "Never printed."),
        ("since", byte(1), "Revision that appended it."),
        ("doc", text(), "One sentence."),
    ]
}

/// The words of a text form that has fields.
fn text_words() -> Words {
    let map = json!({
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": {"type": "object", "additionalProperties": text()},
    });
    vec![
        ("word", text(), "First field."),
        (
            "fields",
            list(json!({"anyOf": [text(), map]})),
            "The others in order: fields, config keys, or a dict with the config keys that its entries are.",
        ),
    ]
}

/// The first field alone, or with those that follow it.
fn text_form() -> Value {
    json!({"anyOf": [text(), object(text_words(), &["word"])]})
}

fn config_key() -> Words {
    vec![
        ("id", byte(1), "Number on the wire."),
        ("type", type_name(), "bool, an integer, str, or an enum."),
        ("max_len", number(), "Bytes of a str."),
        ("min", json!({"type": "integer"}), "Smallest value."),
        ("max", json!({"type": "integer"}), "Largest value."),
        ("default", json!({}), "Value of a key that nobody set."),
        ("required", flag(), "The user must set it."),
        ("allow_empty", flag(), "A required text may be set to nothing."),
        ("secret", flag(), "Never printed."),
        ("unit", unit(), "What a number counts."),
        (
            "scope",
            one_of::<Scope>(),
            "Which end uses it; the bridge unless said otherwise.",
        ),
        ("apply", one_of::<Apply>(), "When a change takes effect."),
        ("since", byte(1), "Revision that brought it."),
        ("doc", text(), "One sentence."),
    ]
}

fn reserved() -> Words {
    vec![
        ("ops", list(byte(0)), "Ops of messages that are gone."),
        ("status_codes", list(byte(0)), "Codes of statuses that are gone."),
        ("config_ids", list(byte(0)), "Ids of config keys that are gone."),
        ("names", list(text()), "Names that must not be given again."),
    ]
}

fn text() -> Value {
    json!({"type": "string"})
}

fn flag() -> Value {
    json!({"type": "boolean"})
}

fn number() -> Value {
    json!({"type": "integer", "minimum": 0})
}

fn byte(min: u8) -> Value {
    json!({"type": "integer", "minimum": min, "maximum": 255})
}

fn list(items: Value) -> Value {
    json!({"type": "array", "items": items})
}

fn map_of(definition: &str) -> Value {
    json!({"type": "object", "additionalProperties": {"$ref": format!("#/definitions/{definition}")}})
}

fn one_of<W: Word>() -> Value {
    let words: Vec<_> = W::WORDS.iter().map(|(word, _)| *word).collect();
    json!({"enum": words})
}

fn unit() -> Value {
    let units: Vec<_> = UNITS.iter().map(|(unit, _)| *unit).collect();
    json!({"enum": units})
}

/// Builtins are offered; any other name may be one from `types`.
fn type_name() -> Value {
    json!({"anyOf": [{"enum": Type::BUILTINS}, {"type": "string", "pattern": "^[A-Z][A-Za-z0-9]*$"}]})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::raw;
    use serde::de::DeserializeOwned;
    use std::collections::BTreeSet;

    /// The words that the loader takes; it names them when it meets one that it does not know.
    fn known<T: DeserializeOwned>() -> BTreeSet<String> {
        let error = serde_yaml::from_str::<T>("no_such_word: 1")
            .err()
            .map(|error| error.to_string());
        let error = error.unwrap_or_default();
        let (_, list) = error.split_once("expected").expect("a list of words");
        list.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }

    fn offered(words: Words) -> BTreeSet<String> {
        words.into_iter().map(|(word, ..)| word.to_owned()).collect()
    }

    #[test]
    fn the_schema_has_the_words_that_the_loader_takes() {
        assert_eq!(offered(document()), known::<raw::Document>());
        assert_eq!(offered(protocol()), known::<raw::Protocol>());
        assert_eq!(offered(status()), known::<raw::Status>());
        assert_eq!(offered(type_def()), known::<raw::Type>());
        assert_eq!(offered(enum_value()), known::<raw::EnumValue>());
        assert_eq!(offered(message()), known::<raw::Message>());
        assert_eq!(offered(text_words()), known::<raw::TextForm>());
        assert_eq!(offered(field()), known::<raw::Field>());
        assert_eq!(offered(config_key()), known::<raw::ConfigKey>());
        assert_eq!(offered(reserved()), known::<raw::Reserved>());
    }
}
