//! A field was appended to a message without a default.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};

/// The default is what a decoder puts in when an older peer sent the message.
pub(crate) static RULE: Rule = Rule {
    code: Code(23),
    name: "appended_without_default",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "A peer of an older revision does not send a field that came later. The decoder fills it with the default; \
              without one it would have to refuse the whole message.",
        wrong: "protocol: {name: example, revision: 2, min: 1, doc: An example.}
events:
  log:
    op: 0x09
    doc: A line of the log.
    fields:
      line: {type: str, max_len: 80, doc: The text.}
      level: {type: u8, since: 2, doc: How much it matters.}
    example: {line: ready, level: 3}
",
        right: "protocol: {name: example, revision: 2, min: 1, doc: An example.}
events:
  log:
    op: 0x09
    doc: A line of the log.
    fields:
      line: {type: str, max_len: 80, doc: The text.}
      level: {type: u8, since: 2, default: 3, doc: How much it matters.}
    example: {line: ready, level: 3}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for list in cx.field_lists() {
        for field in list.fields.iter().filter(|field| field.since > list.since) {
            if field.default.is_none() && !cx.has(&field.at("default")) {
                let message = format!(
                    "`{}` came in revision {} and has no default",
                    field.name, field.since
                );
                let finding = Finding::new(
                    &RULE,
                    cx.key(&field.path),
                    message,
                    "an older peer does not send it",
                )
                .help("add a default that means what older peers mean");
                findings.push(finding);
            }
        }
    }
}
