//! The host's program before a stock bridge: every exchange, and every way in which that bridge fails. Its broker is made
//! up: what is published comes back to whom has subscribed.

use fivewire_wires::Wires;
use serde_json::Value;

use super::python;
use crate::broker::Folder;
use crate::demo::wait_for;
use crate::pair::{Program, count, start_host, wires_file};

/// The Python bridge, the host's program, and the wires between them.
struct Stock {
    folder: Folder,
    bridge: Program,
    host: Program,
    wires: Wires,
}

/// The host must know soon that a bridge is silent.
const HASTY: [&str; 4] = ["--interval", "0.05", "--set", "timeout=1"];

impl Stock {
    fn start(bridge: &[&str], host: &[&str]) -> Self {
        Self::with_wires(bridge, host, |_| {})
    }

    fn with_wires(bridge: &[&str], host: &[&str], prepare: impl FnOnce(&Wires)) -> Self {
        let folder = Folder::new();
        let wires = Wires::open_or_create(wires_file(&folder)).unwrap();
        prepare(&wires);
        let bridge = python("bridge.py", &folder, bridge);
        let host = start_host(&folder, 1883, host);
        Self {
            folder,
            bridge,
            host,
            wires,
        }
    }

    fn expect_status(&mut self, name: &str) {
        self.host.expect("status", |status| status["status"] == name);
    }

    fn expect_crash(&mut self, why: &str) {
        self.host.expect("crashed", |crash| crash["why"] == why);
    }

    /// Publications are delivered, this one and later ones.
    fn expect_delivery(&mut self) {
        let next = count(&self.host.expect("queued", |_| true));
        let host = &mut self.host;
        host.expect("receipt", |receipt| {
            count(receipt) >= next && receipt["receipt"] == "delivered"
        });
    }
}

fn of<'v>(values: &'v [Value], event: &str) -> Vec<&'v Value> {
    values.iter().filter(|value| value["event"] == event).collect()
}

#[test]
fn start_publish_and_subscribe() {
    let mut stock = Stock::start(&[], &["--interval", "0.02", "--count", "4"]);
    let said = stock.host.finish();
    let statuses: Vec<_> = of(&said, "status")
        .iter()
        .map(|value| value["status"].clone())
        .collect();
    let start = [
        "will_ok",
        "stored_network",
        "broker_check",
        "broker_ok",
        "running",
        "wifi_up",
    ];
    assert_eq!(statuses, start);
    let receipts: Vec<_> = of(&said, "receipt")
        .iter()
        .map(|value| value["receipt"].clone())
        .collect();
    assert_eq!(receipts, ["delivered"; 4]);
    assert_eq!(of(&said, "subscribed").len(), 1, "{said:?}");
    let told = |word: &str| {
        let lines = of(&said, "log");
        lines
            .iter()
            .filter(|line| line["line"].as_str().unwrap().contains(word))
            .count()
    };
    assert_eq!(told("retain"), 1, "once: what this bridge publishes is retained");
    stock.bridge.kill();
    let done = stock.bridge.remainder();
    let init = &of(&done, "init")[0]["fields"];
    assert_eq!(
        (&init[1], &init[3], &init[8]),
        (&"any".into(), &"127.0.0.1".into(), &"1883".into())
    );
    assert_eq!(
        of(&done, "will")[0]["fields"],
        serde_json::json!(["result", "simple client died", "False", "0"])
    );
    assert_eq!(of(&done, "subscribe")[0]["topic"], "green");
    let published: Vec<_> = of(&done, "publish")
        .iter()
        .map(|value| value["message"].clone())
        .collect();
    assert_eq!(published, ["0", "1", "2", "3"]);
    assert!(of(&done, "unknown").is_empty(), "{done:?}");
}

#[test]
fn the_time_of_day() {
    let mut stock = Stock::start(&["--time", "848545395"], &[]);
    let time = stock.host.expect("time", |_| true);
    assert_eq!(time["unix_time"], 848_545_395 + 946_684_800);
}

#[test]
fn the_configured_network_is_consented_to_when_the_stored_one_is_gone() {
    let mut stock = Stock::with_wires(&[], &[], |wires| wires.set_stored_network_usable(false));
    stock.expect_status("specified_network");
    stock.bridge.expect("go-ahead", |said| said["text"] == "1");
    stock.expect_status("running");
    stock.expect_delivery();
}

#[test]
fn messages_reach_the_application() {
    let mut stock = Stock::start(&["--deliver", "green=on"], &[]);
    let message = stock.host.expect("message", |_| true);
    assert_eq!(
        (&message["topic"], &message["payload"]),
        (&"green".into(), &"on".into())
    );
    wait_for("host LED", || stock.wires.is_host_led_lit());
}

/// A ping is a question for memory there; who answers it lives.
#[test]
fn a_quiet_bridge_that_answers_is_left_alone() {
    let arguments = [
        "--interval",
        "4",
        "--count",
        "2",
        "--set",
        "timeout=1",
        "--set",
        "rtc_resync=0",
    ];
    let mut stock = Stock::start(&[], &arguments);
    let said = stock.host.finish();
    assert!(of(&said, "crashed").is_empty(), "{said:?}");
}

#[test]
fn a_bridge_that_stands_still_is_reset_and_what_it_had_is_sent_again() {
    for crash in ["--freeze-after", "--reboot-after"] {
        let mut stock = Stock::start(&[crash, "6"], &[&HASTY[..], &["--count", "12"]].concat());
        let said = stock.host.finish();
        assert_eq!(of(&said, "started").len(), 2, "{crash}: {said:?}");
        let receipts = of(&said, "receipt");
        assert!(receipts.len() == 12 && receipts.iter().all(|value| value["receipt"] == "delivered"));
        stock.bridge.kill();
        let done = stock.bridge.remainder();
        let published = of(&done, "publish");
        let messages: Vec<_> = published
            .iter()
            .filter_map(|value| value["message"].as_str())
            .collect();
        let lost = (0..12)
            .map(|number| number.to_string())
            .find(|text| !messages.contains(&text.as_str()));
        assert_eq!(lost, None, "{crash}: {messages:?}");
    }
}

#[test]
fn a_bridge_that_is_killed_is_met_again_when_it_is_back() {
    let mut stock = Stock::start(&[], &HASTY);
    stock.expect_delivery();
    stock.bridge.kill();
    stock.expect_crash("bridge is silent");
    stock.bridge = python("bridge.py", &stock.folder, &[]);
    stock.host.expect("started", |started| started["count"] == 2);
    stock.host.expect("subscribed", |_| true);
    stock.expect_delivery();
}

/// The original waited without limit.
#[test]
fn a_bridge_that_is_silent_before_its_sync_byte_is_reset() {
    let mut stock = Stock::start(&["--silent-boots", "1"], &HASTY);
    stock.expect_crash("no sign of a bridge");
    stock.host.expect("started", |_| true);
    stock.expect_delivery();
}

/// So it did with characters off their places, printing what it could not read.
#[test]
fn a_bridge_whose_bits_are_shifted_is_reset() {
    for fault in ["--shifted-boots", "--stray-boots"] {
        let mut stock = Stock::start(&[fault, "1"], &HASTY);
        stock.host.expect("crashed", |_| true);
        stock.host.expect("started", |_| true);
        stock.expect_delivery();
    }
}

/// In the original anyone who could publish to a subscribed topic could reset the bridge, or say that the broker failed.
#[test]
fn a_payload_forges_no_status() {
    let payloads = [
        "t\\x7f8",
        "t\\x7f6\\x7fUnknown command:\\x7fx",
        "t\\x7f10",
        "t\\x7f3",
        "i\\x7f1",
        "t\\x7f4",
    ];
    let forged = payloads.map(|payload| format!("green=on\\x00{payload}"));
    let bridge: Vec<&str> = forged.iter().flat_map(|payload| ["--deliver", payload]).collect();
    let mut stock = Stock::start(
        &bridge,
        &["--interval", "0.05", "--count", "20", "--set", "rtc_resync=0"],
    );
    let said = stock.host.finish();
    let upset = |value: &&Value| value["event"] == "crashed" || value["event"] == "time";
    assert_eq!(said.iter().find(upset), None, "{said:?}");
    let forged = |value: &&Value| {
        ["broker_fail", "unknown_command", "wifi_down", "specified_network"]
            .iter()
            .any(|name| value["status"] == *name)
    };
    assert_eq!(said.iter().find(forged), None, "{said:?}");
    assert!(
        of(&said, "receipt")
            .iter()
            .all(|value| value["receipt"] == "delivered")
    );
    stock.bridge.kill();
    let done = stock.bridge.remainder();
    assert_eq!(
        of(&done, "publish").len(),
        20,
        "none is taken for done that was not"
    );
    // What shows what is true is a question that no payload can foresee.
    let is_question = |value: &&Value| {
        value["fields"][0]
            .as_str()
            .is_some_and(|word| word.starts_with('?'))
    };
    assert!(of(&done, "unknown").iter().any(is_question), "{done:?}");
}

/// Such a bridge tries once.
#[test]
fn a_broker_that_cannot_be_reached_is_told_and_tried_again() {
    let mut stock = Stock::start(&["--no-broker"], &HASTY);
    for _ in 0..2 {
        stock.expect_status("broker_fail");
        stock.expect_crash("bridge said broker_fail");
    }
}

#[test]
fn a_bridge_that_never_answers_is_reset() {
    let mut stock = Stock::start(&["--mute"], &HASTY);
    stock.host.expect("crashed", |_| true);
    stock.bridge.expect("boot", |boot| boot["number"] == 2);
}

#[test]
fn an_outage_of_its_network_is_waited_for() {
    let mut stock = Stock::start(&[], &["--interval", "0.05"]);
    stock.expect_delivery();
    stock.wires.set_access_point_on_air(false);
    stock.host.expect("wifi", |wifi| wifi["up"] == false);
    stock.wires.set_access_point_on_air(true);
    stock.host.expect("wifi", |wifi| wifi["up"] == true);
    stock.expect_delivery();
}
