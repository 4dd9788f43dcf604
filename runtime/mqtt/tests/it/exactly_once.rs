//! QoS 2 both ways, over as many connections as it takes.

use expect_test::expect;
use fivewire_mqtt::packet::Packet;
use fivewire_mqtt::{Client, ConnectOptions, QoS};

use crate::script::play;

#[test]
fn a_publish_goes_through_both_steps() {
    let trace = play(
        "connect
         broker connack new
         publish 2 a x
         broker pubcomp 1 // too early: passed over
         broker puback 1 // answers QoS 1 only
         broker pubrec 1
         broker pubcomp 1
         state?",
    );
    expect![[r#"
        connect
            > CONNECT me clean
        broker connack new
            Connected { session_present: false }
        publish 2 a x
            ok id 1
            > PUBLISH a "x" ExactlyOnce id 1
        broker pubcomp 1
        broker puback 1
        broker pubrec 1
            > PubRel(PacketId(1))
        broker pubcomp 1
            Published { packet_id: PacketId(1) }
        state?
            Client { state: Up(Live { sent_ms: 0, heard_ms: 0, ping_ms: None, progress_ms: 0 }), in_flight: 0, unsent: 0, .. }
    "#]].assert_eq(&trace);
}

#[test]
fn a_publish_that_was_not_received_goes_out_again_and_one_that_was_is_released() {
    let trace = play(
        "connect keep-session
         broker connack new
         publish 2 a one
         publish 2 a two
         broker pubrec 1
         closed
         connect keep-session
         broker connack present
         broker pubrec 2
         closed
         connect keep-session
         broker connack present
         broker pubcomp 1
         broker pubcomp 2",
    );
    expect![[r#"
        connect keep-session
            > CONNECT me keep-session
        broker connack new
            Connected { session_present: false }
        publish 2 a one
            ok id 1
            > PUBLISH a "one" ExactlyOnce id 1
        publish 2 a two
            ok id 2
            > PUBLISH a "two" ExactlyOnce id 2
        broker pubrec 1
            > PubRel(PacketId(1))
        closed
        connect keep-session
            > CONNECT me keep-session
        broker connack present
            Connected { session_present: true }
            > PUBLISH a "two" ExactlyOnce dup id 2
            > PubRel(PacketId(1))
        broker pubrec 2
            > PubRel(PacketId(2))
        closed
        connect keep-session
            > CONNECT me keep-session
        broker connack present
            Connected { session_present: true }
            > PubRel(PacketId(1))
            > PubRel(PacketId(2))
        broker pubcomp 1
            Published { packet_id: PacketId(1) }
        broker pubcomp 2
            Published { packet_id: PacketId(2) }
    "#]]
    .assert_eq(&trace);
}

#[test]
fn releases_go_out_in_the_order_of_receipt_behind_nothing_that_waits() {
    let trace = play(
        "connect
         broker connack new
         publish 2 a one
         publish 2 a two
         stall
         publish 1 a three
         broker pubrec 2
         broker pubrec 1
         flow",
    );
    expect![[r#"
        connect
            > CONNECT me clean
        broker connack new
            Connected { session_present: false }
        publish 2 a one
            ok id 1
            > PUBLISH a "one" ExactlyOnce id 1
        publish 2 a two
            ok id 2
            > PUBLISH a "two" ExactlyOnce id 2
        stall
        publish 1 a three
            ok id 3
        broker pubrec 2
        broker pubrec 1
        flow
            > PUBLISH a "three" AtLeastOnce id 3
            > PubRel(PacketId(2))
            > PubRel(PacketId(1))
    "#]]
    .assert_eq(&trace);
}

#[test]
fn a_broker_that_forgot_has_received_what_it_said_it_received() {
    let trace = play(
        "connect keep-session
         broker connack new
         publish 2 a one
         publish 2 a two
         publish 2 a three
         broker pubrec 1
         broker pubrec 3
         closed
         connect keep-session
         broker connack new
         broker pubrec 2
         broker pubcomp 2",
    );
    expect![[r#"
        connect keep-session
            > CONNECT me keep-session
        broker connack new
            Connected { session_present: false }
        publish 2 a one
            ok id 1
            > PUBLISH a "one" ExactlyOnce id 1
        publish 2 a two
            ok id 2
            > PUBLISH a "two" ExactlyOnce id 2
        publish 2 a three
            ok id 3
            > PUBLISH a "three" ExactlyOnce id 3
        broker pubrec 1
            > PubRel(PacketId(1))
        broker pubrec 3
            > PubRel(PacketId(3))
        closed
        connect keep-session
            > CONNECT me keep-session
        broker connack new
            Connected { session_present: false }
            Published { packet_id: PacketId(1) }
            Published { packet_id: PacketId(3) }
            > PUBLISH a "two" ExactlyOnce id 2
        broker pubrec 2
            > PubRel(PacketId(2))
        broker pubcomp 2
            Published { packet_id: PacketId(2) }
    "#]]
    .assert_eq(&trace);
}

#[test]
fn a_message_is_answered_when_the_application_has_it_and_comes_once() {
    let trace = play(
        "connect keep-session
         broker connack new
         broker publish 2 7 a x
         broker publish 2 7 a x dup // not answered yet, not delivered again
         ack 7
         broker publish 2 7 a x dup // answered again, not delivered again
         broker pubrel 7
         broker pubrel 7 // the answer was lost: answered again
         broker publish 2 7 a other",
    );
    expect![[r#"
        connect keep-session
            > CONNECT me keep-session
        broker connack new
            Connected { session_present: false }
        broker publish 2 7 a x
            Message a "x" ExactlyOnce id 7
        broker publish 2 7 a x dup
        ack 7
            ok
            > PubRec(PacketId(7))
        broker publish 2 7 a x dup
            > PubRec(PacketId(7))
        broker pubrel 7
            > PubComp(PacketId(7))
        broker pubrel 7
            > PubComp(PacketId(7))
        broker publish 2 7 a other
            Message a "other" ExactlyOnce id 7
    "#]]
    .assert_eq(&trace);
}

#[test]
fn a_message_that_the_application_has_is_recognised_on_the_next_connection() {
    let trace = play(
        "connect keep-session
         broker connack new
         broker publish 2 7 a x
         broker publish 2 8 a y
         stall
         ack 7
         closed
         flow
         connect keep-session
         broker connack present
         broker publish 2 7 a x dup
         broker publish 2 8 a y dup
         ack 8
         broker pubrel 7
         broker pubrel 8",
    );
    expect![[r#"
        connect keep-session
            > CONNECT me keep-session
        broker connack new
            Connected { session_present: false }
        broker publish 2 7 a x
            Message a "x" ExactlyOnce id 7
        broker publish 2 8 a y
            Message a "y" ExactlyOnce id 8
        stall
        ack 7
            ok
        closed
        flow
        connect keep-session
            > CONNECT me keep-session
        broker connack present
            Connected { session_present: true }
        broker publish 2 7 a x dup
            > PubRec(PacketId(7))
        broker publish 2 8 a y dup
            Message a "y" ExactlyOnce dup id 8
        ack 8
            ok
            > PubRec(PacketId(8))
        broker pubrel 7
            > PubComp(PacketId(7))
        broker pubrel 8
            > PubComp(PacketId(8))
    "#]]
    .assert_eq(&trace);
}

#[test]
fn a_message_taken_after_its_connection_is_recognised_on_the_next() {
    let trace = play(
        "connect keep-session
         broker connack new
         broker publish 2 7 a x
         broker publish 1 8 a y
         closed
         ack 7
         ack 7
         ack 8
         connect keep-session
         broker connack present
         broker publish 2 7 a x dup
         broker pubrel 7",
    );
    expect![[r#"
        connect keep-session
            > CONNECT me keep-session
        broker connack new
            Connected { session_present: false }
        broker publish 2 7 a x
            Message a "x" ExactlyOnce id 7
        broker publish 1 8 a y
            Message a "y" AtLeastOnce id 8
        closed
        ack 7
            ok
        ack 7
            error: no such message waits for its acknowledgement
        ack 8
            error: no such message waits for its acknowledgement
        connect keep-session
            > CONNECT me keep-session
        broker connack present
            Connected { session_present: true }
        broker publish 2 7 a x dup
            > PubRec(PacketId(7))
        broker pubrel 7
            > PubComp(PacketId(7))
    "#]]
    .assert_eq(&trace);
}

#[test]
fn a_broker_without_the_session_uses_the_number_for_another_message() {
    let trace = play(
        "connect keep-session
         broker connack new
         broker publish 2 7 a x
         broker publish 2 8 a x
         ack 7
         closed
         connect keep-session
         broker connack new
         ack 8 // of the session that is gone
         broker publish 2 7 a other
         broker publish 2 8 a other",
    );
    expect![[r#"
        connect keep-session
            > CONNECT me keep-session
        broker connack new
            Connected { session_present: false }
        broker publish 2 7 a x
            Message a "x" ExactlyOnce id 7
        broker publish 2 8 a x
            Message a "x" ExactlyOnce id 8
        ack 7
            ok
            > PubRec(PacketId(7))
        closed
        connect keep-session
            > CONNECT me keep-session
        broker connack new
            Connected { session_present: false }
        ack 8
            error: no such message waits for its acknowledgement
        broker publish 2 7 a other
            Message a "other" ExactlyOnce id 7
        broker publish 2 8 a other
            Message a "other" ExactlyOnce id 8
    "#]]
    .assert_eq(&trace);
}

#[test]
fn answers_come_in_the_order_of_receipt_and_releases_wait_for_no_message() {
    let trace = play(
        "connect
         broker connack new
         broker publish 2 5 a x
         ack 5
         broker publish 1 6 a x
         broker publish 2 7 a y
         ack 7
         broker pubrel 5
         ack 6",
    );
    expect![[r#"
        connect
            > CONNECT me clean
        broker connack new
            Connected { session_present: false }
        broker publish 2 5 a x
            Message a "x" ExactlyOnce id 5
        ack 5
            ok
            > PubRec(PacketId(5))
        broker publish 1 6 a x
            Message a "x" AtLeastOnce id 6
        broker publish 2 7 a y
            Message a "y" ExactlyOnce id 7
        ack 7
            ok
        broker pubrel 5
            > PubComp(PacketId(5))
        ack 6
            ok
            > PubAck(PacketId(6))
            > PubRec(PacketId(7))
    "#]]
    .assert_eq(&trace);
}

#[test]
fn more_unreleased_messages_than_can_be_remembered_end_the_connection() {
    let mut script = String::from("connect keep-session\nbroker connack new\n");
    for id in 1..=23 {
        script += &format!("broker publish 2 {id} a x\nack {id}\n");
    }
    let more = "broker publish 2 24 a x
                connect keep-session
                broker connack present
                broker pubrel 1
                broker publish 2 24 a x dup";
    let trace = play(&(script + more));
    let end = trace.find("broker publish 2 23").unwrap();
    expect![[r#"
        broker publish 2 23 a x
            Message a "x" ExactlyOnce id 23
        ack 23
            ok
            > PubRec(PacketId(23))
        broker publish 2 24 a x
            Lost(TooManyReceived)
        connect keep-session
            > CONNECT me keep-session
        broker connack present
            Connected { session_present: true }
        broker pubrel 1
            > PubComp(PacketId(1))
        broker publish 2 24 a x dup
            Message a "x" ExactlyOnce dup id 24
    "#]]
    .assert_eq(&trace[end..]);
}

#[test]
fn a_message_too_large_goes_through_both_steps_unseen() {
    let trace = play(
        "connect
         broker connack new
         broker publish 2 7 a 100*x
         broker pubrel 7
         broker publish 2 8 70*t x
         broker pubrel 8",
    );
    expect![[r#"
        connect
            > CONNECT me clean
        broker connack new
            Connected { session_present: false }
        broker publish 2 7 a 100*x
            Discarded { topic: Some("a"), size: 107, qos: ExactlyOnce }
            > PubRec(PacketId(7))
        broker pubrel 7
            > PubComp(PacketId(7))
        broker publish 2 8 70*t x
            Discarded { topic: None, size: 77, qos: ExactlyOnce }
            > PubRec(PacketId(8))
        broker pubrel 8
            > PubComp(PacketId(8))
    "#]]
    .assert_eq(&trace);
}

#[test]
fn a_flood_of_releases_waits_for_the_transport() {
    let mut script = String::from("connect\nbroker connack new\nstall\n");
    for id in 1..=30 {
        script += &format!("broker pubrel {id}\n");
    }
    let trace = play(&(script + "flow"));
    let answers = (1..=30).filter(|id| trace.contains(&format!("> PubComp(PacketId({id}))")));
    assert_eq!(answers.count(), 30, "{trace}");
}

/// The packets that wait for the transport, by their first bytes; they are taken.
fn sent(client: &mut Client<256, 4096, 32>) -> Vec<u8> {
    let mut first = Vec::new();
    while let Some((_, len)) = Packet::decode(client.output()).unwrap() {
        first.push(client.output()[0]);
        client.consume_output(len);
    }
    first
}

/// Mosquitto takes twenty that are not released, and ends the connection at one more: again and again, if they all come.
#[test]
fn no_more_publishes_are_under_way_than_brokers_take_that_cannot_say_how_many() {
    let mut client = Client::<256, 4096, 32>::new();
    client.connect(0, &ConnectOptions::new("me")).unwrap();
    sent(&mut client);
    client.handle_input(0, b"\x20\x02\0\0");
    assert!(client.poll_event().is_some());
    for _ in 0..25 {
        client.publish(0, "t", b"x", QoS::ExactlyOnce, false).unwrap();
    }
    assert_eq!(sent(&mut client), [0x34; 20]);
    // Received is not enough: the broker keeps it until it is released.
    client.handle_input(0, b"\x50\x02\0\x01");
    assert!(client.poll_event().is_none());
    assert_eq!(sent(&mut client), [0x62]);
    client.handle_input(0, b"\x70\x02\0\x01");
    assert!(client.poll_event().is_some());
    assert_eq!(sent(&mut client), [0x34]);
}
