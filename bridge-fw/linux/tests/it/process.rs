//! The program over a wires file: killed, interrupted, and what it writes.

use std::collections::HashSet;

use fivewire_wire::{QoS, Status};
use fivewire_wires::Wires;

use crate::bridge::Process;
use crate::broker::{Broker, Folder};
use crate::host::{Host, Seen, delivered};

#[test]
fn killed_and_started_again_it_comes_back_by_itself() {
    let (broker, folder) = (Broker::start(), Folder::new());
    let file = folder.path().join("five.wires");
    let mut bridge = Process::start(&file, &[]);
    let mut host = Host::new(&Wires::open_or_create(&file).unwrap());
    host.run_with(broker.port);
    for _ in 0..3 {
        bridge.kill();
        bridge = Process::start(&file, &[]);
        // The host notices by the epoch alone; nobody pulls the reset wire.
        host.expect(&Seen::Down);
        host.run_with(broker.port);
        let number = host.publish("killed", b"1", QoS::AtLeastOnce, false);
        host.expect(&delivered(number));
    }
}

#[test]
fn an_interrupt_ends_it_cleanly_and_its_lines_are_json() {
    let (broker, folder) = (Broker::start(), Folder::new());
    let file = folder.path().join("five.wires");
    let mut bridge = Process::start(&file, &["--json", "--client-id", "json-test"]);
    let mut host = Host::new(&Wires::open_or_create(&file).unwrap());
    host.run_with(broker.port);
    assert!(bridge.interrupt().success());
    assert!(!host.wires.is_broker_led_lit() && !host.wires.is_heartbeat_led_lit());
    let lines: Vec<serde_json::Value> = bridge
        .lines
        .iter()
        .map(|line| serde_json::from_str(&line).unwrap())
        .collect();
    assert_eq!(lines[0]["event"], "started");
    assert_eq!(lines[0]["client_id"], "json-test");
    let events: HashSet<&str> = lines.iter().filter_map(|line| line["event"].as_str()).collect();
    assert_eq!(events, HashSet::from(["started", "link", "transition", "status"]));
    let running = lines.iter().any(|line| line["status"] == Status::Running.name());
    assert!(running, "{lines:#?}");
}

#[test]
fn words_tell_of_traffic_only_when_asked_and_never_of_secrets() {
    for (arguments, told) in [(&["--verbose"][..], true), (&[][..], false)] {
        let (broker, folder) = (Broker::start(), Folder::new());
        let file = folder.path().join("five.wires");
        let mut bridge = Process::start(&file, arguments);
        let mut host = Host::new(&Wires::open_or_create(&file).unwrap());
        host.run_with(broker.port);
        let number = host.publish("words", b"payload-text", QoS::AtLeastOnce, false);
        host.expect(&delivered(number));
        assert!(bridge.interrupt().success());
        let words: String = bridge.lines.iter().collect();
        assert!(
            words.contains("broker: connecting -> up (new session)"),
            "{words}"
        );
        assert_eq!(words.contains("command publish"), told, "{words}");
        assert_eq!(words.contains("receipt"), told, "{words}");
        assert!(
            !words.contains("secret-key") && !words.contains("payload-text"),
            "{words}"
        );
    }
}

#[test]
fn the_heartbeat_goes_on_and_the_reset_wire_stops_it() {
    use embedded_hal::digital::OutputPin as _;
    let folder = Folder::new();
    let file = folder.path().join("five.wires");
    let bridge = Process::start(&file, &[]);
    let mut host = Host::new(&Wires::open_or_create(&file).unwrap());
    for lit in [true, false, true] {
        host.until("the heartbeat", |host| host.wires.is_heartbeat_led_lit() == lit);
    }
    host.wires.reset_out().set_low().unwrap();
    host.until("darkness", |host| !host.wires.is_heartbeat_led_lit());
    let held = bridge
        .lines
        .iter()
        .find(|line| line.contains("held by the reset wire"));
    assert!(held.is_some());
    host.wires.reset_out().set_high().unwrap();
    host.until("the heartbeat", |host| host.wires.is_heartbeat_led_lit());
}
