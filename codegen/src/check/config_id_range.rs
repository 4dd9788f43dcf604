//! A config id that is 0 or does not fit a byte.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};

/// 0 stays free: a status whose detail is a key's id uses it for "none".
pub(crate) static RULE: Rule = Rule {
    code: Code(66),
    name: "config_id_range",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "A config id is one byte, 1 to 255. 0 means no key at all, for example in a status whose detail names the key \
              that was rejected.",
        wrong: "config:
  verbose: {id: 0, type: bool, default: false, scope: host, apply: live, doc: Print each status.}
",
        right: "config:
  verbose: {id: 1, type: bool, default: false, scope: host, apply: live, doc: Print each status.}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for key in &cx.model.config {
        let Some(id) = key.id.filter(|id| !(1..=255).contains(id)) else {
            continue;
        };
        let label = if id == 0 {
            "0 means no key".to_owned()
        } else {
            format!("{id} is not from 1 to 255")
        };
        let headline = format!("the id of `{}` is out of range", key.name);
        let finding = Finding::new(&RULE, cx.value(&key.at("id")), headline, label);
        findings.push(finding.help("choose an id from 1 to 255 that was never used"));
    }
}
