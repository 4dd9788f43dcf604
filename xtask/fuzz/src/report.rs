//! What a run prints: progress and a line per target on standard error, JSON on standard output.

use std::path::PathBuf;
use std::time::Duration;

use fivewire_xtask_fuzz::TARGETS;
use serde::Serialize;

/// How a target's run ended.
#[derive(Debug, Serialize)]
pub(crate) struct Outcome {
    pub(crate) target: &'static str,
    pub(crate) executions: u64,
    /// Edges and their counts that were reached, where libFuzzer counts them.
    pub(crate) features: Option<u64>,
    /// Inputs that each reach something of their own.
    pub(crate) corpus: Option<u64>,
    pub(crate) found: Option<Found>,
}

impl Outcome {
    pub(crate) fn is_good(&self) -> bool {
        self.found.is_none()
    }
}

/// A finding.
#[derive(Debug, Serialize)]
pub(crate) struct Found {
    /// The input.
    pub(crate) file: PathBuf,
    /// What went wrong.
    pub(crate) message: String,
}

pub(crate) fn list(json: bool) {
    if json {
        let names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
        println!("{}", serde_json::json!({ "targets": names }));
        return;
    }
    for target in TARGETS {
        println!("{:<18} {}", target.name, target.about);
    }
}

pub(crate) fn start(guided: bool, seed: u32, share: Duration, targets: usize) {
    let engine = if guided {
        "libFuzzer, guided by coverage"
    } else {
        "seeded mutations"
    };
    eprintln!(
        "{targets} targets, {:.1} s each, {engine}, seed {seed}",
        share.as_secs_f32()
    );
}

pub(crate) fn line(outcome: &Outcome) {
    let number = |value: Option<u64>| value.map_or("-".to_owned(), |value| value.to_string());
    eprintln!(
        "{:<18} {:>9} executions {:>6} features {:>5} inputs  {}",
        outcome.target,
        outcome.executions,
        number(outcome.features),
        number(outcome.corpus),
        if outcome.is_good() { "ok" } else { "FOUND" },
    );
    if let Some(finding) = &outcome.found {
        found(outcome.target, finding);
    }
}

/// A finding and the command that shows it again.
pub(crate) fn found(target: &str, found: &Found) {
    eprintln!("  {}", found.message.lines().collect::<Vec<_>>().join("\n  "));
    eprintln!("  cargo xtask fuzz {target} --replay {}", found.file.display());
}

pub(crate) fn end(outcomes: &[Outcome], seed: u32, json: bool) -> anyhow::Result<()> {
    let executions: u64 = outcomes.iter().map(|outcome| outcome.executions).sum();
    let findings = outcomes.iter().filter(|outcome| !outcome.is_good()).count();
    if json {
        let all = serde_json::json!({ "seed": seed, "targets": outcomes, "findings": findings });
        println!("{}", serde_json::to_string_pretty(&all)?);
    }
    eprintln!(
        "targets: {}, executions: {executions}, findings: {findings}",
        outcomes.len()
    );
    Ok(())
}
