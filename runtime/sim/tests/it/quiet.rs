//! Nothing goes wrong.

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
    let (first, first_trace) = run(Setup::random(7))?;
    let (second, second_trace) = run(Setup::random(7))?;
    assert_eq!(first.fingerprint, second.fingerprint);
    assert_eq!(first_trace, second_trace);
    let (other, _) = run(Setup::random(8))?;
    assert_ne!(first.fingerprint, other.fingerprint);
    Ok(())
}
