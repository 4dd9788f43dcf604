//! Two statuses have the same code.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::Status;
use std::collections::HashMap;

/// The code is all that travels.
pub(crate) static RULE: Rule = Rule {
    code: Code(34),
    name: "duplicate_status_code",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "A status travels as its code and nothing else, so two statuses cannot share one.",
        wrong: "statuses:
  wifi_up: {code: 0x01, severity: info, doc: Wi-Fi is up.}
  broker_up: {code: 0x01, severity: info, doc: The broker answers.}
",
        right: "statuses:
  wifi_up: {code: 0x01, severity: info, doc: Wi-Fi is up.}
  broker_up: {code: 0x02, severity: info, doc: The broker answers.}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let mut seen: HashMap<i128, &Status> = HashMap::new();
    for status in &cx.model.statuses {
        let Some(code) = status.code else { continue };
        let Some(first) = seen.insert(code, status) else {
            continue;
        };
        let headline = format!("`{}` and `{}` have the same code", status.name, first.name);
        let finding = Finding::new(&RULE, cx.value(&status.at("code")), headline, "the same again")
            .also(cx.value(&first.at("code")), "first here")
            .help("give one of the two a code that was never used");
        findings.push(finding);
    }
}
