//! YAML anchors (`&name`) and aliases (`*name`).

use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Severity};
use crate::source::Span;

/// A spec is read by people, place by place.
pub(crate) static RULE: Rule = Rule {
    code: Code(5),
    name: "anchor",
    severity: Severity::Error,
    run: Run::WhileParsing,
    explain: Explain {
        why: "An alias says one thing here and means another that stands far away, so that a change over there changes \
              the wire here. A spec writes everything where it holds. A shape used often is a struct in `types:`.",
        wrong: "events:
  log:
    op: 0x09
    doc: &text A line of the log.
    fields:
      line: {type: str, max_len: 80, doc: *text}
    example: {line: ready}
",
        right: "events:
  log:
    op: 0x09
    doc: A line of the log.
    fields:
      line: {type: str, max_len: 80, doc: The text.}
    example: {line: ready}
",
    },
};

pub(crate) fn anchor(text: &str, value: Span) -> Finding {
    let span = super::property(text, value, '&');
    Finding::new(&RULE, span, "anchors are not used in a spec", "an anchor").help("remove it")
}

pub(crate) fn alias(span: Span) -> Finding {
    Finding::new(&RULE, span, "aliases are not used in a spec", "an alias")
        .help("write out what it stands for; a shape that is used often can be a struct in `types:`")
}
