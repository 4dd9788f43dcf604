//! Findings about a spec, and the report that shows them.
//!
//! A [`Finding`] is data: which rule, where, why and what to do. How it looks is `render`'s matter, what a program
//! reads is `record`'s. Nothing here decides whether a spec is right.

mod record;
mod render;

pub use record::{LabelRecord, Record};
pub use render::Style;

use crate::check::Rule;
use crate::source::{Source, Span};
use std::fmt;

/// Number of a rule, shown as `E0007`; it keeps its meaning for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub u16);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "E{:04}", self.0)
    }
}

impl std::str::FromStr for Code {
    type Err = UnknownCode;

    /// Reads `E0007`, `e7` or `7`.
    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        text.trim_start_matches(['E', 'e'])
            .parse()
            .map(Self)
            .map_err(|_| UnknownCode)
    }
}

/// The text is not a code such as `E0007`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownCode;

impl fmt::Display for UnknownCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a code looks like E0007")
    }
}

impl std::error::Error for UnknownCode {}

/// Whether a finding keeps the spec from being compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is generated.
    Error,
    /// Code is generated all the same.
    Warning,
}

impl Severity {
    /// `error` or `warning`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// A place in the text with a few words about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Which piece of the text.
    pub span: Span,
    /// What is to be said about it.
    pub text: String,
}

/// One thing that is wrong, or doubtful, in a spec.
#[derive(Clone, Debug)]
pub struct Finding {
    rule: &'static Rule,
    message: String,
    primary: Label,
    secondary: Vec<Label>,
    help: String,
}

impl Finding {
    /// A breach of `rule` at `span`; `message` is the headline, `label` stands under the place.
    pub(crate) fn new(
        rule: &'static Rule,
        span: Span,
        message: impl Into<String>,
        label: impl Into<String>,
    ) -> Self {
        let primary = Label {
            span,
            text: label.into(),
        };
        Self {
            rule,
            message: message.into(),
            primary,
            secondary: Vec::new(),
            help: String::new(),
        }
    }

    /// Points at a second place that explains the first.
    pub(crate) fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.secondary.push(Label {
            span,
            text: text.into(),
        });
        self
    }

    /// What the reader can do about it; every finding has one.
    pub(crate) fn help(mut self, text: impl Into<String>) -> Self {
        self.help = text.into();
        self
    }

    /// The rule that is broken.
    pub fn rule(&self) -> &'static Rule {
        self.rule
    }

    /// The rule's number.
    pub fn code(&self) -> Code {
        self.rule.code
    }

    /// Error or warning.
    pub fn severity(&self) -> Severity {
        self.rule.severity
    }

    /// The headline.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The place that is wrong.
    pub fn primary(&self) -> &Label {
        &self.primary
    }

    /// Other places that have to do with it.
    pub fn secondary(&self) -> &[Label] {
        &self.secondary
    }

    /// What to do.
    pub fn help_text(&self) -> &str {
        &self.help
    }
}

/// What the stages of a run collect; sorted only when it becomes a [`Report`].
#[derive(Debug, Default)]
pub(crate) struct Findings(Vec<Finding>);

impl Findings {
    pub(crate) fn push(&mut self, finding: Finding) {
        self.0.push(finding);
    }

    pub(crate) fn extend(&mut self, findings: impl IntoIterator<Item = Finding>) {
        self.0.extend(findings);
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.0.iter().any(|finding| finding.severity() == Severity::Error)
    }
}

/// All findings of one run over one spec, in the order of the text.
#[derive(Clone, Debug)]
pub struct Report {
    source: Source,
    findings: Vec<Finding>,
}

impl Report {
    pub(crate) fn new(source: Source, findings: Findings) -> Self {
        let mut findings = findings.0;
        findings.sort_by_key(|finding| (finding.primary.span, finding.rule.code));
        Self { source, findings }
    }

    /// The findings in the order of the text.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The text they speak of.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Whether the spec cannot be compiled.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// How many findings of that severity there are.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings
            .iter()
            .filter(|finding| finding.severity() == severity)
            .count()
    }

    /// The findings as text in rustc's look, ending with a line that counts them; empty without findings.
    pub fn render(&self, style: Style) -> String {
        render::report(self, style)
    }

    /// The findings as plain data for `--json`.
    pub fn records(&self) -> Vec<Record> {
        record::records(self)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(Style::Plain))
    }
}

impl std::error::Error for Report {}
