//! The firmware's loop on a board of paper: what a slot names runs, the link is served whatever application and log do,
//! and the core rests when nothing is under way.

mod peer;
mod world;

use fivewire_host_fw_app::{DemoName, EMPTY_SLOT, SLOT_BYTES, SlotError, Start, write_slot};
use fivewire_host_fw_firmware::{Failure, fail};
use world::{PaperLog, World, slot};

fn start(demo: DemoName, limit: u32) -> Start {
    Start {
        demo,
        interval_ms: 100,
        limit: Some(limit),
        ..Start::default()
    }
}

/// Publications that came to the bridge.
fn publications(world: &World) -> usize {
    let told = world.peer.told();
    told.iter().filter(|line| line.starts_with("result ")).count()
}

/// A port that takes whatever there is.
fn wide() -> PaperLog {
    PaperLog::new(usize::MAX)
}

#[test]
fn the_slot_says_which_demo_runs() {
    for (demo, will, first) in [
        (DemoName::Simple, "will simple client died", "result 0"),
        (DemoName::Status, "will client died", "result 0"),
        (
            DemoName::Range,
            "will range client died",
            "result 0 outages 0 resets 1",
        ),
    ] {
        let mut world = World::new(wide());
        let enough = |peer: &peer::Peer| peer.told().len() >= 4;
        assert_eq!(world.serve(slot(&start(demo, 5)), 3_000, enough), Ok(()));
        let told = world.peer.told();
        assert_eq!(told.first().map(String::as_str), Some(will));
        assert!(told.iter().any(|line| line == first), "{demo:?}: {told:?}");
        assert!(
            world
                .board
                .log
                .news()
                .iter()
                .any(|news| news == "publication 0 delivered")
        );
    }
}

#[test]
fn messages_switch_the_led_and_the_heartbeat_beats() {
    let mut world = World::new(wide());
    let mut said = 0;
    let mut say = |peer: &peer::Peer| {
        if said < 2 && peer.now_ms.get() >= 1_000 * (said + 1) {
            peer.say(if said == 0 { b"on" } else { b"off" });
            said += 1;
        }
        false
    };
    assert_eq!(world.serve(slot(&Start::default()), 5_000, &mut say), Ok(()));
    assert_eq!(world.board.led.changes, [true, false]);
    let beats = world.board.heartbeat.changes.len();
    assert!((8..=11).contains(&beats), "{beats} changes in 5 s");
}

#[test]
fn the_bridge_is_held_for_a_hundred_milliseconds_and_let_go_once() {
    let mut world = World::new(wide());
    assert_eq!(
        world.serve(slot(&start(DemoName::Simple, 1)), 3_000, |_| false),
        Ok(())
    );
    assert_eq!(world.peer.resets.get(), 1);
    assert!((100..=102).contains(&world.peer.released_ms.get()));
}

#[test]
fn an_application_that_waits_for_ever_does_not_hold_up_the_link() {
    let mut world = World::new(wide());
    let a_while = 20_000;
    assert_eq!(
        world.serve(slot(&start(DemoName::Simple, 1)), a_while, |_| false),
        Ok(())
    );
    let lines = world.board.log.lines.borrow();
    assert!(lines.iter().any(|line| line == "Finished"));
    assert_eq!(world.peer.resets.get(), 1, "the watchdog never fired");
    let edges = world.peer.edges.get();
    assert!(edges > 15_000, "a step a millisecond: {edges}");
}

#[test]
fn the_core_rests_while_the_link_is_quiet_and_not_amid_a_frame() {
    let mut world = World::new(wide());
    assert_eq!(
        world.serve(slot(&start(DemoName::Simple, 20)), 4_000, |_| false),
        Ok(())
    );
    assert_eq!(world.board.log.news().len(), 40, "queued and delivered");
    let time = &world.board.time;
    assert!(
        time.rests_amid_frames <= 40,
        "{} rests before the first bit of an answer; each has hundreds",
        time.rests_amid_frames
    );
    assert!(time.rests > 3_000, "{} rests in 4 s", time.rests);
    assert!(time.turns < 5_000, "{} turns in 4 s", time.turns);
}

#[test]
fn a_log_whose_port_stands_still_loses_messages_and_nothing_else() {
    let mut world = World::new(PaperLog::new(0));
    assert_eq!(
        world.serve(slot(&start(DemoName::Simple, 20)), 4_000, |_| false),
        Ok(())
    );
    assert_eq!(publications(&world), 20);
    assert_eq!(world.peer.resets.get(), 1);
    let lines = world.board.log.lines.borrow().len() as u32;
    let dropped = world.board.log.frames.borrow_mut().take_dropped();
    assert!(dropped > 0 && dropped < lines, "{dropped} of {lines}");
}

#[test]
fn a_port_without_a_queue_is_given_byte_by_byte_and_loses_nothing() {
    let mut world = World::new(PaperLog::new(1));
    assert_eq!(
        world.serve(slot(&start(DemoName::Simple, 3)), 4_000, |_| false),
        Ok(())
    );
    assert_eq!(publications(&world), 3);
    assert_eq!(world.board.log.frames.borrow_mut().take_dropped(), 0);
    assert!(world.board.time.rests > 2_000, "it rests when all is sent");
}

#[test]
fn without_a_usable_slot_no_wire_moves() {
    static EMPTY: [u8; SLOT_BYTES] = EMPTY_SLOT;
    let mut damaged = *slot(&Start::default());
    damaged[20] ^= 1;
    let no_network: [(&str, &str); 1] = [("broker", "b")];
    let no_network = write_slot(&Start::default(), no_network).expect("it fits");
    let mut world = World::new(wide());
    let mut failure = |slot: &'static [u8]| world.serve(slot, 1_000, |_| false).expect_err("it cannot run");
    assert_eq!(failure(&EMPTY), Failure::Slot(SlotError::Empty));
    assert_eq!(
        failure(Box::leak(Box::new(damaged))),
        Failure::Slot(SlotError::Damaged)
    );
    let incomplete = failure(Box::leak(Box::new(no_network)));
    assert!(matches!(incomplete, Failure::Config(_)), "{incomplete}");
    assert_eq!((world.peer.edges.get(), world.peer.resets.get()), (0, 0));
}

#[test]
fn a_failure_is_told_and_blinks_three_times_and_pauses() {
    let mut world = World::new(wide());
    let failure = Failure::Slot(SlotError::Empty);
    let peer = std::rc::Rc::clone(&world.peer);
    fail(&failure, &mut world.board, || peer.now_ms.get() < 2_040);
    assert_eq!(world.board.led.changes, [true, false].repeat(3));
    assert_eq!(world.board.heartbeat.changes, world.board.led.changes);
    assert!(failure.to_string().contains("fivewire.toml"), "{failure}");
    assert_eq!(world.board.log.lines.borrow().len(), 1);
}
