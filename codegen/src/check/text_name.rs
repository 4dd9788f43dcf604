//! A name that a status cannot have in Python.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::Status;
use std::collections::HashMap;

/// The module of statuses for MicroPython gives each a name.
pub(crate) static RULE: Rule = Rule {
    code: Code(79),
    name: "text_name",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "A status has a name in the module for MicroPython: `text_name`, or its own in capitals. Names \
              there are written in capitals, digits and underscores, and each stands for one status.",
        wrong: "statuses:
  ready: {code: 0x01, text_name: Ready, severity: info, doc: Ready.}
",
        right: "statuses:
  ready: {code: 0x01, text_name: READY, severity: info, doc: Ready.}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let mut seen: HashMap<String, &Status> = HashMap::new();
    for status in &cx.model.statuses {
        let name = status.python_name();
        if !is_constant(&name) {
            // The status's own name is judged as such.
            if status.text_name.is_some() {
                let headline = format!("`{name}` is no name of a constant");
                let place = cx.value(&status.at("text_name"));
                let finding = Finding::new(&RULE, place, headline, "not in capitals");
                findings.push(finding.help("use A to Z, 0 to 9 and underscores, and begin with a letter"));
            }
        } else if let Some(first) = seen.insert(name.clone(), status) {
            let headline = format!(
                "`{}` and `{}` are both called `{name}` in Python",
                status.name, first.name
            );
            let finding = Finding::new(&RULE, place(cx, status), headline, "the same again")
                .also(place(cx, first), "first here");
            findings.push(finding.help("give one of them another `text_name`"));
        }
    }
}

/// Where the name comes from.
fn place(cx: &Context<'_>, status: &Status) -> crate::source::Span {
    let path = status.at("text_name");
    if cx.has(&path) {
        cx.value(&path)
    } else {
        cx.key(&status.path)
    }
}

fn is_constant(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    name.starts_with(|first: char| first.is_ascii_uppercase()) && name.bytes().all(allowed)
}
