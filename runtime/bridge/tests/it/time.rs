//! The time query.

use expect_test::expect;

use crate::{check, check_running};

#[test]
fn the_time_is_learned_and_answered() {
    check_running(
        "timeserver=10.0.0.1",
        "host get_time
         time 1767225600",
        expect![[r#"
            host get_time #2
                board: udp_send 10.0.0.1:123 48 bytes
            time 1767225600
                host < #2 get_time 1767225600
        "#]],
    );
}

/// On the MicroPython bridge everything waited for the time server, three seconds and more.
#[test]
fn a_time_query_delays_nothing() {
    check_running(
        "",
        "host get_time
         host publish result 42 qos1
         broker puback 1
         host ping 1
         wait 4000
         wait 1200",
        expect![[r#"
            host get_time #2
                board: udp_send pool.ntp.org:123 48 bytes
            host publish result 42 qos1 #3
                broker < PUBLISH result 42 qos1 id=1
            broker puback 1
                host < #3 publish delivered none
            host ping 1 #4
                host < #4 ping 1
            wait 4000
                board: udp_send pool.ntp.org:123 48 bytes
                board: udp_send pool.ntp.org:123 48 bytes
                board: udp_send pool.ntp.org:123 48 bytes
            wait 1200
                host < #2 get_time 0
        "#]],
    );
}

#[test]
fn a_wrong_answer_is_no_answer() {
    check_running(
        "",
        "host get_time
         time 1767225600 forged
         time 1767225600 unsynchronised
         time 1767225600",
        expect![[r#"
            host get_time #2
                board: udp_send pool.ntp.org:123 48 bytes
            time 1767225600 forged
            time 1767225600 unsynchronised
            time 1767225600
                host < #2 get_time 1767225600
        "#]],
    );
}

#[test]
fn a_server_that_wants_to_be_left_alone_is() {
    check_running(
        "",
        "host get_time
         time 1767225600 kiss
         wait 6000",
        expect![[r#"
            host get_time #2
                board: udp_send pool.ntp.org:123 48 bytes
            time 1767225600 kiss
                host < #2 get_time 0
                host < log warn time server: the server does not want to be asked
            wait 6000
        "#]],
    );
}

#[test]
fn a_late_answer_is_an_event() {
    check_running(
        "",
        "host get_time
         wait 5100
         time 1767225600",
        expect![[r#"
            host get_time #2
                board: udp_send pool.ntp.org:123 48 bytes
            wait 5100
                board: udp_send pool.ntp.org:123 48 bytes
                board: udp_send pool.ntp.org:123 48 bytes
                board: udp_send pool.ntp.org:123 48 bytes
                host < #2 get_time 0
            time 1767225600
                host < time 1767225600
        "#]],
    );
}

#[test]
fn several_queries_share_one_request_and_all_are_answered() {
    check_running(
        "",
        "host get_time
         host get_time
         host get_time
         host get_time
         host get_time
         time 1767225600",
        expect![[r#"
            host get_time #2
                board: udp_send pool.ntp.org:123 48 bytes
            host get_time #3
            host get_time #4
            host get_time #5
            host get_time #6
                host < #6 get_time 0
            time 1767225600
                host < #2 get_time 1767225600
                host < #3 get_time 1767225600
                host < #4 get_time 1767225600
                host < #5 get_time 1767225600
        "#]],
    );
}

#[test]
fn without_a_network_the_answer_comes_at_once() {
    check(
        "host get_time
         host configure
         host get_time",
        expect![[r#"
            host get_time #0
                host < #0 get_time 0
            host configure #1
                board: leave
                board: join_stored
                host < #1 configure 20 messages, 6240 bytes, reset_wire, none
                host < status stored_network
            host get_time #2
                host < #2 get_time 0
        "#]],
    );
}
