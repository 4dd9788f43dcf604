//! A command that the journal sends again although twice is not once.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};

/// The bridge's reset may come between the deed and its answer.
pub(crate) static RULE: Rule = Rule {
    code: Code(58),
    name: "replay_without_idempotent",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "What the journal holds is sent again after each reset of the bridge, whether or not it was carried out before. \
              That is right only for commands which may be done twice.",
        wrong: "commands:
  step:
    op: 0x10
    doc: Move on by one.
    timeout_ms: 1000
    replay: on_reconnect
    fields: {}
    reply: {}
    example: {}
",
        right: "commands:
  move_to:
    op: 0x10
    doc: Move to a place.
    timeout_ms: 1000
    replay: on_reconnect
    idempotent: true
    fields:
      place: {type: u8, doc: Where to.}
    reply: {}
    example: {place: 3}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for command in cx.model.commands.iter().filter(|command| command.replay) {
        if command.idempotent == Some(true) || cx.misspelt(&command.path, "idempotent") {
            continue;
        }
        let headline = format!("`{}` is replayed but not idempotent", command.name);
        let mut finding = Finding::new(
            &RULE,
            cx.key(&command.at("replay")),
            headline,
            "sent again after each reset",
        );
        if command.idempotent.is_some() {
            finding = finding.also(cx.value(&command.at("idempotent")), "twice is not once");
        }
        findings.push(
            finding.help("add idempotent: true if doing it twice is doing it once; else remove `replay`"),
        );
    }
}
