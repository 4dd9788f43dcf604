//! A value that is none of those its word can take.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::similar;

/// The model keeps what it could not resolve; this rule only puts it into words.
pub(crate) static RULE: Rule = Rule {
    code: Code(14),
    name: "unknown_choice",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "Words such as `severity`, `apply` or `waits_for` choose from a closed list, so that both ends know all \
              the cases.",
        wrong: "statuses:
  ready: {code: 0x01, severity: information, doc: Ready.}
",
        right: "statuses:
  ready: {code: 0x01, severity: info, doc: Ready.}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for unknown in &cx.model.unknown_words {
        let message = format!("`{}` is none of the choices here", unknown.found);
        let help = similar::help(&unknown.found, unknown.expected.iter().copied(), "choose one of");
        findings.push(Finding::new(&RULE, cx.value(&unknown.path), message, "unknown choice").help(help));
    }
}
