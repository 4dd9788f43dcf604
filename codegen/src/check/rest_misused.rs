//! `rest: true` where nothing can run to the end of the body.

use super::context::{Context, FieldList, Owner};
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::{Field, Type};

/// Only the last thing in a body can do without a length.
pub(crate) static RULE: Rule = Rule {
    code: Code(50),
    name: "rest_misused",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "A `rest` field has no length of its own: it is what remains of the body. So a message has at most one, it is \
              a str or bytes, and it cannot be part of a struct, whose end nobody sees, or stand beside the config, which \
              runs to the end as well. Fields that a later revision appends to such a message are announced by a bit of \
              the op, so it needs `op_bits`.",
        wrong: "events:
  message:
    op: 0x40
    op_bits: 1
    doc: A message.
    fields:
      topic: {type: str, max_len: 80, rest: true, doc: Its topic.}
      payload: {type: bytes, max_len: 80, rest: true, doc: Its content.}
    example: {topic: a, payload: b}
",
        right: "events:
  message:
    op: 0x40
    op_bits: 1
    doc: A message.
    fields:
      topic: {type: str, max_len: 80, doc: Its topic.}
      payload: {type: bytes, max_len: 80, rest: true, doc: Its content.}
    example: {topic: a, payload: b}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    cx.field_lists().for_each(|list| one(cx, &list, findings));
}

fn one(cx: &Context<'_>, list: &FieldList<'_>, findings: &mut Findings) {
    let mut first: Option<&Field> = None;
    for field in list.fields.iter().filter(|field| field.rest) {
        if let Some((message, help)) = wrong(list, field, first) {
            let finding = Finding::new(
                &RULE,
                cx.key(&field.at("rest")),
                message,
                "this cannot run to the end",
            );
            findings.push(finding.help(help));
        }
        first = first.or(Some(field));
    }
    if first.is_some() && !has_more_bit(list) {
        appended(cx, list, findings);
    }
}

fn wrong(list: &FieldList<'_>, field: &Field, first: Option<&Field>) -> Option<(String, &'static str)> {
    let name = &field.name;
    let config = list.fields.iter().any(|field| field.shape.kind == Type::Config);
    match (&field.shape.kind, list.owner, first) {
        (Type::Unknown(_), _, _) => None,
        (Type::Str | Type::Bytes, Owner::Struct, _) => Some((
            format!("`{name}` is part of a struct and cannot be the rest"),
            "remove `rest`; its length travels then",
        )),
        (Type::Str | Type::Bytes, _, Some(first)) => Some((
            format!("`{name}` and `{}` cannot both be the rest", first.name),
            "keep `rest` on the longer of the two; the length of the other travels then",
        )),
        (Type::Str | Type::Bytes, _, None) if config => Some((
            format!("`{name}` and the config cannot both run to the end"),
            "remove `rest`; its length travels then",
        )),
        (Type::Str | Type::Bytes, _, None) => None,
        (_, _, _) => Some((
            format!("`{name}` is neither str nor bytes and cannot be the rest"),
            "remove `rest`",
        )),
    }
}

/// Whether fields can be appended behind the rest.
fn has_more_bit(list: &FieldList<'_>) -> bool {
    match list.owner {
        Owner::Command(message) | Owner::Event(message) => message.folds(),
        Owner::Reply | Owner::Struct | Owner::Config => false,
    }
}

fn appended(cx: &Context<'_>, list: &FieldList<'_>, findings: &mut Findings) {
    let later = list.fields.iter().filter(|field| field.since > list.since);
    for field in later.filter(|_| !matches!(list.owner, Owner::Struct)) {
        let headline = format!("`{}` cannot be appended: the body ends in a rest", field.name);
        let finding = Finding::new(
            &RULE,
            cx.value(&field.at("since")),
            headline,
            "no bit of the op announces it",
        );
        findings.push(
            finding.help("make a new message; a `rest` field leaves room only in messages with `op_bits`"),
        );
    }
}
