//! `cargo xtask`: everything that is done with this repository, one file per command.
//!
//! It compiles soon, because each command waits for it: the protocol compiler, an argument parser and little
//! else. What needs the runtime crates or a broker (`sim`, `bench`) is a program of its own below xtask/.

mod bench;
mod bless;
mod boards;
mod build;
mod check;
mod codegen;
mod conformance;
mod emu;
mod failure;
mod flash;
mod fuzz;
mod images;
mod lint;
mod linux;
mod monitor;
mod packages;
mod program;
mod sim;
mod size;
mod sizes;
mod soak;
mod test;
mod tidy;
mod toolchain;
mod ui;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use workspace::Workspace;

/// Build, check, run, test and measure fivewire.
///
/// Exit codes: 0 done, 1 findings or a failure (the last line names the command that mends it), 2 wrong usage.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", max_term_width = 100, after_help = START)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const START: &str = "\
Start here:
  cargo xtask sim      see it work, no hardware needed
  cargo xtask build    after an edit of spec/bridge.yaml
  cargo xtask test     before a commit";

#[derive(Subcommand)]
enum Command {
    Build(build::Build),
    Sim(sim::Sim),
    Test(test::Test),
    Check(check::Check),
    Explain(check::Explain),
    Codegen(codegen::Codegen),
    Lint(lint::Lint),
    Tidy(tidy::Tidy),
    Bless(bless::Bless),
    Bench(bench::Bench),
    Fuzz(fuzz::Fuzz),
    Soak(soak::Soak),
    Emu(emu::Emu),
    Conformance(conformance::Conformance),
    Flash(flash::Flash),
    Monitor(monitor::Monitor),
    Size(size::Size),
}

impl Command {
    fn run(&self, workspace: &Workspace) -> anyhow::Result<()> {
        match self {
            Self::Build(command) => command.run(workspace),
            Self::Sim(command) => command.run(workspace),
            Self::Test(command) => command.run(workspace),
            Self::Check(command) => command.run(workspace),
            Self::Explain(command) => command.run(),
            Self::Codegen(command) => command.run(workspace),
            Self::Lint(command) => command.run(workspace),
            Self::Tidy(command) => command.run(workspace),
            Self::Bless(command) => command.run(workspace),
            Self::Bench(command) => command.run(workspace),
            Self::Fuzz(command) => command.run(workspace),
            Self::Soak(command) => command.run(workspace),
            Self::Emu(command) => command.run(workspace),
            Self::Conformance(command) => command.run(workspace),
            Self::Flash(command) => command.run(workspace),
            Self::Monitor(command) => command.run(workspace),
            Self::Size(command) => command.run(workspace),
        }
    }
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match Workspace::find().and_then(|workspace| cli.command.run(&workspace)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            ui::failure(&error, "cargo xtask --help");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Cli::command().debug_assert();
    }
}
