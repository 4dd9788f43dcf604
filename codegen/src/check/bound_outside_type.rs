//! A bound that the type cannot reach.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::{Field, Shape, Type};

/// Longest `max_len`: beyond a frame many times over, yet small enough for every sum of sizes.
const MAX_LEN: i128 = 65_535;

/// Mostly the type was made smaller and the bound forgotten.
pub(crate) static RULE: Rule = Rule {
    code: Code(46),
    name: "bound_outside_type",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "A `min` or `max` that the integer type cannot hold would never be reached, and a `max_len` must be from 1 to \
              65535. A `text_epoch` is a value of its field. Either the bound or the type is not what was meant.",
        wrong: "events:
  heard:
    op: 0x40
    doc: Something was heard.
    fields:
      level: {type: u8, max: 1000, doc: How loud it was.}
    example: {level: 5}
",
        right: "events:
  heard:
    op: 0x40
    doc: Something was heard.
    fields:
      level: {type: u16, max: 1000, doc: How loud it was.}
    example: {level: 5}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for (_, shape) in cx.shapes() {
        match shape.kind {
            Type::Int(int) => {
                let help = format!(
                    "{} goes from {} to {}; choose a larger type or a bound within",
                    int.name(),
                    int.min(),
                    int.max()
                );
                let holds = |bound: i128| (int.min()..=int.max()).contains(&bound);
                one(cx, shape, "min", shape.min, holds, &help, findings);
                one(cx, shape, "max", shape.max, holds, &help, findings);
            }
            Type::Str | Type::Bytes | Type::List => {
                let holds = |bound: i128| (1..=MAX_LEN).contains(&bound);
                let help = "say how many bytes or elements there are at most".to_owned();
                one(cx, shape, "max_len", shape.max_len, holds, &help, findings);
            }
            _ => {}
        }
    }
    let fields = cx.model.field_lists().flatten();
    fields.for_each(|field| epoch(cx, field, findings));
}

/// What a field counts from in the text format is a value of the field itself.
fn epoch(cx: &Context<'_>, field: &Field, findings: &mut Findings) {
    let Type::Int(int) = field.shape.kind else { return };
    let outside = |epoch: &i128| !(int.min()..=int.max()).contains(epoch);
    if let Some(epoch) = field.text_epoch.filter(outside) {
        let headline = "`text_epoch` is beyond what the type can hold";
        let finding = Finding::new(
            &RULE,
            cx.value(&field.at("text_epoch")),
            headline,
            format!("nothing counts from {epoch}"),
        );
        let (name, min, max) = (int.name(), int.min(), int.max());
        findings.push(finding.help(format!(
            "{name} goes from {min} to {max}; count from a value within"
        )));
    }
}

fn one(
    cx: &Context<'_>,
    shape: &Shape,
    word: &str,
    bound: Option<i128>,
    holds: impl Fn(i128) -> bool,
    help: &str,
    findings: &mut Findings,
) {
    if let Some(bound) = bound.filter(|&bound| !holds(bound)) {
        let headline = match word {
            "max_len" => format!("`{word}` must be from 1 to {MAX_LEN}"),
            _ => format!("`{word}` is beyond what the type can hold"),
        };
        let place = cx.value(&format!("{}.{word}", shape.path));
        findings.push(Finding::new(&RULE, place, headline, format!("{bound} cannot occur")).help(help));
    }
}
