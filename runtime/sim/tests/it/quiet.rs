//! Nothing goes wrong.

use fivewire_sim::Setup;

use crate::run;

#[test]
fn without_faults_everything_arrives_exactly_once() {
    let (summary, trace) = run(Setup::quiet(1));
    println!("{trace}\n{summary:?}");
    let tally = summary.tally;
    assert!(tally.accepted > 30, "{tally:?}");
    assert_eq!((tally.delivered, tally.arrived), (tally.accepted, tally.accepted));
    assert_eq!(
        (summary.resets, summary.lives),
        (1, 1),
        "only the one at the start"
    );
}

#[test]
fn a_seed_gives_the_same_run_bit_for_bit() {
    let (first, first_trace) = run(Setup::random(7));
    let (second, second_trace) = run(Setup::random(7));
    assert_eq!(first.fingerprint, second.fingerprint);
    assert_eq!(first_trace, second_trace);
    let (other, _) = run(Setup::random(8));
    assert_ne!(first.fingerprint, other.fingerprint);
}
