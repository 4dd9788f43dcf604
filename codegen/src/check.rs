//! The rules that a spec must keep: one rule, one file, and all findings in one run.
//!
//! A rule says what is wrong and what to do; it changes nothing and resolves nothing. Rules of the text itself are
//! found while parsing (their files hold only the words); all others look at the [`Model`].

use crate::diagnostic::{Code, Findings, Report, Severity};
use crate::model::{self, Model};
use crate::parse;
use crate::source::{Source, Span};

mod context;
mod ops;
mod values;

pub(crate) mod anchor;
mod appended_without_default;
mod bound_outside_type;
pub(crate) mod complex_key;
mod config_default;
mod config_field;
mod config_id_range;
mod config_not_carried;
mod config_type;
mod default_out_of_range;
mod default_type;
mod deprecated_without_successor;
mod duplicate_config_id;
mod duplicate_enum_value;
pub(crate) mod duplicate_key;
mod duplicate_op;
mod duplicate_status_code;
mod duplicate_text;
mod duplicate_text_code;
mod empty_enum;
mod empty_range;
mod enum_value_range;
mod error_is_info;
mod event_answer;
mod example_mismatch;
mod fatal_without_recovery;
mod field_not_appended;
pub(crate) mod frame_too_long;
pub(crate) mod merge_key;
mod misplaced_word;
mod missing_doc;
mod missing_example;
mod missing_max_len;
mod missing_word;
pub(crate) mod multiple_documents;
mod name_clash;
mod name_style;
mod no_deadline;
mod not_utf8;
mod one_way_answer;
mod op_alignment;
mod op_bits_sum;
mod op_out_of_range;
mod replay_without_idempotent;
mod reserved_id;
mod reserved_name;
mod rest_misused;
mod retry_without_idempotent;
mod revision_order;
mod rust_keyword;
mod secret_value;
mod since_beyond_revision;
mod status_origin;
mod status_severity_range;
mod struct_grown;
pub(crate) mod tab_indent;
pub(crate) mod tag;
mod text_code_range;
mod text_drop_misused;
mod text_field_missing;
mod text_field_twice;
mod text_field_type;
mod text_name;
mod text_order;
mod text_symbols;
mod text_unknown_field;
mod timing_out_of_range;
pub(crate) mod too_deep;
mod two_deadlines;
mod type_cycle;
mod unknown_choice;
mod unknown_status;
mod unknown_type;
mod unknown_unit;
pub(crate) mod unknown_word;
mod unsupported_nesting;
mod unused_type;
mod waits_without_progress;
pub(crate) mod wrong_type;
pub(crate) mod yaml_syntax;

/// All rules by code.
pub static RULES: [&Rule; 80] = [
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
    &missing_word::RULE,
    &unknown_choice::RULE,
    &name_style::RULE,
    &rust_keyword::RULE,
    &name_clash::RULE,
    &reserved_name::RULE,
    &missing_doc::RULE,
    &deprecated_without_successor::RULE,
    &revision_order::RULE,
    &since_beyond_revision::RULE,
    &appended_without_default::RULE,
    &field_not_appended::RULE,
    &struct_grown::RULE,
    &op_out_of_range::RULE,
    &op_alignment::RULE,
    &op_bits_sum::RULE,
    &duplicate_op::RULE,
    &reserved_id::RULE,
    &duplicate_text::RULE,
    &status_origin::RULE,
    &status_severity_range::RULE,
    &duplicate_status_code::RULE,
    &duplicate_text_code::RULE,
    &fatal_without_recovery::RULE,
    &unknown_type::RULE,
    &type_cycle::RULE,
    &empty_enum::RULE,
    &duplicate_enum_value::RULE,
    &enum_value_range::RULE,
    &unused_type::RULE,
    &missing_max_len::RULE,
    &misplaced_word::RULE,
    &empty_range::RULE,
    &bound_outside_type::RULE,
    &default_type::RULE,
    &default_out_of_range::RULE,
    &unknown_unit::RULE,
    &rest_misused::RULE,
    &config_field::RULE,
    &secret_value::RULE,
    &unsupported_nesting::RULE,
    &frame_too_long::RULE,
    &unknown_status::RULE,
    &error_is_info::RULE,
    &retry_without_idempotent::RULE,
    &replay_without_idempotent::RULE,
    &waits_without_progress::RULE,
    &no_deadline::RULE,
    &two_deadlines::RULE,
    &timing_out_of_range::RULE,
    &one_way_answer::RULE,
    &event_answer::RULE,
    &duplicate_config_id::RULE,
    &config_id_range::RULE,
    &config_default::RULE,
    &config_type::RULE,
    &config_not_carried::RULE,
    &example_mismatch::RULE,
    &missing_example::RULE,
    &text_unknown_field::RULE,
    &text_field_type::RULE,
    &text_field_missing::RULE,
    &text_field_twice::RULE,
    &text_symbols::RULE,
    &text_order::RULE,
    &text_code_range::RULE,
    &text_name::RULE,
    &text_drop_misused::RULE,
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

/// Some editors put it before UTF-8 text, where it means nothing.
const BYTE_ORDER_MARK: &[u8] = "\u{FEFF}".as_bytes();

/// Reads and checks a spec given as bytes; `path` is shown in the report as it is given here.
pub fn check(path: &str, bytes: &[u8]) -> Checked {
    let mut findings = Findings::default();
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
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
        let mut text = format!("{}: {} ({})\n\n", self.code, self.name, self.severity.name());
        text.push_str(&wrapped(self.explain.why));
        for (title, part) in [("Wrong", self.explain.wrong), ("Right", self.explain.right)] {
            if !part.is_empty() {
                text.push_str(&format!("\n{title}:\n\n"));
                text.extend(part.lines().map(|line| format!("    {line}\n")));
            }
        }
        text
    }
}

/// Lines of at most 100 characters, each with its end.
fn wrapped(text: &str) -> String {
    const WIDTH: usize = 100;
    let mut lines = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let fits = length + 1 + word.len() <= WIDTH;
        match length {
            0 => {}
            _ if fits => lines.push(' '),
            _ => lines.push('\n'),
        }
        length = if fits && length > 0 {
            length + 1 + word.len()
        } else {
            word.len()
        };
        lines.push_str(word);
    }
    lines + "\n"
}

/// The span of an anchor or a tag, with which a value begins.
fn property(text: &str, value: Span, sigil: char) -> Span {
    let mut at = value.start;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let start = at + rest.len() - rest.trim_start().len();
        let word = rest
            .trim_start()
            .split(char::is_whitespace)
            .next()
            .unwrap_or_default();
        let span = Span::new(start, start + word.len());
        if word.starts_with(sigil) {
            return span;
        }
        if !word.starts_with(['&', '!']) {
            return value;
        }
        at = span.end;
    }
}
