//! Times and counts that the host's clock or counter cannot hold.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};

/// Half of the wrapping millisecond clock.
const MAX_TIMEOUT_MS: i128 = 0x7FFF_FFFF;

/// `timeout_ms` and `retry`.
pub(crate) static RULE: Rule = Rule {
    code: Code(62),
    name: "timing_out_of_range",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "`timeout_ms` is measured with a millisecond clock that wraps, so it must be from 1 to 2147483647; `retry` is \
              one byte, 0 to 255.",
        wrong: "commands:
  ping:
    op: 0x10
    doc: Ask for a sign of life.
    timeout_ms: 0
    fields: {}
    reply: {}
    example: {}
",
        right: "commands:
  ping:
    op: 0x10
    doc: Ask for a sign of life.
    timeout_ms: 2000
    fields: {}
    reply: {}
    example: {}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for command in &cx.model.commands {
        let words = [
            ("timeout_ms", command.timeout_ms, 1, MAX_TIMEOUT_MS),
            ("retry", command.retry, 0, 255),
        ];
        for (word, value, min, max) in words {
            let Some(value) = value.filter(|value| !(min..=max).contains(value)) else {
                continue;
            };
            let headline = format!("`{word}` of `{}` is out of range", command.name);
            let label = format!("{value} is not from {min} to {max}");
            let finding = Finding::new(&RULE, cx.value(&command.at(word)), headline, label);
            findings.push(finding.help(format!("choose a number from {min} to {max}")));
        }
    }
}
