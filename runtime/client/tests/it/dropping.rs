//! Any future dropped at any await: for each scenario the future is dropped after `k` polls, for every `k` until it
//! completes, and the session has to be as sound as ever.
//!
//! The links move three bytes at a time and give the executor back before each, so there are many such points. Not
//! here: futures that are let live (see the other modules).

use fivewire_client::{Cause, Event, Options, Publish, QoS, Receipt, SubscriptionState};

use crate::world::{Handle, World};

const CHUNK: usize = 3;
/// More polls than any of the scenarios takes.
const MOST: usize = 3_000;

/// With a session that outlives connections.
const KEEPING: Options<'_> = Options {
    clean_init: false,
    clean: false,
    ..Options::new("x")
};

/// Runs the scenario for 0 polls, 1, 2 … until it says that its future completed; how many that were.
fn for_every_drop(mut completes: impl FnMut(usize) -> bool) -> usize {
    (0..MOST)
        .find(|&polls| completes(polls))
        .expect("it never completes")
}

fn up() -> World {
    let mut world = World::new(CHUNK);
    world.run(KEEPING);
    world.until(|world| world.client.is_connected());
    world
}

async fn publish(client: Handle, payload: &'static str, qos: QoS) -> Receipt {
    let options = Publish::with_qos(qos);
    client.publish("t", payload.as_bytes(), options).await.unwrap()
}

/// How often the broker got it.
fn times(world: &World, payload: &str) -> usize {
    let broker = world.net.broker.borrow();
    broker.published.iter().filter(|&it| it == payload).count()
}

/// The client still does what a client does.
fn assert_works(world: &mut World) {
    for qos in [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce] {
        let payload = ["zero", "one", "two"][usize::from(qos.number())];
        let after = world.spawn(publish(world.client, payload, qos));
        assert_eq!(world.finish(&after), Receipt::Delivered);
        world.until(|world| times(world, payload) == 1);
    }
    world.assert_clean();
    // Every slot there is can be had.
    world.net.unreachable.set(true);
    world.net.cut();
    let all =
        ["5", "6", "7", "8"].map(|payload| world.spawn(publish(world.client, payload, QoS::ExactlyOnce)));
    world.until(|world| world.client.open_publishes() == all.len());
    world.net.unreachable.set(false);
    for publish in &all {
        assert_eq!(world.finish(publish), Receipt::Delivered);
    }
    world.assert_clean();
}

fn publish_dropped(qos: QoS, cut: bool) {
    let polls = for_every_drop(|polls| {
        let mut world = up();
        let dropped = world.spawn(publish(world.client, "it", qos));
        let receipt = world.finish_or_drop(&dropped, polls);
        if cut {
            world.net.cut();
            world.until(|world| !world.client.is_connected());
        }
        assert_works(&mut world);
        let times = times(&world, "it");
        // From its first poll on the session has it; a cut may cost a QoS 0 publish, or double one of QoS 1.
        match qos {
            QoS::AtMostOnce if cut => assert!(times <= 1),
            QoS::AtLeastOnce if cut && polls > 0 => assert!(times == 1 || times == 2),
            _ => assert_eq!(times, usize::from(polls > 0)),
        }
        receipt.is_some_and(|receipt| {
            assert_eq!(receipt, Receipt::Delivered);
            true
        })
    });
    assert!(polls > 0);
}

#[test]
fn publish_qos_0() {
    publish_dropped(QoS::AtMostOnce, false);
    publish_dropped(QoS::AtMostOnce, true);
}

#[test]
fn publish_qos_1() {
    publish_dropped(QoS::AtLeastOnce, false);
    publish_dropped(QoS::AtLeastOnce, true);
}

#[test]
fn publish_qos_2() {
    publish_dropped(QoS::ExactlyOnce, false);
    publish_dropped(QoS::ExactlyOnce, true);
}

#[test]
fn publish_that_waits_for_room() {
    for_every_drop(|polls| {
        let mut world = up();
        world.net.broker.borrow_mut().silent = true;
        for payload in ["a", "b", "c", "d"] {
            world.spawn(publish(world.client, payload, QoS::AtLeastOnce));
        }
        world.pass(1_000);
        let dropped = world.spawn(publish(world.client, "it", QoS::AtLeastOnce));
        world.pass(1_000);
        world.net.broker.borrow_mut().silent = false;
        let receipt = world.finish_or_drop(&dropped, polls);
        assert_works(&mut world);
        assert!(times(&world, "it") <= 1);
        receipt.is_some()
    });
}

#[test]
fn subscribe_and_unsubscribe() {
    let polls = for_every_drop(|polls| {
        let mut world = up();
        let client = world.client;
        let dropped = world.spawn(async move { client.subscribe("a", QoS::AtLeastOnce).await });
        let granted = world.finish_or_drop(&dropped, polls);
        if polls > 0 {
            let state = Some(SubscriptionState::Granted(QoS::AtLeastOnce));
            world.until(|world| world.client.subscription("a") == state);
            assert_eq!(world.net.broker.borrow().filters, ["a"]);
        }
        let again = world.spawn(async move { client.subscribe("a", QoS::AtMostOnce).await });
        assert_eq!(world.finish(&again), Ok(QoS::AtMostOnce));
        assert_works(&mut world);
        granted.is_some()
    });
    assert!(polls > 0);
    for_every_drop(|polls| {
        let mut world = up();
        let client = world.client;
        let first = world.spawn(async move { client.subscribe("a", QoS::AtLeastOnce).await });
        world.finish(&first).unwrap();
        let dropped = world.spawn(async move { client.unsubscribe("a").await });
        let left = world.finish_or_drop(&dropped, polls);
        if polls > 0 {
            world.until(|world| world.net.broker.borrow().filters.is_empty());
        }
        assert_works(&mut world);
        assert_eq!(client.subscription("a").is_none(), polls > 0);
        left.is_some()
    });
}

#[test]
fn next_message() {
    let polls = for_every_drop(|polls| {
        let mut world = up();
        let client = world.client;
        let dropped = world.spawn(receive(client));
        for number in 0..6 {
            world.net.deliver("m", &[b'0' + number], 1 + number % 2);
        }
        let first = world.finish_or_drop(&dropped, polls);
        let wanted = "012345".chars().skip(usize::from(first.is_some()));
        for payload in wanted {
            let next = world.spawn(receive(client));
            assert_eq!(world.finish(&next), payload.to_string());
        }
        world.until(|world| world.net.broker.borrow().unconfirmed() == 0);
        assert_eq!(client.waiting_messages(), 0);
        assert_works(&mut world);
        first.is_some()
    });
    assert!(polls > 0);
}

async fn receive(client: Handle) -> String {
    let mut buffer = [0; 64];
    let message = client.next_message(&mut buffer).await.unwrap();
    String::from_utf8(message.payload.into()).unwrap()
}

#[test]
fn disconnect() {
    let polls = for_every_drop(|polls| {
        let mut world = up();
        let client = world.client;
        let kept = world.spawn(publish(client, "kept", QoS::AtLeastOnce));
        let dropped = world.spawn(async move { client.disconnect().await });
        let done = world.finish_or_drop(&dropped, polls);
        if polls > 0 {
            world.until(|world| world.net.broker.borrow().goodbyes == 1);
            world.pass(100_000);
            assert!(!client.is_connected() && world.net.attempts.borrow().len() == 1);
        }
        client.connect();
        assert_eq!(world.finish(&kept), Receipt::Delivered);
        assert_works(&mut world);
        done.is_some()
    });
    assert!(polls > 0);
}

#[test]
fn broker_up_and_ready_and_events() {
    for_every_drop(|polls| {
        let mut world = up();
        let client = world.client;
        world.pass(2_000);
        let dropped = world.spawn(async move {
            client.ready().await;
            client.broker_up().await
        });
        let answer = world.finish_or_drop(&dropped, polls);
        let after = world.spawn(async move { client.broker_up().await });
        assert!(world.finish(&after));
        assert_works(&mut world);
        answer.is_some()
    });
    let mut world = up();
    let mut events = world.client.events();
    let dropped = world.spawn(async move {
        let first = events.next().await;
        (first, events.next().await)
    });
    world.pass(10);
    world.net.cut();
    let both = (
        Event::Up {
            session_present: false,
        },
        Event::Down(Cause::Ended),
    );
    assert_eq!(world.finish(&dropped), both);
}

/// What a runner has to get through in the next test.
struct Work {
    receipts: Vec<crate::world::Spawned<Receipt>>,
    received: crate::world::Spawned<Vec<String>>,
    granted: crate::world::Spawned<bool>,
}

const SENT: [(&str, QoS); 4] = [
    ("one", QoS::AtLeastOnce),
    ("two", QoS::ExactlyOnce),
    ("three", QoS::AtLeastOnce),
    ("four", QoS::ExactlyOnce),
];

fn work(world: &mut World) -> Work {
    let client = world.client;
    for number in 0..6 {
        world.net.deliver("m", &[b'0' + number], 1 + number % 2);
    }
    Work {
        receipts: SENT
            .map(|(payload, qos)| world.spawn(publish(client, payload, qos)))
            .into(),
        granted: world.spawn(async move { client.subscribe("a", QoS::AtLeastOnce).await.is_ok() }),
        received: world.spawn(async move {
            let mut all = Vec::new();
            while all.len() < 6 {
                let payload = receive(client).await;
                if !all.contains(&payload) {
                    all.push(payload);
                }
            }
            all
        }),
    }
}

/// The broker's session is there before, so that what it sends counts.
fn runner_dropped(options: Options<'static>, again: bool) {
    let polls = for_every_drop(|polls| {
        let mut world = World::new(CHUNK);
        let before = world.run(KEEPING);
        world.until(|world| world.client.is_connected());
        world.drop_task(&before);
        let work = work(&mut world);
        let dropped = world.run(options);
        let done = |world: &mut World| {
            let done = world.client.open_publishes() == 0 && world.net.broker.borrow().unconfirmed() == 0;
            done && world.client.is_connected()
        };
        world.until(|world| world.polls(&dropped) >= polls || done(world));
        let completed = done(&mut world);
        if !again {
            world.drop_task(&dropped);
            assert!(!world.client.is_connected());
        }
        // When the first one lives on, the second takes its place.
        world.run(options);
        for receipt in &work.receipts {
            assert_eq!(world.finish(receipt), Receipt::Delivered);
        }
        assert_eq!(world.finish(&work.received), ["0", "1", "2", "3", "4", "5"]);
        assert!(world.finish(&work.granted));
        for (payload, qos) in SENT {
            let times = times(&world, payload);
            assert!(
                times == 1 || times == 2 && qos == QoS::AtLeastOnce,
                "{payload}: {times}"
            );
        }
        world.until(|world| world.net.broker.borrow().unconfirmed() == 0);
        if again {
            assert_eq!(world.finish(&dropped), Ok(()), "the first runner ends");
        }
        world.net.broker.borrow_mut().published.clear();
        assert_works(&mut world);
        completed
    });
    assert!(polls > 50, "{polls}");
}

#[test]
fn the_runner_itself() {
    runner_dropped(KEEPING, false);
}

#[test]
fn a_second_runner_takes_over_at_any_time() {
    runner_dropped(KEEPING, true);
}

#[test]
fn the_runner_while_it_makes_the_broker_forget() {
    let options = Options {
        clean_init: true,
        ..KEEPING
    };
    let polls = for_every_drop(|polls| {
        let mut world = World::new(CHUNK);
        let queued = world.spawn(publish(world.client, "queued", QoS::ExactlyOnce));
        let dropped = world.run(options);
        world.until(|world| world.polls(&dropped) >= polls || world.client.is_connected());
        let completed = world.client.is_connected();
        world.drop_task(&dropped);
        world.run(options);
        assert_eq!(world.finish(&queued), Receipt::Delivered);
        assert_eq!(times(&world, "queued"), 1);
        assert_works(&mut world);
        completed
    });
    assert!(polls > 10, "{polls}");
}
