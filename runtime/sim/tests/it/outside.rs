//! The world outside: access points, brokers and time servers that are not as they should be.

use fivewire_host::{Config, Epoch, Event, GetTime, Status};
use fivewire_sim::{Fault, PASSWORD, SSID, Setup, TimeMood, WILL_PAYLOAD, WILL_TOPIC, World};

use crate::Outcome;

/// A world with no workload.
fn world(change: impl FnOnce(&mut Setup)) -> Result<World, fivewire_sim::Failure> {
    let mut setup = Setup::quiet(5);
    (setup.workload.publish_every_ms, setup.workload.send_every_ms) = (0, 0);
    change(&mut setup);
    World::new(setup)
}

/// True when the trace says that the host heard this status.
fn heard(world: &World, status: Status) -> bool {
    let word = format!("host   Status {{ status: {status:?}");
    world.trace().lines().any(|line| line.contains(&word))
}

#[test]
fn a_stored_network_is_enough() -> Outcome {
    let mut world = world(|_| {})?;
    world.drain()?;
    assert!(heard(&world, Status::StoredNetwork) && !heard(&world, Status::SpecifiedNetwork));
    assert!(world.board.broker_led);
    Ok(())
}

#[test]
fn without_a_stored_network_the_configured_one_is_joined_and_stored() -> Outcome {
    let mut world = world(|setup| setup.stored = false)?;
    world.drain()?;
    assert!(heard(&world, Status::SpecifiedNetwork));
    assert_eq!(world.board.stored.as_deref(), Some(SSID));
    Ok(())
}

#[test]
fn a_wrong_password_is_told_and_can_be_mended() -> Outcome {
    let wrong = |setup: &mut Setup| {
        setup.config = Config {
            password: "wrong",
            use_default_net: false,
            ..setup.config
        };
    };
    let mut world = world(wrong)?;
    world.run_until(30_000)?;
    assert!(heard(&world, Status::NetworkFailed));
    assert!(
        !world.host().ready() && world.summary(0).resets == 1,
        "no reset can mend it"
    );
    let config = Config {
        password: PASSWORD,
        ..world.setup().config
    };
    assert!(world.host().reconfigure(config).is_ok());
    world.drain()?;
    Ok(())
}

#[test]
fn a_broker_that_is_away_at_the_start_is_waited_for() -> Outcome {
    for silent in [false, true] {
        let mut world = world(|_| {})?;
        world.strike(Fault::BrokerRestart {
            ms: 40_000,
            keeps: true,
            silent,
        })?;
        world.run_until(40_000)?;
        assert!(heard(&world, Status::BrokerDown));
        world.run_until(80_000)?;
        assert!(world.host().ready());
        assert_eq!(world.summary(0).resets, 1);
    }
    Ok(())
}

#[test]
fn a_broker_that_refuses_is_told_and_asked_again() -> Outcome {
    let mut world = world(|_| {})?;
    world.broker.manners.login = Some(("joe".into(), b"key".into()));
    world.run_until(20_000)?;
    assert!(heard(&world, Status::BrokerRefused));
    world.broker.manners.login = None;
    world.drain()?;
    assert_eq!(world.summary(0).resets, 1);
    Ok(())
}

#[test]
fn the_time_of_day_comes_and_goes_on() -> Outcome {
    let mut world = world(|_| {})?;
    world.run_until(10_000)?;
    let expected = world.board.network.time_server.unix_time_at(10_000);
    let known = world.host().time(Epoch::Unix).ok_or("no time")?;
    assert!(expected.abs_diff(known) <= 1, "{known} instead of {expected}");
    Ok(())
}

#[test]
fn a_time_server_that_does_not_help_holds_nothing_up() -> Outcome {
    for mood in [TimeMood::Silent, TimeMood::Late, TimeMood::Garbage] {
        let mut world = world(|setup| {
            setup.workload.publish_every_ms = 100;
            setup.time_mood = mood;
        })?;
        world.run_until(12_000)?;
        let delivered = world.ledger.tally().delivered;
        assert!(delivered > 80, "{mood:?}: publications do not wait: {delivered}");
        assert_eq!(
            world.host().time(Epoch::Unix).is_some(),
            mood == TimeMood::Late,
            "{mood:?}"
        );
        world.board.network.time_server.mood = TimeMood::Right;
        world.host().want_time(GetTime::default());
        world.run_until(20_000)?;
        assert!(world.host().time(Epoch::Unix).is_some(), "{mood:?}");
        world.drain()?;
    }
    Ok(())
}

#[test]
fn the_will_is_published_when_the_bridge_vanishes() -> Outcome {
    let mut world = world(|_| {})?;
    world.run_until(3_000)?;
    assert!(world.broker.retained(WILL_TOPIC).is_none());
    world.strike(Fault::BridgeCrash { bit: 0, down_ms: 10 })?;
    world.run_until(5_000)?;
    let will = world.broker.retained(WILL_TOPIC).ok_or("no will")?;
    assert_eq!((will.payload.as_slice(), will.qos), (WILL_PAYLOAD, 1));
    Ok(())
}

#[test]
fn nothing_happens_for_ten_minutes_and_the_connection_is_kept() -> Outcome {
    let mut world = world(|setup| setup.lazy = true)?;
    world.run_until(600_000)?;
    let connections = world
        .trace()
        .lines()
        .filter(|line| line.contains("broker Connected"))
        .count();
    assert_eq!((world.summary(0).resets, connections), (1, 1));
    assert!(
        (1_190..=1_201).contains(&world.board.beats),
        "heartbeat: {}",
        world.board.beats
    );
    Ok(())
}

#[test]
fn the_application_hears_each_start() -> Outcome {
    let mut world = world(|_| {})?;
    world.run_until(3_000)?;
    world.strike(Fault::ResetRequest)?;
    world.run_until(6_000)?;
    let starts: Vec<_> = world
        .trace()
        .lines()
        .filter(|line| line.contains("Started"))
        .collect();
    assert_eq!(starts.len(), 2, "{starts:?}");
    let second: Event = Event::Started { count: 2 };
    assert!(
        starts
            .last()
            .is_some_and(|line| line.ends_with(&format!("{second:?}")))
    );
    Ok(())
}
