//! Two messages take the same op.

use super::context::Context;
use super::ops::Ops;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::Message;

/// Commands and events share one space, so that a byte on the wire says what it is without its direction.
pub(crate) static RULE: Rule = Rule {
    code: Code(29),
    name: "duplicate_op",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "The op is all that tells messages apart. A message with `op_bits: n` takes 2 to the n ops from its own on; \
              none of them may belong to another message.",
        wrong: "events:
  log:
    op: 0x40
    op_bits: 1
    doc: A line of the log.
    fields:
      urgent: {type: bool, default: false, doc: Look at it now.}
    example: {urgent: true}
  moved:
    op: 0x41
    doc: It moved.
    fields: {}
    example: {}
",
        right: "events:
  log:
    op: 0x40
    op_bits: 1
    doc: A line of the log.
    fields:
      urgent: {type: bool, default: false, doc: Look at it now.}
    example: {urgent: true}
  moved:
    op: 0x42
    doc: It moved.
    fields: {}
    example: {}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let mut taken: Vec<Option<&Message>> = vec![None; 256];
    for message in cx.model.messages() {
        let Some(ops) = Ops::of(message) else { continue };
        let inside = usize::try_from(ops.first)
            .ok()
            .zip(usize::try_from(ops.last).ok());
        let Some(places) = inside.and_then(|(first, last)| taken.get_mut(first..=last)) else {
            continue;
        };
        if let Some(other) = places.iter().flatten().next() {
            findings.push(finding(cx, message, ops, other));
        }
        places
            .iter_mut()
            .for_each(|place| *place = place.or(Some(message)));
    }
}

fn finding(cx: &Context<'_>, message: &Message, ops: Ops, other: &Message) -> Finding {
    let headline = format!("`{}` and `{}` take the same op", message.name, other.name);
    let others = Ops::of(other).map(|ops| ops.to_string()).unwrap_or_default();
    Finding::new(
        &RULE,
        cx.value(&message.at("op")),
        headline,
        format!("it takes {ops}"),
    )
    .also(
        cx.value(&other.at("op")),
        format!("`{}` takes {others}", other.name),
    )
    .help("give one of the two an op that is free; an op once released is never given again")
}
