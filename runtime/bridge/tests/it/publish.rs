//! Publications and their receipts.

use expect_test::expect;

use crate::check_running;
use crate::script::World;

#[test]
fn a_receipt_comes_after_puback_not_before() {
    check_running(
        "",
        "host publish result 42 qos1
         wait 5000
         broker puback 1",
        expect![[r#"
            host publish result 42 qos1 #2
                broker < PUBLISH result 42 qos1 id=1
            wait 5000
            broker puback 1
                host < #2 publish delivered none
        "#]],
    );
}

#[test]
fn a_qos_0_receipt_comes_when_the_last_byte_is_with_tcp() {
    check_running(
        "",
        "tcp room 5
         host publish result 42
         wait 1000
         tcp room 100",
        expect![[r#"
            tcp room 5
            host publish result 42 #2
            wait 1000
            tcp room 100
                broker < PUBLISH result 42 qos0
                host < #2 publish delivered none
        "#]],
    );
}

/// The MicroPython bridge took the text "0" for true: everything was retained.
#[test]
fn the_retain_flag_is_exact() {
    check_running(
        "",
        "host publish a 1
         host publish a 2 retain
         host publish a 3 qos1
         host publish a 4 retain qos1",
        expect![[r#"
            host publish a 1 #2
                broker < PUBLISH a 1 qos0
                host < #2 publish delivered none
            host publish a 2 retain #3
                broker < PUBLISH a 2 qos0 retain
                host < #3 publish delivered none
            host publish a 3 qos1 #4
                broker < PUBLISH a 3 qos1 id=1
            host publish a 4 retain qos1 #5
                broker < PUBLISH a 4 qos1 retain id=2
        "#]],
    );
}

/// The MicroPython link could carry neither 0x00 nor 0x7f, and only text.
#[test]
fn any_byte_can_be_published() {
    check_running(
        "",
        "host publish a 0x007fff80c3280d0a qos1
         host publish grüße 0x",
        expect![[r#"
            host publish a 0x007fff80c3280d0a qos1 #2
                broker < PUBLISH a \x00\x7f\xff\x80\xc3(\r\n qos1 id=1
            host publish grüße 0x #3
                broker < PUBLISH grüße  qos0
                host < #3 publish delivered none
        "#]],
    );
}

#[test]
fn what_cannot_be_published_is_rejected_at_once() {
    check_running(
        "",
        "host publish a b qos2
         host publish a/# b qos1
         host publish a+ b",
        expect![[r#"
            host publish a b qos2 #2
                broker < PUBLISH a b qos2 id=1
            host publish a/# b qos1 #3
                host < #3 publish rejected bad_topic
            host publish a+ b #4
                host < #4 publish rejected bad_topic
        "#]],
    );
}

#[test]
fn receipts_come_in_the_brokers_order_and_carry_the_commands_number() {
    check_running(
        "",
        "host publish a 1 qos1
         host ping 5
         host publish a 2 qos1
         broker puback 2
         broker puback 1",
        expect![[r#"
            host publish a 1 qos1 #2
                broker < PUBLISH a 1 qos1 id=1
            host ping 5 #3
                host < #3 ping 5
            host publish a 2 qos1 #4
                broker < PUBLISH a 2 qos1 id=2
            broker puback 2
                host < #4 publish delivered none
            broker puback 1
                host < #2 publish delivered none
        "#]],
    );
}

/// What the bridge promises in its reply to configure, it can hold: the largest publications, as many as allowed.
#[test]
fn the_promised_window_finds_room() {
    let mut world = World::running("");
    let (messages, bytes) = (32, 7208);
    let each = bytes / messages;
    let topic = "t";
    let mut sent = 0;
    for _ in 0..messages {
        world.run(&format!("host publish {topic} x*{} qos1", each - topic.len()));
        sent += 1;
    }
    let trace = world.run("host publish one-too-many x qos1");
    assert!(
        trace.contains("publish rejected no_room"),
        "{sent} sent, then {trace}"
    );
    for id in 1..=messages {
        let trace = world.run(&format!("broker puback {id}"));
        assert!(trace.contains("publish delivered none"), "{id}: {trace}");
    }
}

#[test]
fn the_largest_publication_goes_through() {
    let mut world = World::running("");
    let topic = "t".repeat(128);
    let trace = world.run(&format!("host publish {topic} x*1024 qos1"));
    assert!(
        trace.contains(&format!("PUBLISH {topic} {} qos1 id=1", "x".repeat(1024))),
        "{trace}"
    );
}
