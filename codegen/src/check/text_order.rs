//! A text form whose fields stand where they cannot be read.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::{Field, TextField, TextForm, TextSource, Type};

/// Reading goes from the left to the right, and some fields have more behind them.
pub(crate) static RULE: Rule = Rule {
    code: Code(77),
    name: "text_order",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "A status may have more fields behind its number, so nothing else can follow it. And the config \
              keys of a text form stand together, behind the fields of the message itself, for they are read \
              together.",
        wrong: "events:
  told:
    op: 0x40
    text: {word: t, fields: [status, detail]}
    doc: Something changed.
    fields:
      status: {type: status, doc: What.}
      detail: {type: u8, default: 0, doc: More about it.}
    example: {status: ready}
statuses:
  ready: {code: 0x01, severity: info, doc: Ready.}
",
        right: "events:
  told:
    op: 0x40
    text: {word: t, fields: [detail, status]}
    doc: Something changed.
    fields:
      status: {type: status, doc: What.}
      detail: {type: u8, default: 0, doc: More about it.}
    example: {status: ready}
statuses:
  ready: {code: 0x01, severity: info, doc: Ready.}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for (form, own) in cx.model.text_forms() {
        behind_a_status(cx, form, own, findings);
        behind_a_key(cx, form, findings);
    }
}

fn behind_a_status(cx: &Context<'_>, form: &TextForm, own: &[Field], findings: &mut Findings) {
    let is_status = |field: &&TextField| match field.source {
        TextSource::Field(index) => own
            .get(index)
            .is_some_and(|field| field.shape.kind == Type::Status),
        _ => false,
    };
    for (before, field) in form.fields.iter().zip(form.fields.iter().skip(1)) {
        if is_status(&before) {
            let headline = format!("`{}` stands behind the status `{}`", field.name, before.name);
            push(cx, field, before, headline, "put the status last", findings);
        }
    }
}

fn behind_a_key(cx: &Context<'_>, form: &TextForm, findings: &mut Findings) {
    let is_key = |field: &&TextField| matches!(field.source, TextSource::Key(_) | TextSource::Map(_));
    let Some(first) = form.fields.iter().find(is_key) else {
        return;
    };
    let behind = form.fields.iter().skip_while(|field| !is_key(field));
    for field in behind.filter(|field| matches!(field.source, TextSource::Field(_))) {
        let headline = format!("`{}` stands behind the config key `{}`", field.name, first.name);
        push(
            cx,
            field,
            first,
            headline,
            "put the config keys behind all other fields",
            findings,
        );
    }
}

fn push(
    cx: &Context<'_>,
    field: &TextField,
    before: &TextField,
    headline: String,
    help: &str,
    findings: &mut Findings,
) {
    let finding = Finding::new(&RULE, cx.value(&field.path), headline, "this cannot stand here")
        .also(cx.value(&before.path), "because of this");
    findings.push(finding.help(help));
}
