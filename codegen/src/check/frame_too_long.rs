//! A message that, at its longest, does not fit a frame.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::emit::size;
use crate::model::{Field, Message};

/// Longest body that the link carries, op included, in bytes.
pub(crate) const MAX_BODY: u64 = 1400;

/// Counted with every field at its longest.
pub(crate) static RULE: Rule = Rule {
    code: Code(54),
    name: "frame_too_long",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "A frame carries one message whole, and both ends keep room for several frames, so a body has at most 1400 \
              bytes with every field at its longest. That is known here and must not turn up in the field.",
        wrong: "events:
  log:
    op: 0x40
    doc: A line of the log.
    fields:
      line: {type: str, max_len: 2000, doc: The text.}
    example: {line: ready}
",
        right: "events:
  log:
    op: 0x40
    doc: A line of the log.
    fields:
      line: {type: str, max_len: 200, doc: The text.}
    example: {line: ready}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for message in cx.model.messages() {
        let longest = size::message(cx.model, message);
        one(cx, message, "fields", &message.fields, longest, findings);
        if let Some(reply) = &message.reply {
            one(
                cx,
                message,
                "reply",
                reply,
                size::reply(cx.model, message),
                findings,
            );
        }
    }
}

/// A size that is not known has a finding of its own: a bound is missing, or a struct contains itself.
fn one(
    cx: &Context<'_>,
    message: &Message,
    word: &str,
    fields: &[Field],
    longest: Option<u64>,
    findings: &mut Findings,
) {
    let Some(longest) = longest.filter(|&longest| longest > MAX_BODY) else {
        return;
    };
    let what = if word == "reply" { "the reply to " } else { "" };
    let headline = format!("{what}`{}` does not fit a frame", message.name);
    let label = format!("up to {longest} bytes, and {MAX_BODY} fit");
    let mut finding = Finding::new(&RULE, cx.key(&message.at(word)), headline, label);
    if let Some(largest) = fields.iter().max_by_key(|field| field.shape.max_len) {
        finding = finding.also(cx.key(&largest.path), "the longest field");
    }
    findings.push(finding.help("lower `max_len`, or send the content in several messages"));
}
