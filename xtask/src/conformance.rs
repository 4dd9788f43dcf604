//! `cargo xtask conformance`: starts the player of broker sequences, which is a program of its own (xtask/conformance).
//!
//! Its arguments are passed on untouched; nothing is judged here.

use std::ffi::OsString;

use clap::Args;

use crate::{program, ui, workspace::Workspace};

const PACKAGE: &str = "fivewire-xtask-conformance";

/// Play scripted broker sequences (JSON, --dir PATH) against the MQTT client, and count what it gets right.
///
/// `cargo xtask conformance --help` shows the player's own options: --dir, --chain, --version, --filter, --json, --print-client.
#[derive(Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Conformance {
    /// Arguments of the player.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGS")]
    arguments: Vec<OsString>,
}

impl Conformance {
    pub(crate) fn run(&self, workspace: &Workspace) -> anyhow::Result<()> {
        play(workspace, &self.arguments)
    }
}

/// Both ways through the sequences, where they are: they are other people's and not part of the project.
pub(crate) fn all(workspace: &Workspace) -> anyhow::Result<()> {
    let dir = workspace.path("../shared/conformance/sequences");
    if !dir.is_dir() {
        ui::note("no sequences beside the project: nothing to be played (cargo xtask conformance --dir DIR)");
        return Ok(());
    }
    let arguments = [OsString::from("--dir"), dir.into()];
    play(workspace, &arguments)?;
    play(workspace, &[&arguments[..], &["--chain".into()]].concat())
}

fn play(workspace: &Workspace, arguments: &[OsString]) -> anyhow::Result<()> {
    let mut cargo = program::cargo(workspace);
    // Paths in the arguments are meant from where the user is.
    if let Ok(here) = std::env::current_dir() {
        cargo.current_dir(here);
    }
    cargo
        .args(["run", "--quiet", "--manifest-path"])
        .arg(workspace.path("Cargo.toml"))
        .args(["--package", PACKAGE, "--"])
        .args(arguments);
    program::run(&mut cargo, "cargo xtask conformance --filter NAME -v")
}
