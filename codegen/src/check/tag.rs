//! YAML tags (`!!str`, `!mine`).

use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Severity};
use crate::source::Span;

/// Types come from the spec's own words.
pub(crate) static RULE: Rule = Rule {
    code: Code(6),
    name: "tag",
    severity: Severity::Error,
    run: Run::WhileParsing,
    explain: Explain {
        why: "Which type a value has follows from the word it belongs to. A tag could only repeat that or contradict it.",
        wrong: "protocol: {name: !!str example, revision: 1, min: 1, doc: An example.}\n",
        right: "protocol: {name: example, revision: 1, min: 1, doc: An example.}\n",
    },
};

pub(crate) fn finding(text: &str, value: Span) -> Finding {
    let span = super::property(text, value, '!');
    Finding::new(&RULE, span, "tags are not used in a spec", "a tag")
        .help("remove it; a number that is meant as text stands in quotes")
}
