//! `flash`: the image of a board onto the board. First it looks whether the other end's image can talk to it, then for the
//! board; it says what it will do, does it, and verifies as far as the way allows.

mod drive;
mod serial;
mod way;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use serde_json::{Value, json};

use crate::board::{self, Board, End};
use crate::machine::Machine;
use crate::manifest::Manifest;
use crate::pair;
use crate::ui::{self, Failure};
use way::Way;

/// Flash an image of target/images.
#[derive(Args)]
pub struct Flash {
    /// Which end's firmware.
    end: End,
    /// Board; without it, the one that is plugged in, or the usual one of that end.
    #[arg(long)]
    board: Option<String>,
    /// Serial port.
    #[arg(long, value_name = "PORT")]
    port: Option<String>,
    /// Copy the UF2 file into this folder, where the boot loader's drive is mounted.
    #[arg(long, value_name = "DIR", conflicts_with = "port")]
    to: Option<PathBuf>,
    /// Only print the calls.
    #[arg(long)]
    dry_run: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// A board, its image and how the one comes onto the other.
struct Plan {
    board: Board,
    image: Manifest,
    way: Way,
}

impl Flash {
    /// Flashes.
    ///
    /// # Errors
    /// There is no image, it cannot talk to the other end's, no board is found, a tool is missing or fails.
    pub fn run(&self, root: &Path) -> anyhow::Result<()> {
        let done = self
            .plan(root, &Machine::look())
            .and_then(|plan| self.follow(root, &plan));
        if self.json {
            println!("{:#}", done.as_ref().map_or_else(ui::failed, Clone::clone));
        }
        done.map(drop)
    }

    fn plan(&self, root: &Path, machine: &Machine) -> anyhow::Result<Plan> {
        let boards = board::all(root)?;
        let board = self.choose(&boards, machine)?.clone();
        let image = image_of(root, &board)?;
        can_talk(root, &boards, &image)?;
        let way = self.way(&board, machine)?;
        Ok(Plan { board, image, way })
    }

    /// The board of that name; else one that is plugged in; else the first that is built by default.
    fn choose<'b>(&self, boards: &'b [Board], machine: &Machine) -> anyhow::Result<&'b Board> {
        let end = self.end;
        if let Some(name) = &self.board {
            let board = board::named(boards, name)?;
            if board.is.end != end {
                bail!(
                    "{name} is the other end's board: cargo xtask flash {}",
                    end.other().word()
                );
            }
            return Ok(board);
        }
        let flashable = |board: &&Board| board.is.end == end && !board.is.tools.is_empty();
        let mut usual: Vec<_> = boards.iter().filter(flashable).collect();
        usual.sort_by_key(|board| !board.is.default);
        // Where the user says the way, a board that has it; where none has, the usual one's error says why.
        let fits = |board: &&&Board| self.way(board, machine).is_ok();
        let fitting: Vec<_> = usual.iter().filter(fits).copied().collect();
        if !fitting.is_empty() {
            usual = fitting;
        }
        let plugged = usual
            .iter()
            .find(|board| Way::found(board, machine).is_some_and(|way| way.is_seen()));
        match plugged.or(usual.first()) {
            Some(board) => Ok(board),
            None => bail!("there is no {} that can be flashed", end.word()),
        }
    }

    /// How that board is flashed as the user wants it.
    fn way(&self, board: &Board, machine: &Machine) -> anyhow::Result<Way> {
        match (&self.to, &self.port) {
            (Some(folder), _) => Way::to_drive(board, folder),
            (None, Some(port)) => Way::to_port(board, port),
            (None, None) => Way::found(board, machine)
                .with_context(|| format!("{} is flashed by nothing: it runs in an emulator", board.name)),
        }
    }

    fn follow(&self, root: &Path, plan: &Plan) -> anyhow::Result<Value> {
        let Plan { board, image, way } = plan;
        let calls = way.calls(root, board, image);
        if !self.json {
            anstream::println!("{} {}", ui::paint(ui::BOLD, "board:"), board.is.about);
            anstream::println!("{} {}", ui::paint(ui::BOLD, "image:"), way.file(image));
            let word = if self.dry_run { "would do:" } else { "to do:" };
            calls
                .iter()
                .for_each(|call| anstream::println!("{} {call}", ui::paint(ui::BOLD, word)));
        }
        let verified = if self.dry_run {
            None
        } else {
            Some(way.follow(root, board, image)?)
        };
        if let (Some(verified), false) = (&verified, self.json) {
            anstream::println!("{} {verified}", ui::paint(ui::GOOD, "done:"));
        }
        Ok(json!({
            "ok": true,
            "board": board.name,
            "wire_hash": format!("{:#010x}", image.wire_hash),
            "file": way.file(image),
            "place": way.place,
            "calls": calls,
            "dry_run": self.dry_run,
            "verified": verified,
        }))
    }
}

fn image_of(root: &Path, board: &Board) -> anyhow::Result<Manifest> {
    let build = format!("cargo xtask build --only {}", board.name);
    match Manifest::read(root, &board.name) {
        Ok(Some(image)) => Ok(image),
        Ok(None) => Err(Failure::because(
            format!("there is no image for {}", board.name),
            build,
        )),
        Err(error) => Err(Failure::because(format!("{error:#}"), build)),
    }
}

/// Refuses an image that can talk to none of the other end's that lie beside it and can be flashed. One that cannot may be
/// of a board that nobody has built since.
fn can_talk(root: &Path, boards: &[Board], image: &Manifest) -> anyhow::Result<()> {
    let others = boards
        .iter()
        .filter(|board| board.is.end != image.end && !board.is.tools.is_empty());
    let read = others.filter_map(|other| Manifest::read(root, &other.name).transpose());
    let Some((conflict, other)) = refusal(image, &read.collect::<anyhow::Result<Vec<_>>>()?) else {
        return Ok(());
    };
    let mend = format!(
        "cargo xtask build --only {},{other}, then flash both",
        image.board
    );
    Err(Failure::because(format!("nothing was flashed: {conflict}"), mend))
}

/// Why an image can talk to none of these, and the first of them; none where it can, or where there are none.
fn refusal(image: &Manifest, others: &[Manifest]) -> Option<(String, String)> {
    let refused: Option<Vec<_>> = others
        .iter()
        .map(|other| Some((pair::conflict(image, other)?, other.board.clone())))
        .collect();
    refused?.into_iter().next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::tests::{esp32c3, pico, pyboard};
    use crate::manifest::tests::manifest;

    #[test]
    fn an_old_image_of_another_board_is_no_reason_to_refuse() {
        let host = manifest("pico", End::Host);
        let good = manifest("esp32c3", End::Bridge);
        let stale = Manifest {
            wire_hash: !good.wire_hash,
            revision: 9,
            min_revision: 9,
            ..manifest("esp32c6", End::Bridge)
        };
        assert_eq!(refusal(&host, &[]), None);
        assert_eq!(refusal(&host, &[stale.clone(), good]), None);
        let (conflict, board) = refusal(&host, &[stale]).unwrap();
        assert!(conflict.starts_with("pico and esp32c6 cannot talk"), "{conflict}");
        assert_eq!(board, "esp32c6");
    }

    #[test]
    fn the_way_that_is_named_chooses_the_board() {
        let mut with_port = esp32c3();
        with_port.is.end = End::Host;
        let boards = [pico(), pyboard(), with_port];
        let flash = |to: Option<&Path>, port: Option<&str>| Flash {
            end: End::Host,
            board: None,
            port: port.map(str::to_owned),
            to: to.map(Path::to_owned),
            dry_run: true,
            json: false,
        };
        let chosen = |flash: Flash| flash.choose(&boards, &Machine::default()).unwrap().name.clone();
        assert_eq!(
            chosen(flash(None, None)),
            "pico",
            "nobody knows whether a Pyboard is there"
        );
        assert_eq!(chosen(flash(None, Some("/dev/ttyACM0"))), "esp32c3");
        assert_eq!(chosen(flash(Some(&std::env::temp_dir()), None)), "pico");
    }
}
