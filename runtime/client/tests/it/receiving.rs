//! Subscriptions and messages: refusals, repetitions, a slow application, messages too large.
//!
//! Not here: futures dropped half-way (see `dropping`), the wire (see `mosquitto`).

use fivewire_client::{
    Event, Options, Publish, QoS, ReasonCode, Receipt, ReceiveError, SubscribeError, SubscriptionState,
};

use crate::world::{Handle, World};

const KEEPING: Options<'_> = Options {
    clean_init: false,
    clean: false,
    ..Options::new("x")
};

fn up() -> World {
    let mut world = World::new(100);
    world.run(KEEPING);
    world.until(|world| world.client.is_connected());
    world
}

fn subscribe(world: &mut World, filter: &'static str) -> Result<QoS, SubscribeError> {
    let client = world.client;
    let subscribe = world.spawn(async move { client.subscribe(filter, QoS::ExactlyOnce).await });
    world.finish(&subscribe)
}

fn receive(world: &mut World) -> String {
    let client = world.client;
    let next = world.spawn(next(client));
    world.finish(&next)
}

async fn next(client: Handle) -> String {
    let mut buffer = [0; 128];
    let message = client.next_message(&mut buffer).await.unwrap();
    String::from_utf8(message.payload.into()).unwrap()
}

#[test]
fn a_refused_subscription_is_an_answer_and_nothing_else() {
    let mut world = up();
    world.net.broker.borrow_mut().forbidden = Some("secret");
    let refused = Err(SubscribeError::Refused(ReasonCode::UNSPECIFIED_ERROR));
    assert_eq!(subscribe(&mut world, "secret"), refused);
    assert_eq!(subscribe(&mut world, "open"), Ok(QoS::ExactlyOnce));
    world.pass(200_000);
    let broker = world.net.broker.borrow();
    assert_eq!((broker.subscribes, world.net.attempts.borrow().len()), (2, 1));
    assert_eq!(world.client.subscription("secret"), None);
}

#[test]
fn subscriptions_are_made_again_only_when_the_broker_lost_them() {
    let mut world = up();
    for filter in ["a", "b/+"] {
        subscribe(&mut world, filter).unwrap();
    }
    world.net.cut();
    world.until(|world| !world.client.is_connected());
    world.until(|world| world.client.is_connected());
    world.pass(1_000);
    assert_eq!(world.net.broker.borrow().subscribes, 2, "the session is present");
    world.net.cut();
    world.net.broker.borrow_mut().forget();
    world.net.broker.borrow_mut().forbidden = Some("a");
    world.until(|world| world.net.broker.borrow().subscribes == 4);
    world.pass(100_000);
    assert_eq!(world.net.broker.borrow().subscribes, 4);
    assert_eq!(world.net.broker.borrow().filters, ["b/+"]);
    let refused = SubscriptionState::Refused(ReasonCode::UNSPECIFIED_ERROR);
    assert_eq!(world.client.subscription("a"), Some(refused));
    let granted = SubscriptionState::Granted(QoS::ExactlyOnce);
    assert_eq!(world.client.subscription("b/+"), Some(granted));
    let mut events = world.client.events();
    let lost = Event::SubscriptionLost(ReasonCode::UNSPECIFIED_ERROR);
    assert!(std::iter::from_fn(|| world.now(events.next())).any(|event| event == lost));
}

#[test]
fn a_slow_application_holds_the_broker_back_and_qos_0_is_discarded() {
    let mut world = up();
    for number in 0..20 {
        world.net.deliver("m", format!("{number}").as_bytes(), 1);
        world.net.deliver("m", b"zero", 0);
    }
    world.pass(300_000);
    // Four in the inbox, and the connection stands: it is this end that waits.
    assert_eq!(
        (world.client.waiting_messages(), world.net.attempts.borrow().len()),
        (4, 1)
    );
    assert_eq!(
        world.net.broker.borrow().unconfirmed(),
        20,
        "nothing was acknowledged unseen"
    );
    let mut zeros = 0;
    for number in 0..20 {
        let mut payload = receive(&mut world);
        while payload == "zero" {
            zeros += 1;
            payload = receive(&mut world);
        }
        assert_eq!(payload, format!("{number}"));
    }
    world.until(|world| world.net.broker.borrow().unconfirmed() == 0);
    world.pass(1_000);
    zeros += world.client.waiting_messages();
    assert!(zeros < 20);
    assert_eq!(world.client.stats().discarded as usize, 20 - zeros);
}

#[test]
fn what_finds_no_room_waits_at_the_front() {
    let mut world = up();
    let payloads = ["1", "2", "3", "4"].map(|digit| digit.repeat(60));
    for payload in &payloads {
        world.net.deliver("m", payload.as_bytes(), 1);
    }
    world.pass(300_000);
    assert_eq!(
        (
            world.client.waiting_messages(),
            world.net.broker.borrow().unconfirmed()
        ),
        (2, 4)
    );
    for payload in payloads {
        assert_eq!(receive(&mut world), payload);
    }
    world.until(|world| world.net.broker.borrow().unconfirmed() == 0);
    assert_eq!(world.client.stats().connections, 1);
}

#[test]
fn a_publish_between_two_messages_is_confirmed_whatever_waits() {
    let mut world = up();
    let client = world.client;
    for _ in 0..9 {
        world.net.deliver("m", b"zero", 0);
    }
    for payload in [b"a", b"b", b"c", b"d"] {
        world.net.deliver("m", payload, 1);
    }
    world.pass(10);
    // As many as there is room for; the confirmation comes behind all of them.
    let publish = world.spawn(async move { client.publish("t", b"it", Publish::qos1()).await });
    assert_eq!(world.finish(&publish), Ok(Receipt::Delivered));
    let all: Vec<_> = (0..4).map(|_| receive(&mut world)).collect();
    assert_eq!(all.concat(), "abcd");
    assert_eq!(client.stats().discarded, 9);
}

#[test]
fn what_waits_over_a_lost_connection_arrives_once() {
    for qos in [1, 2] {
        let mut world = up();
        for payload in [b"a", b"b", b"c"] {
            world.net.deliver("m", payload, qos);
        }
        world.until(|world| world.client.waiting_messages() == 3);
        assert_eq!(receive(&mut world), "a");
        world.pass(10);
        world.net.cut();
        // Taken between two connections: with QoS 2 the repetition is known.
        assert_eq!(receive(&mut world), "b");
        world.until(|world| !world.client.is_connected());
        world.until(|world| world.client.is_connected());
        world.pass(1_000);
        if qos == 1 {
            // The broker cannot know that "b" was taken; "c" waited here and is not doubled.
            assert_eq!(world.client.waiting_messages(), 2);
            assert_eq!(
                (receive(&mut world), receive(&mut world)),
                ("c".into(), "b".into())
            );
        } else {
            assert_eq!(world.client.waiting_messages(), 1);
            assert_eq!(receive(&mut world), "c");
        }
        world.until(|world| world.net.broker.borrow().unconfirmed() == 0);
        world.pass(1_000);
        assert_eq!(world.client.waiting_messages(), 0);
    }
}

#[test]
fn messages_too_large_go_by_and_are_told() {
    let mut world = up();
    for qos in 0..3 {
        // For the receive buffer, and only for the inbox.
        world.net.deliver("m", &[b'x'; 200], qos);
    }
    world.net.deliver("m", b"after", 1);
    assert_eq!(receive(&mut world), "after");
    world.until(|world| world.net.broker.borrow().unconfirmed() == 0);
    assert_eq!(world.client.stats().oversize, 3);
    let mut events = world.client.events();
    let told = std::iter::from_fn(|| world.now(events.next()))
        .filter(|event| matches!(event, Event::Oversize { size, .. } if *size > 200));
    assert_eq!(told.count(), 3);
    assert_eq!(world.net.attempts.borrow().len(), 1);
}

#[test]
fn a_buffer_too_small_loses_nothing_and_filters_pick() {
    let mut world = up();
    let client = world.client;
    for (topic, payload) in [("a/1", "one"), ("b", "two"), ("a/2", "three")] {
        world.net.deliver(topic, payload.as_bytes(), 2);
    }
    let small = world.spawn(async move { client.next_message(&mut [0; 5]).await.map(|_| ()) });
    assert_eq!(world.finish(&small), Err(ReceiveError::TooSmall { needed: 6 }));
    let picked = world.spawn(async move {
        let mut buffer = [0; 20];
        let message = client.next_message_of("b", &mut buffer).await.unwrap();
        (message.topic.to_string(), message.qos, message.payload.to_vec())
    });
    assert_eq!(
        world.finish(&picked),
        ("b".into(), QoS::ExactlyOnce, b"two".to_vec())
    );
    assert!(client.skip_message(Some("a/+")) && !client.skip_message(Some("b")));
    assert_eq!(receive(&mut world), "three");
    world.until(|world| world.net.broker.borrow().unconfirmed() == 0);
}

#[test]
fn many_tasks_wait_and_each_message_goes_to_one() {
    let mut world = up();
    let client = world.client;
    let tasks: Vec<_> = (0..12).map(|_| world.spawn(next(client))).collect();
    world.pass(10);
    let echo = world.spawn(async move { client.publish("t", b"it", Publish::qos1()).await });
    for number in 0..12_u8 {
        world.net.deliver("m", &[b'a' + number], 1);
    }
    let mut all: Vec<String> = tasks.iter().map(|task| world.finish(task)).collect();
    all.sort();
    assert_eq!(all.concat(), "abcdefghijkl");
    assert_eq!(world.finish(&echo), Ok(Receipt::Delivered));
}
