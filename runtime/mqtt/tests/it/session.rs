//! The session against a broker model over a transport that breaks at random: nothing is lost, doubled without DUP,
//! reordered, acknowledged early, or stuck.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use fivewire_mqtt::packet::{ConnAck, Packet, Publish, SubAck};
use fivewire_mqtt::{Client, ConnectOptions, ConnectReturnCode, Event, MessageId, PacketId, QoS};
use proptest::prelude::*;

const RX: usize = 80;
type Small = Client<RX, 96, 4>;

/// What happens next.
#[derive(Clone, Debug)]
enum Op {
    Publish {
        pad: usize,
    },
    PublishOnce,
    Subscribe,
    Unsubscribe,
    /// The broker has a message of this many more bytes.
    Message {
        qos1: bool,
        pad: usize,
    },
    /// The application acknowledges the nth message it has.
    Acknowledge(usize),
    /// The transport moves up to this many bytes each way.
    Move(usize),
    /// The broker sends up to this many of the answers it owes.
    Answer(usize),
    Events,
    KeepMessage,
    Wait(u32),
    /// The transport breaks.
    Break,
    /// It breaks, and the broker restarts without its memory.
    Forget,
    Disconnect,
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        4 => (0..40usize).prop_map(|pad| Op::Publish { pad }),
        1 => Just(Op::PublishOnce),
        1 => Just(Op::Subscribe),
        1 => Just(Op::Unsubscribe),
        3 => (any::<bool>(), prop_oneof![0..40usize, 70..200usize]).prop_map(|(qos1, pad)| Op::Message { qos1, pad }),
        3 => (0..4usize).prop_map(Op::Acknowledge),
        6 => prop_oneof![1..30usize, Just(1000)].prop_map(Op::Move),
        4 => (0..4usize).prop_map(Op::Answer),
        4 => Just(Op::Events),
        1 => Just(Op::KeepMessage),
        1 => prop_oneof![0..3_000u32, 10_000..60_000u32].prop_map(Op::Wait),
        1 => Just(Op::Break),
        1 => Just(Op::Forget),
        1 => Just(Op::Disconnect),
    ]
}

/// A broker that keeps a session and checks its client.
#[derive(Default)]
struct Broker {
    input: Vec<u8>,
    owed: VecDeque<Vec<u8>>,
    connected: bool,
    has_session: bool,
    /// Numbers of publishes in the order of their first arrival, ever.
    arrived: Vec<u32>,
    /// Packet ids of publishes that arrived and were not answered on the transport, in this session.
    pending: BTreeSet<u16>,
    /// Packet ids that came on this connection and are not answered.
    open: BTreeSet<u16>,
    /// Messages for the client that it has not acknowledged: packet id, number, length of padding.
    unacknowledged: VecDeque<(u16, u32, usize)>,
    last_id: u16,
    /// Numbers of messages that the client acknowledged, and of those that do not fit into its buffer.
    acknowledged: BTreeSet<u32>,
    large: BTreeSet<u32>,
}

fn bytes_of(packet: &Packet<'_>) -> Vec<u8> {
    let mut bytes = vec![0; 512];
    let len = packet.encode(&mut bytes).unwrap();
    bytes.truncate(len);
    bytes
}

fn numbered(number: u32, pad: usize) -> Vec<u8> {
    let mut payload = number.to_be_bytes().to_vec();
    payload.resize(4 + pad, 0xa5);
    payload
}

fn number_of(payload: &[u8]) -> u32 {
    u32::from_be_bytes(payload[..4].try_into().unwrap())
}

impl Broker {
    fn transport_opened(&mut self) {
        self.input.clear();
        self.owed.clear();
        self.open.clear();
        self.connected = false;
    }

    fn receive(&mut self, bytes: &[u8]) {
        self.input.extend_from_slice(bytes);
        let input = std::mem::take(&mut self.input);
        let mut rest = input.as_slice();
        while let Some((packet, len)) = Packet::decode(rest).expect("the client keeps to the standard") {
            self.obey(packet);
            rest = &rest[len..];
        }
        self.input = rest.to_vec();
    }

    fn obey(&mut self, packet: Packet<'_>) {
        assert_eq!(
            self.connected,
            !matches!(packet, Packet::Connect(_)),
            "CONNECT comes first, and once"
        );
        match packet {
            Packet::Connect(_) => {
                self.connected = true;
                let code = ConnectReturnCode::Accepted;
                self.owe(&Packet::ConnAck(ConnAck {
                    session_present: self.has_session,
                    code,
                }));
                self.has_session = true;
                for (id, number, pad) in self.unacknowledged.clone() {
                    self.send_message(Some(id), number, pad, true);
                }
            }
            Packet::Publish(publish) => self.published(&publish),
            Packet::PubAck(id) => self.message_acknowledged(id.get()),
            Packet::Subscribe(subscribe) => {
                let granted = Some(subscribe.qos);
                self.owe(&Packet::SubAck(SubAck {
                    packet_id: subscribe.packet_id,
                    granted,
                }));
            }
            Packet::Unsubscribe(unsubscribe) => self.owe(&Packet::UnsubAck(unsubscribe.packet_id)),
            Packet::PingReq => self.owe(&Packet::PingResp),
            Packet::Disconnect => {}
            other => panic!("not for a broker: {other:?}"),
        }
    }

    fn owe(&mut self, packet: &Packet<'_>) {
        self.owed.push_back(bytes_of(packet));
    }

    fn published(&mut self, publish: &Publish<'_>) {
        let Some(id) = publish.packet_id else { return };
        let number = number_of(publish.payload);
        assert!(self.open.insert(id.get()), "sent twice on one connection");
        if self.pending.contains(&id.get()) {
            assert!(publish.dup, "sent again without DUP");
        }
        self.pending.insert(id.get());
        if !self.arrived.contains(&number) {
            self.arrived.push(number);
        }
        self.owe(&Packet::PubAck(id));
    }

    fn message(&mut self, number: u32, qos1: bool, pad: usize) {
        if !qos1 {
            if self.connected {
                self.send_message(None, number, pad, false);
            }
            return;
        }
        self.last_id = self.last_id % 9 + 1;
        let id = self.last_id;
        if self.unacknowledged.len() < 6 && !self.unacknowledged.iter().any(|message| message.0 == id) {
            self.unacknowledged.push_back((id, number, pad));
            if self.connected {
                self.send_message(Some(id), number, pad, false);
            }
        }
    }

    fn send_message(&mut self, id: Option<u16>, number: u32, pad: usize, dup: bool) {
        let qos = if id.is_some() {
            QoS::AtLeastOnce
        } else {
            QoS::AtMostOnce
        };
        let payload = numbered(number, pad);
        let packet_id = id.and_then(PacketId::new);
        self.owe(&Packet::Publish(Publish {
            dup,
            qos,
            retain: false,
            topic: "m",
            packet_id,
            payload: &payload,
        }));
        if self.owed.back().is_some_and(|bytes| bytes.len() > RX) {
            self.large.insert(number);
        }
    }

    fn message_acknowledged(&mut self, id: u16) {
        let (oldest, number, _) = self.unacknowledged.pop_front().expect("a message to acknowledge");
        assert_eq!(oldest, id, "acknowledged out of order");
        self.acknowledged.insert(number);
    }
}

/// The client, its broker, the transport between them, and the application.
#[derive(Default)]
struct World {
    client: Small,
    broker: Broker,
    now_ms: u32,
    connected: bool,
    /// On its way to the client.
    to_client: Vec<u8>,
    /// Unanswered requests, and for publishes their number.
    asked: BTreeMap<PacketId, Option<u32>>,
    published: Vec<u32>,
    answered: usize,
    accepted: usize,
    /// Messages that the application has.
    held: Vec<(MessageId, u32)>,
    /// Numbers that the application acknowledged, or that were too large.
    taken: BTreeSet<u32>,
    next_number: u32,
}

impl World {
    fn new(now_ms: u32) -> Self {
        Self {
            now_ms,
            ..Self::default()
        }
    }

    fn number(&mut self) -> u32 {
        self.next_number += 1;
        self.next_number
    }

    fn obey(&mut self, op: &Op) {
        match *op {
            Op::Publish { pad } => {
                let number = self.number();
                let payload = numbered(number, pad);
                let can = self.client.can_publish(payload.len() + 1);
                match self
                    .client
                    .publish(self.now_ms, "p", &payload, QoS::AtLeastOnce, false)
                {
                    Ok(id) => {
                        self.published.push(number);
                        self.ask(id.unwrap(), Some(number));
                    }
                    Err(_) => assert!(!can, "refused what it said it could take"),
                }
            }
            Op::PublishOnce => {
                let _ = self
                    .client
                    .publish(self.now_ms, "p", b"0000", QoS::AtMostOnce, false);
            }
            Op::Subscribe => {
                if let Ok(id) = self.client.subscribe(self.now_ms, "m", QoS::AtLeastOnce) {
                    self.ask(id, None);
                }
            }
            Op::Unsubscribe => {
                if let Ok(id) = self.client.unsubscribe(self.now_ms, "x") {
                    self.ask(id, None);
                }
            }
            Op::Message { qos1, pad } => {
                let number = self.number();
                self.broker.message(number, qos1, pad);
            }
            Op::Acknowledge(nth) if nth < self.held.len() => {
                let (id, number) = self.held.remove(nth);
                if self.client.acknowledge(id).is_ok() {
                    self.taken.insert(number);
                }
            }
            Op::Acknowledge(_) => {}
            Op::Move(len) => self.carry(len),
            Op::Answer(count) => self.answer(count),
            Op::Events => while self.event(false) {},
            Op::KeepMessage => {
                self.event(true);
            }
            Op::Wait(ms) => {
                self.now_ms = self.now_ms.wrapping_add(ms);
                self.client.handle_timeout(self.now_ms);
            }
            Op::Break => self.break_transport(),
            Op::Forget => {
                self.break_transport();
                self.broker = Broker {
                    arrived: self.broker.arrived.clone(),
                    ..Broker::default()
                };
            }
            Op::Disconnect => self.client.disconnect(),
        }
        if !self.connected {
            self.reconnect();
        }
    }

    fn ask(&mut self, id: PacketId, number: Option<u32>) {
        assert_eq!(self.asked.insert(id, number), None, "a packet id in use");
        self.accepted += 1;
    }

    fn break_transport(&mut self) {
        self.connected = false;
        self.client.transport_closed();
    }

    fn reconnect(&mut self) {
        let options = ConnectOptions {
            clean_session: false,
            ..ConnectOptions::new("me")
        };
        self.client.connect(self.now_ms, &options).unwrap();
        self.broker.transport_opened();
        self.to_client.clear();
        self.held.clear();
        self.connected = true;
    }

    fn carry(&mut self, len: usize) {
        let output = self.client.output();
        let bytes = output[..len.min(output.len())].to_vec();
        self.client.consume_output(bytes.len());
        self.broker.receive(&bytes);
        let offered = len.min(self.to_client.len());
        let taken = self.client.handle_input(self.now_ms, &self.to_client[..offered]);
        self.to_client.drain(..taken);
    }

    fn answer(&mut self, count: usize) {
        for _ in 0..count {
            let Some(bytes) = self.broker.owed.pop_front() else {
                return;
            };
            if let Ok(Some((Packet::PubAck(id), _))) = Packet::decode(&bytes) {
                self.broker.open.remove(&id.get());
            }
            self.to_client.extend_from_slice(&bytes);
        }
    }

    /// Takes one event; false when there was none.
    fn event(&mut self, keep: bool) -> bool {
        let mut done = None;
        match self.client.poll_event() {
            None => return false,
            Some(Event::Published { packet_id }) => done = Some((packet_id, true)),
            Some(Event::Subscribed { packet_id, granted }) => {
                assert_eq!(granted, Ok(QoS::AtLeastOnce));
                done = Some((packet_id, false));
            }
            Some(Event::Unsubscribed { packet_id }) => done = Some((packet_id, false)),
            Some(Event::Message { .. }) if keep => self.client.keep_message(),
            Some(Event::Message {
                payload, packet_id, ..
            }) => {
                let number = number_of(payload);
                self.held.extend(packet_id.map(|id| (id, number)));
            }
            Some(Event::Received { .. } | Event::Released { .. }) => panic!("nothing is deferred"),
            Some(Event::Discarded { qos, .. }) => assert!(qos <= QoS::AtLeastOnce),
            Some(Event::Lost(cause)) => {
                assert!(!matches!(cause, fivewire_mqtt::Cause::Protocol(_)), "{cause}");
                self.break_transport();
            }
            Some(Event::Connected { session_present }) => {
                if !session_present {
                    self.broker.pending.clear();
                }
            }
            Some(Event::Refused(code)) => panic!("refused: {code}"),
        }
        if let Some((id, is_publish)) = done {
            let number = self.asked.remove(&id).expect("an answer to something asked");
            assert_eq!(number.is_some(), is_publish);
            if let Some(number) = number {
                assert!(
                    self.broker.arrived.contains(&number),
                    "an answer for what never arrived"
                );
                self.broker.pending.remove(&id.get());
            }
            self.answered += 1;
        }
        true
    }

    /// From here on nothing breaks: all must come to an end.
    fn recover(&mut self) {
        self.break_transport();
        self.reconnect();
        for _ in 0..2_000 {
            self.carry(1000);
            self.answer(1);
            while self.event(false) {
                if !self.connected {
                    self.reconnect();
                }
            }
            while !self.held.is_empty() {
                self.obey(&Op::Acknowledge(0));
            }
            if self.is_settled() {
                return;
            }
        }
        panic!(
            "stuck: {:?}, asked {:?}, owed {}",
            self.client,
            self.asked,
            self.broker.owed.len()
        );
    }

    fn is_settled(&self) -> bool {
        self.client.is_connected()
            && self.client.in_flight() == 0
            && self.client.output().is_empty()
            && self.to_client.is_empty()
            && self.broker.owed.is_empty()
            && self.broker.unacknowledged.is_empty()
    }

    fn check(&self) {
        assert!(self.asked.is_empty());
        assert_eq!(self.answered, self.accepted, "each request is answered once");
        assert_eq!(self.broker.arrived, self.published, "all arrived, in order");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_whatever_breaks(
        start_ms in prop_oneof![Just(0), Just(u32::MAX - 20_000), any::<u32>()],
        ops in prop::collection::vec(op(), 0..120),
    ) {
        let mut world = World::new(start_ms);
        world.reconnect();
        for op in &ops {
            world.obey(op);
        }
        world.recover();
        world.check();
    }

    #[test]
    fn an_acknowledged_message_was_taken(ops in prop::collection::vec(op(), 0..120)) {
        let mut world = World::new(0);
        world.reconnect();
        for op in &ops {
            world.obey(op);
            for number in &world.broker.acknowledged {
                let rightly = world.taken.contains(number) || world.broker.large.contains(number);
                prop_assert!(rightly, "{number} was acknowledged early");
            }
        }
    }

    #[test]
    fn garbage_neither_panics_nor_wedges(
        chunks in prop::collection::vec(garbage(), 0..30),
        connack in any::<bool>(),
    ) {
        let mut client = Small::new();
        client.connect(0, &ConnectOptions::new("me")).unwrap();
        client.consume_output(usize::MAX);
        client.publish(0, "p", b"kept", QoS::AtLeastOnce, false).unwrap();
        if connack {
            client.handle_input(0, &[0x20, 2, 0, 0]);
        }
        for chunk in &chunks {
            let mut rest = chunk.as_slice();
            for _ in 0..chunk.len() {
                let taken = client.handle_input(1, rest);
                rest = &rest[taken..];
                let mut messages = Vec::new();
                while let Some(event) = client.poll_event() {
                    if let Event::Message { packet_id: Some(id), .. } = event {
                        messages.push(id);
                    }
                }
                for id in messages {
                    let _ = client.acknowledge(id);
                }
                client.consume_output(usize::MAX);
            }
            prop_assert!(rest.is_empty(), "input is not taken any more");
        }
        // Whatever it was, a fresh transport works.
        client.connect(2, &ConnectOptions::new("me")).unwrap();
        client.consume_output(usize::MAX);
        client.handle_input(2, &[0x20, 2, 0, 0]);
        prop_assert_eq!(client.poll_event(), Some(Event::Connected { session_present: false }));
        prop_assert_eq!(client.poll_event(), None);
    }
}

/// Bytes, some of which look like packets.
fn garbage() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..100),
        (1..6u16, 0..150usize, any::<bool>()).prop_map(|(id, pad, qos1)| {
            let packet_id = if qos1 { PacketId::new(id) } else { None };
            let qos = if qos1 { QoS::AtLeastOnce } else { QoS::AtMostOnce };
            let payload = vec![0; pad];
            let publish = Publish {
                dup: false,
                qos,
                retain: false,
                topic: "t",
                packet_id,
                payload: &payload,
            };
            bytes_of(&Packet::Publish(publish))
        }),
        (0..4u8, 0..3u8).prop_map(|(id, kind)| vec![[0x40, 0xb0, 0xd0][usize::from(kind)], 2, 0, id]),
        (1..20u8, any::<u8>())
            .prop_map(|(len, first)| [vec![first, len], vec![1; usize::from(len)]].concat()),
    ]
}
