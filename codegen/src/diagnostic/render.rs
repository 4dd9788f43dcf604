//! Findings as text in the look that rustc made familiar. It does not decide whether a terminal wants colour.

use super::{Finding, Label, Report, Severity};
use crate::source::{Source, Span};
use annotate_snippets::{Annotation, AnnotationKind, Level, Renderer, Snippet};

/// Whether the text carries terminal colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Style {
    /// Text only.
    #[default]
    Plain,
    /// With ANSI colours.
    Colour,
}

/// Findings that are shown as text; who has more mends these first.
const SHOWN: usize = 200;

pub(super) fn report(report: &Report, style: Style) -> String {
    let renderer = renderer(style);
    let mut text = String::new();
    for finding in report.findings().iter().take(SHOWN) {
        text.push_str(&self::finding(report.source(), finding, &renderer));
        text.push_str("\n\n");
    }
    if let Some(last) = summary(report, &renderer) {
        text.push_str(&last);
        text.push('\n');
    }
    text
}

fn renderer(style: Style) -> Renderer {
    match style {
        Style::Plain => Renderer::plain(),
        Style::Colour => Renderer::styled(),
    }
}

fn finding(source: &Source, finding: &Finding, renderer: &Renderer) -> String {
    let level = match finding.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let group = level
        .primary_title(finding.message())
        .id(finding.code().to_string())
        .element(snippet(source, finding))
        .element(Level::HELP.message(finding.help_text()));
    renderer.render(&[group])
}

/// Only the lines that matter are handed over, so that a long spec costs no more than a short one.
fn snippet<'a>(source: &'a Source, finding: &'a Finding) -> Snippet<'a, Annotation<'a>> {
    let labels = || std::iter::once(finding.primary()).chain(finding.secondary());
    let first = labels()
        .map(|label| source.position(label.span.start).line)
        .min()
        .unwrap_or(1);
    let last = labels()
        .map(|label| source.position(label.span.end).line)
        .max()
        .unwrap_or(first);
    let lines = source.lines(first, last);
    let annotation = |kind: AnnotationKind, label: &'a Label| {
        let span = visible(source, label.span);
        kind.span(span.start - lines.start..span.end - lines.start)
            .label(label.text.as_str())
    };
    Snippet::source(source.slice(Span::new(lines.start, lines.end)))
        .path(source.path())
        .line_start(first)
        .annotation(annotation(AnnotationKind::Primary, finding.primary()))
        .annotations(
            finding
                .secondary()
                .iter()
                .map(|label| annotation(AnnotationKind::Context, label)),
        )
}

/// A span ends with its first line: an underline over many lines hides more than it shows.
fn visible(source: &Source, span: Span) -> Span {
    let start = source.floor(span.start);
    let line = source.position(start).line;
    let line_end = source.lines(line, line).start + source.line(line).len();
    let end = source.floor(span.end.min(line_end));
    Span::new(start, end)
}

fn summary(report: &Report, renderer: &Renderer) -> Option<String> {
    let (errors, warnings) = (report.count(Severity::Error), report.count(Severity::Warning));
    let level = match (errors, warnings) {
        (0, 0) => return None,
        (0, _) => Level::WARNING,
        _ => Level::ERROR,
    };
    let counts: Vec<String> = [(errors, "error"), (warnings, "warning")]
        .into_iter()
        .filter_map(counted)
        .collect();
    let hidden = match report.findings().len().saturating_sub(SHOWN) {
        0 => String::new(),
        hidden => format!("; {hidden} of them are not shown"),
    };
    let text = format!("{} in {}{hidden}", counts.join(", "), report.source().path());
    Some(renderer.render(&[annotate_snippets::Group::with_title(level.primary_title(text))]))
}

fn counted((number, word): (usize, &str)) -> Option<String> {
    match number {
        0 => None,
        1 => Some(format!("1 {word}")),
        _ => Some(format!("{number} {word}s")),
    }
}
