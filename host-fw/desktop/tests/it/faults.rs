//! The faults of the MicroPython system, each turned into a test of the two programs; and mosquitto's own tools, which
//! publish and subscribe beside them.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::broker::Broker;
use crate::pair::{Pair, Program, count};

/// What `mosquitto_sub` saw.
pub(crate) struct Seen {
    pub(crate) payload: Vec<u8>,
    pub(crate) retained: bool,
}

/// `mosquitto_sub` with QoS 1.
pub(crate) struct Subscriber(Program);

const MESSAGE: &str = "message: ";

impl Subscriber {
    /// Subscribes; returns when the broker has granted it.
    pub(crate) fn start(port: u16, filter: &str) -> Self {
        let format = format!("{MESSAGE}%r %x");
        let arguments = [
            "-oL",
            "mosquitto_sub",
            "-h",
            "127.0.0.1",
            "-p",
            &port.to_string(),
            "-d",
            "-q",
            "1",
            "-t",
            filter,
            "-F",
            &format,
        ];
        // It gives up at once where a busy broker lets it wait; only a broker that is not there is a failure.
        for _ in 0..20 {
            let mut subscriber = Self(Program::start(Path::new("stdbuf"), &arguments));
            while let Some(line) = subscriber.0.next_line() {
                if line.starts_with("Subscribed") {
                    return subscriber;
                }
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("mosquitto_sub cannot subscribe to {filter} at port {port}");
    }

    /// The next message.
    pub(crate) fn next(&mut self) -> Seen {
        loop {
            let line = self.0.next_line().unwrap();
            if let Some(message) = line.strip_prefix(MESSAGE) {
                let (retained, hex) = message.split_once(' ').unwrap();
                return Seen {
                    payload: from_hex(hex),
                    retained: retained == "1",
                };
            }
        }
    }
}

fn from_hex(hex: &str) -> Vec<u8> {
    let digits = hex
        .as_bytes()
        .chunks(2)
        .map(|pair| std::str::from_utf8(pair).unwrap());
    digits.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
}

/// `mosquitto_pub` with QoS 1; any bytes.
pub(crate) fn publish(port: u16, topic: &str, payload: &[u8], retain: bool) {
    let mut command = Command::new("mosquitto_pub");
    command.args(["-h", "127.0.0.1", "-q", "1", "-p", &port.to_string(), "-t", topic]);
    // It takes no empty payload from its standard input.
    command.arg(if payload.is_empty() { "-n" } else { "-s" });
    if retain {
        command.arg("-r");
    }
    let mut process = command.stdin(Stdio::piped()).spawn().unwrap();
    process.stdin.take().unwrap().write_all(payload).unwrap();
    assert!(process.wait().unwrap().success());
}

/// A handler that never came (old: exact match only), wherever the wildcard stands.
#[test]
fn wildcard_subscriptions_reach_their_handler() {
    let broker = Broker::start();
    let filters = ["--subscribe", "room/+/light", "--subscribe", "yard/#"];
    let mut pair = Pair::start(broker.port, &filters);
    for _ in 0..3 {
        pair.host.expect("subscribed", |_| true);
    }
    for topic in ["room/7/light", "yard", "yard/gate/left"] {
        publish(broker.port, topic, b"on", false);
        pair.host.expect("message", |message| message["topic"] == topic);
    }
    publish(broker.port, "room/7/8/light", b"no", false);
    publish(broker.port, "yard/end", b"on", false);
    let between = pair.host.expect("message", |_| true);
    assert_eq!(between["topic"], "yard/end");
}

/// Any of these killed the bridge, split the message, or added arguments to the callback.
#[test]
fn payloads_of_any_bytes_arrive_intact() {
    let broker = Broker::start();
    let mut pair = Pair::start(broker.port, &["--subscribe", "bytes"]);
    for _ in 0..2 {
        pair.host.expect("subscribed", |_| true);
    }
    let every: Vec<u8> = (0..=255).collect();
    let payloads: [&[u8]; 7] = [
        b"",
        b"\0",
        b"a\x7fb\x7f",
        b"\0\0\0",
        b"\xff\xfe\xc0",
        "é€ü".as_bytes(),
        &every,
    ];
    for payload in payloads {
        publish(broker.port, "bytes", payload, false);
        let message = pair.host.expect("message", |message| message["topic"] == "bytes");
        assert_eq!(from_hex(message["payload_hex"].as_str().unwrap()), payload);
    }
}

/// The tail behind a zero byte was parsed as a command of the bridge: anyone could reset it or forge a status.
#[test]
fn a_payload_cannot_forge_what_the_bridge_says() {
    let broker = Broker::start();
    let mut pair = Pair::running(broker.port, &["--interval", "0.1"]);
    let forged: [&[u8]; 4] = [
        b"x\0t\x7f6\0",
        b"x\0t\x7f8\0",
        b"\0\x60\xc1\0\0\x60\xc1\x12\x34\0",
        b"x\0i\x7f1\0",
    ];
    for payload in forged {
        publish(broker.port, "green", payload, true);
        pair.host.expect("message", |message| message["topic"] == "green");
    }
    let said = pair.host.listen(Duration::from_millis(500));
    let upset = |value: &&serde_json::Value| {
        ["status", "crashed", "time", "wifi"]
            .iter()
            .any(|kind| value["event"] == *kind)
    };
    assert_eq!(said.iter().find(upset), None);
    assert!(said.iter().any(|value| value["receipt"] == "delivered"));
}

/// An exception in a callback killed the host's one task; the link was dead for ever.
#[test]
fn a_panicking_handler_does_not_stop_the_link() {
    let broker = Broker::start();
    let mut pair = Pair::running(broker.port, &["--interval", "0.1", "--drill"]);
    for _ in 0..2 {
        publish(broker.port, "green", b"panic", false);
        pair.host
            .expect("handler_panicked", |panic| panic["topic"] == "green");
    }
    let next = count(&pair.host.expect("queued", |_| true));
    pair.host.expect("receipt", |receipt| {
        count(receipt) == next && receipt["receipt"] == "delivered"
    });
    publish(broker.port, "green", b"on", false);
    crate::demo::wait_for("host LED", || pair.wires.is_host_led_lit());
}

/// The link has a thread of its own: it goes on clocking although the watchdog is shorter than the handler's sleep.
#[test]
fn a_slow_handler_does_not_stop_the_link() {
    let broker = Broker::start();
    let mut pair = Pair::running(
        broker.port,
        &["--interval", "0.1", "--drill", "--set", "timeout=1"],
    );
    publish(broker.port, "green", b"sleep 3", false);
    let slept = pair.host.expect("message", |_| true);
    assert_eq!(slept["payload"], "sleep 3");
    let said = pair.host.listen(Duration::from_secs(4));
    let upset = |value: &&serde_json::Value| value["event"] == "crashed" || value["event"] == "wifi";
    assert_eq!(said.iter().find(upset), None);
    assert!(
        said.iter().any(|value| value["receipt"] == "delivered"),
        "{said:?}"
    );
    let bridge = pair.bridge.listen(Duration::from_millis(100));
    assert!(
        bridge.iter().filter(|value| value["event"] == "held").count() <= 1,
        "{bridge:?}"
    );
}

/// The old bridge gave up and was reset every 6.6 s until the broker was there.
#[test]
fn a_broker_that_is_off_at_power_up_is_waited_for() {
    let mut broker = Broker::absent("allow_anonymous true");
    let mut pair = Pair::start(broker.port, &["--interval", "0.05", "--count", "4"]);
    pair.host
        .expect("status", |status| status["status"] == "broker_down");
    broker.run();
    let said = pair.host.finish();
    assert_eq!(
        said.iter()
            .filter(|value| value["receipt"] == "delivered")
            .count(),
        4
    );
    assert!(!said.iter().any(|value| value["event"] == "crashed"));
}

/// The old bridge waited for ever on an access point that is away.
#[test]
fn an_access_point_that_vanishes_costs_nothing_but_time() {
    let broker = Broker::start();
    let mut pair = Pair::running(broker.port, &["--interval", "0.05", "--count", "40"]);
    pair.wires.set_access_point_on_air(false);
    pair.host.expect("wifi", |wifi| wifi["up"] == false);
    std::thread::sleep(Duration::from_millis(300));
    pair.wires.set_access_point_on_air(true);
    let said = pair.host.finish();
    assert!(
        said.iter()
            .any(|value| value["event"] == "wifi" && value["up"] == true)
    );
    let last = said
        .iter()
        .rfind(|value| value["receipt"] == "delivered")
        .unwrap();
    assert_eq!(count(last), 39);
}
