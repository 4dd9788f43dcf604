//! Both translators, string against string: what a host says arrives at the bridge, and the other way round. And
//! either one against anything at all.

use std::collections::BTreeMap;

use fivewire_text::{StockBridge, StockHost, Translator};
use fivewire_wire::command::{self, Command};
use fivewire_wire::config::Config;
use fivewire_wire::event::{self, Event};
use fivewire_wire::reply::{self, Reply};
use fivewire_wire::{Outcome, QoS, Reason, ReplyMessage, ResetCause, Status, Ticket};
use proptest::prelude::*;

use crate::rig::Rig;

/// A host's translator and a bridge's, with a bridge behind that does everything at once.
struct Pair {
    bridge: Rig<StockBridge>,
    host: Rig<StockHost>,
    /// Commands that arrived, as bodies.
    arrived: Vec<Vec<u8>>,
    /// Replies and events that arrived at the host.
    told: Vec<Vec<u8>>,
}

impl Pair {
    fn new() -> Self {
        let (mut bridge, mut host) = (Rig::new(StockBridge::new()), Rig::new(StockHost::new()));
        (bridge.keeps_bodies, host.keeps_bodies) = (true, true);
        Pair {
            bridge,
            host,
            arrived: Vec::new(),
            told: Vec::new(),
        }
    }

    fn running() -> Self {
        let mut pair = Self::new();
        pair.command(configure(Config {
            ssid: "net",
            password: "secret",
            broker: "b",
            ..Config::DEFAULT
        }));
        let statuses = [
            Status::StoredNetwork,
            Status::WifiUp,
            Status::BrokerCheck,
            Status::BrokerOk,
            Status::Running,
        ];
        for status in statuses {
            pair.event(event::Status { status, detail: 0 });
        }
        pair.arrived.clear();
        pair.told.clear();
        pair
    }

    fn command<'c>(&mut self, command: impl Into<Command<'c>>) -> u8 {
        let command = command.into();
        let number = self.bridge.body(|out| command.encode(out).expect("it fits"));
        self.settle();
        number
    }

    fn event<'e>(&mut self, event: impl Into<Event<'e>>) {
        let event = event.into();
        self.host.body(|out| event.encode(out).expect("it fits"));
        self.settle();
    }

    /// Lets everything happen that follows.
    fn settle(&mut self) {
        loop {
            let strings: Vec<_> = self.bridge.said.drain(..).collect();
            let back: Vec<_> = self.host.said.drain(..).collect();
            if strings.is_empty() && back.is_empty() {
                break;
            }
            strings.iter().for_each(|string| self.host.string(string));
            back.iter().for_each(|string| self.bridge.string(string));
            self.answer();
        }
        while let Some((_, body)) = self.bridge.take_body() {
            self.told.push(body);
        }
    }

    fn answer(&mut self) {
        while let Some((number, body)) = self.host.take_body() {
            match Command::decode(&body).expect("a translator writes what can be read") {
                Command::Will(_) => self.reply::<reply::Will>(number, &reply::Will { reason: Reason::None }),
                Command::Configure(_) => self.reply::<reply::Configure>(
                    number,
                    &reply::Configure {
                        publish_messages: 8,
                        publish_bytes: 4096,
                        cause: ResetCause::PowerOn,
                        reason: Reason::None,
                    },
                ),
                Command::Publish(_) => self.reply::<reply::Publish>(
                    number,
                    &reply::Publish {
                        outcome: Outcome::Delivered,
                        reason: Reason::None,
                    },
                ),
                Command::Subscribe(subscribe) => self.reply::<reply::Subscribe>(
                    number,
                    &reply::Subscribe {
                        granted: subscribe.qos,
                        reason: Reason::None,
                    },
                ),
                Command::GetTime(_) => self.reply::<reply::GetTime>(
                    number,
                    &reply::GetTime {
                        unix_time: 1_767_225_600,
                    },
                ),
                Command::Memory(_) => {
                    self.reply::<reply::Memory>(number, &reply::Memory { free: 9, used: 8 })
                }
                _ => {}
            }
            self.arrived.push(body);
        }
    }

    fn reply<R: ReplyMessage>(&mut self, number: u8, reply: &R::At<'_>) {
        self.host
            .body(|out| Ticket::<R>::new(number).reply(reply, out).expect("it fits"));
    }

    fn last_reply(&self) -> Option<(u8, Reply)> {
        Reply::decode(self.told.last()?).ok()
    }
}

fn configure(settings: Config<'_>) -> command::Configure<'_> {
    command::Configure {
        inbox_messages: 4,
        inbox_bytes: 2048,
        next_packet_id: 1,
        resumed: false,
        settings,
    }
}

const TEXT: &str = "[\\x01-\\x7E]";

fn text(range: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = String> {
    let (min, max) = range.into_inner();
    proptest::string::string_regex(&format!("{TEXT}{{{min},{max}}}")).expect("a pattern")
}

proptest! {
    #[test]
    fn what_a_host_says_in_text_arrives_and_is_answered(
        topic in text(0..=128), payload in text(0..=1024), retain: bool, once: bool,
    ) {
        let qos = if once { QoS::AtLeastOnce } else { QoS::AtMostOnce };
        let mut pair = Pair::running();
        let publish = command::Publish { topic: &topic, payload: payload.as_bytes(), retain, qos, packet_id: 0, properties: b"" };
        let number = pair.command(publish);
        prop_assert_eq!(Command::decode(&pair.arrived[0]), Ok(Command::Publish(publish)));
        let delivered = reply::Publish { outcome: Outcome::Delivered, reason: Reason::None };
        prop_assert_eq!(pair.last_reply(), Some((number, Reply::Publish(delivered))));

        let subscribe = command::Subscribe { filter: &topic, qos };
        let number = pair.command(subscribe);
        prop_assert_eq!(Command::decode(&pair.arrived[1]), Ok(Command::Subscribe(subscribe)));
        let granted = reply::Subscribe { granted: qos, reason: Reason::None };
        prop_assert_eq!(pair.last_reply(), Some((number, Reply::Subscribe(granted))));

        let number = pair.command(command::GetTime {});
        prop_assert_eq!(pair.last_reply(), Some((number, Reply::GetTime(reply::GetTime { unix_time: 1_767_225_600 }))));
        let number = pair.command(command::Memory {});
        prop_assert_eq!(pair.last_reply(), Some((number, Reply::Memory(reply::Memory { free: 9, used: 8 }))));
        let number = pair.command(command::Ping { nonce: 5 });
        prop_assert_eq!(pair.last_reply(), Some((number, Reply::Ping(reply::Ping { nonce: 5 }))));
        prop_assert_eq!(pair.arrived.len(), 5, "a ping asks for the memory");
    }

    #[test]
    fn a_message_arrives_and_is_accepted(topic in text(0..=128), payload in text(0..=1024), retained: bool) {
        let mut pair = Pair::running();
        let message = event::Message {
            topic: &topic, payload: payload.as_bytes(), retained,
            dup: false, qos: QoS::AtMostOnce, packet_id: 0, properties: b"",
        };
        pair.event(message);
        prop_assert_eq!(Event::decode(&pair.told[0]), Ok(Event::Message(message)));
        while let Some((_, body)) = pair.host.take_body() {
            pair.arrived.push(body);
        }
        prop_assert!(matches!(Command::decode(&pair.arrived[0]), Ok(Command::Accept(_))));
        // What comes now could be forged, and is proved to be none.
        let publish = command::Publish { topic: "a", payload: b"", retain: false, qos: QoS::AtLeastOnce, packet_id: 0, properties: b"" };
        let number = pair.command(publish);
        let delivered = reply::Publish { outcome: Outcome::Delivered, reason: Reason::None };
        prop_assert_eq!(pair.last_reply(), Some((number, Reply::Publish(delivered))));
        prop_assert_eq!(pair.bridge.translator.stats().proofs, 1);
    }

    #[test]
    fn will_and_configuration_arrive_whole(
        ssid in text(1..=32), password in text(0..=63), broker in text(1..=64), name in "[a-z.]{0,64}",
        payload in text(0..=256), flags: [bool; 6], port: u16, keep_alive in 5..3600u16, max_repubs in 0..20u8,
        response_time in 1..300u16, ping_interval in 0..3600u16,
    ) {
        let [retain, use_default_net, tls, fast, debug, clean] = flags;
        let mut pair = Pair::new();
        let will = command::Will { topic: &broker, payload: payload.as_bytes(), retain, qos: QoS::AtLeastOnce };
        let number = pair.command(will);
        prop_assert_eq!(Command::decode(&pair.arrived[0]), Ok(Command::Will(will)));
        prop_assert_eq!(Reply::decode(&pair.told[0]), Ok((number, Reply::Will(reply::Will { reason: Reason::None }))));
        let settings = Config {
            ssid: &ssid, password: &password, broker: &broker, tls_server_name: &name, mqtt_user: &ssid,
            mqtt_password: &password, use_default_net, port, tls, fast, debug, clean, keep_alive, max_repubs,
            response_time, ping_interval, timeserver: &broker, tls_verify: !tls, ..Config::DEFAULT
        };
        pair.command(configure(settings));
        let Ok(Command::Configure(arrived)) = Command::decode(&pair.arrived[1]) else {
            return Err(TestCaseError::fail("no configuration"));
        };
        prop_assert_eq!(arrived.settings, Config { tls_verify: true, ..settings });
    }
}

/// Anything that can happen to a translator.
#[derive(Clone, Debug)]
enum Step {
    Body(Vec<u8>),
    String(Vec<u8>),
    Dropped,
    Wait(u32),
    Slow,
    Fast,
}

fn commands() -> impl Strategy<Value = Vec<u8>> {
    let examples: Vec<Vec<u8>> = command::EXAMPLES
        .iter()
        .map(|command| encoded(|out| command.encode(out)))
        .collect();
    prop_oneof![9 => prop::sample::select(examples), 1 => prop::collection::vec(any::<u8>(), 1..40)]
}

fn news() -> impl Strategy<Value = Vec<u8>> {
    let mut examples: Vec<Vec<u8>> = event::EXAMPLES
        .iter()
        .map(|event| encoded(|out| event.encode(out)))
        .collect();
    let statuses = Status::ALL.iter().filter(|status| status.code().is_some());
    examples.extend(statuses.map(|status| {
        encoded(|out| {
            event::Status {
                status: *status,
                detail: 0,
            }
            .encode(out)
        })
    }));
    examples.extend(
        [
            &b"\xA0\x00\x01"[..],
            b"\xA0\x01\x02\x05",
            b"\xB0\x02\x01",
            b"\x90\x03",
            b"\x91\x04",
            b"\x95\x05",
            b"\x96\x06\x01\x02",
        ]
        .map(<[u8]>::to_vec),
    );
    prop_oneof![9 => prop::sample::select(examples), 1 => prop::collection::vec(any::<u8>(), 1..40)]
}

fn encoded<E: std::fmt::Debug>(
    write: impl FnOnce(&mut fivewire_wire::Writer<'_>) -> Result<(), E>,
) -> Vec<u8> {
    let mut buffer = [0; 2048];
    let mut out = fivewire_wire::Writer::new(&mut buffer);
    write(&mut out).expect("it fits");
    out.written().to_vec()
}

fn strings(known: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    let known: Vec<Vec<u8>> = known
        .iter()
        .map(|string| string.replace('|', "\x7F").into_bytes())
        .collect();
    prop_oneof![9 => prop::sample::select(known), 1 => prop::collection::vec(1..0x80u8, 1..40)]
}

const OF_BRIDGES: &[&str] = &[
    "t|0",
    "t|1",
    "t|2",
    "t|3",
    "t|4",
    "t|5",
    "t|6|Unknown command:|x",
    "t|7",
    "t|8",
    "t|9",
    "t|10",
    "t|11",
    "t",
    "u|green|on|False",
    "u|green|on",
    "u|green|on|True|x",
    "i|820454400",
    "i|0",
    "m|1|2",
    "m|1",
];
const OF_HOSTS: &[&str] = &[
    "1",
    "i",
    "m",
    "p|result|42|0|1",
    "p|result|42",
    "s|green|1",
    "s|green",
    "w|result|died|False|0",
    "w",
    "x|y",
    "init|net|secret|b|||{}|1|0|0|1|60|0|1|4|10|0|pool.ntp.org",
    "init|net",
];

fn steps(
    body: impl Strategy<Value = Vec<u8>>,
    string: impl Strategy<Value = Vec<u8>>,
) -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        8 => body.prop_map(Step::Body),
        12 => string.prop_map(Step::String),
        1 => Just(Step::Dropped),
        4 => (0..30_000u32).prop_map(Step::Wait),
        1 => Just(Step::Slow),
        2 => Just(Step::Fast),
    ];
    prop::collection::vec(step, 0..100)
}

/// Takes the steps as a link would: a body only when the translator is ready for it, a string only with room.
fn take<T: Translator>(rig: &mut Rig<T>, steps: &[Step]) {
    for step in steps {
        if rig.fault.is_some() {
            break;
        }
        let has_room = fivewire_text::Strings::room(&rig.strings) > 1400;
        match step {
            Step::Body(body) if rig.translator.is_ready() && has_room => {
                rig.body(|out| out.encoded(body).expect("it fits"));
            }
            Step::String(string) if has_room => rig.string(string),
            Step::Dropped if has_room => rig.dropped(),
            Step::Wait(ms) => rig.wait(*ms),
            Step::Slow => rig.fast_wires = false,
            Step::Fast => rig.fast_wires = true,
            Step::Body(_) | Step::String(_) | Step::Dropped => {}
        }
    }
}

proptest! {
    #[test]
    fn a_stock_bridge_is_bridged_whatever_comes(start: bool, steps in steps(commands(), strings(OF_BRIDGES))) {
        let mut rig = Rig::new(StockBridge::new());
        rig.keeps_bodies = true;
        if start {
            let settings = Config { ssid: "net", password: "", broker: "b", ..Config::DEFAULT };
            rig.body(|out| configure(settings).encode(out).expect("it fits"));
            for status in ["t\x7F1", "t\x7F0", "t\x7F5", "t\x7F9"] {
 rig.string(status.as_bytes());
}
        }
        take(&mut rig, &steps);
        let mut answers = BTreeMap::<u8, usize>::new();
        while let Some((_, body)) = rig.take_body() {
            match (Event::decode(&body), Reply::decode(&body)) {
                (Ok(Event::Error(error)), _) => *answers.entry(error.number).or_default() += 1,
                (Ok(_), _) => {}
                (_, Ok((number, _))) => *answers.entry(number).or_default() += 1,
                (Err(error), Err(_)) => return Err(TestCaseError::fail(error.to_string())),
            }
        }
        prop_assert!(answers.values().all(|times| *times == 1), "{answers:?}");
    }

    #[test]
    fn a_stock_host_is_hosted_whatever_comes(steps in steps(news(), strings(OF_HOSTS))) {
        let mut rig = Rig::new(StockHost::new());
        rig.keeps_bodies = true;
        take(&mut rig, &steps);
        prop_assert!(rig.fault.is_none() || rig.translator.stats().unreadable >= 3);
        while let Some((_, body)) = rig.take_body() {
            prop_assert!(Command::decode(&body).is_ok());
        }
    }
}
