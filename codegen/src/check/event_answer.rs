//! An event with words that belong to a command.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};

/// The host never answers an event.
pub(crate) static RULE: Rule = Rule {
    code: Code(64),
    name: "event_answer",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "Events go from the bridge to the host, unasked, and are never answered. What the host says to one is a command \
              of its own.",
        wrong: "events:
  moved:
    op: 0x40
    doc: It moved.
    fields: {}
    reply: {}
    example: {}
",
        right: "events:
  moved:
    op: 0x40
    doc: It moved. The host answers with seen.
    fields: {}
    example: {}
commands:
  seen:
    op: 0x10
    doc: The host has seen that it moved.
    one_way: true
    fields: {}
    example: {}
",
    },
};

const WORDS: [&str; 12] = [
    "reply",
    "reply_text",
    "reply_example",
    "errors",
    "timeout_ms",
    "waits_for",
    "progress",
    "retry",
    "idempotent",
    "on_outage",
    "replay",
    "one_way",
];

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for event in &cx.model.events {
        for word in cx.names(&event.path).filter(|word| WORDS.contains(word)) {
            let headline = format!("the event `{}` has `{word}`", event.name);
            let finding = Finding::new(
                &RULE,
                cx.key(&event.at(word)),
                headline,
                "events are never answered",
            );
            findings.push(finding.help("remove it; what the host says to an event is a command of its own"));
        }
    }
}
