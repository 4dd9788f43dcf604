//! `cargo xtask size`: the images of target/images against the budgets of their boards, by the program xtask/boards.

use clap::Args;

use crate::{boards, workspace::Workspace};

/// Show how much memory the images in target/images take, and of their boards' budgets.
#[derive(Args)]
pub(crate) struct Size {
    /// Fail when an image is larger than its budget, or the image of a board that is built by default is missing.
    #[arg(long)]
    pub(crate) check: bool,
    /// Print one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

impl Size {
    pub(crate) fn run(&self, workspace: &Workspace) -> anyhow::Result<()> {
        let mut command = boards::command(workspace, "size");
        boards::flags(&mut command, [("--check", self.check), ("--json", self.json)]);
        boards::run(&mut command)
    }
}
