//! A text link on the pins of a wires file, in a small loop as firmware has one.

use std::time::Instant;

use embedded_hal::digital::{InputPin, OutputPin};
use fivewire_text::{Cause, Event, Opening, Role, Settings};
use fivewire_wires::{Pins, Wires};

use crate::end::{End, Moved, Text, take_all};
use crate::peer::{PATIENCE, Peer, Scratch};

/// A text link on the pins of a wires file.
pub(crate) struct OnWires {
    pub(crate) moved: Moved,
    pub(crate) wires: Wires,
    pins: Pins,
    role: Role,
    opening: Opening,
    clock: bool,
    begun: Instant,
    pub(crate) strings: Vec<String>,
    pub(crate) events: Vec<Event>,
}

impl OnWires {
    pub(crate) fn new(scratch: &Scratch, role: Role, opening: Opening, silence_ms: u32) -> OnWires {
        let wires = scratch.wires();
        let pins = match role {
            Role::Initiator => wires.host_pins(),
            Role::Responder => wires.bridge_pins(),
        };
        let settings = Settings {
            silence_ms,
            sync_ms: silence_ms,
            ..Settings::new(role)
        };
        let mut end = OnWires {
            moved: Moved::new(Text::new(settings), true),
            wires,
            pins,
            role,
            opening,
            clock: false,
            begun: Instant::now(),
            strings: Vec::new(),
            events: Vec::new(),
        };
        end.start();
        end
    }

    fn now_ms(&self) -> u32 {
        self.begun.elapsed().as_millis() as u32
    }

    /// Link and wires begin anew.
    pub(crate) fn start(&mut self) {
        let mut link = std::mem::replace(&mut self.moved.link, Text::new(Settings::new(self.role)));
        link.start(self.now_ms(), self.opening);
        self.moved = Moved::new(link, true);
        match self.role {
            Role::Initiator => {
                let first = self.moved.first_bit();
                self.put(first, true);
            }
            Role::Responder => self.put(false, false),
        }
    }

    fn put(&mut self, data: bool, clock: bool) {
        self.clock = clock;
        let Ok(()) = self.pins.data_out.set_state(data.into());
        let Ok(()) = self.pins.clock_out.set_state(clock.into());
    }

    /// Resets the Python bridge and starts again.
    pub(crate) fn reset(&mut self, bridge: &mut Peer) {
        bridge.seen.clear();
        let Ok(()) = self.wires.reset_out().set_low();
        bridge.wait_for("reset");
        self.start();
        let Ok(()) = self.wires.reset_out().set_high();
    }

    fn step(&mut self) -> bool {
        let Ok(peer) = self.pins.clock_in.is_high();
        if (peer == self.clock) != (self.role == Role::Initiator) {
            return false;
        }
        let Ok(came) = self.pins.data_in.is_high();
        let bit = self.moved.step(came);
        self.put(bit, !self.clock);
        true
    }

    /// A burst, then what it brought. A bridge obeys the reset wire; the sync byte is sent as soon as the peer's was heard.
    fn work(&mut self) {
        if self.role == Role::Responder && self.wires.is_in_reset() {
            self.start();
        }
        if (0..64).any(|_| !self.step()) {
            std::thread::yield_now();
        }
        let now_ms = self.now_ms();
        let link = &mut self.moved.link;
        link.handle_timeout(now_ms);
        let news = std::iter::from_fn(|| link.poll_event());
        self.events.extend(news);
        if self.events.last().is_some_and(|last| wants_sync(*last)) {
            link.send_sync();
        }
        let strings = take_all(link).into_iter();
        self.strings
            .extend(strings.map(|string| string.replace('\x7F', "|")));
    }

    pub(crate) fn work_until(&mut self, what: &str, mut done: impl FnMut(&mut OnWires) -> bool) {
        let begun = Instant::now();
        while !done(self) {
            self.work();
            let state = (&self.events, &self.strings);
            assert!(begun.elapsed() < PATIENCE, "no {what}: {state:?}");
        }
    }

    pub(crate) fn wait_for_event(&mut self, event: Event) {
        self.events.clear();
        self.work_until(&format!("{event:?}"), |end| end.events.contains(&event));
    }

    pub(crate) fn send(&mut self, string: &str) {
        let string = string.replace('|', "\x7F");
        self.moved.link.send(string.as_bytes()).expect("it is up");
    }

    /// Sends a string and works until the whole answer is there.
    pub(crate) fn ask(&mut self, string: &str, answer: &[&str]) {
        self.send(string);
        self.work_until(&answer.join(", "), |end| end.strings.len() >= answer.len());
        assert_eq!(self.strings, answer, "to {string}");
        self.strings.clear();
    }
}

fn wants_sync(event: Event) -> bool {
    matches!(event, Event::Heard { .. } | Event::Down(Cause::PeerRestarted))
}
