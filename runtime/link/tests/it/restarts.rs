//! Either end, or both, begin anew at any bit: both notice, and the session after it is whole.

use fivewire_link::{Cause, Event, Link};

use crate::Rng;
use crate::pair::{Faults, Pair, settings};
use crate::traffic::Traffic;

#[test]
fn a_restart_at_any_moment_is_seen_by_the_peer() {
    for seed in 0..100 {
        let mut rng = Rng::new(seed);
        let mut traffic = Traffic::new(Pair::new(seed), seed, [60, 60]);
        traffic.pair.start();
        let moment = rng.below(400);
        (0..moment).for_each(|_| traffic.tick());
        let (end, peer) = if rng.chance(2) { (0, 1) } else { (1, 0) };
        let peer_was_up = traffic.apps[peer].is_up;
        // Power gone: the new program knows nothing, not even the epoch it had.
        traffic.pair.ends[end] = Link::new(settings(rng.next() as u16 | 1));
        traffic.pair.ends[end].start(traffic.pair.now);
        traffic.apps[end].forget();
        traffic.finish(5000, &format!("seed {seed}, restart of {end} after {moment} ms"));
        let expected: &[&str] = if peer_was_up {
            &["the peer has restarted"]
        } else {
            &[]
        };
        assert_eq!(traffic.apps[peer].downs, expected, "seed {seed}");
    }
}

#[test]
fn a_restart_with_the_same_epoch_is_seen_too() {
    let mut pair = Pair::new(1);
    pair.start();
    pair.run(40);
    pair.ends[1] = Link::new(settings(200));
    pair.ends[1].start(pair.now);
    assert!(matches!(pair.ends[0].poll_event(), Some(Event::Up(_))));
    pair.run(40);
    assert_eq!(pair.ends[0].poll_event(), Some(Event::Down(Cause::PeerRestarted)));
    assert!(matches!(pair.ends[0].poll_event(), Some(Event::Up(_))));
}

#[test]
fn restarts_amid_faults_end_in_a_working_link() {
    for seed in 0..60 {
        let mut rng = Rng::new(seed ^ 77);
        let mut traffic = Traffic::new(Pair::new(seed), seed, [40, 40]);
        traffic.slow_ms = rng.below(300);
        traffic.pair.faults = Faults {
            flip: 2000,
            lose: 5000,
            double: 5000,
            stall: 40_000,
            noise: 20_000,
        };
        traffic.pair.start();
        for _ in 0..6 {
            (0..rng.below(700)).for_each(|_| traffic.tick());
            // A start without a new program: the link itself must choose another epoch.
            let end = rng.below(2) as usize;
            traffic.pair.ends[end].start(traffic.pair.now);
            traffic.apps[end].forget();
        }
        traffic.pair.faults = Faults::default();
        traffic.finish(30_000, &format!("seed {seed}"));
    }
}
