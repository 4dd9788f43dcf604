//! A map or list used as a key.

use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Severity};
use crate::source::Span;

/// Most often braces that were meant as a placeholder.
pub(crate) static RULE: Rule = Rule {
    code: Code(9),
    name: "complex_key",
    severity: Severity::Error,
    run: Run::WhileParsing,
    explain: Explain {
        why: "YAML allows any value as a key. In a spec keys are names; reading stops at one that is not.",
        wrong: "statuses:
  [ready, steady]: {code: 0x01, severity: info, doc: Ready.}
",
        right: "statuses:
  ready: {code: 0x01, severity: info, doc: Ready.}
  steady: {code: 0x02, severity: info, doc: Steady.}
",
    },
};

pub(crate) fn finding(span: Span) -> Finding {
    Finding::new(&RULE, span, "a key must be a name", "a map or a list").help("write one entry for each name")
}
