//! Much more than fits anywhere: it waits where it was, arrives whole, and nothing is reset.

use fivewire_sim::{Fault, Setup, World};

use crate::Outcome;

/// Of the contract.
const FLOOD: usize = 10_000;
const MANY: usize = 2_000;

fn silent(seed: u64) -> Setup {
    let mut setup = Setup::quiet(seed);
    (setup.workload.publish_every_ms, setup.workload.send_every_ms) = (0, 0);
    setup
}

#[test]
fn ten_thousand_queued_messages_after_an_outage() -> Outcome {
    let mut world = World::new(silent(1))?;
    world.run_until(2_000)?;
    world.strike(Fault::WifiDrop { ms: 5_000 })?;
    world.run_until(3_000)?;
    for number in 0..FLOOD {
        world.send(
            if number % 2 == 0 { "in/0/a" } else { "in/0/b" },
            20 + number % 40,
            1,
            false,
        );
    }
    assert_eq!(world.broker.undelivered(), FLOOD);
    world.run_until(8_000)?;
    let drained_ms = world.drain()?;
    let summary = world.summary(drained_ms);
    assert_eq!((summary.resets, summary.lives), (1, 1));
    assert_eq!(summary.tally.acknowledged as usize, FLOOD);
    assert_eq!(world.ledger.never_taken(0), [0; 0]);
    Ok(())
}

#[test]
fn two_thousand_retained_messages_at_once() -> Outcome {
    let mut world = World::new(silent(2))?;
    for number in 0..MANY {
        world.send(&format!("in/{number}"), 30, 1, true);
    }
    world.run_until(2_000)?;
    let drained_ms = world.drain()?;
    let summary = world.summary(drained_ms);
    assert_eq!((summary.resets, summary.lives), (1, 1));
    assert_eq!(world.ledger.never_taken(0), [0; 0]);
    Ok(())
}

#[test]
fn a_flood_meets_a_slow_application() -> Outcome {
    let mut world = World::new(silent(3))?;
    world.run_until(2_000)?;
    world.strike(Fault::SlowApplication { ms: 30_000 })?;
    for number in 0..MANY {
        world.send("in/0/a", 500, if number % 3 == 0 { 0 } else { 1 }, false);
    }
    world.run_until(32_000)?;
    assert!(world.broker.undelivered() > MANY / 2, "it waits at the broker");
    assert!(world.host().ready(), "neither link nor connection minds");
    world.drain()?;
    Ok(())
}

#[test]
fn an_application_that_publishes_without_end() -> Outcome {
    let mut setup = Setup::with_fault(4, Fault::WifiDrop { ms: 6_000 });
    setup.workload.publish_every_ms = 1;
    let mut world = World::new(setup)?;
    world.run_until(20_000)?;
    let drained_ms = world.drain()?;
    let summary = world.summary(drained_ms);
    assert!(summary.tally.accepted > 500, "{summary:?}");
    assert_eq!(summary.tally.delivered, summary.tally.accepted);
    assert_eq!(summary.lives, 1);
    Ok(())
}
