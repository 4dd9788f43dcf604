//! A text form that leaves out what its message needs.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::TextForm;

/// A string without it could not be read.
pub(crate) static RULE: Rule = Rule {
    code: Code(74),
    name: "text_field_missing",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "A message that comes as a string must be complete: a field that the text form leaves out gets \
              its default, so it needs one. Of a message with a config, the same holds for the required config \
              keys.",
        wrong: "commands:
  subscribe:
    op: 0x10
    text: {word: s, fields: [filter]}
    doc: Subscribe to a topic.
    one_way: true
    fields:
      filter: {type: str, max_len: 80, doc: Which topics.}
      qos: {type: u8, max: 1, doc: How surely.}
    example: {filter: green, qos: 1}
",
        right: "commands:
  subscribe:
    op: 0x10
    text: {word: s, fields: [filter]}
    doc: Subscribe to a topic.
    one_way: true
    fields:
      filter: {type: str, max_len: 80, doc: Which topics.}
      qos: {type: u8, max: 1, default: 1, doc: How surely.}
    example: {filter: green, qos: 1}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for (form, own) in cx.model.text_forms() {
        let fields = form.lacking_fields(own);
        for field in fields.filter(|field| field.default.is_none()) {
            push(cx, form, &field.path, &field.name, findings);
        }
        let keys = form.lacking_keys(cx.model, own);
        for key in keys.filter(|key| key.required) {
            push(cx, form, &key.path, &key.name, findings);
        }
    }
}

fn push(cx: &Context<'_>, form: &TextForm, path: &str, name: &str, findings: &mut Findings) {
    // A list that could not be read is reported.
    if form.fields.is_empty() && cx.has(&form.at("fields.0")) {
        return;
    }
    // A misspelt name is reported; it was probably meant to be this one.
    let mut unknown = form.fields.iter().map(|field| field.name.as_str());
    if unknown.any(|other| crate::similar::similar(other, [name]).is_some()) {
        return;
    }
    let headline = format!(
        "the text form `{}` leaves `{name}` out, which has no default",
        form.word
    );
    let finding = Finding::new(&RULE, cx.value(&form.path), headline, "nobody could read this")
        .also(cx.key(path), "this is needed");
    findings.push(finding.help(format!("add `{name}` to its fields, or give it a default")));
}
