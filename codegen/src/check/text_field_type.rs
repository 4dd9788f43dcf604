//! A field of a type that a string cannot hold.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::{Model, Shape, TextEntry, TextSource, Type};

/// Numbers, bools and texts have a spelling; nothing else has.
pub(crate) static RULE: Rule = Rule {
    code: Code(73),
    name: "text_field_type",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "A field of a text form is a bool, an integer, a str, bytes, an enum or a status. Lists, \
              optionals, structs and the config as a whole have no spelling in the MicroPython system. An \
              entry of a dict is a bool, an integer or a str.",
        wrong: "commands:
  subscribe:
    op: 0x10
    text: {word: s, fields: [filter, levels]}
    doc: Subscribe to a topic.
    one_way: true
    fields:
      filter: {type: str, max_len: 80, doc: Which topics.}
      levels: {type: list, of: u8, max_len: 4, default: [], doc: How surely.}
    example: {filter: green}
",
        right: "commands:
  subscribe:
    op: 0x10
    text: {word: s, fields: [filter]}
    doc: Subscribe to a topic.
    one_way: true
    fields:
      filter: {type: str, max_len: 80, doc: Which topics.}
      levels: {type: list, of: u8, max_len: 4, default: [], doc: How surely.}
    example: {filter: green}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for (form, own) in cx.model.text_forms() {
        for field in &form.fields {
            let shape = match &field.source {
                TextSource::Field(index) => own.get(*index).map(|field| &field.shape),
                TextSource::Key(index) => cx.model.config.get(*index).map(|key| &key.shape),
                TextSource::Map(entries) => {
                    entries.iter().for_each(|entry| self::entry(cx, entry, findings));
                    None
                }
                TextSource::Unknown => None,
            };
            if shape.is_some_and(|shape| !has_spelling(cx.model, shape)) {
                push(cx, &field.path, &field.name, findings);
            }
        }
    }
}

/// What the types of config keys allow, but for enums.
fn entry(cx: &Context<'_>, entry: &TextEntry, findings: &mut Findings) {
    let key = entry.key.and_then(|key| cx.model.config.get(key));
    if key.is_some_and(|key| matches!(key.shape.kind, Type::Named(_))) {
        push(cx, &entry.path, &entry.key_name, findings);
    }
}

fn has_spelling(model: &Model, shape: &Shape) -> bool {
    match shape.kind {
        Type::Bool | Type::Int(_) | Type::Str | Type::Bytes | Type::Status => true,
        // What is not known is reported as such.
        Type::Unknown(_) => true,
        Type::Config | Type::List | Type::Optional => false,
        Type::Named(_) => model.as_struct(&shape.kind).is_none(),
    }
}

fn push(cx: &Context<'_>, path: &str, name: &str, findings: &mut Findings) {
    let headline = format!("the type of `{name}` has no spelling in a string");
    let finding = Finding::new(&RULE, cx.value(path), headline, "this cannot be written");
    findings.push(finding.help("remove it from the text form; it then travels in the native format only"));
}
