//! A status code outside the range of its severity.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model;

/// The range is what an old host knows of a new status.
pub(crate) static RULE: Rule = Rule {
    code: Code(33),
    name: "status_severity_range",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "The code's range is the severity: info 0x00 to 0x3F, warning 0x40 to 0x7F, error 0x80 to 0xBF, fatal 0xC0 to \
              0xFF. A host that is older than the bridge knows of a new status nothing but this.",
        wrong: "statuses:
  wifi_down: {code: 0x02, severity: warning, doc: Wi-Fi is down.}
",
        right: "statuses:
  wifi_down: {code: 0x42, severity: warning, doc: Wi-Fi is down.}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for status in &cx.model.statuses {
        let (Some(code), Some(severity)) = (status.code, status.severity) else {
            continue;
        };
        let (first, last) = severity.codes();
        if (first..=last).contains(&code) {
            continue;
        }
        let headline = format!("the code of `{}` does not say `{}`", status.name, severity.word());
        let finding = Finding::new(&RULE, cx.value(&status.at("code")), headline, of_whom(code))
            .also(cx.value(&status.at("severity")), "the severity")
            .help(format!(
                "codes of `{}` are 0x{first:02X} to 0x{last:02X}",
                severity.word()
            ));
        findings.push(finding);
    }
}

fn of_whom(code: i128) -> String {
    use model::Severity::{Error, Fatal, Info, Warning};
    let all = [Info, Warning, Error, Fatal];
    let whose = all.into_iter().find(|severity| {
        let (first, last) = severity.codes();
        (first..=last).contains(&code)
    });
    match whose {
        Some(severity) => format!("a code of `{}`", severity.word()),
        None => "a code is one byte".to_owned(),
    }
}
