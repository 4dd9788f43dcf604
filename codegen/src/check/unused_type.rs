//! A type that nothing uses.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::Type;

/// A warning: someone may be about to use it.
pub(crate) static RULE: Rule = Rule {
    code: Code(42),
    name: "unused_type",
    severity: Severity::Warning,
    run: Run::OnModel(run),
    explain: Explain {
        why: "No field, reply or config key has this type. It costs nothing on the wire, but the reader of PROTOCOL.md \
              wonders where it belongs.",
        wrong: "types:
  Level:
    kind: enum
    doc: How much it matters.
    values:
      low: {value: 0, doc: Not much.}
events:
  log:
    op: 0x40
    doc: A line of the log.
    fields:
      level: {type: u8, doc: How much it matters.}
    example: {level: 0}
",
        right: "types:
  Level:
    kind: enum
    doc: How much it matters.
    values:
      low: {value: 0, doc: Not much.}
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
    let mut used = vec![false; cx.model.types.len()];
    for (_, shape) in cx.shapes() {
        if let Type::Named(index) = shape.kind
            && let Some(used) = used.get_mut(index)
        {
            *used = true;
        }
    }
    for (def, _) in cx.model.types.iter().zip(used).filter(|&(_, used)| !used) {
        let finding = Finding::new(
            &RULE,
            cx.key(&def.path),
            format!("nothing uses `{}`", def.name),
            "unused type",
        );
        findings.push(finding.help("use it, or remove it"));
    }
}
