//! Two values of an enum have the same number.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::{Enum, EnumValue, TypeKind};
use std::collections::HashMap;

/// The number is all that travels.
pub(crate) static RULE: Rule = Rule {
    code: Code(40),
    name: "duplicate_enum_value",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "A value of an enum travels as its number, so two values cannot share one.",
        wrong: "types:
  Level:
    kind: enum
    doc: How much it matters.
    values:
      low: {value: 1, doc: Not much.}
      high: {value: 1, doc: Very much.}
events:
  log:
    op: 0x40
    doc: A line of the log.
    fields:
      level: {type: Level, doc: How much it matters.}
    example: {level: low}
",
        right: "types:
  Level:
    kind: enum
    doc: How much it matters.
    values:
      low: {value: 1, doc: Not much.}
      high: {value: 2, doc: Very much.}
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
        if let TypeKind::Enum(body) = &def.kind {
            one(cx, body, findings);
        }
    }
}

fn one(cx: &Context<'_>, body: &Enum, findings: &mut Findings) {
    let mut seen: HashMap<i128, &EnumValue> = HashMap::new();
    for value in &body.values {
        let Some(number) = value.value else { continue };
        let Some(first) = seen.insert(number, value) else {
            continue;
        };
        let headline = format!("`{}` and `{}` have the same number", value.name, first.name);
        let finding = Finding::new(&RULE, cx.value(&value.at("value")), headline, "the same again")
            .also(cx.value(&first.at("value")), "first here")
            .help("give one of the two a number that was never used");
        findings.push(finding);
    }
}
