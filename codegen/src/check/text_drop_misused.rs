//! `text_drop` on a field that has its place in the text form, or in none.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::TextForm;
use std::collections::HashMap;

/// It says that something may be lost, which must be meant.
pub(crate) static RULE: Rule = Rule {
    code: Code(80),
    name: "text_drop_misused",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "`text_drop: true` lets a translator leave a field's value out where the text form has no place \
              for it. On a field that has a place it would mean nothing; on one without a default nothing \
              would stand in for it; and where the message has no text form, nothing is left out.",
        wrong: "commands:
  subscribe:
    op: 0x10
    text: {word: s, fields: [filter, qos]}
    doc: Subscribe to a topic.
    one_way: true
    fields:
      filter: {type: str, max_len: 80, doc: Which topics.}
      qos: {type: u8, max: 1, text_drop: true, default: 1, doc: How surely.}
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
      qos: {type: u8, max: 1, text_drop: true, default: 1, doc: How surely.}
    example: {filter: green}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let forms: HashMap<_, _> = cx
        .model
        .text_forms()
        .flat_map(|(form, own)| {
            own.iter()
                .enumerate()
                .map(move |(at, field)| (&field.path, (form, at)))
        })
        .collect();
    let fields = cx.field_lists().flat_map(|list| list.fields);
    for field in fields.filter(|field| field.text_drop) {
        let Some((label, help)) = wrong(forms.get(&field.path).copied()) else {
            continue;
        };
        let headline = format!("`text_drop` means nothing for `{}`", field.name);
        findings.push(Finding::new(&RULE, cx.key(&field.at("text_drop")), headline, label).help(help));
    }
}

/// A field without a default makes the text form incomplete, which is reported as such.
fn wrong(form: Option<(&TextForm, usize)>) -> Option<(&'static str, &'static str)> {
    match form {
        None => Some(("no text form leaves it out", "remove it")),
        Some((form, at)) => form.names_field(at).then_some((
            "the text form has a place for it",
            "remove it, or the field from the text form",
        )),
    }
}
