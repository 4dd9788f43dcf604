//! A command whose answer may come at any time or never.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};

/// Also a deadline that is not one.
pub(crate) static RULE: Rule = Rule {
    code: Code(60),
    name: "no_deadline",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "A call on the host never hangs: a command that is answered has a deadline (`timeout_ms`), or says what it \
              waits for (`waits_for`). One that is never answered says `one_way: true`.",
        wrong: "commands:
  ping:
    op: 0x10
    doc: Ask for a sign of life.
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
    for command in cx.model.commands.iter().filter(|command| !command.one_way) {
        if command.timeout_ms.is_some() || command.waits_for.is_some() {
            continue;
        }
        // Unreadable or misspelt: reported where that was found.
        let written = |word: &str| !cx.is_blank(&command.at(word)) || cx.misspelt(&command.path, word);
        if !["timeout_ms", "waits_for", "one_way"].into_iter().any(written) {
            let headline = format!("`{}` could wait for its answer for ever", command.name);
            let finding = Finding::new(&RULE, cx.key(&command.path), headline, "no deadline");
            findings
                .push(finding.help("add timeout_ms: 2000, or waits_for: broker or user, or one_way: true"));
        }
    }
}
