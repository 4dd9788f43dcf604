//! Everything that has a name has a doc.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};

/// An empty doc is a missing one.
pub(crate) static RULE: Rule = Rule {
    code: Code(19),
    name: "missing_doc",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "The doc is all that the reader of PROTOCOL.md, of the generated code and of the editor's help gets. One \
              sentence is enough; it says what the thing means, not what it is called.",
        wrong: "statuses:
  wifi_up: {code: 0x01, severity: info}
",
        right: "statuses:
  wifi_up: {code: 0x01, severity: info, doc: The bridge has joined a network.}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for item in cx.items().filter(|item| item.doc.is_empty()) {
        // Something of another type is there, or it or its owner is not: reported where that was found.
        if !cx.is_blank(&item.at("doc")) || cx.misspelt(item.path, "doc") || cx.is_blank(item.path) {
            continue;
        }
        let name = item.path.rsplit('.').next().unwrap_or_default();
        let finding = Finding::new(
            &RULE,
            cx.key(item.path),
            format!("`{name}` has no doc"),
            "what does it mean?",
        );
        findings.push(finding.help("add one sentence: doc: …"));
    }
}
