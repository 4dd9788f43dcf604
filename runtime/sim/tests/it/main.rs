//! The whole system in virtual time: what the delivery contract promises, fault by fault and seed by seed.

mod exactly_once;
mod faults;
mod floods;
mod outside;
mod quiet;
mod seeds;
mod stock;

use fivewire_sim::{Failure, Setup, Summary, Trace, World};

/// What a test returns: a failure tells its story and how to replay it.
type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Runs to the end.
fn run(setup: Setup) -> Result<(Summary, Trace), Failure> {
    World::new(setup).and_then(World::run)
}
