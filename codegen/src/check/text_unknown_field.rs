//! A text form that names something that its message does not have.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::{Field, Model, Scope, TextField, TextForm, TextSource, config_field};
use crate::similar;

/// What it means would be nothing.
pub(crate) static RULE: Rule = Rule {
    code: Code(72),
    name: "text_unknown_field",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "A text form lists the fields that follow its word, in order. Each is a field of the message; in \
              a message with a config also a config key that goes to the bridge, or a map {name: {entry: \
              key}}: a Python dict of that name, and the config keys that its entries are.",
        wrong: "commands:
  subscribe:
    op: 0x10
    text: {word: s, fields: [filter, quality]}
    doc: Subscribe to a topic.
    one_way: true
    fields:
      filter: {type: str, max_len: 80, doc: Which topics.}
      qos: {type: u8, max: 1, default: 1, doc: How surely.}
    example: {filter: green}
",
        right: "commands:
  subscribe:
    op: 0x10
    text: {word: s, fields: [filter, qos]}
    doc: Subscribe to a topic.
    one_way: true
    fields:
      filter: {type: str, max_len: 80, doc: Which topics.}
      qos: {type: u8, max: 1, default: 1, doc: How surely.}
    example: {filter: green}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for (form, own) in cx.model.text_forms() {
        for field in &form.fields {
            one(cx, form, own, field, findings);
        }
    }
}

fn one(cx: &Context<'_>, form: &TextForm, own: &[Field], field: &TextField, findings: &mut Findings) {
    match &field.source {
        TextSource::Field(_) => {}
        TextSource::Key(index) => host_only(cx, &field.path, *index, findings),
        TextSource::Map(entries) => entries.iter().for_each(|entry| match entry.key {
            Some(index) => host_only(cx, &entry.path, index, findings),
            None => unknown(cx, &entry.path, &entry.key_name, keys(cx.model), findings),
        }),
        TextSource::Unknown if field.name.is_empty() => {
            let headline = format!("`{}` has a dict without a name of its own", form.word);
            let finding = Finding::new(&RULE, cx.value(&field.path), headline, "this is no field");
            findings.push(finding.help("write {name: {entry: key}}, one name and its entries"));
        }
        TextSource::Unknown => {
            let has_config = config_field(own).is_some();
            let names = own.iter().map(|field| field.name.as_str());
            let names = names.chain(keys(cx.model).filter(|_| has_config));
            unknown(cx, &field.path, &field.name, names, findings);
        }
    }
}

fn keys(model: &Model) -> impl Iterator<Item = &str> + Clone {
    let sent = model.config.iter().filter(|key| key.scope == Scope::Bridge);
    sent.map(|key| key.name.as_str())
}

fn host_only(cx: &Context<'_>, path: &str, index: usize, findings: &mut Findings) {
    if let Some(key) = cx.model.config.get(index).filter(|key| key.scope == Scope::Host) {
        let headline = format!("`{}` never leaves the host", key.name);
        let finding = Finding::new(&RULE, cx.value(path), headline, "it cannot be in a text form")
            .also(cx.value(&key.at("scope")), "because of this");
        findings.push(finding.help("remove it from the text form"));
    }
}

fn unknown<'n>(
    cx: &Context<'_>,
    path: &str,
    name: &str,
    names: impl Iterator<Item = &'n str> + Clone,
    findings: &mut Findings,
) {
    let help = match names.clone().next() {
        Some(_) => similar::help(name, names, "the names here are"),
        None => "there are no fields; write the word alone".to_owned(),
    };
    let headline = format!("a text form names `{name}`, which its message does not have");
    let finding = Finding::new(&RULE, cx.value(path), headline, format!("there is no `{name}`"));
    findings.push(finding.help(help));
}
