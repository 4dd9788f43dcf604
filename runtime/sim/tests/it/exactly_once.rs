//! QoS 2 both ways with a session that lasts: each publication comes to the broker once and each message to the
//! application once, whatever happens between them. That nothing comes twice the ledger sees to all the time.

use fivewire_host::QoS;
use fivewire_sim::{Cut, Fault, Plan, Setup, Summary, World};
use fivewire_wire::MqttVersion;

use crate::Outcome;

fn setup(seed: u64, version: MqttVersion, faults: &[(u64, Fault)]) -> Setup {
    let mut setup = Setup::quiet(seed);
    setup.config.mqtt_version = version;
    // Only the first connection begins a new session, whatever lives of the bridge follow.
    setup.config.clean_init = true;
    setup.workload.exactly_once = (100, 100);
    setup.workload.subscriptions = vec![("in/#", QoS::ExactlyOnce)];
    setup.workload.publish_every_ms = 60;
    setup.workload.send_every_ms = 60;
    setup.workload.properties = version == MqttVersion::V5_0;
    // What goes wrong meets what is under way.
    setup.latency_ms = 40;
    setup.plan = Plan {
        faults: faults.to_vec(),
        heal_ms: 20_000,
    };
    setup
}

fn run(setup: Setup) -> Result<Summary, Box<dyn std::error::Error>> {
    let mut world = World::new(setup)?;
    world.run_until(4_000)?;
    let subscribed = world.ledger.tally().sent;
    world.run_until(20_000)?;
    let drained_ms = world.drain()?;
    let tally = world.ledger.tally();
    assert!(tally.accepted > 60 && tally.sent > 60, "{tally:?}");
    assert_eq!(tally.delivered, tally.accepted, "every publication is delivered");
    assert_eq!(
        world.ledger.never_taken(subscribed),
        [0; 0],
        "every message is taken"
    );
    assert_eq!(world.broker.unreleased(), 0, "and every handshake ended");
    Ok(world.summary(drained_ms))
}

const VERSIONS: [MqttVersion; 2] = [MqttVersion::V3_1_1, MqttVersion::V5_0];

#[test]
fn a_bridge_that_crashes_again_and_again() -> Outcome {
    for version in VERSIONS {
        let crashes: Vec<_> = (0..8)
            .map(|index| {
                let (bit, down_ms) = (7 * index as u32, 60);
                (5_000 + 1_700 * index, Fault::BridgeCrash { bit, down_ms })
            })
            .collect();
        let summary = run(setup(1, version, &crashes))?;
        assert_eq!(summary.lives, 9, "{version:?}: {summary:?}");
    }
    Ok(())
}

#[test]
fn everything_between_host_and_broker_at_once() -> Outcome {
    let restart = Fault::BrokerRestart {
        ms: 1_000,
        keeps: true,
        silent: false,
    };
    for version in VERSIONS {
        for seed in 1..=2 {
            let plan = [
                (5_000, Fault::TcpCut(Cut::Reset)),
                (6_000, Fault::WifiDrop { ms: 1_500 }),
                (8_500, Fault::SlowApplication { ms: 6_000 }),
                (9_000, Fault::TcpCut(Cut::Reset)),
                (10_500, Fault::TcpCut(Cut::Reset)),
                (12_000, restart),
                (12_500, Fault::BridgeCrash { bit: 9, down_ms: 300 }),
                (15_000, Fault::Reconfigure),
                (17_000, Fault::ResetRequest),
                (17_500, restart),
            ];
            run(setup(seed, version, &plan))?;
        }
    }
    Ok(())
}

/// Messages that the application has not taken come again over each new connection of the same bridge.
#[test]
fn an_application_that_takes_its_time_while_connections_break() -> Outcome {
    for version in VERSIONS {
        let mut faults = vec![(5_000, Fault::SlowApplication { ms: 9_000 })];
        faults.extend((0..4).map(|index| (6_000 + 1_900 * index, Fault::TcpCut(Cut::Reset))));
        let mut setup = setup(1, version, &faults);
        setup.workload.send_every_ms = 2_000;
        let mut world = World::new(setup)?;
        world.run_until(20_000)?;
        world.drain()?;
        assert!(world.host().stats().repeated > 0, "{:?}", world.host().stats());
    }
    Ok(())
}
