//! The host before a stock MicroPython bridge: random seeds (`FIVEWIRE_SEED=n` replays one with its whole trace,
//! `FIVEWIRE_SEEDS=n` runs so many), and each fault by itself.

use fivewire_sim::Failure;
use fivewire_sim::stock::{StockFault, StockSetup, StockSummary, StockWorld};

use crate::Outcome;
use crate::seeds::{SEEDS, number};

fn run(setup: StockSetup) -> Result<StockSummary, Failure> {
    StockWorld::new(setup)
        .and_then(StockWorld::run)
        .map(|(summary, _)| summary)
}

#[test]
fn seeds_of_text() -> Outcome {
    if let Some(seed) = number("FIVEWIRE_SEED")? {
        let setup = StockSetup {
            trace_lines: usize::MAX,
            ..StockSetup::random(seed)
        };
        let (summary, trace) = StockWorld::new(setup).and_then(StockWorld::run)?;
        println!("{trace}{summary:#?}");
        return Ok(());
    }
    let mut first = None;
    for seed in 0..number("FIVEWIRE_SEEDS")?.unwrap_or(SEEDS) {
        match run(StockSetup::random(seed)) {
            Ok(summary) => println!("seed {seed:#x}: {summary:?}"),
            Err(failure) => {
                println!("seed {seed:#x}: {}", failure.what);
                first.get_or_insert(failure);
            }
        }
    }
    first.map_or(Ok(()), |failure| Err(failure.into()))
}

#[test]
fn a_quiet_run_loses_nothing_and_is_the_same_each_time() -> Outcome {
    let summary = run(StockSetup::quiet(1))?;
    assert!(summary.tally.accepted > 20, "{summary:?}");
    assert_eq!(summary.tally.delivered, summary.tally.accepted);
    assert_eq!(summary.tally.arrived, summary.tally.accepted, "each of them once");
    assert_eq!((summary.resets, summary.lives), (1, 1));
    assert_eq!(run(StockSetup::quiet(1))?.fingerprint, summary.fingerprint);
    Ok(())
}

/// Forged statuses, receipts and times among the messages of a topic, all the time.
#[test]
fn nobody_forges_anything() -> Outcome {
    for seed in 0..10 {
        let summary = run(StockSetup {
            forges: true,
            send_every_ms: 100,
            ask_every_ms: 2_000,
            ..StockSetup::quiet(seed)
        })?;
        assert_eq!(summary.resets, 1, "{summary:?}");
        assert_eq!(summary.tally.delivered, summary.tally.accepted);
    }
    Ok(())
}

fn survives(fault: StockFault, judge: impl Fn(&StockSummary)) -> Outcome {
    for seed in 0..5 {
        // In its start, and while it runs.
        for at_ms in [1_500 + 300 * seed, 15_000 + 7 * seed] {
            let summary = run(StockSetup {
                faults: vec![(at_ms, fault)],
                ..StockSetup::quiet(seed)
            })?;
            assert_eq!(summary.tally.delivered, summary.tally.accepted);
            judge(&summary);
        }
    }
    Ok(())
}

#[test]
fn crash_of_a_stock_bridge() -> Outcome {
    survives(StockFault::Crash { down_ms: 300 }, |summary| {
        assert!(summary.lives >= 2, "{summary:?}");
    })
}

#[test]
fn a_stock_bridge_that_stands_still() -> Outcome {
    survives(StockFault::Freeze, |summary| {
        assert_eq!(summary.resets, 2, "{summary:?}")
    })
}

#[test]
fn a_stock_bridge_whose_program_stops() -> Outcome {
    survives(StockFault::Mute, |summary| {
        assert_eq!(summary.resets, 2, "{summary:?}")
    })
}

#[test]
fn silence_before_the_sync_byte() -> Outcome {
    for seed in 0..5 {
        let faults = vec![(0, StockFault::SilentBoots(2))];
        let setup = StockSetup {
            faults,
            ..StockSetup::quiet(seed)
        };
        assert_eq!(run(setup)?.resets, 3);
    }
    Ok(())
}

#[test]
fn a_start_with_bits_off_their_places() -> Outcome {
    for shift in 1..7 {
        let faults = vec![(0, StockFault::BadBoot { stray: 0, shift })];
        let setup = StockSetup {
            faults,
            ..StockSetup::quiet(shift.into())
        };
        assert_eq!(run(setup)?.resets, 2, "shift {shift}");
    }
    Ok(())
}

#[test]
fn outages_of_a_stock_bridge() -> Outcome {
    survives(StockFault::WifiDrop { ms: 9_000 }, |_| {})?;
    survives(StockFault::BrokerRestart { ms: 6_000 }, |_| {})
}

#[test]
fn an_application_that_takes_nothing_holds_nothing_up() -> Outcome {
    let setup = StockSetup {
        faults: vec![(10_000, StockFault::SlowApplication { ms: 50_000 })],
        send_every_ms: 100,
        heal_ms: 60_000,
        ..StockSetup::quiet(1)
    };
    let summary = run(setup)?;
    assert_eq!(summary.resets, 1, "{summary:?}");
    assert!(summary.tally.accepted > 60, "{summary:?}");
    Ok(())
}
