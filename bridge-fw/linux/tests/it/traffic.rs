//! Publish and receive through a real broker; each fault of the MicroPython bridge that a broker can show.

use fivewire_wire::{QoS, Reason, Status, command, reply};
use fivewire_wires::Wires;

use crate::bridge::InThread;
use crate::broker::Broker;
use crate::host::{Host, Seen, delivered, message};

/// A host that is connected to a broker through a bridge on a thread.
fn connected(client_id: &str) -> (Broker, InThread, Host) {
    let (broker, wires) = (Broker::start(), Wires::in_memory());
    let bridge = InThread::start(&wires, client_id);
    let mut host = Host::new(&wires);
    host.run_with(broker.port);
    (broker, bridge, host)
}

#[test]
fn any_bytes_go_to_the_broker_and_come_back_as_they_were() {
    let (_broker, _bridge, mut host) = connected("bytes");
    assert!(host.wires.is_broker_led_lit());
    host.subscribe("bytes");
    let all: Vec<u8> = (0..=255).collect();
    for payload in [&all[..], b"", b"\0", b"\x7f", b"\xc3\x28", &[0xA5; 1024]] {
        let number = host.publish("bytes", payload, QoS::AtLeastOnce, false);
        host.expect(&message("bytes", payload, false));
        host.until("the receipt", |host| host.seen.contains(&delivered(number)));
    }
}

#[test]
fn a_wildcard_subscription_gets_its_messages() {
    let (_broker, _bridge, mut host) = connected("wildcard");
    host.subscribe("house/+/lamp/#");
    host.publish("house/kitchen/lamp/2/state", b"on", QoS::AtLeastOnce, false);
    host.expect(&message("house/kitchen/lamp/2/state", b"on", false));
}

#[test]
fn only_what_was_to_be_retained_is() {
    let (_broker, _bridge, mut host) = connected("retain");
    for (topic, retain) in [("retain/not", false), ("retain/yes", true)] {
        let number = host.publish(topic, b"1", QoS::AtLeastOnce, retain);
        host.expect(&delivered(number));
    }
    host.send(
        &command::Subscribe {
            filter: "retain/#",
            qos: QoS::AtLeastOnce,
        }
        .into(),
    );
    host.expect(&message("retain/yes", b"1", true));
    // Whatever is retained comes before what is published after the subscription.
    host.publish("retain/end", b"", QoS::AtLeastOnce, false);
    host.expect(&message("retain/end", b"", false));
    assert!(!host.seen.contains(&message("retain/not", b"1", true)));
}

#[test]
fn qos_0_is_answered_when_it_was_written() {
    let (_broker, _bridge, mut host) = connected("qos0");
    host.subscribe("zero");
    let number = host.publish("zero", b"0", QoS::AtMostOnce, false);
    host.expect(&delivered(number));
    host.until("the message", |host| {
        host.seen.contains(&message("zero", b"0", false))
    });
}

#[test]
fn a_flood_of_own_messages_arrives_whole_and_in_order() {
    let (_broker, _bridge, mut host) = connected("flood");
    host.subscribe("flood");
    for count in 0..300 {
        // Within the window that the reply to configure grants.
        host.until("room in the window", |host| count - receipts(host) < 20);
        host.publish("flood", count.to_string().as_bytes(), QoS::AtLeastOnce, false);
    }
    host.until("every receipt", |host| receipts(host) == 300);
    host.until("every message", |host| payloads(host).len() == 300);
    assert_eq!(
        payloads(&host),
        (0..300).map(|count| count.to_string()).collect::<Vec<_>>()
    );
}

/// How many publications were answered as delivered.
fn receipts(host: &Host) -> usize {
    host.seen
        .iter()
        .filter(|seen| matches!(seen, Seen::Reply(number, _) if **seen == delivered(*number)))
        .count()
}

/// The messages that came, as text.
fn payloads(host: &Host) -> Vec<String> {
    let text = |seen: &Seen| match seen {
        Seen::Message { payload, .. } => Some(String::from_utf8_lossy(payload).into_owned()),
        _ => None,
    };
    host.seen.iter().filter_map(text).collect()
}

#[test]
fn a_broker_that_refuses_is_reported() {
    let (mut broker, wires) = (Broker::absent("allow_anonymous false"), Wires::in_memory());
    broker.run();
    let _bridge = InThread::start(&wires, "refused");
    let mut host = Host::new(&wires);
    host.expect(&Seen::Up);
    host.configure(broker.port, |_| {});
    host.expect(&Seen::Status(Status::BrokerRefused, 5));
    assert!(!wires.is_broker_led_lit());
}

#[test]
fn without_a_stored_network_the_host_decides() {
    let (broker, wires) = (Broker::start(), Wires::in_memory());
    wires.set_stored_network_usable(false);
    let _bridge = InThread::start(&wires, "consent");
    let mut host = Host::new(&wires);
    host.expect(&Seen::Up);
    host.configure(broker.port, |_| {});
    host.expect_status(Status::StoredNetwork);
    host.expect_status(Status::SpecifiedNetwork);
    host.send(&command::JoinNetwork { consent: true }.into());
    host.expect_status(Status::WifiUp);
    host.expect_status(Status::Running);
}

/// The same commands work while nothing is configured, and a name that does not exist is an ordinary outage.
#[test]
fn the_bridge_answers_for_itself_whatever_the_broker_does() {
    let wires = Wires::in_memory();
    let _bridge = InThread::start(&wires, "alone");
    let mut host = Host::new(&wires);
    host.expect(&Seen::Up);
    let number = host.publish("a", b"b", QoS::AtLeastOnce, false);
    let rejected = reply::Publish {
        outcome: fivewire_wire::Outcome::Rejected,
        reason: Reason::NotConfigured,
    };
    host.expect(&Seen::Reply(number, rejected.into()));
    host.configure(1, |config| config.broker = "no name has spaces");
    host.expect_status(Status::BrokerDown);
    let number = host.send(&command::Ping { nonce: 5 }.into());
    host.expect(&Seen::Reply(number, reply::Ping { nonce: 5 }.into()));
    host.send(&command::Memory.into());
    host.until("memory", |host| {
        host.seen
            .iter()
            .any(|seen| matches!(seen, Seen::Reply(_, reply::Reply::Memory(memory)) if memory.used > 0))
    });
}
