//! The world: one seed, virtual time, both ends, the wires, the network and the broker, in steps of one millisecond.
//! Nothing in it depends on anything but the [`Setup`].
//!
//! It moves things and asks the ledger what it thinks of them. The first thing that is wrong ends the run with a
//! [`Failure`] that says how to see it again.

use std::fmt;

use crate::application::Application;
use crate::board::{Air, Board, CLIENT_ID};
use crate::broker::{Broker, Message};
use crate::ends::{BridgeEnd, HostEnd, SimHost};
use crate::ledger::{Ledger, Tally};
use crate::network::Network;
use crate::random::Random;
use crate::setup::{BROKER, PASSWORD, SSID, Setup};
use crate::trace::Trace;
use crate::weather::Weather;
use crate::wires::Wires;

/// What replays a random seed.
const TEST: &str = "seeds::seeds";
/// The broker's port.
const PORT: u16 = 1_883;

/// Why a run failed, and how to see it again. Its `Debug` is its `Display`, for tests that return it.
#[derive(Clone)]
pub struct Failure {
    /// The seed.
    pub seed: u64,
    /// When, in virtual milliseconds.
    pub at_ms: u64,
    /// What.
    pub what: String,
    /// What led to it.
    pub story: String,
    /// The test that replays random seeds of this kind.
    pub test: &'static str,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            seed,
            at_ms,
            what,
            story,
            test,
        } = self;
        writeln!(f, "{story}")?;
        writeln!(f, "seed {seed:#x} failed at {at_ms} ms: {what}")?;
        write!(
            f,
            "replay a random seed: FIVEWIRE_SEED={seed:#x} cargo test -p fivewire-sim --test it {test} -- --nocapture"
        )
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{self}")
    }
}

impl std::error::Error for Failure {}

/// How a run went.
#[derive(Clone, Debug)]
pub struct Summary {
    /// Messages.
    pub tally: Tally,
    /// How long it took to drain after the plan had ended, in virtual milliseconds.
    pub drained_ms: u64,
    /// Times that the host pulled the reset wire.
    pub resets: u32,
    /// Lives of the bridge.
    pub lives: u32,
    /// Frames that the host could not use: answers that came too late for whoever asked.
    pub stray: u32,
    /// Bits exchanged.
    pub bits: u64,
    /// Bits and clock edges that were disturbed.
    pub disturbed: u64,
    /// A number over every line of the trace and every bit on the wires.
    pub fingerprint: u64,
}

/// Everything.
pub struct World {
    /// The broker.
    pub broker: Broker,
    /// The bridge's board, with the access point and the network.
    pub board: Board,
    /// The books.
    pub ledger: Ledger,
    pub(crate) setup: Setup,
    pub(crate) now_ms: u64,
    pub(crate) host: HostEnd,
    pub(crate) bridge: BridgeEnd,
    pub(crate) wires: Wires,
    pub(crate) application: Application,
    pub(crate) weather: Weather,
    pub(crate) trace: Trace,
    pub(crate) random: Random,
    pub(crate) resets: u32,
}

impl World {
    /// A world at its first millisecond.
    ///
    /// # Errors
    /// The configuration in the setup is not valid.
    pub fn new(setup: Setup) -> Result<Self, Failure> {
        let mut random = Random::new(setup.seed);
        let mut network = Network::new(BROKER, PORT, random.fork("network"));
        (network.latency_ms, network.grain) = (setup.latency_ms, setup.grain);
        network.time_server.mood = setup.time_mood;
        let mut broker = Broker::default();
        broker.manners.max_in_flight = setup.max_in_flight;
        let air = Air {
            on: true,
            ssid: SSID.into(),
            password: PASSWORD.into(),
            join_ms: 300,
            stored_usable: setup.stored_usable,
        };
        let mut board = Board::new(air, network);
        board.stored = setup.stored.then(|| SSID.to_owned());
        let fail = |what| Failure {
            seed: setup.seed,
            at_ms: 0,
            what,
            story: String::new(),
            test: TEST,
        };
        let host = HostEnd {
            host: new_host(&setup, &mut random, 0).map_err(fail)?,
            paused_until: 0,
            served_ms: 0,
            kicked: false,
            frames: 0,
        };
        let mut world = Self {
            broker,
            board,
            ledger: Ledger::default(),
            now_ms: 0,
            host,
            bridge: BridgeEnd::new(),
            wires: Wires::new(random.fork("wires")),
            application: Application::new(setup.workload.clone(), random.fork("application")),
            weather: Weather::new(setup.plan.faults.clone()),
            trace: Trace::new(setup.trace_lines),
            random,
            resets: 0,
            setup,
        };
        world
            .with_desk(Application::start)
            .map_err(|what| world.failure(what))?;
        Ok(world)
    }

    /// Runs to the end.
    ///
    /// # Errors
    /// The first thing that went wrong.
    pub fn run(mut self) -> Result<(Summary, Trace), Failure> {
        let heal_ms = self.setup.plan.heal_ms;
        self.run_until(heal_ms)?;
        let drained_ms = self.drain()?;
        Ok((self.summary(drained_ms), self.trace))
    }

    /// Runs until this virtual time.
    ///
    /// # Errors
    /// The first thing that went wrong.
    pub fn run_until(&mut self, until_ms: u64) -> Result<(), Failure> {
        while self.now_ms < until_ms {
            self.step().map_err(|what| self.failure(what))?;
        }
        Ok(())
    }

    /// Nothing new happens any more: runs until everything that was under way has ended. Returns how long that took.
    ///
    /// # Errors
    /// The first thing that went wrong, or that for [`Setup::drain_ms`] nothing more ended.
    pub fn drain(&mut self) -> Result<u64, Failure> {
        let since_ms = self.now_ms;
        self.quieten();
        let (mut least, mut progress_ms) = (usize::MAX, since_ms);
        while !self.is_drained() {
            let open = self.open();
            if open < least {
                (least, progress_ms) = (open, self.now_ms);
            }
            if self.now_ms - progress_ms > self.setup.drain_ms {
                return Err(self.failure(format!("wedged: {}", self.what_is_open())));
            }
            self.step().map_err(|what| self.failure(what))?;
        }
        self.ledger.finish().map_err(|what| self.failure(what))?;
        Ok(self.now_ms - since_ms)
    }

    /// What is under way: publications, messages, commands.
    fn open(&self) -> usize {
        // What a host that restarted did not release, the next one cannot.
        let unreleased = if self.ledger.tally().orphaned == 0 {
            self.broker.unreleased()
        } else {
            0
        };
        self.ledger.open()
            + unreleased
            + self.broker.undelivered()
            + self.application.open_calls()
            + self.host.host.waiting_messages()
    }

    /// Ends the plan and the workload.
    pub fn quieten(&mut self) {
        self.trace
            .line(self.now_ms, "world", format_args!("everything is whole again"));
        self.setup.plan.heal_ms = self.now_ms;
        self.heal();
    }

    fn is_drained(&self) -> bool {
        self.open() == 0 && self.host.host.ready() && self.bridge.is_running() && self.is_subscribed()
    }

    /// The broker has the application's subscriptions, those and no others.
    fn is_subscribed(&self) -> bool {
        let there = self.broker.subscriptions(CLIENT_ID);
        there
            .iter()
            .map(|(filter, _)| filter.as_str())
            .eq(self.application.filters())
    }

    fn what_is_open(&self) -> String {
        let Self {
            ledger,
            broker,
            application,
            host,
            ..
        } = self;
        format!(
            "{} publications, {} to release, {} messages at the broker, {} at the host, {} commands; host {}, wifi {}, \
             broker {}, subscribed {}",
            ledger.open(),
            broker.unreleased(),
            broker.undelivered(),
            host.host.waiting_messages(),
            application.open_calls(),
            host.host.state(),
            host.host.wifi(),
            host.host.broker(),
            self.is_subscribed(),
        )
    }

    /// The numbers so far.
    #[must_use]
    pub fn summary(&self, drained_ms: u64) -> Summary {
        Summary {
            tally: self.ledger.tally(),
            drained_ms,
            resets: self.resets,
            lives: self.bridge.incarnation,
            stray: self.host.host.stats().stray,
            bits: self.wires.bits,
            disturbed: self.wires.disturbed,
            fingerprint: self.trace.fingerprint(),
        }
    }

    /// Virtual milliseconds since the start.
    #[must_use]
    pub const fn now_ms(&self) -> u64 {
        self.now_ms
    }

    /// What the run is made of.
    #[must_use]
    pub const fn setup(&self) -> &Setup {
        &self.setup
    }

    /// The host.
    pub fn host(&mut self) -> &mut SimHost {
        &mut self.host.host
    }

    /// What happened so far.
    #[must_use]
    pub const fn trace(&self) -> &Trace {
        &self.trace
    }

    /// Another client publishes a message of this length.
    pub fn send(&mut self, topic: &str, length: usize, qos: u8, retain: bool) {
        let message = self.ledger.send(topic, length, qos, retain, Vec::new());
        self.deliver(&message);
    }

    pub(crate) fn deliver(&mut self, message: &Message) {
        if self.broker.publish(message) {
            self.ledger.promised();
        }
    }

    pub(crate) fn failure(&self, what: String) -> Failure {
        let faults: Vec<_> = self
            .setup
            .plan
            .faults
            .iter()
            .map(|(at_ms, fault)| format!("  {at_ms} ms: {fault}\n"))
            .collect();
        let story = format!(
            "{}the plan:\n{}the setup: {:?}",
            self.trace,
            faults.concat(),
            self.setup
        );
        Failure {
            seed: self.setup.seed,
            at_ms: self.now_ms,
            what,
            story,
            test: TEST,
        }
    }

    /// What a board's millisecond counter shows.
    pub(crate) const fn clock(&self) -> u32 {
        self.setup.start_ms.wrapping_add(self.now_ms as u32)
    }
}

/// A host at the start of its life.
pub(crate) fn new_host(setup: &Setup, random: &mut Random, now_ms: u64) -> Result<Box<SimHost>, String> {
    let epoch = (random.bits() as u16).max(1);
    let clock = setup.start_ms.wrapping_add(now_ms as u32);
    SimHost::new(setup.config, epoch, clock)
        .map(Box::new)
        .map_err(|error| format!("the configuration: {error}"))
}
