//! `op_bits` is not what the folded fields need.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::{Message, Model};

/// Written down although it could be counted: it decides which ops are taken, and that must not change by itself.
pub(crate) static RULE: Rule = Rule {
    code: Code(28),
    name: "op_bits_sum",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "A message with `op_bits` folds its bools (one bit) and closed enums (their `bits`) into the op; one that ends \
              in a `rest` field needs one bit more, with which later revisions announce appended fields. The number is \
              written down so that nobody changes the taken ops without seeing it.",
        wrong: "events:
  log:
    op: 0x40
    op_bits: 2
    doc: A line of the log.
    fields:
      urgent: {type: bool, default: false, doc: Look at it now.}
    example: {urgent: true}
",
        right: "events:
  log:
    op: 0x40
    op_bits: 1
    doc: A line of the log.
    fields:
      urgent: {type: bool, default: false, doc: Look at it now.}
    example: {urgent: true}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for message in cx.model.messages().filter(|message| message.op_bits != 0) {
        let needs = needs(cx.model, message);
        let sum: i128 = needs.iter().map(|(_, bits)| bits).sum();
        if sum == message.op_bits {
            continue;
        }
        let headline = format!(
            "`op_bits` of `{}` is {}, but its fields need {sum}",
            message.name, message.op_bits
        );
        let label = format!("must be {sum}");
        let finding = Finding::new(&RULE, cx.value(&message.at("op_bits")), headline, label);
        findings.push(finding.help(help(&needs)));
    }
}

/// Who needs how many bits.
fn needs(model: &Model, message: &Message) -> Vec<(String, i128)> {
    let first_fields = message
        .fields
        .iter()
        .filter(|field| field.since <= message.since && !field.rest);
    let folded =
        first_fields.filter_map(|field| Some((format!("`{}`", field.name), model.fold_bits(&field.shape)?)));
    let more = message
        .rest()
        .map(|_| ("the `more` bit of a message with a `rest` field".to_owned(), 1));
    folded.chain(more).collect()
}

fn help(needs: &[(String, i128)]) -> String {
    if needs.is_empty() {
        return "nothing here can be folded; remove `op_bits`".to_owned();
    }
    let needs: Vec<String> = needs.iter().map(|(who, bits)| format!("{who}: {bits}")).collect();
    format!("the bits are {}", needs.join(", "))
}
