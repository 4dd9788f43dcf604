//! `cargo xtask soak`: builds the bridge and starts the soak (xtask/soak), a program of its own, with it.
//!
//! Its arguments are passed on untouched; nothing is judged here.

use std::ffi::OsString;

use clap::Args;

use crate::{packages, program, workspace::Workspace};

const PACKAGE: &str = "fivewire-xtask-soak";
const BRIDGE: &str = "fivewire-bridge";

/// Hold the delivery contract over real processes at volume: broker restarts, bridge kills, floods.
///
/// Without arguments a short run. `cargo xtask soak --help` shows all options: --publishes, --broker-restarts,
/// --bridge-kills, --qos, --flood, --slow-us, --seed, --json.
#[derive(Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Soak {
    /// Arguments of the soak.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGS")]
    arguments: Vec<OsString>,
}

impl Soak {
    pub(crate) fn run(&self, workspace: &Workspace) -> anyhow::Result<()> {
        packages::provide_for_tests()?;
        run(workspace, &self.arguments)
    }
}

/// The stage of `cargo xtask test`: some thousand publications with both faults, and a small flood.
pub(crate) fn smoke(workspace: &Workspace) -> anyhow::Result<()> {
    run(workspace, &[])
}

fn run(workspace: &Workspace, arguments: &[OsString]) -> anyhow::Result<()> {
    let mut build = program::cargo(workspace);
    build.args([
        "build",
        "--release",
        "--package",
        "fivewire-bridge-fw-linux",
        "--bin",
        BRIDGE,
    ]);
    program::run(&mut build, "cargo build -p fivewire-bridge-fw-linux")?;
    let mut soak = program::cargo(workspace);
    soak.args(["run", "--release", "--package", PACKAGE, "--", "--bridge"])
        .arg(workspace.target_dir().join("release").join(BRIDGE))
        .args(arguments);
    program::run(
        &mut soak,
        "cargo xtask soak with the same --seed; the lines of BREACH say what happened",
    )
}
