//! `cargo xtask build`: check → codegen → compile both ends for Linux and the firmware of all boards, one command after an
//! edit of the spec. What it compiles is in `linux` and `images`; the images are made by the program xtask/boards.

use std::{collections::BTreeMap, path::PathBuf, process::Command};

use clap::Args;
use serde_json::{Value, json};

use crate::{
    boards, check,
    codegen::{self, Change},
    failure::{self, Failure},
    images::{self, Board},
    linux,
    size::Size,
    ui,
    workspace::Workspace,
};

/// Check the spec, generate, and compile everything: both ends for Linux, and images of all boards in target/images.
///
/// After an edit of spec/bridge.yaml this is the one command. A handler method that is missing for a new command shows as the
/// compiler's error with its name. A compiler for the boards is found or installed, and it is said which.
#[derive(Args, Default)]
pub(crate) struct Build {
    /// Only these, with commas between: linux, host, bridge, or boards by name (cargo xtask build --only LIST names them).
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    only: Vec<String>,
    #[command(flatten)]
    user: User,
    /// Print one JSON object with what changed, how large everything is, and what failed.
    #[arg(long)]
    json: bool,
}

/// What goes into the slot of a host's image. Changing it compiles nothing.
#[derive(Args, Default)]
pub(crate) struct User {
    /// The user's configuration, instead of fivewire.toml.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The application of a host's image; a name that there is not is answered with those that there are.
    #[arg(long)]
    demo: Option<String>,
    /// From one of its publications to the next.
    #[arg(long, value_name = "MS")]
    interval_ms: Option<u32>,
    /// Quality of service of what it publishes.
    #[arg(long)]
    qos: Option<u8>,
    /// Let the broker retain what it publishes.
    #[arg(long)]
    retain: bool,
    /// End after so many publications.
    #[arg(long, value_name = "N")]
    limit: Option<u32>,
}

impl User {
    /// As the program xtask/boards wants it.
    fn pass(&self, command: &mut Command) {
        boards::path(command, "--config", self.config.as_deref());
        let text = |number: Option<u32>| number.map(|number| number.to_string());
        let options = [
            ("--demo", &self.demo),
            ("--interval-ms", &text(self.interval_ms)),
            ("--qos", &text(self.qos.map(u32::from))),
            ("--limit", &text(self.limit)),
        ];
        boards::options(command, options);
        boards::flags(command, [("--retain", self.retain)]);
    }
}

/// Builds the images of all boards that are built by default, and holds them against their budgets.
pub(crate) fn images(workspace: &Workspace) -> anyhow::Result<()> {
    let build = Build {
        only: ["host", "bridge"].map(str::to_owned).into(),
        ..Build::default()
    };
    build.run(workspace)?;
    let size = Size {
        check: true,
        json: false,
    };
    size.run(workspace)
}

/// What is to be built.
struct Chosen {
    linux: bool,
    boards: Vec<Board>,
}

impl Build {
    /// With `--json` exactly one object is printed, whatever happens, and `ok` says how it ended.
    pub(crate) fn run(&self, workspace: &Workspace) -> anyhow::Result<()> {
        if !self.json {
            return self.for_people(workspace);
        }
        let mut report = json!({"ok": true, "changed": [], "binaries": [], "config": null, "images": null});
        let done = self.as_json(workspace, &mut report);
        if let Err(error) = &done {
            report["ok"] = false.into();
            (report["error"], report["mend"]) = failure::json(error);
        }
        println!("{report:#}");
        done
    }

    fn for_people(&self, workspace: &Workspace) -> anyhow::Result<()> {
        let chosen = choose(images::boards(workspace)?, &self.only)?;
        let changes = codegen::refresh(workspace)?;
        codegen::show(&changes);
        if chosen.linux {
            linux::compile(workspace)?.iter().for_each(linux::show);
        }
        if !chosen.boards.is_empty() {
            boards::run(&mut self.images(workspace, &chosen.boards)?)?;
        }
        ui::next(match (changes.is_empty(), chosen.linux) {
            (true, true) => "cargo xtask sim",
            (false, true) => "cargo xtask sim, then cargo xtask test",
            (_, false) => "cargo xtask flash host, then cargo xtask flash bridge",
        });
        Ok(())
    }

    /// Fills the report as far as it comes.
    fn as_json(&self, workspace: &Workspace, report: &mut Value) -> anyhow::Result<()> {
        let chosen = choose(images::boards(workspace)?, &self.only)?;
        let checked = check::spec(workspace)?;
        if checked.report.has_errors() {
            report["findings"] = check::findings(&checked.report)["findings"].take();
        }
        let changes = codegen::refresh(workspace)?;
        report["changed"] = changes.iter().map(changed).collect();
        if chosen.linux {
            report["binaries"] = linux::json(&linux::compile(workspace)?);
        }
        if !chosen.boards.is_empty() {
            let mut pack = self.images(workspace, &chosen.boards)?;
            let mut packed = boards::answer(pack.arg("--json"))?;
            for key in ["config", "images"] {
                report[key] = packed[key].take();
            }
        }
        Ok(())
    }

    /// Compiles the firmware; returns the command that makes images of it.
    fn images(&self, workspace: &Workspace, boards: &[Board]) -> anyhow::Result<Command> {
        let variables = self.variables(workspace, boards)?;
        let toolchain = images::compiler(workspace, boards)?;
        let elves = images::compile(workspace, &toolchain, boards, &variables)?;
        let mut pack = boards::command(workspace, "pack");
        for (board, elf) in boards.iter().zip(&elves) {
            pack.arg("--elf").arg(images::argument(board, elf));
        }
        pack.args(["--toolchain", &toolchain.to_string()]);
        self.user.pass(&mut pack);
        Ok(pack)
    }

    /// Looks at the user's configuration before any compiler of firmware starts. Returns what it says to that of a bridge.
    fn variables(&self, workspace: &Workspace, boards: &[Board]) -> anyhow::Result<Vec<(String, String)>> {
        let mut command = boards::command(workspace, "settings");
        boards::flags(
            &mut command,
            [("--host", boards.iter().any(|board| board.end == "host"))],
        );
        self.user.pass(&mut command);
        let mut answer = boards::answer(&mut command)?;
        let variables: BTreeMap<String, String> = serde_json::from_value(answer["variables"].take())?;
        Ok(variables.into_iter().collect())
    }
}

fn changed(change: &Change) -> Value {
    json!({"path": change.path, "kind": change.kind.to_string()})
}

/// Nothing given: both ends for Linux, and every board that is built by default.
fn choose(all: Vec<Board>, only: &[String]) -> anyhow::Result<Chosen> {
    let known = |word: &String| {
        ["linux", "host", "bridge"].contains(&word.as_str()) || all.iter().any(|board| board.name == *word)
    };
    if let Some(word) = only.iter().find(|word| !known(word)) {
        let names: Vec<_> = all.iter().map(|board| board.name.as_str()).collect();
        let message = format!("there is no {word} to build");
        let mend = format!(
            "cargo xtask build --only LIST, of linux, host, bridge, {}",
            names.join(", ")
        );
        return Err(Failure::because(message, mend));
    }
    let asked = |word: &str| only.iter().any(|other| other == word);
    let wanted =
        |board: &Board| asked(&board.name) || board.default && (only.is_empty() || asked(&board.end));
    Ok(Chosen {
        linux: only.is_empty() || asked("linux"),
        boards: all.into_iter().filter(wanted).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(only: &[&str]) -> (bool, Vec<String>) {
        let all = [
            ("pico", "host", true),
            ("esp32c3", "bridge", true),
            ("qemu", "bridge", false),
        ];
        let all = all.map(|(name, end, default)| Board::sample(name, end, default));
        let only: Vec<_> = only.iter().map(|word| (*word).to_owned()).collect();
        let chosen = choose(all.into(), &only).expect("they are there");
        (
            chosen.linux,
            chosen.boards.into_iter().map(|board| board.name).collect(),
        )
    }

    #[test]
    fn words_choose_ends_and_names_choose_boards() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(chosen(&[]), (true, names(&["pico", "esp32c3"])));
        assert_eq!(chosen(&["host"]), (false, names(&["pico"])));
        assert_eq!(chosen(&["bridge"]), (false, names(&["esp32c3"])));
        assert_eq!(chosen(&["linux", "qemu"]), (true, names(&["qemu"])));
    }

    #[test]
    fn an_unknown_word_is_answered_with_the_known_ones() {
        let error = choose(vec![Board::sample("pico", "host", true)], &["pica".to_owned()]);
        let error = error.err().expect("there is no pica");
        let mend = error.downcast_ref::<Failure>().expect("a Failure").mend();
        assert!(mend.ends_with("linux, host, bridge, pico"), "{mend}");
    }
}
