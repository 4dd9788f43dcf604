//! QoS 2 to the broker: a crash of the bridge after each step, the end of the time to live at each step.

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
