//! The demonstration `simple` as it is documented, and the faults of the MicroPython bridge that a user would see.

use std::time::{Duration, Instant};

use crate::broker::Broker;
use crate::faults::{Subscriber, publish};
use crate::pair::{PATIENCE, Pair};

/// Waits until `holds`, or fails saying what was waited for.
pub(crate) fn wait_for(what: &str, holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < PATIENCE, "{what}: not within {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn counts_reach_the_broker_and_are_not_retained_unless_asked() {
    let broker = Broker::start();
    let mut live = Subscriber::start(broker.port, "result");
    let mut pair = Pair::start(broker.port, &["--interval", "0.05", "--count", "5"]);
    for number in 0..5 {
        let message = live.next();
        assert_eq!(message.payload, number.to_string().into_bytes());
        assert!(!message.retained);
    }
    pair.host.finish();
    // A fresh subscriber would be given a retained message before this one.
    let mut late = Subscriber::start(broker.port, "result");
    publish(broker.port, "result", b"late", false);
    assert_eq!(late.next().payload, b"late");
}

#[test]
fn what_is_asked_to_be_retained_is_retained() {
    let broker = Broker::start();
    let mut pair = Pair::start(broker.port, &["--interval", "0.01", "--count", "2", "--retain"]);
    pair.host.finish();
    let message = Subscriber::start(broker.port, "result").next();
    assert!(message.retained);
    assert_eq!(message.payload, b"1");
}

#[test]
fn green_on_and_off_switch_the_leds_of_the_board() {
    let broker = Broker::start();
    let pair = Pair::running(broker.port, &[]);
    wait_for("broker LED", || pair.wires.is_broker_led_lit());
    assert!(!pair.wires.is_host_led_lit());
    for lit in [true, false, true] {
        publish(broker.port, "green", if lit { b"on" } else { b"off" }, false);
        wait_for("host LED", || pair.wires.is_host_led_lit() == lit);
    }
    let beat = pair.wires.is_heartbeat_led_lit();
    wait_for("heartbeat", || pair.wires.is_heartbeat_led_lit() != beat);
}

#[test]
fn the_last_will_is_published_when_the_bridge_dies() {
    let broker = Broker::start();
    let mut pair = Pair::running(broker.port, &["--interval", "3600"]);
    pair.host.expect("receipt", |_| true);
    let mut subscriber = Subscriber::start(broker.port, "result");
    pair.bridge.kill();
    let will = subscriber.next();
    assert_eq!(
        (will.payload.as_slice(), will.retained),
        (&b"simple client died"[..], false)
    );
}

#[test]
fn a_host_that_starts_again_resets_the_bridge_and_goes_on() {
    let broker = Broker::start();
    let mut pair = Pair::running(broker.port, &["--interval", "0.05"]);
    pair.replace_host(broker.port, &["--interval", "0.05", "--count", "3"]);
    pair.bridge
        .expect("started", |started| started["cause"] == "reset_wire");
    let receipts = pair.host.finish();
    let delivered = receipts
        .iter()
        .filter(|value| value["receipt"] == "delivered")
        .count();
    assert_eq!(delivered, 3);
}

/// A backtrace would bury it, however the environment is set.
#[test]
fn wrong_arguments_are_told_in_a_line_and_nothing_is_touched() {
    let folder = crate::broker::Folder::new();
    let (config, wires) = (
        folder.path().join("fivewire.toml"),
        folder.path().join("five.wires"),
    );
    std::fs::write(
        &config,
        "ssid = \"net\"\npassword = \"not-to-be-seen\"\nbroker = \"b\"\nkeep_alive = 9999\n",
    )
    .unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_fivewire-host"))
        .env("RUST_BACKTRACE", "1")
        .args([
            std::path::Path::new("--config"),
            &config,
            std::path::Path::new("--wires"),
            &wires,
        ])
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    let start = format!("error: {}:4: keep_alive", config.display());
    assert!(
        told.starts_with(&start) && told.contains("9999") && told.contains("3600"),
        "{told}"
    );
    assert!(
        !told.contains("not-to-be-seen") && !told.contains("main.rs"),
        "{told}"
    );
    assert!(!wires.exists());
}
