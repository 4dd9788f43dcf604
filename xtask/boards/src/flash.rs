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
            println!("{:#}", done.as_ref().map_or_else(failed, Clone::clone));
        }
        done.map(drop)
    }

    fn plan(&self, root: &Path, machine: &Machine) -> anyhow::Result<Plan> {
        let boards = board::all(root)?;
        let board = self.choose(&boards, machine)?.clone();
        let image = image_of(root, &board)?;
        can_talk(root, &boards, &image)?;
        let way = match (&self.to, &self.port) {
            (Some(folder), _) => Way::to_drive(&board, folder)?,
            (None, Some(port)) => Way::to_port(&board, port)?,
            (None, None) => Way::found(&board, machine)
                .with_context(|| format!("{} is flashed by nothing: it runs in an emulator", board.name))?,
        };
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
        let plugged = usual
            .iter()
            .find(|board| Way::found(board, machine).is_some_and(|way| way.place.is_some()));
        match plugged.or(usual.first()) {
            Some(board) => Ok(board),
            None => bail!("there is no {} that can be flashed", end.word()),
        }
    }

    fn follow(&self, root: &Path, plan: &Plan) -> anyhow::Result<Value> {
        let Plan { board, image, way } = plan;
        let calls = way.calls(board, image);
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

fn failed(error: &anyhow::Error) -> Value {
    json!({"ok": false, "error": format!("{error:#}"), "mend": ui::mend(error)})
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

/// Refuses an image that cannot talk to one of the other end's that lie beside it and can be flashed.
fn can_talk(root: &Path, boards: &[Board], image: &Manifest) -> anyhow::Result<()> {
    let others = boards
        .iter()
        .filter(|board| board.is.end != image.end && !board.is.tools.is_empty());
    for other in others {
        let Some(other) = Manifest::read(root, &other.name)? else {
            continue;
        };
        if let Some(conflict) = pair::conflict(image, &other) {
            let mend = format!(
                "cargo xtask build --only {},{}, then flash both",
                image.board, other.board
            );
            return Err(Failure::because(format!("nothing was flashed: {conflict}"), mend));
        }
    }
    Ok(())
}
