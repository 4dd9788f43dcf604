//! A default outside the bounds of its field.

use super::context::Context;
use super::values::{self, Kind};
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};

/// Also a default that is longer than `max_len`.
pub(crate) static RULE: Rule = Rule {
    code: Code(48),
    name: "default_out_of_range",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "The default is a value like any other: what a peer may not send, a decoder must not put in.",
        wrong: "config:
  keep_alive: {id: 1, type: u16, default: 2, min: 5, max: 3600, unit: s, scope: host, apply: live, doc: MQTT keep alive.}
",
        right: "config:
  keep_alive: {id: 1, type: u16, default: 60, min: 5, max: 3600, unit: s, scope: host, apply: live, doc: MQTT keep alive.}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for slot in cx.slots() {
        let Some(default) = slot.default else { continue };
        let misfits = values::misfits(cx.model, slot.shape, default, &slot.at("default"));
        for misfit in misfits.iter().filter(|misfit| misfit.kind == Kind::Bounds) {
            let headline = format!("the default of `{}` {}", slot.name, misfit.problem);
            let finding = Finding::new(&RULE, misfit.place(cx), headline, &misfit.label);
            findings.push(finding.help(&misfit.help));
        }
    }
}
