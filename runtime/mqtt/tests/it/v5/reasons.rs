//! Reasons both ways: refusals, disconnections, offences.

use expect_test::expect;
use fivewire_mqtt::packet::PacketType;
use fivewire_mqtt::v5::packet::{ConnAck, Disconnect, Packet};
use fivewire_mqtt::v5::{ConnectOptions, Properties, Property, Publication, ReasonCode};
use fivewire_mqtt::{Error, QoS};

use super::scene::{Scene, ack, message};

#[test]
fn a_refusal_says_why() {
    let mut scene: Scene = Scene::default();
    scene.client.connect(0, &ConnectOptions::new("me")).unwrap();
    scene.settle();
    scene.trace();
    let properties = [
        Property::ReasonString("later"),
        Property::ServerReference("other"),
    ];
    scene.broker(&Packet::ConnAck(ConnAck {
        session_present: false,
        reason: ReasonCode::SERVER_BUSY,
        properties: Properties::from(properties.as_slice()),
    }));
    expect![[r#"
        Refused { reason: 0x89, properties: [ReasonString("later"), ServerReference("other")] }
    "#]]
    .assert_eq(&scene.trace());
    assert!(!scene.client.is_connected());
}

#[test]
fn the_broker_says_goodbye_and_nothing_follows() {
    let mut scene: Scene = Scene::connected(&[]);
    let properties = [Property::ReasonString("night"), Property::UserProperty("a", "b")];
    scene.broker(&Packet::Disconnect(Disconnect {
        reason: ReasonCode::SERVER_SHUTTING_DOWN,
        properties: Properties::from(properties.as_slice()),
    }));
    scene
        .publish(&Publication::new("t", b"", QoS::AtLeastOnce))
        .unwrap();
    expect![[r#"
        Disconnected { reason: 0x8b, properties: [ReasonString("night"), UserProperty("a", "b")] }
    "#]]
    .assert_eq(&scene.trace());
}

#[test]
fn the_client_says_goodbye() {
    let mut scene: Scene = Scene::connected(&[]);
    let properties = [Property::ReasonString("night")];
    scene
        .client
        .disconnect(ReasonCode::DISCONNECT_WITH_WILL, &properties)
        .unwrap();
    scene.settle();
    let late = scene.publish(&Publication::new("t", b"", QoS::AtLeastOnce));
    expect![[r#"
        > Disconnect(Disconnect { reason: 0x04, properties: [ReasonString("night")] })
    "#]]
    .assert_eq(&scene.trace());
    assert_eq!(late.map(drop), Ok(()), "it waits for the next connection");
}

#[test]
fn a_goodbye_has_a_reason_that_a_client_can_give() {
    let codes = (0..=255).filter(|&number| {
        let mut scene: Scene = Scene::connected(&[]);
        let reason = ReasonCode::new(number);
        scene.client.disconnect(reason, &[]) != Err(Error::BadReason)
    });
    let codes: Vec<u8> = codes.collect();
    let table = [
        0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99,
    ];
    assert_eq!(codes, table);
}

#[test]
fn a_session_that_was_to_end_cannot_be_kept_by_a_goodbye() {
    let keep = [Property::SessionExpiryInterval(60)];
    let mut scene: Scene = Scene::connected(&[]);
    let refused = scene.client.disconnect(ReasonCode::SUCCESS, &keep);
    assert_eq!(refused, Err(Error::BadProperty));
    let server_only = [Property::ServerReference("other")];
    let refused = scene.client.disconnect(ReasonCode::SUCCESS, &server_only);
    assert_eq!(refused, Err(Error::BadProperty));
    let mut scene: Scene = Scene::default();
    let options = ConnectOptions {
        session_expiry_s: 30,
        ..ConnectOptions::new("me")
    };
    scene.connect(&options, false, &[]);
    scene.trace();
    scene.client.disconnect(ReasonCode::SUCCESS, &keep).unwrap();
    scene.settle();
    expect![[r#"
        > Disconnect(Disconnect { reason: 0x00, properties: [SessionExpiryInterval(60)] })
    "#]]
    .assert_eq(&scene.trace());
}

#[test]
fn the_end_of_a_publish_says_how_it_went() {
    let mut scene: Scene = Scene::connected(&[]);
    for (payload, qos) in [
        (b"1", QoS::AtLeastOnce),
        (b"2", QoS::AtLeastOnce),
        (b"3", QoS::ExactlyOnce),
        (b"4", QoS::ExactlyOnce),
    ] {
        scene.publish(&Publication::new("t", payload, qos)).unwrap();
    }
    scene.trace();
    scene.broker(&ack(PacketType::PubAck, 1, 0x10));
    scene.broker(&ack(PacketType::PubAck, 2, 0x87));
    scene.broker(&ack(PacketType::PubRec, 3, 0x80));
    scene.broker(&ack(PacketType::PubRec, 4, 0x10));
    scene.broker(&ack(PacketType::PubComp, 4, 0x92));
    scene.broker(&ack(PacketType::PubRel, 9, 0));
    scene.broker(&ack(PacketType::PubRec, 9, 0));
    scene.broker(&ack(PacketType::PubRec, 9, 0x80));
    expect![[r#"
        Published { packet_id: PacketId(1), reason: 0x10, properties: [] }
        Published { packet_id: PacketId(2), reason: 0x87, properties: [] }
        Published { packet_id: PacketId(3), reason: 0x80, properties: [] }
        > PUBREL 4 0x00 []
        Published { packet_id: PacketId(4), reason: 0x92, properties: [] }
        > PUBCOMP 9 0x92 []
        > PUBREL 9 0x00 []
    "#]]
    .assert_eq(&scene.trace());
}

#[test]
fn a_message_comes_once_and_with_all_that_describes_it() {
    let mut scene: Scene = Scene::connected(&[]);
    let properties = [
        Property::PayloadFormatIndicator(true),
        Property::MessageExpiryInterval(9),
        Property::ContentType("text"),
        Property::ResponseTopic("r"),
        Property::CorrelationData(b"c"),
        Property::SubscriptionIdentifier(1),
        Property::SubscriptionIdentifier(300),
        Property::UserProperty("a", "1"),
        Property::UserProperty("a", "2"),
    ];
    for _ in 0..2 {
        scene.broker(&message("t", QoS::ExactlyOnce, 7, &properties));
    }
    scene.acknowledge(0);
    scene.broker(&message("t", QoS::ExactlyOnce, 7, &properties));
    scene.broker(&ack(PacketType::PubRel, 7, 0));
    expect![[r#"
        Message t [PayloadFormatIndicator(true), MessageExpiryInterval(9), ContentType("text"), ResponseTopic("r"), CorrelationData([99]), SubscriptionIdentifier(1), SubscriptionIdentifier(300), UserProperty("a", "1"), UserProperty("a", "2")]
        > PUBREC 7 0x00 []
        > PUBREC 7 0x00 []
        > PUBCOMP 7 0x00 []
    "#]].assert_eq(&scene.trace());
}

#[test]
fn offences_are_answered_with_their_reason() {
    let mut all = String::new();
    let offences: [(&str, &[u8]); 14] = [
        ("AUTH", &[0xf0, 0]),
        ("CONNACK again", &[0x20, 3, 0, 0, 0]),
        ("a client's packet", &[0xc0, 0]),
        ("reserved type", &[0x00, 0]),
        ("reserved flags", &[0x41, 2, 0, 1]),
        ("length of five bytes", &[0x30, 0x80, 0x80, 0x80, 0x80, 1]),
        ("packet id 0", &[0x32, 5, 0, 1, b'a', 0, 0]),
        ("QoS 3", &[0x36, 6, 0, 1, b'a', 0, 1, 0]),
        ("wildcard", &[0x30, 4, 0, 1, b'#', 0]),
        ("not UTF-8", &[0x30, 4, 0, 1, 0xff, 0]),
        ("unknown property", &[0x30, 6, 0, 1, b'a', 2, 0x7f, 0]),
        ("property out of place", &[0x30, 6, 0, 1, b'a', 2, 0x24, 0]),
        ("property twice", &[0x30, 8, 0, 1, b'a', 4, 1, 0, 1, 0]),
        ("unknown reason", &[0x40, 3, 0, 1, 0x44]),
    ];
    for (name, bytes) in offences {
        let mut scene: Scene = Scene::connected(&[]);
        scene.raw(bytes);
        all += &format!("{name}:\n{}", scene.trace());
        assert!(!scene.client.is_connected(), "{name}");
    }
    expect![[r#"
        AUTH:
        Lost(Protocol(Unexpected(Auth)))
        > Disconnect(Disconnect { reason: 0x82, properties: [] })
        CONNACK again:
        Lost(Protocol(Unexpected(ConnAck)))
        > Disconnect(Disconnect { reason: 0x82, properties: [] })
        a client's packet:
        Lost(Protocol(Unexpected(PingReq)))
        > Disconnect(Disconnect { reason: 0x82, properties: [] })
        reserved type:
        Lost(Protocol(ReservedType(0)))
        > Disconnect(Disconnect { reason: 0x81, properties: [] })
        reserved flags:
        Lost(Protocol(ReservedFlags(PubAck)))
        > Disconnect(Disconnect { reason: 0x81, properties: [] })
        length of five bytes:
        Lost(Protocol(RemainingLength))
        > Disconnect(Disconnect { reason: 0x81, properties: [] })
        packet id 0:
        Lost(Protocol(PacketIdZero))
        > Disconnect(Disconnect { reason: 0x82, properties: [] })
        QoS 3:
        Lost(Protocol(Qos))
        > Disconnect(Disconnect { reason: 0x81, properties: [] })
        wildcard:
        Lost(Protocol(TopicName))
        > Disconnect(Disconnect { reason: 0x81, properties: [] })
        not UTF-8:
        Lost(Protocol(Text))
        > Disconnect(Disconnect { reason: 0x81, properties: [] })
        unknown property:
        Lost(Protocol(UnknownProperty))
        > Disconnect(Disconnect { reason: 0x81, properties: [] })
        property out of place:
        Lost(Protocol(Property(36)))
        > Disconnect(Disconnect { reason: 0x82, properties: [] })
        property twice:
        Lost(Protocol(Property(1)))
        > Disconnect(Disconnect { reason: 0x82, properties: [] })
        unknown reason:
        Lost(Protocol(ReturnCode(68)))
        > Disconnect(Disconnect { reason: 0x82, properties: [] })
    "#]]
    .assert_eq(&all);
}

/// The properties are told without what follows them.
#[test]
fn bytes_behind_the_connack_are_passed_over() {
    let mut scene: Scene = Scene::default();
    scene.client.connect(0, &ConnectOptions::new("me")).unwrap();
    scene.settle();
    scene.trace();
    scene.raw(&[0x20, 7, 0, 0, 3, 0x21, 0, 9, 0xff]);
    expect![[r#"
        Connected { session_present: false, properties: [ReceiveMaximum(9)] }
    "#]]
    .assert_eq(&scene.trace());
}

#[test]
fn before_the_connack_an_offence_just_ends_the_connection() {
    let mut all = String::new();
    let offences: [&[u8]; 6] = [
        &[0x20, 3, 1, 0, 0],                   // session present after a clean start
        &[0x20, 7, 0, 0, 4, 0x12, 0, 1, b'p'], // a name for one that has one
        &[0x20, 3, 0, 1, 0],                   // no such code
        &[0x20, 2, 0, 0],                      // no property length
        &[0xe0, 1, 0x8b],                      // DISCONNECT
        &[0xf0, 0],                            // AUTH
    ];
    for bytes in offences {
        let mut scene: Scene = Scene::default();
        scene.client.connect(0, &ConnectOptions::new("me")).unwrap();
        scene.settle();
        scene.trace();
        scene.raw(bytes);
        all += &scene.trace();
    }
    expect![[r#"
        Lost(Protocol(SessionPresent))
        Lost(Protocol(Property(18)))
        Lost(Protocol(ReturnCode(1)))
        Lost(Protocol(Length(ConnAck)))
        Lost(Protocol(Unexpected(Disconnect)))
        Lost(Protocol(Unexpected(Auth)))
    "#]]
    .assert_eq(&all);
}
