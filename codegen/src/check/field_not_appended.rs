//! A new field was put before older ones.

use super::context::{Context, FieldList};
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::{Field, Type};

/// A `rest` field and the config are encoded last wherever they stand, so they do not count.
pub(crate) static RULE: Rule = Rule {
    code: Code(24),
    name: "field_not_appended",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "Fields travel in the order in which they are declared, without names. An older peer finds the fields it \
              knows at the front only if new ones are appended behind them.",
        wrong: "protocol: {name: example, revision: 2, min: 1, doc: An example.}
events:
  log:
    op: 0x09
    doc: A line of the log.
    fields:
      level: {type: u8, since: 2, default: 3, doc: How much it matters.}
      line: {type: str, max_len: 80, default: \"\", doc: The text.}
    example: {line: ready, level: 3}
",
        right: "protocol: {name: example, revision: 2, min: 1, doc: An example.}
events:
  log:
    op: 0x09
    doc: A line of the log.
    fields:
      line: {type: str, max_len: 80, default: \"\", doc: The text.}
      level: {type: u8, since: 2, default: 3, doc: How much it matters.}
    example: {line: ready, level: 3}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    cx.field_lists().for_each(|list| one(cx, &list, findings));
}

fn one(cx: &Context<'_>, list: &FieldList<'_>, findings: &mut Findings) {
    let mut newest: Option<(&str, &str, i128)> = None;
    let to_the_end = |field: &&Field| field.rest || field.shape.kind == Type::Config;
    for field in list.fields.iter().filter(|field| !to_the_end(field)) {
        match newest {
            Some((name, path, since)) if field.since < since => {
                let message = format!("`{}` is older than `{name}`, which stands before it", field.name);
                let label = format!("since revision {}", field.since);
                let finding = Finding::new(&RULE, cx.key(&field.path), message, label)
                    .also(cx.key(path), format!("since revision {since}"))
                    .help(format!("move `{name}` behind the fields of older revisions"));
                findings.push(finding);
            }
            _ => newest = Some((&field.name, &field.path, field.since)),
        }
    }
}
