//! A command with a deadline that waits without one.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};

/// One of the two is not meant.
pub(crate) static RULE: Rule = Rule {
    code: Code(61),
    name: "two_deadlines",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "`timeout_ms` says that the answer comes within that time, `waits_for` that it takes as long as it takes. Only \
              one can be true.",
        wrong: "statuses:
  broker_up: {code: 0x01, severity: info, doc: The broker answers.}
commands:
  publish:
    op: 0x10
    doc: Publish something.
    timeout_ms: 2000
    waits_for: broker
    progress: [broker_up]
    fields: {}
    reply: {}
    example: {}
",
        right: "statuses:
  broker_up: {code: 0x01, severity: info, doc: The broker answers.}
commands:
  publish:
    op: 0x10
    doc: Publish something.
    waits_for: broker
    progress: [broker_up]
    fields: {}
    reply: {}
    example: {}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for command in &cx.model.commands {
        if command.timeout_ms.is_some() && command.waits_for.is_some() {
            let headline = format!("`{}` has a deadline and waits without one", command.name);
            let finding = Finding::new(&RULE, cx.key(&command.at("timeout_ms")), headline, "a deadline")
                .also(cx.key(&command.at("waits_for")), "no deadline")
                .help("remove one of the two");
            findings.push(finding);
        }
    }
}
