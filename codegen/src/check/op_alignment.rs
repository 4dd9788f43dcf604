//! The op of a message with folded fields does not start at a multiple of their range.

use super::context::Context;
use super::ops::Ops;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};

/// Otherwise the fields could not be read off with a mask.
pub(crate) static RULE: Rule = Rule {
    code: Code(27),
    name: "op_alignment",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "The low `op_bits` bits of the op hold fields, so they must be zero in the op that the spec names.",
        wrong: "events:
  log:
    op: 0x41
    op_bits: 1
    doc: A line of the log.
    fields:
      urgent: {type: bool, default: false, doc: Look at it now.}
    example: {urgent: true}
",
        right: "events:
  log:
    op: 0x42
    op_bits: 1
    doc: A line of the log.
    fields:
      urgent: {type: bool, default: false, doc: Look at it now.}
    example: {urgent: true}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for message in cx.model.messages() {
        let Some(ops) = Ops::of(message) else { continue };
        let size = 1_i128 << ops.bits;
        if ops.first.rem_euclid(size) == 0 {
            continue;
        }
        let headline = format!("the op of `{}` is not a multiple of {size}", message.name);
        let down = ops.first - ops.first.rem_euclid(size);
        let finding = Finding::new(
            &RULE,
            cx.value(&message.at("op")),
            headline,
            "its low bits hold fields",
        )
        .also(
            cx.value(&message.at("op_bits")),
            format!("so many bits: {}", ops.bits),
        )
        .help(format!(
            "take 0x{down:02X} or 0x{:02X}",
            down.saturating_add(size)
        ));
        findings.push(finding);
    }
}
