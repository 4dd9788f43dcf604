//! `cargo xtask monitor`: the log of a board as lines, by the program xtask/boards.

use std::path::PathBuf;

use clap::Args;

use crate::{boards, workspace::Workspace};

/// Show the log of a board: its messages by the image in target/images, and plain text as it is.
#[derive(Args)]
pub(crate) struct Monitor {
    /// Serial port; without it, the one port that may be a board's.
    #[arg(long, value_name = "PORT")]
    port: Option<String>,
    /// Which board's image it is that logs; without it, the one whose USB ids the port has.
    #[arg(long)]
    board: Option<String>,
    /// Read this file instead of a port; - is standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "port")]
    file: Option<PathBuf>,
    /// Symbols a second on the port; without it, 115200.
    #[arg(long, value_name = "BAUD")]
    baud: Option<u32>,
    /// Print one JSON object a line.
    #[arg(long)]
    json: bool,
}

impl Monitor {
    pub(crate) fn run(&self, workspace: &Workspace) -> anyhow::Result<()> {
        let mut command = boards::command(workspace, "monitor");
        let baud = self.baud.map(|baud| baud.to_string());
        let options = [
            ("--port", &self.port),
            ("--board", &self.board),
            ("--baud", &baud),
        ];
        boards::options(&mut command, options);
        match &self.file {
            Some(file) if file.as_os_str() == "-" => _ = command.args(["--file", "-"]),
            file => boards::path(&mut command, "--file", file.as_deref()),
        }
        boards::flags(&mut command, [("--json", self.json)]);
        boards::run(&mut command)
    }
}
