//! The demos on a board of paper, against a bridge that agrees to everything.

mod world;

use expect_test::expect;
use fivewire_host::Publish;
use fivewire_host_fw_app::{Demo, Plan, Range, Simple, Status};
use world::World;

fn plan(limit: u32) -> Plan {
    Plan {
        interval_ms: 100,
        options: Publish::qos1(),
        limit: Some(limit),
    }
}

#[test]
fn simple_counts_and_switches_the_led() {
    let mut world = World::new(Demo::Simple(Simple::default()));
    world.message_at(250, "green", b"on");
    world.message_at(300, "green", b"\xff");
    world.message_at(350, "green", b"off");
    assert!(world.run(&plan(5), 2_000));
    expect![[r#"
        publication 0 queued: 0
        publication 1 queued: 1
        > will result simple client died
        > subscribe green
        > publish result 0
        > publish result 1
        publication 0 delivered
        publication 1 delivered
        publication 2 queued: 2
        > publish result 2
        publication 2 delivered
        message green: "on"
        handler Message("green", 2 bytes, AtLeastOnce)
        led on
        > accept
        publication 3 queued: 3
        > publish result 3
        message green: 1 bytes
        handler Message("green", 1 bytes, AtLeastOnce)
        > accept
        publication 3 delivered
        message green: "off"
        handler Message("green", 3 bytes, AtLeastOnce)
        led off
        > accept
        publication 4 queued: 4
        > publish result 4
        publication 4 delivered
    "#]]
    .assert_eq(&world.trace());
}

#[test]
fn status_consents_at_once_every_time_and_shows_whether_it_is_ready() {
    let mut world = World::new(Demo::Status(Status::default()));
    world.say_at(250, fivewire_host::Status::SpecifiedNetwork);
    world.say_at(300, fivewire_host::Status::SpecifiedNetwork);
    world.say_at(350, fivewire_host::Status::BrokerDown);
    world.say_at(450, fivewire_host::Status::BrokerOk);
    assert!(world.run(&plan(5), 2_000));
    expect![[r#"
        publication 0 queued: 0
        publication 1 queued: 1
        > will result client died
        > subscribe green
        > publish result 0
        > publish result 1
        led on
        publication 0 delivered
        publication 1 delivered
        publication 2 queued: 2
        > publish result 2
        publication 2 delivered
        > join_network true
        publication 3 queued: 3
        > publish result 3
        > join_network true
        publication 3 delivered
        led off
        publication 4 queued: 4
        > publish result 4
        led on
        publication 4 delivered
    "#]]
    .assert_eq(&world.trace());
}

#[test]
fn range_counts_outages_and_publishes_when_the_network_is_back() {
    let mut world = World::new(Demo::Range(Range::default()));
    world.say_at(250, fivewire_host::Status::WifiDown);
    world.say_at(300, fivewire_host::Status::WifiUp);
    assert!(world.run(&plan(5), 2_000));
    expect![[r#"
        publication 0 queued: 0 outages 0 resets 1
        publication 1 queued: 1 outages 0 resets 1
        > will result range client died
        > subscribe green
        > publish result 0 outages 0 resets 1
        led on
        publication 2 queued: wifi up
        0 outages, 1 resets
        > publish result 1 outages 0 resets 1
        > publish result wifi up
        publication 0 delivered
        publication 1 delivered
        publication 2 delivered
        publication 3 queued: 3 outages 0 resets 1
        > publish result 3 outages 0 resets 1
        publication 3 delivered
        led off
        1 outages, 1 resets
        publication 4 queued: 4 outages 1 resets 1
        > publish result 4 outages 1 resets 1
        led on
        publication 5 queued: wifi up
        1 outages, 1 resets
        > publish result wifi up
        publication 4 delivered
        publication 5 delivered
    "#]]
    .assert_eq(&world.trace());
}

#[test]
fn a_full_queue_is_told_once_and_mended() {
    let mut world = World::new(Demo::Simple(Simple::default()));
    world.boot_at(2_000);
    let plan = Plan {
        interval_ms: 20,
        ..plan(40)
    };
    assert!(world.run(&plan, 4_000));
    let trace = world.trace();
    assert_eq!(trace.matches("has to wait").count(), 1, "{trace}");
    assert_eq!(trace.matches("delivered").count(), 40, "{trace}");
}

#[test]
fn a_demo_that_is_started_again_goes_on_where_it_was() {
    let mut world = World::new(Demo::Simple(Simple::default()));
    assert!(!world.run(&plan(5), 250), "it is dropped before its end");
    assert!(world.run(&plan(5), 2_000));
    let trace = world.trace();
    assert_eq!(trace.matches("delivered").count(), 5, "{trace}");
    assert_eq!(trace.matches("> publish").count(), 5, "{trace}");
}
