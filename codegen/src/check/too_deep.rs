//! Maps and lists nested without end.

use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Severity};
use crate::parse::strict::MAX_DEPTH;
use crate::source::Span;

/// Protects every later pass, some of which recurse.
pub(crate) static RULE: Rule = Rule {
    code: Code(10),
    name: "too_deep",
    severity: Severity::Error,
    run: Run::WhileParsing,
    explain: Explain {
        why: "No word of a spec needs more than a handful of levels. Deeper nesting is an accident, for example a row of \
              opening brackets, and reading stops there.",
        wrong: "protocol: [[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]\n",
        right: "protocol: {name: example, revision: 1, min: 1, doc: An example.}\n",
    },
};

pub(crate) fn finding(span: Span) -> Finding {
    let message = format!("maps and lists are nested more than {MAX_DEPTH} deep");
    Finding::new(&RULE, span, message, "reading stops here")
        .help("look for brackets that were typed by accident")
}
