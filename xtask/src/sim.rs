//! `cargo xtask sim`: starts the live demonstration, which is a program of its own (xtask/sim).
//!
//! Its arguments are passed on untouched; xtask itself stays quick to compile, the demonstration brings a broker.

use std::{
    ffi::OsString,
    process::{Command, Stdio},
};

use clap::Args;

use crate::{
    failure::{Failure, Mend as _},
    program, ui,
    workspace::Workspace,
};

const PACKAGE: &str = "fivewire-xtask-sim";
/// Runs with a stock MicroPython bridge; they take less than half a minute.
const TEXT_SEEDS: u32 = 1_000;

/// See it work without hardware: both ends, five simulated wires and a broker in one process, with a live trace.
///
/// `cargo xtask sim --help` shows the demonstration's own options: --seconds, --json, --broker, --fault, --seed,
/// --text-seeds.
#[derive(Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Sim {
    /// Arguments of the demonstration.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGS")]
    arguments: Vec<OsString>,
}

impl Sim {
    pub(crate) fn run(&self, workspace: &Workspace) -> anyhow::Result<()> {
        if !workspace.target_dir().join("release").join(PACKAGE).exists() {
            ui::note("the first time, this compiles the demonstration with its broker: a few minutes");
        }
        become_program(&mut command(workspace, &["--release"], &self.arguments))
    }
}

/// The stage of `cargo xtask test`: a short demonstration with faults must lose nothing, nor must seeds of the simulator
/// with a stock MicroPython bridge. Compiled as the tests are, so that little is left to compile.
pub(crate) fn smoke(workspace: &Workspace) -> anyhow::Result<()> {
    let again = "cargo xtask sim --seconds 15 --fault bridge-crash --fault wifi-drop";
    judged(workspace, again)?;
    judged(workspace, &format!("cargo xtask sim --text-seeds {TEXT_SEEDS}"))
}

/// Runs what `again` says, and looks at the summary.
fn judged(workspace: &Workspace, again: &str) -> anyhow::Result<()> {
    let arguments = again.split(' ').skip(3).chain(["--json"]);
    let mut command = command(workspace, &[], &arguments.map(OsString::from).collect::<Vec<_>>());
    ui::note(format_args!("$ {}", program::shown(&command)));
    let output = command.stderr(Stdio::inherit()).output().mend(again)?;
    let text = String::from_utf8_lossy(&output.stdout);
    let last = text.lines().last().unwrap_or_default();
    anstream::println!("{last}");
    match verdict(last) {
        Some(complaint) => Err(Failure::because(complaint, again)),
        None if output.status.success() => Ok(()),
        None => Err(Failure::because(
            format!("the demonstration ended with {}", output.status),
            again,
        )),
    }
}

/// What is wrong with the summary, the last line of `--json`.
fn verdict(summary: &str) -> Option<String> {
    let Ok(summary) = serde_json::from_str::<serde_json::Value>(summary) else {
        return Some("the last line is no JSON object".into());
    };
    let number = |name: &str| summary.get(name).and_then(serde_json::Value::as_u64);
    match (number("delivered"), number("lost")) {
        (Some(1..), Some(0)) => None,
        (delivered, lost) => Some(format!("delivered: {delivered:?}, lost: {lost:?}")),
    }
}

/// The current directory stays the user's: paths in the arguments are meant from there.
fn command(workspace: &Workspace, profile: &[&str], arguments: &[OsString]) -> Command {
    let mut cargo = program::cargo(workspace);
    if let Ok(here) = std::env::current_dir() {
        cargo.current_dir(here);
    }
    cargo
        .arg("run")
        .args(profile)
        .arg("--manifest-path")
        .arg(workspace.path("Cargo.toml"));
    cargo.args(["--package", PACKAGE, "--"]).args(arguments);
    cargo
}

/// Replaces xtask, so that Ctrl-C and the exit code are the demonstration's alone.
#[cfg(unix)]
fn become_program(command: &mut Command) -> anyhow::Result<()> {
    use std::os::unix::process::CommandExt as _;
    Err(anyhow::Error::from(command.exec()).context("cannot start cargo"))
}

#[cfg(not(unix))]
fn become_program(command: &mut Command) -> anyhow::Result<()> {
    program::run(command, "cargo xtask sim --help")
}

#[cfg(test)]
mod tests {
    use super::verdict;

    #[test]
    fn a_demonstration_that_lost_or_delivered_nothing_is_told_apart() {
        assert_eq!(
            verdict(r#"{"event": "summary", "delivered": 140, "lost": 0}"#),
            None
        );
        assert!(verdict(r#"{"delivered": 140, "lost": 1}"#).is_some());
        assert!(verdict(r#"{"delivered": 0, "lost": 0}"#).is_some());
        assert!(verdict("").is_some());
    }
}
