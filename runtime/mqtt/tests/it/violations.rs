//! What the broker must not do, and how a connection is refused.

use expect_test::expect;

use crate::script::play;

/// How the client takes a packet on an established connection.
fn verdict(packet: &str) -> String {
    let trace = play(&format!(
        "connect\nbroker connack new\npublish 1 a x\nbroker raw {packet}\nstate?"
    ));
    let (_, after) = trace.split_once(&format!("broker raw {packet}\n")).unwrap();
    let (events, state) = after.split_once("state?").unwrap();
    let end = if state.contains("Up") { "stays up" } else { "ends" };
    format!("{packet}: {}, {end}\n", events.trim())
}

#[test]
fn refusals_are_reported_and_end_the_connection() {
    let mut all = String::new();
    for code in 1..=5 {
        all += &play(&format!("connect\nbroker refuse {code}\nstate?"));
    }
    expect![[r#"
        connect
            > CONNECT me clean
        broker refuse 1
            Refused(UnacceptableProtocolVersion)
        state?
            Client { state: Closed, in_flight: 0, unsent: 0, .. }
        connect
            > CONNECT me clean
        broker refuse 2
            Refused(IdentifierRejected)
        state?
            Client { state: Closed, in_flight: 0, unsent: 0, .. }
        connect
            > CONNECT me clean
        broker refuse 3
            Refused(ServerUnavailable)
        state?
            Client { state: Closed, in_flight: 0, unsent: 0, .. }
        connect
            > CONNECT me clean
        broker refuse 4
            Refused(BadUserNameOrPassword)
        state?
            Client { state: Closed, in_flight: 0, unsent: 0, .. }
        connect
            > CONNECT me clean
        broker refuse 5
            Refused(NotAuthorized)
        state?
            Client { state: Closed, in_flight: 0, unsent: 0, .. }
    "#]]
    .assert_eq(&all);
}

#[test]
fn the_first_packet_must_be_a_good_connack() {
    let mut all = String::new();
    for packet in [
        "20 02 01 00", // session present after a clean start
        "20 02 01 05", // a refusal with a session
        "20 02 02 00",
        "20 02 00 06",
        "20 03 00 00 00",
        "20 00",
        "21 02 00 00",
        "30 06 00 01 61 62 63 64",
        "40 02 00 01",
        "d0 00",
        "10 0c 00 04 4d 51 54 54 04 02 00 00 00 00",
        "00 00",
        "f0 00",
    ] {
        all += &play(&format!("connect\nbroker raw {packet}"));
    }
    expect![[r#"
        connect
            > CONNECT me clean
        broker raw 20 02 01 00
            Lost(Protocol(SessionPresent))
        connect
            > CONNECT me clean
        broker raw 20 02 01 05
            Lost(Protocol(SessionPresent))
        connect
            > CONNECT me clean
        broker raw 20 02 02 00
            Lost(Protocol(SessionPresent))
        connect
            > CONNECT me clean
        broker raw 20 02 00 06
            Lost(Protocol(ReturnCode(6)))
        connect
            > CONNECT me clean
        broker raw 20 03 00 00 00
            Lost(Protocol(Length(ConnAck)))
        connect
            > CONNECT me clean
        broker raw 20 00
            Lost(Protocol(Length(ConnAck)))
        connect
            > CONNECT me clean
        broker raw 21 02 00 00
            Lost(Protocol(ReservedFlags(ConnAck)))
        connect
            > CONNECT me clean
        broker raw 30 06 00 01 61 62 63 64
            Lost(Protocol(Unexpected(Publish)))
        connect
            > CONNECT me clean
        broker raw 40 02 00 01
            Lost(Protocol(Unexpected(PubAck)))
        connect
            > CONNECT me clean
        broker raw d0 00
            Lost(Protocol(Unexpected(PingResp)))
        connect
            > CONNECT me clean
        broker raw 10 0c 00 04 4d 51 54 54 04 02 00 00 00 00
            Lost(Protocol(Unexpected(Connect)))
        connect
            > CONNECT me clean
        broker raw 00 00
            Lost(Protocol(ReservedType(0)))
        connect
            > CONNECT me clean
        broker raw f0 00
            Lost(Protocol(ReservedType(15)))
    "#]]
    .assert_eq(&all);
}

#[test]
fn offences_end_the_connection_and_the_rest_does_not() {
    let mut all = String::new();
    for packet in [
        "40 02 00 00",    // PUBACK 0
        "40 02 00 07",    // PUBACK of nothing
        "90 03 00 01 00", // SUBACK for a publish
        "90 03 00 01 81",
        "90 04 00 01 00 00",
        "b0 02 00 00",
        "b0 02 00 09",
        "b0 80 80 80 80 01", // five bytes of length
        "d0 00",             // PINGRESP unasked
        "d0 01 00",
        "20 02 00 00", // CONNACK again
        "10 0c 00 04 4d 51 54 54 04 02 00 00 00 00",
        "82 06 00 01 00 01 61 00",
        "a2 05 00 01 00 01 61",
        "c0 00",
        "e0 00",
        "50 02 00 01",
        "62 02 00 01",
        "70 02 00 01",
        "36 05 00 01 61 00 01", // QoS 3
        "34 05 00 01 61 00 01", // QoS 2
        "32 05 00 01 61 00 00", // packet id 0
        "32 05 00 03 61 00 01",
        "30 03 00 00 61",
        "30 05 00 03 61 2f 23", // a wildcard
        "30 05 00 03 ed a0 80", // a surrogate
        "30 04 00 02 61 1f",    // a control character
        "38 03 00 01 61",       // DUP with QoS 0
        "31 03 00 01 61",       // an empty retained message
    ] {
        all += &verdict(packet);
    }
    expect![[r#"
        40 02 00 00: Lost(Protocol(PacketIdZero)), ends
        40 02 00 07: , stays up
        90 03 00 01 00: , stays up
        90 03 00 01 81: Lost(Protocol(ReturnCode(129))), ends
        90 04 00 01 00 00: Lost(Protocol(Length(SubAck))), ends
        b0 02 00 00: Lost(Protocol(PacketIdZero)), ends
        b0 02 00 09: , stays up
        b0 80 80 80 80 01: Lost(Protocol(RemainingLength)), ends
        d0 00: , stays up
        d0 01 00: Lost(Protocol(Length(PingResp))), ends
        20 02 00 00: Lost(Protocol(Unexpected(ConnAck))), ends
        10 0c 00 04 4d 51 54 54 04 02 00 00 00 00: Lost(Protocol(Unexpected(Connect))), ends
        82 06 00 01 00 01 61 00: Lost(Protocol(Unexpected(Subscribe))), ends
        a2 05 00 01 00 01 61: Lost(Protocol(Unexpected(Unsubscribe))), ends
        c0 00: Lost(Protocol(Unexpected(PingReq))), ends
        e0 00: Lost(Protocol(Unexpected(Disconnect))), ends
        50 02 00 01: > PubRel(PacketId(1)), stays up
        62 02 00 01: > PubComp(PacketId(1)), stays up
        70 02 00 01: , stays up
        36 05 00 01 61 00 01: Lost(Protocol(Qos)), ends
        34 05 00 01 61 00 01: Message a "" ExactlyOnce id 1, stays up
        32 05 00 01 61 00 00: Lost(Protocol(PacketIdZero)), ends
        32 05 00 03 61 00 01: Lost(Protocol(Text)), ends
        30 03 00 00 61: Lost(Protocol(TopicName)), ends
        30 05 00 03 61 2f 23: Lost(Protocol(TopicName)), ends
        30 05 00 03 ed a0 80: Lost(Protocol(Text)), ends
        30 04 00 02 61 1f: Lost(Protocol(Text)), ends
        38 03 00 01 61: Message a "" AtMostOnce dup, stays up
        31 03 00 01 61: Message a "" AtMostOnce retained, stays up
    "#]]
    .assert_eq(&all);
}

#[test]
fn after_an_offence_nothing_is_read_or_written() {
    let trace = play(
        "connect keep-session
         broker connack new
         publish 1 a x
         broker raw 40 02 00 00 40 02 00 01
         broker puback 1
         publish 1 a y           // the session goes on
         connect keep-session
         broker connack present",
    );
    expect![[r#"
        connect keep-session
            > CONNECT me keep-session
        broker connack new
            Connected { session_present: false }
        publish 1 a x
            ok id 1
            > PUBLISH a "x" AtLeastOnce id 1
        broker raw 40 02 00 00 40 02 00 01
            Lost(Protocol(PacketIdZero))
        broker puback 1
        publish 1 a y
            ok id 2
        connect keep-session
            > CONNECT me keep-session
        broker connack present
            Connected { session_present: true }
            > PUBLISH a "x" AtLeastOnce dup id 1
            > PUBLISH a "y" AtLeastOnce id 2
    "#]]
    .assert_eq(&trace);
}

#[test]
fn an_answer_before_the_question_is_passed_over() {
    let trace = play(
        "connect
         broker connack new
         stall
         publish 1 a x
         take 4
         broker puback 1
         flow
         broker puback 1",
    );
    expect![[r#"
        connect
            > CONNECT me clean
        broker connack new
            Connected { session_present: false }
        stall
        publish 1 a x
            ok id 1
        take 4
        broker puback 1
        flow
            > PUBLISH a "x" AtLeastOnce id 1
        broker puback 1
            Published { packet_id: PacketId(1) }
    "#]]
    .assert_eq(&trace);
}

#[test]
fn nothing_is_taken_in_before_connect_is_out() {
    let trace = play(
        "stall
         connect
         broker connack new
         state?
         take 5
         flow",
    );
    expect![[r#"
        stall
        connect
        broker connack new
        state?
            Client { state: Connecting(Opening { since_ms: 0, clean_session: true }), in_flight: 0, unsent: 0, .. }
        take 5
        flow
            > CONNECT me clean
            Connected { session_present: false }
    "#]].assert_eq(&trace);
}
