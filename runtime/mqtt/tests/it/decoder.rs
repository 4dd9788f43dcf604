//! The decoder against random bytes, and against packets with one thing wrong.

use fivewire_mqtt::packet::{Connect, FixedHeader, Packet, PacketType, Publish, SubAck, Subscribe};
use fivewire_mqtt::{PacketId, ProtocolError, QoS, is_topic_name};
use proptest::prelude::*;

/// What is wrong with the bytes.
fn error(bytes: &[u8]) -> ProtocolError {
    Packet::decode(bytes).expect_err("a fault")
}

#[test]
fn reserved_types_and_flags_are_refused_at_the_first_byte() {
    assert_eq!(error(b"\x00"), ProtocolError::ReservedType(0));
    assert_eq!(error(b"\xf0"), ProtocolError::ReservedType(15));
    assert_eq!(error(b"\x21"), ProtocolError::ReservedFlags(PacketType::ConnAck));
    assert_eq!(error(b"\x60"), ProtocolError::ReservedFlags(PacketType::PubRel));
    assert_eq!(
        error(b"\x80"),
        ProtocolError::ReservedFlags(PacketType::Subscribe)
    );
    assert_eq!(error(b"\x36"), ProtocolError::Qos);
}

#[test]
fn lengths_are_refused_as_soon_as_they_are_known() {
    assert_eq!(error(b"\x30\xff\xff\xff\xff"), ProtocolError::RemainingLength);
    assert_eq!(error(b"\x30\x80\x80\x80\x80\x01"), ProtocolError::RemainingLength);
    assert_eq!(error(b"\x40\x03"), ProtocolError::Length(PacketType::PubAck));
    assert_eq!(error(b"\x40\x00"), ProtocolError::Length(PacketType::PubAck));
    assert_eq!(error(b"\xd0\x01"), ProtocolError::Length(PacketType::PingResp));
    assert_eq!(error(b"\x90\x04"), ProtocolError::Length(PacketType::SubAck));
    assert_eq!(error(b"\x30\x02"), ProtocolError::Length(PacketType::Publish));
}

#[test]
fn the_longest_length_is_understood() {
    let header = FixedHeader::decode(b"\x30\xff\xff\xff\x7f").unwrap().unwrap();
    assert_eq!((header.size, header.remaining), (5, 268_435_455));
    assert_eq!(FixedHeader::decode(b"\x30\xff\xff\xff"), Ok(None));
}

#[test]
fn faults_inside_a_packet() {
    assert_eq!(
        error(b"\x30\x03\0\x02t"),
        ProtocolError::Length(PacketType::Publish)
    );
    assert_eq!(error(b"\x30\x03\0\0t"), ProtocolError::TopicName);
    assert_eq!(error(b"\x30\x04\0\x02a#"), ProtocolError::TopicName);
    assert_eq!(error(b"\x30\x04\0\x02a\0"), ProtocolError::Text);
    assert_eq!(
        error(b"\x30\x05\0\x03\xed\xa0\x80"),
        ProtocolError::Text,
        "a surrogate"
    );
    assert_eq!(error(b"\x32\x05\0\x01t\0\0"), ProtocolError::PacketIdZero);
    assert_eq!(
        error(b"\x32\x03\0\x01t"),
        ProtocolError::Length(PacketType::Publish)
    );
    assert_eq!(error(b"\x40\x02\0\0"), ProtocolError::PacketIdZero);
    assert_eq!(error(b"\x90\x03\0\x01\x03"), ProtocolError::ReturnCode(3));
    assert_eq!(error(b"\x20\x02\0\x06"), ProtocolError::ReturnCode(6));
    assert_eq!(error(b"\x20\x02\x02\0"), ProtocolError::SessionPresent);
    assert_eq!(
        error(b"\x20\x02\x01\x05"),
        ProtocolError::SessionPresent,
        "[MQTT-3.2.2-4]"
    );
    assert_eq!(error(b"\x82\x06\0\x01\0\x01t\x03"), ProtocolError::Qos);
    assert_eq!(error(b"\x82\x07\0\x01\0\x02#a\0"), ProtocolError::TopicFilter);
    assert_eq!(
        error(b"\x82\x07\0\x01\0\x01t\0\0"),
        ProtocolError::Length(PacketType::Subscribe)
    );
    assert_eq!(
        error(b"\xa2\x06\0\x01\0\x01tt"),
        ProtocolError::Length(PacketType::Unsubscribe)
    );
}

#[test]
fn faults_of_a_connect() {
    assert_eq!(
        error(b"\x10\x0c\0\x04MQTT\x05\x02\0\0\0\0"),
        ProtocolError::Protocol
    );
    assert_eq!(
        error(b"\x10\x0c\0\x04MQTX\x04\x02\0\0\0\0"),
        ProtocolError::Protocol
    );
    for flags in [0x03, 0x12, 0x0a, 0x22, 0x42] {
        let bytes = [b"\x10\x0c\0\x04MQTT\x04".as_slice(), &[flags], b"\0\0\0\0"].concat();
        assert_eq!(error(&bytes), ProtocolError::ConnectFlags, "{flags:#x}");
    }
    assert_eq!(
        error(b"\x10\x11\0\x04MQTT\x04\x1e\0\0\0\0\0\x01w\0\0"),
        ProtocolError::Qos
    );
    assert_eq!(
        error(b"\x10\x0d\0\x04MQTT\x04\x02\0\0\0\0x"),
        ProtocolError::Length(PacketType::Connect)
    );
}

#[test]
fn a_long_length_for_a_short_packet_is_tolerated() {
    // 3.1.1 does not ask for the shortest form.
    assert_eq!(Packet::decode(b"\xd0\x80\x00"), Ok(Some((Packet::PingResp, 3))));
}

fn topic() -> impl Strategy<Value = String> {
    "[a-z/$ \u{e9}\u{2a6d4}]{1,12}"
}

fn packet_id() -> impl Strategy<Value = PacketId> {
    (1..=u16::MAX).prop_map(|number| PacketId::new(number).unwrap())
}

fn qos() -> impl Strategy<Value = QoS> {
    (0..3u8).prop_map(|number| QoS::from_number(number).unwrap())
}

/// Encoded, and decoded again.
fn round(packet: &Packet<'_>) -> Result<(), TestCaseError> {
    let mut out = [0; 1024];
    let len = packet.encode(&mut out).unwrap();
    let decoded = Packet::decode(&out).unwrap();
    prop_assert_eq!(decoded, Some((*packet, len)));
    Ok(())
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        if let Ok(Some((packet, len))) = Packet::decode(&bytes) {
            prop_assert!(len <= bytes.len());
            let mut out = [0; 64];
            let encoded = packet.encode(&mut out).unwrap();
            prop_assert_eq!(Packet::decode(&out[..encoded]), Ok(Some((packet, encoded))));
        }
    }

    #[test]
    fn bytes_that_look_like_packets_never_panic(
        first in any::<u8>(),
        body in prop::collection::vec(prop_oneof![Just(0), Just(1), Just(2), Just(4), any::<u8>()], 0..40),
    ) {
        let bytes = [&[first, body.len() as u8], body.as_slice()].concat();
        if let Ok(Some((Packet::Publish(publish), _))) = Packet::decode(&bytes) {
            prop_assert!(is_topic_name(publish.topic));
            prop_assert_eq!(publish.packet_id.is_some(), publish.qos != QoS::AtMostOnce);
        }
    }

    #[test]
    fn publishes_come_back(
        topic in topic(), payload in prop::collection::vec(any::<u8>(), 0..300), qos in qos(), id in packet_id(),
        dup in any::<bool>(), retain in any::<bool>(),
    ) {
        let packet_id = (qos != QoS::AtMostOnce).then_some(id);
        let publish = Publish { dup, qos, retain, topic: &topic, packet_id, payload: &payload };
        let mut out = [0; 1024];
        prop_assert_eq!(publish.encode(&mut out), Ok(publish.size()));
        round(&Packet::Publish(publish))?;
    }

    #[test]
    fn subscriptions_come_back(filter in topic(), qos in qos(), packet_id in packet_id(), granted in prop::option::of(qos())) {
        round(&Packet::Subscribe(Subscribe { packet_id, filter: &filter, qos }))?;
        round(&Packet::SubAck(SubAck { packet_id, granted }))?;
    }

    #[test]
    fn connects_come_back(
        client_id in topic(), user in prop::option::of(topic()), password in prop::option::of(any::<[u8; 5]>()),
        clean_session in any::<bool>(), keep_alive_s in any::<u16>(),
        will in prop::option::of((topic(), any::<[u8; 3]>(), qos(), any::<bool>())),
    ) {
        let will = will.as_ref().map(|(topic, payload, qos, retain)| {
            fivewire_mqtt::Will { topic, payload, qos: *qos, retain: *retain }
        });
        let password = password.as_ref().filter(|_| user.is_some()).map(<[u8; 5]>::as_slice);
        let user = user.as_deref();
        round(&Packet::Connect(Connect { client_id: &client_id, user, password, clean_session, keep_alive_s, will }))?;
    }
}
