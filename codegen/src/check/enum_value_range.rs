//! A number of an enum that its bits or its byte cannot hold.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::{Enum, TypeDef, TypeKind};

/// More folded bits than this leave a message no op.
const MAX_BITS: i128 = 4;

/// Also looks at `bits` itself.
pub(crate) static RULE: Rule = Rule {
    code: Code(41),
    name: "enum_value_range",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "An enum travels as one byte, 0 to 255. One with `bits: n` may also be folded into the op of a message, so its \
              numbers must fit n bits, at most 4. An open enum has no `bits`: a value that a later revision adds would \
              not fit.",
        wrong: "types:
  Level:
    kind: enum
    bits: 1
    doc: How much it matters.
    values:
      low: {value: 0, doc: Not much.}
      high: {value: 2, doc: Very much.}
events:
  log:
    op: 0x40
    doc: A line of the log.
    fields:
      level: {type: Level, doc: How much it matters.}
    example: {level: low}
",
        right: "types:
  Level:
    kind: enum
    bits: 2
    doc: How much it matters.
    values:
      low: {value: 0, doc: Not much.}
      high: {value: 2, doc: Very much.}
events:
  log:
    op: 0x40
    doc: A line of the log.
    fields:
      level: {type: Level, doc: How much it matters.}
    example: {level: low}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for def in &cx.model.types {
        let TypeKind::Enum(body) = &def.kind else { continue };
        match bits(def, body) {
            Ok(bits) => values(cx, def, body, bits, findings),
            Err((message, label, help)) => {
                let finding = Finding::new(&RULE, cx.value(&def.at("bits")), message, label);
                findings.push(finding.help(help));
            }
        }
    }
}

/// How many bits the numbers may have, or what is wrong with `bits` itself: headline, label and help.
fn bits(def: &TypeDef, body: &Enum) -> Result<u32, (String, &'static str, &'static str)> {
    match body.bits {
        None => Ok(8),
        Some(_) if body.open => {
            let message = format!("`{}` is open and has `bits`", def.name);
            Err((message, "a later value would not fit", "remove `bits`, or `open`"))
        }
        Some(bits @ 1..=MAX_BITS) => Ok(u32::try_from(bits).unwrap_or(1)),
        Some(_) => {
            let message = format!("`bits` of `{}` must be from 1 to {MAX_BITS}", def.name);
            Err((
                message,
                "that does not fit an op",
                "remove `bits` from an enum that is not folded into an op",
            ))
        }
    }
}

fn values(cx: &Context<'_>, def: &TypeDef, body: &Enum, bits: u32, findings: &mut Findings) {
    let max = (1_i128 << bits) - 1;
    for value in &body.values {
        let Some(number) = value.value.filter(|number| !(0..=max).contains(number)) else {
            continue;
        };
        let place = match bits {
            8 => "a byte".to_owned(),
            1 => "1 bit".to_owned(),
            _ => format!("{bits} bits"),
        };
        let headline = format!("`{}` of `{}` does not fit {place}", value.name, def.name);
        let label = format!("{number} is not from 0 to {max}");
        let finding = Finding::new(&RULE, cx.value(&value.at("value")), headline, label);
        findings.push(finding.help(help(number)));
    }
}

fn help(number: i128) -> String {
    let needed = 128 - number.max(0).leading_zeros();
    if (1..=4).contains(&needed) {
        format!("take a smaller number, or bits: {needed}")
    } else {
        "take a smaller number".to_owned()
    }
}
