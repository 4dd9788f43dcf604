//! Names that must not come back.

use super::context::{Context, ItemKind};
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};

/// Reserved ids have a rule of their own.
pub(crate) static RULE: Rule = Rule {
    code: Code(18),
    name: "reserved_name",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "A name under `reserved:` once meant something else. Whoever reads an old log, or ports old code, would take \
              the new thing for the old one.",
        wrong: "statuses:
  ready: {code: 0x01, severity: info, doc: Ready.}
reserved: {names: [ready]}
",
        right: "statuses:
  prepared: {code: 0x01, severity: info, doc: Ready.}
reserved: {names: [ready]}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let reserved = &cx.model.reserved.names;
    let named = cx
        .items()
        .filter(|item| !matches!(item.kind, ItemKind::Protocol | ItemKind::Field));
    for item in named {
        if let Some(index) = reserved.iter().position(|name| name == item.name) {
            let message = format!("the name `{}` is reserved", item.name);
            let finding = Finding::new(&RULE, cx.key(item.path), message, "it must not come back")
                .also(cx.value(&format!("reserved.names.{index}")), "reserved here")
                .help("choose another name; a reserved one stays reserved");
            findings.push(finding);
        }
    }
}
