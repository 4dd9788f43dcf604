//! The rules that a spec must keep: one rule, one file, and all findings in one run.
//!
//! A rule says what is wrong and what to do; it changes nothing and resolves nothing. Rules of the text itself are
//! found while parsing (their files hold only the words); all others look at the [`Model`].

use crate::diagnostic::{Code, Finding, Findings, Report, Severity};
use crate::model::{self, Model};
use crate::parse::{self, tree::Tree};
use crate::source::{Source, Span};

mod context;

pub(crate) mod anchor;
pub(crate) mod complex_key;
pub(crate) mod duplicate_key;
pub(crate) mod merge_key;
pub(crate) mod multiple_documents;
mod not_utf8;
pub(crate) mod tab_indent;
pub(crate) mod tag;
pub(crate) mod too_deep;
pub(crate) mod unknown_word;
pub(crate) mod wrong_type;
pub(crate) mod yaml_syntax;

/// All rules by code.
pub static RULES: [&Rule; 12] = [
    &not_utf8::RULE,
    &yaml_syntax::RULE,
    &tab_indent::RULE,
    &duplicate_key::RULE,
    &anchor::RULE,
    &tag::RULE,
    &merge_key::RULE,
    &multiple_documents::RULE,
    &complex_key::RULE,
    &too_deep::RULE,
    &unknown_word::RULE,
    &wrong_type::RULE,
];

pub(crate) use context::Context;

/// A rule with its number and its explanation.
#[derive(Debug)]
pub struct Rule {
    /// Number; never used for another rule, even when this one goes.
    pub code: Code,
    /// Name of the rule and of its file.
    pub name: &'static str,
    /// What a breach means.
    pub severity: Severity,
    /// What to tell somebody who asks.
    pub explain: Explain,
    pub(crate) run: Run,
}

/// Why a rule exists, and what it looks like broken and kept.
#[derive(Debug)]
pub struct Explain {
    /// One paragraph.
    pub why: &'static str,
    /// Part of a spec that breaks the rule; empty where text cannot show it.
    pub wrong: &'static str,
    /// The same part as it should be.
    pub right: &'static str,
}

/// Where a rule is looked after.
#[derive(Debug)]
pub(crate) enum Run {
    /// By the strict pass or the typed loader.
    WhileParsing,
    /// By this function, once for a spec.
    OnModel(fn(&Context<'_>, &mut Findings)),
}

/// What became of a spec.
#[derive(Debug)]
pub struct Checked {
    /// The protocol; `None` when the report holds an error.
    pub model: Option<Model>,
    /// All that is to be said about it.
    pub report: Report,
}

/// Reads and checks a spec given as bytes; `path` is shown in the report as it is given here.
pub fn check(path: &str, bytes: &[u8]) -> Checked {
    let mut findings = Findings::default();
    let source = match std::str::from_utf8(bytes) {
        Ok(text) => Source::new(path, text),
        Err(error) => {
            let at = error.valid_up_to();
            findings.push(not_utf8::finding(at, bytes.get(at).copied().unwrap_or_default()));
            let report = Report::new(Source::new(path, String::from_utf8_lossy(bytes)), findings);
            return Checked { model: None, report };
        }
    };
    let model = parse::parse(&source, &mut findings).map(|parsed| checked(&parsed, &mut findings));
    let report = Report::new(source, findings);
    Checked {
        model: model.filter(|_| !report.has_errors()),
        report,
    }
}

fn checked(parsed: &parse::Parsed<'_>, findings: &mut Findings) -> Model {
    let model = model::resolve(&parsed.document);
    let context = Context::new(&model, &parsed.tree);
    for rule in RULES {
        match rule.run {
            Run::WhileParsing => {}
            Run::OnModel(run) => run(&context, findings),
        }
    }
    model
}

/// The rule with that number.
pub fn rule(code: Code) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.code == code)
}

/// What a rule is about, why it exists, and what it looks like broken and kept, as text for a terminal.
pub fn explain(code: Code) -> Option<String> {
    rule(code).map(Rule::text)
}

impl Rule {
    fn text(&self) -> String {
        let mut text = format!(
            "{}: {} ({})\n\n{}\n",
            self.code,
            self.name,
            self.severity.name(),
            self.explain.why
        );
        for (title, part) in [("Wrong", self.explain.wrong), ("Right", self.explain.right)] {
            if !part.is_empty() {
                text.push_str(&format!("\n{title}:\n\n"));
                text.extend(part.lines().map(|line| format!("    {line}\n")));
            }
        }
        text
    }
}

/// The span of an anchor or a tag that stands before its value.
fn property(text: &str, value: Span, sigil: char) -> Span {
    let before = text.get(..value.start).unwrap_or_default().trim_end();
    match before.rfind(sigil) {
        Some(at) => Span::new(at, before.len()),
        None => value,
    }
}
