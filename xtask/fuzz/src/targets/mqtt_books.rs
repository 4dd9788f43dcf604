//! An MQTT 3.1.1 client whose caller keeps the packet ids and the steps of QoS 2, and outlives it: as a host does whose
//! bridge crashes.
//!
//! What holds whatever happens: each publication ends once; the broker sees DUP on what it may know, and a QoS 2
//! publication once, as long as it keeps the session; and in the end all are over. Not here: broken packets and
//! incoming messages (see `mqtt_session`).

mod broker;
mod caller;

use crate::input::Input;
use broker::Broker;
use caller::Caller;

const CONNECT: u8 = 0;
const TO_BROKER: u8 = 1;
const TO_CLIENT: u8 = 2;
const PUBLISH: u8 = 3;
const CRASH: u8 = 4;
const LOSE: u8 = 5;
const FORGET: u8 = 6;
const NOTE: u8 = 7;
const COUNT: u8 = 8;

/// Rounds that a broker that answers at once needs at most.
const ROUNDS: usize = 200;

pub(super) fn books(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let mut world = World::default();
    while !input.is_empty() {
        world.step(&mut input);
    }
    world.finish();
}

pub(super) fn seeds() -> Vec<Vec<u8>> {
    let up = [CONNECT, TO_BROKER, 255, TO_CLIENT, 255];
    let scenes: [&[u8]; 4] = [
        &[
            PUBLISH, 2, PUBLISH, 1, TO_BROKER, 255, TO_CLIENT, 255, NOTE, TO_BROKER, 255, TO_CLIENT, 255,
        ],
        &[
            PUBLISH, 2, TO_BROKER, 255, CRASH, CONNECT, TO_BROKER, 255, TO_CLIENT, 255,
        ],
        &[
            PUBLISH, 2, TO_BROKER, 255, TO_CLIENT, 255, NOTE, CRASH, CONNECT, TO_BROKER, 255,
        ],
        &[
            PUBLISH, 2, PUBLISH, 2, TO_BROKER, 9, LOSE, FORGET, CONNECT, TO_BROKER, 255, TO_CLIENT, 4,
        ],
    ];
    scenes.map(|scene| [&up[..], scene].concat()).to_vec()
}

#[derive(Default)]
struct World {
    caller: Caller,
    broker: Broker,
}

impl World {
    fn step(&mut self, input: &mut Input<'_>) {
        match input.byte() % COUNT {
            CONNECT => self.connect(),
            TO_BROKER => self.move_to_broker(usize::from(input.byte())),
            TO_CLIENT => self.move_to_client(usize::from(input.byte())),
            PUBLISH => self.caller.publish(input.byte()),
            CRASH => {
                self.broker.closed();
                self.caller.crash();
            }
            LOSE => self.lose(),
            FORGET => {
                self.lose();
                self.broker.forget();
            }
            NOTE.. => self.caller.note(),
        }
        self.caller.offer();
    }

    fn finish(&mut self) {
        self.lose();
        self.connect();
        for round in 0.. {
            assert!(round < ROUNDS, "wedged: {:?}", self.caller);
            if self.caller.is_done() {
                break;
            }
            self.move_to_broker(usize::MAX);
            self.move_to_client(usize::MAX);
            self.caller.note();
            self.caller.offer();
        }
        self.broker.judge(self.caller.published());
    }

    fn connect(&mut self) {
        self.broker.closed();
        self.caller.connect();
    }

    fn lose(&mut self) {
        self.broker.closed();
        self.caller.transport_closed();
    }

    fn move_to_broker(&mut self, len: usize) {
        let bytes = self.caller.take_output(len);
        self.broker.receive(&bytes);
    }

    fn move_to_client(&mut self, len: usize) {
        let bytes = self.broker.take_output(len);
        self.caller.receive(&bytes);
    }
}
