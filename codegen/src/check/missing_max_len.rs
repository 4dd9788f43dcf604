//! A str, bytes or list without a bound.

use super::context::{Context, Owner};
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::Type;

/// Every buffer in the runtime is as large as these bounds say.
pub(crate) static RULE: Rule = Rule {
    code: Code(43),
    name: "missing_max_len",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "Neither end has a heap: every buffer has a fixed size, which follows from the bounds in the spec. `max_len` \
              counts the bytes of a str or bytes and the elements of a list.",
        wrong: "events:
  log:
    op: 0x40
    doc: A line of the log.
    fields:
      line: {type: str, doc: The text.}
    example: {line: ready}
",
        right: "events:
  log:
    op: 0x40
    doc: A line of the log.
    fields:
      line: {type: str, max_len: 80, doc: The text.}
    example: {line: ready}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for (slot, shape) in cx.shapes().filter(|(_, shape)| shape.max_len.is_none()) {
        let (what, unit) = match shape.kind {
            Type::Str => ("text", "bytes"),
            Type::Bytes => ("bytes", "bytes"),
            Type::List => ("list", "elements"),
            _ => continue,
        };
        if !cx.is_blank(&format!("{}.max_len", shape.path)) || cx.misspelt(&shape.path, "max_len") {
            continue;
        }
        let headline = format!("the {what} `{}` has no longest length", slot.name);
        let example = if matches!(slot.owner, Owner::Config) {
            64
        } else {
            80
        };
        let finding = Finding::new(
            &RULE,
            cx.key(&shape.path),
            headline,
            "how much room does it need?",
        );
        findings.push(finding.help(format!("add max_len: {example}, or another number of {unit}")));
    }
}
