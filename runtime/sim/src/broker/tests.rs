//! The broker as a client sees it, and what it finds wrong.

use super::*;

struct Client {
    broker: Broker,
    id: ConnectionId,
}

fn connect_bytes(clean: bool) -> Vec<u8> {
    let flags = if clean { 2 } else { 0 };
    [
        b"\x10\x0D\x00\x04MQTT\x04".as_slice(),
        &[flags],
        b"\x00\x0A\x00\x01c",
    ]
    .concat()
}

impl Client {
    fn new(clean: bool) -> Self {
        let mut broker = Broker::default();
        let id = broker.open();
        let mut client = Self { broker, id };
        client.send(&connect_bytes(clean));
        client
    }

    fn send(&mut self, bytes: &[u8]) {
        self.broker.receive(self.id, bytes);
    }

    fn reconnect(&mut self, clean: bool) {
        self.id = self.broker.open();
        self.send(&connect_bytes(clean));
    }

    fn output(&mut self) -> Vec<u8> {
        self.broker.take_output(self.id, usize::MAX)
    }

    fn seen(&mut self) -> Vec<Seen> {
        std::iter::from_fn(|| self.broker.poll_seen()).collect()
    }

    fn violation(&mut self) -> String {
        let found = self.seen().into_iter().find_map(|seen| {
            if let Seen::Violation(what) = seen {
                Some(what)
            } else {
                None
            }
        });
        assert!(
            !self.broker.is_open(self.id),
            "the connection of a violator is closed"
        );
        found.expect("a violation")
    }
}

fn message(topic: &str, payload: &str, qos: u8, retain: bool) -> Message {
    Message {
        topic: topic.into(),
        payload: payload.into(),
        qos,
        retain,
        properties: vec![],
    }
}

const SUBSCRIBE: &[u8] = b"\x82\x08\x00\x05\x00\x03a/+\x01";

#[test]
fn a_subscriber_gets_retained_and_live_messages_and_acknowledges() {
    let mut client = Client::new(false);
    client.broker.publish(&message("a/b", "old", 1, true));
    assert_eq!(client.output(), b"\x20\x02\x00\x00");
    client.send(SUBSCRIBE);
    client.broker.tick(0);
    let output = client.output();
    assert!(
        output.starts_with(b"\x33\x0A\x00\x03a/b\x00\x01old"),
        "retained: {output:?}"
    );
    assert!(output.ends_with(b"\x90\x03\x00\x05\x01"));
    client.broker.publish(&message("a/c", "now", 1, true));
    client.broker.publish(&message("b", "no", 1, false));
    assert_eq!(client.output(), b"\x32\x0A\x00\x03a/c\x00\x02now");
    client.send(b"\x40\x02\x00\x01\x40\x02\x00\x02");
    assert_eq!(client.broker.undelivered(), 0);
    assert!(client.seen().contains(&Seen::Acknowledged(Message {
        retain: false,
        ..message("a/c", "now", 1, false)
    })));
}

#[test]
fn a_kept_session_sends_again_with_dup() {
    let mut client = Client::new(false);
    client.send(SUBSCRIBE);
    client.broker.publish(&message("a/b", "x", 1, false));
    client.output();
    client.broker.lost(client.id);
    client.broker.publish(&message("a/b", "y", 1, false));
    client.reconnect(false);
    assert_eq!(
        client.output(),
        b"\x20\x02\x01\x00\x3A\x08\x00\x03a/b\x00\x01x\x32\x08\x00\x03a/b\x00\x02y"
    );
    client.broker.restart(true);
    client.reconnect(true);
    assert_eq!(client.output(), b"\x20\x02\x00\x00");
    assert!(client.seen().contains(&Seen::Forgotten { messages: 2 }));
}

#[test]
fn a_repetition_needs_dup() {
    let publish = b"\x32\x06\x00\x01t\x00\x01x";
    for (again, good) in [(0x32, false), (0x3A, true)] {
        let mut client = Client::new(false);
        client.send(publish);
        client.reconnect(false);
        client.send(&[&[again], &publish[1..]].concat());
        if good {
            assert!(client.broker.is_open(client.id), "{again:#x}");
        } else {
            assert!(client.violation().contains("3.3.1-1"));
        }
    }
}

#[test]
fn a_publication_exactly_once_is_passed_on_once_until_it_is_released() {
    let mut client = Client::new(false);
    client.send(b"\x34\x06\x00\x01t\x00\x01x");
    client.broker.tick(0);
    client.reconnect(false);
    client.send(b"\x3C\x06\x00\x01t\x00\x01x");
    assert_eq!(client.broker.unreleased(), 1);
    client.broker.tick(0);
    assert_eq!(client.output(), b"\x20\x02\x01\x00\x50\x02\x00\x01");
    client.send(b"\x62\x02\x00\x01");
    client.broker.tick(0);
    client.send(b"\x62\x02\x00\x01");
    client.broker.tick(0);
    assert_eq!(client.output(), b"\x70\x02\x00\x01\x70\x02\x00\x01");
    client.send(b"\x34\x06\x00\x01t\x00\x01y");
    let published: Vec<_> = client
        .seen()
        .into_iter()
        .filter_map(|seen| match seen {
            Seen::Published { again, .. } => Some(again),
            _ => None,
        })
        .collect();
    assert_eq!(published, [false, true, false]);
    client.broker.tick(0);
    client.send(b"\x32\x06\x00\x01t\x00\x01z");
    assert!(client.violation().contains("2.3.1-2"), "it is not released");
}

#[test]
fn a_message_exactly_once_goes_on_where_it_was() {
    let mut client = Client::new(false);
    client.send(b"\x82\x08\x00\x05\x00\x03a/+\x02");
    client.broker.publish(&message("a/b", "x", 2, false));
    client.broker.tick(0);
    client.output();
    client.reconnect(false);
    assert_eq!(client.output(), b"\x20\x02\x01\x00\x3C\x08\x00\x03a/b\x00\x01x");
    client.send(b"\x50\x02\x00\x01");
    assert_eq!(client.output(), b"\x62\x02\x00\x01");
    client.reconnect(false);
    assert_eq!(client.output(), b"\x20\x02\x01\x00\x62\x02\x00\x01");
    client.send(b"\x70\x02\x00\x01");
    assert_eq!(client.broker.undelivered(), 0);
    client.send(b"\x70\x02\x00\x01");
    assert!(client.violation().contains("waits for none"));
}

#[test]
fn violations_are_named() {
    let cases: [(&[u8], &str); 6] = [
        (b"\x10\x0D\x00\x04MQTT\x04\x02\x00\x0A\x00\x01c", "3.1.0-2"),
        (b"\x40\x02\x00\x09", "waits for none"),
        (b"\xE0\x00\xC0\x00", "3.14.4-2"),
        (b"\x32\x06\x00\x01t\x00\x01x\x32\x06\x00\x01t\x00\x01y", "2.3.1-2"),
        (b"\x50\x02\x00\x09", "waits for none"),
        (b"\xC2\x00", "2.2.2-2"),
    ];
    for (bytes, what) in cases {
        let mut client = Client::new(true);
        client.send(bytes);
        let violation = client.violation();
        assert!(violation.contains(what), "{what}: {violation}");
    }
    let mut client = Client::new(true);
    client.id = client.broker.open();
    client.send(b"\xC0\x00");
    assert!(client.violation().contains("3.1.0-1"));
}

#[test]
fn acknowledgements_must_keep_the_order() {
    let mut client = Client::new(true);
    client.send(SUBSCRIBE);
    client.broker.publish(&message("a/b", "1", 1, false));
    client.broker.publish(&message("a/b", "2", 1, false));
    client.send(b"\x40\x02\x00\x02");
    assert!(client.violation().contains("4.6.0-2"));
}

#[test]
fn answers_take_their_time_and_never_overtake() {
    let mut client = Client::new(true);
    client.broker.manners.ack_delay_ms = 100;
    client.output();
    client.send(b"\x32\x06\x00\x01t\x00\x01x");
    client.broker.manners.ack_delay_ms = 0;
    client.send(b"\x32\x06\x00\x01t\x00\x02y");
    client.broker.tick(99);
    assert_eq!(client.output(), b"");
    client.broker.tick(100);
    assert_eq!(client.output(), b"\x40\x02\x00\x01\x40\x02\x00\x02");
}

#[test]
fn silence_ends_a_connection_and_publishes_its_will() {
    let mut broker = Broker::default();
    let id = broker.open();
    broker.receive(
        id,
        b"\x10\x13\x00\x04MQTT\x04\x06\x00\x0A\x00\x01c\x00\x01w\x00\x01x",
    );
    broker.tick(15_000);
    assert!(broker.is_open(id));
    broker.tick(15_001);
    let seen: Vec<_> = std::iter::from_fn(|| broker.poll_seen()).collect();
    assert!(seen.contains(&Seen::Closed {
        id,
        ending: Ending::KeepAlive
    }));
    assert!(seen.contains(&Seen::Will(message("w", "x", 0, false))));
}

#[test]
fn a_wrong_password_is_refused_and_the_connection_closed() {
    let mut broker = Broker::default();
    broker.manners.login = Some(("joe".into(), b"key".into()));
    let id = broker.open();
    broker.receive(id, &connect_bytes(true));
    assert_eq!(broker.take_output(id, 99), b"\x20\x02\x00\x04");
    broker.tick(1);
    assert!(!broker.is_open(id));
    assert_eq!(broker.poll_seen(), Some(Seen::Refused(4)));
}
