//! `cargo xtask build`: check → codegen → compile both ends, one command after an edit of the spec.
//!
//! Compiler errors go straight through: a command without a handler is named by rustc better than by anyone.

use std::{
    io::BufReader,
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::Context as _;
use cargo_metadata::Message;
use clap::Args;
use serde_json::{Value, json};

use crate::{
    check,
    codegen::{self, Change},
    failure::Failure,
    program,
    sizes::{self, Sizes},
    ui,
    workspace::Workspace,
};

/// The program of each end.
const ENDS: &[&str] = &["fivewire-host-fw-desktop", "fivewire-bridge-fw-linux"];
const MEND: &str = "write what the compiler names, then cargo xtask build";

/// Check the spec, generate, and compile both ends. After an edit of spec/bridge.yaml this is the one command.
///
/// A handler method that is missing for a new command shows as the compiler's error with its name.
#[derive(Args)]
pub(crate) struct Build {
    /// Print one JSON object with what changed and how large both ends are.
    #[arg(long)]
    json: bool,
}

/// A compiled end.
struct Binary {
    name: String,
    path: PathBuf,
    sizes: Sizes,
}

impl Build {
    pub(crate) fn run(&self, workspace: &Workspace) -> anyhow::Result<()> {
        if self.json {
            as_json(workspace)
        } else {
            for_people(workspace)
        }
    }
}

fn for_people(workspace: &Workspace) -> anyhow::Result<()> {
    let changes = codegen::refresh(workspace)?;
    codegen::show(&changes);
    compile(workspace)?.iter().for_each(show);
    ui::next(if changes.is_empty() {
        "cargo xtask sim"
    } else {
        "cargo xtask sim, then cargo xtask test"
    });
    Ok(())
}

/// Whatever happens, exactly one object is printed, and `ok` says how it ended.
fn as_json(workspace: &Workspace) -> anyhow::Result<()> {
    let checked = check::spec(workspace)?;
    if checked.report.has_errors() {
        println!("{:#}", check::findings(&checked.report));
    }
    let changes = codegen::refresh(workspace)?;
    let built = compile(workspace);
    let binaries = built.as_deref().unwrap_or_default();
    println!("{:#}", report(built.is_ok(), &changes, binaries));
    built.map(drop)
}

/// Compiles both ends and returns their programs in the order of [`ENDS`].
fn compile(workspace: &Workspace) -> anyhow::Result<Vec<Binary>> {
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

fn show(binary: &Binary) {
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

fn report(ok: bool, changes: &[Change], binaries: &[Binary]) -> Value {
    let change = |c: &Change| json!({"path": c.path, "kind": c.kind.to_string()});
    let binary = |b: &Binary| {
        let crates: serde_json::Map<_, _> = b
            .sizes
            .crates
            .iter()
            .map(|(n, s)| (n.clone(), json!(s)))
            .collect();
        json!({"name": b.name, "path": b.path, "file_bytes": b.sizes.file, "code_bytes": b.sizes.code, "crates": crates})
    };
    json!({
        "ok": ok,
        "changed": changes.iter().map(change).collect::<Vec<_>>(),
        "binaries": binaries.iter().map(binary).collect::<Vec<_>>(),
    })
}
