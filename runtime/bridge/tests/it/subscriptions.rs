//! Subscribe, unsubscribe, and what is subscribed again.

use expect_test::expect;

use crate::{check, check_running};

#[test]
fn what_the_broker_granted_is_answered() {
    check_running(
        "",
        "host subscribe green qos1
         host subscribe blue qos2
         host subscribe red
         broker suback 3 0
         broker suback 1 1
         broker suback 2 0
         host unsubscribe green
         broker unsuback 4",
        expect![[r#"
            host subscribe green qos1 #2
                broker < SUBSCRIBE 1 green qos1
            host subscribe blue qos2 #3
                broker < SUBSCRIBE 2 blue qos2
            host subscribe red #4
                broker < SUBSCRIBE 3 red qos0
            broker suback 3 0
                host < #4 subscribe qos0 none
            broker suback 1 1
                host < #2 subscribe qos1 none
            broker suback 2 0
                host < #3 subscribe qos0 none
            host unsubscribe green #5
                broker < UNSUBSCRIBE 4 green
            broker unsuback 4
                host < #5 unsubscribe none
        "#]],
    );
}

/// To mqtt_as a refusal was an error: it reconnected, and was refused again.
#[test]
fn a_refused_subscription_is_reported_and_the_connection_stays() {
    check_running(
        "",
        "host subscribe secret qos1
         broker suback 1 128
         host publish a b qos1
         broker puback 2",
        expect![[r#"
            host subscribe secret qos1 #2
                broker < SUBSCRIBE 1 secret qos1
            broker suback 1 128
                host < #2 subscribe qos0 refused_by_broker
                host < status subscribe_refused
            host publish a b qos1 #3
                broker < PUBLISH a b qos1 id=2
            broker puback 2
                host < #3 publish delivered none
        "#]],
    );
}

#[test]
fn a_filter_that_is_none_is_refused_at_once() {
    check_running(
        "",
        "host subscribe a/#/b
         host unsubscribe a+",
        expect![[r#"
            host subscribe a/#/b #2
                host < #2 subscribe qos0 bad_topic
            host unsubscribe a+ #3
                host < #3 unsubscribe bad_topic
        "#]],
    );
}

/// The host sends its journal before there is a network.
#[test]
fn subscriptions_wait_for_the_broker() {
    check(
        "host configure use_default_net=false
         host subscribe a qos1
         host subscribe b
         host unsubscribe c
         host join yes
         wifi joined
         tcp open
         broker connack 0
         broker suback 1 1
         broker suback 2 0
         broker unsuback 3",
        expect![[r#"
            host configure use_default_net=false #0
                board: leave
                host < #0 configure 20 messages, 6240 bytes, reset_wire, none
                host < status specified_network
            host subscribe a qos1 #1
            host subscribe b #2
            host unsubscribe c #3
            host join yes #4
                board: join home with 10 characters
            wifi joined
                board: tcp_open 10.0.0.2:1883
                host < status wifi_up
                host < status broker_check
            tcp open
            broker connack 0
                broker < CONNECT c0ffee keep_alive=60 clean
                board: broker led on
                broker < SUBSCRIBE 1 a qos1
                broker < SUBSCRIBE 2 b qos0
                broker < UNSUBSCRIBE 3 c
                host < status broker_ok
                host < status running
            broker suback 1 1
                host < #1 subscribe qos1 none
            broker suback 2 0
                host < #2 subscribe qos0 none
            broker unsuback 3
                host < #3 unsubscribe none
        "#]],
    );
}

#[test]
fn a_broker_that_forgot_the_session_is_asked_again() {
    check_running(
        "clean=false clean_init=false",
        "host subscribe a/+ qos1
         broker suback 1 1
         host subscribe b
         broker suback 2 0
         host unsubscribe b
         broker unsuback 3
         tcp lost
         wait 1000
         tcp open
         broker connack 0
         broker suback 4 1",
        expect![[r#"
            host subscribe a/+ qos1 #2
                broker < SUBSCRIBE 1 a/+ qos1
            broker suback 1 1
                host < #2 subscribe qos1 none
            host subscribe b #3
                broker < SUBSCRIBE 2 b qos0
            broker suback 2 0
                host < #3 subscribe qos0 none
            host unsubscribe b #4
                broker < UNSUBSCRIBE 3 b
            broker unsuback 3
                host < #4 unsubscribe none
            tcp lost
                board: tcp_close
                board: broker led off
                host < status broker_down
            wait 1000
                board: tcp_open 10.0.0.2:1883
                host < status broker_check
            tcp open
            broker connack 0
                broker < CONNECT c0ffee keep_alive=60 resume
                board: broker led on
                broker < SUBSCRIBE 32768 a/+ qos1
                host < status broker_ok
            broker suback 4 1
        "#]],
    );
}

#[test]
fn a_broker_that_kept_the_session_is_not_asked_again() {
    check_running(
        "clean=false clean_init=false",
        "host subscribe a/+ qos1
         broker suback 1 1
         host subscribe b qos1
         tcp lost
         wait 1000
         tcp open
         broker connack 0 session
         broker suback 2 1",
        expect![[r#"
            host subscribe a/+ qos1 #2
                broker < SUBSCRIBE 1 a/+ qos1
            broker suback 1 1
                host < #2 subscribe qos1 none
            host subscribe b qos1 #3
                broker < SUBSCRIBE 2 b qos1
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
                broker < SUBSCRIBE 2 b qos1
                host < status broker_ok 1
            broker suback 2 1
                host < #3 subscribe qos1 none
        "#]],
    );
}
