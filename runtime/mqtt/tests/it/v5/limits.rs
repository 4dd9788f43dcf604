//! What the ends told each other that they take.

use expect_test::expect;
use fivewire_mqtt::packet::PacketType;
use fivewire_mqtt::v5::packet::Packet;
use fivewire_mqtt::v5::{ConnectOptions, Property, Publication, ReasonCode, Subscription};
use fivewire_mqtt::{Error, QoS};

use super::scene::{Scene, ack, filter_ack, message};

fn once(payload: &[u8]) -> Publication<'_> {
    Publication::new("t", payload, QoS::AtLeastOnce)
}

#[test]
fn publishes_beyond_the_brokers_receive_maximum_wait_and_nothing_else_does() {
    let mut scene: Scene = Scene::connected(&[Property::ReceiveMaximum(2)]);
    scene.publish(&once(b"1")).unwrap();
    scene
        .publish(&Publication::new("t", b"2", QoS::ExactlyOnce))
        .unwrap();
    scene.publish(&once(b"3")).unwrap();
    scene
        .publish(&Publication::new("t", b"0", QoS::AtMostOnce))
        .unwrap();
    scene
        .client
        .subscribe(0, &Subscription::new("a", QoS::AtMostOnce))
        .unwrap();
    scene.settle();
    scene.broker(&Packet::SubAck(filter_ack(4, 0)));
    scene.broker(&ack(PacketType::PubRec, 2, 0));
    scene.publish(&once(b"4")).unwrap();
    scene.broker(&ack(PacketType::PubComp, 2, 0));
    scene.broker(&ack(PacketType::PubAck, 1, 0));
    expect![[r#"
        > PUBLISH "t" id 1 []
        > PUBLISH "t" id 2 []
        > PUBLISH "t" []
        > Subscribe(Subscribe { packet_id: PacketId(4), properties: [], filter: "a", options: SubscriptionOptions { qos: AtMostOnce, no_local: false, retain_as_published: false, retain_handling: Send } })
        Subscribed { packet_id: PacketId(4), reason: 0x00, properties: [] }
        > PUBREL 2 0x00 []
        Published { packet_id: PacketId(2), reason: 0x00, properties: [] }
        > PUBLISH "t" id 3 []
        Published { packet_id: PacketId(1), reason: 0x00, properties: [] }
        > PUBLISH "t" id 5 []
    "#]].assert_eq(&scene.trace());
}

#[test]
fn a_refused_qos_2_publish_makes_room_for_the_next() {
    let mut scene: Scene = Scene::connected(&[Property::ReceiveMaximum(1)]);
    for payload in [b"1", b"2"] {
        let publication = Publication::new("t", payload, QoS::ExactlyOnce);
        scene.publish(&publication).unwrap();
    }
    scene.broker(&ack(PacketType::PubRec, 1, 0x97));
    expect![[r#"
        > PUBLISH "t" id 1 []
        Published { packet_id: PacketId(1), reason: 0x97, properties: [] }
        > PUBLISH "t" id 2 []
    "#]]
    .assert_eq(&scene.trace());
}

#[test]
fn the_next_connection_has_its_own_receive_maximum() {
    let mut scene: Scene = Scene::connected(&[]);
    for payload in [b"1", b"2", b"3"] {
        scene.publish(&once(payload)).unwrap();
    }
    scene
        .client
        .subscribe(0, &Subscription::new("a", QoS::AtMostOnce))
        .unwrap();
    scene.settle();
    scene.trace();
    let options = ConnectOptions {
        session_expiry_s: 60,
        ..ConnectOptions::new("me")
    };
    scene.connect(&options, false, &[Property::ReceiveMaximum(1)]);
    scene.broker(&ack(PacketType::PubAck, 1, 0));
    scene.broker(&ack(PacketType::PubAck, 2, 0));
    expect![[r#"
        > Connect(Connect { client_id: "me", user: None, password: None, clean_start: true, keep_alive_s: 60, properties: [SessionExpiryInterval(60), ReceiveMaximum(4), MaximumPacketSize(128)], will: None, will_properties: [] })
        Connected { session_present: false, properties: [ReceiveMaximum(1)] }
        > PUBLISH "t" id 1 []
        > Subscribe(Subscribe { packet_id: PacketId(4), properties: [], filter: "a", options: SubscriptionOptions { qos: AtMostOnce, no_local: false, retain_as_published: false, retain_handling: Send } })
        Published { packet_id: PacketId(1), reason: 0x00, properties: [] }
        > PUBLISH "t" id 2 []
        Published { packet_id: PacketId(2), reason: 0x00, properties: [] }
        > PUBLISH "t" id 3 []
    "#]].assert_eq(&scene.trace());
}

#[test]
fn a_broker_that_sends_more_than_the_receive_maximum_is_made_to_wait_where_that_is_tolerated() {
    let mut scene: Scene = Scene::default();
    let options = ConnectOptions {
        tolerate_excess: true,
        ..ConnectOptions::new("me")
    };
    scene.connect(&options, false, &[]);
    for number in 1..=4 {
        scene.broker(&message("t", QoS::AtLeastOnce, number, &[]));
    }
    scene.trace();
    scene.broker(&message("u", QoS::AtLeastOnce, 5, &[]));
    expect![""].assert_eq(&scene.trace());
    scene.acknowledge(0);
    scene.settle();
    expect![[r#"
        Message u []
        > PUBACK 1 0x00 []
    "#]]
    .assert_eq(&scene.trace());
}

#[test]
fn a_broker_that_sends_more_than_the_receive_maximum_is_told_so() {
    let mut scene: Scene = Scene::connected(&[]);
    for number in 1..=4 {
        scene.broker(&message("t", QoS::ExactlyOnce, number, &[]));
    }
    scene.acknowledge(0);
    scene.trace();
    // Received and not released: it still counts.
    scene.broker(&message("t", QoS::AtLeastOnce, 5, &[]));
    expect![[r#"
        Lost(Protocol(ReceiveMaximum))
        > Disconnect(Disconnect { reason: 0x93, properties: [] })
    "#]]
    .assert_eq(&scene.trace());
    let mut scene: Scene = Scene::connected(&[]);
    for number in 1..=4 {
        scene.broker(&message("t", QoS::ExactlyOnce, number, &[]));
    }
    scene.acknowledge(0);
    scene.broker(&ack(PacketType::PubRel, 1, 0));
    scene.trace();
    scene.broker(&message("t", QoS::AtLeastOnce, 5, &[]));
    expect![[r#"
        Message t []
    "#]]
    .assert_eq(&scene.trace());
}

#[test]
fn what_the_broker_said_it_does_not_take_is_refused_here() {
    let mut scene: Scene = Scene::connected(&[
        Property::MaximumQos(true),
        Property::RetainAvailable(false),
        Property::MaximumPacketSize(40),
        Property::WildcardSubscriptionAvailable(false),
        Property::SubscriptionIdentifierAvailable(false),
        Property::SharedSubscriptionAvailable(false),
    ]);
    let refused = |reason| Err(Error::UnsupportedByBroker(reason));
    let twice = Publication::new("t", b"", QoS::ExactlyOnce);
    assert_eq!(scene.publish(&twice), Err(Error::UnsupportedQos));
    let retained = Publication {
        retain: true,
        ..once(b"")
    };
    assert_eq!(
        scene.publish(&retained),
        refused(ReasonCode::RETAIN_NOT_SUPPORTED)
    );
    assert_eq!(
        scene.publish(&once(&[b'x'; 40])),
        refused(ReasonCode::PACKET_TOO_LARGE)
    );
    let large = Publication::new("t", &[b'x'; 40], QoS::AtMostOnce);
    assert_eq!(scene.publish(&large), refused(ReasonCode::PACKET_TOO_LARGE));
    let identifier = [Property::SubscriptionIdentifier(7)];
    let refusals = [
        (
            Subscription::new("a/+", QoS::AtMostOnce),
            ReasonCode::WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED,
        ),
        (
            Subscription::new("$share/us/a", QoS::AtMostOnce),
            ReasonCode::SHARED_SUBSCRIPTIONS_NOT_SUPPORTED,
        ),
        (
            Subscription {
                properties: &identifier,
                ..Subscription::new("a", QoS::AtMostOnce)
            },
            ReasonCode::SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED,
        ),
        (
            Subscription::new("0123456789012345678901234567890123456789", QoS::AtMostOnce),
            ReasonCode::PACKET_TOO_LARGE,
        ),
    ];
    for (subscription, reason) in refusals {
        let result = scene.client.subscribe(0, &subscription);
        assert_eq!(
            result,
            Err(Error::UnsupportedByBroker(reason)),
            "{subscription:?}"
        );
    }
    let long = [Property::UserProperty("name", "01234567890123456789012345678901")];
    let too_large = Err(Error::UnsupportedByBroker(ReasonCode::PACKET_TOO_LARGE));
    assert_eq!(scene.client.unsubscribe(0, "a", &long).map(drop), too_large);
    assert_eq!(scene.client.disconnect(ReasonCode::SUCCESS, &long), too_large);
    assert_eq!(scene.trace(), "", "nothing of it went out");
}

#[test]
fn what_was_accepted_before_ends_in_an_event_when_the_broker_does_not_take_it() {
    let mut scene: Scene = Scene::default();
    scene
        .publish(&Publication::new("t", b"", QoS::ExactlyOnce))
        .unwrap();
    scene.publish(&once(&[b'x'; 40])).unwrap();
    scene
        .client
        .subscribe(0, &Subscription::new("a/#", QoS::AtMostOnce))
        .unwrap();
    scene.publish(&once(b"fits")).unwrap();
    let connack = [
        Property::MaximumQos(true),
        Property::MaximumPacketSize(40),
        Property::WildcardSubscriptionAvailable(false),
    ];
    scene.connect(&ConnectOptions::new("me"), false, &connack);
    expect![[r#"
        > Connect(Connect { client_id: "me", user: None, password: None, clean_start: true, keep_alive_s: 60, properties: [ReceiveMaximum(4), MaximumPacketSize(128)], will: None, will_properties: [] })
        Connected { session_present: false, properties: [MaximumQos(true), MaximumPacketSize(40), WildcardSubscriptionAvailable(false)] }
        Published { packet_id: PacketId(1), reason: 0x9b, properties: [] }
        Published { packet_id: PacketId(2), reason: 0x95, properties: [] }
        Subscribed { packet_id: PacketId(3), reason: 0xa2, properties: [] }
        > PUBLISH "t" id 4 []
    "#]].assert_eq(&scene.trace());
}

#[test]
fn the_brokers_keep_alive_rules() {
    let mut scene: Scene = Scene::connected(&[Property::ServerKeepAlive(8)]);
    assert_eq!(scene.client.poll_timeout(), Some(2_000), "a quarter of it");
    scene.client.handle_timeout(2_000);
    scene.settle();
    assert_eq!(scene.trace(), "> PingReq\n");
    let mut scene: Scene = Scene::connected(&[Property::ServerKeepAlive(0)]);
    assert_eq!(scene.client.poll_timeout(), None);
    scene.client.handle_timeout(1_000_000);
    scene.settle();
    assert_eq!(scene.trace(), "");
}

#[test]
fn a_packet_larger_than_was_allowed_ends_the_connection() {
    let mut scene: Scene = Scene::connected(&[]);
    let long = [Property::UserProperty("k", "v"); 30];
    scene.broker(&message("t", QoS::AtLeastOnce, 1, &long));
    expect![[r#"
        Lost(Protocol(TooLarge))
        > Disconnect(Disconnect { reason: 0x95, properties: [] })
    "#]]
    .assert_eq(&scene.trace());
    let mut scene: Scene = Scene::default();
    let options = ConnectOptions {
        limit_packet_size: false,
        ..ConnectOptions::new("me")
    };
    scene.connect(&options, false, &[]);
    scene.broker(&message("t", QoS::AtLeastOnce, 1, &long));
    expect![[r#"
        > Connect(Connect { client_id: "me", user: None, password: None, clean_start: true, keep_alive_s: 60, properties: [ReceiveMaximum(4)], will: None, will_properties: [] })
        Connected { session_present: false, properties: [] }
        Discarded { topic: Some("t"), size: 221, qos: AtLeastOnce }
        > PUBACK 1 0x00 []
    "#]].assert_eq(&scene.trace());
}
