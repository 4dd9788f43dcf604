//! Doc comments of generated items.

use crate::model::{Field, Int, Shape, Type, UNITS, Value};
use proc_macro2::TokenStream;
use quote::quote;

/// One paragraph per line of text.
pub(super) fn doc(text: &str) -> TokenStream {
    let lines = text.lines().map(|line| {
        if line.is_empty() {
            String::new()
        } else {
            format!(" {line}")
        }
    });
    quote!(#(#[doc = #lines])*)
}

/// A field's sentence, its bounds and its default.
pub(super) fn field(field: &Field) -> TokenStream {
    let facts = facts(&field.shape, field.unit.as_deref(), field.default.as_ref());
    let secret = if field.secret { " Never printed." } else { "" };
    let since = if field.since > 1 {
        format!(" Since revision {}.", field.since)
    } else {
        String::new()
    };
    doc(&format!("{}{facts}{secret}{since}", field.doc))
}

/// Unit, bounds and default as one sentence.
pub(crate) fn facts(shape: &Shape, unit: Option<&str>, default: Option<&Value>) -> String {
    let mut facts = Vec::new();
    facts.extend(unit.map(|unit| format!("in {}", unit_words(unit))));
    facts.extend(bounds(shape));
    facts.extend(default.map(|value| format!("default {}", value_text(value))));
    let mut sentence = facts.join(", ");
    let Some(first) = sentence.get(..1).map(str::to_uppercase) else {
        return sentence;
    };
    sentence.replace_range(..1, &first);
    format!(" {sentence}.")
}

fn unit_words(unit: &str) -> &str {
    UNITS
        .iter()
        .find(|(short, _)| *short == unit)
        .map_or(unit, |(_, words)| words)
}

/// The bounds that a type does not already tell.
pub(crate) fn bounds(shape: &Shape) -> Option<String> {
    match &shape.kind {
        Type::Str | Type::Bytes => shape.max_len.map(|max| format!("at most {max} bytes")),
        Type::List => shape.max_len.map(|max| format!("at most {max} elements")),
        Type::Int(int) => int_bounds(shape, *int),
        Type::Optional => shape.of.as_deref().and_then(bounds),
        Type::Bool | Type::Status | Type::Config | Type::Named(_) | Type::Unknown(_) => None,
    }
}

fn int_bounds(shape: &Shape, int: Int) -> Option<String> {
    match (shape.min, shape.max) {
        (None, None) => None,
        (min, max) => Some(format!(
            "{} to {}",
            min.unwrap_or(int.min()),
            max.unwrap_or(int.max())
        )),
    }
}

/// A value as the spec writes it.
pub(crate) fn value_text(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Float(value) => value.to_string(),
        Value::Text(text) if text.is_empty() => "empty".to_owned(),
        Value::Text(text) => format!("`{text}`"),
        Value::List(items) => format!(
            "[{}]",
            items.iter().map(value_text).collect::<Vec<_>>().join(", ")
        ),
        Value::Map(map) => {
            let entries = map
                .iter()
                .map(|(key, value)| format!("{key}: {}", value_text(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}
