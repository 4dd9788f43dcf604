//! A config key of a type that a setting cannot have.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::{Model, Type};

/// Each key is a line of `fivewire.toml` and an argument on a command line.
pub(crate) static RULE: Rule = Rule {
    code: Code(68),
    name: "config_type",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "A setting is a bool, an integer, a str or an enum: something that a person can type on one line of a file or \
              after an option, and that a validator can show again.",
        wrong: "config:
  servers: {id: 1, type: bytes, max_len: 80, default: \"\", scope: host, apply: live, doc: Where to ask.}
",
        right: "config:
  server: {id: 1, type: str, max_len: 80, default: \"\", scope: host, apply: live, doc: Where to ask.}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for key in &cx.model.config {
        if fits(cx.model, &key.shape.kind) {
            continue;
        }
        let headline = format!("the config key `{}` cannot have this type", key.name);
        let finding = Finding::new(&RULE, cx.value(&key.at("type")), headline, "not a setting");
        findings.push(finding.help("settings are bool, an integer type, str, or an enum of `types:`"));
    }
}

fn fits(model: &Model, kind: &Type) -> bool {
    match kind {
        Type::Bool | Type::Int(_) | Type::Str | Type::Unknown(_) => true,
        Type::Named(_) => model.as_struct(kind).is_none(),
        Type::Bytes | Type::Status | Type::Config | Type::List | Type::Optional => false,
    }
}
