//! The two ends, their applications and the wires, moved one decision at a time.

use fivewire_link::{Event, Hello, Link, Settings};

use super::forged::is_forged;
use crate::input::Input;

/// The numbers of the actions, for scenes written by hand.
pub(super) mod action {
    pub(in super::super) const RUN: u8 = 0;
    pub(in super::super) const SEND: u8 = 1;
    pub(in super::super) const RECEIVE: u8 = 2;
    pub(in super::super) const TIME: u8 = 3;
    pub(in super::super) const FLIP: u8 = 4;
    pub(in super::super) const LOSE: u8 = 5;
    pub(in super::super) const DOUBLE: u8 = 6;
    pub(in super::super) const NOISE: u8 = 7;
    pub(in super::super) const START: u8 = 8;
    pub(in super::super) const DEAF: u8 = 9;
    pub(in super::super) const COUNT: u8 = 10;
}

type End = Link<200, 200>;

/// Milliseconds within which sound wires bring everything: the watchdog, and rare questions after a long silence.
const RECOVERY_MS: u32 = 60_000;
/// Bits that move in a millisecond.
const BITS_PER_MS: usize = 64;

/// What one application did in its present session.
#[derive(Debug, Default)]
struct App {
    /// How many sessions it had.
    session: u8,
    is_up: bool,
    sent: u8,
    received: u8,
    /// The session of the peer's application that the bodies name.
    peer_session: Option<u8>,
}

/// What a direction of the wires carried.
#[derive(Default)]
struct Wire {
    sent: Vec<bool>,
    received: Vec<bool>,
}

/// Everything.
pub(super) struct World {
    ends: [End; 2],
    apps: [App; 2],
    wires: [Wire; 2],
    now_ms: u32,
}

impl World {
    pub(super) fn new() -> Self {
        let settings = |epoch| Settings {
            watchdog_ms: 4000,
            ..Settings::new(Hello::new(1, 1, 0x1234_5678, 100, epoch))
        };
        let mut world = Self {
            ends: [100, 200].map(|epoch| Link::new(settings(epoch))),
            apps: Default::default(),
            wires: Default::default(),
            now_ms: u32::MAX - 5000, // so that the clock wraps
        };
        world.ends.iter_mut().for_each(|end| end.start(world.now_ms));
        world
    }

    /// Whether the damage made a frame.
    pub(super) fn was_forged(&self) -> bool {
        self.wires
            .iter()
            .any(|wire| is_forged(&wire.sent, &wire.received))
    }

    /// One action. The error says which promise was broken.
    pub(super) fn step(&mut self, input: &mut Input<'_>) -> Result<(), String> {
        match input.byte() % action::COUNT {
            action::RUN => self.run(usize::from(input.byte())),
            action::SEND => self.send(input.byte()),
            action::RECEIVE => self.receive(usize::from(input.byte() & 1))?,
            action::TIME => self.pass(u32::from(input.byte()) * 8),
            action::FLIP => self.exchange(input.byte(), |bit| vec![!bit]),
            action::LOSE => self.exchange(input.byte(), |_| vec![]),
            action::DOUBLE => self.exchange(input.byte(), |bit| vec![bit, bit]),
            action::NOISE => self.noise(input),
            action::START => self.restart(usize::from(input.byte() & 1)),
            // Silence from the end of the lowest bit, for up to two frames.
            action::DEAF.. => {
                let bits = input.byte();
                (0..bits).for_each(|_| self.exchange(bits, |_| vec![false]));
            }
        }
        self.take_events()
    }

    /// On sound wires all arrives.
    pub(super) fn finish(&mut self) -> Result<(), String> {
        for _ in 0..RECOVERY_MS {
            self.pass(1);
            self.run(BITS_PER_MS);
            self.take_events()?;
            (0..2).try_for_each(|end| self.receive(end))?;
            if self.is_done() {
                return Ok(());
            }
        }
        let phases = self.ends.each_ref().map(|end| end.phase());
        Err(format!("not all arrived: {phases:?} {:?}", self.apps))
    }

    fn is_done(&self) -> bool {
        let has_all = |app: &App, peer: &App| app.is_up && app.received == peer.sent;
        let [a, b] = &self.apps;
        let idle = self
            .ends
            .iter()
            .all(|end| end.in_flight() == 0 && !end.has_input());
        idle && has_all(a, b) && has_all(b, a)
    }

    fn run(&mut self, bits: usize) {
        for bit in 0..bits {
            if bit > 0 && self.ends.iter().all(|end| end.is_quiet()) {
                break;
            }
            self.exchange(0, |bit| vec![bit]);
        }
    }

    fn pass(&mut self, ms: u32) {
        self.now_ms = self.now_ms.wrapping_add(ms);
        self.ends
            .iter_mut()
            .for_each(|end| end.handle_timeout(self.now_ms));
    }

    /// A bit each way; the one from end `from` arrives as `damage` says.
    fn exchange(&mut self, from: u8, damage: impl Fn(bool) -> Vec<bool>) {
        let from = usize::from(from & 1);
        let bits = self.ends.each_mut().map(|end| end.output_bit());
        for (end, bit) in bits.into_iter().enumerate() {
            let arriving = if end == from { damage(bit) } else { vec![bit] };
            self.wires[end].sent.push(bit);
            arriving.iter().for_each(|&bit| self.ends[1 - end].input_bit(bit));
            self.wires[end].received.extend(arriving);
        }
    }

    fn noise(&mut self, input: &mut Input<'_>) {
        let (from, len) = (input.byte(), usize::from(input.byte() % 32));
        let mask = input.take(len);
        let bits = mask
            .iter()
            .flat_map(|byte| (0..8).map(move |bit| byte >> bit & 1 == 1));
        bits.for_each(|noise| self.exchange(from, |bit| vec![bit ^ noise]));
    }

    fn restart(&mut self, end: usize) {
        self.ends[end].start(self.now_ms);
        self.apps[end].is_up = false;
        (self.apps[end].sent, self.apps[end].received) = (0, 0);
    }

    /// The end of the lowest bit sends its session, the place in it, and padding.
    fn send(&mut self, choice: u8) {
        let (end, app) = (
            &mut self.ends[usize::from(choice & 1)],
            &mut self.apps[usize::from(choice & 1)],
        );
        let body = body(app.session, app.sent, choice);
        if !app.is_up || app.sent == u8::MAX || !end.can_send(body.len()) {
            return;
        }
        let number = end.send(|out| {
            out[..body.len()].copy_from_slice(&body);
            Ok::<_, ()>(body.len())
        });
        assert_eq!(number, Ok(app.sent), "the frame's number");
        app.sent += 1;
    }

    fn receive(&mut self, end: usize) -> Result<(), String> {
        while let Some((number, bytes)) = self.ends[end].receive() {
            let app = &mut self.apps[end];
            let &[_, session, place, choice, ..] = bytes else {
                return Err(format!("a body that nobody sent: {bytes:?}"));
            };
            if bytes != body(session, place, choice) {
                return Err(format!("a changed body: {bytes:?}"));
            }
            if *app.peer_session.get_or_insert(session) != session || place != app.received || number != place
            {
                return Err(format!(
                    "{place} of session {session} arrives as {number}: {app:?}"
                ));
            }
            app.received += 1;
            self.ends[end].release();
        }
        Ok(())
    }

    fn take_events(&mut self) -> Result<(), String> {
        for (end, app) in self.ends.iter_mut().zip(&mut self.apps) {
            while let Some(event) = end.poll_event() {
                match event {
                    Event::Up(_) if app.is_up => return Err("up twice".into()),
                    Event::Up(_) => {
                        let session = app.session.wrapping_add(1);
                        *app = App {
                            session,
                            is_up: true,
                            ..App::default()
                        };
                    }
                    Event::Down(_) => (app.is_up, app.sent, app.received) = (false, 0, 0),
                }
            }
        }
        Ok(())
    }
}

fn body(session: u8, place: u8, choice: u8) -> Vec<u8> {
    let mut body = vec![0x10, session, place, choice];
    body.extend((0..choice / 2 % 64).map(|at| at.wrapping_mul(choice) & 0x3f));
    body
}
