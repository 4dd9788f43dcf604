//! `cargo xtask soak`: the delivery contract over real processes at volume. A host process, `fivewire-bridge`, mosquitto, a
//! proxy between bridge and broker that reads along, and a second client that says what arrived.
//!
//! Not here: faults of the wires and of Wi-Fi, which the simulator has (runtime/sim), and small cases, which the tests of
//! both programs have.

mod contract;
mod flood;
mod host;
mod judge;
mod peer;
mod process;
mod proxy;
mod rig;
mod volley;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use serde::Serialize;

/// Hold the delivery contract over real processes at volume.
///
/// Without arguments a short run of both kinds. Exit codes: 0 the contract held, 1 it did not, or nothing ran.
#[derive(Parser)]
#[command(
    name = "cargo xtask soak",
    bin_name = "cargo xtask soak",
    max_term_width = 100
)]
struct Arguments {
    /// Publications, on four topics.
    #[arg(long, value_name = "N")]
    publishes: Option<u32>,
    /// How often the broker is stopped and started again meanwhile; it keeps its sessions.
    #[arg(long, value_name = "N", default_value_t = 1)]
    broker_restarts: u32,
    /// How often the bridge is killed (as by kill -9) meanwhile.
    #[arg(long, value_name = "N", default_value_t = 1)]
    bridge_kills: u32,
    /// Quality of service of the publications.
    #[arg(long, value_name = "QOS", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=2))]
    qos: u8,
    /// Messages that wait at the broker during an outage, and again as many retained ones.
    #[arg(long, value_name = "N")]
    flood: Option<u32>,
    /// Microseconds that the application takes for a message of the flood.
    #[arg(long, value_name = "US", default_value_t = 500)]
    slow_us: u64,
    /// Decides the moments of the faults.
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    /// The program `fivewire-bridge`.
    #[arg(
        long,
        value_name = "PROGRAM",
        hide = true,
        default_value = "target/release/fivewire-bridge"
    )]
    bridge: PathBuf,
    #[command(subcommand)]
    role: Option<Role>,
}

#[derive(Subcommand)]
enum Role {
    /// Be the host process; lines on standard output say what happens.
    #[command(hide = true)]
    Host(host::Orders),
}

/// What the short run does.
const SHORT: (u32, u32) = (2_000, 500);

/// Everything that was asked for.
#[derive(Serialize)]
struct Outcome {
    publishes: Option<volley::Summary>,
    flood: Option<flood::Summary>,
    breaches: Vec<String>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match &arguments.role {
        Some(Role::Host(orders)) => host::run(orders).map(|()| true),
        None => run(&arguments),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// True when the contract held.
fn run(arguments: &Arguments) -> anyhow::Result<bool> {
    let (publishes, flood) = match (arguments.publishes, arguments.flood) {
        (None, None) => (Some(SHORT.0), Some(SHORT.1)),
        chosen => chosen,
    };
    let mut breaches = Vec::new();
    let publishes = publishes
        .map(|publishes| {
            let plan = volley::Plan {
                publishes,
                qos: arguments.qos,
                restarts: arguments.broker_restarts,
                kills: arguments.bridge_kills,
                seed: arguments.seed,
            };
            volley::run(&arguments.bridge, &plan, &mut breaches)
        })
        .transpose()?;
    let flood = flood
        .map(|count| flood::run(&arguments.bridge, count, arguments.slow_us, &mut breaches))
        .transpose()?;
    let outcome = Outcome {
        publishes,
        flood,
        breaches,
    };
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&outcome)?);
    }
    outcome
        .breaches
        .iter()
        .take(20)
        .for_each(|breach| eprintln!("BREACH {breach}"));
    eprintln!("breaches: {}", outcome.breaches.len());
    Ok(outcome.breaches.is_empty())
}
