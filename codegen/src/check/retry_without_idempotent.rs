//! A command that is repeated by itself although twice is not once.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};

/// The answer may have been lost, not the command.
pub(crate) static RULE: Rule = Rule {
    code: Code(57),
    name: "retry_without_idempotent",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "When an answer does not come, the host cannot know whether the command or the answer was lost. It may repeat \
              the command only if doing it twice is the same as doing it once.",
        wrong: "commands:
  step:
    op: 0x10
    doc: Move on by one.
    timeout_ms: 1000
    retry: 3
    fields: {}
    reply: {}
    example: {}
",
        right: "commands:
  move_to:
    op: 0x10
    doc: Move to a place.
    timeout_ms: 1000
    retry: 3
    idempotent: true
    fields:
      place: {type: u8, doc: Where to.}
    reply: {}
    example: {place: 3}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for command in &cx.model.commands {
        let retries = command.retry.is_some_and(|retry| retry > 0);
        if !retries || command.idempotent == Some(true) || cx.misspelt(&command.path, "idempotent") {
            continue;
        }
        let headline = format!("`{}` is repeated but not idempotent", command.name);
        let mut finding = Finding::new(
            &RULE,
            cx.key(&command.at("retry")),
            headline,
            "repeats it by itself",
        );
        if command.idempotent.is_some() {
            finding = finding.also(cx.value(&command.at("idempotent")), "twice is not once");
        }
        findings.push(
            finding.help("add idempotent: true if doing it twice is doing it once; else remove `retry`"),
        );
    }
}
