//! Bits out and in: where the sync bytes are, where the characters begin, and the strings that they make. It knows
//! of the wires only that bits are exchanged one for one.
//!
//! Places are counted from the start of each end. Each end aligns to the sync byte that it receives, so the later
//! of the two sync bytes is where both agree: its place, plus eight bits, plus one for what the host sends. An old
//! end sends its own at place 0; what it expects when ours comes late follows from the same count.

use crate::bits::{self, CHARACTER_BITS, SYNC_BITS};
use crate::event::{Cause, Dropped};
use crate::inbox::Ended;
use crate::link::TextLink;
use crate::settings::Role;
use crate::state::{Listening, OwnSync, State, Why};
use crate::stats::count;

/// The host's filler bit, in the direction that has it.
const FILLER_BITS: u32 = 1;

impl<const TX: usize, const RX: usize> TextLink<TX, RX> {
    /// The next bit to put on the data wire. A responder calls it before each [`TextLink::input_bit`], an initiator
    /// once more at the start, so that it is a bit ahead; no end is further ahead.
    #[inline]
    pub fn output_bit(&mut self) -> bool {
        let (bits, _) = self.output_bits();
        self.give(1);
        bits & 1 == 1
    }

    /// The next bits to put on the data wire, the first one lowest, and how many they are, 1 to 8: what can be said
    /// without knowing what comes in meanwhile. The same again until [`TextLink::exchanged`] says how many went out.
    #[inline]
    pub fn output_bits(&mut self) -> (u8, u32) {
        if self.out_bits.is_empty() {
            self.load();
        }
        self.out_bits.peek()
    }

    /// Says that so many of [`TextLink::output_bits`] went out, and that these bits came in meanwhile, the first one
    /// lowest. The same as so many calls of [`TextLink::output_bit`] and [`TextLink::input_bit`] in turn.
    #[inline]
    pub fn exchanged(&mut self, came: u8, count: u32) {
        let count = count.min(self.out_bits.peek().1);
        self.give(count);
        for at in 0..count {
            self.input_bit(came >> at & 1 == 1);
        }
    }

    #[inline]
    fn give(&mut self, count: u32) {
        self.out_bits.drop_first(count);
        self.out_count = self.out_count.wrapping_add(count);
    }

    /// The bit that was on the peer's data wire.
    #[inline]
    pub fn input_bit(&mut self, bit: bool) {
        self.in_count = self.in_count.wrapping_add(1);
        match self.state {
            State::Up => {
                if let Some(character) = self.in_bits.push(bit) {
                    self.take(character);
                }
            }
            State::Stopped => {}
            State::Listening(listening) => self.listen(listening, bit),
            State::Settling(left) => self.settle(left, bit),
        }
    }

    #[inline(never)]
    fn load(&mut self) {
        match self.state {
            State::Listening(listening) => self.load_opening(listening),
            State::Stopped => self.load_zero(),
            State::Settling(_) | State::Up => match self.text_at {
                Some(at) if at != self.out_count => self.load_zero(),
                _ => self.load_character(),
            },
        }
    }

    fn load_zero(&mut self) {
        self.lull = self.lull.saturating_add(1);
        self.out_bits.load_zero();
    }

    fn load_opening(&mut self, listening: Listening) {
        match listening.own {
            OwnSync::Held | OwnSync::At(_) => self.load_zero(),
            OwnSync::Due => {
                self.lull = 0;
                self.out_bits.load_sync();
                let own = OwnSync::At(self.out_count);
                self.meet(Listening { own, ..listening });
            }
        }
    }

    fn load_character(&mut self) {
        self.text_at = None;
        count(&mut self.stats.symbols);
        let character = self.strings_mut().pop();
        self.out_bits.load_character(character.unwrap_or(0));
        match character {
            None => self.lull = self.lull.saturating_add(CHARACTER_BITS),
            Some(character) => {
                self.lull = 0;
                count(&mut self.stats.symbols_sent);
                if character == 0 {
                    count(&mut self.stats.strings_sent);
                }
            }
        }
    }

    #[inline(never)]
    fn listen(&mut self, mut listening: Listening, bit: bool) {
        if listening.heard.is_some() {
            if bit {
                self.lose(Cause::Misaligned);
            }
            return;
        }
        if listening.hunt.push(bit) {
            let at = self.in_count.wrapping_sub(SYNC_BITS);
            listening.heard = Some(at);
            self.news.heard(at);
            self.watch.came();
        }
        self.meet(listening);
    }

    /// Goes on listening, or settles when both sync bytes are known.
    fn meet(&mut self, listening: Listening) {
        self.state = State::Listening(listening);
        let (Some(theirs), OwnSync::At(ours)) = (listening.heard, listening.own) else {
            return;
        };
        let at = later(theirs, ours).wrapping_add(SYNC_BITS);
        let (filler_out, filler_in) = match self.settings.role {
            Role::Initiator => (FILLER_BITS, 0),
            Role::Responder => (0, FILLER_BITS),
        };
        self.text_at = Some(at.wrapping_add(filler_out));
        match at.wrapping_add(filler_in).wrapping_sub(self.in_count) {
            0 => self.come_up(),
            left => self.state = State::Settling(left),
        }
    }

    /// Until its first character the peer has nothing to say.
    fn settle(&mut self, left: u32, bit: bool) {
        if bit {
            self.lose(Cause::Misaligned);
        } else if left > 1 {
            self.state = State::Settling(left - 1);
        } else {
            self.come_up();
        }
    }

    #[inline(never)]
    fn take(&mut self, character: u8) {
        if character == 0 {
            self.end_string();
            return;
        }
        count(&mut self.stats.symbols_received);
        if character < b' ' {
            count(&mut self.stats.controls_received);
        }
        self.inbox.push(character, self.longest());
    }

    fn end_string(&mut self) {
        match self.inbox.end() {
            Ended::Idle => return,
            Ended::String(_) if bits::is_sync(self.inbox.last()) => self.handle_restart(),
            Ended::String(_) => {
                self.inbox.keep();
                count(&mut self.stats.strings_received);
            }
            Ended::Dropped(why) => self.drop_string(why),
        }
        count(&mut self.stats.symbols_received);
    }

    fn drop_string(&mut self, why: Dropped) {
        self.news.dropped(why);
        count(match why {
            Dropped::TooLong => &mut self.stats.too_long,
            Dropped::NoRoom => &mut self.stats.no_room,
        });
    }

    /// The peer begins anew and now waits for the own sync byte, as it does at a start.
    fn handle_restart(&mut self) {
        let cause = Cause::PeerRestarted;
        self.news.down(cause);
        self.listen_for(Some(self.in_count), OwnSync::Held, Why::Lost(cause));
        self.watch.came();
    }
}

/// The later of two places that are not far apart.
fn later(a: u32, b: u32) -> u32 {
    if a.wrapping_sub(b) < u32::MAX / 2 { a } else { b }
}
