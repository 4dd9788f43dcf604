//! The program that xtask starts for images and boards. Its command line is xtask's, not a person's.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use fivewire_xtask_boards::{flash, monitor, pack, sizes, ui};
use serde_json::json;

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
    /// Check the user's configuration, and print the variables for the compiler of a bridge as JSON.
    Settings(pack::User),
    Pack(pack::Pack),
    Flash(flash::Flash),
    Monitor(monitor::Monitor),
    Size(sizes::Size),
}

fn main() -> ExitCode {
    let Arguments { root, command } = Arguments::parse();
    let ended = match command {
        Command::Settings(user) => user.file(&root).map(|file| {
            let variables: serde_json::Map<_, _> = file
                .variables()
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.into()))
                .collect();
            println!("{}", json!({"config": file.name(), "variables": variables}));
        }),
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
