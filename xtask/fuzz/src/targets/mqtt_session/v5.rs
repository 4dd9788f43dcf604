//! The client of MQTT 5.0, and its broker's packets.

use fivewire_mqtt::v5::packet::{Ack, ConnAck, Disconnect, FilterAck, Packet, Publish};
use fivewire_mqtt::v5::{
    Client as Mqtt, ConnectOptions, Properties, Property, Publication, ReasonCode, Subscription,
};
use fivewire_mqtt::{Error, MessageId, PacketId, QoS};

use super::dialect::{self, Heard, IN_FLIGHT, RX, Say, TX, Told};
use super::v311::{number, restored, told};

/// The client, with a table of two aliases.
pub(super) struct Client(Mqtt<RX, TX, IN_FLIGHT, 2, 8>);

impl Default for Client {
    fn default() -> Self {
        Self(Mqtt::with_aliases())
    }
}

impl dialect::Client for Client {
    fn connect(&mut self, now_ms: u32, clean: bool, variant: u8) -> Result<(), Error> {
        let common = fivewire_mqtt::ConnectOptions {
            clean_session: clean,
            keep_alive_s: u16::from(variant) * 7 % 60,
            puback_time_ms: u32::from(variant & 3) * 20_000,
            ..fivewire_mqtt::ConnectOptions::new("me")
        };
        let options = ConnectOptions {
            common,
            session_expiry_s: 60,
            receive_maximum: u16::from(variant >> 2 & 3) + 1,
            limit_packet_size: variant & 16 != 0,
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
        self.0.poll_event().map(|event| told(event.into()))
    }

    fn keep_message(&mut self) {
        self.0.keep_message();
    }

    fn publish(
        &mut self,
        now_ms: u32,
        topic: &str,
        payload: &[u8],
        qos: QoS,
        variant: u8,
    ) -> Result<u16, Error> {
        let properties = [
            Property::MessageExpiryInterval(1),
            Property::UserProperty("a", "b"),
        ];
        let properties = properties.get(..usize::from(variant % 3)).unwrap_or_default();
        let publication = Publication {
            properties,
            ..Publication::new(topic, payload, qos)
        };
        self.0.publish(now_ms, &publication).map(number)
    }

    fn subscribe(&mut self, now_ms: u32, filter: &str, qos: QoS) -> Result<u16, Error> {
        let subscription = Subscription::new(filter, qos);
        self.0.subscribe(now_ms, &subscription).map(PacketId::get)
    }

    fn unsubscribe(&mut self, now_ms: u32, filter: &str) -> Result<u16, Error> {
        self.0.unsubscribe(now_ms, filter, &[]).map(PacketId::get)
    }

    fn acknowledge(&mut self, id: MessageId) -> Result<(), Error> {
        self.0.acknowledge(id)
    }

    fn disconnect(&mut self) {
        let _ = self.0.disconnect(ReasonCode::SUCCESS, &[]);
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
        let mut next = Self::default();
        next.0.set_session(restored(self.0.session()));
        next
    }

    fn decode(bytes: &[u8]) -> Option<(Heard, usize)> {
        let decoded = Packet::decode_from_client(bytes);
        let (packet, len) = decoded.expect("the client keeps to the standard")?;
        Some((heard(packet), len))
    }

    fn encode(say: Say<'_>) -> Vec<u8> {
        let mut out = vec![0; 1024];
        let len = encode(say, &mut out);
        out.truncate(len);
        out
    }
}

fn heard(packet: Packet<'_>) -> Heard {
    match packet {
        Packet::Connect(connect) => Heard::Connect {
            clean: connect.clean_start,
        },
        Packet::Publish(publish) => Heard::Publish {
            qos: publish.qos,
            id: number(publish.packet_id),
            dup: publish.dup,
        },
        Packet::Ack(kind, ack) => Heard::Ack(kind, ack.packet_id.get()),
        Packet::Subscribe(subscribe) => Heard::Subscribe(subscribe.packet_id.get()),
        Packet::Unsubscribe(unsubscribe) => Heard::Unsubscribe(unsubscribe.packet_id.get()),
        Packet::PingReq => Heard::Ping,
        Packet::Disconnect(_) => Heard::Disconnect,
        other @ (Packet::ConnAck(_) | Packet::SubAck(_) | Packet::UnsubAck(_)) => {
            unreachable!("no client sends {other:?}")
        }
        other @ (Packet::PingResp | Packet::Auth(_)) => unreachable!("this client never sends {other:?}"),
    }
}

/// What a broker may tell of itself: few messages at a time, small packets, no QoS 2, another keep alive, aliases.
fn limits(variant: u8) -> Vec<Property<'static>> {
    let all = [
        (8, Property::ReceiveMaximum(1)),
        (16, Property::MaximumPacketSize(40)),
        (32, Property::MaximumQos(false)),
        (64, Property::ServerKeepAlive(5)),
        (128, Property::TopicAliasMaximum(2)),
    ];
    all.iter()
        .filter(|(bit, _)| variant & bit != 0)
        .map(|&(_, property)| property)
        .collect()
}

/// A reason for each variant; 0 is success.
fn reason(variant: u8) -> ReasonCode {
    match variant & 7 {
        0..=3 => ReasonCode::SUCCESS,
        4 => ReasonCode::UNSPECIFIED_ERROR,
        5 => ReasonCode::PACKET_IDENTIFIER_NOT_FOUND,
        _ => ReasonCode::QUOTA_EXCEEDED,
    }
}

fn encode(say: Say<'_>, out: &mut [u8]) -> usize {
    let id = |number: u16| PacketId::new(number).unwrap_or(PacketId::FIRST);
    let alias = |variant: u8| [Property::TopicAlias(u16::from(variant & 3))];
    let (own, aliases);
    let packet = match say {
        Say::ConnAck {
            session_present,
            refused,
            variant,
        } => {
            own = limits(variant);
            Packet::ConnAck(ConnAck {
                session_present,
                reason: if refused {
                    ReasonCode::SERVER_BUSY
                } else {
                    ReasonCode::SUCCESS
                },
                properties: Properties::from(if refused { &[][..] } else { &own[..] }),
            })
        }
        Say::Publish {
            qos,
            id: number,
            dup,
            topic,
            payload,
            variant,
        } => {
            aliases = alias(variant);
            Packet::Publish(Publish {
                dup,
                qos,
                retain: false,
                topic: if variant & 12 == 12 { "" } else { topic },
                packet_id: (qos != QoS::AtMostOnce).then(|| id(number)),
                properties: Properties::from(if variant & 3 == 0 { &[][..] } else { &aliases[..] }),
                payload,
            })
        }
        Say::Ack(kind, number, variant) => Packet::Ack(
            kind,
            Ack {
                packet_id: id(number),
                reason: reason(variant),
                properties: Properties::NONE,
            },
        ),
        Say::SubAck(number, variant) => Packet::SubAck(filter_ack(id(number), variant)),
        Say::UnsubAck(number, variant) => Packet::UnsubAck(filter_ack(id(number), variant)),
        Say::Pong => Packet::PingResp,
        Say::Disconnect(variant) => Packet::Disconnect(Disconnect {
            reason: reason(variant),
            properties: Properties::NONE,
        }),
    };
    packet.encode(out).expect("room")
}

fn filter_ack(packet_id: PacketId, variant: u8) -> FilterAck<'static> {
    FilterAck {
        packet_id,
        properties: Properties::NONE,
        reason: reason(variant),
    }
}
