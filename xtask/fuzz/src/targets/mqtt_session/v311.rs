//! The client of MQTT 3.1.1, and its broker's packets.

use fivewire_mqtt::packet::{ConnAck, Packet, Publish, SubAck};
use fivewire_mqtt::{
    Client as Mqtt, ConnectOptions, ConnectReturnCode, Error, Event, MessageId, PacketId, QoS, Session,
};

use super::dialect::{self, Heard, IN_FLIGHT, Kind, RX, Say, TX, Told};
use fivewire_mqtt::packet::PacketType;

/// The client.
#[derive(Default)]
pub(super) struct Client(Mqtt<RX, TX, IN_FLIGHT>);

/// An event of 3.1.1; those of 5.0 are brought into this form first.
pub(super) fn told(event: Event<'_>) -> Told {
    match event {
        Event::Connected { session_present } => Told::Connected { session_present },
        Event::Published { packet_id } => Told::Ended(Kind::Publish, packet_id.get()),
        Event::Subscribed { packet_id, .. } => Told::Ended(Kind::Subscribe, packet_id.get()),
        Event::Unsubscribed { packet_id } => Told::Ended(Kind::Unsubscribe, packet_id.get()),
        Event::Message {
            topic,
            packet_id,
            qos,
            ..
        } => {
            assert!(fivewire_mqtt::is_topic_name(topic), "a message of no topic");
            assert_eq!(packet_id.is_some(), qos != QoS::AtMostOnce);
            Told::Message(packet_id)
        }
        Event::Discarded { size, .. } => {
            assert!(size > RX, "a message that fits was discarded");
            Told::Discarded
        }
        Event::Refused(_) | Event::Lost(_) => Told::Gone,
        Event::Received { .. } | Event::Released { .. } => unreachable!("QoS 2 is not deferred"),
    }
}

/// The number of an optional packet id; none is 0.
pub(super) fn number(id: Option<PacketId>) -> u16 {
    id.map_or(0, PacketId::get)
}

impl dialect::Client for Client {
    fn connect(&mut self, now_ms: u32, clean: bool, variant: u8) -> Result<(), Error> {
        let options = ConnectOptions {
            clean_session: clean,
            keep_alive_s: u16::from(variant) * 7 % 60,
            puback_time_ms: u32::from(variant & 3) * 20_000,
            ..ConnectOptions::new("me")
        };
        self.0.connect(now_ms, &options)
    }

    fn transport_closed(&mut self) {
        self.0.transport_closed();
    }

    fn handle_input(&mut self, now_ms: u32, bytes: &[u8]) -> usize {
        self.0.handle_input(now_ms, bytes)
    }

    fn output(&self) -> &[u8] {
        self.0.output()
    }

    fn consume_output(&mut self, len: usize) {
        self.0.consume_output(len);
    }

    fn poll(&mut self) -> Option<Told> {
        self.0.poll_event().map(told)
    }

    fn keep_message(&mut self) {
        self.0.keep_message();
    }

    fn publish(&mut self, now_ms: u32, topic: &str, payload: &[u8], qos: QoS, _: u8) -> Result<u16, Error> {
        self.0.publish(now_ms, topic, payload, qos, false).map(number)
    }

    fn subscribe(&mut self, now_ms: u32, filter: &str, qos: QoS) -> Result<u16, Error> {
        self.0.subscribe(now_ms, filter, qos).map(PacketId::get)
    }

    fn unsubscribe(&mut self, now_ms: u32, filter: &str) -> Result<u16, Error> {
        self.0.unsubscribe(now_ms, filter).map(PacketId::get)
    }

    fn acknowledge(&mut self, id: MessageId) -> Result<(), Error> {
        self.0.acknowledge(id)
    }

    fn disconnect(&mut self) {
        self.0.disconnect();
    }

    fn forget_session(&mut self) {
        self.0.forget_session();
    }

    fn handle_timeout(&mut self, now_ms: u32) {
        self.0.handle_timeout(now_ms);
    }

    fn set_time_limits(&mut self, response_ms: u32, puback_ms: u32) {
        self.0.set_time_limits(response_ms, puback_ms);
    }

    fn poll_timeout(&self) -> Option<u32> {
        self.0.poll_timeout()
    }

    fn in_flight(&self) -> usize {
        self.0.in_flight()
    }

    fn is_connected(&self) -> bool {
        self.0.is_connected()
    }

    fn restarted(&self) -> Self {
        let mut next = Mqtt::new();
        next.set_session(restored(self.0.session()));
        Self(next)
    }

    fn decode(bytes: &[u8]) -> Option<(Heard, usize)> {
        let (packet, len) = Packet::decode(bytes).expect("the client keeps to the standard")?;
        Some((heard(packet), len))
    }

    fn encode(say: Say<'_>) -> Vec<u8> {
        let mut out = vec![0; 1024];
        let len = packet(say).map_or(0, |packet| packet.encode(&mut out).expect("room"));
        out.truncate(len);
        out
    }
}

/// Saved and read back.
pub(super) fn restored<const A: usize, const B: usize>(session: &Session<A, B>) -> Session<A, B> {
    let mut saved = vec![0; session.saved_len()];
    let len = session.save(&mut saved).expect("saved_len bytes suffice");
    assert_eq!(len, saved.len());
    Session::restore(&saved).expect("what was saved can be restored")
}

fn heard(packet: Packet<'_>) -> Heard {
    match packet {
        Packet::Connect(connect) => Heard::Connect {
            clean: connect.clean_session,
        },
        Packet::Publish(publish) => Heard::Publish {
            qos: publish.qos,
            id: number(publish.packet_id),
            dup: publish.dup,
        },
        Packet::PubAck(id) => Heard::Ack(PacketType::PubAck, id.get()),
        Packet::PubRec(id) => Heard::Ack(PacketType::PubRec, id.get()),
        Packet::PubRel(id) => Heard::Ack(PacketType::PubRel, id.get()),
        Packet::PubComp(id) => Heard::Ack(PacketType::PubComp, id.get()),
        Packet::Subscribe(subscribe) => Heard::Subscribe(subscribe.packet_id.get()),
        Packet::Unsubscribe(unsubscribe) => Heard::Unsubscribe(unsubscribe.packet_id.get()),
        Packet::PingReq => Heard::Ping,
        Packet::Disconnect => Heard::Disconnect,
        other @ (Packet::ConnAck(_) | Packet::SubAck(_) | Packet::UnsubAck(_) | Packet::PingResp) => {
            unreachable!("no client sends {other:?}")
        }
    }
}

/// `None` for what this version cannot say.
fn packet(say: Say<'_>) -> Option<Packet<'_>> {
    let id = |number: u16| PacketId::new(number).unwrap_or(PacketId::FIRST);
    Some(match say {
        Say::ConnAck {
            session_present,
            refused,
            ..
        } => Packet::ConnAck(ConnAck {
            session_present,
            code: if refused {
                ConnectReturnCode::ServerUnavailable
            } else {
                ConnectReturnCode::Accepted
            },
        }),
        Say::Publish {
            qos,
            id: number,
            dup,
            topic,
            payload,
            ..
        } => Packet::Publish(Publish {
            dup,
            qos,
            retain: false,
            topic,
            packet_id: (qos != QoS::AtMostOnce).then(|| id(number)),
            payload,
        }),
        Say::Ack(PacketType::PubRec, number, _) => Packet::PubRec(id(number)),
        Say::Ack(PacketType::PubRel, number, _) => Packet::PubRel(id(number)),
        Say::Ack(PacketType::PubComp, number, _) => Packet::PubComp(id(number)),
        Say::Ack(_, number, _) => Packet::PubAck(id(number)),
        Say::SubAck(number, granted) => Packet::SubAck(SubAck {
            packet_id: id(number),
            granted: QoS::from_number(granted % 4),
        }),
        Say::UnsubAck(number, _) => Packet::UnsubAck(id(number)),
        Say::Pong => Packet::PingResp,
        Say::Disconnect(_) => return None,
    })
}
