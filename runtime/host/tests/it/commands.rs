//! Commands of the application's own, and the time of day.

use crate::script::check;
use expect_test::expect;

#[test]
fn replies_find_their_commands() {
    check(
        "manual\n run 500\n answer\n run 10\n call memory\n call ping\n call memory\n call restart\n run 10\n answer\n answer\n run 10",
        expect![[r#"
            $ manual
              * off -> resetting: started
            $ run 500
              * resetting -> listening: time is up
              > 0 configure inbox 3 messages 1500 bytes
              * listening -> configuring: link is up
            $ answer
            $ run 10
              * configuring -> joining: bridge is configured
            $ call memory
            $ call ping
            $ call memory
            $ call restart
            $ run 10
              > 1 memory
              > 2 ping
              > 3 memory
              > 4 restart
              = call 3 Ok(None)
              = call 1 Ok(Some(Ping(Ping { nonce: 7 })))
            $ answer
            $ answer
            $ run 10
              = call 0 Ok(Some(Memory(Memory { free: 1, used: 2 })))
              = call 2 Ok(Some(Memory(Memory { free: 1, used: 2 })))
        "#]],
    );
}

#[test]
fn a_command_has_a_deadline_or_fails_at_once() {
    check(
        "call memory\n call ping\n run 1900\n run 200",
        expect![[r#"
            $ call memory
              ! the bridge is not there now
              * off -> resetting: started
            $ call ping
            $ run 1900
              * resetting -> listening: time is up
              > 0 configure inbox 3 messages 1500 bytes
              * listening -> configuring: link is up
              > 1 ping
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok
              * status running
              * joining -> running: bridge is running
              * started 1
              * status wifi_up
              * wifi up
              = call 0 Ok(Some(Ping(Ping { nonce: 7 })))
            $ run 200
        "#]],
    );
    check(
        "manual\n run 500\n answer\n run 10\n call memory\n run 1999\n run 1\n answer\n run 10",
        expect![[r#"
            $ manual
              * off -> resetting: started
            $ run 500
              * resetting -> listening: time is up
              > 0 configure inbox 3 messages 1500 bytes
              * listening -> configuring: link is up
            $ answer
            $ run 10
              * configuring -> joining: bridge is configured
            $ call memory
            $ run 1999
              > 1 memory
            $ run 1
              = call 0 Err(TimedOut)
            $ answer
            $ run 10
        "#]],
    );
}

#[test]
fn a_lost_bridge_is_asked_again_as_often_as_the_spec_allows() {
    check(
        "manual\n run 500\n answer\n run 10\n call memory\n run 10\n crash\n run 300\n answer\n answer\n run 10",
        expect![[r#"
            $ manual
              * off -> resetting: started
            $ run 500
              * resetting -> listening: time is up
              > 0 configure inbox 3 messages 1500 bytes
              * listening -> configuring: link is up
            $ answer
            $ run 10
              * configuring -> joining: bridge is configured
            $ call memory
            $ run 10
              > 1 memory
            $ crash
            $ run 300
              * crashed: bridge restarted
              * joining -> listening: bridge restarted
              > 0 configure inbox 3 messages 1500 bytes
              > 1 memory
              * listening -> configuring: link is up
            $ answer
            $ answer
            $ run 10
              * configuring -> joining: bridge is configured
              = call 0 Ok(Some(Memory(Memory { free: 1, used: 2 })))
        "#]],
    );
    check(
        "manual\n run 500\n answer\n run 10\n call memory\n run 10\n crash\n run 300\n crash\n run 300",
        expect![[r#"
            $ manual
              * off -> resetting: started
            $ run 500
              * resetting -> listening: time is up
              > 0 configure inbox 3 messages 1500 bytes
              * listening -> configuring: link is up
            $ answer
            $ run 10
              * configuring -> joining: bridge is configured
            $ call memory
            $ run 10
              > 1 memory
            $ crash
            $ run 300
              * crashed: bridge restarted
              * joining -> listening: bridge restarted
              > 0 configure inbox 3 messages 1500 bytes
              > 1 memory
              * listening -> configuring: link is up
            $ crash
            $ run 300
              * crashed: bridge restarted
              * configuring -> listening: bridge restarted
              = call 0 Err(LinkLost)
              > 0 configure inbox 3 messages 1500 bytes
              * listening -> configuring: link is up
        "#]],
    );
}

#[test]
fn what_the_bridge_does_not_understand_is_refused_and_what_the_host_keeps_books_of_too() {
    check(
        "manual\n run 500\n answer\n run 10\n call memory\n call publish\n run 10\n error unsupported\n run 10",
        expect![[r#"
            $ manual
              * off -> resetting: started
            $ run 500
              * resetting -> listening: time is up
              > 0 configure inbox 3 messages 1500 bytes
              * listening -> configuring: link is up
            $ answer
            $ run 10
              * configuring -> joining: bridge is configured
            $ call memory
            $ call publish
              ! the host sends this command itself; use its own method
            $ run 10
              > 1 memory
            $ error unsupported
            $ run 10
              = call 0 Err(Refused(Unsupported))
        "#]],
    );
}

#[test]
fn the_time_is_asked_for_until_it_is_known() {
    check(
        "up\n time\n time\n run 10\n answer 0\n run 59000\n run 1100\n answer 1767225600\n run 10\n clock 1767225700\n run 10",
        expect![[r#"
            $ time
            $ time
            $ run 10
              > 1 get_time
            $ answer 0
            $ run 59000
              > 2 ping
              > 3 ping
              > 4 ping
              > 5 ping
              > 6 ping
            $ run 1100
              > 7 get_time
              > 8 ping
            $ answer 1767225600
            $ run 10
              * time 1767225600 local 1767225600
            $ clock 1767225700
            $ run 10
              * time 1767225700 local 1767225700
        "#]],
    );
}

#[test]
fn the_time_is_asked_again_of_the_next_bridge() {
    check(
        "up\n time\n run 10\n crash\n run 500\n answer 1767225600\n run 10",
        expect![[r#"
            $ time
            $ run 10
              > 1 get_time
            $ crash
            $ run 500
              * wifi down
              * crashed: bridge restarted
              * running -> listening: bridge restarted
              > 0 configure inbox 3 messages 1500 bytes resumed
              * listening -> configuring: link is up
              > 1 get_time
              * configuring -> joining: bridge is configured
              * status stored_network
              * status broker_ok
              * status running
              * joining -> running: bridge is running
              * started 2
              * status wifi_up
              * wifi up
            $ answer 1767225600
            $ run 10
              * time 1767225600 local 1767225600
        "#]],
    );
}
