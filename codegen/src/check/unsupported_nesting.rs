//! Types within types that the wire does not have.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::{Shape, Type};

/// A struct in between says the same and has names.
pub(crate) static RULE: Rule = Rule {
    code: Code(53),
    name: "unsupported_nesting",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "A list of lists and an optional of an optional have parts without names, and the config runs to the end of \
              the body, so it cannot be part of anything. Put a struct in between.",
        wrong: "events:
  scanned:
    op: 0x40
    doc: The scan is over.
    fields:
      rows: {type: list, max_len: 4, of: {type: list, max_len: 4, of: u8}, doc: All rows.}
    example: {rows: [[1, 2]]}
",
        right: "types:
  Row:
    kind: struct
    doc: A row of the scan.
    fields:
      cells: {type: list, max_len: 4, of: u8, doc: From left to right.}
events:
  scanned:
    op: 0x40
    doc: The scan is over.
    fields:
      rows: {type: list, max_len: 4, of: Row, doc: All rows.}
    example: {rows: [{cells: [1, 2]}]}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for (slot, shape) in cx.shapes() {
        let Some(of) = shape.of.as_deref() else { continue };
        if let Some(what) = unsupported(shape, of) {
            let headline = format!("`{}` is {what}", slot.name);
            let finding = Finding::new(&RULE, cx.value(&of.path), headline, "this cannot be inside");
            findings.push(finding.help("put a struct in between, or choose another type"));
        }
    }
}

fn unsupported(outer: &Shape, inner: &Shape) -> Option<&'static str> {
    match (&outer.kind, &inner.kind) {
        (Type::List, Type::List) => Some("a list of lists"),
        (Type::Optional, Type::Optional) => Some("an optional of an optional"),
        (Type::List, Type::Config) => Some("a list of configs"),
        (Type::Optional, Type::Config) => Some("an optional config"),
        _ => None,
    }
}
