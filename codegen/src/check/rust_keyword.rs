//! Names that Rust keeps for itself.

use super::context::{Context, ItemKind};
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};

/// Raw identifiers would do, but would look odd in every handler.
pub(crate) static RULE: Rule = Rule {
    code: Code(16),
    name: "rust_keyword",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "Fields become fields, messages become methods and values become variants in Rust. A keyword cannot be \
              one without tricks that every user of the code would have to know.",
        wrong: "events:
  log:
    op: 0x09
    doc: A line of the log.
    fields:
      type: {type: u8, doc: What it is about.}
    example: {type: 1}
",
        right: "events:
  log:
    op: 0x09
    doc: A line of the log.
    fields:
      topic: {type: u8, doc: What it is about.}
    example: {topic: 1}
",
    },
};

/// Keywords of the 2024 edition, also those that are only reserved.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual",
    "where", "while", "yield",
];

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for item in cx.items() {
        let taken = match item.kind {
            // CamelCase names meet only one keyword.
            ItemKind::Type | ItemKind::EnumValue | ItemKind::Status => item.name.eq_ignore_ascii_case("self"),
            ItemKind::Protocol => false,
            ItemKind::Command | ItemKind::Event | ItemKind::Field | ItemKind::ConfigKey => {
                is_keyword(item.name)
            }
        };
        if taken {
            let message = format!("`{}` is a keyword of Rust", item.name);
            let label = format!("{} cannot have this name", item.kind.words());
            let help = format!(
                "choose another name, for example `{}_{}`",
                item.name,
                suffix(item.kind)
            );
            findings.push(Finding::new(&RULE, cx.key(item.path), message, label).help(help));
        }
    }
}

fn is_keyword(name: &str) -> bool {
    KEYWORDS.binary_search(&name).is_ok()
}

fn suffix(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Protocol | ItemKind::Type => "type",
        ItemKind::Status | ItemKind::EnumValue | ItemKind::Field | ItemKind::ConfigKey => "value",
        ItemKind::Command | ItemKind::Event => "now",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_for_the_search() {
        assert!(KEYWORDS.is_sorted());
        assert!(is_keyword("type") && is_keyword("yield") && is_keyword("abstract") && !is_keyword("topic"));
    }
}
