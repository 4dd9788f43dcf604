//! QoS 2 from the broker: a crash of the bridge after each step, with and without a session at the broker.

use crate::script::check;
use expect_test::expect;

#[test]
fn a_message_is_taken_accepted_released_and_completed() {
    check(
        "session\n subscribe a\n up\n message2 7 a x\n run 10\n take 0\n run 10\n released 7\n run 10\n message2 7 a y\n run 10\n take 0\n run 10",
        expect![[r#"
            $ message2 7 a x
            $ run 10
            $ take 0
              < a "x"
            $ run 10
              > 2 accept 6
            $ released 7
            $ run 10
              > 3 complete 7
            $ message2 7 a y
            $ run 10
            $ take 0
              < a "y"
            $ run 10
              > 4 accept 8
        "#]],
    );
}

#[test]
fn a_message_that_comes_again_before_it_was_taken_is_one() {
    check(
        "session\n subscribe a\n up\n message2 7 a x\n run 10\n crash\n run 500\n message2 7 a x\n run 10\n take 0\n take 0\n run 10",
        expect![[r#"
            $ message2 7 a x
            $ run 10
            $ crash
            $ run 500
              * wifi down
              * crashed: bridge restarted
              * running -> listening: bridge restarted
              > 0 configure inbox 2 messages 1498 bytes next id 2 resumed
              > 1 subscribe a qos 1
              * listening -> configuring: link is up
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok 1
              * status running
              * joining -> running: bridge is running
              * started 2
              * status wifi_up
              * wifi up
              * subscribed 0 qos 1
            $ message2 7 a x
            $ run 10
              > 2 configure inbox 3 messages 1500 bytes next id 3 resumed
            $ take 0
              < a "x"
            $ take 0
              nothing
            $ run 10
              > 3 accept 6
        "#]],
    );
    check(
        "session\n subscribe a\n up\n message2 7 a x\n run 10\n say broker_down\n say broker_ok\n message2 7 a x\n run 10\n take 0\n take 0\n run 10",
        expect![[r#"
            $ message2 7 a x
            $ run 10
            $ say broker_down
            $ say broker_ok
            $ message2 7 a x
            $ run 10
              * status broker_down
              * status broker_ok 1
            $ take 0
              < a "x"
            $ take 0
              nothing
            $ run 10
              > 2 accept 9
              > 3 accept 6
        "#]],
    );
}

#[test]
fn a_message_that_comes_again_after_it_was_taken_is_accepted_at_once() {
    check(
        "session\n subscribe a\n up\n message2 7 a x\n run 10\n take 0\n crash\n run 500\n message2 7 a x\n run 10\n take 0\n released 7\n run 10",
        expect![[r#"
            $ message2 7 a x
            $ run 10
            $ take 0
              < a "x"
            $ crash
            $ run 500
              * wifi down
              * crashed: bridge restarted
              * running -> listening: bridge restarted
              > 0 configure inbox 3 messages 1500 bytes next id 2 resumed
              > 1 subscribe a qos 1
              * listening -> configuring: link is up
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok 1
              * status running
              * joining -> running: bridge is running
              * started 2
              * status wifi_up
              * wifi up
              * subscribed 0 qos 1
            $ message2 7 a x
            $ run 10
              > 2 accept 6
            $ take 0
              nothing
            $ released 7
            $ run 10
              > 3 complete 7
        "#]],
    );
    check(
        "session\n subscribe a\n up\n message2 7 a x\n run 10\n crash\n run 100\n take 0\n run 400\n message2 7 a x\n run 10\n take 0\n released 7\n run 10",
        expect![[r#"
            $ message2 7 a x
            $ run 10
            $ crash
            $ run 100
              * wifi down
              * crashed: bridge restarted
              * running -> listening: bridge restarted
              > 0 configure inbox 2 messages 1498 bytes next id 2 resumed
              > 1 subscribe a qos 1
              * listening -> configuring: link is up
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok 1
              * status running
              * joining -> running: bridge is running
              * started 2
              * status wifi_up
              * wifi up
              * subscribed 0 qos 1
            $ take 0
              < a "x"
            $ run 400
              > 2 configure inbox 3 messages 1500 bytes next id 3 resumed
            $ message2 7 a x
            $ run 10
              > 3 accept 7
            $ take 0
              nothing
            $ released 7
            $ run 10
              > 4 complete 7
        "#]],
    );
}

#[test]
fn a_release_that_comes_again_is_completed_again() {
    check(
        "session\n subscribe a\n up\n message2 7 a x\n run 10\n take 0\n run 10\n crash\n run 500\n released 7\n run 10\n crash\n run 500\n released 7\n run 10",
        expect![[r#"
            $ message2 7 a x
            $ run 10
            $ take 0
              < a "x"
            $ run 10
              > 2 accept 6
            $ crash
            $ run 500
              * wifi down
              * crashed: bridge restarted
              * running -> listening: bridge restarted
              > 0 configure inbox 3 messages 1500 bytes next id 2 resumed
              > 1 subscribe a qos 1
              * listening -> configuring: link is up
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok 1
              * status running
              * joining -> running: bridge is running
              * started 2
              * status wifi_up
              * wifi up
              * subscribed 0 qos 1
            $ released 7
            $ run 10
              > 2 complete 7
            $ crash
            $ run 500
              * wifi down
              * crashed: bridge restarted
              * running -> listening: bridge restarted
              > 0 configure inbox 3 messages 1500 bytes next id 3 resumed
              > 1 subscribe a qos 1
              * listening -> configuring: link is up
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok 1
              * status running
              * joining -> running: bridge is running
              * started 3
              * status wifi_up
              * wifi up
              * subscribed 0 qos 1
            $ released 7
            $ run 10
              > 2 complete 7 unknown
        "#]],
    );
}

#[test]
fn a_broker_without_a_session_means_other_messages_by_the_same_identifiers() {
    check(
        "session\n subscribe a\n up\n message2 7 a x\n message2 8 a y\n run 10\n take 0\n run 10\n no_session\n crash\n run 500\n message2 7 a p\n message2 8 a q\n run 10
         take 0\n take 0\n take 0\n run 10",
        expect![[r#"
            $ message2 7 a x
            $ message2 8 a y
            $ run 10
            $ take 0
              < a "x"
            $ run 10
              > 2 accept 6
            $ no_session
            $ crash
            $ run 500
              * wifi down
              * crashed: bridge restarted
              * running -> listening: bridge restarted
              > 0 configure inbox 2 messages 1498 bytes next id 2 resumed
              > 1 subscribe a qos 1
              * listening -> configuring: link is up
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok
              * status running
              * joining -> running: bridge is running
              * started 2
              * status wifi_up
              * wifi up
              * subscribed 0 qos 1
            $ message2 7 a p
            $ message2 8 a q
            $ run 10
            $ take 0
              < a "y"
            $ take 0
              < a "p"
            $ take 0
              < a "q"
            $ run 10
              > 2 accept 6
              > 3 accept 7
              > 4 configure inbox 3 messages 1500 bytes next id 3 resumed
        "#]],
    );
    check(
        "session\n subscribe a\n up\n message2 7 a x\n run 10\n take 0\n run 10\n reconfigure other\n run 10\n message2 7 a p\n run 10\n take 0\n run 10",
        expect![[r#"
            $ message2 7 a x
            $ run 10
            $ take 0
              < a "x"
            $ run 10
              > 2 accept 6
            $ reconfigure other
              * running -> configuring: new configuration
            $ run 10
              > 3 configure inbox 3 messages 1500 bytes next id 2
              * configuring -> running: bridge is configured
            $ message2 7 a p
            $ run 10
            $ take 0
              < a "p"
            $ run 10
              > 4 accept 8
        "#]],
    );
}

#[test]
fn a_message_for_two_subscriptions_is_given_to_each_once() {
    check(
        "session\n subscribe a\n subscribe +\n up\n message2 7 a x\n run 10\n take 0\n crash\n run 500\n message2 7 a x\n run 10\n take 0\n take 1\n run 10",
        expect![[r#"
            $ message2 7 a x
            $ run 10
            $ take 0
              < a "x"
            $ crash
            $ run 500
              * wifi down
              * crashed: bridge restarted
              * running -> listening: bridge restarted
              > 0 configure inbox 2 messages 1498 bytes next id 3 resumed
              > 1 subscribe a qos 1
              > 2 subscribe + qos 1
              * listening -> configuring: link is up
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok 1
              * status running
              * joining -> running: bridge is running
              * started 2
              * status wifi_up
              * wifi up
              * subscribed 0 qos 1
              * subscribed 1 qos 1
            $ message2 7 a x
            $ run 10
              > 3 configure inbox 3 messages 1500 bytes next id 5 resumed
            $ take 0
              nothing
            $ take 1
              < a "x"
            $ run 10
              > 4 accept 7
        "#]],
    );
}

#[test]
fn a_message_that_nobody_wants_is_accepted_and_completed() {
    check(
        "session\n up\n message2 7 a x\n run 10\n released 7\n run 10",
        expect![[r#"
            $ message2 7 a x
            $ run 10
              > 1 accept 5
            $ released 7
            $ run 10
              > 2 complete 7
        "#]],
    );
}
