//! `cargo xtask codegen`: writes what the spec says, and only where it says something new.
//!
//! The compiler in `codegen` gives texts; this file knows where they lie and when they are stale.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use clap::Args;
use fivewire_codegen::emit::{self, Output};

use crate::{check, failure::Failure, ui, workspace::Workspace};

/// Folders that hold nothing but generated files; what the spec no longer makes is removed from them.
const GENERATED: &[&str] = &["runtime/wire/src/generated"];

/// Generate the messages of both ends, PROTOCOL.md and the vectors from the spec.
///
/// Files that are already right are left alone, so nothing is compiled again for no reason.
#[derive(Args)]
pub(crate) struct Codegen {
    /// Change nothing; fail when a generated file is not what the spec says.
    #[arg(long)]
    check: bool,
}

impl Codegen {
    pub(crate) fn run(&self, workspace: &Workspace) -> anyhow::Result<()> {
        if self.check {
            return stale(workspace);
        }
        let changes = refresh(workspace)?;
        show(&changes);
        ui::next(if changes.is_empty() {
            "cargo xtask build"
        } else {
            "git diff, then cargo xtask build"
        });
        Ok(())
    }
}

/// One file that is not what the spec says.
#[derive(Debug, PartialEq)]
pub(crate) struct Change {
    pub(crate) path: String,
    pub(crate) kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    New,
    Changed,
    Removed,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Removed => "removed",
        })
    }
}

/// Prints each change on a line of its own.
pub(crate) fn show(changes: &[Change]) {
    changes
        .iter()
        .for_each(|change| anstream::println!("{:<8} {}", change.kind, change.path));
    if changes.is_empty() {
        anstream::println!("generated files are up to date");
    }
}

/// Brings every generated file up to date; returns what changed.
pub(crate) fn refresh(workspace: &Workspace) -> anyhow::Result<Vec<Change>> {
    let outputs = outputs(workspace)?;
    let changes = compare(workspace.root(), &outputs)?;
    for change in &changes {
        apply(workspace.root(), change, &outputs).with_context(|| format!("cannot write {}", change.path))?;
    }
    Ok(changes)
}

/// Fails when a generated file is not what the spec says, and names each.
pub(crate) fn stale(workspace: &Workspace) -> anyhow::Result<()> {
    let changes = compare(workspace.root(), &outputs(workspace)?)?;
    if changes.is_empty() {
        show(&changes);
        return Ok(());
    }
    changes
        .iter()
        .for_each(|change| anstream::println!("would be {:<8} {}", change.kind, change.path));
    Err(Failure::because(
        format!("generated files are stale: {}", changes.len()),
        "cargo xtask codegen",
    ))
}

/// What the spec makes, the vectors that are there included.
fn outputs(workspace: &Workspace) -> anyhow::Result<Vec<Output>> {
    let read = |path: &str| fs::read_to_string(workspace.root().join(path)).ok();
    emit::files(&check::model(workspace)?, read).context("the vectors under spec/vectors are damaged")
}

fn compare(root: &Path, outputs: &[Output]) -> anyhow::Result<Vec<Change>> {
    let mut changes = Vec::new();
    for output in outputs {
        let kind = match fs::read_to_string(root.join(&output.path)) {
            Ok(text) if text == output.text => continue,
            Ok(_) => Kind::Changed,
            Err(_) => Kind::New,
        };
        changes.push(Change {
            path: output.path.clone(),
            kind,
        });
    }
    for folder in GENERATED {
        let gone = left_over(root, folder, outputs)?;
        changes.extend(gone.map(|path| Change {
            path,
            kind: Kind::Removed,
        }));
    }
    Ok(changes)
}

/// Files of a generated folder that no output is called like.
fn left_over(root: &Path, folder: &str, outputs: &[Output]) -> anyhow::Result<impl Iterator<Item = String>> {
    let mut names = Vec::new();
    if root.join(folder).is_dir() {
        for entry in fs::read_dir(root.join(folder))? {
            names.push(format!("{folder}/{}", entry?.file_name().to_string_lossy()));
        }
    }
    names.sort();
    names.retain(|path| outputs.iter().all(|output| output.path != *path));
    Ok(names.into_iter())
}

fn apply(root: &Path, change: &Change, outputs: &[Output]) -> anyhow::Result<()> {
    let path: PathBuf = root.join(&change.path);
    let Some(output) = outputs.iter().find(|output| output.path == change.path) else {
        return Ok(fs::remove_file(path)?);
    };
    fs::create_dir_all(path.parent().context("an output in no folder")?)?;
    Ok(fs::write(path, &output.text)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder that goes away with the test.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("fivewire-xtask-{name}-{}", std::process::id()));
            fs::create_dir_all(&path).expect("a scratch folder");
            Self(path)
        }

        fn update(&self, outputs: &[Output]) -> Vec<Change> {
            let changes = compare(&self.0, outputs).expect("it can be compared");
            changes
                .iter()
                .for_each(|change| apply(&self.0, change, outputs).expect("it can be written"));
            changes
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            // Nothing depends on it; the next run has another name.
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn output(path: &str, text: &str) -> Output {
        Output {
            path: path.into(),
            text: text.into(),
        }
    }

    #[test]
    fn only_what_differs_is_written_and_what_is_left_over_is_removed() {
        let scratch = Scratch::new("codegen");
        let event = format!("{}/event.rs", GENERATED[0]);
        let first = [output(&event, "one"), output("spec/PROTOCOL.md", "# One")];
        assert_eq!(
            scratch.update(&first).iter().map(|c| c.kind).collect::<Vec<_>>(),
            [Kind::New, Kind::New]
        );
        assert_eq!(scratch.update(&first), []);

        let second = [output("spec/PROTOCOL.md", "# Two")];
        let changed = Change {
            path: "spec/PROTOCOL.md".into(),
            kind: Kind::Changed,
        };
        assert_eq!(
            scratch.update(&second),
            [
                changed,
                Change {
                    path: event.clone(),
                    kind: Kind::Removed
                }
            ]
        );
        assert!(!scratch.0.join(event).exists());
        assert_eq!(
            fs::read_to_string(scratch.0.join("spec/PROTOCOL.md")).expect("written"),
            "# Two"
        );
    }
}
