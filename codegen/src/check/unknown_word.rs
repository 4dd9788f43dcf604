//! A word that the spec language does not have at this place.

use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Severity};
use crate::similar;
use crate::source::Span;

/// A misspelt word must not be taken for one that was left out.
pub(crate) static RULE: Rule = Rule {
    code: Code(11),
    name: "unknown_word",
    severity: Severity::Error,
    run: Run::WhileParsing,
    explain: Explain {
        why: "The words that may stand at a place are a closed list. A word that is misspelt would otherwise count as \
              left out, and its default would hold.",
        wrong: "statuses:
  ready: {code: 0x01, severty: info, doc: Ready.}
",
        right: "statuses:
  ready: {code: 0x01, severity: info, doc: Ready.}
",
    },
};

/// `expected` is the tail of serde's message: "`word`, expected one of `a`, `b`".
pub(crate) fn finding(span: Span, word: &str, expected: &str) -> Finding {
    let expected = expected.split_once(", ").map_or("", |(_, list)| list);
    let words = expected.split('`').skip(1).step_by(2);
    Finding::new(
        &RULE,
        span,
        format!("there is no word `{word}` here"),
        "unknown word",
    )
    .help(similar::help(word, words, "the words here are"))
}
