//! The course of a demonstration: start the parts, publish for a while, let the faults strike, wait for what is
//! outstanding, and draw the sums.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use fivewire_bridge_fw_linux::Detail;
use fivewire_wire::config::Config;
use fivewire_wires::Wires;

use crate::args::{Args, Fault};
use crate::bridge::Bridge;
use crate::broker::Broker;
use crate::faults::{Strike, plan};
use crate::flip::Noise;
use crate::host::{HostEnd, TOPIC};
use crate::observer::Observer;
use crate::summary::Summary;
use crate::trace::Trace;

/// How long outstanding receipts are waited for when publishing has ended.
const DRAIN: Duration = Duration::from_secs(60);
/// How long the observer may be behind the last receipt.
const OBSERVE: Duration = Duration::from_secs(10);
const WIFI_DROP: Duration = Duration::from_secs(2);
const BROKER_DOWN: Duration = Duration::from_secs(1);

/// Runs the demonstration.
///
/// # Errors
/// No broker, or an impossible combination of arguments.
pub(crate) fn run(args: &Args) -> Result<Summary> {
    if args.broker.is_some() && args.faults.contains(&Fault::BrokerRestart) {
        bail!("--fault broker-restart restarts the embedded broker; leave out --broker, or that fault");
    }
    let trace = Trace::new(args.json, args.verbose);
    let broker = if args.broker.is_some() {
        None
    } else {
        Some(Broker::start()?)
    };
    let address = match (&broker, args.broker) {
        (Some(broker), _) => broker.address(),
        (None, Some(address)) => address,
        (None, None) => bail!("there is no broker"),
    };
    let observer = Observer::start(address, TOPIC)?;
    trace.line("broker", &format_args!("listens at {address}"));
    let noise = Noise::new(args.faults.iter().filter_map(|fault| match fault {
        Fault::BitFlip(number) => Some(*number),
        Fault::BridgeCrash | Fault::WifiDrop | Fault::BrokerRestart => None,
    }));
    let wires = Wires::in_memory();
    let ip = address.ip().to_string();
    let config = Config {
        ssid: "simulated",
        password: "simulated",
        broker: &ip,
        port: address.port(),
        ..Config::default()
    };
    let host = HostEnd::new(config, &wires, &noise, trace.now_ms())?;
    let stage = Stage::new(
        wires,
        broker,
        plan(&args.faults, Duration::from_secs_f64(args.seconds), args.seed),
        trace,
    );
    Show {
        args,
        stage,
        host,
        noise,
        address,
    }
    .play(&observer)
}

struct Show<'a> {
    args: &'a Args,
    stage: Stage,
    host: HostEnd<'a>,
    noise: Noise,
    address: SocketAddr,
}

impl Show<'_> {
    fn play(mut self, observer: &Observer) -> Result<Summary> {
        self.wait("the first connection", DRAIN, |host| host.ready())?;
        self.publish()?;
        self.stage.heal()?;
        self.stage
            .trace
            .line("sim", &"publishing has ended; waiting for what is outstanding");
        let drained = self.wait("outstanding receipts", DRAIN, |host| host.open() == 0);
        if let Err(error) = drained {
            self.stage.trace.line("sim", &error);
        }
        self.observe(observer)
    }

    /// Publishes at the interval until the time is up, while the faults strike.
    fn publish(&mut self) -> Result<()> {
        let begun = Instant::now();
        let run = Duration::from_secs_f64(self.args.seconds);
        let interval = Duration::from_millis(self.args.interval.into());
        let mut due = Duration::ZERO;
        while begun.elapsed() < run {
            self.stage.strike(begun.elapsed())?;
            if begun.elapsed() >= due && self.host.publish()? {
                due += interval;
            }
            self.turn()?;
        }
        Ok(())
    }

    /// Turns until `done`, or says what was waited for.
    fn wait(&mut self, what: &str, limit: Duration, done: impl Fn(&HostEnd<'_>) -> bool) -> Result<()> {
        let begun = Instant::now();
        while !done(&self.host) {
            if begun.elapsed() > limit {
                bail!(
                    "{what} did not come within {} s (broker at {})",
                    limit.as_secs(),
                    self.address
                );
            }
            self.turn()?;
        }
        Ok(())
    }

    fn turn(&mut self) -> Result<()> {
        let pause = self.host.turn(&self.stage.trace)?;
        self.stage.told();
        self.stage.status(&self.host);
        if !pause.is_zero() {
            std::thread::sleep(pause);
        }
        Ok(())
    }

    /// Waits until the observer has seen what was delivered, and draws the sums.
    fn observe(mut self, observer: &Observer) -> Result<Summary> {
        let begun = Instant::now();
        while (observer.seen().numbers.len() as u64) < self.host.sums.delivered && begun.elapsed() < OBSERVE {
            self.turn()?;
        }
        let seen = observer.seen();
        let unanswered = self.host.open() as u64;
        let mut sums = self.host.into_sums();
        sums.observed = (0..sums.published)
            .filter(|number| seen.numbers.contains(number))
            .count() as u64;
        sums.duplicates = seen.duplicates;
        sums.lost = unanswered + sums.delivered.saturating_sub(sums.observed);
        sums.faults = self.stage.struck + self.noise.struck();
        self.stage.trace.end(&sums);
        Ok(sums)
    }
}

/// What the faults act on, and the trace.
struct Stage {
    wires: Wires,
    broker: Option<Broker>,
    bridge: Option<Bridge>,
    tell: Sender<(Detail, String)>,
    told: Receiver<(Detail, String)>,
    plan: VecDeque<Strike>,
    struck: usize,
    wifi_back: Option<Instant>,
    broker_back: Option<Instant>,
    status_at: u32,
    trace: Trace,
}

impl Stage {
    fn new(wires: Wires, broker: Option<Broker>, plan: Vec<Strike>, trace: Trace) -> Self {
        let (tell, told) = channel();
        let bridge = Some(Bridge::start(&wires, tell.clone()));
        let (wifi_back, broker_back, status_at) = (None, None, trace.now_ms());
        let plan = plan.into();
        Self {
            wires,
            broker,
            bridge,
            tell,
            told,
            plan,
            struck: 0,
            wifi_back,
            broker_back,
            status_at,
            trace,
        }
    }

    /// Lets the faults strike that are due, and ends those that last.
    fn strike(&mut self, elapsed: Duration) -> Result<()> {
        while self.plan.front().is_some_and(|strike| strike.at <= elapsed) {
            let Some(strike) = self.plan.pop_front() else {
                break;
            };
            self.struck += 1;
            self.begin(strike.fault);
        }
        if self.wifi_back.is_some_and(|at| at <= Instant::now()) {
            self.wifi_on();
        }
        if self.broker_back.is_some_and(|at| at <= Instant::now()) {
            self.broker_on()?;
        }
        Ok(())
    }

    fn begin(&mut self, fault: Fault) {
        match fault {
            Fault::BridgeCrash => {
                self.trace.line("fault", &"the bridge crashes");
                self.bridge = None;
                self.bridge = Some(Bridge::start(&self.wires, self.tell.clone()));
            }
            Fault::WifiDrop => {
                self.trace.line("fault", &"the access point is gone");
                self.wires.set_access_point_on_air(false);
                self.wifi_back = Some(Instant::now() + WIFI_DROP);
            }
            Fault::BrokerRestart => {
                self.trace.line("fault", &"the broker stops");
                if let Some(broker) = &mut self.broker {
                    broker.pause();
                }
                self.broker_back = Some(Instant::now() + BROKER_DOWN);
            }
            // Those strike on the wires, by the number of the bit.
            Fault::BitFlip(_) => {}
        }
    }

    /// Ends every fault.
    fn heal(&mut self) -> Result<()> {
        if self.wifi_back.is_some() {
            self.wifi_on();
        }
        if self.broker_back.is_some() {
            self.broker_on()?;
        }
        Ok(())
    }

    fn wifi_on(&mut self) {
        self.wifi_back = None;
        self.wires.set_access_point_on_air(true);
        self.trace.line("fault", &"the access point is back");
    }

    fn broker_on(&mut self) -> Result<()> {
        self.broker_back = None;
        if let Some(broker) = &mut self.broker {
            broker.resume()?;
            self.trace.line("fault", &"the broker is back");
        }
        Ok(())
    }

    fn told(&self) {
        while let Ok((detail, text)) = self.told.try_recv() {
            match detail {
                Detail::Changes => self.trace.line("bridge", &text),
                Detail::Everything => self.trace.detail("bridge", &text),
            }
        }
    }

    fn status(&mut self, host: &HostEnd<'_>) {
        let now = self.trace.now_ms();
        if now.wrapping_sub(self.status_at) < self.trace.status_period_ms() {
            return;
        }
        self.status_at = now;
        let sums = &host.sums;
        self.trace.status(&format!(
            "published {} · delivered {} · came back {} · waiting {} · resets {} · {} symbols/s",
            sums.published,
            sums.delivered,
            sums.received,
            host.open(),
            sums.bridge_resets,
            host.symbols_per_second()
        ));
    }
}
