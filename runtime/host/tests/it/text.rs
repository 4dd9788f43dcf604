//! The host before a bridge of the MicroPython system: what it refuses at the call, what it rejects because it could not
//! know then, and what reaches the bridge. The bridge answers at once; how real ones behave is runtime/text's business.

use fivewire_host::link::Clocked as _;
use fivewire_host::wire::{command, reply};
use fivewire_host::{
    CallError, Event, Host, LogLevel, Publish, PublishError, QoS, Reason, Receipt, SubscribeError,
    SubscriptionId, TextLimit, Will, link_settings,
};
use fivewire_text::{AnyLink, Opening, Role, Settings, StockBridge, TextLink};

use crate::script::CONFIG;

type TextHost = Host<'static, AnyLink<StockBridge>, 8, 1400, 3, 1500, 3>;

/// Both ends and the wires between them.
struct World {
    host: TextHost,
    bridge: TextLink<512, 512>,
    /// The host's bit on its wire; none while the bridge is held in reset.
    wire: Option<bool>,
    now: u32,
    /// The strings that the bridge got, with `|` between fields, but for those of its start.
    told: Vec<String>,
    warnings: Vec<String>,
}

impl World {
    fn new() -> Self {
        let link = AnyLink::new(link_settings(&CONFIG, 1), StockBridge::new());
        Self {
            host: Host::with_link(CONFIG, link, 0).expect("the configuration is valid"),
            bridge: TextLink::new(Settings::new(Role::Responder)),
            wire: None,
            now: 0,
            told: Vec::new(),
            warnings: Vec::new(),
        }
    }

    fn running() -> Self {
        let mut world = Self::new();
        world.until_ready();
        world
    }

    fn until_ready(&mut self) {
        self.until(|world| world.host.ready());
        assert!(self.host.is_text());
    }

    fn until(&mut self, mut done: impl FnMut(&mut Self) -> bool) {
        while !done(self) {
            assert!(self.now < 60_000, "nothing came of it: {:?}", self.told);
            self.step();
        }
    }

    fn run(&mut self, ms: u32) {
        (0..ms).for_each(|_| self.step());
    }

    /// A millisecond.
    fn step(&mut self) {
        self.now += 1;
        self.host.handle_timeout(self.now);
        while let Some(event) = self.host.poll_event() {
            if let Event::Log {
                level: LogLevel::Warn,
                line,
            } = event
            {
                self.warnings.push(line.as_str().to_owned());
            }
        }
        if self.host.reset_asserted() {
            self.wire = None;
            return;
        }
        if self.wire.is_none() {
            self.bridge.start(self.now, Opening::AtOnce);
            self.wire = Some(self.host.link_mut().output_bit());
        }
        (0..200).for_each(|_| self.exchange());
        self.bridge.handle_timeout(self.now);
        self.answer();
    }

    fn exchange(&mut self) {
        let to_host = self.bridge.output_bit();
        self.bridge.input_bit(self.wire.unwrap_or_default());
        self.wire = Some(self.host.link_mut().output_bit());
        self.host.link_mut().input_bit(to_host);
    }

    fn answer(&mut self) {
        while let Some(string) = self.bridge.receive() {
            let string = String::from_utf8_lossy(string).replace('\x7f', "|");
            self.bridge.release();
            let answers: &[&str] = match string.split('|').next().expect("a word") {
                "w" => &["t\x7f7"],
                "init" => &["t\x7f2", "t\x7f1", "t\x7f0", "t\x7f5", "t\x7f9"],
                "p" => &["t\x7f4"],
                "m" => &["m\x7f27000\x7f10000"],
                _ => &[],
            };
            for answer in answers {
                self.bridge.send(answer.as_bytes()).expect("room");
            }
            if !string.starts_with("init") {
                self.told.push(string);
            }
        }
    }

    fn publish(&mut self, payload: &[u8], options: Publish) -> Result<(), PublishError> {
        self.host.publish("a", payload, options).map(drop)
    }

    fn receipts(&mut self, count: usize) -> Vec<Receipt> {
        let mut receipts = Vec::new();
        while receipts.len() < count {
            assert!(self.now < 60_000, "only {receipts:?}");
            self.step();
            receipts.extend(std::iter::from_fn(|| self.host.poll_receipt()).map(|(_, receipt)| receipt));
        }
        receipts
    }

    fn subscribe(&mut self, filter: &str) -> Result<SubscriptionId, SubscribeError> {
        self.host.subscribe(filter, QoS::AtLeastOnce)
    }
}

#[test]
fn what_a_string_cannot_say_is_refused_at_the_call() {
    let mut world = World::running();
    for bytes in [&b"\0"[..], b"a\x7f", b"\x80", "é".as_bytes()] {
        let refused = Err(PublishError::NotInText(TextLimit::Bytes));
        assert_eq!(world.publish(bytes, Publish::qos1()), refused);
    }
    let not = |limit| Err(PublishError::NotInText(limit));
    assert_eq!(world.publish(b"1", Publish::qos2()), not(TextLimit::ExactlyOnce));
    let host = &mut world.host;
    let with = host.publish_with("a", b"1", b"\x01\x01", Publish::qos1());
    assert_eq!(with.map(drop), not(TextLimit::Properties));
    assert_eq!(
        host.publish("é", b"1", Publish::qos1()).map(drop),
        not(TextLimit::Bytes)
    );
    assert_eq!(host.set_will(Some(Will::new("a", b"\0"))), not(TextLimit::Bytes));
    let refused = SubscribeError::NotInText(TextLimit::Bytes);
    assert_eq!(world.subscribe("é/#"), Err(refused));
    world.run(100);
    assert!(world.told.is_empty(), "{:?}", world.told);
    assert_eq!(world.publish(b"\x01 ~", Publish::qos1()), Ok(()));
    assert_eq!(world.receipts(1), [Receipt::Delivered]);
    assert_eq!(world.told, ["p|a|\x01 ~|0|1"]);
}

#[test]
fn what_was_accepted_before_the_bridge_was_known_is_rejected_and_told() {
    let mut world = World::new();
    world.publish(b"\xff", Publish::qos1()).expect("accepted");
    world.publish(b"1", Publish::qos2()).expect("accepted");
    world.publish(b"2", Publish::qos1()).expect("accepted");
    let rejected = Receipt::Rejected(Reason::Unsupported);
    assert_eq!(world.receipts(3), [rejected, rejected, Receipt::Delivered]);
    assert_eq!(world.told, ["p|a|2|0|1"]);
    let told = |limit: TextLimit| world.warnings.contains(&limit.to_string());
    assert!(
        told(TextLimit::Bytes) && told(TextLimit::ExactlyOnce),
        "{:?}",
        world.warnings
    );
}

#[test]
fn that_everything_is_retained_is_said_once() {
    let mut world = World::running();
    for _ in 0..3 {
        world.publish(b"1", Publish::qos1()).expect("accepted");
    }
    world.receipts(3);
    let retained = world.warnings.iter().filter(|line| line.contains("retain"));
    assert_eq!(retained.count(), 1, "{:?}", world.warnings);
}

/// Given up here, and no longer asked for when the bridge has to be told everything anew.
#[test]
fn a_subscription_cannot_be_ended_but_given_up() {
    let mut world = World::running();
    let [kept, left] = ["kept", "left"].map(|filter| world.subscribe(filter).expect("accepted"));
    world.run(100);
    assert_eq!(world.told, ["s|kept|1", "s|left|1"]);
    let refused = Err(SubscribeError::NotInText(TextLimit::Unsubscribe));
    assert_eq!(world.host.unsubscribe(left), refused);
    assert_eq!(world.host.unsubscribe_with(left, b""), refused);
    assert_eq!(world.host.unsubscribe_filter("old", b""), refused);
    assert!(world.host.subscription(left).is_some());
    world.host.give_up(left);
    world.run(100);
    assert!(world.host.subscription(left).is_none() && world.host.subscription(kept).is_some());
    world.host.reset_bridge();
    world.until(|world| !world.host.running());
    world.until_ready();
    world.run(100);
    assert_eq!(world.told, ["s|kept|1", "s|left|1", "s|kept|1"]);
}

#[test]
fn other_commands_are_answered_as_far_as_there_are_words() {
    let mut world = World::running();
    let call = world.host.call(&command::Memory {}.into()).expect("accepted");
    let mut result = None;
    world.until(|world| {
        result = world.host.poll_call(call);
        result.is_some()
    });
    let memory = reply::Memory {
        free: 27_000,
        used: 10_000,
    };
    assert_eq!(result, Some(Ok(Some(memory.into()))));
    let identifier = command::Release { packet_id: 1 }.into();
    assert_eq!(world.host.call(&identifier), Err(CallError::Unsupported));
}

/// The engine counts no packet identifiers and asks for nothing that came later.
#[test]
fn the_bridge_amounts_to_revision_1() {
    let mut world = World::running();
    for count in 0..3 {
        world.publish(&[b'0' + count], Publish::qos1()).expect("accepted");
    }
    assert_eq!(world.receipts(3), [Receipt::Delivered; 3]);
    assert_eq!(world.told, ["p|a|0|0|1", "p|a|1|0|1", "p|a|2|0|1"]);
    assert_eq!(world.host.stats().resets, 1);
}
