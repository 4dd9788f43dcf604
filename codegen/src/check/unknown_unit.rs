//! A unit that is not in the list.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::UNITS;
use crate::similar;

/// `sec`, `secs` and `seconds` would be three units to a program.
pub(crate) static RULE: Rule = Rule {
    code: Code(49),
    name: "unknown_unit",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "Units come from a closed list, so that each has one spelling and every output can show it. A unit that is \
              missing is added to the compiler's list.",
        wrong: "events:
  waited:
    op: 0x40
    doc: The wait is over.
    fields:
      time: {type: u16, unit: sec, doc: How long it took.}
    example: {time: 5}
",
        right: "events:
  waited:
    op: 0x40
    doc: The wait is over.
    fields:
      time: {type: u16, unit: s, doc: How long it took.}
    example: {time: 5}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for slot in cx.slots() {
        let Some(unit) = slot
            .unit
            .filter(|unit| !UNITS.iter().any(|(known, _)| known == unit))
        else {
            continue;
        };
        let headline = format!("`{unit}` is not a unit of the list");
        let finding = Finding::new(&RULE, cx.value(&slot.at("unit")), headline, "unknown unit");
        findings.push(finding.help(help(unit)));
    }
}

/// Units are mostly written out, or in another case.
fn help(unit: &str) -> String {
    let lower = unit.to_lowercase();
    let meant = UNITS.iter().find(|(short, long)| {
        let begins = lower.len() >= 3 && long.starts_with(lower.trim_end_matches('s'));
        short.to_lowercase() == lower || begins
    });
    match meant {
        Some((short, _)) => format!("did you mean `{short}`?"),
        None => format!(
            "the units are {}",
            similar::list(UNITS.iter().map(|&(short, _)| short))
        ),
    }
}
