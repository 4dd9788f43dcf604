//! From `configure` to `running`: the stored network, consent, the configured network, the broker.

use expect_test::expect;

use crate::check;

#[test]
fn the_stored_network_needs_no_consent() {
    check(
        "host will result simple-client-died retain qos1
         host configure
         wifi joined
         tcp open
         broker connack 0",
        expect![[r#"
            host will result simple-client-died retain qos1 #0
                host < #0 will none
                host < status will_ok
            host configure #1
                board: leave
                board: join_stored
                host < #1 configure 20 messages, 6240 bytes, reset_wire, none
                host < status stored_network
            wifi joined
                board: tcp_open 10.0.0.2:1883
                host < status wifi_up
                host < status broker_check
            tcp open
            broker connack 0
                broker < CONNECT c0ffee keep_alive=60 clean will=result:simple-client-died qos1 retain
                board: broker led on
                host < status broker_ok
                host < status running
        "#]],
    );
}

#[test]
fn without_a_stored_network_the_host_is_asked() {
    check(
        "host configure mqtt_user=joe mqtt_password=secret client_id=kitchen keep_alive=30 port=1999
         wifi nothing_stored
         host join yes
         wifi joined
         tcp open
         broker connack 0",
        expect![[r#"
            host configure mqtt_user=joe mqtt_password=secret client_id=kitchen keep_alive=30 port=1999 #0
                board: leave
                board: join_stored
                host < #0 configure 20 messages, 6240 bytes, reset_wire, none
                host < status stored_network
            wifi nothing_stored
                host < status specified_network
            host join yes #1
                board: join home with 10 characters
            wifi joined
                board: tcp_open 10.0.0.2:1999
                host < status wifi_up
                host < status broker_check
            tcp open
            broker connack 0
                broker < CONNECT kitchen keep_alive=30 clean user=joe password=6 bytes
                board: broker led on
                host < status broker_ok
                host < status running
        "#]],
    );
}

#[test]
fn a_stored_network_that_does_not_answer_is_tried_for_16_seconds() {
    check(
        "host configure
         wait 3000
         wifi no_network
         wait 12900
         wait 200",
        expect![[r#"
            host configure #0
                board: leave
                board: join_stored
                host < #0 configure 20 messages, 6240 bytes, reset_wire, none
                host < status stored_network
            wait 3000
            wifi no_network
                board: join_stored
            wait 12900
            wait 200
                host < status specified_network
        "#]],
    );
}

/// The MicroPython bridge stayed on its stored network although the host did not want it.
#[test]
fn a_stored_network_that_is_not_wanted_is_left() {
    check(
        "host configure use_default_net=false
         host join yes
         wifi joined",
        expect![[r#"
            host configure use_default_net=false #0
                board: leave
                host < #0 configure 20 messages, 6240 bytes, reset_wire, none
                host < status specified_network
            host join yes #1
                board: join home with 10 characters
            wifi joined
                board: tcp_open 10.0.0.2:1883
                host < status wifi_up
                host < status broker_check
        "#]],
    );
}

#[test]
fn refused_consent_goes_on_with_the_stored_network() {
    check(
        "host configure
         wifi nothing_stored
         host join no
         wifi joined",
        expect![[r#"
            host configure #0
                board: leave
                board: join_stored
                host < #0 configure 20 messages, 6240 bytes, reset_wire, none
                host < status stored_network
            wifi nothing_stored
                host < status specified_network
            host join no #1
                board: join_stored
                host < status stored_network
            wifi joined
                board: tcp_open 10.0.0.2:1883
                host < status wifi_up
                host < status broker_check
        "#]],
    );
    check(
        "host configure use_default_net=false
         host join no
         wait 60000
         host join yes",
        expect![[r#"
            host configure use_default_net=false #0
                board: leave
                host < #0 configure 20 messages, 6240 bytes, reset_wire, none
                host < status specified_network
            host join no #1
            wait 60000
            host join yes #2
                board: join home with 10 characters
        "#]],
    );
}

/// The MicroPython bridge waited for ever and said nothing.
#[test]
fn a_wrong_password_is_reported_once_and_tried_again() {
    check(
        "host configure use_default_net=false
         host join yes
         wifi wrong_password
         wait 1000
         wifi wrong_password
         wait 2000
         wifi joined",
        expect![[r#"
            host configure use_default_net=false #0
                board: leave
                host < #0 configure 20 messages, 6240 bytes, reset_wire, none
                host < status specified_network
            host join yes #1
                board: join home with 10 characters
            wifi wrong_password
                host < status network_failed
                host < log warn cannot join the network: wrong password
            wait 1000
                board: join home with 10 characters
            wifi wrong_password
            wait 2000
                board: join home with 10 characters
            wifi joined
                board: tcp_open 10.0.0.2:1883
                host < status wifi_up
                host < status broker_check
        "#]],
    );
}

#[test]
fn an_absent_network_is_reported_after_20_seconds() {
    check(
        "host configure use_default_net=false
         host join yes
         wait 19900
         wait 200",
        expect![[r#"
            host configure use_default_net=false #0
                board: leave
                host < #0 configure 20 messages, 6240 bytes, reset_wire, none
                host < status specified_network
            host join yes #1
                board: join home with 10 characters
            wait 19900
            wait 200
                host < status network_failed
                host < log warn cannot join the network: no such network
        "#]],
    );
}

/// The MicroPython bridge gave up, and its host reset it every 6.6 seconds.
#[test]
fn a_broker_that_is_down_at_start_resets_nothing() {
    check(
        "host configure use_default_net=false
         host join yes
         wifi joined
         tcp refused
         wait 600
         tcp not_found
         wait 1100
         wait 20100
         wait 3000
         tcp open
         wait 10100
         wait 5000
         tcp open
         broker connack 0",
        expect![[r#"
            host configure use_default_net=false #0
                board: leave
                host < #0 configure 20 messages, 6240 bytes, reset_wire, none
                host < status specified_network
            host join yes #1
                board: join home with 10 characters
            wifi joined
                board: tcp_open 10.0.0.2:1883
                host < status wifi_up
                host < status broker_check
            tcp refused
                board: tcp_close
                host < status broker_down
            wait 600
                board: tcp_open 10.0.0.2:1883
            tcp not_found
                board: tcp_close
            wait 1100
                board: tcp_open 10.0.0.2:1883
            wait 20100
                board: tcp_close
            wait 3000
                board: tcp_open 10.0.0.2:1883
            tcp open
            wait 10100
                broker < CONNECT c0ffee keep_alive=60 clean
                board: tcp_close
            wait 5000
                board: tcp_open 10.0.0.2:1883
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
fn a_refusing_broker_is_reported_once_per_reason_and_asked_slowly() {
    check(
        "host configure use_default_net=false mqtt_user=joe
         host join yes
         wifi joined
         tcp open
         broker connack 5
         wait 31000
         tcp open
         broker connack 5
         wait 31000
         tcp open
         broker connack 4
         wait 31000
         tcp open
         broker connack 0",
        expect![[r#"
            host configure use_default_net=false mqtt_user=joe #0
                board: leave
                host < #0 configure 20 messages, 6240 bytes, reset_wire, none
                host < status specified_network
            host join yes #1
                board: join home with 10 characters
            wifi joined
                board: tcp_open 10.0.0.2:1883
                host < status wifi_up
                host < status broker_check
            tcp open
            broker connack 5
                broker < CONNECT c0ffee keep_alive=60 clean user=joe password=0 bytes
                board: tcp_close
                host < status broker_refused 5
                host < log warn the broker refused: not authorized
            wait 31000
                board: tcp_open 10.0.0.2:1883
            tcp open
            broker connack 5
                broker < CONNECT c0ffee keep_alive=60 clean user=joe password=0 bytes
                board: tcp_close
            wait 31000
                board: tcp_open 10.0.0.2:1883
            tcp open
            broker connack 4
                broker < CONNECT c0ffee keep_alive=60 clean user=joe password=0 bytes
                board: tcp_close
                host < status broker_refused 4
                host < log warn the broker refused: bad user name or password
            wait 31000
                board: tcp_open 10.0.0.2:1883
            tcp open
            broker connack 0
                broker < CONNECT c0ffee keep_alive=60 clean user=joe password=0 bytes
                board: broker led on
                host < status broker_ok
                host < status running
        "#]],
    );
}

#[test]
fn what_the_bridge_cannot_do_yet_is_rejected_by_its_key() {
    check(
        "host configure tls=true tls_ca=ca.pem
         host configure tls_server_name=broker.example
         host publish a b qos1
         host configure",
        expect![[r#"
            host configure tls=true tls_ca=ca.pem #0
                host < #0 configure 20 messages, 6240 bytes, reset_wire, unsupported
                host < status config_rejected 21
            host configure tls_server_name=broker.example #1
                host < #1 configure 20 messages, 6240 bytes, reset_wire, malformed
                host < status config_rejected 15
            host publish a b qos1 #2
                host < #2 publish rejected not_configured
            host configure #3
                board: leave
                board: join_stored
                host < #3 configure 20 messages, 6240 bytes, reset_wire, none
                host < status stored_network
        "#]],
    );
}

#[test]
fn the_same_configuration_again_disturbs_nothing_and_a_new_one_only_what_it_touches() {
    let connected = "host configure use_default_net=false
         host join yes
         wifi joined
         tcp open
         broker connack 0";
    check(
        &format!(
            "{connected}
             host configure use_default_net=false
             host configure use_default_net=false timeserver=10.0.0.1
             host configure use_default_net=false timeserver=10.0.0.1 keep_alive=20
             tcp open
             broker connack 0
             host configure use_default_net=false ssid=other
             host join yes
             wifi joined"
        ),
        expect![[r#"
            host configure use_default_net=false #0
                board: leave
                host < #0 configure 20 messages, 6240 bytes, reset_wire, none
                host < status specified_network
            host join yes #1
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
            host configure use_default_net=false #2
                host < #2 configure 20 messages, 6240 bytes, reset_wire, none
            host configure use_default_net=false timeserver=10.0.0.1 #3
                host < #3 configure 20 messages, 6240 bytes, reset_wire, none
            host configure use_default_net=false timeserver=10.0.0.1 keep_alive=20 #4
                broker < DISCONNECT
                board: tcp_close
                board: broker led off
                board: tcp_open 10.0.0.2:1883
                host < #4 configure 20 messages, 6240 bytes, reset_wire, none
                host < status broker_down
                host < status broker_check
            tcp open
            broker connack 0
                broker < CONNECT c0ffee keep_alive=20 clean
                board: broker led on
                host < status broker_ok
                host < status running
            host configure use_default_net=false ssid=other #5
                broker < DISCONNECT
                board: tcp_close
                board: broker led off
                board: leave
                host < #5 configure 20 messages, 6240 bytes, reset_wire, none
                host < status broker_down
                host < status wifi_down
                host < status specified_network
            host join yes #6
                board: join other with 10 characters
            wifi joined
                board: tcp_open 10.0.0.2:1883
                host < status wifi_up
                host < status broker_check
        "#]],
    );
}
