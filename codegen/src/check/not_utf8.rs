//! The file is not UTF-8.

use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Severity};
use crate::source::Span;

/// The report shows the text with U+FFFD in place of the bytes that are wrong.
pub(crate) static RULE: Rule = Rule {
    code: Code(1),
    name: "not_utf8",
    severity: Severity::Error,
    run: Run::WhileParsing,
    explain: Explain {
        why: "A spec is UTF-8 text. Another encoding would be read as other words on another machine.",
        wrong: "",
        right: "",
    },
};

pub(crate) fn finding(at: usize, byte: u8) -> Finding {
    let span = Span::new(at, at + char::REPLACEMENT_CHARACTER.len_utf8());
    Finding::new(
        &RULE,
        span,
        "the file is not UTF-8 text",
        format!("the byte 0x{byte:02x} does not belong here"),
    )
    .help("save the file as UTF-8")
}
