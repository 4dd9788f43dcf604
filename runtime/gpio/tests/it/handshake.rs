//! The order of levels on the wires, which is what other ends rely on.

use fivewire_gpio::{Burst, Limits, Outcome};
use fivewire_link::Event;

use crate::{Bench, bench};

const ONE: Limits = Limits { bits: 1, spin: 0 };

fn turn_about(bench: &mut Bench, now: u32, times: u32) {
    for _ in 0..times {
        for (pins, link) in [&mut bench.host, &mut bench.bridge] {
            pins.burst(link, now, ONE).expect("sound pins");
        }
    }
}

#[test]
fn start_levels_are_those_of_the_micropython_system_but_for_its_sync_byte() {
    let mut bench = bench();
    bench.start(0);
    let expected = [
        ("host data", false),
        ("host clock", true),
        ("bridge data", false),
        ("bridge clock", false),
    ];
    assert_eq!(
        *bench.log.borrow(),
        expected,
        "the first edge carries the first zero"
    );
}

#[test]
fn each_step_puts_the_data_before_the_edge_and_the_ends_alternate() {
    let mut bench = bench();
    bench.start(0);
    bench.log.borrow_mut().clear();
    turn_about(&mut bench, 0, 40);
    let log = bench.log.borrow();
    let names: Vec<&str> = log.iter().map(|(name, _)| *name).collect();
    let round = ["bridge data", "bridge clock", "host data", "host clock"];
    assert!(
        names.len() > 100 && names.iter().eq(round.iter().cycle().take(names.len())),
        "{names:?}"
    );
    let edges: Vec<bool> = log
        .iter()
        .filter(|(name, _)| *name == "bridge clock")
        .map(|(_, high)| *high)
        .collect();
    assert!(
        edges.windows(2).all(|pair| pair[0] != pair[1]),
        "a clock toggles each time"
    );
}

#[test]
fn the_first_eight_bits_each_way_are_zeros() {
    let mut bench = bench();
    bench.start(0);
    turn_about(&mut bench, 0, 20);
    let log = bench.log.borrow();
    let first = |wire: &str, skip: usize| {
        let bits = log.iter().filter(|(name, _)| *name == wire).skip(skip).take(8);
        bits.fold(0u8, |byte, &(_, high)| byte >> 1 | u8::from(high) << 7)
    };
    assert_eq!(first("host data", 0), 0);
    assert_eq!(first("bridge data", 1), 0, "behind the start level");
}

/// Whatever levels the clocks were left at, exactly one end may step, so the two never wait for each other.
#[test]
fn no_start_levels_make_the_ends_wait_for_each_other() {
    for levels in 0..4 {
        for order in 0..2 {
            let mut bench = bench();
            let starts: [&mut dyn FnMut(); 2] = [
                &mut || {
                    bench.host.1.start(0);
                    bench.host.0.start(&mut bench.host.1).expect("sound pins");
                },
                &mut || {
                    bench.bridge.1.start(0);
                    bench.bridge.0.start(&mut bench.bridge.1).expect("sound pins");
                },
            ];
            bench.host_clock.level.set(levels & 1 == 1);
            bench.bridge_clock.level.set(levels & 2 == 2);
            starts[order]();
            starts[1 - order]();
            for now in 0..100 {
                turn_about(&mut bench, now, 100);
            }
            for (_, link) in [&mut bench.host, &mut bench.bridge] {
                assert!(
                    matches!(link.poll_event(), Some(Event::Up(_))),
                    "levels {levels}, order {order}"
                );
            }
        }
    }
}

#[test]
fn a_glitch_on_a_clock_costs_bits_but_not_the_session() {
    let mut bench = bench();
    bench.start(0);
    let mut received = 0;
    for now in 0..4000u32 {
        turn_about(&mut bench, now, 40);
        if now == 50 {
            for (_, link) in [&mut bench.host, &mut bench.bridge] {
                assert!(matches!(link.poll_event(), Some(Event::Up(_))));
            }
        }
        if now > 50 && now % 10 == 0 && bench.host.1.can_send(20) {
            bench
                .host
                .1
                .send(|body| {
                    body[..20].fill(0x55);
                    Ok::<_, ()>(20)
                })
                .expect("room");
        }
        if now % 97 == 0 && now > 50 && now < 3500 {
            // A spike: for the moment of one look the peer's clock reads wrong.
            let wire = if now % 2 == 0 {
                &bench.host_clock
            } else {
                &bench.bridge_clock
            };
            let level = wire.level.replace(!wire.level.get());
            let (pins, link) = if now % 2 == 0 {
                &mut bench.bridge
            } else {
                &mut bench.host
            };
            pins.burst(link, now, ONE).expect("sound pins");
            wire.level.set(level);
        }
        while let Some((number, body)) = bench.bridge.1.receive() {
            assert_eq!((number, body), (received as u8, &[0x55; 20][..]));
            received += 1;
            bench.bridge.1.release();
        }
    }
    assert!(received > 100, "{received}");
    assert_eq!(bench.host.1.in_flight(), 0);
    assert_eq!(
        (bench.host.1.poll_event(), bench.bridge.1.poll_event()),
        (None, None)
    );
    assert!(bench.bridge.1.stats().realignments > 0, "the spikes must bite");
}

#[test]
fn nothing_moves_without_the_peer() {
    let mut bench = bench();
    bench.start(0);
    let (pins, link) = &mut bench.host;
    let burst = pins
        .burst(link, 0, Limits { bits: 1000, spin: 30 })
        .expect("sound pins");
    assert_eq!(
        burst,
        Burst {
            bits: 0,
            outcome: Outcome::Stalled
        }
    );
}
