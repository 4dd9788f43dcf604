//! The committed corpus, and a short seeded run near it, for every target: what `cargo xtask fuzz` does at length.

use std::time::{Duration, Instant};

use fivewire_xtask_fuzz::engine::{self, Mutator};
use fivewire_xtask_fuzz::{TARGETS, Target, corpus};

/// For the mutations of one target.
const SHARE: Duration = Duration::from_millis(700);

fn hold(target: &Target) {
    let inputs = corpus::load(target).expect("a readable corpus");
    assert!(!inputs.is_empty(), "{} has no inputs", target.name);
    let mut mutator = Mutator::new(inputs.clone(), target.max_len, 1);
    let started = Instant::now();
    let mutated = std::iter::from_fn(|| (started.elapsed() < SHARE).then(|| mutator.next_input()));
    for input in inputs.into_iter().chain(mutated) {
        if let Some(finding) = engine::try_input(target, &input) {
            let file =
                corpus::save(&std::env::temp_dir().join("fivewire-fuzz"), &finding.input).expect("saved");
            let again = format!("cargo xtask fuzz {} --replay {}", target.name, file.display());
            unreachable!("{}\n{again}", finding.message);
        }
    }
}

#[test]
fn every_target_holds_near_its_corpus() {
    TARGETS.iter().for_each(hold);
}

#[test]
fn every_target_has_a_small_committed_corpus() {
    for target in TARGETS {
        let inputs = corpus::load(target).expect("a readable corpus");
        let bytes: usize = inputs.iter().map(Vec::len).sum();
        assert!(
            corpus::committed(target).exists(),
            "{} has no corpus",
            target.name
        );
        assert!(bytes <= 16 * 1024, "{}: {bytes} bytes", target.name);
    }
}

fn fails_on_seven(bytes: &[u8]) {
    assert!(!bytes.contains(&7), "a seven");
}

#[test]
fn a_finding_is_made_small_and_a_seed_repeats_itself() {
    let target = Target {
        name: "seven",
        about: "",
        run: fails_on_seven,
        seeds: Vec::new,
        max_len: 100,
    };
    let finding = engine::try_input(&target, &[1, 2, 3, 7, 4, 7]).expect("a finding");
    assert_eq!((&finding.input[..], &*finding.message), (&[7][..], "a seven"));
    assert_eq!(engine::try_input(&target, &[1, 2, 3]), None);
    let inputs = |seed| {
        let mut mutator = Mutator::new(vec![vec![0; 20]], 30, seed);
        (0..50).map(|_| mutator.next_input()).collect::<Vec<_>>()
    };
    assert_eq!(inputs(5), inputs(5));
    assert_ne!(inputs(5), inputs(6));
    assert!(inputs(5).iter().all(|input| input.len() <= 30));
}
