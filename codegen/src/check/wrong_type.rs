//! A value of another type than its word takes.

use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Severity};
use crate::model;
use crate::source::Span;
use serde_yaml::Value;

/// Found by the loader, one finding for each word.
pub(crate) static RULE: Rule = Rule {
    code: Code(12),
    name: "wrong_type",
    severity: Severity::Error,
    run: Run::WhileParsing,
    explain: Explain {
        why: "Each word takes one type of value: a number, a text, true or false, a list or a map. Numbers stand without \
              quotes and may be decimal or 0x hexadecimal; yes, no, on and off are texts in YAML 1.2.",
        wrong: "statuses:
  ready: {code: \"0x01\", severity: info, doc: Ready.}
",
        right: "statuses:
  ready: {code: 0x01, severity: info, doc: Ready.}
",
    },
};

/// `error` is serde's message: "invalid type: …, expected …".
pub(crate) fn finding(span: Span, word: &str, found: &Value, error: &str) -> Finding {
    let expected = error
        .rsplit_once("expected ")
        .map_or("another value", |(_, expected)| expected);
    let (expected, help) = in_words(expected, word);
    let found = model::Value::from_yaml(found).kind();
    Finding::new(
        &RULE,
        span,
        format!("`{word}` must be {expected}"),
        format!("this is {found}"),
    )
    .help(help)
}

/// An element of a list has the wrong type.
pub(crate) fn element(span: Span, word: &str, found: &Value, error: &str) -> Finding {
    let expected = error
        .rsplit_once("expected ")
        .map_or("another value", |(_, expected)| expected);
    let (expected, _) = in_words(expected, word);
    let help = match expected {
        "text" => format!("put it in quotes: {word}: [\"one\"]"),
        "a name or a map of words" => format!("write names: {word}: [one, two]"),
        _ => format!("write numbers without quotes: {word}: [1, 0x12]"),
    };
    let found = model::Value::from_yaml(found).kind();
    let message = format!("each entry of `{word}` must be {expected}");
    Finding::new(&RULE, span, message, format!("this is {found}")).help(help)
}

/// Something that must be a map of words is not one.
pub(crate) fn not_a_map(span: Span, word: &str, found: &Value) -> Finding {
    let found = model::Value::from_yaml(found).kind();
    let message = if word.is_empty() {
        "a spec must be a map of words".to_owned()
    } else {
        format!("`{word}` must be a map of words")
    };
    Finding::new(&RULE, span, message, format!("this is {found}"))
        .help("write it as `word: value`, one per line and indented, or as `{word: value, word: value}`")
}

/// What serde calls a type, as people say it, and what to do.
fn in_words(expected: &str, word: &str) -> (&'static str, String) {
    match expected {
        "i128" => (
            "an integer",
            format!("write a number without quotes: {word}: 1 or {word}: 0x01"),
        ),
        "a boolean" => (
            "true or false",
            format!("write {word}: true or {word}: false, or leave it out"),
        ),
        "a string" => (
            "text",
            format!("write {word}: \"…\"; a number or a bool that is meant as text needs quotes"),
        ),
        "a sequence" => (
            "a list",
            format!("write {word}: [one, two], or {word}: [] for none"),
        ),
        "a map" => (
            "a map",
            format!("write {word}: {{name: …}}, or {word}: {{}} for none"),
        ),
        _ => (
            "a name or a map of words",
            match word {
                "text" | "reply_text" => format!("write {word}: \"m\", or {word}: {{word: s, fields: […]}}"),
                _ => format!("write {word}: name, or {word}: {{type: name, …}}"),
            },
        ),
    }
}
