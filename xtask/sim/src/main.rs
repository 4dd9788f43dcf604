//! `cargo xtask sim`: a broker, a bridge and a host in one process, joined by five simulated wires, while faults
//! strike. Everything but the wires is what runs in the two separate programs. It is not the deterministic
//! simulator of the tests (runtime/sim): this one runs in real time, for people. With `--text-seeds` it runs that
//! one, before a stock MicroPython bridge.

mod args;
mod bridge;
mod broker;
mod faults;
mod flip;
mod host;
mod observer;
mod show;
mod summary;
mod text;
mod trace;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let args = args::Args::parse();
    if let Some(seeds) = args.text_seeds {
        return text::run(args.seed, seeds, args.json);
    }
    match show::run(&args) {
        Ok(summary) if summary.lost == 0 && summary.delivered > 0 => ExitCode::SUCCESS,
        Ok(summary) => {
            eprintln!(
                "error: {} of {} publications were lost; run again with --seed {} to see the same faults",
                summary.lost, summary.published, args.seed
            );
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
