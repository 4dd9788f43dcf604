//! The measuring program behind `cargo xtask bench`. Each section returns figures; `report` prints them.
//!
//! Separate from xtask, because it is compiled with everything that it measures, and optimised. It judges
//! nothing: an aim that is missed is printed as missed, and the exit code stays 0.

mod callgrind;
mod codegen;
mod contestant;
mod corpus;
mod fivewire;
mod link;
mod postcard;
mod report;
mod wire;

use clap::{Parser, Subcommand, ValueEnum};

use contestant::Operation;

/// Measure bytes, instructions and speeds.
#[derive(Parser)]
#[command(args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// What to measure; without it, everything.
    sections: Vec<Section>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Only repeat an operation, for an instruction counter.
    #[command(hide = true)]
    Count {
        codec: String,
        operation: Operation,
        passes: usize,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum Section {
    /// Bytes and instructions per message.
    Wire,
    /// Bits per second through two ends.
    Link,
    /// Check and emit of a large spec.
    Codegen,
}

impl Section {
    fn measure(self) -> anyhow::Result<report::Section> {
        match self {
            Self::Wire => wire::measure(),
            Self::Link => link::measure(),
            Self::Codegen => codegen::measure(),
        }
    }
}

fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    if let Some(Command::Count {
        codec,
        operation,
        passes,
    }) = cli.command
    {
        return wire::repeat(&codec, operation, passes);
    }
    let all = Section::value_variants();
    let chosen = if cli.sections.is_empty() {
        all
    } else {
        &cli.sections
    };
    let mut sections = Vec::new();
    for section in chosen {
        let measured = section.measure()?;
        if !cli.json {
            print!("{measured}");
        }
        sections.push(measured);
    }
    if cli.json {
        println!("{:#}", report::json(&sections));
    }
    Ok(())
}
