//! A command names a status that does not exist.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::similar;

/// In `errors` and in `progress`.
pub(crate) static RULE: Rule = Rule {
    code: Code(55),
    name: "unknown_status",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "`errors` and `progress` name statuses from `statuses:`. A name that is not there would be waited for in vain.",
        wrong: "statuses:
  refused: {code: 0x80, severity: error, doc: The broker refused it.}
commands:
  subscribe:
    op: 0x10
    doc: Subscribe to a topic.
    timeout_ms: 1000
    fields: {}
    reply: {}
    errors: [refuse]
    example: {}
",
        right: "statuses:
  refused: {code: 0x80, severity: error, doc: The broker refused it.}
commands:
  subscribe:
    op: 0x10
    doc: Subscribe to a topic.
    timeout_ms: 1000
    fields: {}
    reply: {}
    errors: [refused]
    example: {}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let named = cx
        .model
        .messages()
        .flat_map(|message| message.errors.iter().chain(&message.progress));
    for status in named.filter(|status| status.index.is_none()) {
        let known = cx.model.statuses.iter().map(|status| status.name.as_str());
        let help = similar::help(&status.name, known, "known statuses are");
        let headline = format!("there is no status `{}`", status.name);
        findings.push(Finding::new(&RULE, cx.value(&status.path), headline, "unknown status").help(help));
    }
}
