//! A broker of one client, for the scripted world: it keeps the session, the subscriptions and everything that was published,
//! and does what a test tells it to.
//!
//! It holds the client to the standard where it would be easy to miss: a repetition without DUP or on a live connection, anything
//! after DISCONNECT. Not here: routing, retained messages, MQTT 5.0 (see `mosquitto`).

use std::collections::{BTreeSet, VecDeque};

use fivewire_client::QoS;
use fivewire_client::mqtt::packet::{ConnAck, Packet, Publish, SubAck};
use fivewire_client::mqtt::{ConnectReturnCode, PacketId};

/// A message on its way to the client.
#[derive(Clone)]
struct Outgoing {
    id: Option<PacketId>,
    topic: String,
    payload: Vec<u8>,
    qos: QoS,
    sent: bool,
    /// QoS 2: PUBREC came.
    received: bool,
}

#[derive(Default)]
pub(crate) struct Broker {
    // What the test tells.
    /// Does not answer requests.
    pub(crate) silent: bool,
    /// Does not answer anything.
    pub(crate) dead: bool,
    /// Refuses connections.
    pub(crate) refuses: bool,
    /// Refuses this filter.
    pub(crate) forbidden: Option<&'static str>,
    // What the test sees.
    /// Payloads of the publishes that it took, each once as its QoS promises.
    pub(crate) published: Vec<String>,
    pub(crate) repetitions: usize,
    pub(crate) filters: Vec<String>,
    pub(crate) subscribes: usize,
    pub(crate) pings: usize,
    /// The clean flags of the CONNECTs, and whether they had a will.
    pub(crate) connects: Vec<(bool, bool)>,
    pub(crate) goodbyes: usize,
    /// Wills that it published.
    pub(crate) wills: usize,
    // Itself.
    pub(crate) output: VecDeque<u8>,
    input: Vec<u8>,
    connected: bool,
    clean: bool,
    has_will: bool,
    has_session: bool,
    /// QoS 2 publishes that are not released.
    unreleased: BTreeSet<PacketId>,
    /// QoS 1 and 2 publishes of the present connection, by identifier.
    seen: BTreeSet<PacketId>,
    outgoing: Vec<Outgoing>,
    next_id: u16,
}

impl Broker {
    /// There is a transport.
    pub(crate) fn opened(&mut self) {
        self.output.clear();
        self.input.clear();
    }

    /// The transport is gone.
    pub(crate) fn gone(&mut self) {
        if std::mem::take(&mut self.connected) {
            self.wills += usize::from(self.has_will);
            if self.clean {
                self.forget();
            }
        }
    }

    /// It lost the client's session, as one that crashes may.
    pub(crate) fn forget(&mut self) {
        self.has_session = false;
        self.filters.clear();
        self.unreleased.clear();
        self.outgoing.clear();
    }

    /// Messages that the client has not confirmed in full.
    pub(crate) fn unconfirmed(&self) -> usize {
        self.outgoing.len()
    }

    /// A message for the client, if it subscribed to anything.
    pub(crate) fn deliver(&mut self, topic: &str, payload: &[u8], qos: u8) {
        let qos = QoS::from_number(qos).unwrap();
        self.outgoing.push(Outgoing {
            id: None,
            topic: topic.into(),
            payload: payload.into(),
            qos,
            sent: false,
            received: false,
        });
        if self.connected {
            self.send_outgoing();
        }
    }

    /// Bytes came; false when the connection is to end.
    pub(crate) fn input(&mut self, bytes: &[u8]) -> bool {
        self.input.extend_from_slice(bytes);
        let input = std::mem::take(&mut self.input);
        let mut rest = &input[..];
        while let Some((packet, len)) = Packet::decode(rest).unwrap() {
            rest = &rest[len..];
            if !self.packet(packet) {
                assert!(rest.is_empty(), "something after the last packet");
                return false;
            }
        }
        self.input = rest.to_vec();
        true
    }

    fn packet(&mut self, packet: Packet<'_>) -> bool {
        if self.dead {
            return true;
        }
        match packet {
            Packet::Connect(connect) => return self.connect(connect.clean_session, connect.will.is_some()),
            Packet::Publish(publish) => self.publish(publish),
            Packet::PubRel(id) => {
                self.unreleased.remove(&id);
                self.seen.remove(&id);
                self.answer(Packet::PubComp(id));
            }
            Packet::Subscribe(subscribe) => {
                self.subscribes += 1;
                let granted = (self.forbidden != Some(subscribe.filter)).then_some(subscribe.qos);
                self.filters.retain(|filter| filter != subscribe.filter);
                if granted.is_some() {
                    self.filters.push(subscribe.filter.into());
                }
                self.answer(Packet::SubAck(SubAck {
                    packet_id: subscribe.packet_id,
                    granted,
                }));
            }
            Packet::Unsubscribe(unsubscribe) => {
                self.filters.retain(|filter| filter != unsubscribe.filter);
                self.answer(Packet::UnsubAck(unsubscribe.packet_id));
            }
            Packet::PingReq => {
                self.pings += 1;
                self.send(Packet::PingResp);
            }
            Packet::Disconnect => {
                self.goodbyes += 1;
                self.has_will = false;
                self.gone();
                return false;
            }
            Packet::PubAck(id) | Packet::PubComp(id) => {
                self.outgoing.retain(|message| message.id != Some(id));
            }
            Packet::PubRec(id) => {
                let message = self.outgoing.iter_mut().find(|message| message.id == Some(id));
                message.unwrap().received = true;
                self.send(Packet::PubRel(id));
            }
            other => panic!("not a client's to send: {other:?}"),
        }
        true
    }

    fn connect(&mut self, clean: bool, has_will: bool) -> bool {
        assert!(!self.connected, "a second CONNECT");
        self.connects.push((clean, has_will));
        if self.refuses {
            self.send(Packet::ConnAck(ConnAck {
                session_present: false,
                code: ConnectReturnCode::ServerUnavailable,
            }));
            return true;
        }
        if clean {
            self.forget();
        }
        let session_present = std::mem::replace(&mut self.has_session, true);
        (self.connected, self.clean, self.has_will) = (true, clean, has_will);
        self.seen.clear();
        self.outgoing.retain(|message| message.qos != QoS::AtMostOnce);
        self.send(Packet::ConnAck(ConnAck {
            session_present,
            code: ConnectReturnCode::Accepted,
        }));
        self.resend_outgoing();
        true
    }

    fn publish(&mut self, publish: Publish<'_>) {
        let payload = String::from_utf8(publish.payload.into()).unwrap();
        let known = self.published.contains(&payload);
        if let Some(id) = publish.packet_id {
            assert!(self.seen.insert(id), "sent again on a live connection");
        }
        self.repetitions += usize::from(publish.dup);
        match (publish.qos, publish.packet_id) {
            (QoS::ExactlyOnce, Some(id)) => {
                if self.unreleased.insert(id) {
                    self.published.push(payload);
                }
                self.answer(Packet::PubRec(id));
            }
            (QoS::AtLeastOnce, Some(id)) => {
                assert!(publish.dup || !known, "a repetition without DUP");
                self.published.push(payload);
                if !self.silent {
                    self.seen.remove(&id);
                }
                self.answer(Packet::PubAck(id));
            }
            _ => self.published.push(payload),
        }
    }

    fn answer(&mut self, packet: Packet<'_>) {
        if !self.silent {
            self.send(packet);
        }
    }

    fn send_outgoing(&mut self) {
        for mut message in std::mem::take(&mut self.outgoing) {
            if !message.sent {
                message.sent = true;
                if message.qos != QoS::AtMostOnce {
                    self.next_id += 1;
                    message.id = PacketId::new(self.next_id);
                }
                self.send_message(&message, false);
            }
            if message.qos != QoS::AtMostOnce {
                self.outgoing.push(message);
            }
        }
    }

    /// On a new connection of the session.
    fn resend_outgoing(&mut self) {
        for message in self.outgoing.clone().iter().filter(|message| message.sent) {
            match message.id {
                Some(id) if message.received => self.send(Packet::PubRel(id)),
                Some(_) | None => self.send_message(message, true),
            }
        }
        self.send_outgoing();
    }

    fn send_message(&mut self, message: &Outgoing, dup: bool) {
        self.send(Packet::Publish(Publish {
            dup,
            qos: message.qos,
            retain: false,
            topic: &message.topic,
            packet_id: message.id,
            payload: &message.payload,
        }));
    }

    fn send(&mut self, packet: Packet<'_>) {
        let mut bytes = [0; 1000];
        let len = packet.encode(&mut bytes).unwrap();
        self.output.extend(&bytes[..len]);
    }
}
