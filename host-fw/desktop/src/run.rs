//! One run of the program: the link's thread, the application's, one for each further subscription, one that tells the
//! events.

use std::cell::RefCell;
use std::fmt;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use fivewire_gpio::PinFault;
use fivewire_host::{Client, Config, ConfigError, PublishError, QoS, Shared, SubscribeError};
use fivewire_host_fw_app::{Demo, News, Plan};
use fivewire_wires::Wires;

use crate::board::Desktop;
use crate::executor::Executor;
use crate::link::{Clock, DesktopRunner, drive, new_link};
use crate::report::{Report, Reporter};

/// How long an application that panicked rests.
const RESTART: Duration = Duration::from_secs(1);

/// What is run, and how.
#[derive(Debug)]
pub struct Options {
    /// The application.
    pub demo: Demo,
    /// When and how it publishes.
    pub plan: Plan,
    /// Filters to subscribe besides, each on a thread of its own.
    pub filters: Vec<String>,
    /// The handler of `green` obeys `panic` and `sleep SECONDS`: to see that the link does not mind.
    pub drill: bool,
}

/// Why a run failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// A key of the configuration is missing or out of range.
    Config(ConfigError<'static>),
    /// The demo's will was refused.
    Will(PublishError),
    /// `green` was refused.
    Subscribe(SubscribeError),
    /// A pin failed; wires in a file or in memory never do.
    Pin(PinFault),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(error) => write!(f, "configuration: {error}"),
            Self::Will(error) => write!(f, "last will: {error}"),
            Self::Subscribe(error) => error.fmt(f),
            Self::Pin(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for Failure {}

type DesktopClient<'a> = Client<'a, CriticalSectionRawMutex>;

/// Runs a host on these wires until its plan is fulfilled or `stop` is set, and tells `on_report` what happens, from
/// several threads, with the milliseconds since the start. Sets `stop` at its end.
///
/// # Errors
/// [`Failure`]
pub fn run(
    wires: &Wires,
    config: Config<'_>,
    options: &Options,
    stop: &AtomicBool,
    on_report: &(dyn Fn(u32, &Report<'_>) + Sync),
) -> Result<(), Failure> {
    let shared = Box::new(Shared::<CriticalSectionRawMutex>::new());
    let client = shared.client();
    options.demo.prepare(client).map_err(Failure::Will)?;
    let clock = Clock::start();
    let runner: DesktopRunner<'_> = shared
        .start_with(config, new_link(&config, epoch()), clock.now_ms())
        .map_err(Failure::Config)?;
    let reporter = Reporter { clock, on_report };
    thread::scope(|scope| {
        let link = scope.spawn(|| drive(wires, runner, clock, stop));
        scope.spawn(|| tell_events(client, reporter, stop));
        for filter in &options.filters {
            scope.spawn(|| listen(client, filter, reporter, stop));
        }
        let done = apply(wires, client, options, reporter, stop);
        stop.store(true, Ordering::Relaxed);
        let driven = link.join().unwrap_or(Ok(()));
        done.map_err(Failure::Subscribe).and(driven.map_err(Failure::Pin))
    })
}

/// A number that no other start has, as far as chance goes.
fn epoch() -> u16 {
    let [low, high, ..] = RandomState::new().build_hasher().finish().to_le_bytes();
    u16::from_le_bytes([low, high]).max(1)
}

/// The application. A panic in it is told, and it is started again; what it counted goes on.
fn apply(
    wires: &Wires,
    client: DesktopClient<'_>,
    options: &Options,
    reporter: Reporter<'_>,
    stop: &AtomicBool,
) -> Result<(), SubscribeError> {
    let executor = Executor::new(stop);
    let led = RefCell::new(wires.host_led());
    let board = Desktop {
        executor: &executor,
        reporter,
        led,
        drill: options.drill,
    };
    loop {
        let running = || executor.block_on(options.demo.run(client, &board, &options.plan));
        match catch_unwind(AssertUnwindSafe(running)) {
            Ok(ended) => return ended.unwrap_or(Ok(())),
            Err(_) => reporter.tell(&Report::ApplicationPanicked),
        }
        executor.block_on(executor.sleep(RESTART));
    }
}

fn tell_events(client: DesktopClient<'_>, reporter: Reporter<'_>, stop: &AtomicBool) {
    let mut events = client.events();
    let mut missed = 0;
    let telling = async {
        loop {
            let event = events.next().await;
            if events.missed() != missed {
                missed = events.missed();
                reporter.tell(&Report::Missed { events: missed });
            }
            reporter.tell(&Report::Event(&event));
        }
    };
    Executor::new(stop).block_on::<()>(telling);
}

/// One further subscription, as a person's own thread would have it.
fn listen(client: DesktopClient<'_>, filter: &str, reporter: Reporter<'_>, stop: &AtomicBool) {
    let listening = async {
        let mut subscription = client.subscribe(filter, QoS::AtLeastOnce).await?;
        loop {
            let message = subscription.next().await;
            reporter.tell(&Report::News(News::Message(&message)));
        }
    };
    if let Some(Err(error)) = Executor::new(stop).block_on::<Result<(), SubscribeError>>(listening) {
        reporter.tell(&Report::NotSubscribed { filter, error });
    }
}
