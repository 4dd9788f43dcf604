//! `cargo xtask conformance`: starts the player of broker sequences, which is a program of its own (xtask/conformance).
//!
//! Its arguments are passed on untouched; nothing is judged here.

use std::ffi::OsString;

use clap::Args;

use crate::{program, workspace::Workspace};

const PACKAGE: &str = "fivewire-xtask-conformance";

/// Play scripted broker sequences (JSON, --dir PATH) against the MQTT client, and count what it gets right.
///
/// `cargo xtask conformance --help` shows the player's own options: --dir, --version, --filter, --json, --print-client.
#[derive(Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Conformance {
    /// Arguments of the player.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGS")]
    arguments: Vec<OsString>,
}

impl Conformance {
    pub(crate) fn run(&self, workspace: &Workspace) -> anyhow::Result<()> {
        let mut cargo = program::cargo(workspace);
        // Paths in the arguments are meant from where the user is.
        if let Ok(here) = std::env::current_dir() {
            cargo.current_dir(here);
        }
        cargo
            .args(["run", "--quiet", "--release", "--manifest-path"])
            .arg(workspace.path("Cargo.toml"))
            .args(["--package", PACKAGE, "--"])
            .args(&self.arguments);
        program::run(&mut cargo, "cargo xtask conformance --filter NAME -v")
    }
}
