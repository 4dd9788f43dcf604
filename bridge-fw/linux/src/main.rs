//! `fivewire-bridge`: the bridge as a process on a computer. The bridge itself, and its loop, are in the library; here
//! are arguments, signals and output.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context as _;
use clap::Parser;
use fivewire_bridge::ClientId;
use fivewire_bridge_fw_linux::{Detail, Options, Report, client_id_of, run};
use fivewire_wires::Wires;

/// The bridge end of fivewire as a Linux process: joins networks and brokers for a host at the other end of a wires
/// file.
///
/// It needs no configuration: network, broker and credentials come from the host over the wires. Only certificates and
/// private keys for TLS are files here, which the host names by their paths. The wires file is made when it is missing;
/// start the host (`fivewire-host --wires FILE`) before or after, as you like.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Example: fivewire-bridge --wires /tmp/five.wires --verbose"
)]
struct Args {
    /// The five wires: a file of 4096 bytes, one byte for each wire, shared with the host.
    #[arg(long, value_name = "FILE")]
    wires: PathBuf,
    /// Tell each command, message and receipt as well.
    #[arg(long)]
    verbose: bool,
    /// Tell as JSON, one object a line, instead of words.
    #[arg(long)]
    json: bool,
    /// MQTT client identifier unless the host configures one, 1 to 23 bytes [default: made from the file's path].
    #[arg(long, value_name = "ID", value_parser = client_id)]
    client_id: Option<ClientId>,
}

fn client_id(text: &str) -> Result<ClientId, String> {
    match ClientId::try_from(text) {
        Ok(id) if !id.is_empty() => Ok(id),
        Ok(_) | Err(_) => Err(format!("{} bytes long, 1 to 23 are allowed", text.len())),
    }
}

fn main() -> ExitCode {
    match start(Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start(args: Args) -> anyhow::Result<()> {
    let wires = Wires::open_or_create(&args.wires)?;
    let stop = stop_on_signals()?;
    let options = Options {
        client_id: args.client_id.unwrap_or_else(|| client_id_of(&args.wires)),
    };
    let detail = if args.verbose {
        Detail::Everything
    } else {
        Detail::Changes
    };
    run(&wires, &options, &stop, &mut |ms, report| {
        if report.detail() <= detail {
            tell(args.json, ms, report);
        }
    })?;
    Ok(())
}

/// A flag that an interrupt, a hang-up or a request to end sets.
fn stop_on_signals() -> anyhow::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed)).context("cannot handle signals")?;
    Ok(stop)
}

/// One line. A reader that went away is no reason to end: the bridge goes on without one.
fn tell(json: bool, ms: u32, report: &Report<'_>) {
    let mut out = std::io::stdout().lock();
    let written = if json {
        writeln!(out, "{}", report.to_json(ms))
    } else {
        writeln!(out, "{:>7}.{:03}  {report}", ms / 1000, ms % 1000)
    };
    let _ = written.and_then(|()| out.flush());
}
