//! `cargo xtask check`: the spec alone, nothing generated and nothing compiled. `cargo xtask explain` beside it.
//!
//! The findings and their look are the protocol compiler's; this file only finds the spec and a terminal.

use std::{fs, io::IsTerminal as _, path::PathBuf};

use anyhow::Context as _;
use clap::Args;
use fivewire_codegen::{
    check::{self, Checked},
    diagnostic::{Report, Severity, Style},
    model::Model,
};
use serde_json::{Value, json};

use crate::{
    failure::{Failure, Mend as _},
    ui,
    workspace::Workspace,
};

/// The spec that everything is generated from.
pub(crate) const SPEC: &str = "spec/bridge.yaml";

/// Check the spec and show everything that is wrong with it at once.
///
/// Each finding has a code; `cargo xtask explain E0004` says why the rule exists and how to keep it.
#[derive(Args)]
pub(crate) struct Check {
    /// Check this file instead of spec/bridge.yaml.
    #[arg(long, value_name = "PATH")]
    spec: Option<PathBuf>,
    /// Print the findings as one JSON object.
    #[arg(long)]
    json: bool,
}

impl Check {
    pub(crate) fn run(&self, workspace: &Workspace) -> anyhow::Result<()> {
        let checked = match &self.spec {
            Some(path) => read(path.clone(), &path.to_string_lossy())?,
            None => spec(workspace)?,
        };
        let report = &checked.report;
        if self.json {
            println!("{:#}", findings(report));
        } else {
            show(report);
        }
        if report.has_errors() {
            return Err(failure(report));
        }
        if !self.json {
            anstream::println!("{}: {}", report.source().path(), ui::paint(ui::GOOD, "no errors"));
            ui::next("cargo xtask build");
        }
        Ok(())
    }
}

/// Explain a finding's code: why the rule exists, and a spec that breaks it and one that keeps it.
#[derive(Args)]
pub(crate) struct Explain {
    /// Code, such as E0004; without one, all codes are listed.
    code: Option<String>,
}

impl Explain {
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let Some(code) = &self.code else {
            check::RULES
                .iter()
                .for_each(|rule| anstream::println!("{} {}", rule.code, rule.name));
            return Ok(());
        };
        let known = code.parse().ok().and_then(check::explain);
        let text = known
            .with_context(|| format!("there is no code {code}"))
            .mend("cargo xtask explain")?;
        anstream::print!("{text}");
        Ok(())
    }
}

/// Reads and checks the repository's spec.
pub(crate) fn spec(workspace: &Workspace) -> anyhow::Result<Checked> {
    read(workspace.path(SPEC), SPEC)
}

/// The repository's model, or a failure after all findings were shown. Warnings are shown too.
pub(crate) fn model(workspace: &Workspace) -> anyhow::Result<Model> {
    let checked = spec(workspace)?;
    show(&checked.report);
    checked.model.ok_or_else(|| failure(&checked.report))
}

fn read(path: PathBuf, name: &str) -> anyhow::Result<Checked> {
    let bytes = fs::read(&path).with_context(|| format!("cannot read {name}"));
    Ok(check::check(name, &bytes.mend("cargo xtask check --spec PATH")?))
}

fn show(report: &Report) {
    let colour = if std::io::stderr().is_terminal() {
        Style::Colour
    } else {
        Style::Plain
    };
    // anstream still has the last word: NO_COLOR and its like.
    anstream::eprint!("{}", report.render(colour));
}

fn failure(report: &Report) -> anyhow::Error {
    let codes = report
        .findings()
        .iter()
        .filter(|finding| finding.severity() == Severity::Error);
    let first = codes
        .map(|finding| finding.code().to_string())
        .next()
        .unwrap_or_default();
    let mend = format!(
        "edit {} as the help lines say; cargo xtask explain {first}",
        report.source().path()
    );
    Failure::because(format!("{} has errors", report.source().path()), mend)
}

/// What `--json` prints.
pub(crate) fn findings(report: &Report) -> Value {
    json!({"ok": !report.has_errors(), "spec": report.source().path(), "findings": report.records()})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_spec_fails_and_names_the_code_to_explain() {
        let checked = check::check("broken.yaml", b"protocol: {name: a, name: b}\n");
        assert_eq!(findings(&checked.report)["ok"], false);
        let error = failure(&checked.report);
        let mend = error.downcast_ref::<Failure>().expect("a Failure").mend();
        let code = findings(&checked.report)["findings"][0]["code"].to_string();
        assert!(mend.ends_with(code.trim_matches('"')), "{mend} {code}");
    }

    #[test]
    fn an_unknown_code_is_refused() {
        assert!(
            Explain {
                code: Some("E9999".into())
            }
            .run()
            .is_err()
        );
        assert!(
            Explain {
                code: Some("banana".into())
            }
            .run()
            .is_err()
        );
    }
}
