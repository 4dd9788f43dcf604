//! What the examples share: arguments, and a client that runs for so long and says what happens to it.
//!
//! Not here: what each of them shows.

use std::error::Error;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use async_io::{Timer, block_on};
use embassy_futures::select::{Either, select, select3};
use embassy_sync::blocking_mutex::raw::NoopRawMutex;
use fivewire_client::{Client, Engine, Event, Options, Protocol, Runner, Shared};
use fivewire_transport::Endpoint;

mod network;

use network::{Network, Uptime};

pub(crate) type Mqtt<V> = Engine<V, 1024, 4096>;
pub(crate) type Handle<'a, V> = Client<'a, NoopRawMutex, Mqtt<V>>;
/// How an example ends.
pub(crate) type Outcome = Result<(), Box<dyn Error>>;

/// Arguments of every example.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// The broker: host, or host:port
    #[arg(long, default_value = "localhost", value_name = "HOST[:PORT]")]
    broker: Broker,
    /// End after this many seconds; without, run for ever
    #[arg(long, value_name = "N")]
    seconds: Option<u64>,
    /// Name of the session at the broker
    #[arg(long, default_value = "fivewire-example")]
    pub(crate) client_id: String,
    /// Topic to publish to
    #[arg(long, default_value = "result")]
    pub(crate) topic: String,
    /// Milliseconds between publications
    #[arg(long, default_value_t = 1_000, value_name = "N")]
    interval_ms: u64,
}

/// Where the broker is.
#[derive(Clone, Debug)]
struct Broker {
    host: String,
    port: Option<u16>,
}

impl FromStr for Broker {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // More than one colon is an IPv6 address.
        let (host, port) = match text.split_once(':') {
            Some((host, port)) if !port.contains(':') => (host, Some(port.parse()?)),
            Some(_) | None => (text, None),
        };
        Ok(Self {
            host: host.into(),
            port,
        })
    }
}

impl Arguments {
    /// The broker, on this port if none was given.
    pub(crate) fn endpoint(&self, port: u16) -> Endpoint {
        Endpoint::new(&*self.broker.host, self.broker.port.unwrap_or(port))
    }

    /// The pause between publications.
    pub(crate) async fn pause(&self) {
        Timer::after(Duration::from_millis(self.interval_ms)).await;
    }
}

/// Runs an application with a client of its own, until it ends or its time is up; then says goodbye to the broker.
pub(crate) fn run<V: Protocol>(
    arguments: &Arguments,
    endpoint: Endpoint,
    options: Options<'_>,
    application: impl AsyncFnOnce(Handle<'_, V>) -> Outcome,
) -> Outcome {
    let memory: Shared<NoopRawMutex, Mqtt<V>> = Shared::new();
    let client = memory.client();
    let mut runner = Runner::new(
        &memory,
        options,
        Network(endpoint),
        Uptime::new(),
        std::process::id(),
    );
    let program = async {
        let ended = select3(application(client), log(client), time_is_up(arguments.seconds)).await;
        client.disconnect().await;
        match ended {
            embassy_futures::select::Either3::First(outcome) => outcome,
            _ => Ok(()),
        }
    };
    match block_on(select(runner.run(), program)) {
        Either::First(ended) => Ok(ended?),
        Either::Second(outcome) => outcome,
    }
}

async fn time_is_up(seconds: Option<u64>) {
    match seconds {
        Some(seconds) => _ = Timer::after(Duration::from_secs(seconds)).await,
        None => std::future::pending().await,
    }
}

/// Says what happens to the connection.
async fn log<V: Protocol>(client: Handle<'_, V>) {
    let mut events = client.events();
    loop {
        match events.next().await {
            Event::Up { session_present } => say(format_args!("up, session present: {session_present}")),
            Event::Down(cause) => say(format_args!("down: {cause}")),
            Event::Failed(cause) => say(format_args!("not up: {cause}")),
            Event::SubscriptionLost(reason) => say(format_args!("subscription lost: {reason}")),
            Event::Oversize { size, .. } => say(format_args!("a message of {size} bytes went by")),
        }
    }
}

/// A line of output, at once also into a pipe.
pub(crate) fn say(line: fmt::Arguments<'_>) {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    // Whoever reads it may be gone.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
