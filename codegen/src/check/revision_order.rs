//! The protocol's own revision numbers.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};

/// Both travel as one byte in hello.
pub(crate) static RULE: Rule = Rule {
    code: Code(21),
    name: "revision_order",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "`revision` counts the changes of the protocol from 1 to 255; `min` is the oldest revision that this one \
              still talks to, so it cannot be newer than the revision itself.",
        wrong: "protocol: {name: example, revision: 2, min: 3, doc: An example.}\n",
        right: "protocol: {name: example, revision: 3, min: 2, doc: An example.}\n",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let protocol = &cx.model.protocol;
    let (revision, min) = (protocol.revision, protocol.min);
    for (word, value) in [("revision", revision), ("min", min)] {
        if value.is_some_and(|value| !(1..=255).contains(&value)) {
            let message = format!("`{word}` must be from 1 to 255");
            let finding = Finding::new(&RULE, cx.value(&protocol.at(word)), message, "not a revision");
            findings.push(finding.help("revisions count from 1"));
        }
    }
    if let (Some(revision), Some(min)) = (revision, min)
        && min > revision
        && revision >= 1
        && min <= 255
    {
        let message = "the oldest revision is newer than the revision";
        let finding = Finding::new(
            &RULE,
            cx.value(&protocol.at("min")),
            message,
            format!("newer than {revision}"),
        )
        .also(cx.value(&protocol.at("revision")), "the revision of this spec")
        .help(format!("lower `min` to at most {revision}, or raise `revision`"));
        findings.push(finding);
    }
}
