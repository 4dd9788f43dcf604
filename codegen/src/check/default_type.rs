//! A default of another type than its field.

use super::context::Context;
use super::values::{self, Kind, Misfit};
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::Type;

/// Also a default that names a value which does not exist.
pub(crate) static RULE: Rule = Rule {
    code: Code(47),
    name: "default_type",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "The default is put in where a peer left the field out, so it must be a value that the field can have: a \
              number, true or false, a text, or the name of an enum's value.",
        wrong: "events:
  heard:
    op: 0x40
    doc: Something was heard.
    fields:
      level: {type: u8, default: low, doc: How loud it was.}
    example: {level: 5}
",
        right: "events:
  heard:
    op: 0x40
    doc: Something was heard.
    fields:
      level: {type: u8, default: 0, doc: How loud it was.}
    example: {level: 5}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for slot in cx.slots() {
        let Some(default) = slot.default.filter(|_| slot.shape.kind != Type::Config) else {
            continue;
        };
        let misfits = values::misfits(cx.model, slot.shape, default, &slot.at("default"));
        findings.extend(
            misfits
                .iter()
                .filter(|misfit| misfit.kind != Kind::Bounds)
                .map(|misfit| finding(cx, slot.name, misfit)),
        );
    }
}

fn finding(cx: &Context<'_>, name: &str, misfit: &Misfit) -> Finding {
    let headline = format!("the default of `{name}` {}", misfit.problem);
    Finding::new(&RULE, misfit.place(cx), headline, &misfit.label).help(&misfit.help)
}
