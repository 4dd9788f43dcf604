//! The exact bytes of each packet, both ways, as the examples and tables of the standard give them.

use fivewire_mqtt::packet::{ConnAck, Connect, EncodeError, Packet, Publish, SubAck, Subscribe, Unsubscribe};
use fivewire_mqtt::{ConnectReturnCode, PacketId, QoS, Will};

fn id(number: u16) -> PacketId {
    PacketId::new(number).unwrap()
}

/// The packet is these bytes, and these bytes are the packet.
fn check(packet: Packet<'_>, expected: &[u8]) {
    let mut out = [0xee; 256];
    let len = packet.encode(&mut out).unwrap();
    assert_eq!(&out[..len], expected, "{packet:?}");
    assert_eq!(Packet::decode(expected), Ok(Some((packet, expected.len()))));
    for short in 0..expected.len() {
        assert_eq!(
            Packet::decode(&expected[..short]),
            Ok(None),
            "{packet:?} cut to {short} bytes"
        );
        assert_eq!(
            packet.encode(&mut out[..short]),
            Err(EncodeError::Full),
            "{packet:?} into {short} bytes"
        );
    }
}

const PLAIN: Connect<'static> = Connect {
    client_id: "me",
    user: None,
    password: None,
    clean_session: true,
    keep_alive_s: 60,
    will: None,
};

#[test]
fn connect() {
    check(
        Packet::Connect(PLAIN),
        b"\x10\x0e\0\x04MQTT\x04\x02\0\x3c\0\x02me",
    );
    let nameless = Connect {
        client_id: "",
        keep_alive_s: 0xffff,
        ..PLAIN
    };
    check(
        Packet::Connect(nameless),
        b"\x10\x0c\0\x04MQTT\x04\x02\xff\xff\0\0",
    );
}

#[test]
fn connect_with_everything() {
    let will = Will {
        topic: "w",
        payload: b"\0\xff",
        qos: QoS::AtLeastOnce,
        retain: true,
    };
    let full = Connect {
        user: Some("joe"),
        password: Some(b"pw\0"),
        clean_session: false,
        will: Some(will),
        ..PLAIN
    };
    check(
        Packet::Connect(full),
        b"\x10\x1f\0\x04MQTT\x04\xec\0\x3c\0\x02me\0\x01w\0\x02\0\xff\0\x03joe\0\x03pw\0",
    );
    let user_only = Connect {
        user: Some(""),
        ..PLAIN
    };
    check(
        Packet::Connect(user_only),
        b"\x10\x10\0\x04MQTT\x04\x82\0\x3c\0\x02me\0\0",
    );
    let will = Will {
        topic: "w",
        payload: b"",
        qos: QoS::ExactlyOnce,
        retain: false,
    };
    let will_only = Connect {
        will: Some(will),
        ..PLAIN
    };
    check(
        Packet::Connect(will_only),
        b"\x10\x13\0\x04MQTT\x04\x16\0\x3c\0\x02me\0\x01w\0\0",
    );
}

#[test]
fn connack() {
    let accepted = ConnectReturnCode::Accepted;
    check(
        Packet::ConnAck(ConnAck {
            session_present: false,
            code: accepted,
        }),
        b"\x20\x02\0\0",
    );
    check(
        Packet::ConnAck(ConnAck {
            session_present: true,
            code: accepted,
        }),
        b"\x20\x02\x01\0",
    );
    let refused = ConnectReturnCode::NotAuthorized;
    check(
        Packet::ConnAck(ConnAck {
            session_present: false,
            code: refused,
        }),
        b"\x20\x02\0\x05",
    );
}

#[test]
fn publish() {
    // The example of figure 3.11: topic a/b, packet id 10.
    let once = Publish {
        dup: false,
        qos: QoS::AtLeastOnce,
        retain: false,
        topic: "a/b",
        packet_id: Some(id(10)),
        payload: b"hi",
    };
    check(Packet::Publish(once), b"\x32\x09\0\x03a/b\0\x0ahi");
    check(
        Packet::Publish(Publish { dup: true, ..once }),
        b"\x3a\x09\0\x03a/b\0\x0ahi",
    );
    let zero = Publish {
        qos: QoS::AtMostOnce,
        packet_id: None,
        ..once
    };
    check(Packet::Publish(zero), b"\x30\x07\0\x03a/bhi");
    check(
        Packet::Publish(Publish {
            retain: true,
            payload: b"",
            ..zero
        }),
        b"\x31\x05\0\x03a/b",
    );
    check(
        Packet::Publish(Publish {
            qos: QoS::ExactlyOnce,
            ..once
        }),
        b"\x34\x09\0\x03a/b\0\x0ahi",
    );
}

#[test]
fn publish_has_a_length_of_two_bytes_from_128_on() {
    let payload = [7; 125];
    let publish = Publish {
        dup: false,
        qos: QoS::AtMostOnce,
        retain: false,
        topic: "t",
        packet_id: None,
        payload: &payload,
    };
    let mut expected = b"\x30\x80\x01\0\x01t".to_vec();
    expected.extend_from_slice(&payload);
    check(Packet::Publish(publish), &expected);
    let shorter = Publish {
        payload: &payload[1..],
        ..publish
    };
    assert_eq!(shorter.size(), 129);
    assert_eq!(publish.size(), 131);
}

#[test]
fn acknowledgements() {
    check(Packet::PubAck(id(0x1234)), b"\x40\x02\x12\x34");
    check(Packet::PubRec(id(0x1234)), b"\x50\x02\x12\x34");
    check(Packet::PubRel(id(0x1234)), b"\x62\x02\x12\x34");
    check(Packet::PubComp(id(0x1234)), b"\x70\x02\x12\x34");
    check(Packet::UnsubAck(id(0xffff)), b"\xb0\x02\xff\xff");
}

#[test]
fn subscriptions() {
    let subscribe = Subscribe {
        packet_id: id(10),
        filter: "a/+",
        qos: QoS::AtLeastOnce,
    };
    check(Packet::Subscribe(subscribe), b"\x82\x08\0\x0a\0\x03a/+\x01");
    check(
        Packet::SubAck(SubAck {
            packet_id: id(10),
            granted: Some(QoS::AtMostOnce),
        }),
        b"\x90\x03\0\x0a\0",
    );
    check(
        Packet::SubAck(SubAck {
            packet_id: id(10),
            granted: None,
        }),
        b"\x90\x03\0\x0a\x80",
    );
    check(
        Packet::Unsubscribe(Unsubscribe {
            packet_id: id(10),
            filter: "#",
        }),
        b"\xa2\x05\0\x0a\0\x01#",
    );
}

#[test]
fn packets_without_a_body() {
    check(Packet::PingReq, b"\xc0\0");
    check(Packet::PingResp, b"\xd0\0");
    check(Packet::Disconnect, b"\xe0\0");
}

#[test]
fn text_beyond_65535_bytes_is_not_encoded() {
    let long = "x".repeat(65_536);
    let mut out = vec![0; 70_000];
    let subscribe = Subscribe {
        packet_id: id(1),
        filter: &long,
        qos: QoS::AtMostOnce,
    };
    assert_eq!(
        Packet::Subscribe(subscribe).encode(&mut out),
        Err(EncodeError::TooLong)
    );
    let fits = Subscribe {
        filter: &long[1..],
        ..subscribe
    };
    assert_eq!(
        Packet::Subscribe(fits).encode(&mut out),
        Ok(4 + 2 + 2 + 65_535 + 1)
    );
}

#[test]
fn no_packet_prints_its_password() {
    let packet = Packet::Connect(Connect {
        user: Some("joe"),
        password: Some(b"hunter2"),
        ..PLAIN
    });
    let printed = format!("{packet:?} {packet:#?}");
    assert!(printed.contains("<redacted>") && printed.contains("joe"));
    assert!(!printed.contains("hunter2") && !printed.contains("104, 117"));
}
