//! Two links and wires that do what the input says: bits inverted, lost, doubled, noise, silence; ends that begin anew.
//!
//! What holds whatever happens: what an application gets in a session is a prefix of what the peer sent in it, in order,
//! once. And in the end, on sound wires, all of it arrives. A frame's check has 16 bits, so an input can forge a
//! frame; where one did, its run says nothing (see [`forged`]). Not here: rates of faults and their statistics; those
//! are in the tests of runtime/link.

mod forged;
mod world;

use crate::input::Input;

/// Runs the scene of these bytes.
pub(super) fn link(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let mut world = world::World::new();
    let mut outcome = Ok(());
    while !input.is_empty() && outcome.is_ok() {
        outcome = world.step(&mut input);
    }
    let outcome = outcome.and_then(|()| world.finish());
    if let Err(breach) = outcome {
        assert!(world.was_forged(), "{breach}");
    }
}

/// Scenes that a person would play: see [`world::action`].
pub(super) fn seeds() -> Vec<Vec<u8>> {
    use world::action::{DEAF, DOUBLE, FLIP, LOSE, NOISE, RECEIVE, RUN, SEND, START, TIME};
    let met = [RUN, 255, RUN, 255];
    let scenes: [&[u8]; 8] = [
        &[SEND, 20, DEAF, 200, RUN, 40],
        &[SEND, 10, SEND, 10, RUN, 100, RECEIVE, 1, RECEIVE, 1, RUN, 80],
        &[SEND, 20, RUN, 3, FLIP, 0, RUN, 100, TIME, 60, RUN, 255],
        &[SEND, 20, RUN, 3, LOSE, 0, RUN, 100, TIME, 60, RUN, 255],
        &[SEND, 21, RUN, 3, DOUBLE, 1, RUN, 100, TIME, 60, RUN, 255],
        &[
            SEND, 40, SEND, 41, RUN, 9, NOISE, 0, 4, 0x55, 0xaa, 0xff, 1, RUN, 200,
        ],
        &[
            SEND, 8, RUN, 20, START, 1, RUN, 255, RUN, 255, SEND, 8, RUN, 90, RECEIVE, 1,
        ],
        &[
            SEND, 4, SEND, 4, SEND, 4, SEND, 4, SEND, 4, SEND, 4, SEND, 4, SEND, 4, RUN, 255,
        ],
    ];
    scenes.map(|scene| [&met[..], scene].concat()).to_vec()
}
