//! A client and a broker that says what the test says, with a trace of what comes out, for expect-test.
//!
//! Not here: any check; the trace is the check.

use std::fmt::Write as _;

use fivewire_mqtt::packet::PacketType;
use fivewire_mqtt::v5::packet::{Ack, ConnAck, FilterAck, Packet, Publish};
use fivewire_mqtt::v5::{Client, ConnectOptions, Event, Properties, Property, Publication, ReasonCode};
use fivewire_mqtt::{Error, MessageId, PacketId, QoS};

pub(crate) type Small<const ALIASES: usize = 0> = Client<128, 192, 4, ALIASES, 8>;

#[derive(Default)]
pub(crate) struct Scene<const ALIASES: usize = 0> {
    pub(crate) client: Small<ALIASES>,
    pub(crate) now_ms: u32,
    taken: Vec<u8>,
    pub(crate) messages: Vec<MessageId>,
    trace: String,
}

pub(crate) fn id(number: u16) -> PacketId {
    PacketId::new(number).unwrap()
}

/// An acknowledgement without properties.
pub(crate) fn ack(kind: PacketType, number: u16, reason: u8) -> Packet<'static> {
    let ack = Ack {
        packet_id: id(number),
        reason: ReasonCode::new(reason),
        properties: Properties::NONE,
    };
    Packet::Ack(kind, ack)
}

pub(crate) fn filter_ack(number: u16, reason: u8) -> FilterAck<'static> {
    FilterAck {
        packet_id: id(number),
        properties: Properties::NONE,
        reason: ReasonCode::new(reason),
    }
}

pub(crate) fn message<'a>(
    topic: &'a str,
    qos: QoS,
    number: u16,
    properties: &'a [Property<'a>],
) -> Packet<'a> {
    Packet::Publish(Publish {
        dup: false,
        qos,
        retain: false,
        topic,
        packet_id: PacketId::new(number),
        properties: Properties::from(properties),
        payload: b"x",
    })
}

impl<const ALIASES: usize> Scene<ALIASES> {
    /// Connected to a broker that says this of itself.
    pub(crate) fn connected(connack: &[Property<'_>]) -> Self {
        let mut scene = Self::default();
        scene.connect(&ConnectOptions::new("me"), false, connack);
        scene.trace.clear();
        scene
    }

    pub(crate) fn connect(
        &mut self,
        options: &ConnectOptions<'_>,
        session_present: bool,
        connack: &[Property<'_>],
    ) {
        self.taken.clear();
        self.client.connect(self.now_ms, options).unwrap();
        self.settle();
        let properties = Properties::from(connack);
        self.broker(&Packet::ConnAck(ConnAck {
            session_present,
            reason: ReasonCode::SUCCESS,
            properties,
        }));
    }

    pub(crate) fn broker(&mut self, packet: &Packet<'_>) {
        let mut bytes = vec![0; 4096];
        let len = packet.encode(&mut bytes).unwrap();
        self.raw(&bytes[..len]);
    }

    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        let mut bytes = bytes;
        while !bytes.is_empty() {
            let taken = self.client.handle_input(self.now_ms, bytes);
            assert!(self.settle() || taken > 0, "the client is stuck");
            bytes = &bytes[taken..];
        }
    }

    pub(crate) fn publish(&mut self, publication: &Publication<'_>) -> Result<Option<PacketId>, Error> {
        let result = self.client.publish(self.now_ms, publication);
        self.settle();
        result
    }

    pub(crate) fn acknowledge(&mut self, position: usize) {
        self.client.acknowledge(self.messages[position]).unwrap();
        self.settle();
    }

    /// What came out since the last time.
    pub(crate) fn trace(&mut self) -> String {
        std::mem::take(&mut self.trace)
    }

    /// Events and output, until nothing moves any more.
    pub(crate) fn settle(&mut self) -> bool {
        let mut any = false;
        loop {
            let moved = self.event() | self.take();
            any |= moved;
            if !moved {
                return any;
            }
        }
    }

    fn event(&mut self) -> bool {
        let Some(event) = self.client.poll_event() else {
            return false;
        };
        let text = match event {
            Event::Message {
                topic,
                packet_id,
                dup,
                properties,
                ..
            } => {
                self.messages.extend(packet_id);
                let dup = if dup { " dup" } else { "" };
                format!("Message {topic}{dup} {properties:?}")
            }
            other => format!("{other:?}"),
        };
        writeln!(self.trace, "{text}").unwrap();
        true
    }

    fn take(&mut self) -> bool {
        let len = self.client.output().len();
        self.taken.extend_from_slice(self.client.output());
        self.client.consume_output(len);
        while let Some((packet, size)) = Packet::decode_from_client(&self.taken).unwrap() {
            writeln!(self.trace, "> {}", show(&packet)).unwrap();
            self.taken.drain(..size);
        }
        len > 0
    }
}

fn show(packet: &Packet<'_>) -> String {
    match packet {
        Packet::Publish(publish) => {
            let dup = if publish.dup { " dup" } else { "" };
            let id = publish.packet_id.map_or(String::new(), |id| format!(" id {id}"));
            format!("PUBLISH {:?}{id}{dup} {:?}", publish.topic, publish.properties)
        }
        Packet::Ack(kind, ack) => {
            format!("{kind} {} {:?} {:?}", ack.packet_id, ack.reason, ack.properties)
        }
        other => format!("{other:?}"),
    }
}
