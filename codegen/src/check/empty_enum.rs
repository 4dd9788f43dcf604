//! An enum without values, or a struct without fields.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::TypeKind;

/// Neither could be decoded into anything.
pub(crate) static RULE: Rule = Rule {
    code: Code(39),
    name: "empty_enum",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "An enum without values cannot hold anything, and a struct without fields says nothing.",
        wrong: "types:
  Level:
    kind: enum
    doc: How much it matters.
    values: {}
events:
  log:
    op: 0x40
    doc: A line of the log.
    fields:
      level: {type: optional, of: Level, doc: How much it matters.}
    example: {level: ~}
",
        right: "types:
  Level:
    kind: enum
    doc: How much it matters.
    values:
      low: {value: 0, doc: Not much.}
      high: {value: 1, doc: Very much.}
events:
  log:
    op: 0x40
    doc: A line of the log.
    fields:
      level: {type: Level, doc: How much it matters.}
    example: {level: low}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for def in &cx.model.types {
        let (what, word, entry) = match &def.kind {
            TypeKind::Enum(body) if body.values.is_empty() => ("values", "values", "low: {value: 0, doc: …}"),
            TypeKind::Struct(fields) if fields.is_empty() => {
                ("fields", "fields", "level: {type: u8, doc: …}")
            }
            TypeKind::Enum(_) | TypeKind::Struct(_) | TypeKind::Unknown => continue,
        };
        if cx.misspelt(&def.path, word) {
            continue;
        }
        let headline = format!("`{}` has no {what}", def.name);
        let finding = Finding::new(&RULE, cx.key(&def.path), headline, "it could not hold anything");
        findings.push(finding.help(format!("add some under `{word}:`, such as {entry}")));
    }
}
