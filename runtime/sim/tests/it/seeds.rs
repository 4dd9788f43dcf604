//! Random worlds. `FIVEWIRE_SEED=n` replays one with its whole trace, `FIVEWIRE_SEEDS=n` runs so many.

use std::env;

use fivewire_sim::{Failure, Setup, World};

use crate::run;

/// How many by default.
const SEEDS: u64 = 40;

fn number(name: &str) -> Option<u64> {
    let text = env::var(name).ok()?;
    let parsed = match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => text.parse(),
    };
    Some(parsed.unwrap_or_else(|error| panic!("{name}={text}: {error}")))
}

#[test]
fn seeds() {
    if let Some(seed) = number("FIVEWIRE_SEED") {
        let (summary, trace) = run(Setup {
            trace_lines: usize::MAX,
            ..Setup::random(seed)
        });
        println!("{trace}{summary:#?}");
        return;
    }
    let failures: Vec<_> = (0..number("FIVEWIRE_SEEDS").unwrap_or(SEEDS))
        .filter_map(failure_of)
        .collect();
    let others: String = failures
        .iter()
        .map(|failure| format!("{:#x}: {}\n", failure.seed, failure.what))
        .collect();
    if let Some(first) = failures.first() {
        panic!("{first}\nall seeds that failed:\n{others}");
    }
}

fn failure_of(seed: u64) -> Option<Failure> {
    let result = World::new(Setup::random(seed)).and_then(World::run);
    if let Ok((summary, _)) = &result {
        println!(
            "seed {seed:#x}: drained in {} ms, {:?}",
            summary.drained_ms, summary.tally
        );
    }
    result.err()
}
