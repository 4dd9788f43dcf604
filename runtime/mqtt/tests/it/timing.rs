//! Time: pings on silence, and the limits after which a connection is given up.

use expect_test::expect;

use crate::script::play;

#[test]
fn pings_only_after_silence() {
    let trace = play(
        "connect keep_alive=60
         broker connack new
         timeout?
         at 14999
         at 15000
         broker pingresp
         at 20000
         publish 0 a x           // the silence starts anew
         timeout?
         at 34999
         at 35000",
    );
    expect![[r#"
        connect keep_alive=60
            > CONNECT me clean
        broker connack new
            Connected { session_present: false }
        timeout?
            Some(15000)
        at 14999
        at 15000
            > PingReq
        broker pingresp
        at 20000
        publish 0 a x
            ok
            > PUBLISH a "x" AtMostOnce
        timeout?
            Some(35000)
        at 34999
        at 35000
            > PingReq
    "#]]
    .assert_eq(&trace);
}

#[test]
fn receiving_does_not_replace_a_ping() {
    let trace = play(
        "connect keep_alive=60
         broker connack new
         at 14000
         broker publish 0 0 a x
         at 15000",
    );
    expect![[r#"
        connect keep_alive=60
            > CONNECT me clean
        broker connack new
            Connected { session_present: false }
        at 14000
        broker publish 0 0 a x
            Message a "x" AtMostOnce
        at 15000
            > PingReq
    "#]]
    .assert_eq(&trace);
}

#[test]
fn no_pings_without_a_keep_alive() {
    let trace = play(
        "connect keep_alive=0
         broker connack new
         timeout?
         at 2000000000
         state?",
    );
    expect![[r#"
        connect keep_alive=0
            > CONNECT me clean
        broker connack new
            Connected { session_present: false }
        timeout?
            None
        at 2000000000
        state?
            Client { state: Up(Live { sent_ms: 0, heard_ms: 0, ping_ms: None, progress_ms: 0 }), in_flight: 0, unsent: 0, .. }
    "#]].assert_eq(&trace);
}

#[test]
fn a_silent_broker_is_given_up() {
    let trace = play(
        "connect keep_alive=60 response=5000
         broker connack new
         at 15000
         timeout?
         at 19999
         at 20000
         timeout?
         at 60000",
    );
    expect![[r#"
        connect keep_alive=60 response=5000
            > CONNECT me clean
        broker connack new
            Connected { session_present: false }
        at 15000
            > PingReq
        timeout?
            Some(20000)
        at 19999
        at 20000
            Lost(PingTimeout)
        timeout?
            None
        at 60000
    "#]]
    .assert_eq(&trace);
}

#[test]
fn any_byte_is_a_sign_of_life() {
    let trace = play(
        "connect keep_alive=60 response=5000
         broker connack new
         at 15000
         at 19000
         broker publish 0 0 a x
         timeout?
         at 23999
         at 24000",
    );
    expect![[r#"
        connect keep_alive=60 response=5000
            > CONNECT me clean
        broker connack new
            Connected { session_present: false }
        at 15000
            > PingReq
        at 19000
        broker publish 0 0 a x
            Message a "x" AtMostOnce
        timeout?
            Some(24000)
        at 23999
        at 24000
            Lost(PingTimeout)
    "#]]
    .assert_eq(&trace);
}

#[test]
fn no_connack() {
    let trace = play(
        "at 1000
         connect response=5000
         timeout?
         at 5999
         at 6000
         broker connack new",
    );
    expect![[r#"
        at 1000
        connect response=5000
            > CONNECT me clean
        timeout?
            Some(6000)
        at 5999
        at 6000
            Lost(ConnackTimeout)
        broker connack new
    "#]]
    .assert_eq(&trace);
}

#[test]
fn a_missing_puback_ends_the_connection_and_is_never_resent_on_it() {
    let trace = play(
        "connect keep-session puback=30000 keep_alive=0
         broker connack new
         at 1000
         publish 1 a one
         at 2000
         publish 1 a two
         timeout?
         at 29000
         broker puback 1         // progress: the limit starts anew
         timeout?
         at 58999
         at 59000
         connect keep-session
         broker connack present",
    );
    expect![[r#"
        connect keep-session puback=30000 keep_alive=0
            > CONNECT me keep-session
        broker connack new
            Connected { session_present: false }
        at 1000
        publish 1 a one
            ok id 1
            > PUBLISH a "one" AtLeastOnce id 1
        at 2000
        publish 1 a two
            ok id 2
            > PUBLISH a "two" AtLeastOnce id 2
        timeout?
            Some(31000)
        at 29000
        broker puback 1
            Published { packet_id: PacketId(1) }
        timeout?
            Some(59000)
        at 58999
        at 59000
            Lost(AckTimeout)
        connect keep-session
            > CONNECT me keep-session
        broker connack present
            Connected { session_present: true }
            > PUBLISH a "two" AtLeastOnce dup id 2
    "#]]
    .assert_eq(&trace);
}

#[test]
fn a_missing_suback_ends_the_connection_too() {
    let trace = play(
        "connect puback=30000 keep_alive=0
         broker connack new
         subscribe 1 a
         at 30000
         connect
         broker connack new
         broker suback 1 1",
    );
    expect![[r#"
        connect puback=30000 keep_alive=0
            > CONNECT me clean
        broker connack new
            Connected { session_present: false }
        subscribe 1 a
            ok id 1
            > Subscribe(Subscribe { packet_id: PacketId(1), filter: "a", qos: AtLeastOnce })
        at 30000
            Lost(AckTimeout)
        connect
            > CONNECT me clean
        broker connack new
            Connected { session_present: false }
            > Subscribe(Subscribe { packet_id: PacketId(1), filter: "a", qos: AtLeastOnce })
        broker suback 1 1
            Subscribed { packet_id: PacketId(1), granted: Ok(AtLeastOnce) }
    "#]]
    .assert_eq(&trace);
}

#[test]
fn the_broker_is_not_blamed_for_an_application_that_keeps_a_message() {
    let trace = play(
        "connect keep_alive=60 response=5000 puback=30000
         broker connack new
         publish 1 a mine
         keep
         broker publish 0 0 a x
         broker puback 1         // lies behind the message
         at 15000                // pings all the same
         at 20000
         at 30000
         at 45000
         at 60000
         accept
         broker pingresp",
    );
    expect![[r#"
        connect keep_alive=60 response=5000 puback=30000
            > CONNECT me clean
        broker connack new
            Connected { session_present: false }
        publish 1 a mine
            ok id 1
            > PUBLISH a "mine" AtLeastOnce id 1
        keep
        broker publish 0 0 a x
        broker puback 1
        at 15000
            > PingReq
        at 20000
        at 30000
            > PingReq
        at 45000
            > PingReq
        at 60000
            > PingReq
        accept
            Message a "x" AtMostOnce
            Published { packet_id: PacketId(1) }
        broker pingresp
    "#]]
    .assert_eq(&trace);
}

#[test]
fn after_a_kept_message_the_broker_gets_its_time_again() {
    let trace = play(
        "connect keep_alive=0 puback=30000
         broker connack new
         publish 1 a mine
         keep
         at 1000
         broker publish 0 0 a x
         at 29000
         accept
         at 30000                // the PUBACK may still be in the transport
         timeout?
         at 60000",
    );
    expect![[r#"
        connect keep_alive=0 puback=30000
            > CONNECT me clean
        broker connack new
            Connected { session_present: false }
        publish 1 a mine
            ok id 1
            > PUBLISH a "mine" AtLeastOnce id 1
        keep
        at 1000
        broker publish 0 0 a x
        at 29000
        accept
            Message a "x" AtMostOnce
        at 30000
        timeout?
            Some(60000)
        at 60000
            Lost(AckTimeout)
    "#]]
    .assert_eq(&trace);
}

#[test]
fn limits_change_on_the_connection_there_is() {
    let trace = play(
        "connect keep_alive=60 response=5000 puback=30000
         broker connack new
         publish 1 a x
         limits 2000 10000
         timeout?
         broker puback 1
         at 15000
         timeout?
         at 17000",
    );
    expect![[r#"
        connect keep_alive=60 response=5000 puback=30000
            > CONNECT me clean
        broker connack new
            Connected { session_present: false }
        publish 1 a x
            ok id 1
            > PUBLISH a "x" AtLeastOnce id 1
        limits 2000 10000
        timeout?
            Some(10000)
        broker puback 1
            Published { packet_id: PacketId(1) }
        at 15000
            > PingReq
        timeout?
            Some(17000)
        at 17000
            Lost(PingTimeout)
    "#]]
    .assert_eq(&trace);
}

#[test]
fn a_transport_that_takes_nothing_is_given_up() {
    let trace = play(
        "connect keep_alive=60 response=5000
         broker connack new
         stall
         at 1000
         publish 0 a stuck
         at 15000
         at 20000",
    );
    expect![[r#"
        connect keep_alive=60 response=5000
            > CONNECT me clean
        broker connack new
            Connected { session_present: false }
        stall
        at 1000
        publish 0 a stuck
            ok
        at 15000
        at 20000
            Lost(PingTimeout)
    "#]]
    .assert_eq(&trace);
}

#[test]
fn the_clock_may_wrap() {
    let trace = play(
        "at 4294960000
         connect keep_alive=60 response=5000
         broker connack new
         timeout?
         at 4294967295
         at 7703
         at 7704
         broker pingresp
         timeout?",
    );
    expect![[r#"
        at 4294960000
        connect keep_alive=60 response=5000
            > CONNECT me clean
        broker connack new
            Connected { session_present: false }
        timeout?
            Some(7704)
        at 4294967295
        at 7703
        at 7704
            > PingReq
        broker pingresp
        timeout?
            Some(22704)
    "#]]
    .assert_eq(&trace);
}
