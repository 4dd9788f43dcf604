//! The command line of the demonstration.

use std::net::{SocketAddr, ToSocketAddrs};
use std::str::FromStr;

use clap::Parser;

/// Runs a broker, a bridge and a host over five simulated wires in this one process, and shows what happens.
///
/// The host publishes a growing count with QoS 1; every publication must end in a receipt. Faults strike
/// evenly spread over the run. The exit code is 0 when nothing was lost.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask sim", version)]
pub(crate) struct Args {
    /// How long to publish, in seconds; then everything outstanding is waited for.
    #[arg(long, value_name = "N", default_value_t = 15.0, value_parser = seconds)]
    pub(crate) seconds: f64,

    /// Pause between two publications, in milliseconds.
    #[arg(long, value_name = "MS", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=60_000))]
    pub(crate) interval: u32,

    /// Use this broker instead of the embedded one.
    #[arg(long, value_name = "HOST:PORT", value_parser = address)]
    pub(crate) broker: Option<SocketAddr>,

    /// Strike with a fault; may be given several times: bridge-crash, wifi-drop, broker-restart, bit-flip@N
    /// (the Nth bit on the wires is inverted).
    #[arg(long = "fault", value_name = "FAULT")]
    pub(crate) faults: Vec<Fault>,

    /// Seed of everything random: when faults strike, back-off jitter. The same seed strikes at the same times.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,

    /// Instead of all that: so many seeded runs of the host before a stock MicroPython bridge, in virtual time, as fast as
    /// it goes, beginning with --seed.
    #[arg(long, value_name = "N", conflicts_with_all = ["seconds", "interval", "broker", "faults", "verbose"])]
    pub(crate) text_seeds: Option<u32>,

    /// Print one JSON object a line, the summary last.
    #[arg(long)]
    pub(crate) json: bool,

    /// Print every status, message and receipt.
    #[arg(long)]
    pub(crate) verbose: bool,
}

/// Something that goes wrong on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The bridge loses its memory and starts afresh.
    BridgeCrash,
    /// The access point vanishes for two seconds.
    WifiDrop,
    /// The embedded broker stops for a second.
    BrokerRestart,
    /// The bit with this number, counted from the start over both directions, is inverted.
    BitFlip(u64),
}

impl FromStr for Fault {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "bridge-crash" => Ok(Self::BridgeCrash),
            "wifi-drop" => Ok(Self::WifiDrop),
            "broker-restart" => Ok(Self::BrokerRestart),
            _ => bit_flip(text).ok_or_else(|| {
                format!("unknown fault `{text}`: use bridge-crash, wifi-drop, broker-restart or bit-flip@N")
            }),
        }
    }
}

fn bit_flip(text: &str) -> Option<Fault> {
    text.strip_prefix("bit-flip@")?.parse().ok().map(Fault::BitFlip)
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if (0.5..=86_400.0).contains(&seconds) => Ok(seconds),
        _ => Err(format!("`{text}` is not a number of seconds from 0.5 to 86400")),
    }
}

fn address(text: &str) -> Result<SocketAddr, String> {
    let help = "give it as HOST:PORT, for example 127.0.0.1:1883";
    let mut found = text
        .to_socket_addrs()
        .map_err(|error| format!("{error}; {help}"))?;
    found
        .next()
        .ok_or_else(|| format!("`{text}` has no address; {help}"))
}

#[cfg(test)]
mod tests {
    use super::{Args, Fault};
    use clap::{CommandFactory, Parser};

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn faults_are_read() {
        let args = Args::parse_from(["sim", "--fault", "bridge-crash", "--fault", "bit-flip@77"]);
        assert_eq!(args.faults, [Fault::BridgeCrash, Fault::BitFlip(77)]);
        let error = Args::try_parse_from(["sim", "--fault", "fire"])
            .unwrap_err()
            .to_string();
        assert!(error.contains("unknown fault `fire`"), "{error}");
    }
}
