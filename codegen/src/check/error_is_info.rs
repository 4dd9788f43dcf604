//! A command lists a status among its errors that is none.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model;

/// Warnings and worse can be the reason why a command failed; an info cannot.
pub(crate) static RULE: Rule = Rule {
    code: Code(56),
    name: "error_is_info",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "`errors` are the statuses that tell why a command failed. One of severity info says that something went \
              well; a status that tells how a wait goes belongs under `progress`.",
        wrong: "statuses:
  will_ok: {code: 0x07, severity: info, doc: The last will is stored.}
commands:
  will:
    op: 0x10
    doc: Store the last will.
    timeout_ms: 1000
    fields: {}
    reply: {}
    errors: [will_ok]
    example: {}
",
        right: "statuses:
  will_ok: {code: 0x07, severity: info, doc: The last will is stored.}
commands:
  will:
    op: 0x10
    doc: Store the last will.
    timeout_ms: 1000
    fields: {}
    reply: {}
    example: {}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for error in cx.model.messages().flat_map(|message| &message.errors) {
        let status = error.index.and_then(|index| cx.model.statuses.get(index));
        let info = status
            .filter(|status| status.severity == Some(model::Severity::Info) && status.fatal_in.is_empty());
        if let Some(status) = info {
            let headline = format!("`{}` is no error", status.name);
            let finding = Finding::new(&RULE, cx.value(&error.path), headline, "listed as an error here")
                .also(cx.value(&status.at("severity")), "an info here")
                .help(
                    "remove it; the reply says that it went well. What tells how a wait goes is `progress`",
                );
            findings.push(finding);
        }
    }
}
