//! Wi-Fi, the broker, or the bridge's whole memory goes away.

use fivewire_wire::{QoS, ResetCause, Status, command, reply::Reply};
use fivewire_wires::Wires;

use crate::bridge::InThread;
use crate::broker::Broker;
use crate::host::{Host, Seen, delivered, message};

#[test]
fn a_publication_waits_for_wifi_to_come_back() {
    let (broker, wires) = (Broker::start(), Wires::in_memory());
    let _bridge = InThread::start(&wires, "wifi");
    let mut host = Host::new(&wires);
    host.run_with(broker.port);
    host.subscribe("wifi");
    wires.set_access_point_on_air(false);
    host.expect_status(Status::WifiDown);
    host.expect_status(Status::BrokerDown);
    assert!(!wires.is_broker_led_lit());
    let number = host.publish("wifi", b"1", QoS::AtLeastOnce, false);
    wires.set_access_point_on_air(true);
    host.expect_status(Status::WifiUp);
    host.expect_status(Status::BrokerOk);
    host.until("the receipt", |host| host.seen.contains(&delivered(number)));
    subscribed_again(&mut host, "wifi");
}

/// Publishes until it comes back: the broker forgot the subscription, the bridge did not.
fn subscribed_again(host: &mut Host, topic: &str) {
    let again = message(topic, b"again", false);
    for _ in 0..100 {
        let number = host.publish(topic, b"again", QoS::AtLeastOnce, false);
        host.until("the receipt", |host| host.seen.contains(&delivered(number)));
        if host.seen.contains(&again) {
            return;
        }
    }
    panic!("nobody subscribed {topic} again");
}

#[test]
fn a_broker_that_is_down_at_start_is_found_when_it_comes() {
    let (mut broker, wires) = (Broker::absent("allow_anonymous true"), Wires::in_memory());
    let _bridge = InThread::start(&wires, "absent");
    let mut host = Host::new(&wires);
    host.expect(&Seen::Up);
    host.configure(broker.port, |_| {});
    let number = host.publish("absent", b"1", QoS::AtLeastOnce, false);
    host.expect_status(Status::BrokerCheck);
    host.expect_status(Status::BrokerDown);
    broker.run();
    host.expect_status(Status::BrokerOk);
    host.expect_status(Status::Running);
    host.expect(&delivered(number));
    assert!(!host.seen.contains(&Seen::Down), "nothing was reset");
}

#[test]
fn every_publication_survives_a_broker_that_is_killed() {
    let (mut broker, wires) = (Broker::start(), Wires::in_memory());
    let _bridge = InThread::start(&wires, "killed");
    let mut host = Host::new(&wires);
    host.run_with(broker.port);
    host.subscribe("killed");
    let mut numbers = Vec::new();
    for count in 0..30u32 {
        if count == 10 {
            broker.kill();
        }
        if count == 20 {
            host.expect_status(Status::BrokerDown);
            broker.run();
        }
        numbers.push(host.publish("killed", count.to_string().as_bytes(), QoS::AtLeastOnce, false));
    }
    host.expect_status(Status::BrokerOk);
    host.until("every receipt", |host| {
        numbers
            .iter()
            .all(|number| host.seen.contains(&delivered(*number)))
    });
    subscribed_again(&mut host, "killed");
}

#[test]
fn the_reset_wire_makes_it_forget_everything() {
    let (broker, wires) = (Broker::start(), Wires::in_memory());
    let _bridge = InThread::start(&wires, "reset");
    let mut host = Host::new(&wires);
    host.run_with(broker.port);
    assert_eq!(cause(&host), Some(ResetCause::PowerOn));
    hold(&mut host, |wires| {
        !wires.is_broker_led_lit() && !wires.is_heartbeat_led_lit()
    });
    let mut host = Host::new(&wires);
    host.run_with(broker.port);
    assert_eq!(cause(&host), Some(ResetCause::ResetWire));
    host.send(&command::Restart.into());
    host.expect(&Seen::Up);
    host.configure(broker.port, |_| {});
    host.expect_status(Status::Running);
    assert_eq!(cause(&host), Some(ResetCause::Restart));
}

/// Pulls the reset wire until the world looks so, and lets it go.
fn hold(host: &mut Host, condition: impl Fn(&Wires) -> bool) {
    use embedded_hal::digital::OutputPin as _;
    let wires = host.wires.clone();
    wires.reset_out().set_low().unwrap();
    host.until("a bridge in reset", |host| condition(&host.wires));
    wires.reset_out().set_high().unwrap();
}

/// The reset cause in the latest reply to configure.
fn cause(host: &Host) -> Option<ResetCause> {
    host.seen.iter().rev().find_map(|seen| match seen {
        Seen::Reply(_, Reply::Configure(reply)) => Some(reply.cause),
        _ => None,
    })
}

#[test]
fn a_bridge_that_was_stopped_leaves_the_wires_quiet() {
    let (broker, wires) = (Broker::start(), Wires::in_memory());
    let bridge = InThread::start(&wires, "quiet");
    let mut host = Host::new(&wires);
    host.run_with(broker.port);
    drop(bridge);
    assert!(!wires.is_broker_led_lit() && !wires.is_heartbeat_led_lit());
    let _bridge = InThread::start(&wires, "quiet");
    host.expect(&Seen::Down);
    host.run_with(broker.port);
}
