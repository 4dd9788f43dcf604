//! Two config keys have the same id.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::ConfigKey;
use std::collections::HashMap;

/// Also keys that never leave the host: they may be moved to the bridge one day.
pub(crate) static RULE: Rule = Rule {
    code: Code(65),
    name: "duplicate_config_id",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "On the wire a config key is its id and nothing else, so two keys cannot share one.",
        wrong: "config:
  verbose: {id: 1, type: bool, default: false, scope: host, apply: live, doc: Print each status.}
  debug: {id: 1, type: bool, default: false, scope: host, apply: live, doc: Print everything.}
",
        right: "config:
  verbose: {id: 1, type: bool, default: false, scope: host, apply: live, doc: Print each status.}
  debug: {id: 2, type: bool, default: false, scope: host, apply: live, doc: Print everything.}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let mut seen: HashMap<i128, &ConfigKey> = HashMap::new();
    for key in &cx.model.config {
        let Some(id) = key.id else { continue };
        let Some(first) = seen.insert(id, key) else {
            continue;
        };
        let headline = format!("`{}` and `{}` have the same id", key.name, first.name);
        let finding = Finding::new(&RULE, cx.value(&key.at("id")), headline, "the same again")
            .also(cx.value(&first.at("id")), "first here")
            .help("give one of the two an id that was never used");
        findings.push(finding);
    }
}
