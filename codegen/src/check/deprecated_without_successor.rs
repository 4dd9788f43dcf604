//! Something is deprecated and nobody says what to use instead.

use super::context::{Context, Item};
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use std::collections::HashSet;

/// The doc is what the compiler's deprecation warning shows.
pub(crate) static RULE: Rule = Rule {
    code: Code(20),
    name: "deprecated_without_successor",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "Who meets a deprecation has one question: what now? The doc answers it, naming the successor in \
              backquotes, or says that there is no replacement.",
        wrong: "protocol: {name: example, revision: 2, min: 1, doc: An example.}
events:
  log:
    op: 0x09
    deprecated: 2
    doc: A line of the log.
    fields: {}
    example: {}
",
        right: "protocol: {name: example, revision: 2, min: 1, doc: An example.}
events:
  log:
    op: 0x09
    deprecated: 2
    doc: A line of the log; use `note`.
    fields: {}
    example: {}
  note:
    op: 0x40
    since: 2
    doc: A line of the log with its level.
    fields: {}
    example: {}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let names: HashSet<&str> = cx.items().map(|item| item.name).collect();
    for item in cx.items() {
        if item.deprecated.is_some() && !item.doc.is_empty() && !answers(&item, &names) {
            let message = format!("the doc of `{}` does not say what to use instead", item.name);
            let finding = Finding::new(&RULE, cx.value(&item.at("doc")), message, "no successor is named")
                .also(cx.key(&item.at("deprecated")), "deprecated here")
                .help("name the successor in backquotes, or add: No replacement.");
            findings.push(finding);
        }
    }
}

fn answers(item: &Item<'_>, names: &HashSet<&str>) -> bool {
    let mut quoted = item.doc.split('`').skip(1).step_by(2);
    let successor = quoted.any(|name| name != item.name && names.contains(name));
    successor || item.doc.to_lowercase().contains("no replacement")
}
