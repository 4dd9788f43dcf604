//! Seeded faults: whatever they do, what arrives is what was sent, in order, once; and when they stop, everything
//! arrives.

use crate::Rng;
use crate::pair::{Faults, Pair};
use crate::traffic::Traffic;

/// How long a pair may take once the wires are sound again, in milliseconds. A peer that was asked in vain for
/// long is asked again within a second.
const RECOVERY_MS: u32 = 20_000;

fn traffic(seed: u64) -> Traffic {
    let mut rng = Rng::new(seed);
    let mut pair = Pair::new(seed);
    pair.now = u32::MAX.wrapping_sub(rng.below(3000)); // most runs see the clock wrap
    pair.bits_per_ms = [20, 100, 400][rng.below(3) as usize];
    let mut traffic = Traffic::new(pair, seed, [rng.below(120) + 20, rng.below(120)]);
    traffic.max_body = [12, 60, 400][rng.below(3) as usize];
    traffic.slow_ms = [0, 30, 1500][rng.below(3) as usize];
    traffic
}

/// Runs with faults for `ms`, then without until all is done.
fn run(seed: u64, faults: Faults, ms: u32) -> Traffic {
    let mut traffic = traffic(seed);
    traffic.pair.faults = faults;
    traffic.pair.start();
    (0..ms).for_each(|_| traffic.tick());
    traffic.pair.faults = Faults::default();
    traffic.slow_ms = 0;
    let bytes = traffic
        .apps
        .iter()
        .map(|app| app.goal * (traffic.max_body + 20))
        .sum::<u32>();
    let work = bytes * 10 / traffic.pair.bits_per_ms;
    traffic.finish(RECOVERY_MS + work, &format!("seed {seed}, {faults:?}"));
    traffic
}

#[test]
fn sound_wires_need_no_repetition() {
    for seed in 0..20 {
        let traffic = run(seed, Faults::default(), 2000);
        for (end, app) in traffic.pair.ends.iter().zip(&traffic.apps) {
            let stats = end.stats();
            let trouble = [
                stats.retransmissions,
                stats.bad_frames,
                stats.discarded,
                stats.realignments,
            ];
            assert_eq!(trouble, [0; 4], "seed {seed}: {stats:?}");
            assert_eq!((app.ups, app.downs.len()), (1, 0), "seed {seed}");
        }
    }
}

/// One kind of fault after the other, at rates under which frames still get through: no session may end.
#[test]
fn single_faults_are_repaired_within_the_session() {
    let mut repaired = 0;
    for seed in 0..80 {
        let rate = [3_000, 10_000, 50_000][seed as usize % 3];
        let faults = match seed % 4 {
            0 => Faults {
                flip: rate,
                ..Faults::default()
            },
            1 => Faults {
                lose: rate,
                ..Faults::default()
            },
            2 => Faults {
                double: rate,
                ..Faults::default()
            },
            _ => Faults {
                stall: rate,
                ..Faults::default()
            },
        };
        let traffic = run(seed, faults, 4000);
        for (end, app) in traffic.pair.ends.iter().zip(&traffic.apps) {
            assert_eq!((app.ups, &app.downs[..]), (1, &[][..]), "seed {seed} {faults:?}");
            repaired += end.stats().retransmissions;
        }
    }
    assert!(repaired > 300, "the faults must bite: {repaired}");
}

#[test]
fn any_mix_of_faults_ends_in_a_working_link() {
    let (mut bad, mut realigned) = (0, 0);
    for seed in 1000..1120 {
        let mut rng = Rng::new(seed);
        let mut rate = |from: u32, to: u32| if rng.chance(3) { 0 } else { from + rng.below(to) };
        let faults = Faults {
            flip: rate(200, 20_000),
            lose: rate(200, 20_000),
            double: rate(200, 20_000),
            stall: rate(10_000, 100_000),
            noise: rate(500, 30_000),
        };
        let traffic = run(seed, faults, 5000);
        for end in &traffic.pair.ends {
            bad += end.stats().bad_frames;
            realigned += end.stats().realignments;
        }
    }
    assert!(
        bad > 2000 && realigned > 2000,
        "the faults must bite: {bad} {realigned}"
    );
}
