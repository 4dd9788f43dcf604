//! What the client sends for its caller, and what it does not send.

use expect_test::expect;
use fivewire_mqtt::packet::PacketType;
use fivewire_mqtt::v5::packet::Packet;
use fivewire_mqtt::v5::{
    ConnectOptions, Property, Publication, RetainHandling, Secret, Subscription, SubscriptionOptions,
};
use fivewire_mqtt::{Client, Error, QoS, Session, Will};

use super::scene::{Scene, Small, ack, filter_ack};

#[test]
fn connect_says_what_was_chosen_and_what_this_client_can() {
    let mut scene = Scene::<2>::default();
    let properties = [
        Property::RequestProblemInformation(false),
        Property::RequestResponseInformation(true),
        Property::UserProperty("a", "b"),
    ];
    let will_properties = [Property::WillDelayInterval(5), Property::ContentType("text")];
    let mut options = ConnectOptions {
        session_expiry_s: u32::MAX,
        receive_maximum: 3,
        properties: &properties,
        will_properties: &will_properties,
        ..ConnectOptions::new("")
    };
    options.common.will = Some(Will {
        topic: "gone",
        payload: b"!",
        qos: QoS::ExactlyOnce,
        retain: true,
    });
    // Unlike in 3.1.1 a password may stand alone, and an empty client id with any session.
    options.common.password = Some(b"secret");
    options.common.clean_session = false;
    let connack = [
        Property::AssignedClientIdentifier("you"),
        Property::SessionExpiryInterval(10),
        Property::ResponseInformation("r/"),
    ];
    scene.connect(&options, true, &connack);
    let trace = scene.trace();
    assert!(!trace.contains("secret"));
    expect![[r#"
        > Connect(Connect { client_id: "", user: None, password: Some(<redacted>), clean_start: false, keep_alive_s: 60, properties: [SessionExpiryInterval(4294967295), ReceiveMaximum(3), MaximumPacketSize(128), TopicAliasMaximum(2), RequestProblemInformation(false), RequestResponseInformation(true), UserProperty("a", "b")], will: Some(Will { topic: "gone", payload: [33], qos: ExactlyOnce, retain: true }), will_properties: [WillDelayInterval(5), ContentType("text")] })
        Connected { session_present: true, properties: [AssignedClientIdentifier("you"), SessionExpiryInterval(10), ResponseInformation("r/")] }
    "#]].assert_eq(&trace);
}

#[test]
fn subscriptions_say_all_that_they_can() {
    let mut scene: Scene = Scene::connected(&[]);
    let properties = [
        Property::SubscriptionIdentifier(268_435_455),
        Property::UserProperty("a", "b"),
    ];
    let subscription = Subscription {
        filter: "$share/us/a/+",
        options: SubscriptionOptions {
            qos: QoS::ExactlyOnce,
            no_local: false,
            retain_as_published: true,
            retain_handling: RetainHandling::DoNotSend,
        },
        properties: &properties,
    };
    scene.client.subscribe(0, &subscription).unwrap();
    scene
        .client
        .unsubscribe(0, "$share/us/a/+", &properties[1..])
        .unwrap();
    scene.settle();
    scene.broker(&Packet::SubAck(filter_ack(1, 0x87)));
    scene.broker(&Packet::UnsubAck(filter_ack(2, 0x11)));
    scene.broker(&Packet::UnsubAck(filter_ack(2, 0)));
    expect![[r#"
        > Subscribe(Subscribe { packet_id: PacketId(1), properties: [SubscriptionIdentifier(268435455), UserProperty("a", "b")], filter: "$share/us/a/+", options: SubscriptionOptions { qos: ExactlyOnce, no_local: false, retain_as_published: true, retain_handling: DoNotSend } })
        > Unsubscribe(Unsubscribe { packet_id: PacketId(2), properties: [UserProperty("a", "b")], filter: "$share/us/a/+" })
        Subscribed { packet_id: PacketId(1), reason: 0x87, properties: [] }
        Unsubscribed { packet_id: PacketId(2), reason: 0x11, properties: [] }
    "#]].assert_eq(&scene.trace());
}

#[test]
fn what_cannot_be_is_refused_at_once() {
    let mut scene: Scene = Scene::connected(&[]);
    let no_local = SubscriptionOptions {
        no_local: true,
        ..SubscriptionOptions::default()
    };
    for filter in [
        "",
        "a#",
        "$share/us",
        "$share//a",
        "$share/u+/a",
        "$share/us/",
        "$share/us/a#",
    ] {
        let result = scene
            .client
            .subscribe(0, &Subscription::new(filter, QoS::AtMostOnce));
        assert_eq!(result, Err(Error::BadFilter), "{filter}");
    }
    let shared = Subscription {
        options: no_local,
        ..Subscription::new("$share/us/a", QoS::AtMostOnce)
    };
    assert_eq!(scene.client.subscribe(0, &shared), Err(Error::BadFilter));
    let bad: [&[Property<'_>]; 9] = [
        &[Property::SubscriptionIdentifier(1)],
        &[Property::ReasonString("x")],
        &[Property::ContentType("a"), Property::ContentType("b")],
        &[Property::ResponseTopic("a/#")],
        &[Property::ResponseTopic("")],
        &[Property::UserProperty("a\0", "b")],
        &[Property::ContentType("\u{7}")],
        &[Property::AuthenticationData(Secret(b"x"))],
        &[Property::TopicAlias(0)],
    ];
    for properties in bad {
        let publication = Publication {
            properties,
            ..Publication::new("t", b"", QoS::AtLeastOnce)
        };
        assert_eq!(
            scene.publish(&publication),
            Err(Error::BadProperty),
            "{properties:?}"
        );
        let options = ConnectOptions {
            properties,
            ..ConnectOptions::new("me")
        };
        let refused = Small::<0>::default().connect(0, &options);
        assert_eq!(refused, Err(Error::BadProperty), "{properties:?}");
    }
    let zero = [Property::SubscriptionIdentifier(0)];
    let subscription = Subscription {
        properties: &zero,
        ..Subscription::new("a", QoS::AtMostOnce)
    };
    assert_eq!(scene.client.subscribe(0, &subscription), Err(Error::BadProperty));
    assert_eq!(scene.trace(), "");
}

#[test]
fn unanswered_publishes_go_out_again_with_their_properties() {
    let mut scene: Scene = Scene::connected(&[]);
    let properties = [Property::MessageExpiryInterval(60)];
    for qos in [QoS::AtLeastOnce, QoS::ExactlyOnce, QoS::ExactlyOnce] {
        let publication = Publication {
            properties: &properties,
            ..Publication::new("t", b"x", qos)
        };
        scene.publish(&publication).unwrap();
    }
    scene.broker(&ack(PacketType::PubRec, 2, 0));
    scene.trace();
    let mut options = ConnectOptions::new("me");
    options.common.clean_session = false;
    scene.connect(&options, true, &[]);
    expect![[r#"
        > Connect(Connect { client_id: "me", user: None, password: None, clean_start: false, keep_alive_s: 60, properties: [ReceiveMaximum(4), MaximumPacketSize(128)], will: None, will_properties: [] })
        Connected { session_present: true, properties: [] }
        > PUBLISH "t" id 1 dup [MessageExpiryInterval(60)]
        > PUBLISH "t" id 3 dup [MessageExpiryInterval(60)]
        > PUBREL 2 0x00 []
    "#]].assert_eq(&scene.trace());
}

#[test]
fn a_session_speaks_one_version_as_long_as_it_has_requests() {
    let mut old = Client::<128, 192, 4>::new();
    old.publish(0, "t", b"x", QoS::AtLeastOnce, false).unwrap();
    let mut saved = vec![0; old.session().saved_len()];
    old.session().save(&mut saved).unwrap();
    let mut scene: Scene = Scene::default();
    scene.client.set_session(Session::restore(&saved).unwrap());
    let options = ConnectOptions::new("me");
    assert_eq!(scene.client.connect(0, &options), Err(Error::OtherVersion));
    let publication = Publication::new("t", b"", QoS::AtLeastOnce);
    assert_eq!(scene.publish(&publication), Err(Error::OtherVersion));
    scene.client.forget_session();
    assert_eq!(scene.client.connect(0, &options), Ok(()));
}
