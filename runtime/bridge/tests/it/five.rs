//! MQTT 5.0: the version is the configuration's, and reasons and properties come through.

use expect_test::{Expect, expect};

use crate::check;
use crate::script::World;

/// Runs a script from a bridge that is connected over MQTT 5.0, and compares the trace.
fn check_five(script: &str, expected: Expect) {
    let mut world = World::new();
    world.run(
        "host configure use_default_net=false mqtt_version=v5_0 inbox=20/2048
         host join yes
         wifi joined
         tcp open
         broker raw 2006000003210014 // receive maximum 20",
    );
    assert!(world.bridge.broker_up());
    expected.assert_eq(&world.run(script));
}

#[test]
fn properties_go_both_ways() {
    check_five(
        "host publish a 1 qos1 properties=0x0300017a
         broker raw 4003000110 // no subscriber
         host unsubscribe b properties=0x26000161000162
         broker raw 3009000162040300017a31",
        expect![[r#"
            host publish a 1 qos1 properties=0x0300017a #2
                broker < Publish(Publish { dup: false, qos: AtLeastOnce, retain: false, topic: "a", packet_id: Some(PacketId(1)), properties: [ContentType("z")], payload: [49] })
            broker raw 4003000110
                host < #2 publish delivered none
            host unsubscribe b properties=0x26000161000162 #3
                broker < Unsubscribe(Unsubscribe { packet_id: PacketId(2), properties: [UserProperty("a", "b")], filter: "b" })
            broker raw 3009000162040300017a31
                host < message @7 b 1 qos0 properties=\x03\x00\x01z
        "#]],
    );
}

#[test]
fn a_refusal_is_a_receipt_and_a_subscription_that_is_refused_an_answer() {
    check_five(
        "host publish a 1 qos1
         broker raw 4003000197 // quota exceeded
         host publish a 2 qos2
         broker raw 5003000287 // not authorized
         host subscribe b qos1
         broker raw 90040003009e // no shared subscriptions",
        expect![[r#"
            host publish a 1 qos1 #2
                broker < Publish(Publish { dup: false, qos: AtLeastOnce, retain: false, topic: "a", packet_id: Some(PacketId(1)), properties: [], payload: [49] })
            broker raw 4003000197
                host < #2 publish rejected refused_by_broker
                host < log warn the broker refused a publication: quota exceeded
            host publish a 2 qos2 #3
                broker < Publish(Publish { dup: false, qos: ExactlyOnce, retain: false, topic: "a", packet_id: Some(PacketId(2)), properties: [], payload: [50] })
            broker raw 5003000287
                host < #3 publish rejected refused_by_broker
                host < log warn the broker refused a publication: not authorized
            host subscribe b qos1 #4
                broker < Subscribe(Subscribe { packet_id: PacketId(3), properties: [], filter: "b", options: SubscriptionOptions { qos: AtLeastOnce, no_local: false, retain_as_published: false, retain_handling: Send } })
            broker raw 90040003009e
                host < #4 subscribe qos0 refused_by_broker
                host < status subscribe_refused
        "#]],
    );
}

#[test]
fn the_brokers_goodbye_is_told_and_a_taken_name_is_not_fought_for() {
    check_five(
        "broker raw e0028b00 // shutting down
         wait 1000
         tcp open
         broker raw 2003000000
         broker raw e0028e00 // taken over
         wait 5000",
        expect![[r#"
            broker raw e0028b00
                board: tcp_close
                board: broker led off
                host < status broker_down
            wait 1000
                board: tcp_open 10.0.0.2:1883
                host < status broker_check
            tcp open
            broker raw 2003000000
                broker < Connect(Connect { client_id: "c0ffee", user: None, password: None, clean_start: true, keep_alive_s: 60, properties: [ReceiveMaximum(20)], will: None, will_properties: [] })
                board: broker led on
                host < status broker_ok
            broker raw e0028e00
                board: tcp_close
                board: broker led off
                host < status broker_refused 142
                host < log warn the broker refused: session taken over
            wait 5000
        "#]],
    );
}

#[test]
fn another_version_begins_with_a_new_session() {
    check_five(
        "host publish a 1 qos1
         host configure use_default_net=false mqtt_version=v3_1_1
         wait 1
         tcp open
         broker connack 0",
        expect![[r#"
            host publish a 1 qos1 #2
                broker < Publish(Publish { dup: false, qos: AtLeastOnce, retain: false, topic: "a", packet_id: Some(PacketId(1)), properties: [], payload: [49] })
            host configure use_default_net=false mqtt_version=v3_1_1 #3
                broker < Disconnect(Disconnect { reason: 0x00, properties: [] })
                board: tcp_close
                board: broker led off
                board: tcp_open 10.0.0.2:1883
                host < #3 configure 20 messages, 6240 bytes, reset_wire, none
                host < status broker_down
                host < status broker_check
            wait 1
            tcp open
            broker connack 0
                broker < CONNECT c0ffee keep_alive=60 clean
                board: broker led on
                host < #2 publish rejected not_connected
                host < status broker_ok
                host < status running
        "#]],
    );
}

#[test]
fn properties_take_their_share_of_the_hosts_room() {
    check(
        "host configure use_default_net=false mqtt_version=v5_0 inbox=20/64
         host join yes
         wifi joined
         tcp open
         broker raw 2006000003210014
         broker raw 303a0001622d09002a787878787878787878787878787878787878787878787878787878787878787878787878787878787878313131313131313131
         broker raw 301000016200323232323232323232323232
         host accept 6",
        expect![[r#"
            host configure use_default_net=false mqtt_version=v5_0 inbox=20/64 #0
                board: leave
                host < #0 configure 32 messages, 6240 bytes, reset_wire, none
                host < status specified_network
            host join yes #1
                board: join home with 10 characters
            wifi joined
                board: tcp_open 10.0.0.2:1883
                host < status wifi_up
                host < status broker_check
            tcp open
            broker raw 2006000003210014
                broker < Connect(Connect { client_id: "c0ffee", user: None, password: None, clean_start: true, keep_alive_s: 60, properties: [ReceiveMaximum(20)], will: None, will_properties: [] })
                board: broker led on
                host < status broker_ok
                host < status running
            broker raw 303a0001622d09002a787878787878787878787878787878787878787878787878787878787878787878787878787878787878313131313131313131
                host < message @6 b 111111111 qos0 properties=\t\x00*xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
            broker raw 301000016200323232323232323232323232
            host accept 6 #2
                host < message @7 b 222222222222 qos0
        "#]],
    );
}
