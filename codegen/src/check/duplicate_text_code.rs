//! Two statuses have the same number in the MicroPython system.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::Status;
use std::collections::HashMap;

/// Only a few statuses have such a number at all.
pub(crate) static RULE: Rule = Rule {
    code: Code(35),
    name: "duplicate_text_code",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "`text_code` is the number by which the MicroPython system knows a status. A number that comes from there must \
              mean one status here.",
        wrong: "statuses:
  wifi_up: {code: 0x01, text_code: 9, severity: info, doc: Wi-Fi is up.}
  broker_up: {code: 0x02, text_code: 9, severity: info, doc: The broker answers.}
",
        right: "statuses:
  wifi_up: {code: 0x01, text_code: 9, severity: info, doc: Wi-Fi is up.}
  broker_up: {code: 0x02, severity: info, doc: The broker answers.}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let mut seen: HashMap<i128, &Status> = HashMap::new();
    for status in &cx.model.statuses {
        let Some(code) = status.text_code else { continue };
        let Some(first) = seen.insert(code, status) else {
            continue;
        };
        let headline = format!(
            "`{}` and `{}` have the same number in the MicroPython system",
            status.name, first.name
        );
        let finding = Finding::new(
            &RULE,
            cx.value(&status.at("text_code")),
            headline,
            "the same again",
        )
        .also(cx.value(&first.at("text_code")), "first here")
        .help("remove `text_code` from the status that the MicroPython system does not know");
        findings.push(finding);
    }
}
