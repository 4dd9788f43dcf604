//! Reset, hello, will, configuration; and every way in which that can fail.

use crate::script::check;
use expect_test::expect;

#[test]
fn a_bridge_that_works() {
    check(
        "will gone simple\n subscribe green\n run 2000",
        expect![[r#"
            $ will gone simple
              * off -> resetting: started
            $ subscribe green
            $ run 2000
              * resetting -> listening: time is up
              > 0 will gone "simple"
              * listening -> configuring: link is up
              > 1 configure inbox 3 messages 1500 bytes
              > 2 subscribe green qos 1
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok
              * status running
              * joining -> running: bridge is running
              * started 1
              * status wifi_up
              * wifi up
              * subscribed 0 qos 1
        "#]],
    );
}

#[test]
fn a_bridge_that_is_not_there_is_reset_with_growing_pauses_and_found_when_it_comes() {
    check(
        "absent\n run 70000\n present\n run 500",
        expect![[r#"
            $ absent
              * off -> resetting: started
            $ run 70000
              * resetting -> listening: time is up
              * status link_failed
              * crashed: no sign of a bridge
              * listening -> resetting: no sign of a bridge
              * resetting -> listening: time is up
              * status link_failed
              * crashed: no sign of a bridge
              * listening -> pausing: no sign of a bridge
              * pausing -> resetting: time is up
              * resetting -> listening: time is up
              * status link_failed
              * crashed: no sign of a bridge
              * listening -> pausing: no sign of a bridge
              * pausing -> resetting: time is up
              * resetting -> listening: time is up
              * status link_failed
              * crashed: no sign of a bridge
              * listening -> pausing: no sign of a bridge
              * pausing -> resetting: time is up
              * resetting -> listening: time is up
              * status link_failed
              * crashed: no sign of a bridge
              * listening -> pausing: no sign of a bridge
              * pausing -> resetting: time is up
              * resetting -> listening: time is up
            $ present
            $ run 500
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
fn a_bridge_of_another_protocol_is_not_spoken_to() {
    check(
        "hash\n run 3000",
        expect![[r#"
            $ hash
              * off -> resetting: started
            $ run 3000
              * resetting -> listening: time is up
              * crashed: bridge speaks another protocol of the same revision
              * listening -> resetting: bridge speaks another protocol of the same revision
              * resetting -> listening: time is up
              * crashed: bridge speaks another protocol of the same revision
              * listening -> pausing: bridge speaks another protocol of the same revision
              * pausing -> resetting: time is up
              * resetting -> listening: time is up
              * crashed: bridge speaks another protocol of the same revision
              * listening -> pausing: bridge speaks another protocol of the same revision
        "#]],
    );
}

#[test]
fn a_bridge_that_does_not_answer_the_configuration_is_reset() {
    check(
        "manual\n will gone simple\n run 500\n answer\n run 10500\n answer\n answer\n run 500",
        expect![[r#"
            $ manual
              * off -> resetting: started
            $ will gone simple
            $ run 500
              * resetting -> listening: time is up
              > 0 will gone "simple"
              * listening -> configuring: link is up
              > 1 configure inbox 3 messages 1500 bytes
            $ answer
            $ run 10500
              * status link_failed
              * crashed: bridge did not answer the configuration
              * configuring -> resetting: bridge did not answer the configuration
              * resetting -> listening: time is up
              > 0 will gone "simple"
              * listening -> configuring: link is up
              > 1 configure inbox 3 messages 1500 bytes
            $ answer
            $ answer
            $ run 500
              * configuring -> joining: bridge is configured
        "#]],
    );
}

#[test]
fn a_refused_configuration_waits_for_another() {
    check(
        "manual\n run 500\n answer unsupported\n run 500\n reconfigure\n run 100\n answer\n run 100",
        expect![[r#"
            $ manual
              * off -> resetting: started
            $ run 500
              * resetting -> listening: time is up
              > 0 configure inbox 3 messages 1500 bytes
              * listening -> configuring: link is up
            $ answer unsupported
            $ run 500
              * configuring -> misconfigured: bridge refused: unsupported
            $ reconfigure
              * misconfigured -> configuring: new configuration
            $ run 100
              > 1 configure inbox 3 messages 1500 bytes
            $ answer
            $ run 100
              * configuring -> joining: bridge is configured
        "#]],
    );
}

#[test]
fn a_command_of_the_start_that_the_bridge_does_not_know() {
    check(
        "manual\n will gone simple\n run 500\n error unsupported\n answer\n run 500",
        expect![[r#"
            $ manual
              * off -> resetting: started
            $ will gone simple
            $ run 500
              * resetting -> listening: time is up
              > 0 will gone "simple"
              * listening -> configuring: link is up
              > 1 configure inbox 3 messages 1500 bytes
            $ error unsupported
            $ answer
            $ run 500
              * configuring -> misconfigured: bridge refused: unsupported
        "#]],
    );
}

#[test]
fn consent_comes_at_once_the_first_time_and_then_after_thirty_seconds() {
    check(
        "manual\n run 500\n answer\n say specified_network\n run 100
         say specified_network\n run 29900\n say wifi_up\n run 200",
        expect![[r#"
            $ manual
              * off -> resetting: started
            $ run 500
              * resetting -> listening: time is up
              > 0 configure inbox 3 messages 1500 bytes
              * listening -> configuring: link is up
            $ answer
            $ say specified_network
            $ run 100
              > 1 join_network true
              * configuring -> joining: bridge is configured
              * status specified_network
            $ say specified_network
            $ run 29900
              * status specified_network
              > 2 ping
              > 3 ping
            $ say wifi_up
            $ run 200
              * status wifi_up
              > 4 join_network true
        "#]],
    );
}

#[test]
fn the_application_may_consent_itself_or_refuse() {
    check(
        "policy ask\n manual\n run 500\n answer\n say specified_network\n run 9000\n join true\n run 100
         policy refuse\n say specified_network\n run 100",
        expect![[r#"
            $ policy ask
              * off -> resetting: started
            $ manual
            $ run 500
              * resetting -> listening: time is up
              > 0 configure inbox 3 messages 1500 bytes
              * listening -> configuring: link is up
            $ answer
            $ say specified_network
            $ run 9000
              * configuring -> joining: bridge is configured
              * status specified_network
            $ join true
            $ run 100
              > 1 join_network true
            $ policy refuse
            $ say specified_network
            $ run 100
              > 2 join_network false
              * status specified_network
        "#]],
    );
}

#[test]
fn statuses_that_a_reset_mends_and_those_it_does_not() {
    check(
        "manual\n run 500\n answer\n say wifi_down\n say network_failed\n say broker_refused\n say 55\n run 100
         say 240\n run 300\n answer\n say broker_fail\n run 300",
        expect![[r#"
            $ manual
              * off -> resetting: started
            $ run 500
              * resetting -> listening: time is up
              > 0 configure inbox 3 messages 1500 bytes
              * listening -> configuring: link is up
            $ answer
            $ say wifi_down
            $ say network_failed
            $ say broker_refused
            $ say 55
            $ run 100
              * configuring -> joining: bridge is configured
              * status wifi_down
              * status network_failed
              * status broker_refused
              * status 0x37
            $ say 240
            $ run 300
              * status 0xf0
              * crashed: bridge said fatal status 0xf0
              * joining -> resetting: bridge said fatal status 0xf0
              * resetting -> listening: time is up
              > 0 configure inbox 3 messages 1500 bytes
              * listening -> configuring: link is up
            $ answer
            $ say broker_fail
            $ run 300
              * configuring -> joining: bridge is configured
              * status broker_fail
              * crashed: bridge said broker_fail
              * joining -> pausing: bridge said broker_fail
        "#]],
    );
}

#[test]
fn a_silent_bridge_is_reset_and_told_everything_again() {
    check(
        "will gone simple\n subscribe green\n run 2000\n freeze\n run 9000\n run 2000",
        expect![[r#"
            $ will gone simple
              * off -> resetting: started
            $ subscribe green
            $ run 2000
              * resetting -> listening: time is up
              > 0 will gone "simple"
              * listening -> configuring: link is up
              > 1 configure inbox 3 messages 1500 bytes
              > 2 subscribe green qos 1
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok
              * status running
              * joining -> running: bridge is running
              * started 1
              * status wifi_up
              * wifi up
              * subscribed 0 qos 1
            $ freeze
            $ run 9000
              * wifi down
              * status bridge_dead
              * crashed: bridge is silent
              * running -> resetting: bridge is silent
              * resetting -> listening: time is up
              > 0 will gone "simple"
              * listening -> configuring: link is up
              > 1 configure inbox 3 messages 1500 bytes next id 2 resumed
              > 2 subscribe green qos 1
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok
              * status running
              * joining -> running: bridge is running
              * started 2
              * status wifi_up
              * wifi up
              * subscribed 0 qos 1
            $ run 2000
        "#]],
    );
}

#[test]
fn a_bridge_that_stalls_for_less_than_the_watchdog_is_left_alone() {
    check(
        "up\n freeze\n run 7000\n thaw\n run 20000",
        expect![[r#"
        $ freeze
        $ run 7000
        $ thaw
        $ run 20000
          > 1 ping
          > 2 ping
    "#]],
    );
}

#[test]
fn a_bridge_that_restarts_by_itself_gets_no_pulse() {
    check(
        "up\n crash\n run 500",
        expect![[r#"
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
              * started 2
              * status wifi_up
              * wifi up
        "#]],
    );
}

#[test]
fn a_bridge_whose_program_is_stuck_behind_a_living_link_is_reset() {
    check(
        "up\n run 25000\n mute\n run 20100\n run 500",
        expect![[r#"
            $ run 25000
              > 1 ping
              > 2 ping
            $ mute
            $ run 20100
              * wifi down
              * status bridge_dead
              * crashed: bridge does not answer
              * running -> resetting: bridge does not answer
              * resetting -> listening: time is up
              > 0 configure inbox 3 messages 1500 bytes resumed
              * listening -> configuring: link is up
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok
              * status running
              * joining -> running: bridge is running
              * started 2
              * status wifi_up
              * wifi up
            $ run 500
        "#]],
    );
}

#[test]
fn the_application_can_reset_close_and_hears_of_wifi() {
    check(
        "up\n say wifi_down\n run 10\n say wifi_up\n run 10\n reset\n run 1000\n close\n publish a b\n run 1000",
        expect![[r#"
            $ say wifi_down
            $ run 10
              * status wifi_down
              * wifi down
            $ say wifi_up
            $ run 10
              * status wifi_up
              * wifi up
            $ reset
            $ run 1000
              * wifi down
              * crashed: reset was requested
              * running -> resetting: reset was requested
              * resetting -> listening: time is up
              > 0 configure inbox 3 messages 1500 bytes resumed
              * listening -> configuring: link is up
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok
              * status running
              * joining -> running: bridge is running
              * started 2
              * status wifi_up
              * wifi up
            $ close
              * wifi down
              * running -> off: closed
            $ publish a b
              ! the host is closed
            $ run 1000
        "#]],
    );
}

#[test]
fn a_running_bridge_takes_another_configuration_without_a_reset() {
    check(
        "up\n reconfigure\n run 100",
        expect![[r#"
            $ reconfigure
              * running -> configuring: new configuration
            $ run 100
              > 1 configure inbox 3 messages 1500 bytes resumed
              * configuring -> running: bridge is configured
        "#]],
    );
}

#[test]
fn a_host_that_slept_for_long_does_not_blame_the_bridge() {
    check(
        "up\n sleep 60000\n run 100",
        expect![[r#"
        $ sleep 60000
        $ run 100
          > 1 ping
    "#]],
    );
}
