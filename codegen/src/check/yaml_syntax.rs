//! The text is not YAML.

use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Severity};
use crate::source::{Source, Span};

/// Nothing behind such a place can be read, so it hides other findings.
pub(crate) static RULE: Rule = Rule {
    code: Code(2),
    name: "yaml_syntax",
    severity: Severity::Error,
    run: Run::WhileParsing,
    explain: Explain {
        why: "The text cannot be read as YAML, so nothing behind this place was checked. The usual cause is a text \
              with `: ` or ` #` in it that needs quotes, a bracket that is not closed, or an indentation that does \
              not match.",
        wrong: "protocol:\n  name: example\n  revision: 1\n  min: 1\n  doc: Messages: one way only.\n",
        right: "protocol:\n  name: example\n  revision: 1\n  min: 1\n  doc: \"Messages: one way only.\"\n",
    },
};

pub(crate) fn finding(text: &str, at: usize, info: &str) -> Finding {
    let help = match info {
        info if info.contains("mapping values") => "a text with `: ` in it needs quotes: doc: \"One: two.\"",
        info if info.contains("flow") => {
            "check that every `{` and `[` is closed and that commas stand between"
        }
        info if info.contains("indent") => "entries of one map must all start in the same column",
        _ => "check quotes, brackets and indentation here and in the line before",
    };
    Finding::new(
        &RULE,
        place(text, at),
        format!("this is not YAML: {info}"),
        "reading stops here",
    )
    .help(help)
}

/// The strict pass was content, but serde_yaml's own parser was not.
pub(crate) fn from_serde(source: &Source, error: &serde_yaml::Error) -> Finding {
    let at = error
        .location()
        .map_or(0, |location| source.lines(location.line(), location.line()).start);
    let text = error.to_string();
    let info = text.split(" at line ").next().unwrap_or_default();
    finding(source.text(), at, info)
}

/// The word at the place, or the last one before it when it is the end of a line.
fn place(text: &str, at: usize) -> Span {
    let rest = text.get(at..).unwrap_or_default();
    let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
    if length > 0 {
        return Span::new(at, at + length);
    }
    let before = text.get(..at).unwrap_or_default().trim_end();
    let last = before.char_indices().next_back().map_or(0, |(last, _)| last);
    Span::new(last, before.len())
}
