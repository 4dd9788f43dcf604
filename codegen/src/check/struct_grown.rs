//! A field was appended to a struct.

use super::context::{Context, Owner};
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};

/// Messages may grow, structs may not.
pub(crate) static RULE: Rule = Rule {
    code: Code(25),
    name: "struct_grown",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "A struct travels inline, without its length. If it grew, an older peer would take its new field for the next \
              field of the message, or for the next element of the list. Append to the message, or make a new struct.",
        wrong: "protocol: {name: example, revision: 2, min: 1, doc: An example.}
types:
  Point:
    kind: struct
    doc: A place.
    fields:
      x: {type: u8, doc: To the right.}
      y: {type: u8, since: 2, default: 0, doc: Upwards.}
events:
  moved:
    op: 0x40
    doc: It moved.
    fields:
      to: {type: Point, doc: Where it is now.}
    example: {to: {x: 1, y: 2}}
",
        right: "protocol: {name: example, revision: 2, min: 1, doc: An example.}
types:
  Point:
    kind: struct
    doc: A place.
    fields:
      x: {type: u8, doc: To the right.}
events:
  moved:
    op: 0x40
    doc: It moved.
    fields:
      to: {type: Point, doc: Where it is now.}
      y: {type: u8, since: 2, default: 0, doc: Upwards.}
    example: {to: {x: 1}, y: 2}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for list in cx
        .field_lists()
        .filter(|list| matches!(list.owner, Owner::Struct))
    {
        for field in list.fields.iter().filter(|field| field.since > 1) {
            let message = format!("`{}` was appended to a struct", field.name);
            let finding = Finding::new(
                &RULE,
                cx.value(&field.at("since")),
                message,
                "a struct cannot grow",
            )
            .help("append the field to the messages that need it, or make a new struct");
            findings.push(finding);
        }
    }
}
