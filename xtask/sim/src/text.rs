//! `--text-seeds`: many seeds of the simulator with a stock MicroPython bridge, on all processors, and their sums. What a
//! run is, and when it fails, is the simulator's business.

use std::fmt;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use fivewire_sim::Failure;
use fivewire_sim::stock::{StockSetup, StockSummary, StockWorld};
use serde_json::json;

/// The sums of all runs.
#[derive(Debug, Default)]
struct Sums {
    runs: u64,
    published: u64,
    delivered: u64,
    damaged: u64,
    messages: u64,
    resets: u64,
    lives: u64,
    disturbed: u64,
    slowest_ms: u64,
    failures: Vec<Failure>,
}

impl Sums {
    fn add(&mut self, result: Result<StockSummary, Failure>) {
        self.runs += 1;
        match result {
            Ok(summary) => {
                self.published += u64::from(summary.tally.accepted);
                self.delivered += u64::from(summary.tally.delivered);
                self.damaged += u64::from(summary.tally.damaged);
                self.messages += u64::from(summary.tally.taken);
                self.resets += u64::from(summary.resets.saturating_sub(1));
                self.lives += u64::from(summary.lives);
                self.disturbed += summary.disturbed;
                self.slowest_ms = self.slowest_ms.max(summary.drained_ms);
            }
            Err(failure) => self.failures.push(failure),
        }
    }

    fn to_json(&self) -> serde_json::Value {
        json!({
            "event": "summary",
            "runs": self.runs,
            "published": self.published,
            "delivered": self.delivered,
            "damaged": self.damaged,
            "lost": self.published - self.delivered,
            "messages": self.messages,
            "bridge_resets": self.resets,
            "bridge_lives": self.lives,
            "disturbed_bits": self.disturbed,
            "slowest_ms": self.slowest_ms,
            "failures": self.failures.len(),
        })
    }
}

impl fmt::Display for Sums {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} runs: published {}, delivered {} (of those damaged on disturbed wires {}), messages {}",
            self.runs, self.published, self.delivered, self.damaged, self.messages
        )?;
        write!(
            f,
            "bridge lives {}, resets {}, bits disturbed {}; all was done {:.1} s after the last fault at the latest",
            self.lives,
            self.resets,
            self.disturbed,
            self.slowest_ms as f64 / 1e3
        )
    }
}

/// Runs the seeds from `first` on. The exit code is 0 when every run kept the contract.
pub(crate) fn run(first: u64, seeds: u32, json: bool) -> ExitCode {
    let sums = run_all(first, seeds);
    for failure in sums.failures.iter().take(1) {
        eprintln!("{failure}");
    }
    for failure in &sums.failures {
        eprintln!("error: seed {:#x}: {}", failure.seed, failure.what);
    }
    if json {
        println!("{}", sums.to_json());
    } else {
        println!("{sums}");
    }
    if sums.failures.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn run_all(first: u64, seeds: u32) -> Sums {
    let (sums, next) = (Mutex::new(Sums::default()), AtomicU64::new(0));
    let work = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= seeds.into() {
                return;
            }
            let setup = StockSetup::random(first.wrapping_add(at));
            let result = StockWorld::new(setup).and_then(StockWorld::run);
            let mut sums = sums.lock().unwrap_or_else(PoisonError::into_inner);
            sums.add(result.map(|(summary, _)| summary));
        }
    };
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| (0..processors).for_each(|_| drop(scope.spawn(work))));
    sums.into_inner().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_run_once_each_and_summed() {
        let sums = run_all(1, 3);
        assert_eq!((sums.runs, sums.failures.len()), (3, 0), "{sums}");
        assert!(sums.delivered > 0 && sums.delivered == sums.published, "{sums}");
    }
}
