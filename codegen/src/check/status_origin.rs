//! A status without the code that its origin demands, or with one that it forbids.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::Origin;

/// A code is what travels; what is born at the host does not.
pub(crate) static RULE: Rule = Rule {
    code: Code(32),
    name: "status_origin",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "A status of the bridge travels as its code. A status with `origin: host` is born at the host, never travels, \
              and must not hold a code that a bridge could send.",
        wrong: "statuses:
  bridge_dead: {origin: host, code: 0xC1, severity: fatal, recover: reset_bridge, doc: The bridge is silent.}
",
        right: "statuses:
  bridge_dead: {origin: host, severity: fatal, recover: reset_bridge, doc: The bridge is silent.}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for status in &cx.model.statuses {
        let code = status.at("code");
        match (status.origin, status.code) {
            (Origin::Host, Some(_)) => {
                let headline = format!("`{}` is born at the host and has a code", status.name);
                let finding = Finding::new(&RULE, cx.value(&code), headline, "it never travels")
                    .also(cx.value(&status.at("origin")), "because of this")
                    .help("remove the code, or the origin");
                findings.push(finding);
            }
            (Origin::Bridge, None) if cx.is_blank(&code) && !cx.misspelt(&status.path, "code") => {
                let headline = format!("`{}` has no code", status.name);
                let finding = Finding::new(
                    &RULE,
                    cx.key(&status.path),
                    headline,
                    "a bridge could not send it",
                );
                findings.push(finding.help("give it a code of its severity's range, or origin: host"));
            }
            (Origin::Host | Origin::Bridge, _) => {}
        }
    }
}
