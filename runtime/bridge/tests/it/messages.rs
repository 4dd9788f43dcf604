//! Messages from the broker: what reaches the host, when they are acknowledged, and how much is under way.

use expect_test::expect;

use crate::check_running;
use crate::script::World;

#[test]
fn a_qos_1_message_is_acknowledged_when_the_host_accepts_it() {
    check_running(
        "",
        "broker publish green on id=7
         wait 5000
         host accept 6",
        expect![[r#"
            broker publish green on id=7
                host < message @6 green on qos1
            wait 5000
            host accept 6 #2
                broker < PUBACK 7
        "#]],
    );
}

#[test]
fn flags_arrive_as_they_are() {
    check_running(
        "",
        "broker publish a 1 retain
         broker publish a 2 id=3 dup
         broker publish a 3",
        expect![[r#"
            broker publish a 1 retain
                host < message @6 a 1 qos0 retained
            broker publish a 2 id=3 dup
                host < message @7 a 2 qos1 dup
            broker publish a 3
                host < message @8 a 3 qos0
        "#]],
    );
}

/// To the MicroPython bridge these bytes were separators, terminators, or the death of its receive task.
#[test]
fn any_byte_arrives() {
    check_running(
        "",
        "broker publish a/b 0x007f00ff80c3280a id=1
         broker publish grüße 0x",
        expect![[r#"
            broker publish a/b 0x007f00ff80c3280a id=1
                host < message @6 a/b \x00\x7f\x00\xff\x80\xc3(\n qos1
            broker publish grüße 0x
                host < message @7 grüße  qos0
        "#]],
    );
}

/// A message that the MicroPython host would have taken for a status, a time, or another message.
#[test]
fn a_message_cannot_forge_anything() {
    check_running(
        "",
        "broker publish a 0x00747f3800
         broker publish a 0x6041
         broker publish a 0x00000060c100",
        expect![[r#"
            broker publish a 0x00747f3800
                host < message @6 a \x00t\x7f8\x00 qos0
            broker publish a 0x6041
                host < message @7 a `A qos0
            broker publish a 0x00000060c100
                host < message @8 a \x00\x00\x00`\xc1\x00 qos0
        "#]],
    );
}

/// Which topics match is the host's business; nothing is dropped here.
#[test]
fn a_message_of_a_wildcard_subscription_passes() {
    check_running(
        "",
        "host subscribe home/+/lamp/# qos1
         broker suback 1 1
         broker publish home/kitchen/lamp/2 on id=1",
        expect![[r#"
            host subscribe home/+/lamp/# qos1 #2
                broker < SUBSCRIBE 1 home/+/lamp/# qos1
            broker suback 1 1
                host < #2 subscribe qos1 none
            broker publish home/kitchen/lamp/2 on id=1
                host < message @7 home/kitchen/lamp/2 on qos1
        "#]],
    );
}

#[test]
fn no_more_is_under_way_than_the_host_has_room_for() {
    check_running(
        "inbox=2/64",
        "broker publish a 1 id=1
         broker publish a 2
         broker publish a 3 id=3
         broker publish a 4 id=4
         host accept 7
         host accept 6
         host accept 8",
        expect![[r#"
            broker publish a 1 id=1
                host < message @6 a 1 qos1
            broker publish a 2
                host < message @7 a 2 qos0
            broker publish a 3 id=3
            broker publish a 4 id=4
            host accept 7 #2
                host < message @8 a 3 qos1
            host accept 6 #3
                broker < PUBACK 1
                host < message @9 a 4 qos1
            host accept 8 #4
                broker < PUBACK 3
        "#]],
    );
}

#[test]
fn bytes_count_as_well() {
    check_running(
        "inbox=4/64",
        "broker publish t x*40 id=1
         broker publish t x*30 id=2
         host accept 6",
        expect![[r#"
            broker publish t x*40 id=1
                host < message @6 t xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx qos1
            broker publish t x*30 id=2
            host accept 6 #2
                broker < PUBACK 1
                host < message @7 t xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx qos1
        "#]],
    );
}

/// A slow application costs neither the connection nor the keep alive, for as long as it likes.
#[test]
fn a_full_inbox_holds_the_broker_back_and_the_connection_stays() {
    check_running(
        "inbox=1/64 keep_alive=8 response_time=2",
        "broker publish a 1 id=1
         broker publish a 2 id=2
         broker pingresp
         wait 9000
         host accept 6
         host accept 7",
        expect![[r#"
            broker publish a 1 id=1
                host < message @6 a 1 qos1
            broker publish a 2 id=2
            broker pingresp
            wait 9000
                broker < PINGREQ
                broker < PINGREQ
                broker < PINGREQ
                broker < PINGREQ
            host accept 6 #2
                broker < PUBACK 1
                host < message @7 a 2 qos1
            host accept 7 #3
                broker < PUBACK 2
        "#]],
    );
}

/// An answer of the bridge itself does not wait behind messages.
#[test]
fn commands_are_answered_while_the_inbox_is_full() {
    check_running(
        "inbox=1/64",
        "broker publish a 1 id=1
         broker publish a 2 id=2
         host ping 3
         host publish a b
         host memory",
        expect![[r#"
            broker publish a 1 id=1
                host < message @6 a 1 qos1
            broker publish a 2 id=2
            host ping 3 #2
                host < #2 ping 3
            host publish a b #3
                broker < PUBLISH a b qos0
                host < #3 publish delivered none
            host memory #4
                host < #4 memory 1000 free, 234 used
        "#]],
    );
}

/// What can never be passed on is acknowledged, or the broker would send it for ever.
#[test]
fn a_message_that_is_too_long_is_dropped_with_a_word() {
    let mut world = World::running("inbox=4/600");
    let topic = "t".repeat(129);
    let trace = world.run(&format!(
        "broker publish {topic} x id=1
         broker publish t x*1025 id=2
         broker publish t x*3000 id=3
         broker publish t x*600 id=4
         broker publish t x*599 id=5"
    ));
    let lines = |start: &str| {
        trace
            .lines()
            .filter(|line| line.trim().starts_with(start))
            .count()
    };
    assert_eq!(lines("host < log warn dropped a message"), 4, "{trace}");
    assert_eq!(lines("broker < PUBACK"), 4, "{trace}");
    assert_eq!(lines("host < message"), 1, "{trace}");
}

/// The number of the first message in a trace.
fn first_message(trace: &str) -> u8 {
    let (_, rest) = trace.split_once("message @").unwrap();
    rest.split(' ').next().unwrap().parse().unwrap()
}

#[test]
fn a_flood_passes_in_order_and_in_bounded_memory() {
    let mut world = World::running("inbox=4/2048");
    let flood: Vec<String> = (0..500)
        .map(|n| format!("broker publish t {n} id={}", n + 1))
        .collect();
    let mut trace = world.run(&flood.join("\n"));
    let mut next = first_message(&trace);
    for _ in 0..500 {
        trace += &world.run(&format!("host accept {next}"));
        next = next.wrapping_add(1);
    }
    let payloads: Vec<u32> = trace
        .lines()
        .filter_map(|line| {
            line.trim()
                .strip_prefix("host < message @")?
                .split(' ')
                .nth(2)?
                .parse()
                .ok()
        })
        .collect();
    assert_eq!(payloads, (0..500).collect::<Vec<u32>>());
    assert_eq!(trace.matches("broker < PUBACK").count(), 500);
}
