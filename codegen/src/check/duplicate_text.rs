//! Two messages of one direction have the same text form.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::{Direction, Message};
use std::collections::HashMap;

/// The two directions are told apart by the wire they use.
pub(crate) static RULE: Rule = Rule {
    code: Code(31),
    name: "duplicate_text",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "`text` is the first field by which the MicroPython system knows a message. In one direction two messages \
              cannot share it.",
        wrong: "events:
  log: {op: 0x40, text: u, doc: A line of the log., fields: {}, example: {}}
  moved: {op: 0x41, text: u, doc: It moved., fields: {}, example: {}}
",
        right: "events:
  log: {op: 0x40, text: u, doc: A line of the log., fields: {}, example: {}}
  moved: {op: 0x41, text: v, doc: It moved., fields: {}, example: {}}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let mut seen: HashMap<(bool, &str), &Message> = HashMap::new();
    for message in cx.model.messages() {
        let Some(text) = message.text.as_deref() else {
            continue;
        };
        let place = (message.direction == Direction::Command, text);
        let Some(first) = seen.insert(place, message) else {
            continue;
        };
        let headline = format!("`{}` and `{}` have the same text form", message.name, first.name);
        let finding = Finding::new(&RULE, cx.value(&message.at("text")), headline, "the same again")
            .also(cx.value(&first.at("text")), "first here")
            .help("remove `text` from the message that the MicroPython system does not know");
        findings.push(finding);
    }
}
