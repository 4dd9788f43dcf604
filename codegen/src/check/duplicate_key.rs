//! A key that stands twice in one map.

use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Severity};
use crate::source::Span;

/// The loader would let the last one win and say nothing.
pub(crate) static RULE: Rule = Rule {
    code: Code(4),
    name: "duplicate_key",
    severity: Severity::Error,
    run: Run::WhileParsing,
    explain: Explain {
        why: "Of two equal keys in a map only one can count, and which one is not for a reader to guess. It is \
              mostly a copied entry whose name was not changed.",
        wrong: "statuses:
  wifi_up: {code: 0x01, severity: info, doc: Wi-Fi is up.}
  wifi_up: {code: 0x02, severity: info, doc: The broker answers.}
",
        right: "statuses:
  wifi_up: {code: 0x01, severity: info, doc: Wi-Fi is up.}
  broker_up: {code: 0x02, severity: info, doc: The broker answers.}
",
    },
};

pub(crate) fn finding(name: &str, again: Span, first: Span) -> Finding {
    Finding::new(
        &RULE,
        again,
        format!("the key `{name}` is given twice"),
        "again here",
    )
    .also(first, "first given here")
    .help("rename one of the two, or remove it")
}
