//! The packets of MQTT 5.0 as bytes.

use fivewire_mqtt::packet::PacketType;
use fivewire_mqtt::v5::packet::{
    Ack, Auth, ConnAck, Connect, Disconnect, FilterAck, Packet, Publish, Subscribe, SubscriptionOptions,
    Unsubscribe,
};
use fivewire_mqtt::v5::{Client, ConnectOptions, Properties, Property, ReasonCode, Secret};
use fivewire_mqtt::{QoS, Will};
use proptest::prelude::*;

use super::scene::id;

/// The packet comes back from its bytes, and from no part of them.
fn check(packet: &Packet<'_>) {
    let mut bytes = vec![0; 512];
    let len = packet.encode(&mut bytes).unwrap();
    assert_eq!(Packet::decode(&bytes[..len]), Ok(Some((*packet, len))));
    for cut in 0..len {
        assert_eq!(Packet::decode(&bytes[..cut]), Ok(None), "{packet:?} cut at {cut}");
        assert!(packet.encode(&mut vec![0; cut]).is_err(), "{packet:?} into {cut}");
    }
}

#[test]
fn packets_come_back_from_their_bytes() {
    let reason = [Property::ReasonString("why"), Property::UserProperty("a", "b")];
    let reason = Properties::from(reason.as_slice());
    let content = [
        Property::PayloadFormatIndicator(false),
        Property::MessageExpiryInterval(1),
        Property::ContentType("c"),
        Property::ResponseTopic("r"),
        Property::CorrelationData(b"d"),
    ];
    let content = Properties::from(content.as_slice());
    let connect = [
        Property::SessionExpiryInterval(1),
        Property::AuthenticationMethod("m"),
        Property::AuthenticationData(Secret(b"d")),
        Property::RequestProblemInformation(true),
        Property::RequestResponseInformation(false),
        Property::ReceiveMaximum(1),
        Property::TopicAliasMaximum(0),
        Property::MaximumPacketSize(u32::MAX),
    ];
    let connack = [
        Property::SessionExpiryInterval(0),
        Property::AssignedClientIdentifier("me"),
        Property::ServerKeepAlive(1),
        Property::ResponseInformation("r"),
        Property::ServerReference("s"),
        Property::MaximumQos(false),
        Property::RetainAvailable(true),
        Property::WildcardSubscriptionAvailable(false),
        Property::SubscriptionIdentifierAvailable(false),
        Property::SharedSubscriptionAvailable(true),
    ];
    let authentication = [Property::AuthenticationMethod("m"), Property::ReasonString("r")];
    let (packet_id, error) = (id(0x1234), ReasonCode::UNSPECIFIED_ERROR);
    check(&Packet::Connect(Connect {
        client_id: "me",
        user: Some("joe"),
        password: Some(b"key"),
        clean_start: false,
        keep_alive_s: 60,
        properties: Properties::from(connect.as_slice()),
        will: Some(Will {
            topic: "w",
            payload: b"",
            qos: QoS::ExactlyOnce,
            retain: false,
        }),
        will_properties: content,
    }));
    check(&Packet::ConnAck(ConnAck {
        session_present: true,
        reason: ReasonCode::SUCCESS,
        properties: Properties::from(connack.as_slice()),
    }));
    for packet_id in [None, Some(packet_id)] {
        check(&Packet::Publish(Publish {
            dup: packet_id.is_some(),
            qos: packet_id.map_or(QoS::AtMostOnce, |_| QoS::ExactlyOnce),
            retain: true,
            topic: "t/\u{e9}",
            packet_id,
            properties: content,
            payload: b"payload",
        }));
    }
    let kinds = [
        PacketType::PubAck,
        PacketType::PubRec,
        PacketType::PubRel,
        PacketType::PubComp,
    ];
    for kind in kinds {
        for (reason, properties) in [
            (ReasonCode::SUCCESS, Properties::NONE),
            (error, Properties::NONE),
            (error, reason),
        ] {
            let ack = Ack {
                packet_id,
                reason,
                properties,
            };
            check(&Packet::Ack(kind, ack));
        }
    }
    let identifier = [Property::SubscriptionIdentifier(16_384)];
    check(&Packet::Subscribe(Subscribe {
        packet_id,
        properties: Properties::from(identifier.as_slice()),
        filter: "a/#",
        options: SubscriptionOptions::default(),
    }));
    check(&Packet::Unsubscribe(Unsubscribe {
        packet_id,
        properties: Properties::NONE,
        filter: "a/#",
    }));
    let answer = FilterAck {
        packet_id,
        properties: reason,
        reason: error,
    };
    check(&Packet::SubAck(answer));
    check(&Packet::UnsubAck(answer));
    for (reason, properties) in [
        (ReasonCode::SUCCESS, Properties::NONE),
        (error, Properties::NONE),
        (error, reason),
    ] {
        check(&Packet::Disconnect(Disconnect { reason, properties }));
    }
    check(&Packet::Auth(Auth {
        reason: ReasonCode::CONTINUE_AUTHENTICATION,
        properties: Properties::from(authentication.as_slice()),
    }));
    check(&Packet::PingReq);
    check(&Packet::PingResp);
}

#[test]
fn secrets_are_never_printed() {
    let list = [Property::AuthenticationData(Secret(b"hunter2"))];
    let printed = format!("{:?}", Properties::from(list.as_slice()));
    assert_eq!(printed, "[AuthenticationData(<redacted>)]");
}

#[test]
fn variable_integers_take_no_more_bytes_than_they_need() {
    let publish = |id: &[u8]| {
        let properties = [&[0x0b], id].concat();
        let mut bytes = vec![
            0x30,
            4 + properties.len() as u8,
            0,
            1,
            b'a',
            properties.len() as u8,
        ];
        bytes.extend(properties);
        Packet::decode(&bytes).map(|packet| match packet {
            Some((Packet::Publish(publish), _)) => publish.properties.subscription_identifiers().next(),
            _ => None,
        })
    };
    assert_eq!(publish(&[0x7f]), Ok(Some(127)));
    assert_eq!(publish(&[0xff, 0xff, 0xff, 0x7f]), Ok(Some(268_435_455)));
    assert!(publish(&[0xff, 0x00]).is_err());
    assert!(publish(&[0xff, 0xff, 0xff, 0xff, 0x01]).is_err());
    assert!(publish(&[0x00]).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Bytes that begin as some packet of a broker and go on at random, against a client that is connected.
    #[test]
    fn no_broker_makes_the_client_panic_or_hang(
        packets in prop::collection::vec((2..16u8, 0..16u8, prop::collection::vec(any::<u8>(), 0..40)), 1..8),
    ) {
        let mut client = Client::<64, 128, 4, 2, 8>::with_aliases();
        client.connect(0, &ConnectOptions::new("me")).unwrap();
        client.consume_output(client.output().len());
        let mut bytes = vec![0x20, 3, 0, 0, 0];
        for (kind, flags, body) in packets {
            bytes.extend([kind << 4 | flags, body.len() as u8]);
            bytes.extend(body);
        }
        let mut rest = bytes.as_slice();
        for _ in 0..200 {
            let taken = client.handle_input(0, rest);
            rest = &rest[taken..];
            let mut ids = Vec::new();
            while let Some(event) = client.poll_event() {
                if let fivewire_mqtt::v5::Event::Message { packet_id, .. } = event {
                    ids.extend(packet_id);
                }
                let _ = format!("{event:?}");
            }
            ids.into_iter().for_each(|id| _ = client.acknowledge(id));
            client.consume_output(client.output().len());
            if rest.is_empty() {
                break;
            }
        }
        prop_assert!(rest.is_empty(), "the client takes no more");
    }

    #[test]
    fn random_bytes_are_decoded_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        if let Ok(Some((packet, len))) = Packet::decode(&bytes) {
            prop_assert!(len <= bytes.len());
            let mut again = vec![0; 128];
            let written = packet.encode(&mut again).unwrap();
            // Perhaps shorter: success can be left out.
            prop_assert_eq!(Packet::decode(&again[..written]), Ok(Some((packet, written))));
        }
    }
}

#[test]
fn a_list_is_carried_elsewhere_and_back_as_bytes() {
    let list = [Property::ResponseTopic("r"), Property::UserProperty("a", "b")];
    let list = Properties::from(list.as_slice());
    let mut bytes = [0; 32];
    let len = list.write(&mut bytes).unwrap();
    let carried = Properties::from_bytes(&bytes[..len]).unwrap();
    assert_eq!(carried, list);
    assert_eq!(carried.wire_bytes(), &bytes[..len]);
    assert_eq!(list.wire_bytes(), b"", "it was never received");
    assert!(list.write(&mut bytes[..len - 1]).is_err());
    assert!(Properties::from_bytes(&bytes[..len - 1]).is_err(), "cut");
    assert!(Properties::from_bytes(&[0x04]).is_err(), "unknown");
}
