//! An MQTT client against a broker and a transport that do what the input says: packets sound and broken, chunks,
//! losses at any byte, time jumps, late answers, restarts from a saved session.
//!
//! What holds whatever happens: the client sends what the standard allows; each request that it accepted ends in
//! exactly one event; nothing goes out twice on a connection; packet identifiers in use are unique; time limits do not
//! spin. And in the end, when a broker that behaves is there, everything is answered within a bounded number of
//! steps. Not here: what a message means; the application of this world only acknowledges.

mod dialect;
mod ledger;
mod v311;
mod v5;
mod world;

use crate::input::Input;

pub(super) fn v311(bytes: &[u8]) {
    run::<v311::Client>(bytes);
}

pub(super) fn v5(bytes: &[u8]) {
    run::<v5::Client>(bytes);
}

fn run<C: dialect::Client>(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let mut world = world::World::<C>::new();
    while !input.is_empty() {
        world.step(&mut input);
    }
    world.finish();
}

/// Scenes that a person would play: see the actions in [`world`].
pub(super) fn seeds() -> Vec<Vec<u8>> {
    use world::action::{
        ACKNOWLEDGE, ANSWER, BROKER_PUBLISH, CONNECT, LOSE, PUBLISH, RESTART, SUBSCRIBE, TIMEOUT, TO_BROKER,
        TO_CLIENT,
    };
    let connected = [CONNECT, 2, TO_BROKER, 255, ANSWER, 0, TO_CLIENT, 255];
    let scenes: [&[u8]; 6] = [
        &[PUBLISH, 1, 3, TO_BROKER, 255, ANSWER, 0, TO_CLIENT, 255],
        &[
            PUBLISH, 2, 3, TO_BROKER, 255, ANSWER, 0, TO_CLIENT, 255, TO_BROKER, 255, ANSWER, 0, TO_CLIENT,
            255,
        ],
        &[
            PUBLISH, 1, 3, TO_BROKER, 7, LOSE, PUBLISH, 2, 9, CONNECT, 3, TO_BROKER, 255, ANSWER, 0,
        ],
        &[
            SUBSCRIBE, 1, TO_BROKER, 255, ANSWER, 0, TO_CLIENT, 3, TO_CLIENT, 255, TIMEOUT, 200,
        ],
        &[
            BROKER_PUBLISH,
            2,
            5,
            1,
            TO_CLIENT,
            255,
            ACKNOWLEDGE,
            0,
            TO_BROKER,
            255,
            ANSWER,
            0,
            TO_CLIENT,
            255,
        ],
        &[
            PUBLISH, 2, 3, TO_BROKER, 255, RESTART, CONNECT, 3, TO_BROKER, 255, ANSWER, 0, TO_CLIENT, 255,
        ],
    ];
    scenes.map(|scene| [&connected[..], scene].concat()).to_vec()
}
