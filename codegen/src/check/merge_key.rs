//! The YAML merge key `<<`.

use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Severity};
use crate::source::Span;

/// Half of the YAML readers know it, half do not.
pub(crate) static RULE: Rule = Rule {
    code: Code(7),
    name: "merge_key",
    severity: Severity::Error,
    run: Run::WhileParsing,
    explain: Explain {
        why: "`<<` copies the entries of another map, silently overridden by those that stand beside it; some readers \
              of YAML know it and some do not. A spec writes everything where it holds.",
        wrong: "protocol:
  <<: {revision: 1, min: 1}
  name: example
  doc: An example.
",
        right: "protocol:
  name: example
  revision: 1
  min: 1
  doc: An example.
",
    },
};

pub(crate) fn finding(span: Span) -> Finding {
    Finding::new(&RULE, span, "merge keys are not used in a spec", "a merge key")
        .help("write the entries out; a shape that is used often can be a struct in `types:`")
}
