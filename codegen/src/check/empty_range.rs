//! A range that nothing lies in.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};

/// Every message with such a field would be refused.
pub(crate) static RULE: Rule = Rule {
    code: Code(45),
    name: "empty_range",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "No number is at least `min` and at most `max` when `min` is the larger of the two, so every value would be \
              refused.",
        wrong: "events:
  heard:
    op: 0x40
    doc: Something was heard.
    fields:
      level: {type: u8, min: 10, max: 1, doc: How loud it was.}
    example: {level: 5}
",
        right: "events:
  heard:
    op: 0x40
    doc: Something was heard.
    fields:
      level: {type: u8, min: 1, max: 10, doc: How loud it was.}
    example: {level: 5}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for (slot, shape) in cx.shapes() {
        let (Some(min), Some(max)) = (shape.min, shape.max) else {
            continue;
        };
        if min > max {
            let headline = format!("no value of `{}` could be right", slot.name);
            let max_place = cx.value(&format!("{}.max", shape.path));
            let finding = Finding::new(&RULE, max_place, headline, "less than the smallest value")
                .also(cx.value(&format!("{}.min", shape.path)), "the smallest value")
                .help(format!("swap them: min: {max}, max: {min}"));
            findings.push(finding);
        }
    }
}
