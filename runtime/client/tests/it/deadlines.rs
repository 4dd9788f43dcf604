//! Publishes with a deadline: it never leaves one half done.
//!
//! Not here: publishes without one (see `dropping`, `connecting`).

use std::time::Duration;

use fivewire_client::mqtt::Error;
use fivewire_client::{Options, Publish, PublishError, QoS, Receipt};

use crate::world::{Handle, Spawned, World};

const KEEPING: Options<'_> = Options {
    clean_init: false,
    clean: false,
    ..Options::new("x")
};

const ALL: [QoS; 3] = [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce];

async fn within(client: Handle, payload: &'static str, qos: QoS, ms: u64) -> Receipt {
    let options = Publish::with_qos(qos).deadline(Duration::from_millis(ms));
    client.publish("t", payload.as_bytes(), options).await.unwrap()
}

fn publish(world: &mut World, payload: &'static str, qos: QoS, ms: u64) -> Spawned<Receipt> {
    let client = world.client;
    world.spawn(within(client, payload, qos, ms))
}

#[test]
fn what_expires_in_an_outage_is_never_sent() {
    for qos in ALL {
        let mut world = World::new(100);
        world.net.unreachable.set(true);
        world.run(KEEPING);
        world.pass(5_000);
        let began_ms = world.now_ms();
        let (short, long) = (
            publish(&mut world, "short", qos, 700),
            publish(&mut world, "long", qos, 900_000),
        );
        assert_eq!(world.finish(&short), Receipt::Expired);
        assert_eq!(world.now_ms() - began_ms, 700);
        world.net.unreachable.set(false);
        assert_eq!(world.finish(&long), Receipt::Delivered);
        world.pass(1_000);
        assert_eq!(world.net.broker.borrow().published, ["long"]);
        world.assert_clean();
    }
}

#[test]
fn what_is_under_way_is_completed_after_its_deadline() {
    for qos in [QoS::AtLeastOnce, QoS::ExactlyOnce] {
        let mut world = World::new(100);
        world.run(KEEPING);
        world.until(|world| world.client.is_connected());
        world.net.broker.borrow_mut().silent = true;
        let began_ms = world.now_ms();
        let late = publish(&mut world, "it", qos, 300);
        assert_eq!(world.finish(&late), Receipt::Unconfirmed);
        assert_eq!(world.now_ms() - began_ms, 300);
        assert_eq!(world.client.open_publishes(), 1);
        world.net.cut();
        world.net.broker.borrow_mut().silent = false;
        world.until(|world| world.client.open_publishes() == 0);
        let times = world.net.broker.borrow().published.len();
        assert_eq!(times, if qos == QoS::AtLeastOnce { 2 } else { 1 });
        world.assert_clean();
    }
}

#[test]
fn what_was_sent_on_an_earlier_connection_is_not_taken_back() {
    let mut world = World::new(100);
    world.run(KEEPING);
    world.until(|world| world.client.is_connected());
    world.net.broker.borrow_mut().silent = true;
    let late = publish(&mut world, "it", QoS::AtLeastOnce, 5_000);
    world.pass(100);
    world.net.unreachable.set(true);
    world.net.cut();
    assert_eq!(world.finish(&late), Receipt::Unconfirmed);
    // A broker without the session gets it as something new: it counts as sent all the same.
    world.net.broker.borrow_mut().forget();
    world.net.broker.borrow_mut().published.clear();
    world.net.broker.borrow_mut().silent = false;
    world.net.unreachable.set(false);
    world.until(|world| world.client.open_publishes() == 0);
    assert_eq!(world.net.broker.borrow().published, ["it"]);
    assert_eq!(world.net.broker.borrow().repetitions, 0);
}

#[test]
fn a_deadline_ends_the_wait_for_room_too() {
    let mut world = World::new(100);
    world.run(KEEPING);
    world.until(|world| world.client.is_connected());
    world.net.broker.borrow_mut().silent = true;
    let full: Vec<_> = ["a", "b", "c", "d"]
        .map(|payload| publish(&mut world, payload, QoS::AtLeastOnce, 20_000))
        .into();
    world.pass(10);
    let fifth = publish(&mut world, "fifth", QoS::AtLeastOnce, 100);
    assert_eq!(world.finish(&fifth), Receipt::Expired);
    world.net.broker.borrow_mut().silent = false;
    world.net.cut();
    for other in &full {
        assert_eq!(world.finish(other), Receipt::Delivered);
    }
    assert!(!world.net.broker.borrow().published.contains(&"fifth".into()));
    world.assert_clean();
}

#[test]
fn a_publish_that_is_withdrawn_makes_room_for_another() {
    let mut world = World::new(100);
    world.net.unreachable.set(true);
    world.run(KEEPING);
    for payload in ["a", "b", "c", "d"] {
        publish(&mut world, payload, QoS::AtLeastOnce, 1_000);
    }
    world.pass(10);
    let next = publish(&mut world, "next", QoS::AtLeastOnce, 90_000);
    world.pass(2_000);
    world.net.unreachable.set(false);
    assert_eq!(world.finish(&next), Receipt::Delivered);
    assert_eq!(world.net.broker.borrow().published, ["next"]);
}

#[test]
fn a_deadline_of_nothing_expires_at_once() {
    let mut world = World::new(100);
    world.run(KEEPING);
    world.until(|world| world.client.is_connected());
    let never = publish(&mut world, "never", QoS::AtLeastOnce, 0);
    assert_eq!(world.finish(&never), Receipt::Expired);
    world.pass(1_000);
    assert_eq!(world.net.broker.borrow().published.len(), 0);
}

#[test]
fn what_can_never_be_published_is_refused_at_once() {
    let mut world = World::new(100);
    let client = world.client;
    for (topic, len, error) in [("a/+", 1, Error::BadTopic), ("a", 300, Error::TooLarge)] {
        for qos in [QoS::AtLeastOnce, QoS::ExactlyOnce] {
            let refused = world.spawn(async move {
                client
                    .publish(topic, &vec![b'x'; len], Publish::with_qos(qos))
                    .await
            });
            assert_eq!(world.finish(&refused), Err(PublishError::Invalid(error)));
        }
    }
    world.assert_clean();
}
