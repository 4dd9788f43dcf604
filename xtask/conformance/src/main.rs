//! `cargo xtask conformance`: plays scripted MQTT broker sequences against the product's client, and counts how many it
//! survives correctly: the MQTT client by itself, or the whole chain from the host's interface on. The same program, with `client`, is the client process; other players can start it too.
//!
//! The sequences are not part of the product: `--dir` says where they are. Not here: sequences of our own; those are
//! the tests of runtime/mqtt.

mod argued;
mod client;
mod notation;
mod player;
mod sequence;
mod verdict;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Play scripted MQTT broker sequences against the client, and count what it gets right.
///
/// Exit codes: 0 everything passed or is argued, 1 something failed or the client died, 2 wrong usage.
#[derive(Parser)]
#[command(name = "cargo xtask conformance")]
struct Arguments {
    /// Folder of the sequences, *.json.
    #[arg(long, default_value = "../shared/conformance/sequences")]
    dir: PathBuf,
    /// Only this version: 4 is MQTT 3.1.1, 5 is MQTT 5.0.
    #[arg(long, value_parser = clap::value_parser!(u8).range(4..=5))]
    version: Option<u8>,
    /// Only sequences whose name contains this.
    #[arg(long, default_value = "")]
    filter: String,
    /// Print one JSON object per version.
    #[arg(long)]
    json: bool,
    /// Name each sequence that passed, too.
    #[arg(short, long)]
    verbose: bool,
    /// Through the whole chain: commands at the host's interface, over simulated wires, through the bridge.
    #[arg(long)]
    chain: bool,
    /// Print the command line of the client process, and do nothing else.
    #[arg(long)]
    print_client: bool,
    #[command(subcommand)]
    role: Option<Role>,
}

#[derive(Subcommand)]
enum Role {
    /// Be the client process: one line of orders on stdin for each sequence.
    Client {
        /// Through the whole chain.
        #[arg(long)]
        chain: bool,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// True when nothing failed.
fn run(arguments: &Arguments) -> anyhow::Result<bool> {
    if let Some(Role::Client { chain }) = arguments.role {
        client::serve(way(chain))?;
        return Ok(true);
    }
    let (program, way) = (std::env::current_exe()?, way(arguments.chain));
    if arguments.print_client {
        println!("{} {}", program.display(), way.arguments().join(" "));
        return Ok(true);
    }
    let versions = arguments.version.map_or(vec![4, 5], |version| vec![version]);
    let mut good = true;
    for version in versions {
        let sequences = sequence::load(&arguments.dir, version, &arguments.filter)?;
        let tally = player::play_all((&program, way), &sequences, arguments.verbose)?;
        tally.print(version, arguments.json);
        good &= tally.is_good();
    }
    Ok(good)
}

fn way(chain: bool) -> client::Way {
    if chain {
        client::Way::Chain
    } else {
        client::Way::Direct
    }
}
