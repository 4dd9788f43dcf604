//! `cargo xtask emu`: the Pico's image, as it would be flashed, in an emulated RP2040 (in this process), at five wires to a
//! bridge (a Linux process, or riscv32imc machine code in QEMU), which talks to a real broker.
//!
//! Not here: faults of the wires (runtime/sim), volume (xtask/soak), cycles of two ends that wait for nobody (xtask/bench).

mod bridge;
mod cable;
mod chip;
mod edges;
mod faults;
mod image;
mod judge;
mod lamp;
mod life;
mod pace;
mod run;
mod summary;
mod tally;
mod trace;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::{Parser, ValueEnum};

use crate::bridge::Kind;
use crate::faults::Fault;
use crate::run::Orders;
use crate::trace::{Detail, Trace};

/// Run the Pico's machine code in an emulator against a bridge and a real broker.
///
/// The firmware publishes a count with QoS 1, an independent client of the broker says what arrived, and another one orders
/// the LED on and off. Exit codes: 0 nothing was lost and the LED followed, 1 it was not so, or nothing ran.
#[derive(Parser)]
#[command(
    name = "cargo xtask emu",
    bin_name = "cargo xtask emu",
    max_term_width = 100,
    after_help = MEASURED
)]
struct Arguments {
    /// The bridge: a process of this computer, or machine code in QEMU.
    #[arg(long, value_enum, default_value_t = Which::Linux)]
    bridge: Which,
    /// How long to publish, on the wall; bringing up and draining come on top.
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600))]
    seconds: u64,
    /// From one publication to the next, in the chip's time.
    #[arg(long, value_name = "MS", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=60_000))]
    interval_ms: u32,
    /// What goes wrong meanwhile; may be given more than once.
    #[arg(long, value_enum, value_name = "FAULT")]
    fault: Vec<Fault>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    /// Show each line of the firmware's log and of the bridge's.
    #[arg(long)]
    verbose: bool,
    /// The host's image, an ELF file.
    #[arg(long, value_name = "ELF", hide = true, required_unless_present = "only_parse")]
    pico: Option<PathBuf>,
    /// The bridge: the program `fivewire-bridge`, or the image for QEMU.
    #[arg(
        long,
        value_name = "FILE",
        hide = true,
        required_unless_present = "only_parse"
    )]
    bridge_program: Option<PathBuf>,
    /// Look at the arguments and end: xtask does so before it compiles the images.
    #[arg(long, hide = true)]
    only_parse: bool,
}

const MEASURED: &str = "\
cycles_per_symbol is the median of the chip's cycles from an edge of its clock to the eighth after it, of those within a
burst (1000 cycles at most between two) that the bridge answered within 80 cycles each, before the firmware looked for it: so
it is what the host's code takes with a bridge that answers at once; null where it never did, as when both share a busy core.
symbols_per_second_at_125MHz is 125,000,000 divided by it. Both ends emulated, cycle by cycle: cargo xtask bench link. The
chip's time runs slower than the clock on the wall while it works (mcycles_per_second against 125), and never faster.";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Which {
    /// fivewire-bridge.
    Linux,
    /// bridge-fw/qemu in qemu-system-riscv32.
    Qemu,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if arguments.only_parse {
        return ExitCode::SUCCESS;
    }
    match start(arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// True when all went well.
fn start(arguments: Arguments) -> anyhow::Result<bool> {
    let detail = match (arguments.verbose, arguments.json) {
        (true, _) => Detail::Everything,
        (false, true) => Detail::Nothing,
        (false, false) => Detail::Changes,
    };
    let program = arguments.bridge_program.unwrap_or_default();
    let kind = match arguments.bridge {
        Which::Linux => Kind::Linux { program },
        Which::Qemu => Kind::Qemu { image: program },
    };
    let pico = arguments.pico.unwrap_or_default();
    let orders = Orders {
        elf: std::fs::read(&pico).with_context(|| format!("cannot read {}", pico.display()))?,
        kind,
        publishing: Duration::from_secs(arguments.seconds),
        interval_ms: arguments.interval_ms,
        faults: arguments.fault,
    };
    let summary = run::run(&orders, &Trace::new(detail))?;
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&summary)?);
    } else {
        println!("{summary}");
    }
    Ok(summary.is_good())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_judged_without_the_images_and_a_run_wants_them() {
        let parsed = |words: &[&str]| Arguments::try_parse_from([&["emu"], words].concat());
        assert!(parsed(&["--only-parse", "--seconds", "6", "--fault", "bridge-crash"]).is_ok());
        assert!(parsed(&["--only-parse", "--second", "6"]).is_err());
        assert!(parsed(&["--seconds", "6"]).is_err());
    }
}
