//! An op outside the range of its direction.

use super::context::Context;
use super::ops::Ops;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::Direction;

/// The range tells a reader of raw bytes which way a message goes.
pub(crate) static RULE: Rule = Rule {
    code: Code(26),
    name: "op_out_of_range",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "Ops 0x00 to 0x07 belong to the link, 0x08 to 0x0F are core events, 0x10 to 0x3F commands, 0x40 to 0x6F \
              events, 0x70 to 0x7F private to an application, either way. From 0x80 up they are replies. All the ops \
              of a message that takes several must lie in its range.",
        wrong: "events:
  log:
    op: 0x20
    doc: A line of the log.
    fields: {}
    example: {}
",
        right: "events:
  log:
    op: 0x40
    doc: A line of the log.
    fields: {}
    example: {}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for message in cx.model.messages() {
        let Some(ops) = Ops::of(message) else { continue };
        if ranges(message.direction)
            .iter()
            .any(|&(first, last)| ops.first >= first && ops.last <= last)
        {
            continue;
        }
        let (whose, free) = match message.direction {
            Direction::Command => (
                "a command",
                "commands have 0x10 to 0x3F, private ones 0x70 to 0x7F",
            ),
            Direction::Event => (
                "an event",
                "events have 0x40 to 0x6F and 0x08 to 0x0F, private ones 0x70 to 0x7F",
            ),
        };
        let headline = format!("the op of `{}` is not one of {whose}", message.name);
        let finding = Finding::new(
            &RULE,
            cx.value(&message.at("op")),
            headline,
            format!("it takes {ops}"),
        );
        findings.push(finding.help(free));
    }
}

fn ranges(direction: Direction) -> &'static [(i128, i128)] {
    match direction {
        Direction::Command => &[(0x10, 0x3F), (0x70, 0x7F)],
        Direction::Event => &[(0x40, 0x6F), (0x08, 0x0F), (0x70, 0x7F)],
    }
}
