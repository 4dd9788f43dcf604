//! A fatal status, and nothing is done about it.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::{self, Recovery};

/// The host acts on the recovery; without one it would stay down for ever.
pub(crate) static RULE: Rule = Rule {
    code: Code(36),
    name: "fatal_without_recovery",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "Fatal means that the system cannot go on by itself. `recover` tells the host what brings it back; without it \
              the host would stay down for ever.",
        wrong: "statuses:
  broker_fail: {code: 0xC1, severity: fatal, doc: There is no broker.}
",
        right: "statuses:
  broker_fail: {code: 0xC1, severity: fatal, recover: reset_bridge, doc: There is no broker.}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for status in cx
        .model
        .statuses
        .iter()
        .filter(|status| status.recovery == Recovery::None)
    {
        let why = match (status.severity, status.fatal_in.is_empty()) {
            (Some(model::Severity::Fatal), _) => status.at("severity"),
            (_, false) => status.at("fatal_in"),
            (_, true) => continue,
        };
        // A recovery that is none of the choices is reported as such.
        if !matches!(cx.text(&status.at("recover")), None | Some("none")) {
            continue;
        }
        let headline = format!("`{}` is fatal and nothing recovers from it", status.name);
        let finding = Finding::new(&RULE, cx.value(&why), headline, "fatal here");
        findings.push(finding.help("add recover: reset_bridge, fix_config or reconnect"));
    }
}
