//! Settings of the bridge that no command brings to it.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::{ConfigKey, Scope, Type};

/// A warning: the command may be written next.
pub(crate) static RULE: Rule = Rule {
    code: Code(69),
    name: "config_not_carried",
    severity: Severity::Warning,
    run: Run::OnModel(run),
    explain: Explain {
        why: "A config key without `scope: host` is meant for the bridge, but no command has a field of type `config`, so \
              the bridge never gets it.",
        wrong: "config:
  ssid: {id: 1, type: str, max_len: 32, required: true, apply: reconnect, doc: Name of the network.}
",
        right: "commands:
  configure:
    op: 0x11
    doc: Configure the bridge.
    timeout_ms: 1000
    fields:
      settings: {type: config, doc: All settings.}
    reply: {}
    example: {}
config:
  ssid: {id: 1, type: str, max_len: 32, required: true, apply: reconnect, doc: Name of the network.}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    if cx.shapes().any(|(_, shape)| shape.kind == Type::Config) {
        return;
    }
    // A scope that cannot be read is reported as such.
    let readable = |key: &ConfigKey| matches!(cx.text(&key.at("scope")), None | Some("bridge"));
    let mut keys = cx.model.config.iter();
    if let Some(key) = keys.find(|key| key.scope == Scope::Bridge && readable(key)) {
        let headline = "no command brings the settings to the bridge";
        let finding = Finding::new(&RULE, cx.key(&key.path), headline, "the bridge never gets this");
        findings.push(finding.help("add a command with a field {type: config}, or say scope: host"));
    }
}
