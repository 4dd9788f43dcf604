//! Running other programs: cargo above all. Each is shown as a line that a person can type.
//!
//! It knows nothing of what is run or why; the stages and commands say that.

use std::{
    env,
    ffi::OsStr,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use anyhow::Context as _;

use crate::{failure::Failure, ui, workspace::Workspace};

/// `cargo`, the same one that started xtask, in the repository's root.
///
/// `cargo run` sets variables for the package it runs. Some build scripts watch them, so passing them on
/// would recompile half of the tree at every change between `cargo build` and `cargo xtask build`.
pub(crate) fn cargo(workspace: &Workspace) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(workspace.root());
    forget_own_package(&mut command);
    command
}

/// Removes what `cargo run` told xtask about xtask.
pub(crate) fn forget_own_package(command: &mut Command) {
    for (name, _) in env::vars_os() {
        let name_text = name.to_string_lossy();
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"]
            .iter()
            .any(|p| name_text.starts_with(p))
        {
            command.env_remove(&name);
        }
    }
}

/// Shows and runs `command` with its output straight through. Fails with `mend` when it does not exit with 0.
pub(crate) fn run(command: &mut Command, mend: &str) -> anyhow::Result<()> {
    let line = shown(command);
    ui::note(format_args!("$ {line}"));
    let status = command.status().with_context(|| format!("cannot start `{line}`"));
    match status.map_err(|error| Failure::wrap(error, mend))? {
        status if status.success() => Ok(()),
        status => Err(Failure::because(format!("`{line}` ended with {status}"), mend)),
    }
}

/// Runs `command` without showing it and returns what it printed. Only a program that cannot be started is an
/// error; its exit status is the caller's.
pub(crate) fn capture(command: &mut Command) -> anyhow::Result<Output> {
    let line = shown(command);
    command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start `{line}`"))
}

/// What `command` prints on standard output, trimmed, when it can be started and exits with 0.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = capture(command).ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The command as a person would type it: variables it sets, then the program's short name and its arguments.
pub(crate) fn shown(command: &Command) -> String {
    let variables = command.get_envs().filter_map(|(name, value)| {
        value.map(|value| format!("{}={}", name.to_string_lossy(), quoted(value)))
    });
    // cargo and rustc are started by their whole path; people know them by name.
    let program = Path::new(command.get_program());
    let short = ["cargo", "rustc", "nm"]
        .iter()
        .any(|name| program.file_name() == Some(OsStr::new(name)));
    let program = if short && !program.starts_with("/usr/bin") {
        program.file_name()
    } else {
        None
    };
    let program = program.unwrap_or_else(|| command.get_program());
    let words = std::iter::once(program).chain(command.get_args()).map(quoted);
    variables.chain(words).collect::<Vec<_>>().join(" ")
}

fn quoted(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=/.,:+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.into_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// Where `name` is: on PATH, or where Debian puts daemons, which is not on everybody's PATH.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let dirs = env::split_paths(&path).chain(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from));
    dirs.map(|dir| dir.join(name)).find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_a_person_types_it() {
        let mut command = Command::new("/opt/toolchain/bin/cargo");
        command.args(["test", "-p", "a b", ""]).env("BLESS", "1");
        assert_eq!(shown(&command), "BLESS=1 cargo test -p 'a b' ''");
    }

    #[test]
    fn a_program_that_fails_names_the_mending_command() {
        let error = run(&mut Command::new("false"), "cargo xtask lint --fix").expect_err("false fails");
        assert_eq!(
            error.downcast_ref::<Failure>().map(Failure::mend),
            Some("cargo xtask lint --fix")
        );
    }

    #[test]
    fn a_missing_program_is_an_error_and_not_an_answer() {
        let mut command = Command::new("fivewire-no-such-program");
        assert!(answer(&mut command).is_none());
        assert!(run(&mut command, "true").is_err());
        assert!(find("fivewire-no-such-program").is_none());
    }
}
