//! `fivewire-host`: a host without a network, as a process on a computer. The host, its threads and the configuration are
//! in the library; here are arguments, signals and output.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use clap::Parser;
use fivewire_host::{Publish, QoS};
use fivewire_host_fw_app::{DemoName, Plan};
use fivewire_host_fw_desktop::{Detail, Options, Report, Settings, demo, run};
use fivewire_wires::Wires;

/// The host end of fivewire as a Linux process: publishes and subscribes through a bridge at the other end of a wires
/// file.
///
/// It has no network. Which network and broker the bridge joins, the bridge learns from here.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Example: fivewire-host simple --wires /tmp/five.wires --broker localhost:1883 --interval 1 --verbose"
)]
struct Args {
    /// The application.
    #[arg(default_value_t, value_parser = demo::names())]
    demo: DemoName,
    /// The five wires: a file of 4096 bytes, one byte for each wire, shared with the bridge; made when it is missing.
    #[arg(long, value_name = "FILE")]
    wires: PathBuf,
    /// The broker, as the bridge reaches it. Without --config, network name and key are made up; a bridge on a computer
    /// takes any.
    #[arg(long, value_name = "HOST[:PORT]")]
    broker: Option<String>,
    /// The configuration: a file of the spec's config keys, such as fivewire.toml.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// One config key; counts more than the file. May be given several times.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Time from one publication to the next, in seconds; fractions are allowed.
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    interval: Duration,
    /// End after so many publications, once all their receipts are there.
    #[arg(long, value_name = "N")]
    count: Option<u32>,
    /// Quality of service of the publications.
    #[arg(long, value_name = "QOS", default_value_t = 1, value_parser = clap::value_parser!(u8).range(0..=2))]
    qos: u8,
    /// The broker keeps the last publication.
    #[arg(long)]
    retain: bool,
    /// Give a publication up that is not confirmed in this time, in seconds.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    ttl: Option<Duration>,
    /// Subscribe to this filter, too, and tell its messages. May be given up to seven times.
    #[arg(long, value_name = "FILTER")]
    subscribe: Vec<String>,
    /// The handler of `green` obeys the messages `panic` and `sleep SECONDS`: see that the link goes on.
    #[arg(long)]
    drill: bool,
    /// Tell everything: each status, state and publication too.
    #[arg(long)]
    verbose: bool,
    /// Tell everything as JSON, one object a line, instead of words.
    #[arg(long)]
    json: bool,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let duration = text
        .parse()
        .ok()
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let duration = duration.filter(|duration| duration.as_millis() <= u128::from(Publish::MAX_TTL_MS));
    duration.ok_or_else(|| "not a number of seconds from 0 to 2147483".to_owned())
}

fn main() -> ExitCode {
    match start(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start(args: &Args) -> anyhow::Result<()> {
    let settings = settings(args)?;
    let config = settings.config()?;
    let wires = Wires::open_or_create(&args.wires)?;
    let stop = stop_on_signals()?;
    let detail = if args.verbose || args.json || config.verbose {
        Detail::Everything
    } else {
        Detail::Changes
    };
    run(&wires, config, &options(args), &stop, &|ms, report| {
        if report.detail() <= detail {
            tell(args.json, ms, report);
        }
    })?;
    Ok(())
}

/// File first, then the command line, then what a bridge on a computer does not care about.
fn settings(args: &Args) -> anyhow::Result<Settings> {
    let mut settings = Settings::new();
    if let Some(path) = &args.config {
        settings.add_toml(&path.display().to_string(), &read(path)?)?;
    }
    if let Some(broker) = &args.broker {
        set_broker(&mut settings, broker)?;
    }
    for pair in &args.set {
        let (key, value) = pair
            .split_once('=')
            .with_context(|| format!("--set {pair}: write it as KEY=VALUE"))?;
        settings.set(format!("--set {}", key.trim()), key.trim(), value.trim());
    }
    if args.config.is_none() && args.broker.is_some() {
        settings.set_default("ssid", "any");
        settings.set_default("password", "");
    }
    Ok(settings)
}

fn read(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read the configuration {}", path.display()))
}

/// `host`, `host:port`, `[address]:port` or a bare IPv6 address.
fn set_broker(settings: &mut Settings, broker: &str) -> anyhow::Result<()> {
    let (host, port) = match broker.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, rest)) => (host, rest.strip_prefix(':')),
        None if broker.matches(':').count() > 1 => (broker, None),
        None => broker
            .split_once(':')
            .map_or((broker, None), |(host, port)| (host, Some(port))),
    };
    settings.set("--broker", "broker", host);
    if let Some(port) = port {
        let port: u16 = port
            .parse()
            .with_context(|| format!("--broker {broker}: {port:?} is not a port number"))?;
        settings.set("--broker", "port", port.to_string());
    }
    Ok(())
}

fn options(args: &Args) -> Options {
    let mut publish = Publish::with_qos(QoS::from_number(args.qos).unwrap_or(QoS::AtLeastOnce));
    if args.retain {
        publish = publish.retain();
    }
    if let Some(ttl) = args.ttl {
        publish = publish.ttl(ttl);
    }
    // `seconds` has seen to the range.
    let interval_ms = u32::try_from(args.interval.as_millis()).unwrap_or(u32::MAX);
    Options {
        demo: args.demo.demo(),
        plan: Plan {
            interval_ms,
            options: publish,
            limit: args.count,
        },
        filters: args.subscribe.clone(),
        drill: args.drill,
    }
}

/// A flag that an interrupt, a hang-up or a request to end sets.
fn stop_on_signals() -> anyhow::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed)).context("cannot handle signals")?;
    Ok(stop)
}

/// One line. A reader that went away is no reason to end: the host goes on without one.
fn tell(json: bool, ms: u32, report: &Report<'_>) {
    let mut out = std::io::stdout().lock();
    let written = if json {
        writeln!(out, "{}", report.to_json(ms))
    } else {
        writeln!(out, "{:>7}.{:03}  {report}", ms / 1000, ms % 1000)
    };
    let _ = written.and_then(|()| out.flush());
}
