//! Packet identifiers and QoS 2: the books are the host's, and the bridge goes on only when the host has noted each step.

use expect_test::expect;

use crate::{check, check_running};

/// Each command that needs a packet identifier uses the next one, taken or not.
#[test]
fn both_ends_count_packet_identifiers_alike() {
    check_running(
        "next=32766",
        "host publish a 1 qos1
         host publish bad/# 1 qos1
         host subscribe b qos1
         host publish a 0
         host unsubscribe b
         host publish a 2 qos2",
        expect![[r#"
            host publish a 1 qos1 #2
                broker < PUBLISH a 1 qos1 id=32766
            host publish bad/# 1 qos1 #3
                host < #3 publish rejected bad_topic
            host subscribe b qos1 #4
                broker < SUBSCRIBE 1 b qos1
            host publish a 0 #5
                broker < PUBLISH a 0 qos0
                host < #5 publish delivered none
            host unsubscribe b #6
                broker < UNSUBSCRIBE 2 b
            host publish a 2 qos2 #7
                broker < PUBLISH a 2 qos2 id=3
        "#]],
    );
}

#[test]
fn what_an_earlier_life_sent_is_a_repetition_only_to_a_broker_that_kept_the_session() {
    for session in ["session", "none"] {
        let script = format!(
            "host configure use_default_net=false clean=false next=9 resumed
             host join yes
             wifi joined
             tcp open
             broker connack 0 {session}
             host publish a 1 qos1 id=7
             host publish a 2 qos1
             broker puback 7
             host release 8
             broker pubcomp 8"
        );
        let expected = match session {
            "session" => expect![[r#"
                host configure use_default_net=false clean=false next=9 resumed #0
                    board: leave
                    host < #0 configure 20 messages, 6240 bytes, reset_wire, none
                    host < status specified_network
                host join yes #1
                    board: join home with 10 characters
                wifi joined
                    board: tcp_open 10.0.0.2:1883
                    host < status wifi_up
                    host < status broker_check
                tcp open
                broker connack 0 session
                    broker < CONNECT c0ffee keep_alive=60 resume
                    board: broker led on
                    host < status broker_ok 1
                    host < status running
                host publish a 1 qos1 id=7 #2
                    broker < PUBLISH a 1 qos1 dup id=7
                host publish a 2 qos1 #3
                    broker < PUBLISH a 2 qos1 id=9
                broker puback 7
                    host < #2 publish delivered none
                host release 8 #4
                    broker < PUBREL 8
                broker pubcomp 8
                    host < #4 release delivered none
            "#]],
            _ => expect![[r#"
                host configure use_default_net=false clean=false next=9 resumed #0
                    board: leave
                    host < #0 configure 20 messages, 6240 bytes, reset_wire, none
                    host < status specified_network
                host join yes #1
                    board: join home with 10 characters
                wifi joined
                    board: tcp_open 10.0.0.2:1883
                    host < status wifi_up
                    host < status broker_check
                tcp open
                broker connack 0 none
                    broker < CONNECT c0ffee keep_alive=60 resume
                    board: broker led on
                    host < status broker_ok
                    host < status running
                host publish a 1 qos1 id=7 #2
                    broker < PUBLISH a 1 qos1 id=7
                host publish a 2 qos1 #3
                    broker < PUBLISH a 2 qos1 id=9
                broker puback 7
                    host < #2 publish delivered none
                host release 8 #4
                    host < #4 release delivered none
                broker pubcomp 8
            "#]],
        };
        check(&script, expected);
    }
}

#[test]
fn qos_2_goes_on_when_the_host_has_noted_the_step() {
    check_running(
        "",
        "host publish a 1 qos2
         broker pubrec 1
         wait 5000
         host release 1
         broker pubcomp 1",
        expect![[r#"
            host publish a 1 qos2 #2
                broker < PUBLISH a 1 qos2 id=1
            broker pubrec 1
                host < #2 publish received none
            wait 5000
            host release 1 #3
                broker < PUBREL 1
            broker pubcomp 1
                host < #3 release delivered none
        "#]],
    );
}

#[test]
fn a_release_outlives_the_connection_and_the_publication_is_not_sent_again() {
    check_running(
        "clean=false clean_init=false",
        "host publish a 1 qos2
         broker pubrec 1
         tcp lost
         host release 1
         wait 1000
         tcp open
         broker connack 0 session
         broker pubcomp 1",
        expect![[r#"
            host publish a 1 qos2 #2
                broker < PUBLISH a 1 qos2 id=1
            broker pubrec 1
                host < #2 publish received none
            tcp lost
                board: tcp_close
                board: broker led off
                host < status broker_down
            host release 1 #3
            wait 1000
                board: tcp_open 10.0.0.2:1883
                host < status broker_check
            tcp open
            broker connack 0 session
                broker < CONNECT c0ffee keep_alive=60 resume
                board: broker led on
                broker < PUBREL 1
                host < status broker_ok 1
            broker pubcomp 1
                host < #3 release delivered none
        "#]],
    );
}

#[test]
fn what_nobody_here_published_is_released_at_once() {
    check_running(
        "",
        "broker pubrec 77\nbroker pubcomp 77",
        expect![[r#"
        broker pubrec 77
            broker < PUBREL 77
        broker pubcomp 77
    "#]],
    );
}

#[test]
fn a_qos_2_message_is_completed_when_the_host_has_noted_its_release() {
    check_running(
        "",
        "broker publish a 1 qos2 id=5
         host accept 6
         broker publish a 1 qos2 id=5 dup
         broker pubrel 5
         wait 5000
         host complete 5
         broker pubrel 6
         host complete 6 unknown",
        expect![[r#"
            broker publish a 1 qos2 id=5
                host < message @6 a 1 qos2 id=5
            host accept 6 #2
                broker < PUBREC 5
            broker publish a 1 qos2 id=5 dup
                broker < PUBREC 5
            broker pubrel 5
                host < released 5
            wait 5000
            host complete 5 #3
                broker < PUBCOMP 5
            broker pubrel 6
                host < released 6
            host complete 6 unknown #4
                broker < PUBCOMP 6
        "#]],
    );
}

/// In MQTT 3.1.1 a clean session ends with its connection, so one that is to last begins with the second.
#[test]
fn a_lasting_session_that_begins_clean_takes_two_connections_once() {
    check(
        "host configure use_default_net=false clean_init=true clean=false
         host join yes
         wifi joined
         tcp open
         broker connack 0
         wait 10
         tcp open
         broker connack 0
         tcp lost
         wait 1000
         tcp open
         broker connack 0 session",
        expect![[r#"
            host configure use_default_net=false clean_init=true clean=false #0
                board: leave
                host < #0 configure 20 messages, 6240 bytes, reset_wire, none
                host < status specified_network
            host join yes #1
                board: join home with 10 characters
            wifi joined
                board: tcp_open 10.0.0.2:1883
                host < status wifi_up
                host < status broker_check
            tcp open
            broker connack 0
                broker < CONNECT c0ffee keep_alive=60 clean
                broker < DISCONNECT
                board: tcp_close
                board: tcp_open 10.0.0.2:1883
            wait 10
            tcp open
            broker connack 0
                broker < CONNECT c0ffee keep_alive=60 resume
                board: broker led on
                host < status broker_ok
                host < status running
            tcp lost
                board: tcp_close
                board: broker led off
                host < status broker_down
            wait 1000
                board: tcp_open 10.0.0.2:1883
                host < status broker_check
            tcp open
            broker connack 0 session
                broker < CONNECT c0ffee keep_alive=60 resume
                board: broker led on
                host < status broker_ok 1
        "#]],
    );
}

/// The host was connected before: after a reset of the bridge `clean` counts, not `clean_init`.
#[test]
fn a_host_that_was_connected_before_resumes_its_session() {
    check(
        "host configure use_default_net=false clean_init=true clean=false resumed
         host join yes
         wifi joined
         tcp open
         broker connack 0 session",
        expect![[r#"
            host configure use_default_net=false clean_init=true clean=false resumed #0
                board: leave
                host < #0 configure 20 messages, 6240 bytes, reset_wire, none
                host < status specified_network
            host join yes #1
                board: join home with 10 characters
            wifi joined
                board: tcp_open 10.0.0.2:1883
                host < status wifi_up
                host < status broker_check
            tcp open
            broker connack 0 session
                broker < CONNECT c0ffee keep_alive=60 resume
                board: broker led on
                host < status broker_ok 1
                host < status running
        "#]],
    );
}
