//! A number of the MicroPython system that a status cannot have.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};

/// What does not fit would never be found.
pub(crate) static RULE: Rule = Rule {
    code: Code(78),
    name: "text_code_range",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "`text_code` is a number from 0 to 255; numbers from 256 on stand for statuses that only have a \
              code of their own. `text_more` says which fields stand behind that number, so there must be one.",
        wrong: "statuses:
  ready: {code: 0x01, text_code: 256, severity: info, doc: Ready.}
",
        right: "statuses:
  ready: {code: 0x01, text_code: 5, severity: info, doc: Ready.}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for status in &cx.model.statuses {
        if let Some(code) = status.text_code.filter(|code| !(0..=255).contains(code)) {
            let headline = format!("the `text_code` of `{}` is not from 0 to 255", status.name);
            let place = cx.value(&status.at("text_code"));
            let finding = Finding::new(&RULE, place, headline, format!("{code} is out of range"));
            findings.push(finding.help("write the number that the MicroPython system gives it"));
        }
        if status.text_code.is_none() && !status.text_more.is_empty() {
            let headline = format!("`{}` has `text_more` and no `text_code`", status.name);
            let place = cx.key(&status.at("text_more"));
            let finding = Finding::new(&RULE, place, headline, "these stand behind no number");
            findings.push(finding.help("add its `text_code`, or remove `text_more`"));
        }
    }
}
