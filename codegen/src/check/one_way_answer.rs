//! A command without an answer that speaks of one.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};

/// Without an answer nobody knows when to repeat, or that it failed.
pub(crate) static RULE: Rule = Rule {
    code: Code(63),
    name: "one_way_answer",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "`one_way: true` says that no answer ever comes. So there is no reply, nothing to wait for, nothing that tells \
              when to repeat it, and no status that tells why it failed.",
        wrong: "commands:
  restart:
    op: 0x10
    doc: Restart the bridge.
    one_way: true
    timeout_ms: 2000
    fields: {}
    example: {}
",
        right: "commands:
  restart:
    op: 0x10
    doc: Restart the bridge.
    one_way: true
    fields: {}
    example: {}
",
    },
};

const WORDS: [&str; 8] = [
    "reply",
    "reply_text",
    "reply_example",
    "timeout_ms",
    "waits_for",
    "progress",
    "retry",
    "errors",
];

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for command in cx.model.commands.iter().filter(|command| command.one_way) {
        for word in cx.names(&command.path).filter(|word| WORDS.contains(word)) {
            let headline = format!("`{}` is one-way and has `{word}`", command.name);
            let finding = Finding::new(&RULE, cx.key(&command.at(word)), headline, "no answer ever comes")
                .also(cx.key(&command.at("one_way")), "because of this")
                .help(format!("remove `{word}`, or `one_way`"));
            findings.push(finding);
        }
    }
}
