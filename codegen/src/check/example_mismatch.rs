//! An example that is not one.

use super::context::Context;
use super::values::{self, Misfit};
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::{Field, Message, Value};

/// Examples become vectors and tests, so they must encode.
pub(crate) static RULE: Rule = Rule {
    code: Code(70),
    name: "example_mismatch",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "An example is documentation, test vector and fuzz seed at once, so it must be a message that could really be \
              sent: fields that exist, values of their types within their bounds, and nothing left out that has no \
              default.",
        wrong: "events:
  heard:
    op: 0x40
    doc: Something was heard.
    fields:
      level: {type: u8, max: 10, doc: How loud it was.}
    example: {level: 11}
",
        right: "events:
  heard:
    op: 0x40
    doc: Something was heard.
    fields:
      level: {type: u8, max: 10, doc: How loud it was.}
    example: {level: 10}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for message in cx.model.messages() {
        if let Some(example) = &message.example {
            one(cx, message, &message.fields, "example", example, findings);
        }
        match (&message.reply_example, &message.reply) {
            (Some(example), Some(reply)) => one(cx, message, reply, "reply_example", example, findings),
            (Some(example), None) => one(cx, message, &[], "reply_example", example, findings),
            (None, _) => {}
        }
    }
}

fn one(
    cx: &Context<'_>,
    message: &Message,
    fields: &[Field],
    word: &str,
    example: &Value,
    findings: &mut Findings,
) {
    let path = message.at(word);
    let misfits = values::field_misfits(cx.model, fields, example, &path);
    findings.extend(misfits.iter().map(|misfit| finding(cx, message, word, misfit)));
}

fn finding(cx: &Context<'_>, message: &Message, word: &str, misfit: &Misfit) -> Finding {
    let of = if word == "example" { "" } else { "the reply to " };
    let headline = match misfit.part(&message.at(word)) {
        "" => format!("the example of {of}`{}` {}", message.name, misfit.problem),
        part => format!(
            "`{part}` in the example of {of}`{}` {}",
            message.name, misfit.problem
        ),
    };
    Finding::new(&RULE, misfit.place(cx), headline, &misfit.label).help(&misfit.help)
}
