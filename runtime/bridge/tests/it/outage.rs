//! Wi-Fi or the broker goes away and comes back; the host goes away and comes back.

use expect_test::expect;

use crate::script::World;
use crate::{check, check_running};

#[test]
fn an_unacknowledged_publication_goes_again_with_dup_to_a_broker_that_knows_the_session() {
    check_running(
        "clean=false clean_init=false",
        "host publish result 1 qos1
         tcp lost
         host publish result 2 qos1
         wait 1000
         tcp open
         broker connack 0 session
         broker puback 1
         broker puback 2",
        expect![[r#"
            host publish result 1 qos1 #2
                broker < PUBLISH result 1 qos1 id=1
            tcp lost
                board: tcp_close
                board: broker led off
                host < status broker_down
            host publish result 2 qos1 #3
            wait 1000
                board: tcp_open 10.0.0.2:1883
                host < status broker_check
            tcp open
            broker connack 0 session
                broker < CONNECT c0ffee keep_alive=60 resume
                board: broker led on
                broker < PUBLISH result 1 qos1 dup id=1
                broker < PUBLISH result 2 qos1 id=2
                host < status broker_ok 1
            broker puback 1
                host < #2 publish delivered none
            broker puback 2
                host < #3 publish delivered none
        "#]],
    );
}

#[test]
fn an_unacknowledged_publication_goes_again_as_new_to_a_broker_that_forgot() {
    check_running(
        "",
        "host publish result 1 qos1
         tcp lost
         wait 1000
         tcp open
         broker connack 0
         broker puback 1",
        expect![[r#"
            host publish result 1 qos1 #2
                broker < PUBLISH result 1 qos1 id=1
            tcp lost
                board: tcp_close
                board: broker led off
                host < status broker_down
            wait 1000
                board: tcp_open 10.0.0.2:1883
                host < status broker_check
            tcp open
            broker connack 0
                broker < CONNECT c0ffee keep_alive=60 clean
                board: broker led on
                broker < PUBLISH result 1 qos1 id=1
                host < status broker_ok
            broker puback 1
                host < #2 publish delivered none
        "#]],
    );
}

#[test]
fn wifi_goes_and_comes_back() {
    check_running(
        "",
        "host publish result 1 qos1
         wifi no_network
         wait 1000
         wifi no_network
         wait 60000
         wifi joined
         tcp open
         broker connack 0
         broker puback 1",
        expect![[r#"
            host publish result 1 qos1 #2
                broker < PUBLISH result 1 qos1 id=1
            wifi no_network
                board: join home with 10 characters
                board: tcp_close
                board: broker led off
                host < status wifi_down
                host < status broker_down
            wait 1000
            wifi no_network
            wait 60000
                board: join home with 10 characters
                board: join home with 10 characters
                board: join home with 10 characters
            wifi joined
                board: tcp_open 10.0.0.2:1883
                host < status wifi_up
                host < status broker_check
            tcp open
            broker connack 0
                broker < CONNECT c0ffee keep_alive=60 clean
                board: broker led on
                broker < PUBLISH result 1 qos1 id=1
                host < status broker_ok
            broker puback 1
                host < #2 publish delivered none
        "#]],
    );
}

#[test]
fn a_password_that_was_changed_meanwhile_is_reported() {
    check_running(
        "",
        "wifi off
         wifi no_network
         wait 1000
         wifi wrong_password",
        expect![[r#"
            wifi off
                board: join home with 10 characters
                board: tcp_close
                board: broker led off
                host < status wifi_down
                host < status broker_down
            wifi no_network
            wait 1000
                board: join home with 10 characters
            wifi wrong_password
                host < status network_failed
                host < log warn cannot join the network: wrong password
        "#]],
    );
}

#[test]
fn qos_0_during_an_outage_is_rejected_and_not_forgotten_silently() {
    check_running(
        "",
        "tcp room 3
         host publish result 1
         tcp lost
         host publish result 2",
        expect![[r#"
            tcp room 3
            host publish result 1 #2
            tcp lost
                board: tcp_close
                board: broker led off
                host < status broker_down
                host < #2 publish rejected not_connected
            host publish result 2 #3
                host < #3 publish rejected not_connected
        "#]],
    );
}

#[test]
fn a_broker_that_does_not_answer_pings_is_given_up() {
    check_running(
        "keep_alive=8 response_time=3",
        "wait 1900
         wait 200
         wait 2900
         wait 1000",
        expect![[r#"
            wait 1900
            wait 200
                broker < PINGREQ
            wait 2900
                broker < PINGREQ
                board: tcp_close
                board: broker led off
                host < status broker_down
            wait 1000
                board: tcp_open 10.0.0.2:1883
                host < status broker_check
        "#]],
    );
}

#[test]
fn a_publication_without_puback_ends_the_connection_and_is_not_repeated_on_it() {
    check_running(
        "response_time=2 max_repubs=1 keep_alive=60",
        "host publish result 1 qos1
         wait 3900
         wait 200
         wait 1000
         tcp open
         broker connack 0",
        expect![[r#"
            host publish result 1 qos1 #2
                broker < PUBLISH result 1 qos1 id=1
            wait 3900
            wait 200
                board: tcp_close
                board: broker led off
                host < status broker_down
            wait 1000
                board: tcp_open 10.0.0.2:1883
                host < status broker_check
            tcp open
            broker connack 0
                broker < CONNECT c0ffee keep_alive=60 clean
                board: broker led on
                broker < PUBLISH result 1 qos1 id=1
                host < status broker_ok
        "#]],
    );
}

#[test]
fn a_shorter_response_time_applies_at_once() {
    check_running(
        "response_time=100",
        "host publish result 1 qos1
         wait 3000
         host configure use_default_net=false response_time=2 max_repubs=0",
        expect![[r#"
            host publish result 1 qos1 #2
                broker < PUBLISH result 1 qos1 id=1
            wait 3000
            host configure use_default_net=false response_time=2 max_repubs=0 #3
                board: tcp_close
                board: broker led off
                host < #3 configure 20 messages, 6240 bytes, reset_wire, none
                host < status broker_down
        "#]],
    );
}

#[test]
fn a_broker_that_breaks_the_protocol_is_left() {
    check_running(
        "",
        "broker raw 3003000161
         broker raw f000",
        expect![[r#"
            broker raw 3003000161
                host < message @6 a  qos0
            broker raw f000
                board: tcp_close
                board: broker led off
                host < status broker_down
        "#]],
    );
}

/// The broker sends again what was not accepted; an accept that comes too late acknowledges nothing.
#[test]
fn a_late_accept_acknowledges_nothing_on_the_next_connection() {
    check_running(
        "clean=false clean_init=false",
        "broker publish a 1 id=7
         tcp lost
         wait 1000
         tcp open
         broker connack 0 session
         host accept 6
         broker publish a 1 id=7 dup
         host accept 10",
        expect![[r#"
            broker publish a 1 id=7
                host < message @6 a 1 qos1
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
            host accept 6 #2
            broker publish a 1 id=7 dup
                host < message @10 a 1 qos1 dup
            host accept 10 #3
                broker < PUBACK 7
        "#]],
    );
}

#[test]
fn a_new_host_finds_a_bridge_that_forgot_everything() {
    check_running(
        "",
        "host subscribe a qos1
         host publish a 1 qos1
         host restarts
         host publish a 2 qos1
         host configure use_default_net=false
         host join yes
         wifi joined
         tcp open
         broker connack 0",
        expect![[r#"
            host subscribe a qos1 #2
                broker < SUBSCRIBE 1 a qos1
            host publish a 1 qos1 #3
                broker < PUBLISH a 1 qos1 id=2
            host restarts
                board: tcp_close
                board: broker led off
                board: leave
                host: link up
            host publish a 2 qos1 #0
                host < #0 publish rejected not_configured
            host configure use_default_net=false #1
                board: leave
                host < #1 configure 20 messages, 6240 bytes, reset_wire, none
                host < status specified_network
            host join yes #2
                board: join home with 10 characters
            wifi joined
                board: tcp_open 10.0.0.2:1883
                host < status wifi_up
                host < status broker_check
            tcp open
            broker connack 0
                broker < CONNECT c0ffee keep_alive=60 clean
                board: broker led on
                host < status broker_ok
                host < status running
        "#]],
    );
}

#[test]
fn restart_says_goodbye_to_the_broker() {
    check_running(
        "",
        "host restart",
        expect![[r#"
        host restart #2
            broker < DISCONNECT
            board: restart
    "#]],
    );
}

#[test]
fn the_counter_of_milliseconds_may_wrap_at_any_moment() {
    let mut world = World::starting_at(u32::MAX - 3_000);
    let trace = world.run(
        "host configure use_default_net=false
         host join yes
         wifi joined
         tcp refused
         wait 2900
         tcp refused
         wait 1100
         tcp open
         broker connack 0",
    );
    assert!(
        trace.ends_with("host < status broker_ok\n    host < status running\n"),
        "{trace}"
    );
}

/// What a person who watches sees: every change of state with its reason, and no secret.
#[test]
fn changes_of_state_are_told_with_their_reason() {
    let mut world = World::new();
    world.board.notes = true;
    expect![[r#"
        host configure use_default_net=false mqtt_user=joe mqtt_password=pass-phrase debug=true #0
            board: leave
            note: network: off -> awaiting_consent (the stored network is not wanted)
            host < #0 configure 20 messages, 6240 bytes, reset_wire, none
            host < status specified_network
            host < log debug network: off -> awaiting_consent (the stored network is not wanted)
        host join yes #1
            board: join home with 10 characters
            note: network: awaiting_consent -> joining (consent)
            host < log debug network: awaiting_consent -> joining (consent)
        wifi wrong_password
            note: warn: cannot join the network: wrong password
            note: network: joining -> resting (wrong password)
            host < status network_failed
            host < log warn cannot join the network: wrong password
            host < log debug network: joining -> resting (wrong password)
        wait 1000
            board: join home with 10 characters
            note: network: resting -> joining (once more)
            host < log debug network: resting -> joining (once more)
        wifi joined
            note: network: joining -> up (joined)
            board: tcp_open 10.0.0.2:1883
            note: broker: off -> opening (the network is up)
            host < status wifi_up
            host < status broker_check
            host < log debug network: joining -> up (joined)
            host < log debug broker: off -> opening (the network is up)
        tcp open
            note: broker: opening -> connecting (TCP is open)
            broker < CONNECT c0ffee keep_alive=60 clean user=joe password=11 bytes
            host < log debug broker: opening -> connecting (TCP is open)
        broker connack 4
            note: warn: the broker refused: bad user name or password
            board: tcp_close
            note: broker: connecting -> resting (bad user name or password)
            host < status broker_refused 4
            host < log warn the broker refused: bad user name or password
            host < log debug broker: connecting -> resting (bad user name or password)
    "#]]
    .assert_eq(&world.run(
        "host configure use_default_net=false mqtt_user=joe mqtt_password=pass-phrase debug=true
         host join yes
         wifi wrong_password
         wait 1000
         wifi joined
         tcp open
         broker connack 4",
    ));
}

#[test]
fn the_heart_beats_without_a_host() {
    let mut world = World::new();
    let before = world.board.heartbeats;
    world.run("wait 5000");
    assert_eq!(world.board.heartbeats - before, 10);
    check(
        "wait 10",
        expect![[r#"
        wait 10
    "#]],
    );
}
