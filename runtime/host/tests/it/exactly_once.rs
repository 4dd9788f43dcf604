//! QoS 2 over the whole chain: a crash of the bridge after each step, the end of the time to live at each step.

use crate::script::check;
use expect_test::expect;

#[test]
fn a_publication_is_received_released_and_then_delivered() {
    check(
        "silent\n up\n publish a 1 qos2\n publish b 2\n run 10\n ack received\n run 10\n ack\n ack\n run 10",
        expect![[r#"
            $ publish a 1 qos2
              publication 0
            $ publish b 2
              publication 1
            $ run 10
              > 1 publish a "1" qos 2
              > 2 publish b "2" qos 1
            $ ack received
            $ run 10
              > 3 release 1
            $ ack
            $ ack
            $ run 10
              = 0 delivered
              = 1 delivered
        "#]],
    );
}

#[test]
fn after_a_crash_before_it_was_received_it_is_published_again() {
    check(
        "silent\n up\n publish a 1 qos2\n run 10\n crash\n run 500\n ack received\n run 10\n ack\n run 10",
        expect![[r#"
            $ publish a 1 qos2
              publication 0
            $ run 10
              > 1 publish a "1" qos 2
            $ crash
            $ run 500
              * wifi down
              * crashed: bridge restarted
              * running -> listening: bridge restarted
              > 0 configure inbox 3 messages 1500 bytes next id 2 resumed
              * listening -> configuring: link is up
              > 1 publish a "1" qos 2 id 1
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok
              * status running
              * joining -> running: bridge is running
              * started 2
              * status wifi_up
              * wifi up
            $ ack received
            $ run 10
              > 2 release 1
            $ ack
            $ run 10
              = 0 delivered
        "#]],
    );
}

#[test]
fn after_a_crash_once_it_was_received_it_is_only_released() {
    check(
        "silent\n up\n publish a 1 qos2\n publish b 2 qos2\n run 10\n ack received\n run 10\n crash\n run 500
         crash\n run 500\n ack\n ack received\n run 10\n ack\n run 10\n crash\n run 500",
        expect![[r#"
            $ publish a 1 qos2
              publication 0
            $ publish b 2 qos2
              publication 1
            $ run 10
              > 1 publish a "1" qos 2
              > 2 publish b "2" qos 2
            $ ack received
            $ run 10
              > 3 release 1
            $ crash
            $ run 500
              * wifi down
              * crashed: bridge restarted
              * running -> listening: bridge restarted
              > 0 configure inbox 3 messages 1500 bytes next id 3 resumed
              * listening -> configuring: link is up
              > 1 release 1
              > 2 publish b "2" qos 2 id 2
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok
              * status running
              * joining -> running: bridge is running
              * started 2
              * status wifi_up
              * wifi up
            $ crash
            $ run 500
              * wifi down
              * crashed: bridge restarted
              * running -> listening: bridge restarted
              > 0 configure inbox 3 messages 1500 bytes next id 3 resumed
              * listening -> configuring: link is up
              > 1 release 1
              > 2 publish b "2" qos 2 id 2
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok
              * status running
              * joining -> running: bridge is running
              * started 3
              * status wifi_up
              * wifi up
            $ ack
            $ ack received
            $ run 10
              > 3 release 2
              = 0 delivered
            $ ack
            $ run 10
              = 1 delivered
            $ crash
            $ run 500
              * wifi down
              * crashed: bridge restarted
              * running -> listening: bridge restarted
              > 0 configure inbox 3 messages 1500 bytes next id 3 resumed
              * listening -> configuring: link is up
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok
              * status running
              * joining -> running: bridge is running
              * started 4
              * status wifi_up
              * wifi up
        "#]],
    );
}

#[test]
fn a_release_that_was_given_back_is_sent_again_and_one_that_was_refused_ends_it() {
    check(
        "silent\n up\n publish a 1 qos2\n run 10\n ack received\n run 10\n ack not_connected\n run 900\n run 110\n ack refused_by_broker\n run 10",
        expect![[r#"
            $ publish a 1 qos2
              publication 0
            $ run 10
              > 1 publish a "1" qos 2
            $ ack received
            $ run 10
              > 2 release 1
            $ ack not_connected
            $ run 900
            $ run 110
              > 3 release 1
            $ ack refused_by_broker
            $ run 10
              = 0 rejected: refused_by_broker
        "#]],
    );
    check(
        "silent\n up\n publish a 1 qos2\n run 10\n ack received\n run 10\n error_publish malformed\n run 10",
        expect![[r#"
            $ publish a 1 qos2
              publication 0
            $ run 10
              > 1 publish a "1" qos 2
            $ ack received
            $ run 10
              > 2 release 1
            $ error_publish malformed
            $ run 10
              = 0 rejected: malformed
        "#]],
    );
}

#[test]
fn while_the_broker_is_away_nothing_is_released() {
    check(
        "silent\n up\n publish a 1 qos2\n run 10\n say broker_down\n ack received\n run 100\n say broker_ok\n run 10\n ack\n run 10",
        expect![[r#"
            $ publish a 1 qos2
              publication 0
            $ run 10
              > 1 publish a "1" qos 2
            $ say broker_down
            $ ack received
            $ run 100
              * status broker_down
            $ say broker_ok
            $ run 10
              > 2 release 1
              * status broker_ok
            $ ack
            $ run 10
              = 0 delivered
        "#]],
    );
}

#[test]
fn one_that_waits_for_its_release_takes_a_place_in_the_window_and_no_bytes() {
    check(
        "window 2 100\n silent\n up\n publish_bytes a 90 qos2\n publish b 2\n publish_bytes c 90\n run 10\n ack received\n run 10
         ack\n run 10\n ack\n run 10",
        expect![[r#"
            $ publish_bytes a 90 qos2
              publication 0
            $ publish b 2
              publication 1
            $ publish_bytes c 90
              publication 2
            $ run 10
              > 1 publish a "xxxxxxxx… 90 bytes" qos 2
              > 2 publish b "2" qos 1
            $ ack received
            $ run 10
              > 3 release 1
            $ ack
            $ run 10
              = 1 delivered
              > 4 publish c "xxxxxxxx… 90 bytes" qos 1
            $ ack
            $ run 10
              = 0 delivered
        "#]],
    );
}

#[test]
fn what_expires_before_it_was_sent_is_gone_and_later_it_is_released_all_the_same() {
    check(
        "silent\n up\n say broker_down\n run 10\n publish a 1 qos2 ttl=10\n run 20\n say broker_ok\n run 10",
        expect![[r#"
            $ say broker_down
            $ run 10
              * status broker_down
            $ publish a 1 qos2 ttl=10
              publication 0
            $ run 20
              = 0 expired
            $ say broker_ok
            $ run 10
              * status broker_ok
        "#]],
    );
    check(
        "silent\n up\n publish a 1 qos2 ttl=20\n run 30\n ack received\n run 10\n ack\n run 10\n publish b 2\n run 10",
        expect![[r#"
            $ publish a 1 qos2 ttl=20
              publication 0
            $ run 30
              > 1 publish a "1" qos 2
              = 0 expired
            $ ack received
            $ run 10
              > 2 release 1
            $ ack
            $ run 10
            $ publish b 2
              publication 1
            $ run 10
              > 3 publish b "2" qos 1
        "#]],
    );
    check(
        "silent\n up\n publish a 1 qos2 ttl=20\n run 10\n ack received\n run 20\n crash\n run 500\n ack\n run 10\n crash\n run 500",
        expect![[r#"
            $ publish a 1 qos2 ttl=20
              publication 0
            $ run 10
              > 1 publish a "1" qos 2
            $ ack received
            $ run 20
              > 2 release 1
              = 0 expired
            $ crash
            $ run 500
              * wifi down
              * crashed: bridge restarted
              * running -> listening: bridge restarted
              > 0 configure inbox 3 messages 1500 bytes next id 2 resumed
              * listening -> configuring: link is up
              > 1 release 1
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok
              * status running
              * joining -> running: bridge is running
              * started 2
              * status wifi_up
              * wifi up
            $ ack
            $ run 10
            $ crash
            $ run 500
              * wifi down
              * crashed: bridge restarted
              * running -> listening: bridge restarted
              > 0 configure inbox 3 messages 1500 bytes next id 2 resumed
              * listening -> configuring: link is up
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok
              * status running
              * joining -> running: bridge is running
              * started 3
              * status wifi_up
              * wifi up
        "#]],
    );
}

#[test]
fn what_expired_at_a_bridge_that_died_is_released_for_the_broker_may_hold_it() {
    check(
        "silent\n up\n publish a 1 qos2 ttl=20\n run 30\n crash\n run 500\n ack\n run 10\n crash\n run 500",
        expect![[r#"
            $ publish a 1 qos2 ttl=20
              publication 0
            $ run 30
              > 1 publish a "1" qos 2
              = 0 expired
            $ crash
            $ run 500
              * wifi down
              * crashed: bridge restarted
              * running -> listening: bridge restarted
              > 0 configure inbox 3 messages 1500 bytes next id 2 resumed
              * listening -> configuring: link is up
              > 1 release 1
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok
              * status running
              * joining -> running: bridge is running
              * started 2
              * status wifi_up
              * wifi up
            $ ack
            $ run 10
            $ crash
            $ run 500
              * wifi down
              * crashed: bridge restarted
              * running -> listening: bridge restarted
              > 0 configure inbox 3 messages 1500 bytes next id 2 resumed
              * listening -> configuring: link is up
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok
              * status running
              * joining -> running: bridge is running
              * started 3
              * status wifi_up
              * wifi up
        "#]],
    );
    check(
        "silent\n up\n publish a 1 qos2 ttl=20\n run 10\n say broker_down\n crash\n run 500\n ack\n run 10",
        expect![[r#"
            $ publish a 1 qos2 ttl=20
              publication 0
            $ run 10
              > 1 publish a "1" qos 2
            $ say broker_down
            $ crash
            $ run 500
              = 0 expired
              * wifi down
              * crashed: bridge restarted
              * running -> listening: bridge restarted
              > 0 configure inbox 3 messages 1500 bytes next id 2 resumed
              * listening -> configuring: link is up
              > 1 release 1
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok
              * status running
              * joining -> running: bridge is running
              * started 2
              * status wifi_up
              * wifi up
            $ ack
            $ run 10
        "#]],
    );
}

#[test]
fn closing_leaves_nothing_to_release_that_a_next_start_would_not() {
    check(
        "silent\n up\n publish a 1 qos2\n run 10\n close\n run 10\n start\n run 1000\n ack\n run 10",
        expect![[r#"
            $ publish a 1 qos2
              publication 0
            $ run 10
              > 1 publish a "1" qos 2
            $ close
              * wifi down
              * running -> off: closed
              = 0 rejected: not_connected
            $ run 10
            $ start
              * off -> resetting: started
            $ run 1000
              * resetting -> listening: time is up
              > 0 configure inbox 3 messages 1500 bytes next id 2 resumed
              * listening -> configuring: link is up
              > 1 release 1
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok
              * status running
              * joining -> running: bridge is running
              * started 2
              * status wifi_up
              * wifi up
            $ ack
            $ run 10
        "#]],
    );
}

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
              > 2 accept 6
              * status broker_down
              * status broker_ok 1
            $ take 0
              < a "x"
            $ take 0
              nothing
            $ run 10
              > 3 accept 9
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

#[test]
fn properties_go_both_ways_as_they_are() {
    check(
        "silent\n subscribe a\n up\n publish a 1 properties=key\n run 10\n crash\n run 500\n message2 7 a x properties=value\n run 10\n take 0
         unsubscribe 0 properties=bye\n run 10",
        expect![[r#"
            $ publish a 1 properties=key
              publication 0
            $ run 10
              > 2 publish a "1" qos 1 properties "key"
            $ crash
            $ run 500
              * wifi down
              * crashed: bridge restarted
              * running -> listening: bridge restarted
              > 0 configure inbox 3 messages 1500 bytes next id 3 resumed
              > 1 subscribe a qos 1
              * listening -> configuring: link is up
              > 2 publish a "1" qos 1 id 2 properties "key"
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok
              * status running
              * joining -> running: bridge is running
              * started 2
              * status wifi_up
              * wifi up
              * subscribed 0 qos 1
            $ message2 7 a x properties=value
            $ run 10
            $ take 0
              < a "x" properties "value"
            $ unsubscribe 0 properties=bye
            $ run 10
              > 3 accept 6
              > 4 unsubscribe a properties "bye"
        "#]],
    );
    check(
        "window 4 100\n up\n publish_bytes a 50 properties=0123456789012345678901234567890123456789012345678901\n publish b 2 properties=x\n run 10",
        expect![[r#"
            $ publish_bytes a 50 properties=0123456789012345678901234567890123456789012345678901
              publication 0
            $ publish b 2 properties=x
              publication 1
            $ run 10
              > 1 publish b "2" qos 1 properties "x"
              = 0 rejected: no_room
              = 1 delivered
        "#]],
    );
}

#[test]
fn only_one_unsubscription_with_properties_is_on_its_way() {
    check(
        "subscribe a\n subscribe b\n subscribe c\n up\n freeze\n unsubscribe 0 properties=1\n unsubscribe 1 properties=2\n unsubscribe 2\n thaw\n run 20
         unsubscribe 1 properties=2\n run 10",
        expect![[r#"
            $ freeze
            $ unsubscribe 0 properties=1
            $ unsubscribe 1 properties=2
              ! another unsubscription with properties is on its way
            $ unsubscribe 2
            $ thaw
            $ run 20
              > 4 unsubscribe a properties "1"
              > 5 unsubscribe c
            $ unsubscribe 1 properties=2
            $ run 10
              > 6 unsubscribe b properties "2"
        "#]],
    );
}
