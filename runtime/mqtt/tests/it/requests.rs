//! Publish, subscribe, unsubscribe: over one connection and over several.

use expect_test::expect;
use fivewire_mqtt::{Client, ConnectOptions, Event, QoS};

use crate::script::play;

#[test]
fn everything_is_answered_once() {
    let trace = play(
        "connect
         broker connack new
         publish 0 a zero
         publish 1 a one retain
         subscribe 1 b/#
         unsubscribe c
         broker puback 1
         broker suback 2 1
         broker unsuback 3
         broker puback 1         // once more: passed over
         broker suback 9 1       // never asked
         state?",
    );
    expect![[r#"
        connect
            > CONNECT me clean
        broker connack new
            Connected { session_present: false }
        publish 0 a zero
            ok
            > PUBLISH a "zero" AtMostOnce
        publish 1 a one retain
            ok id 1
            > PUBLISH a "one" AtLeastOnce retain id 1
        subscribe 1 b/#
            ok id 2
            > Subscribe(Subscribe { packet_id: PacketId(2), filter: "b/#", qos: AtLeastOnce })
        unsubscribe c
            ok id 3
            > Unsubscribe(Unsubscribe { packet_id: PacketId(3), filter: "c" })
        broker puback 1
            Published { packet_id: PacketId(1) }
        broker suback 2 1
            Subscribed { packet_id: PacketId(2), granted: Ok(AtLeastOnce) }
        broker unsuback 3
            Unsubscribed { packet_id: PacketId(3) }
        broker puback 1
        broker suback 9 1
        state?
            Client { state: Up(Live { sent_ms: 0, heard_ms: 0, ping_ms: None, progress_ms: 0 }), in_flight: 0, unsent: 0, .. }
    "#]].assert_eq(&trace);
}

#[test]
fn with_the_session_present_it_is_the_same_id_with_dup() {
    let trace = play(
        "connect keep-session
         broker connack new
         publish 1 a first
         publish 0 a forgotten
         subscribe 0 b
         publish 1 a second
         broker puback 1
         stall
         publish 1 a unsent
         closed
         flow
         connect keep-session
         broker connack present
         broker puback 3
         broker suback 2 0
         broker puback 4
         publish 1 a later",
    );
    expect![[r#"
        connect keep-session
            > CONNECT me keep-session
        broker connack new
            Connected { session_present: false }
        publish 1 a first
            ok id 1
            > PUBLISH a "first" AtLeastOnce id 1
        publish 0 a forgotten
            ok
            > PUBLISH a "forgotten" AtMostOnce
        subscribe 0 b
            ok id 2
            > Subscribe(Subscribe { packet_id: PacketId(2), filter: "b", qos: AtMostOnce })
        publish 1 a second
            ok id 3
            > PUBLISH a "second" AtLeastOnce id 3
        broker puback 1
            Published { packet_id: PacketId(1) }
        stall
        publish 1 a unsent
            ok id 4
        closed
        flow
        connect keep-session
            > CONNECT me keep-session
        broker connack present
            Connected { session_present: true }
            > Subscribe(Subscribe { packet_id: PacketId(2), filter: "b", qos: AtMostOnce })
            > PUBLISH a "second" AtLeastOnce dup id 3
            > PUBLISH a "unsent" AtLeastOnce id 4
        broker puback 3
            Published { packet_id: PacketId(3) }
        broker suback 2 0
            Subscribed { packet_id: PacketId(2), granted: Ok(AtMostOnce) }
        broker puback 4
            Published { packet_id: PacketId(4) }
        publish 1 a later
            ok id 5
            > PUBLISH a "later" AtLeastOnce id 5
    "#]]
    .assert_eq(&trace);
}

#[test]
fn without_the_session_it_is_published_anew_and_in_order() {
    let trace = play(
        "connect keep-session
         broker connack new
         publish 1 a first
         publish 1 a second
         closed
         connect keep-session
         broker connack present    // DUP now
         closed
         connect keep-session
         broker connack new        // the broker forgot: new, so no DUP
         closed
         connect keep-session
         broker connack present    // this session may know them
         broker puback 1
         broker puback 2",
    );
    expect![[r#"
        connect keep-session
            > CONNECT me keep-session
        broker connack new
            Connected { session_present: false }
        publish 1 a first
            ok id 1
            > PUBLISH a "first" AtLeastOnce id 1
        publish 1 a second
            ok id 2
            > PUBLISH a "second" AtLeastOnce id 2
        closed
        connect keep-session
            > CONNECT me keep-session
        broker connack present
            Connected { session_present: true }
            > PUBLISH a "first" AtLeastOnce dup id 1
            > PUBLISH a "second" AtLeastOnce dup id 2
        closed
        connect keep-session
            > CONNECT me keep-session
        broker connack new
            Connected { session_present: false }
            > PUBLISH a "first" AtLeastOnce id 1
            > PUBLISH a "second" AtLeastOnce id 2
        closed
        connect keep-session
            > CONNECT me keep-session
        broker connack present
            Connected { session_present: true }
            > PUBLISH a "first" AtLeastOnce dup id 1
            > PUBLISH a "second" AtLeastOnce dup id 2
        broker puback 1
            Published { packet_id: PacketId(1) }
        broker puback 2
            Published { packet_id: PacketId(2) }
    "#]]
    .assert_eq(&trace);
}

#[test]
fn half_a_publish_taken_counts_as_an_attempt() {
    let trace = play(
        "connect keep-session
         broker connack new
         stall
         publish 1 a first
         publish 1 a second
         take 3
         closed
         flow
         connect keep-session
         broker connack present",
    );
    expect![[r#"
        connect keep-session
            > CONNECT me keep-session
        broker connack new
            Connected { session_present: false }
        stall
        publish 1 a first
            ok id 1
        publish 1 a second
            ok id 2
        take 3
        closed
        flow
        connect keep-session
            > CONNECT me keep-session
        broker connack present
            Connected { session_present: true }
            > PUBLISH a "first" AtLeastOnce dup id 1
            > PUBLISH a "second" AtLeastOnce id 2
    "#]]
    .assert_eq(&trace);
}

#[test]
fn requests_wait_for_the_connection() {
    let trace = play(
        "publish 1 a early
         subscribe 1 b
         publish 0 a never
         connect
         publish 1 a middle
         broker connack new
         broker puback 3
         broker puback 1
         broker suback 2 1",
    );
    expect![[r#"
        publish 1 a early
            ok id 1
        subscribe 1 b
            ok id 2
        publish 0 a never
            error: no connection to the broker now
        connect
            > CONNECT me clean
        publish 1 a middle
            ok id 3
        broker connack new
            Connected { session_present: false }
            > PUBLISH a "early" AtLeastOnce id 1
            > Subscribe(Subscribe { packet_id: PacketId(2), filter: "b", qos: AtLeastOnce })
            > PUBLISH a "middle" AtLeastOnce id 3
        broker puback 3
            Published { packet_id: PacketId(3) }
        broker puback 1
            Published { packet_id: PacketId(1) }
        broker suback 2 1
            Subscribed { packet_id: PacketId(2), granted: Ok(AtLeastOnce) }
    "#]]
    .assert_eq(&trace);
}

#[test]
fn a_refused_subscription_is_an_answer() {
    let trace = play(
        "connect
         broker connack new
         subscribe 1 secret
         broker suback 1 refused
         state?
         closed
         connect
         broker connack new",
    );
    expect![[r#"
        connect
            > CONNECT me clean
        broker connack new
            Connected { session_present: false }
        subscribe 1 secret
            ok id 1
            > Subscribe(Subscribe { packet_id: PacketId(1), filter: "secret", qos: AtLeastOnce })
        broker suback 1 refused
            Subscribed { packet_id: PacketId(1), granted: Err(()) }
        state?
            Client { state: Up(Live { sent_ms: 0, heard_ms: 0, ping_ms: None, progress_ms: 0 }), in_flight: 0, unsent: 0, .. }
        closed
        connect
            > CONNECT me clean
        broker connack new
            Connected { session_present: false }
    "#]].assert_eq(&trace);
}

#[test]
fn room_is_bounded_and_comes_back() {
    let trace = play(
        "connect
         broker connack new
         publish 1 a 10*x
         publish 1 a 10*y
         room? 10
         publish 1 a 20*z
         publish 1 a 1
         publish 1 a 2           // a fourth request
         publish 0 a 30*z        // no bytes
         publish 0 a fits
         broker puback 2         // out of order
         publish 1 a 12*z
         broker puback 1
         broker puback 3
         broker puback 4
         room? 31
         room? 48
         publish 1 a 40*x
         publish 1 a 60*x",
    );
    expect![[r#"
        connect
            > CONNECT me clean
        broker connack new
            Connected { session_present: false }
        publish 1 a 10*x
            ok id 1
            > PUBLISH a "xxxxxxxxxx" AtLeastOnce id 1
        publish 1 a 10*y
            ok id 2
            > PUBLISH a "yyyyyyyyyy" AtLeastOnce id 2
        room? 10
            true
        publish 1 a 20*z
            error: no room until something unanswered is answered
        publish 1 a 1
            ok id 3
            > PUBLISH a "1" AtLeastOnce id 3
        publish 1 a 2
            error: no room until something unanswered is answered
        publish 0 a 30*z
            error: no room until something unanswered is answered
        publish 0 a fits
            ok
            > PUBLISH a "fits" AtMostOnce
        broker puback 2
            Published { packet_id: PacketId(2) }
        publish 1 a 12*z
            ok id 4
            > PUBLISH a "zzzzzzzzzzzz" AtLeastOnce id 4
        broker puback 1
            Published { packet_id: PacketId(1) }
        broker puback 3
            Published { packet_id: PacketId(3) }
        broker puback 4
            Published { packet_id: PacketId(4) }
        room? 31
            true
        room? 48
            false
        publish 1 a 40*x
            ok id 5
            > PUBLISH a "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" AtLeastOnce id 5
        publish 1 a 60*x
            error: larger than the transmit buffer or than MQTT allows
    "#]]
    .assert_eq(&trace);
}

#[test]
fn what_cannot_be_is_refused_at_once() {
    let trace = play(
        "connect
         broker connack new
         publish 1 a/+ x
         publish 0 a/# x
         publish 1 \u{1} x
         subscribe 1 a#
         unsubscribe +a
         publish 2 a x
         subscribe 2 a
         connect id= keep-session
         connect password=secret
         connect id=\u{7f}
         connect will=a/#
         connect id=0123456789012345678901234567890123456789012345678901
         state?",
    );
    expect![[r#"
        connect
            > CONNECT me clean
        broker connack new
            Connected { session_present: false }
        publish 1 a/+ x
            error: not a topic name
        publish 0 a/# x
            error: not a topic name
        publish 1  x
            error: not a topic name
        subscribe 1 a#
            error: not a topic filter
        unsubscribe +a
            error: not a topic filter
        publish 2 a x
            ok id 1
            > PUBLISH a "x" ExactlyOnce id 1
        subscribe 2 a
            ok id 2
            > Subscribe(Subscribe { packet_id: PacketId(2), filter: "a", qos: ExactlyOnce })
        connect id= keep-session
            error: an empty client id needs a clean session
        connect password=secret
            error: a password needs a user name
        connect id=
            error: a character in the client id or user name that MQTT does not allow
        connect will=a/#
            error: not a topic name
        connect id=0123456789012345678901234567890123456789012345678901
            error: larger than the transmit buffer or than MQTT allows
        state?
            Client { state: Closed, in_flight: 2, unsent: 0, .. }
    "#]]
    .assert_eq(&trace);
}

#[test]
fn nothing_follows_a_disconnect() {
    let trace = play(
        "connect keep-session
         broker connack new
         publish 1 a kept
         stall
         disconnect
         publish 0 a late
         publish 1 a late
         room? 1
         broker puback 1         // too late to be looked at
         flow
         state?
         closed
         connect keep-session
         broker connack present",
    );
    expect![[r#"
        connect keep-session
            > CONNECT me keep-session
        broker connack new
            Connected { session_present: false }
        publish 1 a kept
            ok id 1
            > PUBLISH a "kept" AtLeastOnce id 1
        stall
        disconnect
        publish 0 a late
            error: no connection to the broker now
        publish 1 a late
            error: no connection to the broker now
        room? 1
            false
        broker puback 1
        flow
            > Disconnect
        state?
            Client { state: Closed, in_flight: 1, unsent: 0, .. }
        closed
        connect keep-session
            > CONNECT me keep-session
        broker connack present
            Connected { session_present: true }
            > PUBLISH a "kept" AtLeastOnce dup id 1
    "#]]
    .assert_eq(&trace);
}

#[test]
fn forgetting_the_session_forgets_requests() {
    let trace = play(
        "connect keep-session
         broker connack new
         publish 1 a gone
         forget
         state?
         connect
         broker connack new
         publish 1 a next",
    );
    expect![[r#"
        connect keep-session
            > CONNECT me keep-session
        broker connack new
            Connected { session_present: false }
        publish 1 a gone
            ok id 1
            > PUBLISH a "gone" AtLeastOnce id 1
        forget
        state?
            Client { state: Closed, in_flight: 0, unsent: 0, .. }
        connect
            > CONNECT me clean
        broker connack new
            Connected { session_present: false }
        publish 1 a next
            ok id 2
            > PUBLISH a "next" AtLeastOnce id 2
    "#]]
    .assert_eq(&trace);
}

#[test]
fn packet_ids_in_use_are_passed_over_when_they_wrap() {
    let mut client = Client::<64, 64, 3>::new();
    client.connect(0, &ConnectOptions::new("me")).unwrap();
    client.consume_output(usize::MAX);
    client.handle_input(0, &[0x20, 2, 0, 0]);
    assert_eq!(
        client.poll_event(),
        Some(Event::Connected {
            session_present: false
        })
    );
    let publish = |client: &mut Client<64, 64, 3>| {
        let id = client
            .publish(0, "t", b"", QoS::AtLeastOnce, false)
            .unwrap()
            .unwrap();
        client.consume_output(usize::MAX);
        id.get()
    };
    assert_eq!(publish(&mut client), 1);
    for number in 2..=u16::MAX {
        assert_eq!(publish(&mut client), number);
        let [high, low] = number.to_be_bytes();
        client.handle_input(0, &[0x40, 2, high, low]);
        assert!(matches!(client.poll_event(), Some(Event::Published { .. })));
    }
    assert_eq!(publish(&mut client), 2, "0 is none, and 1 is not answered");
}
