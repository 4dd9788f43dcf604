//! The bridge's program before a MicroPython host, with a real broker behind it.

use std::time::Duration;

use fivewire_wires::Wires;
use serde_json::{Value, json};

use super::python;
use crate::broker::{Broker, Folder};
use crate::faults::{Subscriber, publish};
use crate::pair::{Program, start_bridge, wires_file};

/// The bridge's program, the Python host, and the wires between them.
struct Stock {
    folder: Folder,
    bridge: Program,
    host: Program,
}

impl Stock {
    /// The host does these things, and goes on.
    fn start(port: u16, actions: &[Value]) -> Self {
        Self::with(port, actions, &[], |_| {})
    }

    fn with(port: u16, actions: &[Value], arguments: &[&str], prepare: impl FnOnce(&Wires)) -> Self {
        let folder = Folder::new();
        prepare(&Wires::open_or_create(wires_file(&folder)).unwrap());
        let bridge = start_bridge(&folder);
        let (actions, init) = (
            actions.iter().map(Value::to_string),
            json!({"8": port, "17": "127.0.0.1"}),
        );
        let (actions, init): (Vec<_>, _) = (actions.collect(), init.to_string());
        // A bit may take two seconds of real time: far more than it does, however busy the machine is.
        let mut all = vec!["--stay", "--timeout", "100", "--init", &init];
        all.extend(actions.iter().flat_map(|action| ["--do", action]));
        all.extend(arguments);
        let host = python("host.py", &folder, &all);
        Self { folder, bridge, host }
    }

    fn expect_string(&mut self, fields: &[&str]) {
        self.host
            .expect("string", |string| string["fields"] == json!(fields));
    }

    fn expect_warning(&mut self, words: &str) {
        let has_words =
            |line: &Value| line["level"] == "warn" && line["line"].as_str().unwrap().contains(words);
        self.bridge.expect("log", has_words);
    }
}

#[test]
fn start_publish_subscribe_and_memory() {
    let broker = Broker::start();
    let mut live = Subscriber::start(broker.port, "result");
    let actions = [
        json!(["s", "green", 1]),
        json!(["p", "result", "1", false, 1]),
        json!(["p", "result", "2", true, 0]),
        json!(["p", "green", "on", false, 1]),
        json!(["m"]),
        json!(["await", "m", 1]),
        json!(["i"]),
        json!(["await", "i", 1]),
    ];
    let mut stock = Stock::with(
        broker.port,
        &actions,
        &["--will", r#"["result", "gone", "True", 1]"#],
        |_| {},
    );
    stock
        .bridge
        .expect("link", |link| link["why"] == "a host of the MicroPython system");
    // The order that host needs: Wi-Fi comes behind RUNNING.
    for status in ["7", "2", "1", "0", "5", "9"] {
        let string = stock.host.expect("string", |_| true);
        assert_eq!(string["fields"], json!(["t", status]));
    }
    for payload in [b"1", b"2"] {
        let message = live.next();
        assert_eq!(
            (message.payload.as_slice(), message.retained),
            (&payload[..], false)
        );
    }
    stock.expect_string(&["u", "green", "on", "False"]);
    stock.host.expect("string", |string| string["fields"][0] == "m");
    // Nobody serves the time at that address.
    stock.expect_string(&["i", "0"]);
    stock.host.expect("done", |_| true);
    let retained = Subscriber::start(broker.port, "result").next();
    assert_eq!(
        (retained.payload.as_slice(), retained.retained),
        (&b"2"[..], true),
        "only what was asked to be"
    );
    stock.bridge.kill();
    let will = live.next();
    assert_eq!(will.payload, b"gone");
}

#[test]
fn the_configured_network_is_joined_with_consent() {
    let broker = Broker::start();
    let gone = |wires: &Wires| wires.set_stored_network_usable(false);
    let mut stock = Stock::with(broker.port, &[json!(["p", "a", "1", false, 1])], &[], gone);
    for status in ["2", "3", "1", "0", "5", "9", "4"] {
        let string = stock.host.expect("string", |_| true);
        assert_eq!(string["fields"], json!(["t", status]));
    }
}

/// Whoever can publish could reset the original, or forge what it said.
#[test]
fn a_payload_that_text_cannot_carry_is_told_and_not_passed_on() {
    let broker = Broker::start();
    let mut stock = Stock::start(
        broker.port,
        &[json!(["s", "green", 1]), json!(["p", "b", "1", false, 1])],
    );
    stock.host.expect("published", |_| true);
    let payloads: [&[u8]; 4] = [b"on\0t\x7f8", b"on\x7foff", b"\0i\x7f1\0", "é".as_bytes()];
    for payload in payloads {
        publish(broker.port, "green", payload, false);
        stock.expect_warning("a message for the MicroPython host was dropped");
    }
    publish(broker.port, "green", b"off", true);
    let next = stock.host.expect("string", |string| {
        string["fields"][0] != "t" || string["fields"][1] != "4"
    });
    assert_eq!(next["fields"], json!(["u", "green", "off", "False"]));
}

#[test]
fn a_retained_message_is_told_as_one() {
    let broker = Broker::start();
    publish(broker.port, "green", b"on", true);
    let mut stock = Stock::start(broker.port, &[json!(["s", "green", 1])]);
    stock.expect_string(&["u", "green", "on", "True"]);
}

#[test]
fn flags_are_understood_in_either_spelling() {
    let broker = Broker::start();
    let mut live = Subscriber::start(broker.port, "+");
    let raw = |flag: &str| json!(["raw", format!("p\x7f{flag}\x7f{flag}\x7f{flag}\x7f1")]);
    let flags = ["False", "0", "True", "1"];
    let mut stock = Stock::start(broker.port, &flags.map(raw));
    for flag in flags {
        assert_eq!(live.next().payload, flag.as_bytes());
    }
    stock.host.expect("done", |_| true);
    let mut late = Subscriber::start(broker.port, "+");
    let kept = [late.next().payload, late.next().payload];
    assert!(
        kept.contains(&b"True".to_vec()) && kept.contains(&b"1".to_vec()),
        "{kept:?}"
    );
}

#[test]
fn a_command_that_nobody_knows_is_said_so_and_the_host_begins_anew() {
    let broker = Broker::start();
    let mut stock = Stock::start(
        broker.port,
        &[json!(["raw", "x\x7fy"]), json!(["p", "a", "1", false, 1])],
    );
    stock.expect_string(&["t", "6", "Unknown command:", "x", "y"]);
    stock.host.expect("crash", |_| true);
    stock.host.expect("running", |_| true);
}

#[test]
fn a_bridge_that_is_killed_and_back_is_found_again() {
    let broker = Broker::start();
    let actions = [
        json!(["s", "green", 1]),
        json!(["p", "a", "1", false, 1]),
        json!(["await", "u", 1]),
        json!(["p", "a", "2", false, 1]),
    ];
    let mut stock = Stock::start(broker.port, &actions);
    stock.host.expect("published", |_| true);
    stock.bridge.kill();
    stock.host.expect("failed", |failed| failed["status"] == 12);
    stock.bridge = start_bridge(&stock.folder);
    stock.host.expect("running", |_| true);
    // It has no ear for whether it is subscribed yet.
    while stock
        .host
        .listen(Duration::from_millis(100))
        .iter()
        .all(|said| said["event"] != "published")
    {
        publish(broker.port, "green", b"on", false);
    }
}

#[test]
fn a_broker_that_is_off_at_first_is_waited_for() {
    let mut broker = Broker::absent("allow_anonymous true");
    let mut stock = Stock::start(broker.port, &[json!(["p", "a", "1", false, 1])]);
    stock.expect_string(&["t", "1"]);
    broker.run();
    stock.host.expect("published", |_| true);
}
