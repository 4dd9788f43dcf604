//! `cargo xtask flash`: the image of a board onto the board, by the program xtask/boards.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::{boards, workspace::Workspace};

/// Flash a board with its image: find it, say what will be done, do it, verify it.
///
/// An image that cannot talk to the other end's image in target/images is refused, and the commands that differ are named.
#[derive(Args)]
pub(crate) struct Flash {
    /// Which end's firmware.
    end: End,
    /// Board; without it, the one that is plugged in, or the usual one of that end.
    #[arg(long)]
    board: Option<String>,
    /// Serial port, where the board is not found by itself.
    #[arg(long, value_name = "PORT")]
    port: Option<String>,
    /// Copy the UF2 file into this folder, where the boot loader's drive is mounted.
    #[arg(long, value_name = "DIR", conflicts_with = "port")]
    to: Option<PathBuf>,
    /// Only print the calls that would be made.
    #[arg(long)]
    dry_run: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum End {
    /// The microcontroller without a network.
    Host,
    /// The Wi-Fi board.
    Bridge,
}

impl Flash {
    pub(crate) fn run(&self, workspace: &Workspace) -> anyhow::Result<()> {
        let mut command = boards::command(workspace, "flash");
        command.arg(match self.end {
            End::Host => "host",
            End::Bridge => "bridge",
        });
        let options = [("--board", &self.board), ("--port", &self.port)];
        boards::options(&mut command, options);
        boards::path(&mut command, "--to", self.to.as_deref());
        boards::flags(&mut command, [("--dry-run", self.dry_run), ("--json", self.json)]);
        boards::run(&mut command)
    }
}
