//! TLS and WebSocket: what the platform is asked for, and what the host hears when it does not come about.

use expect_test::{Expect, expect};

use crate::script::World;

/// Runs a script from a bridge that these keys tell how to reach the broker and that has just joined its network.
fn check(keys: &str, script: &str, expected: Expect) {
    let mut world = World::new();
    world.run(&format!(
        "host configure use_default_net=false {keys}\nhost join yes"
    ));
    expected.assert_eq(&world.run(&format!("wifi joined\n{script}")));
}

#[test]
fn the_platform_is_told_how_to_reach_the_broker() {
    check(
        "tls=true",
        "",
        expect![[r#"
        wifi joined
            board: tcp_open 10.0.0.2:8883 tls
            host < status wifi_up
            host < status broker_check
    "#]],
    );
    check(
        "tls=true tls_verify=false tls_server_name=b.example tls_alpn=mqtt websocket=/mqtt",
        "",
        expect![[r#"
            wifi joined
                board: tcp_open 10.0.0.2:443 tls, unverified as b.example for mqtt websocket /mqtt
                host < status wifi_up
                host < status broker_check
        "#]],
    );
    check(
        "websocket=/mqtt port=8080",
        "",
        expect![[r#"
        wifi joined
            board: tcp_open 10.0.0.2:8080 websocket /mqtt
            host < status wifi_up
            host < status broker_check
    "#]],
    );
}

#[test]
fn what_is_wrong_with_the_certificate_is_told_once_and_trying_goes_on_until_it_is_mended() {
    check(
        "tls=true",
        "tcp wrong_name
             wait 1000
             tcp wrong_name
             wait 2000
             tcp expired
             wait 4000
             tcp unknown_ca
             wait 8000
             tcp unknown_ca
             wait 16000
             tcp open
             broker connack 0
             wait 6000
             tcp lost
             wait 1000
             tcp unknown_ca",
        expect![[r#"
            wifi joined
                board: tcp_open 10.0.0.2:8883 tls
                host < status wifi_up
                host < status broker_check
            tcp wrong_name
                board: tcp_close
                host < status tls_wrong_name
                host < status broker_down
                host < log warn TLS: certificate for another name
            wait 1000
                board: tcp_open 10.0.0.2:8883 tls
            tcp wrong_name
                board: tcp_close
            wait 2000
                board: tcp_open 10.0.0.2:8883 tls
            tcp expired
                board: tcp_close
                host < status tls_expired
                host < log warn TLS: certificate expired or not valid yet
            wait 4000
                board: tcp_open 10.0.0.2:8883 tls
            tcp unknown_ca
                board: tcp_close
                host < status tls_unknown_ca
                host < log warn TLS: unknown authority
            wait 8000
                board: tcp_open 10.0.0.2:8883 tls
            tcp unknown_ca
                board: tcp_close
            wait 16000
                board: tcp_open 10.0.0.2:8883 tls
            tcp open
            broker connack 0
                broker < CONNECT c0ffee keep_alive=60 clean
                board: broker led on
                host < status broker_ok
                host < status running
            wait 6000
            tcp lost
                board: tcp_close
                board: broker led off
                host < status broker_down
            wait 1000
                board: tcp_open 10.0.0.2:8883 tls
                host < status broker_check
            tcp unknown_ca
                board: tcp_close
                host < status tls_unknown_ca
                host < log warn TLS: unknown authority
        "#]],
    );
}

/// The status is short; the line beside it says what to look at.
#[test]
fn without_the_date_or_without_tls_the_log_says_why() {
    check(
        "tls=true",
        "tcp no_time
             wait 1000
             tcp no_tls",
        expect![[r#"
            wifi joined
                board: tcp_open 10.0.0.2:8883 tls
                host < status wifi_up
                host < status broker_check
            tcp no_time
                board: tcp_close
                host < status tls_expired
                host < status broker_down
                host < log warn TLS: the time server does not tell the date
            wait 1000
                board: tcp_open 10.0.0.2:8883 tls
            tcp no_tls
                board: tcp_close
                host < status tls_failed
                host < log warn TLS: it is no TLS
        "#]],
    );
}

/// TLS 1.3 has the demand for a client certificate arrive after TLS is open.
#[test]
fn an_alert_that_comes_late_is_told_too() {
    check(
        "tls=true",
        "tcp open
             tcp alert_116
             wait 1000
             tcp open
             tcp alert_116
             wait 1000",
        expect![[r#"
            wifi joined
                board: tcp_open 10.0.0.2:8883 tls
                host < status wifi_up
                host < status broker_check
            tcp open
            tcp alert_116
                board: tcp_close
                host < status tls_failed 116
                host < status broker_down
                host < log warn TLS: alert 116
            wait 1000
                board: tcp_open 10.0.0.2:8883 tls
            tcp open
            tcp alert_116
                board: tcp_close
            wait 1000
                board: tcp_open 10.0.0.2:8883 tls
        "#]],
    );
}

#[test]
fn a_setting_of_no_use_is_told_by_its_key_and_a_server_that_is_busy_is_not_one() {
    check(
        "tls=true websocket=/mqtt",
        "tcp no_such_file
             wait 1000
             tcp http_404
             wait 2000
             tcp http_404
             wait 4000
             tcp http_503
             wait 8000",
        expect![[r#"
            wifi joined
                board: tcp_open 10.0.0.2:443 tls websocket /mqtt
                host < status wifi_up
                host < status broker_check
            tcp no_such_file
                board: tcp_close
                host < status config_rejected 21
                host < status broker_down
                host < log warn tls_ca is of no use here
            wait 1000
                board: tcp_open 10.0.0.2:443 tls websocket /mqtt
            tcp http_404
                board: tcp_close
                host < status config_rejected 26
                host < log warn no WebSocket: HTTP status 404
            wait 2000
                board: tcp_open 10.0.0.2:443 tls websocket /mqtt
            tcp http_404
                board: tcp_close
            wait 4000
                board: tcp_open 10.0.0.2:443 tls websocket /mqtt
            tcp http_503
                board: tcp_close
            wait 8000
                board: tcp_open 10.0.0.2:443 tls websocket /mqtt
        "#]],
    );
}
