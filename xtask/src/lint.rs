//! `cargo xtask lint`: formatting and clippy, as the tests run them, or mended in place.
//!
//! The rules are in .rustfmt.toml, .clippy.toml and the workspace's lints, where editors find them too.

use std::io::IsTerminal as _;

use clap::Args;

use crate::{program, workspace::Workspace};

const MEND: &str = "cargo xtask lint --fix";

/// Check the formatting and run clippy with warnings as errors; with --fix, mend what they can mend.
#[derive(Args)]
pub(crate) struct Lint {
    /// Format all files and apply clippy's suggestions instead of only checking.
    #[arg(long)]
    fix: bool,
}

impl Lint {
    pub(crate) fn run(&self, workspace: &Workspace) -> anyhow::Result<()> {
        if self.fix {
            fix(workspace)?;
        }
        fmt(workspace)?;
        clippy(workspace)
    }
}

/// Fails when a file is not formatted.
pub(crate) fn fmt(workspace: &Workspace) -> anyhow::Result<()> {
    let mut cargo = program::cargo(workspace);
    cargo.args(["fmt", "--all", "--check"]);
    // By itself rustfmt paints its differences wherever TERM is set.
    if !std::io::stdout().is_terminal() {
        cargo.args(["--", "--color", "never"]);
    }
    program::run(&mut cargo, MEND)
}

/// Fails on the first clippy warning, in tests and binaries too.
pub(crate) fn clippy(workspace: &Workspace) -> anyhow::Result<()> {
    let mut cargo = program::cargo(workspace);
    cargo.args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]);
    program::run(&mut cargo, MEND)
}

/// Fails when a doc comment links to what is not there.
pub(crate) fn doc(workspace: &Workspace) -> anyhow::Result<()> {
    let mut cargo = program::cargo(workspace);
    cargo.env("RUSTDOCFLAGS", "-D warnings").args([
        "doc",
        "--workspace",
        "--no-deps",
        "--document-private-items",
    ]);
    program::run(
        &mut cargo,
        "mend the links that rustdoc names, then cargo xtask test --only doc",
    )
}

fn fix(workspace: &Workspace) -> anyhow::Result<()> {
    let mut clippy = program::cargo(workspace);
    clippy.args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--fix",
        "--allow-dirty",
        "--allow-staged",
    ]);
    program::run(
        &mut clippy,
        "mend what clippy names by hand, then cargo xtask lint",
    )?;
    program::run(
        program::cargo(workspace).args(["fmt", "--all"]),
        "mend what rustfmt names, then cargo xtask lint",
    )
}
