//! Two messages of one direction have the same text form.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::{Direction, Message, TextForm};
use std::collections::HashMap;

/// The two directions are told apart by the wire they use.
pub(crate) static RULE: Rule = Rule {
    code: Code(31),
    name: "duplicate_text",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "`text` is the first field by which the MicroPython system knows a message. In one direction two messages \
              cannot share it; replies are of the bridge's direction, as events are.",
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

/// A text form and whose it is.
type Owned<'m> = (&'m Message, &'m TextForm);

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let mut seen: HashMap<(bool, &str), Owned<'_>> = HashMap::new();
    for message in cx.model.messages() {
        let is_command = message.direction == Direction::Command;
        for (to_bridge, form) in [(is_command, &message.text), (false, &message.reply_text)] {
            let Some(form) = form else { continue };
            let Some(first) = seen.insert((to_bridge, &form.word), (message, form)) else {
                continue;
            };
            findings.push(same(cx, (message, form), first));
        }
    }
}

fn same(cx: &Context<'_>, (message, form): Owned<'_>, (first, before): Owned<'_>) -> Finding {
    let place = |form: &TextForm| match cx.has(&form.at("word")) {
        true => cx.value(&form.at("word")),
        false => cx.value(&form.path),
    };
    let headline = format!("`{}` and `{}` have the same text form", message.name, first.name);
    Finding::new(&RULE, place(form), headline, "the same again")
        .also(place(before), "first here")
        .help("remove `text` from the message that the MicroPython system does not know")
}
