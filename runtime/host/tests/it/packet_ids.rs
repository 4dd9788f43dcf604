//! Packet identifiers: both ends count alike, and what the broker may know keeps its own.

use crate::script::check;
use expect_test::expect;

#[test]
fn a_normal_publication_says_nothing_of_its_identifier_and_the_count_goes_on_after_a_crash() {
    check(
        "up\n publish a 1\n publish b 2 qos0\n subscribe c\n run 10\n crash\n run 500\n publish d 3\n run 10\n crash\n run 500",
        expect![[r#"
            $ publish a 1
              publication 0
            $ publish b 2 qos0
              publication 1
            $ subscribe c
            $ run 10
              > 1 subscribe c qos 1
              > 2 publish a "1" qos 1
              > 3 publish b "2" qos 0
              * subscribed 0 qos 1
              = 0 delivered
              = 1 delivered
            $ crash
            $ run 500
              * wifi down
              * crashed: bridge restarted
              * running -> listening: bridge restarted
              > 0 configure inbox 3 messages 1500 bytes next id 3 resumed
              > 1 subscribe c qos 1
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
            $ publish d 3
              publication 2
            $ run 10
              > 2 publish d "3" qos 1
              = 2 delivered
            $ crash
            $ run 500
              * wifi down
              * crashed: bridge restarted
              * running -> listening: bridge restarted
              > 0 configure inbox 3 messages 1500 bytes next id 5 resumed
              > 1 subscribe c qos 1
              * listening -> configuring: link is up
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok
              * status running
              * joining -> running: bridge is running
              * started 3
              * status wifi_up
              * wifi up
              * subscribed 0 qos 1
        "#]],
    );
}

#[test]
fn what_the_bridge_had_keeps_its_identifier_and_its_place() {
    check(
        "silent\n up\n publish a 1\n publish b 2\n publish c 3 qos0\n publish d 4\n run 10\n ack\n run 10\n crash\n run 500
         publish e 5\n run 10\n ack\n ack\n ack\n ack\n run 10\n crash\n run 500",
        expect![[r#"
            $ publish a 1
              publication 0
            $ publish b 2
              publication 1
            $ publish c 3 qos0
              publication 2
            $ publish d 4
              publication 3
            $ run 10
              > 1 publish a "1" qos 1
              > 2 publish b "2" qos 1
              > 3 publish c "3" qos 0
              > 4 publish d "4" qos 1
            $ ack
            $ run 10
              = 0 delivered
            $ crash
            $ run 500
              * wifi down
              * crashed: bridge restarted
              * running -> listening: bridge restarted
              > 0 configure inbox 3 messages 1500 bytes next id 4 resumed
              * listening -> configuring: link is up
              > 1 publish b "2" qos 1 id 2
              > 2 publish c "3" qos 0
              > 3 publish d "4" qos 1 id 3
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok
              * status running
              * joining -> running: bridge is running
              * started 2
              * status wifi_up
              * wifi up
            $ publish e 5
              publication 4
            $ run 10
              > 4 publish e "5" qos 1
            $ ack
            $ ack
            $ ack
            $ ack
            $ run 10
              = 1 delivered
              = 2 delivered
              = 3 delivered
              = 4 delivered
            $ crash
            $ run 500
              * wifi down
              * crashed: bridge restarted
              * running -> listening: bridge restarted
              > 0 configure inbox 3 messages 1500 bytes next id 5 resumed
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
fn what_was_given_back_is_new_again_but_not_what_the_broker_may_know() {
    check(
        "silent\n up\n publish a 1\n run 10\n ack no_room\n run 1010\n crash\n run 500\n ack not_connected\n publish b 2\n run 1010
         crash\n run 500",
        expect![[r#"
            $ publish a 1
              publication 0
            $ run 10
              > 1 publish a "1" qos 1
            $ ack no_room
            $ run 1010
              > 2 publish a "1" qos 1
            $ crash
            $ run 500
              * wifi down
              * crashed: bridge restarted
              * running -> listening: bridge restarted
              > 0 configure inbox 3 messages 1500 bytes next id 3 resumed
              * listening -> configuring: link is up
              > 1 publish a "1" qos 1 id 2
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok
              * status running
              * joining -> running: bridge is running
              * started 2
              * status wifi_up
              * wifi up
            $ ack not_connected
            $ publish b 2
              publication 1
            $ run 1010
              > 2 publish b "2" qos 1
              > 3 publish a "1" qos 1 id 2
            $ crash
            $ run 500
              * wifi down
              * crashed: bridge restarted
              * running -> listening: bridge restarted
              > 0 configure inbox 3 messages 1500 bytes next id 4 resumed
              * listening -> configuring: link is up
              > 1 publish a "1" qos 1 id 2
              > 2 publish b "2" qos 1 id 3
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
fn a_command_that_the_bridge_did_not_count_sets_the_count() {
    check(
        "silent\n up\n publish a 1\n run 10\n error_publish malformed\n run 10\n publish b 2\n run 10\n ack\n run 10",
        expect![[r#"
            $ publish a 1
              publication 0
            $ run 10
              > 1 publish a "1" qos 1
            $ error_publish malformed
            $ run 10
              > 2 configure inbox 3 messages 1500 bytes next id 2 resumed
              = 0 rejected: malformed
            $ publish b 2
              publication 1
            $ run 10
              > 3 publish b "2" qos 1
            $ ack
            $ run 10
              = 1 delivered
        "#]],
    );
    check(
        "up\n manual\n crash\n run 500\n answer\n run 10\n subscribe a\n run 10\n error unsupported\n call memory\n run 10\n error unsupported\n run 10",
        expect![[r#"
            $ manual
            $ crash
            $ run 500
              * wifi down
              * crashed: bridge restarted
              * running -> listening: bridge restarted
              > 0 configure inbox 3 messages 1500 bytes resumed
              * listening -> configuring: link is up
            $ answer
            $ run 10
              * configuring -> joining: bridge is configured
            $ subscribe a
            $ run 10
              > 1 subscribe a qos 1
            $ error unsupported
            $ call memory
            $ run 10
              > 2 memory
              > 3 configure inbox 3 messages 1500 bytes next id 2 resumed
              * subscription 0 refused: unsupported
            $ error unsupported
            $ run 10
              = call 0 Err(Refused(Unsupported))
        "#]],
    );
}

#[test]
fn the_count_goes_around_and_leaves_out_what_is_in_use() {
    check(
        "silent\n up\n publish a 1 qos2\n run 10\n ack received\n run 10\n loud\n flood 32765\n publish b 2\n publish c 3\n run 10
         ack\n run 10\n crash\n run 500",
        expect![[r#"
            $ publish b 2
              publication 32766
            $ publish c 3
              publication 32767
            $ run 10
              > 0 publish b "2" qos 1
              > 1 configure inbox 3 messages 1500 bytes next id 2 resumed
              > 2 publish c "3" qos 1
              = 32766 delivered
              = 32767 delivered
            $ ack
            $ run 10
              = 0 delivered
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
              * started 2
              * status wifi_up
              * wifi up
        "#]],
    );
}

#[test]
fn a_bridge_of_revision_1_is_told_of_no_identifiers() {
    check(
        "silent\n up\n publish a 1\n run 10\n revision 1\n crash\n run 500\n ack\n publish b 2\n run 10\n crash\n run 500",
        expect![[r#"
            $ publish a 1
              publication 0
            $ run 10
              > 1 publish a "1" qos 1
            $ revision 1
            $ crash
            $ run 500
              * wifi down
              * crashed: bridge restarted
              * running -> listening: bridge restarted
              > 0 configure inbox 3 messages 1500 bytes
              * listening -> configuring: link is up
              > 1 publish a "1" qos 1
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok
              * status running
              * joining -> running: bridge is running
              * started 2
              * status wifi_up
              * wifi up
            $ ack
            $ publish b 2
              publication 1
            $ run 10
              > 2 publish b "2" qos 1
              = 0 delivered
            $ crash
            $ run 500
              * wifi down
              * crashed: bridge restarted
              * running -> listening: bridge restarted
              > 0 configure inbox 3 messages 1500 bytes
              * listening -> configuring: link is up
              > 1 publish b "2" qos 1
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
        "revision 1\n up\n publish a 1 qos2\n publish b 2 properties=p\n publish c 3\n subscribe d\n run 10\n unsubscribe 0 properties=p\n run 10",
        expect![[r#"
            $ publish a 1 qos2
              publication 0
            $ publish b 2 properties=p
              publication 1
            $ publish c 3
              publication 2
            $ subscribe d
            $ run 10
              > 1 subscribe d qos 1
              > 2 publish c "3" qos 1
              = 0 rejected: unsupported
              = 1 rejected: unsupported
              * subscribed 0 qos 1
              = 2 delivered
            $ unsubscribe 0 properties=p
            $ run 10
              > 3 unsubscribe d
        "#]],
    );
    check(
        "silent\n up\n publish a 1 qos2\n publish b 2 qos2\n run 10\n ack received\n run 10\n revision 1\n crash\n run 500",
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
            $ revision 1
            $ crash
            $ run 500
              * wifi down
              * crashed: bridge restarted
              * running -> listening: bridge restarted
              > 0 configure inbox 3 messages 1500 bytes
              * listening -> configuring: link is up
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok
              * status running
              * joining -> running: bridge is running
              * started 2
              * status wifi_up
              * wifi up
              = 0 rejected: unsupported
              = 1 rejected: unsupported
        "#]],
    );
}

#[test]
fn a_host_that_was_connected_to_its_broker_before_says_so() {
    check(
        "manual\n run 500\n crash\n run 500\n answer\n run 10\n crash\n run 500\n answer\n say broker_ok\n run 10\n crash\n run 500",
        expect![[r#"
            $ manual
              * off -> resetting: started
            $ run 500
              * resetting -> listening: time is up
              > 0 configure inbox 3 messages 1500 bytes
              * listening -> configuring: link is up
            $ crash
            $ run 500
              * crashed: bridge restarted
              * configuring -> listening: bridge restarted
              > 0 configure inbox 3 messages 1500 bytes
              * listening -> configuring: link is up
            $ answer
            $ run 10
              * configuring -> joining: bridge is configured
            $ crash
            $ run 500
              * crashed: bridge restarted
              * joining -> listening: bridge restarted
              > 0 configure inbox 3 messages 1500 bytes
              * listening -> configuring: link is up
            $ answer
            $ say broker_ok
            $ run 10
              * configuring -> joining: bridge is configured
              * status broker_ok
            $ crash
            $ run 500
              * crashed: bridge restarted
              * joining -> listening: bridge restarted
              > 0 configure inbox 3 messages 1500 bytes resumed
              * listening -> configuring: link is up
        "#]],
    );
    check(
        "up\n reconfigure\n run 10\n reconfigure other\n run 10\n crash\n run 500\n crash\n run 500",
        expect![[r#"
            $ reconfigure
              * running -> configuring: new configuration
            $ run 10
              > 1 configure inbox 3 messages 1500 bytes resumed
              * configuring -> running: bridge is configured
            $ reconfigure other
              * running -> configuring: new configuration
            $ run 10
              > 2 configure inbox 3 messages 1500 bytes
              * configuring -> running: bridge is configured
            $ crash
            $ run 500
              * wifi down
              * crashed: bridge restarted
              * running -> listening: bridge restarted
              > 0 configure inbox 3 messages 1500 bytes
              * listening -> configuring: link is up
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
              > 0 configure inbox 3 messages 1500 bytes resumed
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
