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
mod machine;
mod mqtt;
mod postcard;
mod report;
mod size;
mod wire;

use std::process::ExitCode;

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
    #[command(flatten)]
    link: link::Options,
    #[command(flatten)]
    mqtt: mqtt::Options,
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
    /// Only do a contestant's job, and report.
    #[command(hide = true)]
    Contest {
        contestant: mqtt::Contestant,
        #[command(flatten)]
        job: mqtt::Job,
    },
}

impl Command {
    fn run(&self) -> anyhow::Result<()> {
        match self {
            Self::Count {
                codec,
                operation,
                passes,
            } => wire::repeat(codec, *operation, *passes),
            Self::Contest { contestant, job } => mqtt::contest(*contestant, job),
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum Section {
    /// Bytes and instructions per message.
    Wire,
    /// Bits per second through two ends, and cycles of two emulated ones.
    Link,
    /// Check and emit of a large spec.
    Codegen,
    /// Publishing to a real broker, against other clients.
    Mqtt,
}

impl Section {
    fn measure(self, cli: &Cli) -> anyhow::Result<report::Section> {
        match self {
            Self::Wire => wire::measure(),
            Self::Link => link::measure(&cli.link),
            Self::Codegen => codegen::measure(),
            Self::Mqtt => mqtt::measure(&cli.mqtt),
        }
    }
}

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // In a line, without the backtrace that an environment may ask for.
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> anyhow::Result<()> {
    if let Some(command) = &cli.command {
        return command.run();
    }
    let all = Section::value_variants();
    let chosen = if cli.sections.is_empty() {
        all
    } else {
        &cli.sections
    };
    let mut sections = Vec::new();
    for section in chosen {
        let measured = section.measure(cli)?;
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
