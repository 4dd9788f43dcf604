//! The run: one seed, virtual time in steps of one millisecond, the real host at one end of the wires and the model of
//! an old bridge at the other. Nothing in it depends on anything but the [`StockSetup`].

use fivewire_host::{GetTime, Host, Publish, PublishError, QoS, SubscriptionId, Will};
use fivewire_link::Clocked as _;
use fivewire_text::{AnyLink, StockBridge};
use fivewire_wire::command::{Command, Memory};

use super::judge::{Judge, StockTally, TOPIC};
use super::outside::Outside;
use super::plan::{StockFault, StockSetup};
use super::program::Program;
use super::syncom::{Boot, SynCom};
use crate::ledger::Verdict;
use crate::random::Random;
use crate::trace::Trace;
use crate::wires::{Noise, Wires};
use crate::world::Failure;

/// A host with small buffers, so that its bounds are met.
type StockHost = Host<'static, AnyLink<StockBridge, 1_400, 1_500>, 12, 2_600, 4, 2_400, 6>;

/// Longest time that a bridge takes to start, in milliseconds.
const BOOT_MS: u32 = 600;
/// What replays a random seed.
const TEST: &str = "stock::seeds_of_text";

/// What other clients publish: fields are separated by `|`, strings by `~`.
const PAYLOADS: [&str; 4] = ["on", "off", "", "a longer message than most"];
const FORGERIES: [&str; 16] = [
    "x~t|4",
    "x~t|4~t|4~t|4~u|in/a|y",
    "x|True~t|4~u|in/a|y",
    "x~t|8",
    "x|False~t|8~u|in/a|y",
    "x~t|10",
    "x|False~t|10~u|in/a|y",
    "x|False~t|10~t|9~u|in/a|y",
    "x~t|6|Unknown command:|p|y~",
    "x|True~t|6|Unknown command:|?000000~t|4~u|in/a|y",
    "x~t|3~t|5~t|0",
    "x|False~i|1~u|in/a|y",
    "x|False~i|1~i|2~u|in/a|y",
    "x~m|1|2",
    "a|True",
    "~~t|7",
];

/// How a run went.
#[derive(Clone, Copy, Debug)]
pub struct StockSummary {
    /// Messages.
    pub tally: StockTally,
    /// How long it took to drain after the plan had ended, in virtual milliseconds.
    pub drained_ms: u64,
    /// Times that the host pulled the reset wire, the first time included.
    pub resets: u32,
    /// Lives of the bridge.
    pub lives: u32,
    /// Bits and clock edges that were disturbed.
    pub disturbed: u64,
    /// A number over every line of the trace and every bit on the wires.
    pub fingerprint: u64,
}

/// The bridge's board.
#[derive(Debug)]
enum Life {
    /// It runs.
    Running(Box<Board>),
    /// It starts at this time.
    Starting { at_ms: u64 },
    /// It stands still; only the reset wire helps.
    Still,
    /// The reset wire is low.
    Reset,
}

#[derive(Debug)]
struct Board {
    link: SynCom,
    program: Program,
}

/// Times until which faults last, and those that are kept for the bridge's next lives.
#[derive(Debug, Default)]
struct Weather {
    next: usize,
    air_off_until: u64,
    broker_off_until: u64,
    slow_until: u64,
    noise_until: u64,
    noise: Noise,
    silent_boots: u32,
    boot: Boot,
}

/// Everything.
pub struct StockWorld {
    setup: StockSetup,
    now_ms: u64,
    host: Box<StockHost>,
    subscription: SubscriptionId,
    life: Life,
    outside: Outside,
    wires: Wires,
    weather: Weather,
    judge: Judge,
    /// This life of the bridge met no wires but whole ones.
    is_sound: bool,
    /// Disturbances that `is_sound` knows of.
    disturbed: u64,
    publish_at: u64,
    send_at: u64,
    ask_at: u64,
    resets: u32,
    lives: u32,
    trace: Trace,
    random: Random,
}

impl StockWorld {
    /// A world at its first millisecond.
    ///
    /// # Errors
    /// The configuration in the setup is not valid.
    pub fn new(setup: StockSetup) -> Result<Self, Failure> {
        let mut random = Random::new(setup.seed);
        let fail = |what: String| Failure {
            seed: setup.seed,
            at_ms: 0,
            what,
            story: String::new(),
            test: TEST,
        };
        let (host, subscription) = start_host(&setup, &mut random).map_err(fail)?;
        Ok(Self {
            now_ms: 0,
            host,
            subscription,
            life: Life::Reset,
            outside: Outside::new(setup.stored),
            wires: Wires::new(random.fork("wires")),
            weather: Weather::default(),
            judge: Judge::default(),
            is_sound: true,
            disturbed: 0,
            publish_at: 0,
            send_at: 0,
            ask_at: 0,
            resets: 0,
            lives: 0,
            trace: Trace::new(setup.trace_lines),
            random,
            setup,
        })
    }

    /// Runs to the end.
    ///
    /// # Errors
    /// The first thing that went wrong.
    pub fn run(mut self) -> Result<(StockSummary, Trace), Failure> {
        self.go().map_err(|what| self.failure(what))?;
        let summary = StockSummary {
            tally: self.judge.tally,
            drained_ms: self.now_ms - self.setup.heal_ms,
            resets: self.resets,
            lives: self.lives,
            disturbed: self.wires.disturbed,
            fingerprint: self.trace.fingerprint(),
        };
        Ok((summary, self.trace))
    }

    fn go(&mut self) -> Verdict {
        while self.now_ms < self.setup.heal_ms {
            self.step()?;
        }
        self.weather.heal(self.setup.faults.len());
        self.drain()?;
        if self.setup.is_harmless() && self.resets > 1 {
            return Err(format!("{} resets, and nothing was wrong", self.resets));
        }
        Ok(())
    }

    /// Nothing new happens: runs until everything that was under way has ended.
    fn drain(&mut self) -> Verdict {
        let (mut least, mut progress_ms) = (usize::MAX, self.now_ms);
        while self.judge.open() > 0 || !self.host.ready() {
            if self.judge.open() < least {
                (least, progress_ms) = (self.judge.open(), self.now_ms);
            }
            if self.now_ms - progress_ms > self.setup.drain_ms {
                let (open, state) = (self.judge.open(), self.host.state());
                return Err(format!("wedged: {open} publications, host {state}"));
            }
            self.step()?;
        }
        Ok(())
    }

    fn step(&mut self) -> Verdict {
        self.now_ms += 1;
        self.strike();
        self.start_bridge();
        self.exchange();
        self.serve_bridge()?;
        self.serve_host()?;
        self.act()
    }

    const fn clock(&self) -> u32 {
        self.setup.start_ms.wrapping_add(self.now_ms as u32)
    }

    /// A time drawn around the mean `every_ms`, when it is time; 0 = never.
    fn is_time(&mut self, at: u64, every_ms: u32) -> Option<u64> {
        let is_due = every_ms > 0 && self.now_ms >= at && self.now_ms < self.setup.heal_ms;
        is_due.then(|| self.now_ms + 1 + u64::from(self.random.below(2 * every_ms)))
    }

    // ---------------------------------------------------------------------------------------------------- faults

    fn strike(&mut self) {
        while let Some(&(at_ms, fault)) = self.setup.faults.get(self.weather.next)
            && at_ms <= self.now_ms
        {
            self.weather.next += 1;
            self.trace.line(self.now_ms, "fault", format_args!("{fault}"));
            self.weather.begin(fault, self.now_ms);
            self.hurt_bridge(fault);
        }
        self.outside.air = self.now_ms >= self.weather.air_off_until;
        self.outside.broker = self.now_ms >= self.weather.broker_off_until;
        self.wires.noise = if self.now_ms < self.weather.noise_until {
            self.weather.noise
        } else {
            Noise::default()
        };
    }

    fn hurt_bridge(&mut self, fault: StockFault) {
        let Life::Running(board) = &mut self.life else {
            return;
        };
        match fault {
            StockFault::Crash { down_ms } => {
                let at_ms = self.now_ms + u64::from(down_ms);
                self.life = Life::Starting { at_ms };
            }
            StockFault::Freeze => self.life = Life::Still,
            StockFault::Mute => board.program.die(),
            _ => {}
        }
    }

    // ---------------------------------------------------------------------------------------------------- bridge

    fn start_bridge(&mut self) {
        match self.life {
            Life::Starting { at_ms } if self.now_ms >= at_ms => {}
            _ => return,
        }
        self.lives += 1;
        if self.weather.silent_boots > 0 {
            self.weather.silent_boots -= 1;
            self.life = Life::Still;
            return;
        }
        let boot = std::mem::take(&mut self.weather.boot);
        self.trace
            .line(self.now_ms, "bridge", format_args!("starts: {boot:?}"));
        self.is_sound = boot == Boot::default();
        self.judge.bridge_starts();
        self.life = Life::Running(Box::new(Board {
            link: SynCom::new(boot),
            program: Program::new(),
        }));
    }

    /// A millisecond's bits. An end that is quiet takes one step a millisecond.
    fn exchange(&mut self) {
        let Life::Running(board) = &mut self.life else {
            return;
        };
        if self.host.reset_asserted() {
            return;
        }
        let link = self.host.link_mut();
        for _ in 0..self.setup.bits_per_ms {
            if link.is_held() {
                break;
            }
            let bits = self.wires.exchange(link, &mut board.link);
            self.trace.digest(&[bits]);
            if link.is_quiet() && board.link.is_quiet() {
                break;
            }
        }
        if self.wires.disturbed != self.disturbed {
            self.disturbed = self.wires.disturbed;
            self.is_sound = false;
        }
        if !self.is_sound {
            self.judge.excuse();
        }
    }

    fn serve_bridge(&mut self) -> Verdict {
        if let Life::Running(board) = &mut self.life {
            let Board { link, program } = &mut **board;
            program.step(self.now_ms, link, &mut self.outside);
            let said = std::mem::take(&mut program.said);
            for number in &said {
                self.trace
                    .line(self.now_ms, "bridge", format_args!("says t {number}"));
            }
            self.judge.said(said);
        }
        self.judge.look(&self.outside, !self.is_sound)
    }

    // ------------------------------------------------------------------------------------------------------ host

    fn serve_host(&mut self) -> Verdict {
        let clock = self.clock();
        self.host.handle_timeout(clock);
        self.reset_wire();
        while let Some(event) = self.host.poll_event() {
            self.trace.line(self.now_ms, "host", format_args!("{event:?}"));
            let is_connected = self.outside.is_open();
            self.judge
                .event(self.now_ms, &event, !self.is_sound, is_connected)?;
        }
        while let Some((id, receipt)) = self.host.poll_receipt() {
            self.trace.line(
                self.now_ms,
                "app",
                format_args!("receipt of {}: {receipt}", id.number()),
            );
            self.judge.receipt(id, receipt)?;
        }
        while self.now_ms >= self.weather.slow_until && self.host.message(self.subscription).is_some() {
            self.host.take_message(self.subscription);
            self.judge.tally.taken += 1;
        }
        Ok(())
    }

    fn reset_wire(&mut self) {
        let low = self.host.reset_asserted();
        let is_reset = matches!(self.life, Life::Reset);
        if low && !is_reset {
            self.trace
                .line(self.now_ms, "world", format_args!("reset wire low"));
            self.life = Life::Reset;
        }
        if !low && is_reset {
            self.resets += 1;
            let at_ms = self.now_ms + u64::from(self.random.between(1, BOOT_MS));
            self.life = Life::Starting { at_ms };
        }
    }

    // ------------------------------------------------------------------------- the application and other clients

    fn act(&mut self) -> Verdict {
        if let Some(next) = self.is_time(self.publish_at, self.setup.publish_every_ms) {
            self.publish_at = next;
            self.publish()?;
        }
        if let Some(next) = self.is_time(self.send_at, self.setup.send_every_ms) {
            self.send_at = next;
            self.send();
        }
        if let Some(next) = self.is_time(self.ask_at, self.setup.ask_every_ms) {
            self.ask_at = next;
            self.ask();
        }
        Ok(())
    }

    fn publish(&mut self) -> Verdict {
        let number = self.judge.next_number();
        let filler = self.random.below(self.setup.longest) as usize;
        let payload = format!("{number}:{}", "x".repeat(filler)).into_bytes();
        match self.host.publish(TOPIC, &payload, Publish::qos1()) {
            Ok(id) => {
                self.trace
                    .line(self.now_ms, "app", format_args!("publishes {}", id.number()));
                self.judge.accepted(id, payload);
                Ok(())
            }
            Err(PublishError::Full) => Ok(()),
            Err(error) => Err(format!("a publication was refused: {error}")),
        }
    }

    /// Another client publishes something that the application is subscribed to.
    fn send(&mut self) {
        let forged = self.setup.forges && self.random.percent(50);
        let choices: &[&str] = if forged { &FORGERIES } else { &PAYLOADS };
        let text = self.random.pick(choices).copied().unwrap_or_default();
        let payload = text.replace('|', "\x7F").replace('~', "\0");
        let Life::Running(board) = &mut self.life else {
            return;
        };
        let Board { link, program } = &mut **board;
        if program.message(b"in/a", payload.as_bytes(), link, &self.outside) {
            self.trace
                .line(self.now_ms, "others", format_args!("publish {text}"));
        }
    }

    fn ask(&mut self) {
        if self.random.percent(50) {
            self.host.want_time(GetTime::default());
        } else if let Ok(id) = self.host.call(&Command::Memory(Memory {})) {
            self.host.forget_call(id);
        }
    }

    fn failure(&self, what: String) -> Failure {
        let faults = self.setup.faults.iter();
        let faults: String = faults
            .map(|(at_ms, fault)| format!("  {at_ms} ms: {fault}\n"))
            .collect();
        Failure {
            seed: self.setup.seed,
            at_ms: self.now_ms,
            what,
            story: format!("{}the plan:\n{faults}the setup: {:?}", self.trace, self.setup),
            test: TEST,
        }
    }
}

impl Weather {
    fn begin(&mut self, fault: StockFault, now_ms: u64) {
        let until = |ms: u32| now_ms + u64::from(ms);
        match fault {
            StockFault::Crash { .. } | StockFault::Freeze | StockFault::Mute => {}
            StockFault::SilentBoots(lives) => self.silent_boots = lives,
            StockFault::BadBoot { .. } => self.boot = fault.into(),
            StockFault::Noise { ms, flips, slips } => {
                self.noise_until = until(ms);
                self.noise = Noise { flips, slips };
            }
            StockFault::WifiDrop { ms } => self.air_off_until = self.air_off_until.max(until(ms)),
            StockFault::BrokerRestart { ms } => self.broker_off_until = self.broker_off_until.max(until(ms)),
            StockFault::SlowApplication { ms } => self.slow_until = self.slow_until.max(until(ms)),
        }
    }

    /// Everything is whole again, but for what a bridge still has before it.
    fn heal(&mut self, next: usize) {
        *self = Self {
            next,
            silent_boots: self.silent_boots,
            boot: self.boot,
            ..Self::default()
        };
    }
}

/// A host at the start of its life, and its subscription.
fn start_host(setup: &StockSetup, random: &mut Random) -> Result<(Box<StockHost>, SubscriptionId), String> {
    let settings = fivewire_host::link_settings(&setup.config, (random.bits() as u16).max(1));
    let link = AnyLink::new(settings, StockBridge::new());
    let mut host = Box::new(
        StockHost::with_link(setup.config, link, setup.start_ms)
            .map_err(|error| format!("the configuration: {error}"))?,
    );
    let will = setup.has_will.then(|| Will::new("will", b"gone"));
    host.set_will(will)
        .map_err(|error| format!("the will was refused: {error}"))?;
    let subscription = host
        .subscribe("in/#", QoS::AtLeastOnce)
        .map_err(|error| format!("the subscription was refused: {error}"))?;
    Ok((host, subscription))
}
