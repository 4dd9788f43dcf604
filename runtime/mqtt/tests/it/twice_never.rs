//! QoS 2 both ways against a small broker, cut off at random bytes: nothing is lost, and nothing comes twice.
//!
//! Not here: the order of packets (see `exactly_once`), a broker that forgets.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use fivewire_mqtt::packet::{ConnAck, Packet, Publish};
use fivewire_mqtt::{Client, ConnectOptions, ConnectReturnCode, Event, PacketId, QoS};
use proptest::prelude::*;

#[derive(Clone, Copy, Debug)]
enum Op {
    /// The application publishes.
    Publish,
    /// The broker has a message for it.
    Send,
    /// So many bytes reach the broker, and so many the client.
    Carry(usize, usize),
    Break,
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        2 => Just(Op::Publish),
        2 => Just(Op::Send),
        6 => (0..30usize, 0..30usize).prop_map(|(up, down)| Op::Carry(up, down)),
        1 => Just(Op::Break),
    ]
}

/// A broker that keeps the session and speaks nothing but QoS 2.
#[derive(Default)]
struct Broker {
    input: Vec<u8>,
    output: VecDeque<u8>,
    has_session: bool,
    /// CONNECT came on the present transport.
    connected: bool,
    /// Publishes received and not released.
    received: BTreeSet<u16>,
    /// What was published, and how often.
    published: BTreeMap<u8, usize>,
    /// Messages under way by packet id, and whether the client has them.
    sent: BTreeMap<u16, (u8, bool)>,
    last_id: u16,
}

impl Broker {
    fn write(&mut self, packet: &Packet<'_>) {
        let mut bytes = [0; 64];
        let len = packet.encode(&mut bytes).unwrap();
        self.output.extend(&bytes[..len]);
    }

    fn send(&mut self, id: u16, payload: u8, dup: bool) {
        self.write(&Packet::Publish(Publish {
            dup,
            qos: QoS::ExactlyOnce,
            retain: false,
            topic: "t",
            packet_id: PacketId::new(id),
            payload: &[payload],
        }));
    }

    fn receive(&mut self, bytes: &[u8]) {
        self.input.extend(bytes);
        let input = std::mem::take(&mut self.input);
        let mut rest = input.as_slice();
        while let Some((packet, len)) = Packet::decode(rest).unwrap() {
            self.obey(&packet);
            rest = &rest[len..];
        }
        self.input = rest.to_vec();
    }

    fn obey(&mut self, packet: &Packet<'_>) {
        match packet {
            Packet::Connect(_) => self.connect(),
            Packet::Publish(publish) => {
                let id = publish.packet_id.unwrap();
                if self.received.insert(id.get()) {
                    *self.published.entry(publish.payload[0]).or_default() += 1;
                }
                self.write(&Packet::PubRec(id));
            }
            Packet::PubRel(id) => {
                self.received.remove(&id.get());
                self.write(&Packet::PubComp(*id));
            }
            Packet::PubRec(id) => {
                if let Some((_, has_it)) = self.sent.get_mut(&id.get()) {
                    *has_it = true;
                }
                self.write(&Packet::PubRel(*id));
            }
            Packet::PubComp(id) => _ = self.sent.remove(&id.get()),
            other => panic!("not expected: {other:?}"),
        }
    }

    fn connect(&mut self) {
        self.write(&Packet::ConnAck(ConnAck {
            session_present: self.has_session,
            code: ConnectReturnCode::Accepted,
        }));
        self.has_session = true;
        self.connected = true;
        for (id, (payload, has_it)) in self.sent.clone() {
            if has_it {
                self.write(&Packet::PubRel(PacketId::new(id).unwrap()));
            } else {
                self.send(id, payload, true);
            }
        }
    }
}

#[derive(Default)]
struct Play {
    client: Client<64, 96, 4>,
    broker: Broker,
    next_payload: u8,
    accepted: BTreeSet<u8>,
    next_message: u8,
    /// What the application got, and how often.
    got: BTreeMap<u8, usize>,
    completed: usize,
}

impl Play {
    fn connect(&mut self) {
        let options = ConnectOptions {
            clean_session: false,
            ..ConnectOptions::new("me")
        };
        self.broker.input.clear();
        self.broker.output.clear();
        self.broker.connected = false;
        self.client.connect(0, &options).unwrap();
    }

    fn obey(&mut self, op: Op) {
        match op {
            Op::Publish => {
                let payload = [self.next_payload];
                if self
                    .client
                    .publish(0, "t", &payload, QoS::ExactlyOnce, false)
                    .is_ok()
                {
                    self.accepted.insert(self.next_payload);
                    self.next_payload += 1;
                }
            }
            Op::Send if self.broker.has_session && self.broker.sent.len() < 6 => {
                self.broker.last_id += 1;
                let (id, payload) = (self.broker.last_id, self.next_message);
                self.next_message += 1;
                self.broker.sent.insert(id, (payload, false));
                if self.broker.connected {
                    self.broker.send(id, payload, false);
                }
            }
            Op::Send => {}
            Op::Carry(up, down) => self.carry(up, down),
            Op::Break => {
                self.client.transport_closed();
                self.connect();
            }
        }
        self.events();
    }

    fn carry(&mut self, up: usize, down: usize) {
        let up = up.min(self.client.output().len());
        let bytes = self.client.output()[..up].to_vec();
        self.client.consume_output(up);
        self.broker.receive(&bytes);
        let down: Vec<u8> = self.broker.output.iter().take(down).copied().collect();
        let taken = self.client.handle_input(0, &down);
        self.broker.output.drain(..taken);
    }

    /// The application takes each message at once.
    fn events(&mut self) {
        while let Some(event) = self.client.poll_event() {
            match event {
                Event::Message {
                    payload, packet_id, ..
                } => {
                    *self.got.entry(payload[0]).or_default() += 1;
                    self.client.acknowledge(packet_id.unwrap()).unwrap();
                }
                Event::Published { .. } => self.completed += 1,
                Event::Connected { .. } => {}
                other => panic!("not expected: {other:?}"),
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn qos_2_arrives_once_wherever_the_transport_breaks(ops in prop::collection::vec(op(), 0..120)) {
        let mut play = Play::default();
        play.connect();
        ops.into_iter().for_each(|op| play.obey(op));
        // From here on the transport holds.
        for _ in 0..200 {
            play.obey(Op::Carry(usize::MAX, usize::MAX));
        }
        prop_assert_eq!(play.client.in_flight(), 0);
        prop_assert_eq!(play.completed, play.accepted.len());
        let published: BTreeSet<u8> = play.broker.published.keys().copied().collect();
        prop_assert_eq!(&published, &play.accepted);
        prop_assert!(play.broker.published.values().all(|&times| times == 1), "published twice");
        prop_assert!(play.broker.sent.is_empty(), "a message is under way for ever");
        prop_assert_eq!(play.got.len(), usize::from(play.next_message));
        prop_assert!(play.got.values().all(|&times| times == 1), "delivered twice");
    }
}
