//! More than one YAML document in the file.

use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Severity};
use crate::source::Span;

/// The loader would read the first and forget the rest.
pub(crate) static RULE: Rule = Rule {
    code: Code(8),
    name: "multiple_documents",
    severity: Severity::Error,
    run: Run::WhileParsing,
    explain: Explain {
        why: "One file is one protocol. What stands behind a second `---` would be read by nobody.",
        wrong: "protocol: {name: example, revision: 1, min: 1, doc: An example.}
---
statuses:
  ready: {code: 0x01, severity: info, doc: Ready.}
",
        right: "protocol: {name: example, revision: 1, min: 1, doc: An example.}
statuses:
  ready: {code: 0x01, severity: info, doc: Ready.}
",
    },
};

pub(crate) fn finding(span: Span) -> Finding {
    Finding::new(
        &RULE,
        span,
        "a second document begins here",
        "only the first would be read",
    )
    .help("remove the `---`, or move what follows into a file of its own")
}
