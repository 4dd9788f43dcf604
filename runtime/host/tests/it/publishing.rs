//! One receipt for each publication, whatever happens to the bridge meanwhile.

use crate::script::check;
use expect_test::expect;

#[test]
fn receipts_come_when_the_bridge_answers() {
    check(
        "publish early 0\n up\n publish a 1 retain\n publish b 2 qos0\n run 10",
        expect![[r#"
        $ publish a 1 retain
          publication 1
        $ publish b 2 qos0
          publication 2
        $ run 10
          > 2 publish a "1" qos 1 retain
          > 3 publish b "2" qos 0
          = 1 delivered
          = 2 delivered
    "#]],
    );
}

#[test]
fn the_window_of_the_bridge_is_kept() {
    check(
        "window 2 100\n silent\n up\n publish a 1\n publish b 2\n publish c 3\n run 10\n ack\n run 10\n ack\n ack\n run 10",
        expect![[r#"
        $ publish a 1
          publication 0
        $ publish b 2
          publication 1
        $ publish c 3
          publication 2
        $ run 10
          > 1 publish a "1" qos 1
          > 2 publish b "2" qos 1
        $ ack
        $ run 10
          > 3 publish c "3" qos 1
          = 0 delivered
        $ ack
        $ ack
        $ run 10
          = 1 delivered
          = 2 delivered
    "#]],
    );
    check(
        "window 4 100\n silent\n up\n publish_bytes a 60\n publish_bytes b 60\n publish c 3\n run 10\n ack\n run 10",
        expect![[r#"
        $ publish_bytes a 60
          publication 0
        $ publish_bytes b 60
          publication 1
        $ publish c 3
          publication 2
        $ run 10
          > 1 publish a "xxxxxxxx… 60 bytes" qos 1
        $ ack
        $ run 10
          = 0 delivered
          > 2 publish b "xxxxxxxx… 60 bytes" qos 1
          > 3 publish c "3" qos 1
    "#]],
    );
}

#[test]
fn a_publication_beyond_the_whole_window_is_rejected() {
    check(
        "window 4 100\n up\n publish_bytes a 200\n publish b 1\n run 10",
        expect![[r#"
        $ publish_bytes a 200
          publication 0
        $ publish b 1
          publication 1
        $ run 10
          > 1 publish b "1" qos 1
          = 0 rejected: no_room
          = 1 delivered
    "#]],
    );
}

#[test]
fn while_the_broker_is_away_they_wait_in_the_queue() {
    check(
        "up\n say broker_down\n run 10\n publish a 1\n publish b 2\n run 100\n say broker_ok\n run 10",
        expect![[r#"
        $ say broker_down
        $ run 10
          * status broker_down
        $ publish a 1
          publication 0
        $ publish b 2
          publication 1
        $ run 100
        $ say broker_ok
        $ run 10
          > 1 publish a "1" qos 1
          > 2 publish b "2" qos 1
          * status broker_ok
          = 0 delivered
          = 1 delivered
    "#]],
    );
}

#[test]
fn what_the_bridge_had_when_it_died_is_sent_again_in_order() {
    check(
        "silent\n up\n publish a 1\n publish b 2\n publish c 3\n run 10\n ack\n run 10\n crash\n run 500\n ack\n ack\n run 10",
        expect![[r#"
            $ publish a 1
              publication 0
            $ publish b 2
              publication 1
            $ publish c 3
              publication 2
            $ run 10
              > 1 publish a "1" qos 1
              > 2 publish b "2" qos 1
              > 3 publish c "3" qos 1
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
              > 2 publish c "3" qos 1 id 3
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok
              * status running
              * joining -> running: bridge is running
              * started 2
              * status wifi_up
              * wifi up
            $ ack
            $ ack
            $ run 10
              = 1 delivered
              = 2 delivered
        "#]],
    );
    check(
        "silent\n up\n publish a 1\n run 10\n freeze\n publish b 2\n run 10400\n run 300\n ack\n ack\n run 10",
        expect![[r#"
            $ publish a 1
              publication 0
            $ run 10
              > 1 publish a "1" qos 1
            $ freeze
            $ publish b 2
              publication 1
            $ run 10400
              * wifi down
              * status bridge_dead
              * crashed: bridge is silent
              * running -> resetting: bridge is silent
              * resetting -> listening: time is up
              > 0 configure inbox 3 messages 1500 bytes next id 3 resumed
              * listening -> configuring: link is up
              > 1 publish a "1" qos 1 id 1
              > 2 publish b "2" qos 1 id 2
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok
              * status running
              * joining -> running: bridge is running
              * started 2
              * status wifi_up
              * wifi up
            $ run 300
            $ ack
            $ ack
            $ run 10
              = 0 delivered
              = 1 delivered
        "#]],
    );
}

#[test]
fn an_answer_that_died_with_the_link_counts_for_nothing_later() {
    check(
        "silent\n up\n publish a 1\n run 10\n crash\n run 500\n publish b 2\n run 10\n ack\n run 10\n ack\n run 10",
        expect![[r#"
            $ publish a 1
              publication 0
            $ run 10
              > 1 publish a "1" qos 1
            $ crash
            $ run 500
              * wifi down
              * crashed: bridge restarted
              * running -> listening: bridge restarted
              > 0 configure inbox 3 messages 1500 bytes next id 2 resumed
              * listening -> configuring: link is up
              > 1 publish a "1" qos 1 id 1
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok
              * status running
              * joining -> running: bridge is running
              * started 2
              * status wifi_up
              * wifi up
            $ publish b 2
              publication 1
            $ run 10
              > 2 publish b "2" qos 1
            $ ack
            $ run 10
              = 0 delivered
            $ ack
            $ run 10
              = 1 delivered
        "#]],
    );
}

#[test]
fn time_to_live() {
    check(
        "silent\n up\n publish a 1 ttl=100\n publish b 2 ttl=0\n run 99\n run 1\n ack\n run 10
         say broker_down\n run 10\n publish c 3 ttl=50\n publish d 4\n run 60\n say broker_ok\n run 10\n ack\n run 10",
        expect![[r#"
            $ publish a 1 ttl=100
              publication 0
            $ publish b 2 ttl=0
              publication 1
            $ run 99
              > 1 publish a "1" qos 1
              = 1 expired
            $ run 1
              = 0 expired
            $ ack
            $ run 10
            $ say broker_down
            $ run 10
              * status broker_down
            $ publish c 3 ttl=50
              publication 2
            $ publish d 4
              publication 3
            $ run 60
              = 2 expired
            $ say broker_ok
            $ run 10
              > 2 publish d "4" qos 1
              * status broker_ok
            $ ack
            $ run 10
              = 3 delivered
        "#]],
    );
}

#[test]
fn what_expired_at_the_bridge_is_not_sent_again_and_holds_its_window_until_then() {
    check(
        "window 1 500\n silent\n up\n publish a 1 ttl=50\n publish b 2\n run 100\n crash\n run 500\n ack\n run 10",
        expect![[r#"
            $ publish a 1 ttl=50
              publication 0
            $ publish b 2
              publication 1
            $ run 100
              > 1 publish a "1" qos 1
              = 0 expired
            $ crash
            $ run 500
              * wifi down
              * crashed: bridge restarted
              * running -> listening: bridge restarted
              > 0 configure inbox 3 messages 1500 bytes next id 2 resumed
              * listening -> configuring: link is up
              > 1 publish b "2" qos 1
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
              = 1 delivered
        "#]],
    );
}

#[test]
fn only_the_latest_counts_where_that_was_asked() {
    check(
        "silent\n up\n say broker_down\n run 10\n publish t 1 latest\n publish u 2 latest\n publish t 3\n publish t 4 latest
         publish t 5 latest\n run 1\n say broker_ok\n run 10\n publish t 6 latest\n run 10\n ack\n ack\n ack\n ack\n run 10",
        expect![[r#"
            $ say broker_down
            $ run 10
              * status broker_down
            $ publish t 1 latest
              publication 0
            $ publish u 2 latest
              publication 1
            $ publish t 3
              publication 2
              = 0 superseded
            $ publish t 4 latest
              publication 3
            $ publish t 5 latest
              publication 4
              = 3 superseded
            $ run 1
            $ say broker_ok
            $ run 10
              > 1 publish u "2" qos 1
              > 2 publish t "3" qos 1
              > 3 publish t "5" qos 1
              * status broker_ok
            $ publish t 6 latest
              publication 5
            $ run 10
              > 4 publish t "6" qos 1
            $ ack
            $ ack
            $ ack
            $ ack
            $ run 10
              = 1 delivered
              = 2 delivered
              = 4 delivered
              = 5 delivered
        "#]],
    );
}

#[test]
fn a_full_queue_refuses_at_once_and_supersedes_nothing_in_vain() {
    check(
        "publish a 0 latest\n publish b 1\n publish c 2\n publish d 3\n publish e 4\n publish a 5\n run 2000\n publish f 6\n run 10",
        expect![[r#"
            $ publish a 0 latest
              publication 0
              * off -> resetting: started
            $ publish b 1
              publication 1
            $ publish c 2
              publication 2
            $ publish d 3
              publication 3
            $ publish e 4
              ! the publish queue is full
            $ publish a 5
              ! the publish queue is full
            $ run 2000
              * resetting -> listening: time is up
              > 0 configure inbox 3 messages 1500 bytes
              * listening -> configuring: link is up
              > 1 publish a "0" qos 1
              > 2 publish b "1" qos 1
              > 3 publish c "2" qos 1
              > 4 publish d "3" qos 1
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok
              * status running
              * joining -> running: bridge is running
              * started 1
              * status wifi_up
              * wifi up
              = 0 delivered
              = 1 delivered
              = 2 delivered
              = 3 delivered
            $ publish f 6
              publication 4
            $ run 10
              > 5 publish f "6" qos 1
              = 4 delivered
        "#]],
    );
    check(
        "publish_bytes a 700 latest\n publish_bytes b 600\n publish_bytes c 200\n publish_bytes a 701\n publish_bytes a 790\n publish_bytes a 900",
        expect![[r#"
        $ publish_bytes a 700 latest
          publication 0
          * off -> resetting: started
        $ publish_bytes b 600
          publication 1
        $ publish_bytes c 200
          ! the publish queue is full
        $ publish_bytes a 701
          publication 2
          = 0 superseded
        $ publish_bytes a 790
          ! the publish queue is full
        $ publish_bytes a 900
          ! the publish queue is full
    "#]],
    );
}

#[test]
fn what_can_never_be_published_is_refused_at_once() {
    check(
        "publish a/# 1\n publish_bytes a 1025\n publish_bytes a 1024",
        expect![[r#"
            $ publish a/# 1
              ! not a topic name: it is empty or holds +, # or U+0000
              * off -> resetting: started
            $ publish_bytes a 1025
              ! topic, payload or properties are longer than 1024 bytes
            $ publish_bytes a 1024
              publication 0
        "#]],
    );
}

#[test]
fn rejections_end_it_but_passing_ones_are_tried_again() {
    check(
        "silent\n up\n publish a 1\n publish b 2\n run 10\n ack bad_topic\n ack not_connected\n run 500\n run 600\n ack\n run 10",
        expect![[r#"
            $ publish a 1
              publication 0
            $ publish b 2
              publication 1
            $ run 10
              > 1 publish a "1" qos 1
              > 2 publish b "2" qos 1
            $ ack bad_topic
            $ ack not_connected
            $ run 500
              = 0 rejected: bad_topic
            $ run 600
              > 3 publish b "2" qos 1
            $ ack
            $ run 10
              = 1 delivered
        "#]],
    );
}
