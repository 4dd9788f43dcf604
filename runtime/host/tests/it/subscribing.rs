//! Subscriptions outlive the bridge; messages wait for the application, and receipts do not wait for them.

use crate::script::check;
use expect_test::expect;

#[test]
fn each_subscription_takes_what_matches_it_and_the_last_one_accepts() {
    check(
        "subscribe green\n subscribe +\n up\n message green on\n message red off\n message x/y lost\n run 10
         take 0\n run 10\n take 1\n run 10\n take 1\n run 10\n take 0",
        expect![[r#"
            $ message green on
            $ message red off
            $ message x/y lost
            $ run 10
              > 3 accept 9
            $ take 0
              < green "on"
            $ run 10
            $ take 1
              < green "on"
            $ run 10
              > 4 accept 7
            $ take 1
              < red "off"
            $ run 10
              > 5 accept 8
            $ take 0
              nothing
        "#]],
    );
}

#[test]
fn an_application_that_does_not_take_gets_no_more_but_receipts_go_on() {
    check(
        "subscribe green\n up\n message green 1\n message green 2\n message green 3\n publish a 1\n run 10
         take 0\n run 10\n message green 4\n run 10\n take 0\n take 0\n take 0\n run 10",
        expect![[r#"
            $ message green 1
            $ message green 2
            $ message green 3
            $ publish a 1
              publication 0
            $ run 10
              > 2 publish a "1" qos 1
              = 0 delivered
            $ take 0
              < green "1"
            $ run 10
              > 3 accept 6
            $ message green 4
            $ run 10
            $ take 0
              < green "2"
            $ take 0
              < green "3"
            $ take 0
              < green "4"
            $ run 10
              > 4 accept 7
              > 5 accept 8
              > 6 accept 10
        "#]],
    );
}

#[test]
fn a_bridge_beyond_its_window_has_its_message_wait_in_the_link() {
    check(
        "subscribe green\n up\n message green 1\n message green 2\n message green 3\n message green 4\n run 10
         take 0\n run 10\n take 0\n take 0\n take 0\n run 10",
        expect![[r#"
            $ message green 1
            $ message green 2
            $ message green 3
            $ message green 4
            $ run 10
            $ take 0
              < green "1"
            $ run 10
              > 2 accept 6
            $ take 0
              < green "2"
            $ take 0
              < green "3"
            $ take 0
              < green "4"
            $ run 10
              > 3 accept 7
              > 4 accept 8
              > 5 accept 9
        "#]],
    );
}

#[test]
fn messages_of_a_lost_link_can_still_be_taken_and_are_not_accepted() {
    check(
        "subscribe green\n up\n message green 1\n run 10\n crash\n run 500\n take 0\n take 0\n run 10",
        expect![[r#"
            $ message green 1
            $ run 10
            $ crash
            $ run 500
              * wifi down
              * crashed: bridge restarted
              * running -> listening: bridge restarted
              > 0 configure inbox 2 messages 1494 bytes next id 2 resumed
              > 1 subscribe green qos 1
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
            $ take 0
              < green "1"
            $ take 0
              nothing
            $ run 10
              > 2 configure inbox 3 messages 1500 bytes next id 3 resumed
        "#]],
    );
}

#[test]
fn a_full_inbox_outlives_the_link_as_far_as_one_message_still_fits() {
    check(
        "subscribe green\n up\n message_bytes green 90\n message_bytes green 80\n message_bytes green 1000\n run 40\n crash\n run 500
         take 0\n run 10\n take 0",
        expect![[r#"
            $ message_bytes green 90
            $ message_bytes green 80
            $ message_bytes green 1000
            $ run 40
            $ crash
            $ run 500
              * wifi down
              * crashed: bridge restarted
              * running -> listening: bridge restarted
              > 0 configure inbox 2 messages 1405 bytes next id 2 resumed
              > 1 subscribe green qos 1
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
            $ take 0
              < green "xxxxxxxx… 90 bytes"
            $ run 10
              > 2 configure inbox 3 messages 1500 bytes next id 3 resumed
            $ take 0
              nothing
        "#]],
    );
}

#[test]
fn subscriptions_are_made_again_with_every_bridge_and_given_up_for_good() {
    check(
        "subscribe a\n subscribe b\n up\n crash\n run 500\n unsubscribe 0\n run 10\n filters\n crash\n run 500\n subscribe c\n run 10\n filters",
        expect![[r#"
            $ crash
            $ run 500
              * wifi down
              * crashed: bridge restarted
              * running -> listening: bridge restarted
              > 0 configure inbox 3 messages 1500 bytes next id 3 resumed
              > 1 subscribe a qos 1
              > 2 subscribe b qos 1
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
              * subscribed 1 qos 1
            $ unsubscribe 0
            $ run 10
              > 3 unsubscribe a
            $ filters
              subscription 0 None
              subscription 1 Some(Granted(AtLeastOnce))
            $ crash
            $ run 500
              * wifi down
              * crashed: bridge restarted
              * running -> listening: bridge restarted
              > 0 configure inbox 3 messages 1500 bytes next id 6 resumed
              > 1 subscribe b qos 1
              * listening -> configuring: link is up
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok
              * status running
              * joining -> running: bridge is running
              * started 3
              * status wifi_up
              * wifi up
              * subscribed 1 qos 1
            $ subscribe c
            $ run 10
              > 2 subscribe c qos 1
              * subscribed 2 qos 1
            $ filters
              subscription 0 None
              subscription 1 Some(Granted(AtLeastOnce))
              subscription 2 Some(Granted(AtLeastOnce))
        "#]],
    );
}

#[test]
fn what_is_given_up_during_an_outage_is_given_up_at_the_broker_later() {
    check(
        "subscribe a\n up\n freeze\n unsubscribe 0\n subscribe a\n run 10200\n run 500\n filters",
        expect![[r#"
            $ freeze
            $ unsubscribe 0
            $ subscribe a
            $ run 10200
              * wifi down
              * status bridge_dead
              * crashed: bridge is silent
              * running -> resetting: bridge is silent
              * resetting -> listening: time is up
              > 0 configure inbox 3 messages 1500 bytes next id 4 resumed
              * listening -> configuring: link is up
              > 1 unsubscribe a
              > 2 subscribe a qos 1
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok
              * status running
              * joining -> running: bridge is running
              * started 2
              * status wifi_up
              * wifi up
              * subscribed 1 qos 1
            $ run 500
            $ filters
              subscription 0 None
              subscription 1 Some(Granted(AtLeastOnce))
        "#]],
    );
}

#[test]
fn what_no_bridge_ever_knew_is_just_forgotten() {
    check(
        "subscribe a\n unsubscribe 0\n filters\n run 2000",
        expect![[r#"
            $ subscribe a
              * off -> resetting: started
            $ unsubscribe 0
            $ filters
              subscription 0 None
            $ run 2000
              * resetting -> listening: time is up
              > 0 configure inbox 3 messages 1500 bytes
              * listening -> configuring: link is up
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok
              * status running
              * joining -> running: bridge is running
              * started 1
              * status wifi_up
              * wifi up
        "#]],
    );
}

#[test]
fn two_subscriptions_of_one_filter_do_not_end_each_other() {
    check(
        "subscribe a\n subscribe a\n up\n unsubscribe 0\n run 10\n filters\n unsubscribe 1\n run 10\n filters",
        expect![[r#"
        $ unsubscribe 0
        $ run 10
        $ filters
          subscription 0 None
          subscription 1 Some(Granted(AtLeastOnce))
        $ unsubscribe 1
        $ run 10
          > 3 unsubscribe a
        $ filters
          subscription 0 None
          subscription 1 None
    "#]],
    );
}

#[test]
fn giving_up_accepts_what_waited_for_it_alone() {
    check(
        "subscribe a\n subscribe +\n up\n message a 1\n message b 2\n run 10\n unsubscribe 1\n run 10\n message b 3\n run 10\n take 0\n run 10",
        expect![[r#"
            $ message a 1
            $ message b 2
            $ run 10
            $ unsubscribe 1
            $ run 10
              > 3 accept 8
              > 4 unsubscribe +
            $ message b 3
            $ run 10
              > 5 accept 10
            $ take 0
              < a "1"
            $ run 10
              > 6 accept 7
        "#]],
    );
}

#[test]
fn refusals_are_told_and_tried_again_with_the_next_bridge() {
    check(
        "manual\n subscribe a\n run 500\n answer\n answer refused_by_broker\n run 10\n filters\n crash\n run 500\n answer\n answer\n run 10\n filters
         unsubscribe 0\n run 10\n error unsupported\n run 10\n filters",
        expect![[r#"
            $ manual
              * off -> resetting: started
            $ subscribe a
            $ run 500
              * resetting -> listening: time is up
              > 0 configure inbox 3 messages 1500 bytes
              * listening -> configuring: link is up
              > 1 subscribe a qos 1
            $ answer
            $ answer refused_by_broker
            $ run 10
              * configuring -> joining: bridge is configured
              * subscription 0 refused: refused_by_broker
            $ filters
              subscription 0 Some(Refused(RefusedByBroker))
            $ crash
            $ run 500
              * crashed: bridge restarted
              * joining -> listening: bridge restarted
              > 0 configure inbox 3 messages 1500 bytes next id 2
              > 1 subscribe a qos 1
              * listening -> configuring: link is up
            $ answer
            $ answer
            $ run 10
              * configuring -> joining: bridge is configured
              * subscribed 0 qos 0
            $ filters
              subscription 0 Some(Granted(AtMostOnce))
            $ unsubscribe 0
            $ run 10
              > 2 unsubscribe a
            $ error unsupported
            $ run 10
              > 3 configure inbox 3 messages 1500 bytes next id 4
            $ filters
              subscription 0 None
        "#]],
    );
    check(
        "manual\n subscribe a\n run 500\n answer\n answer not_connected\n run 500\n run 600\n answer\n run 10\n filters",
        expect![[r#"
            $ manual
              * off -> resetting: started
            $ subscribe a
            $ run 500
              * resetting -> listening: time is up
              > 0 configure inbox 3 messages 1500 bytes
              * listening -> configuring: link is up
              > 1 subscribe a qos 1
            $ answer
            $ answer not_connected
            $ run 500
              * configuring -> joining: bridge is configured
            $ run 600
              > 2 subscribe a qos 1
            $ answer
            $ run 10
              * subscribed 0 qos 0
            $ filters
              subscription 0 Some(Granted(AtMostOnce))
        "#]],
    );
}

#[test]
fn a_full_table_and_bad_filters_are_refused_at_once() {
    check(
        "subscribe a\n subscribe b\n subscribe a/#/b\n subscribe c\n subscribe d\n unsubscribe 1\n subscribe e",
        expect![[r#"
        $ subscribe a
          * off -> resetting: started
        $ subscribe b
        $ subscribe a/#/b
          ! not a topic filter: # must be the whole last level, + a whole level
        $ subscribe c
        $ subscribe d
          ! the subscription table is full
        $ unsubscribe 1
        $ subscribe e
    "#]],
    );
}
