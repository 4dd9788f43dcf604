//! A config key that nobody must set and that has no default, or both.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};

/// Keys are sent sparsely, so an absent one must mean something.
pub(crate) static RULE: Rule = Rule {
    code: Code(67),
    name: "config_default",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "A key that the user does not set has its default; a key without a sensible default is `required: true`, and \
              its absence is an error at start. A required key with a default would be a contradiction.",
        wrong: "config:
  ssid: {id: 1, type: str, max_len: 32, scope: host, apply: live, doc: Name of the network.}
",
        right: "config:
  ssid: {id: 1, type: str, max_len: 32, required: true, scope: host, apply: live, doc: Name of the network.}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for key in &cx.model.config {
        match (key.required, key.default.is_some()) {
            (true, true) => {
                let headline = format!("`{}` is required and has a default", key.name);
                let finding = Finding::new(&RULE, cx.key(&key.at("default")), headline, "never used")
                    .also(cx.key(&key.at("required")), "because of this")
                    .help("remove one of the two");
                findings.push(finding);
            }
            (false, false) if !unreadable(cx, &key.path) => {
                let headline = format!("`{}` has no default and is not required", key.name);
                let finding = Finding::new(
                    &RULE,
                    cx.key(&key.path),
                    headline,
                    "what holds when nobody sets it?",
                );
                findings.push(finding.help("add default: …, or required: true"));
            }
            (true, false) | (false, _) => {}
        }
    }
}

/// One of the words is there in some form that is reported elsewhere.
fn unreadable(cx: &Context<'_>, path: &str) -> bool {
    let wrong_type = |word: &str| !matches!(cx.text(&format!("{path}.{word}")), None | Some("false"));
    ["default", "required"]
        .into_iter()
        .any(|word| wrong_type(word) || cx.misspelt(path, word))
}
