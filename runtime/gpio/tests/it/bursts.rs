//! Where bursts end.

use embedded_hal::digital::ErrorKind;
use fivewire_gpio::{Burst, Limits, Outcome, Pace, Pause, PinFault, Wire};
use fivewire_link::Event;

use crate::{Bench, bench};

const ONE: Limits = Limits { bits: 1, spin: 0 };
/// Of a native link.
const QUIET: Outcome = Outcome::Quiet { us: 1000 };

/// Turn about, one step each, until both ends are quiet.
fn settle(bench: &mut Bench, now: u32) {
    for _ in 0..20_000 {
        let mut quiet = 0;
        for (pins, link) in [&mut bench.host, &mut bench.bridge] {
            let burst = pins.burst(link, now, ONE).expect("sound pins");
            quiet += u32::from(burst.outcome == QUIET);
        }
        if quiet == 2 {
            return;
        }
    }
    unreachable!("the link never falls quiet");
}

fn up() -> Bench {
    let mut bench = bench();
    bench.start(0);
    settle(&mut bench, 0);
    for (_, link) in [&mut bench.host, &mut bench.bridge] {
        assert!(matches!(link.poll_event(), Some(Event::Up(_))));
    }
    bench
}

#[test]
fn a_quiet_link_makes_one_step_a_burst() {
    let mut bench = up();
    let mut bits = [0, 0];
    for _ in 0..50 {
        for (bits, (pins, link)) in bits.iter_mut().zip([&mut bench.host, &mut bench.bridge]) {
            let burst = pins.burst(link, 1, Limits::DEFAULT).expect("sound pins");
            assert_eq!(burst.outcome, QUIET);
            assert!(burst.bits <= 1);
            *bits += burst.bits;
        }
    }
    assert!(bits.iter().all(|&bits| bits >= 49), "and each is taken: {bits:?}");
}

#[test]
fn the_first_bit_of_a_frame_wakes_both_ends() {
    let mut bench = up();
    bench
        .host
        .1
        .send(|body| {
            body[..5].fill(0x11);
            Ok::<_, ()>(5)
        })
        .expect("room");
    let mut quiet = [0, 0];
    for _ in 0..60 {
        for (quiet, (pins, link)) in quiet.iter_mut().zip([&mut bench.host, &mut bench.bridge]) {
            let burst = pins.burst(link, 1, ONE).expect("sound pins");
            *quiet += u32::from(burst.outcome == QUIET);
        }
    }
    assert_eq!(quiet[0], 0, "the sender is awake at once");
    assert!(quiet[1] <= 2, "each is a millisecond of latency: {quiet:?}");
    settle(&mut bench, 1);
    assert!(bench.bridge.1.receive().is_some());
}

#[test]
fn a_burst_ends_early_when_there_is_something_for_the_application() {
    let mut bench = up();
    bench
        .host
        .1
        .send(|body| {
            body[..5].fill(0x11);
            Ok::<_, ()>(5)
        })
        .expect("room");
    let mut bursts = 0;
    while !bench.bridge.1.has_input() {
        bursts += 1;
        assert!(bursts < 2000, "it never arrives");
        for (pins, link) in [&mut bench.host, &mut bench.bridge] {
            // The peer never answers within a burst, for there is but one thread.
            let burst = pins
                .burst(link, 1, Limits { bits: 4096, spin: 3 })
                .expect("sound pins");
            assert!(burst.bits <= 8);
        }
    }
}

#[test]
fn a_burst_has_an_end_in_patience() {
    let mut bench = up();
    bench
        .host
        .1
        .send(|body| {
            body[0] = 0x11;
            Ok::<_, ()>(1)
        })
        .expect("room");
    for spin in [0, 1, 100] {
        bench.bridge_clock.good_for.set(1000);
        let (pins, link) = &mut bench.host;
        let burst = pins
            .burst(link, 1, Limits { bits: 4096, spin })
            .expect("sound pins");
        assert_eq!(burst.outcome, Outcome::Stalled);
        let looks = 1000 - bench.bridge_clock.good_for.get();
        assert!(
            looks <= spin + 12,
            "{looks} looks at the clock with a patience of {spin}"
        );
    }
}

#[test]
fn a_failing_pin_is_named() {
    let mut bench = up();
    bench.bridge_clock.good_for.set(0);
    let (pins, link) = &mut bench.host;
    let kind = ErrorKind::Other;
    assert_eq!(
        pins.burst(link, 1, ONE),
        Err(PinFault {
            wire: Wire::ClockIn,
            kind
        })
    );
    let (pins, link) = &mut bench.bridge;
    assert_eq!(
        pins.start(link),
        Err(PinFault {
            wire: Wire::ClockOut,
            kind
        })
    );
}

#[test]
fn the_pace_slows_down_for_quiet_and_for_stalls() {
    let mut pace = Pace::new();
    let mut after = |bits, outcome| pace.after(&Burst { bits, outcome });
    assert_eq!(after(4096, Outcome::Busy), Pause::None);
    assert_eq!(after(1, QUIET), Pause::Sleep { us: 1000 });
    assert_eq!(after(1, Outcome::Quiet { us: 5000 }), Pause::Sleep { us: 5000 });
    assert_eq!(after(0, Outcome::Stalled), Pause::Yield);
    let pauses: Vec<Pause> = (0..400).map(|_| after(0, Outcome::Stalled)).collect();
    assert!(pauses.is_sorted_by_key(|pause| match pause {
        Pause::None | Pause::Yield => 0,
        Pause::Sleep { us } => *us,
    }));
    assert_eq!(
        pauses.last(),
        Some(&Pause::Sleep { us: 1000 }),
        "an absent peer costs no more than a quiet one"
    );
    assert_eq!(after(3, Outcome::Stalled), Pause::Yield, "it moves again");
}
