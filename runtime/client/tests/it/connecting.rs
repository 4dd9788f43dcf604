//! How connections come and go: attempts and their pauses, which session is asked for, sign of life, goodbye.
//!
//! Not here: what is dropped half-way (see `dropping`).

use std::time::Duration;

use fivewire_client::mqtt::{self, Error};
use fivewire_client::{
    Backoff, Cause, Event, Options, Publish, PublishError, QoS, ReasonCode, Receipt, ReceiveError,
    SubscribeError, Will,
};

use crate::world::World;

const X: Options<'_> = Options::new("x");
const KEEPING: Options<'_> = Options {
    clean_init: false,
    clean: false,
    ..X
};

fn events(world: &World) -> Vec<Event> {
    let mut events = world.client.events();
    let mut all = Vec::new();
    while let Some(event) = world.now(events.next()) {
        all.push(event);
    }
    all
}

#[test]
fn a_broker_that_is_off_at_power_up_is_tried_with_growing_pauses() {
    let mut world = World::new(100);
    world.net.unreachable.set(true);
    let backoff = Backoff {
        first_ms: 100,
        max_ms: 1_000,
    };
    world.run(Options { backoff, ..X });
    world.pass(10_000);
    let attempts = world.net.attempts.borrow().clone();
    let pauses: Vec<u32> = attempts.windows(2).map(|pair| pair[1] - pair[0]).collect();
    for (pause_ms, nominal_ms) in pauses
        .iter()
        .zip([100, 200, 400, 800].into_iter().chain([1_000; 30]))
    {
        assert!((nominal_ms / 2..=nominal_ms).contains(pause_ms), "{pauses:?}");
    }
    assert!(
        pauses[4..].iter().any(|&pause_ms| pause_ms != pauses[4]),
        "jitter"
    );
    assert_eq!(events(&world)[0], Event::Failed(Cause::Unreachable));
    world.net.unreachable.set(false);
    world.until(|world| world.client.is_connected());
    assert_eq!(world.client.stats().failures as usize, attempts.len());
    assert_eq!(world.client.stats().reconnects(), 0);
    // One that stood long enough starts the pauses anew.
    world.pass(1_000);
    world.net.cut();
    let cut_ms = world.now_ms();
    world.until(|world| world.client.stats().reconnects() == 1);
    assert!(world.now_ms() - cut_ms <= 100);
}

#[test]
fn a_transport_or_a_broker_that_never_answers_costs_the_response_time() {
    let mut world = World::new(100);
    world.net.hanging.set(true);
    world.run(X);
    world.pass(10_001);
    world.net.hanging.set(false);
    world.net.broker.borrow_mut().dead = true;
    world.pass(11_100);
    world.net.broker.borrow_mut().dead = false;
    world.until(|world| world.client.is_connected());
    let lost = Cause::Lost(mqtt::Cause::ConnackTimeout);
    let up = Event::Up {
        session_present: false,
    };
    assert_eq!(
        events(&world),
        [Event::Failed(Cause::TimedOut), Event::Failed(lost), up]
    );
}

#[test]
fn a_refused_connection_is_tried_again() {
    let mut world = World::new(100);
    world.net.broker.borrow_mut().refuses = true;
    world.run(X);
    world.pass(10_000);
    let refused = Event::Failed(Cause::Refused(ReasonCode::SERVER_UNAVAILABLE));
    let told = events(&world);
    assert!(
        told.len() > 2 && told.iter().all(|event| *event == refused),
        "{told:?}"
    );
    world.net.broker.borrow_mut().refuses = false;
    world.until(|world| world.client.is_connected());
}

#[test]
fn options_that_no_broker_could_accept_end_the_runner() {
    let mut world = World::new(100);
    let runner = world.run(Options {
        password: Some(b"without user"),
        ..X
    });
    assert_eq!(world.finish(&runner), Err(Error::PasswordWithoutUser));
}

#[test]
fn sessions_are_clean_as_asked() {
    for (clean_init, clean, wanted) in [
        (true, true, vec![true, true]),
        (false, true, vec![false, true]),
        (false, false, vec![false, false]),
        // Clean, goodbye, and again: a session that lasts from then on.
        (true, false, vec![true, false, false]),
    ] {
        let mut world = World::new(100);
        world.run(Options {
            clean_init,
            clean,
            ..X
        });
        world.until(|world| world.client.is_connected());
        world.net.cut();
        world.until(|world| !world.client.is_connected());
        world.until(|world| world.client.is_connected());
        let connects = world.net.broker.borrow().connects.clone();
        let flags: Vec<bool> = connects.iter().map(|&(clean, _)| clean).collect();
        assert_eq!(flags, wanted);
    }
}

#[test]
fn the_connection_that_makes_the_broker_forget_carries_nothing_else() {
    let mut world = World::new(100);
    let client = world.client;
    let will = Will {
        topic: "w",
        payload: b"gone",
        qos: QoS::AtMostOnce,
        retain: false,
    };
    let queued = world.spawn(async move { client.publish("t", b"it", Publish::qos2()).await });
    world.pass(10);
    world.run(Options {
        clean_init: true,
        clean: false,
        will: Some(will),
        ..X
    });
    assert_eq!(world.finish(&queued), Ok(Receipt::Delivered));
    let broker = world.net.broker.borrow();
    assert_eq!(broker.connects, [(true, false), (false, true)]);
    assert_eq!((broker.goodbyes, broker.wills, broker.repetitions), (1, 0, 0));
    assert_eq!(broker.published, ["it"]);
    drop(broker);
    let up = Event::Up {
        session_present: false,
    };
    assert_eq!(events(&world), [up], "the first connection is nobody's business");
    world.assert_clean();
}

#[test]
fn a_missing_acknowledgement_ends_the_connection_and_nothing_is_repeated_before() {
    let mut world = World::new(100);
    let client = world.client;
    world.run(KEEPING);
    world.until(|world| world.client.is_connected());
    world.net.broker.borrow_mut().silent = true;
    let publish = world.spawn(async move { client.publish("t", b"it", Publish::qos1()).await });
    world.pass(49_000);
    // The broker fails the test for a repetition on the same connection.
    assert_eq!(
        (
            world.net.broker.borrow().published.len(),
            world.net.attempts.borrow().len()
        ),
        (1, 1)
    );
    world.until(|world| !world.client.is_connected());
    world.net.broker.borrow_mut().silent = false;
    assert_eq!(world.finish(&publish), Ok(Receipt::Delivered));
    assert!(events(&world).contains(&Event::Down(Cause::Lost(mqtt::Cause::AckTimeout))));
    assert_eq!(world.net.broker.borrow().repetitions, 1);
    assert_eq!((client.stats().republished, client.stats().reconnects()), (1, 1));
}

#[test]
fn pings_keep_an_idle_connection_and_their_absence_ends_it() {
    let mut world = World::new(100);
    world.run(X);
    world.pass(100_000);
    assert_eq!(
        (world.net.broker.borrow().pings, world.net.attempts.borrow().len()),
        (6, 1)
    );
    world.net.broker.borrow_mut().dead = true;
    world.until(|world| !world.client.is_connected());
    assert!(events(&world).contains(&Event::Down(Cause::Lost(mqtt::Cause::PingTimeout))));
}

#[test]
fn broker_up_asks_when_nothing_came_lately() {
    let mut world = World::new(100);
    let client = world.client;
    let ask = move || async move { client.broker_up().await };
    let nobody = world.spawn(ask());
    assert!(!world.finish(&nobody), "there is no runner");
    world.run(X);
    world.until(|world| world.client.is_connected());
    let fresh = world.spawn(ask());
    assert!(world.finish(&fresh));
    assert_eq!(world.net.broker.borrow().pings, 0);
    world.pass(1_000);
    let (one, other) = (world.spawn(ask()), world.spawn(ask()));
    assert!(world.finish(&one) && world.finish(&other));
    assert_eq!(world.net.broker.borrow().pings, 1);
    world.pass(1_000);
    world.net.broker.borrow_mut().dead = true;
    let asked_ms = world.now_ms();
    let silent = world.spawn(ask());
    assert!(!world.finish(&silent));
    assert_eq!(world.now_ms() - asked_ms, 10_000);
    let cut = world.spawn(ask());
    world.net.cut();
    assert!(!world.finish(&cut));
}

#[test]
fn disconnect_says_goodbye_and_stays_away_and_connect_comes_back() {
    let mut world = World::new(3);
    let client = world.client;
    let will = Will {
        topic: "w",
        payload: b"gone",
        qos: QoS::AtMostOnce,
        retain: false,
    };
    world.run(Options {
        will: Some(will),
        ..X
    });
    world.until(|world| world.client.is_connected());
    // What is unsent goes first.
    let last = world.spawn(async move {
        let sent = client.publish("t", b"last words", Publish::qos0()).await;
        client.disconnect().await;
        sent
    });
    assert_eq!(world.finish(&last), Ok(Receipt::Delivered));
    world.pass(200_000);
    let broker = world.net.broker.borrow();
    assert_eq!((broker.goodbyes, broker.wills, broker.connects.len()), (1, 0, 1));
    assert_eq!(broker.published, ["last words"]);
    drop(broker);
    client.connect();
    world.until(|world| world.client.is_connected());
    world.net.cut();
    assert_eq!(world.net.broker.borrow().wills, 1);
}

#[test]
fn disconnect_ends_an_attempt_and_a_pause() {
    for hanging in [true, false] {
        let mut world = World::new(100);
        let client = world.client;
        world.net.hanging.set(hanging);
        world.net.unreachable.set(true);
        world.run(X);
        world.pass(300);
        let off = world.spawn(async move { client.disconnect().await });
        let asked_ms = world.now_ms();
        world.finish(&off);
        assert_eq!(world.now_ms(), asked_ms);
        world.pass(100_000);
        assert_eq!(world.net.attempts.borrow().len(), 1);
    }
}

#[test]
fn close_ends_everything_and_a_later_run_goes_on() {
    let mut world = World::new(100);
    let client = world.client;
    let runner = world.run(KEEPING);
    world.until(|world| world.client.is_connected());
    world.net.broker.borrow_mut().silent = true;
    let publish = move || async move { client.publish("t", b"it", Publish::qos1()).await };
    let open = world.spawn(publish());
    let subscribe = world.spawn(async move { client.subscribe("a", QoS::AtMostOnce).await });
    let next = world.spawn(async move { client.next_message(&mut [0; 9]).await.map(|_| ()) });
    world.pass(10);
    client.close();
    assert_eq!(world.finish(&runner), Ok(()));
    assert_eq!(world.finish(&open), Ok(Receipt::Unconfirmed));
    assert_eq!(world.finish(&subscribe), Err(SubscribeError::Closed));
    assert_eq!(world.finish(&next), Err(ReceiveError::Closed));
    let late = world.spawn(publish());
    assert_eq!(world.finish(&late), Err(PublishError::Closed));
    world.net.broker.borrow_mut().silent = false;
    world.run(KEEPING);
    world.until(|world| world.net.broker.borrow().repetitions == 1);
    world.until(|world| world.client.open_publishes() == 0);
    world.until(|world| world.net.broker.borrow().filters == ["a"]);
}

#[test]
fn a_session_goes_on_in_a_later_life() {
    let mut world = World::new(100);
    world.net.broker.borrow_mut().silent = true;
    let runner = world.run(KEEPING);
    let client = world.client;
    for payload in ["one", "two"] {
        let options = Publish::qos2().deadline(Duration::from_secs(900));
        world.spawn(async move { client.publish("t", payload.as_bytes(), options).await });
    }
    world.until(|world| world.net.broker.borrow().published.len() == 2);
    let mut saved = [0; 200];
    let len = world.memory.save(&mut saved).unwrap();
    world.drop_task(&runner);

    let mut later = World::new(100);
    later.net = world.net.clone();
    later.time = world.time.clone();
    later
        .memory
        .restore(fivewire_client::Session::restore(&saved[..len]).unwrap());
    later.net.broker.borrow_mut().silent = false;
    later.run(KEEPING);
    later.until(|later| later.net.broker.borrow().repetitions == 2);
    later.pass(1_000);
    assert_eq!(
        later.net.broker.borrow().published,
        ["one", "two"],
        "exactly once"
    );
    later.assert_clean();
}
