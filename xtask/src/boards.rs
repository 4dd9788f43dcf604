//! Starts the program xtask/boards, which knows images and boards, with the arguments of a command. Only its exit code is
//! looked at here: 1 is a failure that it has told, anything else is that it could not be compiled.

use std::{
    path::Path,
    process::{Command, ExitStatus, Stdio},
};

use anyhow::Context as _;
use serde_json::Value;

use crate::{
    failure::{Failure, Told},
    program,
    workspace::Workspace,
};

const PACKAGE: &str = "fivewire-xtask-boards";
const MEND: &str = "mend what the compiler names, then the same command again";

/// The program with one of its commands; arguments follow.
pub(crate) fn command(workspace: &Workspace, command: &str) -> Command {
    let mut cargo = program::cargo(workspace);
    cargo
        .args(["run", "--package", PACKAGE, "--", "--root"])
        .arg(workspace.root())
        .arg(command);
    cargo
}

/// Options that were given, with their values.
pub(crate) fn options<const N: usize>(command: &mut Command, options: [(&str, &Option<String>); N]) {
    for (name, value) in options {
        value.iter().for_each(|value| _ = command.args([name, value]));
    }
}

/// A path that was given. The program runs in the repository's root, which may not be where the person is.
pub(crate) fn path(command: &mut Command, name: &str, path: Option<&Path>) {
    if let Some(path) = path {
        let absolute = std::path::absolute(path);
        command
            .arg(name)
            .arg(absolute.unwrap_or_else(|_| path.to_owned()));
    }
}

/// Flags that were given.
pub(crate) fn flags<const N: usize>(command: &mut Command, flags: [(&str, bool); N]) {
    command.args(flags.iter().filter(|(_, given)| *given).map(|(name, _)| name));
}

/// Runs it with its output straight through.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    ended(command.status().context("cannot start cargo")?, Value::Null)
}

/// Runs it and returns the JSON that it printed on standard output.
pub(crate) fn answer(command: &mut Command) -> anyhow::Result<Value> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .context("cannot start cargo")?;
    let said = serde_json::from_slice(&output.stdout);
    ended(output.status, said.as_ref().cloned().unwrap_or_default())?;
    said.with_context(|| format!("{PACKAGE} printed no JSON"))
}

fn ended(status: ExitStatus, said: Value) -> anyhow::Result<()> {
    match status.code() {
        Some(0) => Ok(()),
        Some(1) => Err(Told(said).into()),
        // Its own usage error names the argument.
        Some(2) => std::process::exit(2),
        _ => Err(Failure::because(format!("{PACKAGE} ended with {status}"), MEND)),
    }
}
