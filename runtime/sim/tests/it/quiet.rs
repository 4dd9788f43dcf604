//! Nothing goes wrong.

use std::collections::BTreeSet;

use fivewire_sim::Setup;

use crate::{Outcome, run};

#[test]
fn without_faults_everything_arrives_exactly_once() -> Outcome {
    let (summary, _) = run(Setup::quiet(1))?;
    let tally = summary.tally;
    assert!(tally.accepted > 30 && tally.sent > 30, "{tally:?}");
    assert_eq!((tally.delivered, tally.arrived), (tally.accepted, tally.accepted));
    assert_eq!(
        (summary.resets, summary.lives, summary.stray),
        (1, 1, 0),
        "only the reset at the start"
    );
    Ok(())
}

#[test]
fn a_seed_gives_the_same_run_bit_for_bit() -> Outcome {
    let mut fingerprints = BTreeSet::new();
    for seed in [3, 27, 42] {
        let setup = || Setup {
            trace_lines: usize::MAX,
            ..Setup::random(seed)
        };
        assert!(
            setup().plan.faults.len() > 1,
            "seed {seed} is too quiet to show anything"
        );
        let (first, first_trace) = run(setup())?;
        let (second, second_trace) = run(setup())?;
        assert_eq!(first_trace, second_trace);
        assert_eq!(first.fingerprint, second.fingerprint);
        fingerprints.insert(first.fingerprint);
    }
    assert_eq!(fingerprints.len(), 3, "and another seed another one");
    Ok(())
}
