//! `cargo xtask fuzz`: shares a time among the targets, and says what was found and how to see it again.
//!
//! libFuzzer does the work where it could be built (`--guided PROGRAM`), else the small engine of this crate. Not here:
//! the targets, and building the guided program; that is xtask's.

mod guided;
mod plain;
mod report;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::Parser;
use fivewire_xtask_fuzz::{TARGETS, Target, engine, find};

use report::Outcome;

/// Fuzz the decoders, the MQTT session and the link, from the committed corpus.
///
/// Exit codes: 0 nothing found, 1 a finding (its line names the command that shows it again), 2 wrong usage.
#[derive(Parser)]
#[command(
    name = "cargo xtask fuzz",
    bin_name = "cargo xtask fuzz",
    max_term_width = 100
)]
struct Arguments {
    /// Targets to run; without any, all.
    #[arg(value_name = "TARGET")]
    targets: Vec<String>,
    /// Seconds for all targets together.
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..))]
    seconds: u64,
    /// List the targets and run none.
    #[arg(long)]
    list: bool,
    /// Run the one target on this file only.
    #[arg(long, value_name = "FILE", conflicts_with = "list")]
    replay: Option<PathBuf>,
    /// Keep what reaches further, as small as it gets, in the committed corpus.
    #[arg(long)]
    keep: bool,
    /// Seed of the run; another one each time when not given.
    #[arg(long, value_name = "S")]
    seed: Option<u32>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    /// The program that runs a target under libFuzzer.
    #[arg(long, value_name = "PROGRAM", hide = true)]
    guided: Option<PathBuf>,
    /// Where findings and grown corpora go.
    #[arg(long, value_name = "FOLDER", default_value = "target/fuzz/found", hide = true)]
    found: PathBuf,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// True when nothing was found.
fn run(arguments: &Arguments) -> anyhow::Result<bool> {
    if arguments.list {
        report::list(arguments.json);
        return Ok(true);
    }
    let targets = chosen(&arguments.targets)?;
    if let Some(file) = &arguments.replay {
        return replay(&targets, file);
    }
    let seed = arguments.seed.unwrap_or_else(fresh_seed);
    let share = Duration::from_secs(arguments.seconds) / u32::try_from(targets.len())?.max(1);
    report::start(arguments.guided.is_some(), seed, share, targets.len());
    let mut outcomes = Vec::new();
    for target in targets {
        let outcome = match &arguments.guided {
            Some(program) => guided::run(program, target, share, seed, arguments)?,
            None => plain::run(target, share, seed, &arguments.found)?,
        };
        report::line(&outcome);
        outcomes.push(outcome);
    }
    report::end(&outcomes, seed, arguments.json)?;
    Ok(outcomes.iter().all(Outcome::is_good))
}

fn chosen(names: &[String]) -> anyhow::Result<Vec<&'static Target>> {
    if names.is_empty() {
        return Ok(TARGETS.iter().collect());
    }
    let named = names.iter().map(|name| {
        find(name).with_context(|| format!("there is no target {name}; mend with: cargo xtask fuzz --list"))
    });
    named.collect()
}

fn replay(targets: &[&Target], file: &std::path::Path) -> anyhow::Result<bool> {
    let [target] = targets else {
        anyhow::bail!(
            "name the one target; mend with: cargo xtask fuzz TARGET --replay {}",
            file.display()
        );
    };
    let input = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let result = engine::run(target, &input);
    match &result {
        Ok(()) => eprintln!("{}: {} bytes, nothing found", target.name, input.len()),
        Err(message) => eprintln!("{}: {} bytes: {message}", target.name, input.len()),
    }
    Ok(result.is_ok())
}

/// Another one each time, small enough to be typed.
fn fresh_seed() -> u32 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(1, |since| since.subsec_nanos() % 1_000_000 + 1)
}
