//! A type that is neither built in nor in `types:`.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::Type;
use crate::similar;

/// A missing type is a missing word.
pub(crate) static RULE: Rule = Rule {
    code: Code(37),
    name: "unknown_type",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "A type is built in (bool, u8 to u64, i8 to i64, str, bytes, status, config, list, optional) or has its name \
              under `types:`.",
        wrong: "events:
  log:
    op: 0x40
    doc: A line of the log.
    fields:
      line: {type: string, max_len: 80, doc: The text.}
    example: {line: ready}
",
        right: "events:
  log:
    op: 0x40
    doc: A line of the log.
    fields:
      line: {type: str, max_len: 80, doc: The text.}
    example: {line: ready}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for (_, shape) in cx.shapes() {
        let Type::Unknown(name) = &shape.kind else {
            continue;
        };
        if name.is_empty() {
            continue;
        }
        // `of: u8` is a type by itself, `of: {type: u8}` and `type: u8` hold one.
        let place = format!("{}.type", shape.path);
        let place = if cx.has(&place) { place } else { shape.path.clone() };
        let known = Type::BUILTINS
            .into_iter()
            .chain(cx.model.types.iter().map(|def| def.name.as_str()));
        let help = match name.as_str() {
            "boolean" => "true or false is `bool`".to_owned(),
            "float" | "double" | "f32" | "f64" => {
                "there are no fractions: send an integer, in a unit that is small enough".to_owned()
            }
            "string" | "text" | "String" => "text is `str`".to_owned(),
            "int" | "integer" | "number" => "an integer says its size: u8, u16, u32, u64, i8 …".to_owned(),
            _ => similar::help(name, known, "known types are"),
        };
        let finding = Finding::new(
            &RULE,
            cx.value(&place),
            format!("there is no type `{name}`"),
            "unknown type",
        );
        findings.push(finding.help(help));
    }
}
