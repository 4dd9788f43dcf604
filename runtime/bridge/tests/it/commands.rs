//! Commands that are answered by the bridge alone, and bodies that are no commands.

use expect_test::expect;
use fivewire_wire::command;
use proptest::prelude::*;

use crate::check;
use crate::script::World;

#[test]
fn before_configure_only_the_bridge_itself_answers() {
    check(
        "host ping 9
         host memory
         host publish a b qos1
         host subscribe a
         host unsubscribe a
         host join yes
         host accept 3
         host will a/+ b",
        expect![[r#"
            host ping 9 #0
                host < #0 ping 9
            host memory #1
                host < #1 memory 1000 free, 234 used
            host publish a b qos1 #2
                host < #2 publish rejected not_configured
            host subscribe a #3
                host < #3 subscribe qos0 not_configured
            host unsubscribe a #4
                host < #4 unsubscribe not_configured
            host join yes #5
            host accept 3 #6
            host will a/+ b #7
                host < #7 will bad_topic
        "#]],
    );
}

#[test]
fn what_is_no_command_is_refused_and_the_link_stays() {
    check(
        "host raw 3f
         host raw 7f0102
         host raw 40
         host raw 11
         host raw 11ff
         host raw 2003ff
         host ping 1",
        expect![[r#"
            host raw 3f #0
                host < error op=0x3f #0 unsupported
            host raw 7f0102 #1
                host < error op=0x7f #1 unsupported
            host raw 40 #2
                host < error op=0x40 #2 unsupported
            host raw 11 #3
                host < #3 configure 20 messages, 6240 bytes, reset_wire, malformed
                host < status config_rejected 1
            host raw 11ff #4
                host < error op=0x11 #4 malformed
            host raw 2003ff #5
                host < error op=0x20 #5 malformed
            host ping 1 #6
                host < #6 ping 1
        "#]],
    );
}

/// Every example of the spec is answered: by a reply, or because it is one-way by nothing.
#[test]
fn every_command_of_the_spec_is_answered() {
    for example in command::EXAMPLES {
        let mut world = World::running("");
        let number = world.host.send(example);
        world.settle();
        let trace = world.run(
            "broker puback 1
             broker suback 1 1
             broker unsuback 1
             wait 6000",
        );
        let replies = trace
            .matches(&format!("host < #{number} {}", example.name()))
            .count();
        assert_eq!(
            replies,
            usize::from(!example.info().one_way),
            "{} {trace}",
            example.name()
        );
    }
}

proptest! {
    /// Whatever a host sends, each body is answered or one-way, and the bridge goes on.
    #[test]
    fn any_body_is_survived(bodies in prop::collection::vec((8u8..=127, prop::collection::vec(any::<u8>(), 0..40)), 1..20)) {
        let mut world = World::running("");
        for (op, fields) in bodies {
            let mut body = vec![op];
            body.extend(fields);
            world.host.send_raw(&body);
            world.settle();
        }
        prop_assert!(world.run("host ping 77").contains("ping 77"));
    }

    /// Whatever a broker sends, the bridge goes on.
    #[test]
    fn any_bytes_of_a_broker_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut world = World::running("inbox=32/32768");
        world.board.from_broker.extend(bytes);
        world.settle();
        prop_assert!(world.run("host ping 77").contains("ping 77"));
    }
}
