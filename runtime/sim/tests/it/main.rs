//! The whole system in virtual time: what the delivery contract promises, fault by fault and seed by seed.

mod quiet;
mod seeds;

use fivewire_sim::{Failure, Setup, Summary, Trace, World};

/// Runs to the end, or fails with the story.
fn run(setup: Setup) -> (Summary, Trace) {
    World::new(setup)
        .and_then(World::run)
        .unwrap_or_else(|failure| fail(&failure))
}

fn fail<T>(failure: &Failure) -> T {
    panic!("{failure}")
}
