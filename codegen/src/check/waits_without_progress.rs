//! A wait without end that nobody can follow, or news of a wait that there is not.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};

/// The application on the host never hangs: it has a deadline or knows why it waits.
pub(crate) static RULE: Rule = Rule {
    code: Code(59),
    name: "waits_without_progress",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "A command with `waits_for` has no deadline, since a broker or a person takes the time that it takes. So that \
              the caller is not left in the dark, `progress` names the statuses which tell how the wait goes. Without a \
              wait there is no progress.",
        wrong: "statuses:
  broker_up: {code: 0x01, severity: info, doc: The broker answers.}
commands:
  publish:
    op: 0x10
    doc: Publish something.
    waits_for: broker
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
    for command in cx.model.commands.iter().filter(|command| !command.one_way) {
        match (command.waits_for, command.progress.is_empty()) {
            (Some(_), true) if !cx.misspelt(&command.path, "progress") => {
                let headline = format!("`{}` waits and no status tells how it goes", command.name);
                let place = cx.key(&command.at("waits_for"));
                let help =
                    "name the statuses that tell how the wait goes: progress: [broker_ok, broker_down]";
                findings.push(Finding::new(&RULE, place, headline, "may take for ever").help(help));
            }
            (None, false)
                if cx.is_blank(&command.at("waits_for")) && !cx.misspelt(&command.path, "waits_for") =>
            {
                let headline = format!("`{}` does not wait, so it has no progress", command.name);
                let place = cx.key(&command.at("progress"));
                let help = "remove it, or say what is waited for: waits_for: broker";
                findings.push(Finding::new(&RULE, place, headline, "progress of what?").help(help));
            }
            (Some(_) | None, _) => {}
        }
    }
}
