//! Incoming messages: delivery, deferred acknowledgement, backpressure, messages too large.

use expect_test::expect;

use crate::script::play;

#[test]
fn messages_come_with_all_their_flags() {
    let trace = play(
        "connect
         broker connack new
         broker publish 0 0 a hello
         broker publish 0 0 a - retain
         broker publish 1 7 a/b once
         ack 7
         ack 7
         broker publish 1 7 a/b again dup",
    );
    expect![[r#"
        connect
            > CONNECT me clean
        broker connack new
            Connected { session_present: false }
        broker publish 0 0 a hello
            Message a "hello" AtMostOnce
        broker publish 0 0 a - retain
            Message a "" AtMostOnce retained
        broker publish 1 7 a/b once
            Message a/b "once" AtLeastOnce id 7
        ack 7
            ok
            > PubAck(PacketId(7))
        ack 7
            error: no such message waits for its acknowledgement
        broker publish 1 7 a/b again dup
            Message a/b "again" AtLeastOnce dup id 7
    "#]]
    .assert_eq(&trace);
}

#[test]
fn acknowledged_late_and_in_the_order_of_receipt() {
    let trace = play(
        "connect
         broker connack new
         broker publish 1 5 a x
         broker publish 1 3 a y
         broker publish 1 9 a z
         ack 9
         ack 3
         ack 5",
    );
    expect![[r#"
        connect
            > CONNECT me clean
        broker connack new
            Connected { session_present: false }
        broker publish 1 5 a x
            Message a "x" AtLeastOnce id 5
        broker publish 1 3 a y
            Message a "y" AtLeastOnce id 3
        broker publish 1 9 a z
            Message a "z" AtLeastOnce id 9
        ack 9
            ok
        ack 3
            ok
        ack 5
            ok
            > PubAck(PacketId(5))
            > PubAck(PacketId(3))
            > PubAck(PacketId(9))
    "#]]
    .assert_eq(&trace);
}

#[test]
fn a_fourth_unacknowledged_message_waits_for_the_first() {
    let trace = play(
        "connect
         broker connack new
         broker publish 1 1 a x
         broker publish 1 2 a x
         broker publish 1 3 a x
         broker publish 1 4 a waits
         broker pingresp          // behind it
         broker publish 0 0 a waits
         ack 2
         ack 1",
    );
    expect![[r#"
        connect
            > CONNECT me clean
        broker connack new
            Connected { session_present: false }
        broker publish 1 1 a x
            Message a "x" AtLeastOnce id 1
        broker publish 1 2 a x
            Message a "x" AtLeastOnce id 2
        broker publish 1 3 a x
            Message a "x" AtLeastOnce id 3
        broker publish 1 4 a waits
        broker pingresp
        broker publish 0 0 a waits
        ack 2
            ok
        ack 1
            ok
            Message a "waits" AtLeastOnce id 4
            Message a "waits" AtMostOnce
            > PubAck(PacketId(1))
            > PubAck(PacketId(2))
    "#]]
    .assert_eq(&trace);
}

#[test]
fn an_acknowledgement_belongs_to_its_connection() {
    let trace = play(
        "connect keep-session
         broker connack new
         broker publish 1 5 a x
         closed
         connect keep-session
         broker connack present
         ack 5
         broker publish 1 5 a x dup
         ack 5",
    );
    expect![[r#"
        connect keep-session
            > CONNECT me keep-session
        broker connack new
            Connected { session_present: false }
        broker publish 1 5 a x
            Message a "x" AtLeastOnce id 5
        closed
        connect keep-session
            > CONNECT me keep-session
        broker connack present
            Connected { session_present: true }
        ack 5
            error: no such message waits for its acknowledgement
        broker publish 1 5 a x dup
            Message a "x" AtLeastOnce dup id 5
        ack 5
            ok
            > PubAck(PacketId(5))
    "#]]
    .assert_eq(&trace);
}

#[test]
fn a_repetition_on_a_live_connection_is_acknowledged_once() {
    let trace = play(
        "connect
         broker connack new
         broker publish 1 5 a x
         broker publish 1 5 a x dup
         ack 5
         ack 5",
    );
    expect![[r#"
        connect
            > CONNECT me clean
        broker connack new
            Connected { session_present: false }
        broker publish 1 5 a x
            Message a "x" AtLeastOnce id 5
        broker publish 1 5 a x dup
            Message a "x" AtLeastOnce dup id 5
        ack 5
            ok
            > PubAck(PacketId(5))
        ack 5
            error: no such message waits for its acknowledgement
    "#]]
    .assert_eq(&trace);
}

#[test]
fn a_kept_message_comes_again_and_holds_back_the_rest() {
    let trace = play(
        "connect
         broker connack new
         publish 1 a mine
         keep
         broker publish 1 5 a first
         broker puback 1
         accept
         ack 5",
    );
    expect![[r#"
        connect
            > CONNECT me clean
        broker connack new
            Connected { session_present: false }
        publish 1 a mine
            ok id 1
            > PUBLISH a "mine" AtLeastOnce id 1
        keep
        broker publish 1 5 a first
        broker puback 1
        accept
            Message a "first" AtLeastOnce id 5
            Published { packet_id: PacketId(1) }
        ack 5
            ok
            > PubAck(PacketId(5))
    "#]]
    .assert_eq(&trace);
}

#[test]
fn the_last_message_that_fits_can_be_kept_too() {
    let trace = play(
        "connect
         broker connack new
         broker publish 1 1 a x
         broker publish 1 2 a x
         keep
         broker publish 1 3 a x
         accept
         ack 1
         ack 2
         ack 3",
    );
    expect![[r#"
        connect
            > CONNECT me clean
        broker connack new
            Connected { session_present: false }
        broker publish 1 1 a x
            Message a "x" AtLeastOnce id 1
        broker publish 1 2 a x
            Message a "x" AtLeastOnce id 2
        keep
        broker publish 1 3 a x
        accept
            Message a "x" AtLeastOnce id 3
        ack 1
            ok
            > PubAck(PacketId(1))
        ack 2
            ok
            > PubAck(PacketId(2))
        ack 3
            ok
            > PubAck(PacketId(3))
    "#]]
    .assert_eq(&trace);
}

#[test]
fn pubacks_find_room_when_the_transport_stalls() {
    let trace = play(
        "connect
         broker connack new
         stall
         publish 0 a 48*x
         broker publish 1 1 a x
         broker publish 1 2 a x
         broker publish 1 3 a x
         ack 1
         ack 2
         ack 3
         broker publish 1 4 a x
         state?
         flow
         ack 4",
    );
    expect![[r#"
        connect
            > CONNECT me clean
        broker connack new
            Connected { session_present: false }
        stall
        publish 0 a 48*x
            ok
        broker publish 1 1 a x
            Message a "x" AtLeastOnce id 1
        broker publish 1 2 a x
            Message a "x" AtLeastOnce id 2
        broker publish 1 3 a x
            Message a "x" AtLeastOnce id 3
        ack 1
            ok
        ack 2
            ok
        ack 3
            ok
        broker publish 1 4 a x
            Message a "x" AtLeastOnce id 4
        state?
            Client { state: Up(Live { sent_ms: 0, heard_ms: 0, ping_ms: None, progress_ms: 0 }), in_flight: 0, unsent: 57, .. }
        flow
            > PUBLISH a "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" AtMostOnce
            > PubAck(PacketId(1))
            > PubAck(PacketId(2))
            > PubAck(PacketId(3))
        ack 4
            ok
            > PubAck(PacketId(4))
    "#]].assert_eq(&trace);
}

#[test]
fn a_message_in_single_bytes_is_a_message() {
    let trace = play(
        "connect
         broker raw 20
         broker raw 02
         broker raw 00
         broker raw 00
         broker raw 32
         broker raw 06 00
         broker raw 01 61
         broker raw 00
         broker raw 01
         broker raw ff",
    );
    expect![[r#"
        connect
            > CONNECT me clean
        broker raw 20
        broker raw 02
        broker raw 00
        broker raw 00
            Connected { session_present: false }
        broker raw 32
        broker raw 06 00
        broker raw 01 61
        broker raw 00
        broker raw 01
        broker raw ff
            Message a "�" AtLeastOnce id 1
    "#]]
    .assert_eq(&trace);
}

#[test]
fn half_a_packet_does_not_survive_a_reconnect() {
    let trace = play(
        "connect
         broker connack new
         broker raw 30 20 00 01 61 62 63
         closed
         connect
         broker connack new
         broker publish 0 0 a whole",
    );
    expect![[r#"
        connect
            > CONNECT me clean
        broker connack new
            Connected { session_present: false }
        broker raw 30 20 00 01 61 62 63
        closed
        connect
            > CONNECT me clean
        broker connack new
            Connected { session_present: false }
        broker publish 0 0 a whole
            Message a "whole" AtMostOnce
    "#]]
    .assert_eq(&trace);
}

#[test]
fn too_large_goes_by_and_the_next_one_is_delivered() {
    let trace = play(
        "connect
         broker connack new
         broker publish 0 0 big 62*x
         broker publish 0 0 big 61*x
         broker publish 0 0 a next
         broker publish 1 3 a open
         broker publish 1 4 big 2000*x
         broker publish 1 5 a next
         ack 3                    // 4 follows by itself
         ack 5",
    );
    expect![[r#"
        connect
            > CONNECT me clean
        broker connack new
            Connected { session_present: false }
        broker publish 0 0 big 62*x
            Discarded { topic: Some("big"), size: 69, qos: AtMostOnce }
        broker publish 0 0 big 61*x
            Discarded { topic: Some("big"), size: 68, qos: AtMostOnce }
        broker publish 0 0 a next
            Message a "next" AtMostOnce
        broker publish 1 3 a open
            Message a "open" AtLeastOnce id 3
        broker publish 1 4 big 2000*x
            Discarded { topic: Some("big"), size: 2010, qos: AtLeastOnce }
        broker publish 1 5 a next
            Message a "next" AtLeastOnce id 5
        ack 3
            ok
            > PubAck(PacketId(3))
            > PubAck(PacketId(4))
        ack 5
            ok
            > PubAck(PacketId(5))
    "#]]
    .assert_eq(&trace);
}

#[test]
fn a_topic_larger_than_the_buffer_goes_by() {
    let trace = play(
        "connect
         broker connack new
         broker publish 0 0 100*t 500*x
         broker publish 1 4 100*t 500*x
         broker publish 1 5 58*t -
         broker publish 0 0 a next",
    );
    expect![[r#"
        connect
            > CONNECT me clean
        broker connack new
            Connected { session_present: false }
        broker publish 0 0 100*t 500*x
            Discarded { topic: None, size: 605, qos: AtMostOnce }
        broker publish 1 4 100*t 500*x
            Discarded { topic: None, size: 607, qos: AtLeastOnce }
            > PubAck(PacketId(4))
        broker publish 1 5 58*t -
            Message tttttttttttttttttttttttttttttttttttttttttttttttttttttttttt "" AtLeastOnce id 5
        broker publish 0 0 a next
            Message a "next" AtMostOnce
    "#]]
    .assert_eq(&trace);
}

#[test]
fn too_large_in_pieces() {
    let trace = play(
        "connect
         broker connack new
         broker raw 32 ff
         broker raw ff 7f
         broker raw 00
         broker raw 01 61 00
         broker raw 04 78 78
         broker raw 78
         state?",
    );
    expect![[r#"
        connect
            > CONNECT me clean
        broker connack new
            Connected { session_present: false }
        broker raw 32 ff
        broker raw ff 7f
        broker raw 00
        broker raw 01 61 00
        broker raw 04 78 78
            Discarded { topic: Some("a"), size: 2097155, qos: AtLeastOnce }
            > PubAck(PacketId(4))
        broker raw 78
        state?
            Client { state: Up(Live { sent_ms: 0, heard_ms: 0, ping_ms: None, progress_ms: 0 }), in_flight: 0, unsent: 0, .. }
    "#]].assert_eq(&trace);
}
