//! The asynchronous front end: futures that are dropped at any await, tasks that are slow, threads that panic.

use crate::bridge::{Bridge, Nature};
use crate::script::CONFIG;
use embassy_sync::blocking_mutex::raw::{CriticalSectionRawMutex, NoopRawMutex, RawMutex};
use fivewire_host::wire::event;
use fivewire_host::{
    CallError, Client, Epoch, Event, GetTime, Outputs, Publish, PublishError, QoS, Receipt, Runner, Shared,
    Status, SubscribeError,
};
use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::task::{Context, Poll, Waker};

type Link = Runner<'static, CriticalSectionRawMutex>;

/// A host with its bridge, and a clock that moves when it is told to.
struct World<M: RawMutex + 'static> {
    client: Client<'static, M>,
    runner: Runner<'static, M>,
    bridge: Bridge,
    now: u32,
    outputs: Outputs,
    /// What the bridge was told.
    told: Vec<String>,
}

impl<M: RawMutex> World<M> {
    fn new(nature: Nature) -> Self {
        let shared: &'static Shared<'static, M> = Box::leak(Box::new(Shared::new()));
        let mut runner = shared.start(CONFIG, 7, 0).expect("the configuration is valid");
        let outputs = runner.service(0);
        Self {
            client: shared.client(),
            runner,
            bridge: Bridge::start(nature, 3, 0),
            now: 0,
            outputs,
            told: Vec::new(),
        }
    }

    /// A millisecond.
    fn step(&mut self) {
        self.now += 1;
        for _ in 0..if self.outputs.reset_asserted { 0 } else { 400 } {
            let (to_bridge, to_host) = (self.runner.link_mut().output_bit(), self.bridge.link.output_bit());
            self.runner.link_mut().input_bit(to_host);
            self.bridge.link.input_bit(to_bridge);
        }
        self.bridge.service(self.now, &mut self.told);
        self.outputs = self.runner.service(self.now);
    }

    fn run(&mut self, ms: u32) {
        for _ in 0..ms {
            self.step();
        }
    }

    /// Polls a future once a millisecond until it is ready.
    fn finish<T>(&mut self, future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        for _ in 0..5_000 {
            if let Poll::Ready(result) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                return result;
            }
            self.step();
        }
        panic!("nothing came of it");
    }

    /// Polls a future up to `polls` times, a millisecond apart, and drops it. True when it became ready.
    fn cancel<T>(&mut self, polls: usize, future: impl Future<Output = T>) -> bool {
        let mut future = pin!(future);
        for _ in 0..polls {
            if future
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()))
                .is_ready()
            {
                return true;
            }
            self.step();
        }
        false
    }

    fn message(&mut self, topic: &str, payload: &[u8]) {
        self.message_with(topic, payload, b"");
    }

    fn message_with(&mut self, topic: &str, payload: &[u8], properties: &[u8]) {
        let qos = QoS::AtLeastOnce;
        self.bridge.event(event::Message {
            topic,
            payload,
            retained: false,
            dup: false,
            qos,
            packet_id: 0,
            properties,
        });
    }

    fn count(&self, what: &str) -> usize {
        self.told.iter().filter(|line| line.contains(what)).count()
    }
}

fn world() -> World<NoopRawMutex> {
    World::new(Nature::default())
}

#[test]
fn the_example_of_the_documentation() {
    let mut world = world();
    let client = world.client;
    world.finish(client.ready());
    let mut green = world
        .finish(client.subscribe("green", QoS::AtLeastOnce))
        .expect("granted");
    assert_eq!(
        world.finish(client.publish("result", b"42", Publish::qos1())),
        Ok(Receipt::Delivered)
    );
    world.message("green", b"on");
    let message = world.finish(green.next());
    assert_eq!((message.topic.as_str(), message.text()), ("green", Some("on")));
    assert_eq!(world.finish(green.unsubscribe()), Ok(()));
    assert!(client.running() && client.wifi() && client.broker());
}

#[test]
fn a_publication_outlives_its_future_wherever_that_is_dropped() {
    for polls in 0..400 {
        let mut world = world();
        let client = world.client;
        let ready = world.cancel(polls, client.publish("result", b"42", Publish::qos1()));
        world.run(200);
        let sent = world.count("publish result");
        assert_eq!(sent, usize::from(polls > 0), "after {polls} polls");
        assert_eq!(client.open_publishes(), 0);
        if ready {
            return;
        }
    }
    panic!("it was never delivered");
}

#[test]
fn a_subscription_dies_with_its_future_wherever_that_is_dropped() {
    for polls in 0..400 {
        let mut world = world();
        let client = world.client;
        let ready = world.cancel(polls, client.subscribe("green", QoS::AtLeastOnce));
        world.run(200);
        assert_eq!(
            world.count("> 1 subscribe"),
            world.count("unsubscribe"),
            "after {polls} polls"
        );
        for _ in 0..8 {
            let places = world.finish(client.subscribe("place", QoS::AtLeastOnce));
            std::mem::forget(places.expect("every place of the table is free"));
        }
        if ready {
            return;
        }
    }
    panic!("it was never granted");
}

#[test]
fn a_message_is_taken_by_a_future_that_is_ready_and_by_no_other() {
    let mut world = world();
    let client = world.client;
    let mut green = world
        .finish(client.subscribe("green", QoS::AtLeastOnce))
        .expect("granted");
    assert!(!world.cancel(5, green.next()));
    world.message("green", b"on");
    world.run(5);
    assert!(!world.cancel(0, green.next()));
    assert_eq!(world.count("accept"), 0);
    let mut small = [0; 5];
    let error = world
        .finish(green.next_in(&mut small))
        .expect_err("7 bytes are needed");
    assert_eq!(error.needed, 7);
    let mut buffer = [0; 20];
    let message = world.finish(green.next_in(&mut buffer)).expect("it fits");
    assert_eq!((message.topic, message.payload), ("green", &b"on"[..]));
    world.run(5);
    assert_eq!(world.count("accept"), 1);
    world.message("green", b"skipped");
    world.run(5);
    green.skip();
    world.run(5);
    assert_eq!(world.count("accept"), 2);
}

#[test]
fn properties_pass_through_the_tasks_both_ways() {
    let mut world = world();
    let client = world.client;
    let mut green = world
        .finish(client.subscribe("green", QoS::ExactlyOnce))
        .expect("granted");
    let publish = client.publish_with("result", b"42", b"unit", Publish::qos2());
    assert_eq!(world.finish(publish), Ok(Receipt::Delivered));
    let queued = client.enqueue_with("result", b"43", b"unit", Publish::qos1());
    assert_eq!(
        world.finish(client.next_receipt()),
        (queued.expect("there is room"), Receipt::Delivered)
    );
    assert_eq!(world.count("properties \"unit\""), 2);
    world.message_with("green", b"on", b"who");
    world.message_with("green", b"off", b"why");
    let message = world.finish(green.next());
    assert_eq!(
        (message.text(), &message.properties[..]),
        (Some("on"), &b"who"[..])
    );
    let mut small = [0; 10];
    let error = world
        .finish(green.next_in(&mut small))
        .expect_err("11 bytes are needed");
    assert_eq!(error.needed, 11);
    let mut buffer = [0; 11];
    let message = world.finish(green.next_in(&mut buffer)).expect("it fits");
    assert_eq!((message.payload, message.properties), (&b"off"[..], &b"why"[..]));
    assert_eq!(world.finish(green.unsubscribe_with(b"bye")), Ok(()));
    assert_eq!(world.count("unsubscribe green properties \"bye\""), 1);
}

#[test]
fn unsubscriptions_with_properties_wait_for_one_another() {
    let mut world = world();
    let client = world.client;
    let [one, other] = ["a", "b"].map(|filter| {
        let subscription = world.finish(client.subscribe(filter, QoS::AtMostOnce));
        subscription.expect("granted")
    });
    let both = embassy_futures::join::join(one.unsubscribe_with(b"1"), other.unsubscribe_with(b"2"));
    assert_eq!(world.finish(both), (Ok(()), Ok(())));
    assert_eq!(world.count("unsubscribe"), 2);
    let place = world
        .finish(client.subscribe("c", QoS::AtMostOnce))
        .expect("granted");
    assert_eq!(
        world.finish(place.unsubscribe_with(&[0; 225])),
        Err(SubscribeError::TooLong { max: 224 })
    );
    world.run(5);
    assert_eq!(world.count("unsubscribe"), 3, "it was given up all the same");
}

#[test]
fn a_command_that_nobody_waits_for_is_not_sent_any_more() {
    let mut world = world();
    let client = world.client;
    assert!(!world.cancel(3, client.ping(1)), "the bridge is still in reset");
    assert_eq!(
        world.finish(client.memory()),
        Err(CallError::Down),
        "the spec says that it does not wait"
    );
    world.run(1_000);
    assert_eq!(world.count("ping"), 0);
    for _ in 0..20 {
        assert_eq!(world.finish(client.ping(9)).map(|reply| reply.nonce), Ok(9));
    }
    for _ in 0..20 {
        assert!(!world.cancel(1, client.memory()), "no place is lost by dropping");
    }
}

#[test]
fn receipts_of_the_queue_come_to_whoever_asks() {
    let mut world = world();
    let client = world.client;
    let first = client.enqueue("a", b"1", Publish::qos1()).expect("there is room");
    let second = client.enqueue("a", b"2", Publish::qos1()).expect("there is room");
    assert!(!world.cancel(3, client.next_receipt()));
    assert_eq!(world.finish(client.next_receipt()), (first, Receipt::Delivered));
    assert_eq!(world.finish(client.next_receipt()), (second, Receipt::Delivered));
    assert_eq!(
        client.enqueue("#", b"", Publish::qos1()),
        Err(PublishError::TopicInvalid)
    );
}

#[test]
fn events_are_for_one_or_for_all() {
    let mut world = world();
    let client = world.client;
    let (mut first, mut second) = (client.events(), client.events());
    world.run(1_000);
    assert!(matches!(world.finish(first.next()), Event::State(_)));
    assert!(matches!(world.finish(second.next()), Event::State(_)));
    let started = async {
        while client.next_event().await != (Event::Started { count: 1 }) {}
        client.next_event().await
    };
    assert_eq!(
        world.finish(started),
        Event::Status {
            status: Status::WifiUp,
            detail: 0
        }
    );
    assert_eq!(first.missed() + second.missed(), 0);
}

#[test]
fn the_time_of_day_in_either_epoch() {
    let mut world = world();
    let client = world.client;
    world.finish(client.ready());
    assert!(!world.cancel(5, client.get_time(GetTime::default())));
    world.bridge.event(event::Time {
        unix_time: 946_684_805,
    });
    world.run(5);
    assert_eq!(
        (client.time(Epoch::Unix), client.time(Epoch::Y2k)),
        (Some(946_684_805), Some(5))
    );
    assert!(
        !world.cancel(5, client.get_time(GetTime::default().epoch(Epoch::Y2k))),
        "it waits for a fresh answer"
    );
}

#[test]
fn closing_ends_what_waits_for_a_receipt_or_a_reply() {
    let mut world = world();
    let client = world.client;
    let all =
        embassy_futures::join::join3(client.publish("a", b"", Publish::qos1()), client.ping(0), async {
            client.close()
        });
    let (receipt, ping, ()) = world.finish(all);
    assert!(matches!(receipt, Ok(Receipt::Rejected(_))), "{receipt:?}");
    assert_eq!(ping, Err(CallError::Closed));
    assert_eq!(
        world.finish(client.publish("a", b"", Publish::qos1())),
        Err(PublishError::Closed)
    );
    assert!(matches!(
        world.finish(client.subscribe("a", QoS::AtMostOnce)),
        Err(SubscribeError::Closed)
    ));
    world.step();
    assert_eq!(world.outputs.next_ms, None);
}

/// The link on its own thread at full speed, until told to stop.
fn drive(
    mut world: World<CriticalSectionRawMutex>,
    messages: &AtomicU32,
    stop: &AtomicBool,
) -> World<CriticalSectionRawMutex> {
    let _: &mut Link = &mut world.runner;
    while !stop.load(Ordering::Relaxed) {
        if messages
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |count| count.checked_sub(1))
            .is_ok()
        {
            world.message("green", b"on");
        }
        world.step();
    }
    world
}

#[test]
fn threads_that_are_stuck_or_panic_do_not_hold_up_the_others() {
    let (messages, stop, subscribed) = (AtomicU32::new(0), AtomicBool::new(false), &AtomicBool::new(false));
    let world = World::<CriticalSectionRawMutex>::new(Nature::default());
    let client = world.client;
    std::thread::scope(|scope| {
        let link = scope.spawn(|| drive(world, &messages, &stop));
        let mut stuck = pollster::block_on(client.subscribe("green", QoS::AtLeastOnce)).expect("granted");
        let panicking = scope.spawn(move || {
            pollster::block_on(async {
                let mut green = client
                    .subscribe("green", QoS::AtLeastOnce)
                    .await
                    .expect("granted");
                subscribed.store(true, Ordering::Relaxed);
                let message = green.next().await;
                panic!("as the test wants it: {message:?}");
            })
        });
        while !subscribed.load(Ordering::Relaxed) {
            std::thread::yield_now();
        }
        messages.store(1, Ordering::Relaxed);
        assert!(panicking.join().is_err());
        for count in 0..100_u32 {
            let receipt = pollster::block_on(client.publish("result", &count.to_le_bytes(), Publish::qos1()));
            assert_eq!(receipt, Ok(Receipt::Delivered));
        }
        assert_eq!(pollster::block_on(stuck.next()).text(), Some("on"));
        stop.store(true, Ordering::Relaxed);
        let world = link.join().expect("the link goes on whatever the tasks do");
        assert_eq!(world.count("publish result"), 100);
    });
}

#[test]
fn the_runner_is_woken_by_the_application() {
    let mut world = world();
    let client = world.client;
    world.finish(client.ready());
    assert!(!world.cancel(1, async {
        client.ready().await;
        std::future::pending::<()>().await
    }));
    let runner = &world.runner;
    let mut work = pin!(runner.work());
    let mut context = Context::from_waker(Waker::noop());
    assert!(work.as_mut().poll(&mut context).is_pending());
    let _queued = client.enqueue("a", b"", Publish::qos1());
    assert!(work.as_mut().poll(&mut context).is_ready());
}
