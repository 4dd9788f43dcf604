//! The client against a real broker over TCP, in both versions of MQTT.
//!
//! Every wait is for a condition; only a hang reaches the time limit. Not here: faults that a script shows better (see
//! `connecting`, `dropping`).

use std::collections::BTreeMap;
use std::future::Future;
use std::path::PathBuf;
use std::time::Duration;

use async_io::{Timer, block_on};
use embassy_futures::join::join;
use embassy_futures::select::{Either, select};
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use fivewire_client::{
    Backoff, Cause, Client, Connect, Engine, Event, Options, Property, Protocol, Publish, QoS, ReasonCode,
    Receipt, Runner, Shared, SubscribeError, V5, V311, Will,
};
use fivewire_transport::Endpoint;

use crate::mosquitto::Mosquitto;
use crate::network::{Network, Uptime};

type Mqtt<V> = Engine<V, 256, 1024, 8, 512, 4>;
type Memory<V> = Shared<CriticalSectionRawMutex, Mqtt<V>>;
type Handle<'a, V> = Client<'a, CriticalSectionRawMutex, Mqtt<V>>;

/// Far more than anything takes; only a hang reaches it.
const PATIENCE: Duration = Duration::from_secs(60);

/// Tries again soon.
const QUICK: Options<'_> = Options {
    backoff: Backoff {
        first_ms: 20,
        max_ms: 100,
    },
    ..Options::new("x")
};

fn keeping(client_id: &str) -> Options<'_> {
    Options {
        client_id,
        clean_init: false,
        clean: false,
        ..QUICK
    }
}

fn network(broker: &Mosquitto) -> Network {
    Network(Endpoint::new("localhost", broker.port))
}

/// Runs a client over the network until the test's body is done.
async fn with<V: Protocol, R>(
    memory: &Memory<V>,
    options: Options<'_>,
    network: impl Connect,
    body: impl Future<Output = R>,
) -> R {
    let mut runner = Runner::new(memory, options, network, Uptime::new(), 99);
    match select(select(runner.run(), body), Timer::after(PATIENCE)).await {
        Either::First(Either::First(ended)) => panic!("the runner ended: {ended:?}"),
        Either::First(Either::Second(result)) => result,
        Either::Second(_) => panic!("it hangs"),
    }
}

/// The same with a client of the test's own.
fn test<V: Protocol, R>(
    broker: &Mosquitto,
    options: Options<'_>,
    body: impl AsyncFnOnce(Handle<'_, V>) -> R,
) -> R {
    let memory = Memory::new();
    block_on(with(&memory, options, network(broker), body(memory.client())))
}

async fn receive<V: Protocol>(client: Handle<'_, V>) -> (String, Vec<u8>) {
    let mut buffer = [0; 256];
    let message = client.next_message(&mut buffer).await.unwrap();
    (message.topic.into(), message.payload.into())
}

/// Both versions do the same.
macro_rules! in_both_versions {
    ($($test:ident)*) => {
        mod v311 {
            $(#[test] fn $test() { super::$test::<super::V311>(); })*
        }
        mod v5 {
            $(#[test] fn $test() { super::$test::<super::V5>(); })*
        }
    };
}

in_both_versions! {
    publishes_and_receives
    a_broker_that_is_off_at_first_is_found_when_it_comes
    a_broker_restarted_during_traffic_loses_nothing
    a_refused_subscription_is_an_answer
    a_session_is_present_or_not
    an_oversize_message_goes_by
    a_slow_consumer_holds_the_broker_back
    the_will_is_published_when_the_connection_is_cut
    a_fresh_start_keeps_its_session_from_then_on
}

fn publishes_and_receives<V: Protocol>() {
    let broker = Mosquitto::start();
    test::<V, _>(&broker, QUICK, async |client| {
        assert_eq!(
            client.subscribe("t/+", QoS::ExactlyOnce).await,
            Ok(QoS::ExactlyOnce)
        );
        for qos in [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce] {
            let topic = format!("t/{}", qos.number());
            let publish = client.publish(&topic, &[0, 0x7f, 0xff], Publish::with_qos(qos));
            assert_eq!(publish.await, Ok(Receipt::Delivered));
            assert_eq!(receive(client).await, (topic, vec![0, 0x7f, 0xff]));
        }
        assert!(client.broker_up().await);
        client.unsubscribe("t/+").await.unwrap();
        client
            .publish("t/1", b"kept", Publish::qos1().retain())
            .await
            .unwrap();
        client.subscribe("#", QoS::AtMostOnce).await.unwrap();
        assert_eq!(receive(client).await.1, b"kept", "only what is retained");
        client.disconnect().await;
        assert!(!client.is_connected());
    });
}

fn a_broker_that_is_off_at_first_is_found_when_it_comes<V: Protocol>() {
    let mut broker = Mosquitto::absent(|_| "allow_anonymous true\n".into());
    let (memory, port) = (Memory::<V>::new(), network(&broker));
    let client = memory.client();
    block_on(with(&memory, QUICK, port, async {
        let early = client.publish("t", b"early", Publish::qos1().retain());
        let start = async {
            let mut events = client.events();
            for _ in 0..3 {
                assert_eq!(events.next().await, Event::Failed(Cause::Unreachable));
            }
            broker.run();
            client.ready().await;
        };
        assert_eq!(join(early, start).await.0, Ok(Receipt::Delivered));
    }));
    assert!(client.stats().failures >= 3);
}

/// What one of several senders has to say.
const EACH: u32 = 40;

async fn sender<V: Protocol>(client: Handle<'_, V>, number: u32, qos: QoS) {
    for count in 0..EACH {
        let payload = format!("{number} {count}");
        let receipt = client
            .publish("t", payload.as_bytes(), Publish::with_qos(qos))
            .await;
        assert_eq!(receipt, Ok(Receipt::Delivered));
    }
}

fn a_broker_restarted_during_traffic_loses_nothing<V: Protocol>() {
    let mut broker = Mosquitto::start();
    let port = broker.port;
    let network = || Network(Endpoint::new("localhost", port));
    let (near, far) = (Memory::<V>::new(), Memory::<V>::new());
    let (sending, receiving) = (near.client(), far.client());
    let mut arrived = BTreeMap::new();
    let senders = async {
        receiving.subscribe("t", QoS::ExactlyOnce).await.unwrap();
        join(
            join(
                sender(sending, 0, QoS::AtLeastOnce),
                sender(sending, 1, QoS::AtLeastOnce),
            ),
            join(
                sender(sending, 2, QoS::ExactlyOnce),
                sender(sending, 3, QoS::ExactlyOnce),
            ),
        )
        .await;
    };
    let receiver = async {
        for restart in [20, 60, usize::MAX] {
            while arrived.len() < restart.min(4 * EACH as usize) {
                let (_, payload) = receive(receiving).await;
                *arrived.entry(String::from_utf8(payload).unwrap()).or_insert(0) += 1;
            }
            if restart < usize::MAX {
                broker.stop();
                broker.run();
            }
        }
    };
    let both = with(&near, keeping("near"), network(), join(senders, receiver));
    block_on(with(&far, keeping("far"), network(), both));
    for (payload, times) in &arrived {
        let once = payload.starts_with(['2', '3']);
        assert!(!once || *times == 1, "{payload} came {times} times");
    }
    // The second restart may find it without anything to say.
    assert!(sending.stats().reconnects() >= 1);
    assert_eq!(sending.open_publishes(), 0);
}

/// Where Debian keeps the broker's plugin; the folder depends on the machine.
fn plugin() -> PathBuf {
    let folders = std::fs::read_dir("/usr/lib").unwrap();
    let files = folders.map(|folder| folder.unwrap().path().join("mosquitto_dynamic_security.so"));
    let mut found = files.filter(|file| file.exists());
    found
        .next()
        .expect("mosquitto comes with its plugin for access rules")
}

fn a_refused_subscription_is_an_answer<V: Protocol>() {
    const RULES: &str = r#"{
        "defaultACLAccess": {"publishClientSend": true, "publishClientReceive": true, "unsubscribe": true},
        "anonymousGroup": "all",
        "groups": [{"groupname": "all", "roles": [{"rolename": "reader"}]}],
        "roles": [{"rolename": "reader", "acls": [{"acltype": "subscribePattern", "topic": "open/#", "allow": true}]}]
    }"#;
    let mut broker = Mosquitto::absent(|folder| {
        let rules = folder.join("rules.json");
        std::fs::write(&rules, RULES).unwrap();
        let (plugin, rules) = (plugin(), rules.display());
        format!(
            "allow_anonymous true\nplugin {}\nplugin_opt_config_file {rules}\n",
            plugin.display()
        )
    });
    broker.run();
    test::<V, _>(&broker, QUICK, async |client| {
        let reason = if V::LEVEL == 5 {
            ReasonCode::NOT_AUTHORIZED
        } else {
            ReasonCode::UNSPECIFIED_ERROR
        };
        let refused = Err(SubscribeError::Refused(reason));
        assert_eq!(client.subscribe("secret", QoS::AtLeastOnce).await, refused);
        assert_eq!(
            client.subscribe("open/door", QoS::AtLeastOnce).await,
            Ok(QoS::AtLeastOnce)
        );
        client
            .publish("open/door", b"ajar", Publish::qos1())
            .await
            .unwrap();
        assert_eq!(receive(client).await.1, b"ajar");
        assert_eq!(client.stats().connections, 1);
    });
}

/// Runs a client for as long as the test's body, on memory that outlives it.
fn life<V: Protocol, R>(
    broker: &Mosquitto,
    memory: &Memory<V>,
    options: Options<'_>,
    body: impl AsyncFnOnce(Handle<'_, V>) -> R,
) -> R {
    block_on(with(memory, options, network(broker), body(memory.client())))
}

async fn up_with<V: Protocol>(client: Handle<'_, V>) -> bool {
    let mut events = client.events();
    let mut last = None;
    loop {
        if client.is_connected()
            && let Some(session_present) = last
        {
            return session_present;
        }
        if let Event::Up { session_present } = events.next().await {
            last = Some(session_present);
        }
    }
}

fn a_session_is_present_or_not<V: Protocol>() {
    let broker = Mosquitto::start();
    let memory = Memory::<V>::new();
    life(&broker, &memory, keeping("away"), async |client| {
        client.subscribe("t", QoS::AtLeastOnce).await.unwrap();
        client.disconnect().await;
    });
    test::<V, _>(&broker, keeping("other"), async |client| {
        client.publish("t", b"meanwhile", Publish::qos1()).await.unwrap();
    });
    // A new life of the program, which has not subscribed yet.
    test::<V, _>(&broker, keeping("away"), async |client| {
        assert_eq!(receive(client).await.1, b"meanwhile");
        assert!(up_with(client).await);
    });
    // The broker loses the session: the first life's client subscribes again by itself.
    test::<V, _>(
        &broker,
        Options {
            client_id: "away",
            ..QUICK
        },
        async |client| {
            assert!(!up_with(client).await);
            client.disconnect().await;
        },
    );
    life(&broker, &memory, keeping("away"), async |client| {
        client.connect();
        while client.stats().connections < 2 || client.subscription("t").is_none() {
            client.ready().await;
            Timer::after(Duration::from_millis(1)).await;
        }
        // Granted anew only when the broker has it: a message proves that.
        let prove = async {
            loop {
                client.publish("t", b"again", Publish::qos1()).await.unwrap();
                Timer::after(Duration::from_millis(10)).await;
            }
        };
        match select(receive(client), prove).await {
            Either::First((_, payload)) => assert_eq!(payload, b"again"),
            Either::Second(never) => never,
        }
    });
}

fn an_oversize_message_goes_by<V: Protocol>() {
    let broker = Mosquitto::start();
    let options = Options {
        limit_packet_size: false,
        ..QUICK
    };
    let memory = Memory::<V>::new();
    life(&broker, &memory, options, async |client| {
        client.subscribe("t", QoS::AtLeastOnce).await.unwrap();
        test_beside(&broker, async |other: Handle<'_, V>| {
            other.publish("t", &[b'x'; 700], Publish::qos1()).await.unwrap();
            other.publish("t", b"small", Publish::qos1()).await.unwrap();
        })
        .await;
        assert_eq!(receive(client).await.1, b"small");
        assert_eq!((client.stats().oversize, client.stats().connections), (1, 1));
        let mut events = client.events();
        loop {
            if let Event::Oversize { size, qos } = events.next().await {
                assert!(size > 700);
                break assert_eq!(qos, QoS::AtLeastOnce);
            }
        }
    });
}

/// Another client, in the same thread.
async fn test_beside<V: Protocol>(broker: &Mosquitto, body: impl AsyncFnOnce(Handle<'_, V>)) {
    let memory = Memory::new();
    let options = Options {
        client_id: "other",
        ..QUICK
    };
    with(&memory, options, network(broker), body(memory.client())).await;
}

fn a_slow_consumer_holds_the_broker_back<V: Protocol>() {
    const FLOOD: u16 = 500;
    let broker = Mosquitto::start();
    let memory = Memory::<V>::new();
    life(&broker, &memory, keeping("slow"), async |client| {
        client.subscribe("t", QoS::AtLeastOnce).await.unwrap();
        test_beside(&broker, async |other: Handle<'_, V>| {
            for number in 0..FLOOD {
                let payload = number.to_be_bytes();
                other.publish("t", &payload, Publish::qos1()).await.unwrap();
            }
        })
        .await;
        // All the room there is is taken, and this end still speaks with its broker.
        while client.waiting_messages() < 8 {
            Timer::after(Duration::from_millis(1)).await;
        }
        for number in 0..FLOOD {
            assert!(client.waiting_messages() <= 8);
            assert_eq!(
                receive(client).await.1,
                number.to_be_bytes(),
                "in order, none missing, none twice"
            );
        }
        assert_eq!((client.stats().connections, client.stats().discarded), (1, 0));
    });
}

fn the_will_is_published_when_the_connection_is_cut<V: Protocol>() {
    let broker = Mosquitto::start();
    let memory = Memory::<V>::new();
    life(&broker, &memory, QUICK, async |client| {
        client.subscribe("wills", QoS::AtLeastOnce).await.unwrap();
        for dropped in [true, false] {
            let options = Options {
                client_id: "mortal",
                will: Some(Will {
                    topic: "wills",
                    payload: b"it died",
                    qos: QoS::AtLeastOnce,
                    retain: false,
                }),
                ..QUICK
            };
            let other = Memory::<V>::new();
            let last = async {
                other.client().ready().await;
                if !dropped {
                    other.client().disconnect().await;
                }
            };
            // With this its runner is dropped, in the middle of everything.
            with(&other, options, network(&broker), last).await;
            if dropped {
                assert_eq!(receive(client).await.1, b"it died");
            }
        }
        client
            .publish("wills", b"nobody else died", Publish::qos1())
            .await
            .unwrap();
        assert_eq!(receive(client).await.1, b"nobody else died");
    });
}

fn a_fresh_start_keeps_its_session_from_then_on<V: Protocol>() {
    let broker = Mosquitto::start();
    let fresh = Options {
        clean_init: true,
        ..keeping("fresh")
    };
    test::<V, _>(&broker, fresh, async |client| {
        client.subscribe("old", QoS::AtLeastOnce).await.unwrap();
        client.disconnect().await;
    });
    test::<V, _>(&broker, fresh, async |client| {
        assert!(!up_with(client).await, "the earlier session is forgotten");
        client.subscribe("new", QoS::AtLeastOnce).await.unwrap();
        client.disconnect().await;
        test_beside(&broker, async |other: Handle<'_, V>| {
            other.publish("old", b"old", Publish::qos1()).await.unwrap();
            other.publish("new", b"new", Publish::qos1()).await.unwrap();
        })
        .await;
        client.connect();
        assert_eq!(receive(client).await, ("new".into(), b"new".into()));
        assert_eq!(client.stats().connections, 2);
    });
}

#[test]
fn properties_and_topic_aliases_travel_in_5_0() {
    type Aliased = V5<2, 32>;
    let broker = Mosquitto::start();
    test::<Aliased, _>(
        &broker,
        Options {
            client_id: "",
            ..QUICK
        },
        async |client| {
            client
                .subscribe("a/rather/long/topic", QoS::AtLeastOnce)
                .await
                .unwrap();
            let properties = [
                Property::ContentType("text/plain"),
                Property::UserProperty("key", "value"),
            ];
            for _ in 0..3 {
                let options = Publish::qos0().properties(&properties);
                client
                    .publish("a/rather/long/topic", b"hello", options)
                    .await
                    .unwrap();
                let mut buffer = [0; 100];
                let message = client.next_message(&mut buffer).await.unwrap();
                assert_eq!(
                    (message.topic, message.payload),
                    ("a/rather/long/topic", &b"hello"[..])
                );
                assert_eq!(message.properties.content_type(), Some("text/plain"));
                assert_eq!(
                    message.properties.user_properties().next(),
                    Some(("key", "value"))
                );
            }
        },
    );
}

#[test]
fn a_subscription_of_5_0_has_options() {
    let broker = Mosquitto::start();
    test::<V5, _>(&broker, QUICK, async |client| {
        let mut options = fivewire_client::mqtt::v5::Subscription::new("t", QoS::AtLeastOnce).options;
        options.no_local = true;
        assert_eq!(client.subscribe_with("t", options).await, Ok(QoS::AtLeastOnce));
        client.publish("t", b"own", Publish::qos1()).await.unwrap();
        test_beside(&broker, async |other: Handle<'_, V5>| {
            other.publish("t", b"another's", Publish::qos1()).await.unwrap();
        })
        .await;
        assert_eq!(receive(client).await.1, b"another's");
    });
}
