//! A message without an example.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};

/// A warning: everything can be generated without it, but nothing is shown or tested.
pub(crate) static RULE: Rule = Rule {
    code: Code(71),
    name: "missing_example",
    severity: Severity::Warning,
    run: Run::OnModel(run),
    explain: Explain {
        why: "The example is what the documentation shows, what the test vectors hold and where the fuzzers start. A message \
              without one is in none of them. A message without fields has the example {}.",
        wrong: "events:
  moved:
    op: 0x40
    doc: It moved.
    fields: {}
",
        right: "events:
  moved:
    op: 0x40
    doc: It moved.
    fields: {}
    example: {}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for message in cx.model.messages().filter(|message| message.example.is_none()) {
        if cx.has(&message.at("example")) || cx.misspelt(&message.path, "example") {
            continue;
        }
        let headline = format!("`{}` has no example", message.name);
        let finding = Finding::new(&RULE, cx.key(&message.path), headline, "neither shown nor tested");
        findings.push(finding.help("add example: {} with a value for each field"));
    }
}
