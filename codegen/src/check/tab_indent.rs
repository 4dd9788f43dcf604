//! A line that is indented with a tab.

use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::source::{Source, Span};

/// Looked for in the raw text: the YAML parser's own words about tabs help nobody.
pub(crate) static RULE: Rule = Rule {
    code: Code(3),
    name: "tab_indent",
    severity: Severity::Error,
    run: Run::WhileParsing,
    explain: Explain {
        why: "How wide a tab is depends on the editor, so a tab cannot say what belongs to what. YAML forbids tabs in \
              most indentations; a spec has none at all.",
        wrong: "protocol:\n\tname: example\n\trevision: 1\n\tmin: 1\n\tdoc: An example.\n",
        right: "protocol:\n  name: example\n  revision: 1\n  min: 1\n  doc: An example.\n",
    },
};

/// One finding for a run of such lines.
pub(crate) fn find(source: &Source, findings: &mut Findings) {
    let mut at = 0;
    let mut in_run = false;
    for line in source.text().split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        let tab = line[..indent].find('\t');
        if let (Some(tab), false) = (tab, in_run) {
            findings.push(finding(Span::new(at + tab, at + indent)));
        }
        in_run = tab.is_some();
        at += line.len();
    }
}

fn finding(span: Span) -> Finding {
    Finding::new(&RULE, span, "this line is indented with a tab", "a tab")
        .help("indent with spaces, two for each level")
}
