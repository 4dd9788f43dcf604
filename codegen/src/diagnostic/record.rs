//! Findings as plain data with names that stay, for editors and scripts. It does not choose a format: serde does.

use super::{Finding, Label, Report};
use crate::source::Source;
use serde::Serialize;

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Record {
    /// Such as `E0007`.
    pub code: String,
    /// Name of the rule, such as `merge_key`.
    pub rule: &'static str,
    /// `error` or `warning`.
    pub severity: &'static str,
    /// The headline.
    pub message: String,
    /// Name of the spec as it was given.
    pub path: String,
    /// The place, and with it line and column.
    #[serde(flatten)]
    pub primary: LabelRecord,
    /// Other places that have to do with it.
    pub related: Vec<LabelRecord>,
    /// What to do.
    pub help: String,
}

/// A place and what is said about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LabelRecord {
    /// Line of the first character, from 1.
    pub line: usize,
    /// Column of the first character, from 1, in characters.
    pub column: usize,
    /// Line behind the last character.
    pub end_line: usize,
    /// Column behind the last character.
    pub end_column: usize,
    /// The words under the place.
    pub label: String,
}

pub(super) fn records(report: &Report) -> Vec<Record> {
    report
        .findings()
        .iter()
        .map(|finding| record(report.source(), finding))
        .collect()
}

fn record(source: &Source, finding: &Finding) -> Record {
    Record {
        code: finding.code().to_string(),
        rule: finding.rule().name,
        severity: finding.severity().name(),
        message: finding.message().to_owned(),
        path: source.path().to_owned(),
        primary: label(source, finding.primary()),
        related: finding
            .secondary()
            .iter()
            .map(|other| label(source, other))
            .collect(),
        help: finding.help_text().to_owned(),
    }
}

fn label(source: &Source, label: &Label) -> LabelRecord {
    let start = source.position(label.span.start);
    let end = source.position(label.span.end);
    LabelRecord {
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
        label: label.text.clone(),
    }
}
