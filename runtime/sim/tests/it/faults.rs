//! One fault at a time, in an otherwise quiet run: nothing is lost, and only what cannot mend itself is reset.

use fivewire_sim::{Cut, Fault, Setup, Summary, World};

use crate::Outcome;

/// Runs with one fault and three seeds; the session at the broker is kept, so not even a message may be lost.
fn survives(fault: Fault, judge: impl Fn(&Summary)) -> Outcome {
    for seed in 1..=3 {
        let mut world = World::new(Setup::with_fault(seed, fault))?;
        world.run_until(2_000)?;
        let subscribed = world.ledger.tally().sent;
        world.run_until(30_000)?;
        let drained_ms = world.drain()?;
        let summary = world.summary(drained_ms);
        let tally = summary.tally;
        assert!(tally.accepted > 20 && tally.sent > 20, "{tally:?}");
        assert_eq!(tally.delivered, tally.accepted, "every publication is delivered");
        assert_eq!(
            world.ledger.never_taken(subscribed),
            [0; 0],
            "every message is taken"
        );
        judge(&summary);
    }
    Ok(())
}

fn is_mended_without_a_reset(summary: &Summary) {
    assert_eq!((summary.resets, summary.lives), (1, 1), "{summary:?}");
}

fn is_mended_by_the_reset_wire(summary: &Summary) {
    assert_eq!((summary.resets, summary.lives), (2, 2), "{summary:?}");
}

#[test]
fn bridge_crash() -> Outcome {
    survives(
        Fault::BridgeCrash {
            bit: 11,
            down_ms: 700,
        },
        |summary| {
            assert_eq!((summary.resets, summary.lives), (1, 2), "it comes by itself");
        },
    )
}

#[test]
fn bridge_hang() -> Outcome {
    survives(Fault::BridgeHang { bit: 3 }, is_mended_by_the_reset_wire)
}

#[test]
fn bridge_pause_shorter_than_the_watchdog() -> Outcome {
    survives(Fault::BridgePause { ms: 8_000 }, is_mended_without_a_reset)
}

#[test]
fn bridge_pause_longer_than_the_watchdog() -> Outcome {
    survives(Fault::BridgePause { ms: 13_000 }, is_mended_by_the_reset_wire)
}

#[test]
fn host_pause() -> Outcome {
    survives(Fault::HostPause { ms: 5_000 }, is_mended_without_a_reset)
}

#[test]
fn wifi_drop() -> Outcome {
    survives(Fault::WifiDrop { ms: 9_000 }, is_mended_without_a_reset)
}

#[test]
fn broker_restart() -> Outcome {
    for silent in [false, true] {
        survives(
            Fault::BrokerRestart {
                ms: 5_000,
                keeps: true,
                silent,
            },
            is_mended_without_a_reset,
        )?;
    }
    Ok(())
}

#[test]
fn slow_broker() -> Outcome {
    survives(
        Fault::BrokerSlow {
            ms: 12_000,
            delay_ms: 3_000,
        },
        is_mended_without_a_reset,
    )
}

#[test]
fn tcp_cut() -> Outcome {
    survives(Fault::TcpCut(Cut::Reset), is_mended_without_a_reset)?;
    survives(Fault::TcpCut(Cut::Void), is_mended_without_a_reset)
}

#[test]
fn tcp_stall() -> Outcome {
    survives(Fault::TcpStall { ms: 4_000 }, is_mended_without_a_reset)
}

#[test]
fn bit_flips() -> Outcome {
    survives(
        Fault::Noise {
            ms: 10_000,
            flips: 300,
            slips: 0,
        },
        |summary| {
            assert!(summary.disturbed > 10, "{summary:?}");
            is_mended_without_a_reset(summary);
        },
    )
}

#[test]
fn lost_and_doubled_bits() -> Outcome {
    survives(
        Fault::Noise {
            ms: 10_000,
            flips: 0,
            slips: 300,
        },
        |summary| {
            assert!(summary.disturbed > 10, "{summary:?}");
            is_mended_without_a_reset(summary);
        },
    )
}

#[test]
fn slow_application() -> Outcome {
    survives(Fault::SlowApplication { ms: 15_000 }, is_mended_without_a_reset)
}

#[test]
fn reset_on_request() -> Outcome {
    survives(Fault::ResetRequest, is_mended_by_the_reset_wire)
}

#[test]
fn restart_by_command() -> Outcome {
    survives(Fault::RestartCommand, |summary| {
        assert_eq!((summary.resets, summary.lives), (1, 2), "{summary:?}");
    })
}

#[test]
fn new_configuration() -> Outcome {
    survives(Fault::Reconfigure, is_mended_without_a_reset)
}

/// What a host that lost its memory had accepted has no receipt; all else holds.
#[test]
fn host_restart() -> Outcome {
    let mut world = World::new(Setup::with_fault(1, Fault::HostRestart))?;
    world.run_until(2_000)?;
    let subscribed = world.ledger.tally().sent;
    world.run_until(30_000)?;
    let drained_ms = world.drain()?;
    let summary = world.summary(drained_ms);
    assert_eq!(
        summary.tally.delivered + summary.tally.orphaned,
        summary.tally.accepted
    );
    assert_eq!(world.ledger.never_taken(subscribed), [0; 0]);
    is_mended_by_the_reset_wire(&summary);
    Ok(())
}

/// A broker that forgot its sessions cannot deliver what it had; publications are not its business. The bridge
/// subscribes again, which a drained world has checked.
#[test]
fn a_broker_that_forgets() -> Outcome {
    let fault = Fault::BrokerRestart {
        ms: 2_000,
        keeps: false,
        silent: false,
    };
    let mut world = World::new(Setup::with_fault(1, fault))?;
    world.run_until(30_000)?;
    let drained_ms = world.drain()?;
    let summary = world.summary(drained_ms);
    assert_eq!(summary.tally.delivered, summary.tally.accepted);
    is_mended_without_a_reset(&summary);
    Ok(())
}

/// The bridge dies at many different bits of a busy time.
#[test]
fn bridge_crash_at_any_bit() -> Outcome {
    for at in 0..60 {
        let fault = Fault::BridgeCrash {
            bit: at * 7 % 64,
            down_ms: 100,
        };
        let mut setup = Setup::quiet(u64::from(at));
        setup.workload.publish_every_ms = 15;
        setup.workload.send_every_ms = 15;
        let mut world = World::new(setup)?;
        world.run_until(1_500 + u64::from(at))?;
        let subscribed = world.ledger.tally().sent;
        world.strike(fault)?;
        world.run_until(2_000)?;
        let drained_ms = world.drain()?;
        let summary = world.summary(drained_ms);
        assert_eq!(summary.lives, 2);
        assert_eq!(summary.tally.delivered, summary.tally.accepted);
        assert_eq!(world.ledger.never_taken(subscribed), [0; 0]);
    }
    Ok(())
}
