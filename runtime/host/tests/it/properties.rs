//! MQTT 5.0 properties pass through the host as they are, both ways.

use crate::script::check;
use expect_test::expect;

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
