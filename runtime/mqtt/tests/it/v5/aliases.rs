//! Topic aliases both ways.

use expect_test::expect;
use fivewire_mqtt::v5::{Alias, ConnectOptions, Property, Publication};
use fivewire_mqtt::{Error, QoS};

use super::scene::{Scene, message};

fn aliased(scene: &mut Scene<2>, topic: &str, alias: u16) -> String {
    let properties = [Property::TopicAlias(alias)];
    scene.broker(&message(topic, QoS::AtMostOnce, 0, &properties));
    scene.trace()
}

#[test]
fn the_second_publish_of_a_topic_leaves_its_name_out() {
    let mut scene = Scene::<2>::connected(&[Property::TopicAliasMaximum(9)]);
    for topic in ["a", "a", "b", "too/long/for/the/table", "c", "b"] {
        scene
            .publish(&Publication::new(topic, b"", QoS::AtMostOnce))
            .unwrap();
    }
    // These may have to go out again where no alias is known.
    scene
        .publish(&Publication::new("a", b"", QoS::AtLeastOnce))
        .unwrap();
    let never = Publication {
        alias: Alias::Never,
        ..Publication::new("a", b"", QoS::AtMostOnce)
    };
    scene.publish(&never).unwrap();
    expect![[r#"
        > PUBLISH "a" [TopicAlias(1)]
        > PUBLISH "" [TopicAlias(1)]
        > PUBLISH "b" [TopicAlias(2)]
        > PUBLISH "too/long/for/the/table" []
        > PUBLISH "c" []
        > PUBLISH "" [TopicAlias(2)]
        > PUBLISH "a" id 1 []
        > PUBLISH "a" []
    "#]]
    .assert_eq(&scene.trace());
}

#[test]
fn each_connection_begins_without_aliases() {
    let mut scene = Scene::<2>::connected(&[Property::TopicAliasMaximum(1)]);
    let publication = Publication::new("a", b"", QoS::AtMostOnce);
    scene.publish(&publication).unwrap();
    scene.connect(
        &ConnectOptions::new("me"),
        false,
        &[Property::TopicAliasMaximum(1)],
    );
    scene.publish(&publication).unwrap();
    scene.connect(&ConnectOptions::new("me"), false, &[]);
    scene.publish(&publication).unwrap();
    expect![[r#"
        > PUBLISH "a" [TopicAlias(1)]
        > Connect(Connect { client_id: "me", user: None, password: None, clean_start: true, keep_alive_s: 60, properties: [ReceiveMaximum(4), MaximumPacketSize(128), TopicAliasMaximum(2)], will: None, will_properties: [] })
        Connected { session_present: false, properties: [TopicAliasMaximum(1)] }
        > PUBLISH "a" [TopicAlias(1)]
        > Connect(Connect { client_id: "me", user: None, password: None, clean_start: true, keep_alive_s: 60, properties: [ReceiveMaximum(4), MaximumPacketSize(128), TopicAliasMaximum(2)], will: None, will_properties: [] })
        Connected { session_present: false, properties: [] }
        > PUBLISH "a" []
    "#]].assert_eq(&scene.trace());
}

#[test]
fn an_alias_that_does_not_fit_is_not_given_out() {
    let mut scene = Scene::<2>::connected(&[Property::TopicAliasMaximum(2)]);
    scene
        .publish(&Publication::new("t", &[0; 150], QoS::AtLeastOnce))
        .unwrap();
    let full = scene.publish(&Publication::new("a", &[0; 20], QoS::AtMostOnce));
    assert_eq!(full, Err(Error::NoRoom));
    scene
        .publish(&Publication::new("a", b"", QoS::AtMostOnce))
        .unwrap();
    let trace = scene.trace();
    let last = trace.lines().last().unwrap();
    assert_eq!(
        last, "> PUBLISH \"a\" [TopicAlias(1)]",
        "the broker has to learn it still"
    );
}

#[test]
fn the_brokers_aliases_stand_for_their_latest_topic() {
    let mut scene = Scene::<2>::connected(&[]);
    let mut trace = aliased(&mut scene, "a/b", 1);
    trace += &aliased(&mut scene, "", 1);
    trace += &aliased(&mut scene, "c", 1);
    trace += &aliased(&mut scene, "", 1);
    expect![[r#"
        Message a/b [TopicAlias(1)]
        Message a/b [TopicAlias(1)]
        Message c [TopicAlias(1)]
        Message c [TopicAlias(1)]
    "#]]
    .assert_eq(&trace);
}

#[test]
fn an_alias_that_stands_for_nothing_ends_the_connection() {
    let mut all = String::new();
    for (topic, alias) in [("", 1), ("a", 3)] {
        all += &aliased(&mut Scene::<2>::connected(&[]), topic, alias);
    }
    let mut scene = Scene::<2>::connected(&[]);
    all += &aliased(&mut scene, "too/long/for/the/table", 1);
    all += &aliased(&mut scene, "", 1);
    // Neither topic nor alias.
    let mut scene = Scene::<2>::connected(&[]);
    scene.raw(&[0x30, 4, 0, 0, 0, b'x']);
    all += &scene.trace();
    // This client allows none.
    let mut scene: Scene = Scene::connected(&[]);
    scene.broker(&message("a", QoS::AtMostOnce, 0, &[Property::TopicAlias(1)]));
    all += &scene.trace();
    expect![[r#"
        Lost(Protocol(TopicAlias))
        > Disconnect(Disconnect { reason: 0x94, properties: [] })
        Lost(Protocol(TopicAlias))
        > Disconnect(Disconnect { reason: 0x94, properties: [] })
        Message too/long/for/the/table [TopicAlias(1)]
        Lost(Protocol(TopicAlias))
        > Disconnect(Disconnect { reason: 0x94, properties: [] })
        Lost(Protocol(NoTopic))
        > Disconnect(Disconnect { reason: 0x82, properties: [] })
        Lost(Protocol(TopicAlias))
        > Disconnect(Disconnect { reason: 0x94, properties: [] })
    "#]]
    .assert_eq(&all);
}

#[test]
fn an_alias_of_the_callers_own_is_asked_for() {
    let mut scene = Scene::<2>::connected(&[]);
    let properties = [Property::TopicAlias(7)];
    let unasked = Publication {
        properties: &properties,
        ..Publication::new("a", b"", QoS::AtLeastOnce)
    };
    assert_eq!(scene.publish(&unasked), Err(Error::BadProperty));
    let manual = Publication {
        alias: Alias::Manual,
        ..unasked
    };
    scene.publish(&manual).unwrap();
    assert_eq!(scene.trace(), "> PUBLISH \"a\" id 1 [TopicAlias(7)]\n");
}
