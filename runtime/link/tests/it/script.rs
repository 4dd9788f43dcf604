//! Scripts in, traces out: one line a step, every frame on the wires and every event in the trace.

use std::cell::RefCell;
use std::fmt::Write;
use std::rc::Rc;

use expect_test::{Expect, expect};
use fivewire_link::{Event, Hello};

use crate::pair::{Pair, settings};
use crate::sniffer::Sniffer;

const NAMES: [&str; 2] = ["a", "b"];

struct Stage {
    pair: Pair,
    trace: Rc<RefCell<String>>,
}

impl Stage {
    fn new() -> Self {
        let trace = Rc::new(RefCell::new(String::new()));
        let mut pair = Pair::new(1);
        let (out, mut sniffers) = (trace.clone(), [Sniffer::default(), Sniffer::default()]);
        pair.tap = Some(Box::new(move |now, from, bit| {
            if let Some(words) = sniffers[from].push(bit) {
                let _ = writeln!(out.borrow_mut(), "{now:<4} {}> {words}", NAMES[from]);
            }
        }));
        Stage { pair, trace }
    }

    fn note(&self, words: &str) {
        let _ = writeln!(self.trace.borrow_mut(), "{:<4} {words}", self.pair.now);
    }

    fn events(&mut self) {
        for (end, name) in NAMES.into_iter().enumerate() {
            while let Some(event) = self.pair.ends[end].poll_event() {
                let words = match event {
                    Event::Up(peer) => format!("up with epoch {}", peer.epoch),
                    Event::Down(cause) => format!("down: {cause}"),
                };
                self.note(&format!("{name} {words}"));
            }
        }
    }

    fn step(&mut self, line: &str) {
        let mut words = line.splitn(3, ' ');
        let mut word = || words.next().unwrap_or("");
        let (verb, who, rest) = (word(), word(), word());
        let end = usize::from(who == "b");
        let number = || who.parse::<u32>().or(rest.parse()).expect("a number");
        match verb {
            "start" => self.pair.ends[end].start(self.pair.now),
            "stop" => self.pair.ends[end].stop(),
            "restart" => {
                let epoch = rest.parse().expect("an epoch");
                self.pair.ends[end] = fivewire_link::Link::new(settings(epoch));
                self.pair.ends[end].start(self.pair.now);
            }
            "is" => {
                let revision = rest.parse().expect("a revision");
                let hello = Hello::new(revision, revision, 7, 500, 300 + u16::from(revision));
                let settings = fivewire_link::Settings { hello, ..settings(0) };
                self.pair.ends[end] = fivewire_link::Link::new(settings);
            }
            "run" => {
                for _ in 0..number() {
                    self.pair.tick();
                    self.events();
                }
            }
            "stall" => self.pair.stall(number()),
            "flip" => self.pair.flip_in[end] = Some(number()),
            "send" => {
                let sent = self.pair.ends[end].send(|body| {
                    body[0] = 0x10;
                    body[1..=rest.len()].copy_from_slice(rest.as_bytes());
                    Ok::<_, ()>(1 + rest.len())
                });
                self.note(&format!("{who} sends {rest:?}: {sent:?}"));
            }
            "take" => {
                let got = self.pair.ends[end].receive();
                let got =
                    got.map(|(number, body)| (number, String::from_utf8_lossy(&body[1..]).into_owned()));
                self.note(&format!("{who} receives {got:?}"));
            }
            "release" => self.pair.ends[end].release(),
            "stats" => {
                let stats = self.pair.ends[end].stats();
                let (again, bad, lost) = (stats.retransmissions, stats.bad_frames, stats.discarded);
                self.note(&format!(
                    "{who} sent {again} again, got {bad} bad, discarded {lost}"
                ));
            }
            _ => unreachable!("unknown step: {line}"),
        }
    }
}

#[track_caller]
fn check(script: &str, expected: Expect) {
    let mut stage = Stage::new();
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        stage.note(&format!("-- {line}"));
        stage.step(line);
    }
    drop(stage.pair);
    expected.assert_eq(&stage.trace.borrow());
}

/// Everything up to a session, for scripts that are about what follows.
#[track_caller]
fn check_session(script: &str, expected: Expect) {
    let mut stage = Stage::new();
    stage.step("start a");
    stage.step("start b");
    stage.step("run 30");
    stage.trace.borrow_mut().clear();
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        stage.note(&format!("-- {line}"));
        stage.step(line);
    }
    drop(stage.pair);
    expected.assert_eq(&stage.trace.borrow());
}

#[test]
fn two_ends_meet() {
    check(
        "start a\nstart b\nrun 60",
        expect![[r#"
            0    -- start a
            0    -- start b
            0    -- run 60
            3    a> hello, epoch 100, heard 0, wants an answer
            3    b> hello, epoch 200, heard 0, wants an answer
            6    a> hello, epoch 100, heard 200, wants an answer
            6    b> hello, epoch 200, heard 100, wants an answer
            7    a up with epoch 200
            7    b up with epoch 100
            9    a> hello, epoch 100, heard 200
            9    b> hello, epoch 200, heard 100
        "#]],
    );
}

#[test]
fn an_end_that_comes_later_is_met() {
    check(
        "start a\nrun 120\nstart b\nrun 30",
        expect![[r#"
            0    -- start a
            0    -- run 120
            3    a> hello, epoch 100, heard 0, wants an answer
            57   a> hello, epoch 100, heard 0, wants an answer
            111  a> hello, epoch 100, heard 0, wants an answer
            120  -- start b
            120  -- run 30
            123  b> hello, epoch 200, heard 0, wants an answer
            126  a> hello, epoch 100, heard 200, wants an answer
            127  b up with epoch 100
            129  b> hello, epoch 200, heard 100
            130  a up with epoch 200
        "#]],
    );
}

#[test]
fn a_message_is_acknowledged_when_it_is_released() {
    check_session(
        "send a one\nrun 2\ntake b\nrun 2\nrelease b\nrun 2\ntake b",
        expect![[r#"
            30   -- send a one
            30   a sends "one": Ok(0)
            30   -- run 2
            30   a> message 0 op 0x10 "one", ack 0
            32   -- take b
            32   b receives Some((0, "one"))
            32   -- run 2
            34   -- release b
            34   -- run 2
            34   b> ack 1
            36   -- take b
            36   b receives None
        "#]],
    );
}

#[test]
fn an_answer_carries_the_acknowledgement() {
    check_session(
        "send a one\nrun 2\ntake b\nrelease b\nsend b two\nrun 3",
        expect![[r#"
            30   -- send a one
            30   a sends "one": Ok(0)
            30   -- run 2
            30   a> message 0 op 0x10 "one", ack 0
            32   -- take b
            32   b receives Some((0, "one"))
            32   -- release b
            32   -- send b two
            32   b sends "two": Ok(0)
            32   -- run 3
            32   b> message 0 op 0x10 "two", ack 1
        "#]],
    );
}

#[test]
fn a_lost_frame_in_the_middle_is_asked_for_at_once() {
    check_session(
        "flip a 20\nsend a one\nsend a two\nsend a three\nrun 6\ntake b\nrelease b\ntake b\nrelease b\ntake b\nrelease b\nrun 2\nstats a\nstats b",
        expect![[r#"
            30   -- flip a 20
            30   -- send a one
            30   a sends "one": Ok(0)
            30   -- send a two
            30   a sends "two": Ok(1)
            30   -- send a three
            30   a sends "three": Ok(2)
            30   -- run 6
            30   a> message 0 op 0x10 "one", ack 0
            31   a> message 1 op 0x10 "two", ack 0
            31   b> nak, wants 0, ack 0
            32   a> message 2 op 0x10 "three", ack 0
            32   a> message 0 op 0x10 "one", ack 0
            33   a> message 1 op 0x10 "two", ack 0
            34   a> message 2 op 0x10 "three", ack 0
            36   -- take b
            36   b receives Some((0, "one"))
            36   -- release b
            36   -- take b
            36   b receives Some((1, "two"))
            36   -- release b
            36   -- take b
            36   b receives Some((2, "three"))
            36   -- release b
            36   -- run 2
            36   b> ack 3
            38   -- stats a
            38   a sent 3 again, got 0 bad, discarded 0
            38   -- stats b
            38   b sent 0 again, got 1 bad, discarded 2
        "#]],
    );
}

#[test]
fn a_frame_that_is_lost_again_is_asked_for_again() {
    check_session(
        "flip a 20\nsend a one\nsend a two\nsend a three\nrun 2\nflip a 70\nrun 7\ntake b\nstats a\nstats b",
        expect![[r#"
            30   -- flip a 20
            30   -- send a one
            30   a sends "one": Ok(0)
            30   -- send a two
            30   a sends "two": Ok(1)
            30   -- send a three
            30   a sends "three": Ok(2)
            30   -- run 2
            30   a> message 0 op 0x10 "one", ack 0
            31   a> message 1 op 0x10 "two", ack 0
            31   b> nak, wants 0, ack 0
            32   -- flip a 70
            32   -- run 7
            32   a> message 2 op 0x10 "three", ack 0
            32   a> message 0 op 0x10 "one", ack 0
            33   a> message 1 op 0x10 "two", ack 0
            34   b> nak, wants 0, ack 0
            34   a> message 2 op 0x10 "three", ack 0
            35   a> message 0 op 0x10 "one", ack 0
            35   a> message 1 op 0x10 "two", ack 0
            36   a> message 2 op 0x10 "three", ack 0
            39   -- take b
            39   b receives Some((0, "one"))
            39   -- stats a
            39   a sent 6 again, got 0 bad, discarded 0
            39   -- stats b
            39   b sent 0 again, got 2 bad, discarded 4
        "#]],
    );
}

#[test]
fn a_lost_last_frame_is_asked_for_when_the_wire_falls_idle() {
    check_session(
        "flip a 20\nsend a one\nrun 6\ntake b",
        expect![[r#"
            30   -- flip a 20
            30   -- send a one
            30   a sends "one": Ok(0)
            30   -- run 6
            30   a> message 0 op 0x10 "one", ack 0
            31   b> nak, wants 0, ack 0
            32   a> message 0 op 0x10 "one", ack 0
            36   -- take b
            36   b receives Some((0, "one"))
        "#]],
    );
}

#[test]
fn a_lost_acknowledgement_is_asked_for() {
    check_session(
        "send a one\nrun 2\ntake b\nrelease b\nflip b 20\nrun 120\nstats a",
        expect![[r#"
            30   -- send a one
            30   a sends "one": Ok(0)
            30   -- run 2
            30   a> message 0 op 0x10 "one", ack 0
            32   -- take b
            32   b receives Some((0, "one"))
            32   -- release b
            32   -- flip b 20
            32   -- run 120
            32   b> ack 1
            33   a> nak, wants 0, ack 0
            84   a> probe at 1, wants 0, ack 0
            85   b> report at 1, wants 1, ack 1
            152  -- stats a
            152  a sent 0 again, got 1 bad, discarded 0
        "#]],
    );
}

#[test]
fn a_slow_application_is_asked_rarer_and_rarer_and_nothing_is_repeated() {
    check_session(
        "send a one\nrun 5000\ntake b\nrelease b\nrun 10\nstats a",
        expect![[r#"
            30   -- send a one
            30   a sends "one": Ok(0)
            30   -- run 5000
            30   a> message 0 op 0x10 "one", ack 0
            81   a> probe at 1, wants 0, ack 0
            82   b> report at 1, wants 1, ack 0
            182  a> probe at 1, wants 0, ack 0
            183  b> report at 1, wants 1, ack 0
            383  a> probe at 1, wants 0, ack 0
            384  b> report at 1, wants 1, ack 0
            784  a> probe at 1, wants 0, ack 0
            785  b> report at 1, wants 1, ack 0
            1585 a> probe at 1, wants 0, ack 0
            1586 b> report at 1, wants 1, ack 0
            2586 a> probe at 1, wants 0, ack 0
            2587 b> report at 1, wants 1, ack 0
            3587 a> probe at 1, wants 0, ack 0
            3588 b> report at 1, wants 1, ack 0
            4588 a> probe at 1, wants 0, ack 0
            4589 b> report at 1, wants 1, ack 0
            5030 -- take b
            5030 b receives Some((0, "one"))
            5030 -- release b
            5030 -- run 10
            5030 b> ack 1
            5040 -- stats a
            5040 a sent 0 again, got 0 bad, discarded 0
        "#]],
    );
}

#[test]
fn a_standing_clock_is_not_a_lost_frame() {
    check_session(
        "send a one\nstall 1500\nrun 1510\ntake b\nrelease b\nrun 5\nstats a",
        expect![[r#"
            30   -- send a one
            30   a sends "one": Ok(0)
            30   -- stall 1500
            30   -- run 1510
            1530 a> message 0 op 0x10 "one", ack 0
            1530 b> probe at 0, wants 0, ack 0
            1531 a> report at 0, wants 0, ack 0
            1540 -- take b
            1540 b receives Some((0, "one"))
            1540 -- release b
            1540 -- run 5
            1540 b> ack 1
            1545 -- stats a
            1545 a sent 0 again, got 0 bad, discarded 0
        "#]],
    );
}

#[test]
fn an_idle_session_is_kept_alive_by_one_end() {
    check_session(
        "run 3100",
        expect![[r#"
            30   -- run 3100
            1010 a> probe at 0, wants 0, ack 0
            1010 b> probe at 0, wants 0, ack 0
            1011 a> report at 0, wants 0, ack 0
            1011 b> report at 0, wants 0, ack 0
            2012 a> probe at 0, wants 0, ack 0
            2012 b> probe at 0, wants 0, ack 0
            2013 a> report at 0, wants 0, ack 0
            2013 b> report at 0, wants 0, ack 0
            3014 a> probe at 0, wants 0, ack 0
            3014 b> probe at 0, wants 0, ack 0
            3015 a> report at 0, wants 0, ack 0
            3015 b> report at 0, wants 0, ack 0
        "#]],
    );
}

#[test]
fn a_peer_that_stops_is_silent() {
    check_session(
        "stop b\nrun 4100\nrun 200",
        expect![[r#"
            30   -- stop b
            30   -- run 4100
            1010 a> probe at 0, wants 0, ack 0
            2011 a> probe at 0, wants 0, ack 0
            3012 a> probe at 0, wants 0, ack 0
            4007 a down: the peer is silent
            4009 a> hello, epoch 101, heard 0, wants an answer
            4063 a> hello, epoch 101, heard 0, wants an answer
            4117 a> hello, epoch 101, heard 0, wants an answer
            4130 -- run 200
            4171 a> hello, epoch 101, heard 0, wants an answer
            4225 a> hello, epoch 101, heard 0, wants an answer
            4279 a> hello, epoch 101, heard 0, wants an answer
        "#]],
    );
}

#[test]
fn a_peer_that_restarts_is_noticed_by_both() {
    check_session(
        "send a one\nrestart b 900\nrun 40",
        expect![[r#"
            30   -- send a one
            30   a sends "one": Ok(0)
            30   -- restart b 900
            30   -- run 40
            30   a> message 0 op 0x10 "one", ack 0
            33   b> hello, epoch 900, heard 0, wants an answer
            34   a down: the peer has restarted
            36   a> hello, epoch 101, heard 900, wants an answer
            37   b up with epoch 101
            39   b> hello, epoch 900, heard 101
            40   a up with epoch 900
        "#]],
    );
}

#[test]
fn nobody_there_is_reported_again_and_again() {
    check(
        "start a
stall 9000
run 8100",
        expect![[r#"
            0    -- start a
            0    -- stall 9000
            0    -- run 8100
            4001 a down: the peer is silent
            8001 a down: the peer is silent
        "#]],
    );
}

#[test]
fn a_lost_hello_is_made_up_for() {
    check(
        "flip b 300
start a
start b
run 30",
        expect![[r#"
            0    -- flip b 300
            0    -- start a
            0    -- start b
            0    -- run 30
            3    a> hello, epoch 100, heard 0, wants an answer
            3    b> hello, epoch 200, heard 0, wants an answer
            6    b> hello, epoch 200, heard 100, wants an answer
            7    a up with epoch 200
            9    a> hello, epoch 100, heard 200
            10   b up with epoch 100
        "#]],
    );
}

#[test]
fn a_session_that_only_one_end_knows_is_completed_and_loses_nothing() {
    check(
        "start a
start b
run 4
flip a 100
run 4
flip a 60
send a early
run 70
take b",
        expect![[r#"
            0    -- start a
            0    -- start b
            0    -- run 4
            3    a> hello, epoch 100, heard 0, wants an answer
            3    b> hello, epoch 200, heard 0, wants an answer
            4    -- flip a 100
            4    -- run 4
            6    a> hello, epoch 100, heard 200, wants an answer
            6    b> hello, epoch 200, heard 100, wants an answer
            7    a up with epoch 200
            8    -- flip a 60
            8    -- send a early
            8    a sends "early": Ok(0)
            8    -- run 70
            9    a> hello, epoch 100, heard 200
            10   a> message 0 op 0x10 "early", ack 0
            60   b> hello, epoch 200, heard 100, wants an answer
            63   a> hello, epoch 100, heard 200
            63   a> message 0 op 0x10 "early", ack 0
            64   b up with epoch 100
            78   -- take b
            78   b receives Some((0, "early"))
        "#]],
    );
}

#[test]
fn another_protocol_is_reported_by_both_and_again_after_a_restart() {
    check(
        "is b 3\nstart a\nstart b\nrun 5000\nis b 4\nstart b\nrun 100",
        expect![[r#"
            0    -- is b 3
            0    -- start a
            0    -- start b
            0    -- run 5000
            3    a> hello, epoch 100, heard 0, wants an answer
            3    b> hello, epoch 303, heard 0, wants an answer
            4    a down: the peer speaks revision 3 (down to 3) with wire hash 0x00000007
            4    b down: the peer speaks revision 1 (down to 1) with wire hash 0x12345678
            6    a> hello, epoch 100, heard 303, wants an answer
            6    b> hello, epoch 303, heard 100, wants an answer
            1010 a> hello, epoch 100, heard 303, wants an answer
            1010 b> hello, epoch 303, heard 100, wants an answer
            2014 a> hello, epoch 100, heard 303, wants an answer
            2014 b> hello, epoch 303, heard 100, wants an answer
            3018 a> hello, epoch 100, heard 303, wants an answer
            3018 b> hello, epoch 303, heard 100, wants an answer
            4022 a> hello, epoch 100, heard 303, wants an answer
            4022 b> hello, epoch 303, heard 100, wants an answer
            5000 -- is b 4
            5000 -- start b
            5000 -- run 100
            5003 b> hello, epoch 304, heard 0, wants an answer
            5004 a down: the peer speaks revision 4 (down to 4) with wire hash 0x00000007
            5006 a> hello, epoch 100, heard 304, wants an answer
            5007 b down: the peer speaks revision 1 (down to 1) with wire hash 0x12345678
            5009 b> hello, epoch 304, heard 100, wants an answer
        "#]],
    );
}
