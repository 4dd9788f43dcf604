//! A text that no symbols stand for.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::{TextForm, TextSource, is_symbols};

/// It would end the field or the string, or not fit into seven bits.
pub(crate) static RULE: Rule = Rule {
    code: Code(76),
    name: "text_symbols",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "A string travels as symbols of seven bits: 0 ends it, 0x7F separates its fields, and bytes from \
              0x80 on do not fit. So words and everything else that a spec says literally must be of the \
              characters between. The name of a dict's entry stands between quotation marks and must not \
              hold any, nor a backslash.",
        wrong: "events:
  message: {op: 0x40, text: ü, doc: A message., fields: {}, example: {}}
",
        right: "events:
  message: {op: 0x40, text: u, doc: A message., fields: {}, example: {}}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for (form, _) in cx.model.text_forms() {
        word(cx, form, findings);
        let entries = form.fields.iter().filter_map(|field| match &field.source {
            TextSource::Map(entries) => Some(entries),
            _ => None,
        });
        for entry in entries.flatten().filter(|entry| !is_quotable(&entry.name)) {
            push(cx, &entry.path, &entry.name, findings);
        }
    }
    for status in &cx.model.statuses {
        let more = status.text_more.iter().enumerate();
        for (index, text) in more.filter(|(_, text)| !is_symbols(text)) {
            push(cx, &format!("{}.{index}", status.at("text_more")), text, findings);
        }
    }
}

fn word(cx: &Context<'_>, form: &TextForm, findings: &mut Findings) {
    let in_form = form.at("word");
    let path = if cx.has(&in_form) { &in_form } else { &form.path };
    // An empty word is a missing word.
    if !is_symbols(&form.word) {
        push(cx, path, &form.word, findings);
    }
}

fn is_quotable(text: &str) -> bool {
    !text.is_empty() && is_symbols(text) && !text.contains(['\'', '"', '\\'])
}

fn push(cx: &Context<'_>, path: &str, text: &str, findings: &mut Findings) {
    let headline = format!("{text:?} cannot be sent as it is");
    let finding = Finding::new(&RULE, cx.value(path), headline, "no symbols stand for this");
    findings.push(finding.help("use letters, digits and punctuation of ASCII"));
}
