//! MQTT packets as words, for the traces and for what a script lets the broker say.

use fivewire_mqtt::packet::{ConnAck, Connect, Packet, Publish, SubAck, Subscribe, Unsubscribe};
use fivewire_mqtt::{ConnectReturnCode, PacketId, QoS};

use crate::script::{has, payload, value};

/// Bytes as text, with what is not printable escaped.
pub(crate) fn escape(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string()
}

/// A packet that the bridge sent.
pub(crate) fn show(packet: &Packet<'_>) -> String {
    match packet {
        Packet::Connect(connect) => show_connect(connect),
        Packet::Publish(publish) => show_publish(publish),
        Packet::PubAck(id) => format!("PUBACK {id}"),
        Packet::PubRec(id) => format!("PUBREC {id}"),
        Packet::PubRel(id) => format!("PUBREL {id}"),
        Packet::PubComp(id) => format!("PUBCOMP {id}"),
        Packet::Subscribe(Subscribe {
            packet_id,
            filter,
            qos,
        }) => {
            format!("SUBSCRIBE {packet_id} {filter} qos{}", qos.number())
        }
        Packet::Unsubscribe(Unsubscribe { packet_id, filter }) => format!("UNSUBSCRIBE {packet_id} {filter}"),
        Packet::PingReq => "PINGREQ".into(),
        Packet::Disconnect => "DISCONNECT".into(),
        other => format!("{other:?}"),
    }
}

fn show_connect(connect: &Connect<'_>) -> String {
    let mut line = format!(
        "CONNECT {} keep_alive={}",
        connect.client_id, connect.keep_alive_s
    );
    line += if connect.clean_session {
        " clean"
    } else {
        " resume"
    };
    if let Some(user) = connect.user {
        line += &format!(" user={user}");
    }
    if let Some(password) = connect.password {
        line += &format!(" password={} bytes", password.len());
    }
    if let Some(will) = connect.will {
        let retain = if will.retain { " retain" } else { "" };
        line += &format!(
            " will={}:{} qos{}{retain}",
            will.topic,
            escape(will.payload),
            will.qos.number()
        );
    }
    line
}

fn show_publish(publish: &Publish<'_>) -> String {
    let mut line = format!("PUBLISH {} {}", publish.topic, escape(publish.payload));
    line += &format!(" qos{}", publish.qos.number());
    line += if publish.retain { " retain" } else { "" };
    line += if publish.dup { " dup" } else { "" };
    publish
        .packet_id
        .map_or(line.clone(), |id| format!("{line} id={id}"))
}

/// The bytes of a packet that a script lets the broker send.
pub(crate) fn encode(words: &[&str]) -> Vec<u8> {
    let id = |index: usize| PacketId::new(words[index].parse().unwrap()).unwrap();
    let body;
    let packet = match words[0] {
        "connack" => Packet::ConnAck(ConnAck {
            session_present: has(words, "session"),
            code: ConnectReturnCode::from_number(words[1].parse().unwrap()).unwrap(),
        }),
        "puback" => Packet::PubAck(id(1)),
        "pubrec" => Packet::PubRec(id(1)),
        "pubrel" => Packet::PubRel(id(1)),
        "pubcomp" => Packet::PubComp(id(1)),
        "suback" => Packet::SubAck(SubAck {
            packet_id: id(1),
            granted: QoS::from_number(words[2].parse().unwrap()),
        }),
        "unsuback" => Packet::UnsubAck(id(1)),
        "pingresp" => Packet::PingResp,
        "publish" => {
            body = payload(words[2]);
            Packet::Publish(message(words, &body))
        }
        other => panic!("broker cannot say {other}"),
    };
    let mut bytes = vec![0; 4096];
    let length = packet.encode(&mut bytes).unwrap();
    bytes.truncate(length);
    bytes
}

fn message<'a>(words: &[&'a str], payload: &'a [u8]) -> Publish<'a> {
    let packet_id = value(words, "id").map(|id| PacketId::new(id.parse().unwrap()).unwrap());
    Publish {
        dup: has(words, "dup"),
        qos: if has(words, "qos2") {
            QoS::ExactlyOnce
        } else if packet_id.is_some() {
            QoS::AtLeastOnce
        } else {
            QoS::AtMostOnce
        },
        retain: has(words, "retain"),
        topic: words[1],
        packet_id,
        payload,
    }
}
