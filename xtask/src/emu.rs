//! `cargo xtask emu`: compiles the Pico's image and a bridge, and starts the emulator (xtask/emu), a program of its own, with
//! them.
//!
//! Its arguments are passed on untouched; nothing is emulated or judged here.

use std::{ffi::OsString, path::PathBuf};

use anyhow::Context as _;
use clap::Args;

use crate::{
    images::{self, Board},
    packages, program,
    workspace::Workspace,
};

const PACKAGE: &str = "fivewire-xtask-emu";
const HOST: &str = "pico";
const QEMU: &str = "qemu";
const BRIDGE: &str = "fivewire-bridge";
const USAGE: &str = "cargo xtask emu --help";
const MEND: &str = "cargo xtask emu with the same arguments and --verbose; its lines say what happened";
/// What the stage of `cargo xtask test` does with either bridge.
const SHORT: &[&str] = &["--seconds", "10", "--fault", "bridge-crash"];

/// Run the Pico's machine code in an emulator, at five wires to a bridge and a real broker.
///
/// `cargo xtask emu --help` shows all options: --bridge linux|qemu, --seconds, --interval-ms, --fault, --verbose, --json.
#[derive(Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Emu {
    /// Arguments of the emulator.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGS")]
    arguments: Vec<OsString>,
}

impl Emu {
    pub(crate) fn run(&self, workspace: &Workspace) -> anyhow::Result<()> {
        if self.has(&["--help", "-h"]) {
            return start(workspace, &[], &self.arguments, USAGE);
        }
        // A mistyped option is told before minutes of compiling.
        start(workspace, &["--only-parse".into()], &self.arguments, USAGE)?;
        let with_qemu = self.has(&[QEMU, "--bridge=qemu"]);
        packages::provide_for_emu(with_qemu)?;
        let programs = programs(workspace, &images(workspace, with_qemu)?, with_qemu)?;
        start(workspace, &programs, &self.arguments, MEND)
    }

    fn has(&self, words: &[&str]) -> bool {
        self.arguments
            .iter()
            .any(|argument| words.iter().any(|word| argument == word))
    }
}

/// The stage of `cargo xtask test`: some seconds with either bridge, which crashes in the middle.
pub(crate) fn smoke(workspace: &Workspace) -> anyhow::Result<()> {
    packages::provide_for_emu(true)?;
    let images = images(workspace, true)?;
    let short: Vec<_> = SHORT.iter().map(OsString::from).collect();
    let qemu: Vec<_> = ["--bridge", QEMU]
        .iter()
        .map(OsString::from)
        .chain(short.clone())
        .collect();
    start(workspace, &programs(workspace, &images, false)?, &short, MEND)?;
    start(workspace, &programs(workspace, &images, true)?, &qemu, MEND)
}

/// Compiles the host's image, and the bridge's if wanted, and returns them in this order.
fn images(workspace: &Workspace, with_qemu: bool) -> anyhow::Result<Vec<PathBuf>> {
    let all = images::boards(workspace)?;
    let wanted = [Some(HOST), with_qemu.then_some(QEMU)];
    let board = |name: &str| -> anyhow::Result<Board> {
        let board = all.iter().find(|board| board.name == name).cloned();
        board.with_context(|| format!("there is no board {name}"))
    };
    let boards = wanted
        .into_iter()
        .flatten()
        .map(board)
        .collect::<anyhow::Result<Vec<_>>>()?;
    let toolchain = images::compiler(workspace, &boards)?;
    images::compile(workspace, &toolchain, &boards, &[])
}

/// The emulator's arguments that name the programs of both ends.
fn programs(workspace: &Workspace, images: &[PathBuf], with_qemu: bool) -> anyhow::Result<Vec<OsString>> {
    let host = images.first().context("no image of the host")?;
    let bridge = match images.get(1).filter(|_| with_qemu) {
        Some(image) => image.clone(),
        None => linux(workspace)?,
    };
    Ok([
        "--pico".into(),
        host.into(),
        "--bridge-program".into(),
        bridge.into(),
    ]
    .into())
}

/// Compiles the bridge as a program of this computer.
fn linux(workspace: &Workspace) -> anyhow::Result<PathBuf> {
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
    Ok(workspace.target_dir().join("release").join(BRIDGE))
}

fn start(
    workspace: &Workspace,
    programs: &[OsString],
    arguments: &[OsString],
    mend: &str,
) -> anyhow::Result<()> {
    let mut emulator = program::cargo(workspace);
    emulator.args(["run", "--package", PACKAGE, "--"]);
    program::run(emulator.args(programs).args(arguments), mend)
}
