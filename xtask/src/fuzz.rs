//! `cargo xtask fuzz`: builds and starts the fuzzing program (xtask/fuzz), with libFuzzer where a C++ compiler is.
//!
//! libFuzzer needs coverage counters in the fuzzed code. The stable compiler makes them when LLVM's pass is asked for by
//! name, so no nightly is wanted; they change every crate, so they are built in a folder of their own. Nothing is
//! fuzzed here, and the program's arguments are passed on untouched.

use std::{ffi::OsString, path::PathBuf};

use clap::Args;

use crate::{failure::Failure, program, ui, workspace::Workspace};

const PACKAGE: &str = "fivewire-xtask-fuzz";
const GUIDED: &str = "fivewire-fuzz-guided";

/// Counters at each edge, where they belong, and the values that are compared.
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

/// Fuzz the decoders, the MQTT session and the link (--seconds N, --list, --json, TARGET, TARGET --replay FILE).
///
/// `cargo xtask fuzz --help` shows all options. With a C++ compiler, inputs are guided by coverage (libFuzzer); without
/// one they are seeded mutations of the corpus.
#[derive(Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Fuzz {
    /// Arguments of the fuzzing program.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGS")]
    arguments: Vec<OsString>,
}

impl Fuzz {
    pub(crate) fn run(&self, workspace: &Workspace) -> anyhow::Result<()> {
        let mut cargo = program::cargo(workspace);
        // Paths in the arguments are meant from where the user is.
        if let Ok(here) = std::env::current_dir() {
            cargo.current_dir(here);
        }
        cargo
            .args(["run", "--quiet", "--profile", "fuzz", "--manifest-path"])
            .arg(workspace.path("Cargo.toml"))
            .args(["--package", PACKAGE, "--"])
            .arg("--found")
            .arg(workspace.path("target/fuzz/found"));
        if self.fuzzes()
            && let Some(guided) = guided(workspace)?
        {
            cargo.arg("--guided").arg(guided);
        }
        cargo.args(&self.arguments);
        program::run(
            &mut cargo,
            "the command in the line of the finding; all targets: cargo xtask fuzz --list",
        )
    }

    /// Whether anything is fuzzed at all.
    fn fuzzes(&self) -> bool {
        let asks = ["--list", "--help", "-h", "--replay"];
        !self
            .arguments
            .iter()
            .any(|argument| asks.iter().any(|ask| argument == ask))
    }
}

/// Builds the program that runs a target under libFuzzer; `None` without a C++ compiler.
fn guided(workspace: &Workspace) -> anyhow::Result<Option<PathBuf>> {
    if !["c++", "g++", "clang++"]
        .iter()
        .any(|name| program::find(name).is_some())
    {
        ui::note("no C++ compiler for libFuzzer (Debian: g++), so without coverage");
        return Ok(None);
    }
    let mut rustc = std::process::Command::new("rustc");
    let about = program::answer(rustc.arg("-vV")).unwrap_or_default();
    let Some(host) = about.lines().find_map(|line| line.strip_prefix("host: ")) else {
        return Err(Failure::because(
            "rustc does not say what it compiles for",
            "rustc -vV",
        ));
    };
    let folder = workspace.path("target/fuzz");
    let mut cargo = program::cargo(workspace);
    // The target is named so that the flags are for the fuzzed code only, not for build scripts.
    cargo
        .args(["build", "--quiet", "--profile", "fuzz", "--package", PACKAGE])
        .args([
            "--features",
            "guided",
            "--bin",
            GUIDED,
            "--target",
            host,
            "--target-dir",
        ])
        .arg(&folder)
        .env("RUSTFLAGS", COVERAGE);
    program::run(&mut cargo, "cargo build -p fivewire-xtask-fuzz")?;
    Ok(Some(folder.join(host).join("fuzz").join(GUIDED)))
}
