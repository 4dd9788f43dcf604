//! What comes in: bits into frames, and what a frame means in the state the link is in. Deliberately strict: a
//! frame is taken only when all of it can be meant, because a CRC of 16 bits alone lets one damaged frame in
//! 65536 pass.

use crate::bits::Arrival;
use crate::control::{Control, FIRST_MESSAGE};
use crate::event::Cause;
use crate::hello::{Greeting, Hello};
use crate::inbox::{Arrived, Filed};
use crate::link::{Link, Meeting, Session, State, Why};
use crate::output::GAP_SYMBOLS;
use crate::stats::count;
use crate::window::{MAX_FRAMES, OutOfStep};

/// So many frames in a row that speak of impossible numbers end the session. Each makes the link ask, and an
/// answer that can be meant clears it.
const STRIKES: u8 = 3;

impl<const TX: usize, const RX: usize> Link<TX, RX> {
    /// Takes the bit that was sampled from the data wire.
    #[inline]
    pub fn input_bit(&mut self, bit: bool) {
        self.input_bits(bit.into(), 1);
    }

    /// Says that so many bits of [`Link::output_bits`] went out, eight at most, and that these came in meanwhile, the
    /// first one lowest. The same as so many calls of [`Link::output_bit`] and [`Link::input_bit`] in turn.
    #[inline]
    pub fn exchanged(&mut self, came: u8, count: u32) {
        let count = count.min(self.out_bits.peek().1);
        self.out_bits.drop_first(count);
        self.input_bits((u32::from(came) & ((1 << count) - 1)) as u8, count);
    }

    #[inline]
    fn input_bits(&mut self, bits: u8, count: u32) {
        self.in_bits.push(bits, count);
        while let Some(arrival) = self.in_bits.next() {
            self.arrive(arrival);
        }
    }

    #[inline]
    fn arrive(&mut self, arrival: Arrival) {
        match arrival {
            Arrival::Symbol(symbol) => {
                self.lull = 0;
                count(&mut self.stats.symbols_received);
                self.inbox.push(symbol);
            }
            Arrival::Start { aligned: true } => self.lull = 0,
            Arrival::Start { aligned: false } => {
                self.lull = 0;
                count(&mut self.stats.realignments);
            }
            Arrival::Delimiter => {
                count(&mut self.stats.symbols_received);
                self.end_of_frame();
            }
            Arrival::Settled => {
                // Had the damaged frame been followed by another, that one would have shown the gap.
                self.outgoing.due.nak |= core::mem::take(&mut self.suspect) && self.is_up();
            }
        }
    }

    fn is_up(&self) -> bool {
        matches!(self.state, State::Up(_))
    }

    #[inline(never)]
    fn end_of_frame(&mut self) {
        let Some(frame) = self.inbox.finish() else {
            return self.handle_damage();
        };
        count(&mut self.stats.frames_received);
        let body = self.inbox.body(frame);
        let is_message = body.first().is_some_and(|&op| op >= FIRST_MESSAGE);
        match Control::decode(body) {
            Some(Control::Hello(greeting)) => self.handle_hello(&greeting),
            control if self.is_up() => self.handle_session_frame(frame, control, is_message),
            Some(_) | None => {}
        }
    }

    /// Outside a session it is a frame that the peer broke off, or noise of its boot.
    fn handle_damage(&mut self) {
        if self.is_up() {
            count(&mut self.stats.bad_frames);
            self.suspect = true;
        }
    }

    fn handle_session_frame(&mut self, frame: Arrived, control: Option<Control>, is_message: bool) {
        let ack = frame.header.ack();
        if !self.window.is_plausible(ack) {
            return self.strike();
        }
        self.alive = true;
        let progress = self.window.acknowledge(ack);
        if progress || !self.window.awaits_release() {
            self.backoff = 0;
            self.question.stop();
        }
        if is_message {
            self.handle_message(frame);
        } else if let Some(control) = control {
            self.handle_control(control);
        }
    }

    fn strike(&mut self) {
        self.strikes += 1;
        if self.strikes >= STRIKES {
            self.lose(Cause::OutOfStep);
        } else {
            self.outgoing.due.probe = true;
        }
    }

    fn handle_message(&mut self, frame: Arrived) {
        self.suspect = false;
        match self.inbox.file(frame) {
            Filed::Kept => {
                self.gap_at = None;
                self.outgoing.due.nak = false;
            }
            Filed::NotExpected(ahead) => {
                count(&mut self.stats.discarded);
                // One nak for a row of frames behind a lost one; another when the peer has gone back and the
                // row begins again.
                self.outgoing.due.nak |= self.gap_at.is_none_or(|last| ahead <= last);
                self.gap_at = Some(ahead);
            }
        }
    }

    fn handle_control(&mut self, control: Control) {
        let outcome = match control {
            Control::Hello(_) => Ok(()),
            Control::Nak { wanted } => self.repeat_from(wanted),
            Control::Probe { mark, wanted } => {
                self.outgoing.due.report = Some(mark);
                self.window.check(wanted)
            }
            Control::Report { mark, wanted } => match usize::from(mark.wrapping_sub(wanted)) {
                1..=MAX_FRAMES => self.repeat_from(wanted),
                _ => self.window.check(wanted),
            },
        };
        match outcome {
            Ok(()) => self.strikes = 0,
            Err(OutOfStep) => self.strike(),
        }
    }

    fn repeat_from(&mut self, wanted: u8) -> Result<(), OutOfStep> {
        if self.window.resume_at(wanted)? > 0 {
            self.outgoing.gap = GAP_SYMBOLS;
            self.backoff = 0;
            self.question.stop();
        }
        Ok(())
    }

    fn handle_hello(&mut self, greeting: &Greeting) {
        match &self.state {
            State::Stopped => {}
            State::Meeting(meeting) => self.greet(*meeting, greeting),
            State::Up(session) => self.handle_hello_in_session(session.peer, greeting),
        }
    }

    fn handle_hello_in_session(&mut self, peer: Hello, greeting: &Greeting) {
        if greeting.hello.epoch != peer.epoch || greeting.echo == 0 {
            self.lose(Cause::PeerRestarted);
            return self.handle_hello(greeting);
        }
        if greeting.wants_answer {
            // Our echo was lost: the peer is not up yet, and deaf to what was sent meanwhile. That is no sign of
            // life: a peer that never hears us must count as silent.
            self.outgoing.due.hello = true;
            self.window.rewind();
        }
    }

    fn greet(&mut self, before: Meeting, greeting: &Greeting) {
        let peer = greeting.hello;
        let is_new = before.heard != peer.epoch;
        let refused = greeting.foreign || !self.settings.hello.is_compatible(&peer);
        self.state = State::Meeting(Meeting {
            heard: peer.epoch,
            refused,
        });
        if refused {
            return self.refuse(peer, is_new);
        }
        let is_met = greeting.echo == self.epoch;
        if is_met {
            self.transition(State::Up(Session { peer }), Why::Met);
        }
        self.outgoing.due.hello |= greeting.wants_answer || !is_met;
    }

    /// A peer that cannot be talked to is told once that it was heard, and then left alone: its hellos must not
    /// call forth hellos without end.
    fn refuse(&mut self, peer: Hello, is_new: bool) {
        self.alive = true;
        if is_new {
            let Hello {
                revision,
                min_revision,
                wire_hash,
                ..
            } = peer;
            self.news.down(Cause::PeerIncompatible {
                revision,
                min_revision,
                wire_hash,
            });
            self.outgoing.due.hello = true;
        }
    }
}
