//! Both ends as Linux programs: compiling them, and how large they are.
//!
//! Compiler errors go straight through: a command without a handler is named by rustc better than by anyone.

use std::{
    io::BufReader,
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::Context as _;
use cargo_metadata::Message;
use serde_json::{Value, json};

use crate::{
    failure::Failure,
    program,
    sizes::{self, Sizes},
    ui,
    workspace::Workspace,
};

/// The program of each end.
const ENDS: &[&str] = &["fivewire-host-fw-desktop", "fivewire-bridge-fw-linux"];
const MEND: &str = "write what the compiler names, then cargo xtask build";

/// A compiled end.
pub(crate) struct Binary {
    name: String,
    path: PathBuf,
    sizes: Sizes,
}

/// Compiles both ends and returns their programs in the order of [`ENDS`].
pub(crate) fn compile(workspace: &Workspace) -> anyhow::Result<Vec<Binary>> {
    let mut cargo = program::cargo(workspace);
    cargo.args(["build", "--release"]);
    ENDS.iter().for_each(|end| _ = cargo.args(["-p", end]));
    ui::note(format_args!("$ {}", program::shown(&cargo)));
    cargo.arg("--message-format=json-render-diagnostics");
    let programs = programs_of(&mut cargo)?;
    programs
        .into_iter()
        .map(|(name, path)| {
            Ok(Binary {
                name,
                sizes: sizes::of(&path)?,
                path,
            })
        })
        .collect()
}

/// Runs cargo and collects the programs it made; its errors have been shown already.
fn programs_of(cargo: &mut Command) -> anyhow::Result<Vec<(String, PathBuf)>> {
    let mut child = cargo
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start cargo")?;
    let stdout = child.stdout.take().context("cargo has no output")?;
    let mut programs = Vec::new();
    for message in Message::parse_stream(BufReader::new(stdout)) {
        if let Message::CompilerArtifact(artifact) = message?
            && let Some(path) = artifact.executable
        {
            programs.push((artifact.target.name, path.into_std_path_buf()));
        }
    }
    programs.sort_by(|(a, _), (b, _)| b.cmp(a)); // host before bridge
    let status = child.wait()?;
    if status.success() {
        Ok(programs)
    } else {
        Err(Failure::because("one of the ends does not compile", MEND))
    }
}

/// Prints an end and what its crates take of it.
pub(crate) fn show(binary: &Binary) {
    let Sizes { file, code, crates } = &binary.sizes;
    let name = ui::paint(ui::BOLD, format!("{:<28}", binary.name));
    anstream::println!(
        "{name} {:>10} file, {:>10} code   {}",
        ui::bytes(*file),
        ui::bytes(*code),
        binary.path.display()
    );
    for (name, size) in crates {
        anstream::println!("  {name:<26} {:>10}", ui::bytes(*size));
    }
}

/// The ends as `--json` prints them.
pub(crate) fn json(binaries: &[Binary]) -> Value {
    let binary = |binary: &Binary| {
        let Sizes { file, code, crates } = &binary.sizes;
        let crates: serde_json::Map<_, _> = crates
            .iter()
            .map(|(name, size)| (name.clone(), json!(size)))
            .collect();
        json!({"name": binary.name, "path": binary.path, "file_bytes": file, "code_bytes": code, "crates": crates})
    };
    binaries.iter().map(binary).collect()
}
