//! Ids that must not come back.

use super::context::Context;
use super::ops::Ops;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};

/// Reserved names have a rule of their own.
pub(crate) static RULE: Rule = Rule {
    code: Code(30),
    name: "reserved_id",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "An id under `reserved:` once meant something else. A peer that still knows the old meaning would act on it.",
        wrong: "statuses:
  ready: {code: 0x05, severity: info, doc: Ready.}
reserved: {status_codes: [0x05]}
",
        right: "statuses:
  ready: {code: 0x06, severity: info, doc: Ready.}
reserved: {status_codes: [0x05]}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let reserved = &cx.model.reserved;
    for message in cx.model.messages() {
        let Some(ops) = Ops::of(message) else { continue };
        let taken = |id: i128| (ops.first..=ops.last).contains(&id);
        one(cx, &message.at("op"), "ops", &reserved.ops, taken, findings);
    }
    for status in &cx.model.statuses {
        let taken = |id| status.code == Some(id);
        one(
            cx,
            &status.at("code"),
            "status_codes",
            &reserved.status_codes,
            taken,
            findings,
        );
    }
    for key in &cx.model.config {
        one(
            cx,
            &key.at("id"),
            "config_ids",
            &reserved.config_ids,
            |id| key.id == Some(id),
            findings,
        );
    }
}

fn one(
    cx: &Context<'_>,
    path: &str,
    list: &str,
    reserved: &[i128],
    taken: impl Fn(i128) -> bool,
    findings: &mut Findings,
) {
    let Some(index) = reserved.iter().position(|&id| taken(id)) else {
        return;
    };
    let name = path.split('.').nth(1).unwrap_or_default();
    let finding = Finding::new(
        &RULE,
        cx.value(path),
        format!("`{name}` takes a reserved id"),
        "it must not come back",
    )
    .also(cx.value(&format!("reserved.{list}.{index}")), "reserved here")
    .help("choose an id that was never used; a reserved one stays reserved");
    findings.push(finding);
}
