//! Plays a script: lines in, a trace out. A line of the script is shown as `$ …`; then what followed from it: `>`
//! commands as the bridge gets them, `*` events, `=` receipts, `<` messages as the application takes them.
//!
//! | line | does |
//! |---|---|
//! | `run MS` | lets time pass; bits are clocked meanwhile |
//! | `sleep MS` | neither end has its turn meanwhile |
//! | `up` | the same until all is up, without a trace so far |
//! | `will TOPIC PAYLOAD`, `start` | |
//! | `publish TOPIC PAYLOAD [qos0\|qos2] [retain] [ttl=MS] [latest] [properties=TEXT]`, `publish_bytes TOPIC LENGTH` | |
//! | `flood N` | publishes and awaits as many receipts, without a trace |
//! | `subscribe FILTER`, `unsubscribe N [properties=TEXT]`, `take N`, `filters` | subscriptions are counted from 0 |
//! | `reconfigure [BROKER]` | |
//! | `call memory\|ping\|restart\|publish`, `time` | |
//! | `manual`, `silent`, `hash`, `window M B`, `revision N` | the bridges to come answer nothing, acknowledge nothing, … |
//! | `loud` | the bridge acknowledges by itself again |
//! | `session`, `no_session` | their broker has one, from the next `broker_ok` on |
//! | `say STATUS`, `ack [received\|REASON]`, `answer [REASON]`, `error REASON`, `error_publish REASON` | the bridge speaks |
//! | `message TOPIC PAYLOAD`, `message2 ID TOPIC PAYLOAD [properties=TEXT]`, `released ID` | QoS 1, QoS 2 |
//! | `freeze`, `thaw`, `crash`, `absent`, `present` | the bridge stops clocking, starts anew, is not there |
//! | `mute` | the bridge's link lives, its program is stuck |

use crate::bridge::{Bridge, Nature, Open, properties, text};
use expect_test::Expect;
use fivewire_host::link::Link;
use fivewire_host::wire::command::{self, Command};
use fivewire_host::wire::{Outcome, Reason, event, reply};
use fivewire_host::{
    CallId, Config, Consent, Event, GetTime, Host, Publish, QoS, Status, SubscriptionId, Will,
};
use std::time::Duration;

pub(crate) type Bounded = Host<'static, Link<2560, 2560>, 4, 1400, 3, 1500, 3>;

pub(crate) const CONFIG: Config<'static> = Config {
    ssid: "net",
    password: "secret",
    broker: "broker",
    rtc_resync: 0,
    ..Config::DEFAULT
};

/// How long a bridge takes to boot, in milliseconds.
const BOOT_MS: u32 = 50;

pub(crate) struct Player {
    pub(crate) host: Bounded,
    pub(crate) now: u32,
    pub(crate) bridge: Option<Bridge>,
    nature: Nature,
    boots_at: Option<u32>,
    epoch: u16,
    frozen: bool,
    muted: bool,
    absent: bool,
    subscriptions: Vec<SubscriptionId>,
    calls: Vec<CallId>,
    pub(crate) trace: Vec<String>,
}

/// Holds the trace of a script against what is expected.
pub(crate) fn check(script: &str, expected: Expect) {
    expected.assert_eq(&play(script));
}

fn play(script: &str) -> String {
    let mut player = Player::new(CONFIG);
    player.play(script);
    player.trace.join("\n") + "\n"
}

impl Player {
    pub(crate) fn new(config: Config<'static>) -> Self {
        let host = Host::new(config, 1, START).expect("the configuration is valid");
        Self {
            host,
            now: START,
            bridge: None,
            nature: Nature::default(),
            boots_at: None,
            epoch: 100,
            frozen: false,
            muted: false,
            absent: false,
            subscriptions: Vec::new(),
            calls: Vec::new(),
            trace: Vec::new(),
        }
    }

    pub(crate) fn play(&mut self, script: &str) {
        for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
            self.trace.push(format!("$ {line}"));
            let words: Vec<_> = line.split_whitespace().collect();
            self.step(&words);
            self.look();
        }
    }

    fn step(&mut self, words: &[&str]) {
        match *words {
            ["run", ms] => self.run(number(ms)),
            ["up"] => self.up(),
            ["sleep", ms] => self.now = self.now.wrapping_add(number(ms)),
            ["will", topic, payload] => self.will(topic, payload),
            ["publish", topic, payload, ref options @ ..] => self.publish(topic, payload.as_bytes(), options),
            ["publish_bytes", topic, length, ref options @ ..] => {
                self.publish(topic, &vec![b'x'; number(length) as usize], options);
            }
            ["subscribe", filter] => match self.host.subscribe(filter, QoS::AtLeastOnce) {
                Ok(id) => self.subscriptions.push(id),
                Err(error) => self.say(format!("! {error}")),
            },
            ["unsubscribe", index] => {
                let id = self.subscriptions[number(index) as usize];
                self.host
                    .unsubscribe(id)
                    .expect("it is no bridge of the MicroPython system");
            }
            ["unsubscribe", index, ref options @ ..] => {
                self.unsubscribe_with(number(index) as usize, options)
            }
            ["flood", count] => self.flood(number(count)),
            ["take", index] => self.take(self.subscriptions[number(index) as usize]),
            ["filters"] => self.filters(),
            ["call", name] => self.call(name),
            ["time"] => self
                .host
                .want_time(GetTime::default().pause(Duration::from_secs(60))),
            ["reset"] => self.host.reset_bridge(),
            ["close"] => self.host.close(),
            ["start"] => self
                .host
                .start(CONFIG, self.now)
                .expect("the configuration is valid"),
            ["reconfigure"] => self.host.reconfigure(CONFIG).expect("the configuration is valid"),
            ["reconfigure", broker] => {
                let broker = broker.to_owned().leak();
                let config = Config { broker, ..CONFIG };
                self.host.reconfigure(config).expect("the configuration is valid");
            }
            ["policy", "ask"] => self.host.set_policy(|_| Consent::LeaveToApplication),
            ["policy", "refuse"] => self.host.set_policy(|_| Consent::Refuse),
            ["join", consent] => self.host.join_network(consent == "true"),
            _ => self.step_bridge(words),
        }
    }

    fn step_bridge(&mut self, words: &[&str]) {
        match *words {
            ["manual"] => self.nature.auto = false,
            ["auto"] => self.nature.auto = true,
            ["silent"] => self.nature.acknowledges = false,
            ["loud"] => {
                self.nature.acknowledges = true;
                self.bridge().nature.acknowledges = true;
            }
            ["hash"] => self.nature.wire_hash ^= 1,
            ["revision", revision] => {
                self.nature.revision = number(revision) as u8;
            }
            ["session"] => self.set_session(true),
            ["no_session"] => self.set_session(false),
            ["window", messages, bytes] => {
                self.nature.window = (number(messages) as u8, number(bytes) as u16)
            }
            ["say", name] => self.bridge().say(status(name)),
            ["message", topic, payload] => self.message(0, topic, payload.as_bytes(), &[]),
            ["message_bytes", topic, length] => {
                self.message(0, topic, &vec![b'x'; number(length) as usize], &[])
            }
            ["message2", id, topic, payload, ref options @ ..] => {
                self.message(number(id) as u16, topic, payload.as_bytes(), options);
            }
            ["released", id] => self.bridge().event(event::Released {
                packet_id: number(id) as u16,
            }),
            ["clock", unix_time] => self.bridge().event(event::Time {
                unix_time: number(unix_time),
            }),
            ["ack", "received"] => self.acknowledge(Outcome::Received, Reason::None),
            ["ack"] => self.acknowledge(Outcome::Delivered, Reason::None),
            ["ack", reason] => self.acknowledge(Outcome::Rejected, reason_of(reason)),
            ["error_publish", reason] => {
                let open = self.bridge().open.pop_front().expect("a publication is open");
                let (Open::Publish(number) | Open::Release(number)) = open;
                let reason = reason_of(reason);
                self.bridge().event(event::Error {
                    op: 0x22,
                    number,
                    reason,
                });
            }
            ["answer", ref word @ ..] => self.answer(word.first().copied()),
            ["error", reason] => {
                let (number, _) = self.bridge().asked.pop_front().expect("a command is open");
                self.bridge().event(event::Error {
                    op: 0x3f,
                    number,
                    reason: reason_of(reason),
                });
            }
            ["freeze"] => self.frozen = true,
            ["thaw"] => self.frozen = false,
            ["mute"] => self.muted = true,
            ["crash"] => self.boot(),
            ["absent"] => (self.bridge, self.absent) = (None, true),
            ["present"] => {
                self.absent = false;
                self.boot();
            }
            _ => panic!("the script says {words:?}"),
        }
    }

    fn bridge(&mut self) -> &mut Bridge {
        self.bridge.as_mut().expect("the bridge is there")
    }

    fn message(&mut self, packet_id: u16, topic: &str, payload: &[u8], options: &[&str]) {
        let qos = if packet_id == 0 {
            QoS::AtLeastOnce
        } else {
            QoS::ExactlyOnce
        };
        self.bridge().event(event::Message {
            topic,
            payload,
            retained: false,
            dup: false,
            qos,
            packet_id,
            properties: properties_of(options),
        });
    }

    fn set_session(&mut self, present: bool) {
        self.nature.session = present;
        if let Some(bridge) = &mut self.bridge {
            bridge.nature.session = present;
        }
    }

    fn boot(&mut self) {
        (self.bridge, self.frozen, self.muted) = (None, false, false);
        self.boots_at = Some(self.now.wrapping_add(BOOT_MS));
    }

    /// Lets time pass, a millisecond at a time.
    pub(crate) fn run(&mut self, ms: u32) {
        for _ in 0..ms {
            self.now = self.now.wrapping_add(1);
            self.host.handle_timeout(self.now);
            if self.host.reset_asserted() {
                self.boot();
            } else if self.boots_at == Some(self.now) && !self.absent {
                self.boots_at = None;
                self.epoch += 1;
                self.bridge = Some(Bridge::start(self.nature.clone(), self.epoch, self.now));
            }
            self.clock_bits();
            self.look();
        }
    }

    fn clock_bits(&mut self) {
        let Some(bridge) = self
            .bridge
            .as_mut()
            .filter(|_| !self.frozen && !self.host.reset_asserted())
        else {
            return;
        };
        let quiet = self.host.link().is_quiet() && bridge.link.is_quiet();
        for _ in 0..if quiet { 8 } else { 400 } {
            let (to_bridge, to_host) = (self.host.link_mut().output_bit(), bridge.link.output_bit());
            self.host.link_mut().input_bit(to_host);
            bridge.link.input_bit(to_bridge);
        }
        if self.muted {
            bridge.link.handle_timeout(self.now);
        } else {
            bridge.service(self.now, &mut self.trace);
        }
    }

    /// Lets the start-up pass; what it says is the subject of other tests.
    fn up(&mut self) {
        self.run(2_000);
        assert!(
            self.host.ready(),
            "the bridge did not come up:\n{}",
            self.trace.join("\n")
        );
        self.trace.clear();
    }

    fn say(&mut self, line: String) {
        self.trace.push(format!("  {line}"));
    }

    fn look(&mut self) {
        while let Some(event) = self.host.poll_event() {
            self.say(format!("* {}", show(&event)));
        }
        while let Some((id, receipt)) = self.host.poll_receipt() {
            self.say(format!("= {} {receipt}", id.number()));
        }
        for index in 0..self.calls.len() {
            if let Some(result) = self.host.poll_call(self.calls[index]) {
                self.say(format!("= call {index} {result:?}"));
            }
        }
    }

    fn will(&mut self, topic: &str, payload: &str) {
        let leak = |text: &str| -> &'static str { text.to_owned().leak() };
        let (topic, payload) = (leak(topic), leak(payload));
        self.host
            .set_will(Some(Will::new(topic, payload.as_bytes())))
            .expect("the will is valid");
    }

    fn publish(&mut self, topic: &str, payload: &[u8], options: &[&str]) {
        let mut publish = if options.contains(&"qos0") {
            Publish::qos0()
        } else if options.contains(&"qos2") {
            Publish::qos2()
        } else {
            Publish::qos1()
        };
        if options.contains(&"retain") {
            publish = publish.retain();
        }
        if options.contains(&"latest") {
            publish = publish.latest_only();
        }
        if let Some(ms) = options.iter().find_map(|option| option.strip_prefix("ttl=")) {
            publish = publish.ttl(Duration::from_millis(number(ms).into()));
        }
        let properties = properties_of(options);
        match self.host.publish_with(topic, payload, properties, publish) {
            Ok(id) => self.say(format!("publication {}", id.number())),
            Err(error) => self.say(format!("! {error}")),
        }
    }

    fn flood(&mut self, count: u32) {
        let before = self.host.open_publishes();
        for _ in 0..count {
            while self.host.publish("flood", b"", Publish::qos1()).is_err() {
                self.run(1);
            }
            self.trace.clear();
        }
        while self.host.open_publishes() > before {
            self.run(1);
        }
        self.trace.clear();
    }

    fn unsubscribe_with(&mut self, index: usize, options: &[&str]) {
        let id = self.subscriptions[index];
        if let Err(error) = self.host.unsubscribe_with(id, properties_of(options)) {
            self.say(format!("! {error}"));
        }
    }

    fn take(&mut self, id: SubscriptionId) {
        let line = self.host.message(id).map(|message| {
            let properties = properties(message.properties);
            format!("< {} {:?}{properties}", message.topic, text(message.payload))
        });
        self.host.take_message(id);
        self.say(line.unwrap_or_else(|| "nothing".to_owned()));
    }

    fn filters(&mut self) {
        for index in 0..self.subscriptions.len() {
            let state = self.host.subscription(self.subscriptions[index]);
            self.say(format!("subscription {index} {state:?}"));
        }
    }

    fn call(&mut self, name: &str) {
        let command: Command<'_> = match name {
            "memory" => command::Memory {}.into(),
            "ping" => command::Ping { nonce: 7 }.into(),
            "restart" => command::Restart {}.into(),
            "publish" => command::Publish {
                topic: "a",
                payload: b"",
                retain: false,
                qos: QoS::AtMostOnce,
                packet_id: 0,
                properties: b"",
            }
            .into(),
            "release" => command::Release { packet_id: 1 }.into(),
            "complete" => command::Complete {
                packet_id: 1,
                known: true,
            }
            .into(),
            _ => panic!("the script calls {name}"),
        };
        match self.host.call(&command) {
            Ok(id) => self.calls.push(id),
            Err(error) => self.say(format!("! {error}")),
        }
    }

    fn acknowledge(&mut self, outcome: Outcome, reason: Reason) {
        let open = self.bridge().open.pop_front().expect("a publication is open");
        self.bridge().acknowledge(open, outcome, reason);
    }

    fn answer(&mut self, word: Option<&str>) {
        let (number, name) = self.bridge().asked.pop_front().expect("a command is open");
        let reason = word
            .filter(|word| !word.starts_with(char::is_numeric))
            .map_or(Reason::None, reason_of);
        let unix_time = word.and_then(|word| word.parse().ok()).unwrap_or(0);
        let bridge = self.bridge();
        match name {
            "will" => bridge.reply(number, reply::Will { reason }),
            "configure" => {
                let cause = fivewire_host::wire::ResetCause::PowerOn;
                bridge.reply(
                    number,
                    reply::Configure {
                        publish_messages: 4,
                        publish_bytes: 2048,
                        cause,
                        reason,
                    },
                );
            }
            "subscribe" => bridge.reply(
                number,
                reply::Subscribe {
                    granted: QoS::AtMostOnce,
                    reason,
                },
            ),
            "unsubscribe" => bridge.reply(number, reply::Unsubscribe { reason }),
            "memory" => bridge.reply(number, reply::Memory { free: 1, used: 2 }),
            "get_time" => bridge.reply(number, reply::GetTime { unix_time }),
            name => panic!("the script answers {name}"),
        }
    }
}

/// Close to the counter's wrap, so that every script crosses it.
const START: u32 = u32::MAX - 500;

fn number(word: &str) -> u32 {
    word.parse()
        .unwrap_or_else(|_| panic!("the script has {word} for a number"))
}

fn properties_of<'w>(options: &[&'w str]) -> &'w [u8] {
    let given = options
        .iter()
        .find_map(|option| option.strip_prefix("properties="));
    given.unwrap_or_default().as_bytes()
}

fn status(name: &str) -> Status {
    let found = Status::ALL.iter().copied().find(|status| status.name() == name);
    found.unwrap_or_else(|| Status::from_code(number(name) as u8))
}

fn reason_of(name: &str) -> Reason {
    let found = Reason::ALL.iter().copied().find(|reason| reason.name() == name);
    found.unwrap_or_else(|| panic!("the script has {name} for a reason"))
}

fn show(event: &Event) -> String {
    match event {
        Event::Started { count } => format!("started {count}"),
        Event::Wifi(up) => format!("wifi {}", if *up { "up" } else { "down" }),
        Event::Crashed(crash) => format!("crashed: {crash}"),
        Event::Status {
            status: Status::Unknown(code),
            ..
        } => format!("status {code:#x}"),
        Event::Status { status, detail: 0 } => format!("status {}", status.name()),
        Event::Status { status, detail } => format!("status {} {detail}", status.name()),
        Event::State(transition) => transition.to_string(),
        Event::Log { level, line } => format!("log {} {line}", level.name()),
        Event::Subscribed { id, granted } => format!("subscribed {} qos {}", id.number(), granted.number()),
        Event::SubscribeRefused { id, reason } => {
            format!("subscription {} refused: {}", id.number(), reason.name())
        }
        Event::Time {
            unix_time,
            local_time,
        } => format!("time {unix_time} local {local_time}"),
    }
}
