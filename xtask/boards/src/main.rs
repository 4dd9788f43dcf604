//! The program that xtask starts for images and boards. Its command line is xtask's, not a person's.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use fivewire_xtask_boards::{flash, monitor, pack, sizes, ui};

/// Images and boards, for cargo xtask build, flash, monitor and size.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", max_term_width = 100)]
struct Arguments {
    /// The repository.
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Settings(pack::Ask),
    Pack(pack::Pack),
    Flash(flash::Flash),
    Monitor(monitor::Monitor),
    Size(sizes::Size),
}

fn main() -> ExitCode {
    let Arguments { root, command } = Arguments::parse();
    let ended = match command {
        Command::Settings(ask) => ask.run(&root),
        Command::Pack(pack) => pack.run(&root),
        Command::Flash(flash) => flash.run(&root),
        Command::Monitor(monitor) => monitor.run(&root),
        Command::Size(size) => size.run(&root),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            ui::failure(&error);
            ExitCode::FAILURE
        }
    }
}
