//! Random worlds. `FIVEWIRE_SEED=n` replays one with its whole trace, `FIVEWIRE_SEEDS=n` runs so many.

use std::env;

use fivewire_sim::{Failure, Setup};

use crate::{Outcome, run};

/// How many by default.
pub(crate) const SEEDS: u64 = 40;

pub(crate) fn number(name: &str) -> Result<Option<u64>, std::num::ParseIntError> {
    let parse = |text: String| match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => text.parse(),
    };
    env::var(name).ok().map(parse).transpose()
}

#[test]
fn seeds() -> Outcome {
    if let Some(seed) = number("FIVEWIRE_SEED")? {
        let (summary, trace) = run(Setup {
            trace_lines: usize::MAX,
            ..Setup::random(seed)
        })?;
        println!("{trace}{summary:#?}");
        return Ok(());
    }
    let seeds = 0..number("FIVEWIRE_SEEDS")?.unwrap_or(SEEDS);
    let failures: Vec<_> = seeds.filter_map(failure_of).collect();
    for failure in &failures {
        println!("{:#x}: {}", failure.seed, failure.what);
    }
    failures
        .into_iter()
        .next()
        .map_or(Ok(()), |first| Err(first.into()))
}

fn failure_of(seed: u64) -> Option<Failure> {
    let result = run(Setup::random(seed));
    if let Ok((summary, _)) = &result {
        println!(
            "seed {seed:#x}: drained in {} ms, {:?}",
            summary.drained_ms, summary.tally
        );
    }
    result.err()
}
