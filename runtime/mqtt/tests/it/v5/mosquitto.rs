//! A client of MQTT 5.0 against a real broker over TCP.
//!
//! Not here: the broker process (see `crate::mosquitto`), faults that a scene shows better.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use fivewire_mqtt::v5::{Client, ConnectOptions, Event, Property, Publication, ReasonCode, Subscription};
use fivewire_mqtt::{MessageId, QoS};

use crate::mosquitto::Broker;

/// Far more than anything takes; only a hang reaches it.
const PATIENCE: Duration = Duration::from_secs(20);

struct Peer {
    client: Client<512, 512, 4, 4, 16>,
    socket: TcpStream,
    messages: Vec<MessageId>,
}

impl Peer {
    fn connect(broker: &Broker, options: &ConnectOptions<'_>) -> Self {
        let mut peer = Self {
            client: Client::with_aliases(),
            socket: dial(broker),
            messages: Vec::new(),
        };
        peer.client.connect(0, options).unwrap();
        peer
    }

    fn reconnect(&mut self, broker: &Broker, options: &ConnectOptions<'_>) {
        self.socket = dial(broker);
        self.client.connect(0, options).unwrap();
    }

    fn write(&mut self) {
        let len = self.client.output().len();
        self.socket.write_all(self.client.output()).unwrap();
        self.client.consume_output(len);
    }

    /// The next event in words, with all the reading and writing that it takes.
    fn next(&mut self) -> String {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if let Some(event) = self.client.poll_event() {
                return match event {
                    Event::Message {
                        topic,
                        payload,
                        packet_id,
                        properties,
                        ..
                    } => {
                        self.messages.extend(packet_id);
                        let payload = String::from_utf8_lossy(payload);
                        format!("{topic} {payload} {properties:?}")
                    }
                    Event::Connected { session_present, .. } => format!("connected {session_present}"),
                    Event::Published { reason, .. } => format!("published {reason}"),
                    Event::Subscribed { reason, .. } => format!("subscribed {reason}"),
                    other => format!("{other:?}"),
                };
            }
            self.write();
            let mut bytes = [0; 200];
            match self.socket.read(&mut bytes) {
                Ok(len) => assert_eq!(self.client.handle_input(0, &bytes[..len]), len),
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                Err(error) => panic!("{error}"),
            }
        }
        panic!("nothing came");
    }

    fn acknowledge_all(&mut self) {
        for id in std::mem::take(&mut self.messages) {
            self.client.acknowledge(id).unwrap();
        }
    }
}

fn dial(broker: &Broker) -> TcpStream {
    let socket = TcpStream::connect(("127.0.0.1", broker.port)).unwrap();
    socket.set_nodelay(true).unwrap();
    socket.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
    socket
}

fn keeping() -> ConnectOptions<'static> {
    let mut options = ConnectOptions {
        session_expiry_s: 600,
        ..ConnectOptions::new("five")
    };
    options.common.clean_session = false;
    options
}

#[test]
fn messages_with_properties_over_a_break_in_each_quality() {
    let broker = Broker::start("five", "allow_anonymous true\nmax_topic_alias 4\n");
    let mut peer = Peer::connect(&broker, &keeping());
    assert_eq!(peer.next(), "connected false");
    let identifier = [Property::SubscriptionIdentifier(7)];
    let subscription = Subscription {
        properties: &identifier,
        ..Subscription::new("t/#", QoS::ExactlyOnce)
    };
    peer.client.subscribe(0, &subscription).unwrap();
    assert_eq!(peer.next(), "subscribed granted QoS 2");
    let properties = [Property::UserProperty("a", "b"), Property::ContentType("text")];
    let publication = |qos| Publication {
        properties: &properties,
        ..Publication::new("t/a", b"x", qos)
    };
    for _ in 0..2 {
        peer.client.publish(0, &publication(QoS::AtMostOnce)).unwrap();
        let seen = peer.next();
        assert!(
            seen.starts_with("t/a x") && seen.contains("SubscriptionIdentifier(7)"),
            "{seen}"
        );
        assert!(
            seen.contains("UserProperty(\"a\", \"b\")") && seen.contains("ContentType(\"text\")"),
            "{seen}"
        );
    }
    for qos in [QoS::AtLeastOnce, QoS::ExactlyOnce] {
        peer.client.publish(0, &publication(qos)).unwrap();
        // Cut off at once: the publish, or its answer, is lost.
        peer.write();
        peer.reconnect(&broker, &keeping());
        assert_eq!(peer.next(), "connected true");
        let mut seen = vec![peer.next()];
        while !seen.iter().any(|text| text == "published success") || peer.messages.is_empty() {
            seen.push(peer.next());
        }
        peer.acknowledge_all();
        let copies = seen.iter().filter(|text| text.starts_with("t/a x")).count();
        assert!(copies == 1 || qos == QoS::AtLeastOnce, "{seen:?}");
    }
    peer.client.disconnect(ReasonCode::SUCCESS, &[]).unwrap();
    peer.write();
}

#[test]
fn the_broker_names_a_client_without_a_name_and_refuses_what_it_must() {
    let broker = Broker::start("five-names", "allow_anonymous true\nmax_qos 1\n");
    let mut peer = Peer::connect(&broker, &ConnectOptions::new(""));
    let start = Instant::now();
    let assigned = loop {
        assert!(start.elapsed() < PATIENCE);
        peer.write();
        let mut bytes = [0; 200];
        let len = peer.socket.read(&mut bytes).unwrap_or(0);
        peer.client.handle_input(0, &bytes[..len]);
        if let Some(Event::Connected { properties, .. }) = peer.client.poll_event() {
            break properties.assigned_client_id().map(str::to_owned);
        }
    };
    assert!(assigned.is_some_and(|id| !id.is_empty()));
    let twice = Publication::new("t", b"", QoS::ExactlyOnce);
    assert!(
        peer.client.publish(0, &twice).is_err(),
        "the broker said that it takes QoS 1 at most"
    );
}
