//! What a run is made of: the seed, the speeds, the configuration, what the application does, what goes wrong.

use fivewire_host::{Config, QoS};
use fivewire_wire::MqttVersion;

use crate::plan::{Fault, Plan};
use crate::random::Random;
use crate::time_server::TimeMood;

/// The access point's name and key.
pub const SSID: &str = "sim-net";
/// The access point's key.
pub const PASSWORD: &str = "correct horse";
/// The broker's name.
pub const BROKER: &str = "broker.sim";
/// The last will.
pub const WILL_TOPIC: &str = "will";
/// The last will.
pub const WILL_PAYLOAD: &[u8] = b"bridge is gone";

/// What the application and the broker's other clients do until the plan has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workload {
    /// What the application subscribes.
    pub subscriptions: Vec<(&'static str, QoS)>,
    /// Mean pause between publications, in milliseconds; 0 = none.
    pub publish_every_ms: u32,
    /// Mean pause between messages of other clients, in milliseconds; 0 = none.
    pub send_every_ms: u32,
    /// Longest payload, in bytes.
    pub longest: u32,
    /// Also QoS 0, retained messages, times to live and "only the latest counts".
    pub variety: bool,
    /// How many of 100 publications, and of 100 messages of other clients, are to come exactly once.
    pub exactly_once: (u32, u32),
    /// Also properties of MQTT 5.0.
    pub properties: bool,
    /// Mean pause between commands such as memory, ping and the time, in milliseconds; 0 = none.
    pub call_every_ms: u32,
    /// Mean pause until a subscription is given up and made anew, in milliseconds; 0 = never.
    pub churn_every_ms: u32,
}

/// Everything that decides a run.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The seed; all else being equal, it decides every bit.
    pub seed: u64,
    /// What the boards' millisecond counters show at the start.
    pub start_ms: u32,
    /// Exchanges of bits per millisecond while something is sent.
    pub bits_per_ms: u32,
    /// The host has its turn only when its own rules say so, instead of every millisecond.
    pub lazy: bool,
    /// How often the bridge has its turn, in milliseconds, if its own rules do not say sooner.
    pub bridge_every_ms: u32,
    /// What the host is configured with.
    pub config: Config<'static>,
    /// The bridge has a network stored.
    pub stored: bool,
    /// The stored network is within reach.
    pub stored_usable: bool,
    /// One-way time of the network, in milliseconds.
    pub latency_ms: u32,
    /// Most bytes that one read or write of the bridge's TCP moves.
    pub grain: u32,
    /// Most QoS 1 messages that the broker sends ahead.
    pub max_in_flight: usize,
    /// How the time server behaves until the plan has ended.
    pub time_mood: TimeMood,
    /// What the application does.
    pub workload: Workload,
    /// What goes wrong.
    pub plan: Plan,
    /// How long it may take after the plan has ended until one more thing has ended, in virtual milliseconds.
    pub drain_ms: u64,
    /// Lines of the trace that are kept.
    pub trace_lines: usize,
}

impl Setup {
    /// A run of 20 s in which nothing goes wrong.
    #[must_use]
    pub fn quiet(seed: u64) -> Self {
        Self {
            seed,
            start_ms: 0,
            bits_per_ms: 64,
            lazy: false,
            bridge_every_ms: 1,
            config: config(),
            stored: true,
            stored_usable: true,
            latency_ms: 5,
            grain: 536,
            max_in_flight: 20,
            time_mood: TimeMood::Right,
            workload: Workload {
                subscriptions: vec![("in/#", QoS::AtLeastOnce)],
                publish_every_ms: 300,
                send_every_ms: 300,
                longest: 64,
                variety: false,
                exactly_once: (0, 0),
                properties: false,
                call_every_ms: 0,
                churn_every_ms: 0,
            },
            plan: Plan::none(20_000),
            drain_ms: 120_000,
            trace_lines: usize::MAX,
        }
    }

    /// One fault at 8 s in an otherwise quiet run of 30 s.
    #[must_use]
    pub fn with_fault(seed: u64, fault: crate::Fault) -> Self {
        Self {
            plan: Plan::one(8_000, fault, 30_000),
            ..Self::quiet(seed)
        }
    }

    /// Everything from the seed.
    #[must_use]
    pub fn random(seed: u64) -> Self {
        let mut random = Random::new(seed).fork("setup");
        let stored = random.percent(70);
        Self {
            start_ms: if random.percent(50) {
                u32::MAX - random.below(60_000)
            } else {
                random.bits() as u32
            },
            bits_per_ms: *random.pick(&[16, 32, 64, 128]).unwrap_or(&64),
            lazy: random.percent(50),
            bridge_every_ms: random.between(1, 10),
            config: random_config(&mut random),
            stored,
            stored_usable: random.percent(70),
            latency_ms: *random.pick(&[1, 5, 30, 150]).unwrap_or(&5),
            grain: *random.pick(&[3, 40, 536]).unwrap_or(&536),
            max_in_flight: *random.pick(&[1, 5, 20, 100]).unwrap_or(&20),
            time_mood: *random.pick(&TimeMood::ALL).unwrap_or(&TimeMood::Right),
            workload: random_workload(&mut random),
            plan: Plan::random(&mut random),
            trace_lines: 150,
            ..Self::quiet(seed)
        }
        .sound()
    }

    /// A host that restarts and does not begin a clean session is not the client that the session is of: it uses packet
    /// identifiers again for which the broker waits. Exactly once is then too much to ask of what it publishes.
    /// And what 3.1.1 cannot say is not said.
    fn sound(mut self) -> Self {
        self.workload.properties &= self.config.mqtt_version == MqttVersion::V5_0;
        let restarts = |(_, fault): &(u64, Fault)| *fault == Fault::HostRestart;
        if !self.config.clean_init && self.plan.faults.iter().any(restarts) {
            self.workload.exactly_once.0 = 0;
        }
        self
    }
}

fn config() -> Config<'static> {
    Config {
        ssid: SSID,
        password: PASSWORD,
        broker: BROKER,
        clean: false,
        clean_init: false,
        ..Config::DEFAULT
    }
}

fn random_config(random: &mut Random) -> Config<'static> {
    let clean = random.percent(30);
    Config {
        clean,
        clean_init: clean || random.percent(40),
        mqtt_version: *random
            .pick(&[MqttVersion::V3_1_1, MqttVersion::V5_0])
            .unwrap_or(&MqttVersion::V5_0),
        keep_alive: random.between(10, 60) as u16,
        response_time: random.between(3, 10) as u16,
        max_repubs: random.below(3) as u8,
        timeout: random.between(2, 10) as u16,
        use_default_net: random.percent(80),
        debug: random.percent(20),
        rtc_resync: *random.pick(&[-1, 0, 15]).unwrap_or(&-1),
        ..config()
    }
}

fn random_workload(random: &mut Random) -> Workload {
    let all = [
        (
            "in/#",
            *random
                .pick(&[QoS::AtLeastOnce, QoS::ExactlyOnce])
                .unwrap_or(&QoS::ExactlyOnce),
        ),
        ("in/+/b", QoS::AtMostOnce),
        ("in/0/a", QoS::ExactlyOnce),
    ];
    let exactly_once = [0, 50, 100];
    let many = random.between(1, 3) as usize;
    Workload {
        subscriptions: all.into_iter().take(many).collect(),
        publish_every_ms: *random.pick(&[0, 40, 200, 1_000]).unwrap_or(&200),
        send_every_ms: *random.pick(&[0, 40, 200, 1_000]).unwrap_or(&200),
        longest: *random.pick(&[16, 200, 1_024]).unwrap_or(&200),
        variety: random.percent(70),
        exactly_once: (
            *random.pick(&exactly_once).unwrap_or(&0),
            *random.pick(&exactly_once).unwrap_or(&0),
        ),
        properties: random.percent(70),
        call_every_ms: *random.pick(&[0, 500, 5_000]).unwrap_or(&0),
        churn_every_ms: *random.pick(&[0, 0, 0, 4_000]).unwrap_or(&0),
    }
}
