//! The delivery contract with processes that really die.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::broker::Broker;
use crate::faults::{Subscriber, publish};
use crate::pair::{Pair, count};
use crate::stubborn::Stubborn;

const PUBLICATIONS: u64 = 150;

/// `kill -9` of the bridge while publications are under way: every count arrives, and each has one receipt.
#[test]
fn every_count_arrives_though_the_bridge_is_killed() {
    let broker = Broker::start();
    let mut live = Subscriber::start(broker.port, "result");
    let number = PUBLICATIONS.to_string();
    let mut pair = Pair::start(broker.port, &["--interval", "0.02", "--count", &number]);
    for kill_after in [20, 60, 100] {
        pair.host
            .expect("receipt", |receipt| count(receipt) >= kill_after);
        pair.replace_bridge();
    }
    let begun = Instant::now();
    let said = pair.host.finish();
    assert!(said.iter().any(|value| value["event"] == "crashed"));
    let late = said.iter().filter(|value| value["event"] == "receipt");
    assert!(
        late.clone().all(|receipt| receipt["receipt"] == "delivered"),
        "{said:?}"
    );
    let late: Vec<u64> = late.map(count).collect();
    assert_eq!(
        late.len(),
        late.iter().collect::<BTreeSet<_>>().len(),
        "a receipt came twice: {late:?}"
    );
    let mut wanted: BTreeSet<u64> = (0..PUBLICATIONS).collect();
    while !wanted.is_empty() {
        let payload = live.next().payload;
        // The will of a bridge that died is no count.
        if let Ok(number) = String::from_utf8(payload).unwrap().parse() {
            wanted.remove(&number);
        }
        assert!(begun.elapsed() < crate::pair::PATIENCE, "never seen: {wanted:?}");
    }
}

/// The same with QoS 2 and a session that lasts: every count arrives once.
#[test]
fn every_count_arrives_exactly_once_though_the_bridge_is_killed() {
    let broker = Broker::start();
    for version in ["mqtt_version=v3_1_1", "mqtt_version=v5_0"] {
        let mut live = Subscriber::start(broker.port, "result");
        let number = PUBLICATIONS.to_string();
        let client_id = format!("client_id={version}");
        let mut arguments = vec!["--interval", "0.01", "--count", &number, "--qos", "2"];
        for key in [version, "clean=false", &client_id] {
            arguments.extend(["--set", key]);
        }
        let mut pair = Pair::start(broker.port, &arguments);
        for kill_after in [20, 60, 100] {
            pair.host
                .expect("receipt", |receipt| count(receipt) >= kill_after);
            pair.replace_bridge();
        }
        let said = pair.host.finish();
        let mut receipts = said.iter().filter(|value| value["event"] == "receipt");
        assert!(
            receipts.all(|receipt| receipt["receipt"] == "delivered"),
            "{said:?}"
        );
        // The broker has them all; this one comes behind them.
        publish(broker.port, "result", b"end", false);
        let payloads = std::iter::from_fn(|| Some(String::from_utf8(live.next().payload).unwrap()));
        let counts: Vec<u64> = payloads
            .take_while(|payload| payload != "end")
            .filter_map(|payload| payload.parse().ok())
            .collect();
        assert_eq!(counts, (0..PUBLICATIONS).collect::<Vec<_>>(), "{version}");
    }
}

/// The host never blocks: without any bridge the application goes on, publication after publication.
#[test]
fn the_host_goes_on_without_a_bridge() {
    let broker = Broker::start();
    let mut pair = Pair::running(broker.port, &["--interval", "0.2"]);
    pair.host.expect("receipt", |_| true);
    pair.bridge.kill();
    let first = count(&pair.host.expect("queued", |_| true));
    for next in first + 1..first + 6 {
        assert_eq!(count(&pair.host.expect("queued", |_| true)), next);
    }
    pair.replace_bridge();
    let last = first + 5;
    pair.host.expect("receipt", |receipt| {
        count(receipt) == last && receipt["receipt"] == "delivered"
    });
}

/// A broker that keeps its PUBACK back: the bridge has the publication and TCP has taken it, yet it is not delivered.
#[test]
fn delivered_means_acknowledged_by_the_broker() {
    let broker = Stubborn::start();
    let mut pair = Pair::start(broker.port, &["--interval", "3600"]);
    broker.wait_for_publish();
    let said = pair.host.listen(Duration::from_millis(700));
    assert!(!said.iter().any(|value| value["event"] == "receipt"), "{said:?}");
    broker.acknowledge();
    pair.host
        .expect("receipt", |receipt| receipt["receipt"] == "delivered");
}
