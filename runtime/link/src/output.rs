//! What goes out: which frame is next, and its symbols. Deliberately pulled by the wire: a frame is made when its
//! first symbol is due, so it carries the newest acknowledgement.

use fivewire_frame::{DELIMITER, HEADROOM, Header, Sealed, TAILROOM, seal};

use crate::bits::{LINGER_SYMBOLS, OutBits, SYMBOL_BITS};
use crate::control::Op;
use crate::hello::{self, Greeting, Hello};
use crate::inbox::Inbox;
use crate::link::{Link, State};
use crate::stats::count;

/// Idle symbols before frames are repeated, so that a receiver that lost a bit finds its alignment.
pub(crate) const GAP_SYMBOLS: u8 = 2;

const CONTROL_ROOM: usize = HEADROOM + hello::BODY_LEN + TAILROOM;

/// What is to be said, in the order in which it is. Only what is said at once stays here: everything is written
/// when its turn comes, from what is true then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Due {
    pub(crate) hello: bool,
    /// The mark of the probe to be answered.
    pub(crate) report: Option<u8>,
    pub(crate) nak: bool,
    pub(crate) probe: bool,
    pub(crate) ack: bool,
}

impl Due {
    pub(crate) const NOTHING: Due = Due {
        hello: false,
        report: None,
        nak: false,
        probe: false,
        ack: false,
    };
}

/// What the current symbol belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnWire {
    Idle,
    Control(Sealed),
    Message(Sealed),
}

/// The outgoing side but for the reliable frames. The buffer lies last, as in [`Link`].
#[repr(C)]
pub(crate) struct Outgoing {
    /// Idle symbols since the last frame.
    idle: u32,
    pub(crate) on_wire: OnWire,
    /// Idle symbols to come before the next frame.
    pub(crate) gap: u8,
    pub(crate) due: Due,
    control_len: usize,
    control: [u8; CONTROL_ROOM],
}

impl Outgoing {
    pub(crate) const fn new() -> Self {
        let control = [0; CONTROL_ROOM];
        Outgoing {
            due: Due::NOTHING,
            on_wire: OnWire::Idle,
            gap: 0,
            idle: 0,
            control,
            control_len: 0,
        }
    }

    /// Begins with idle symbols, whatever was before: they end what an earlier life of this end left half said, and they
    /// are the eight zeros by which an end that knows both formats tells this one from an end of the MicroPython system.
    pub(crate) fn begin(&mut self) {
        self.cut();
        self.idle = 0;
    }

    /// Breaks off the frame on the wire; the gap ends it for the peer.
    pub(crate) fn cut(&mut self) {
        self.on_wire = OnWire::Idle;
        self.gap = GAP_SYMBOLS;
    }

    fn begin_control(&mut self, header: Header, body: &[u8]) -> Option<()> {
        self.control_len = HEADROOM + body.len() + TAILROOM;
        let frame = self.control.get_mut(..self.control_len)?;
        frame
            .get_mut(HEADROOM..HEADROOM + body.len())?
            .copy_from_slice(body);
        self.on_wire = OnWire::Control(seal(frame, header)?);
        Some(())
    }
}

impl<const TX: usize, const RX: usize> Link<TX, RX> {
    /// The next bit to put on the data wire. The first call comes before the first [`Link::input_bit`], then they
    /// alternate.
    #[inline]
    pub fn output_bit(&mut self) -> bool {
        let (bits, _) = self.output_bits();
        self.out_bits.drop_first(1);
        bits & 1 == 1
    }

    /// The next bits to put on the data wire, the first one lowest, and how many they are: what is left of a symbol,
    /// 1 to 8. The same again until [`Link::exchanged`] says how many of them went out, but for a link gone quiet, of
    /// which [`Link::handle_timeout`] may make them the first of a frame.
    #[inline]
    pub fn output_bits(&mut self) -> (u8, u32) {
        if self.out_bits.is_empty() {
            self.load_symbol();
        }
        self.out_bits.peek()
    }

    /// Whether anything is on the wire or wants to be.
    #[inline]
    pub(crate) fn is_sending(&self) -> bool {
        self.outgoing.on_wire != OnWire::Idle || self.outgoing.due != Due::NOTHING || self.has_message()
    }

    fn has_message(&self) -> bool {
        match &self.state {
            State::Up(_) => self.window.is_sendable(),
            State::Stopped | State::Meeting(_) => false,
        }
    }

    /// In a quiet link a bit may take a millisecond: a frame that comes up does not wait for the rest of an idle
    /// symbol, for its start bit may come at any time.
    pub(crate) fn hurry(&mut self) {
        if self.lull >= LINGER_SYMBOLS && self.is_sending() {
            self.out_bits = OutBits::new();
        }
    }

    #[inline(never)]
    fn load_symbol(&mut self) {
        count(&mut self.stats.symbols);
        if let Some(symbol) = self.continue_frame().or_else(|| self.start_frame()) {
            self.lull = 0;
            self.outgoing.idle = 0;
            count(&mut self.stats.symbols_sent);
            return self.out_bits.load(symbol, SYMBOL_BITS);
        }
        self.lull = self.lull.saturating_add(1);
        self.outgoing.idle = self.outgoing.idle.saturating_add(1);
        // Nobody relies on the alignment of what has long been idle, so it takes that of the peer's symbols: then the two
        // ends work between symbols at the same time, and not one after the other.
        let ends_with_peers = self.outgoing.idle > LINGER_SYMBOLS;
        let bits = if ends_with_peers {
            self.in_bits.missing()
        } else {
            SYMBOL_BITS
        };
        self.out_bits.load(DELIMITER, bits);
    }

    #[inline(always)]
    fn continue_frame(&mut self) -> Option<u8> {
        let symbol = match &mut self.outgoing.on_wire {
            OnWire::Message(sealed) => sealed.next_symbol(self.window.wire_bytes()),
            OnWire::Idle => return None,
            OnWire::Control(sealed) => {
                sealed.next_symbol(self.outgoing.control.get(..self.outgoing.control_len)?)
            }
        };
        if symbol.is_none() {
            self.outgoing.on_wire = OnWire::Idle;
            self.window.finish();
        }
        symbol
    }

    /// The first symbol of the next frame, if it is time for one.
    #[inline(always)]
    fn start_frame(&mut self) -> Option<u8> {
        if self.outgoing.gap > 0 {
            self.outgoing.gap -= 1;
            return None;
        }
        if !self.is_sending() {
            return None;
        }
        self.begin_and_continue()
    }

    #[inline(never)]
    fn begin_and_continue(&mut self) -> Option<u8> {
        self.begin_frame()?;
        count(&mut self.stats.frames_sent);
        self.continue_frame()
    }

    /// Puts the next frame on the wire, if there is one.
    fn begin_frame(&mut self) -> Option<()> {
        if core::mem::take(&mut self.outgoing.due.hello) {
            let body = self.greeting()?.encode();
            return self.outgoing.begin_control(Header::new(0, 0), &body);
        }
        match &self.state {
            State::Up(_) => self.begin_session_frame(),
            State::Stopped | State::Meeting(_) => None,
        }
    }

    fn greeting(&self) -> Option<Greeting> {
        let (echo, wants_answer) = match &self.state {
            State::Stopped => return None,
            State::Meeting(meeting) => (meeting.heard, true),
            State::Up(session) => (session.peer.epoch, false),
        };
        let window = Inbox::<RX>::WINDOW as u16;
        let max_body = self.settings.hello.max_body.min(window - 2);
        let hello = Hello {
            window,
            max_body,
            epoch: self.epoch,
            ..self.settings.hello
        };
        Some(Greeting {
            hello,
            echo,
            wants_answer,
            foreign: false,
        })
    }

    fn begin_session_frame(&mut self) -> Option<()> {
        let ack = self.inbox.released();
        let (wanted, mark) = (self.inbox.expected(), self.window.mark());
        let header = Header::new(0, ack);
        let due = &mut self.outgoing.due;
        let had_ack = core::mem::take(&mut due.ack);
        if let Some(mark) = due.report.take() {
            self.outgoing.begin_control(header, &[Op::REPORT, mark, wanted])
        } else if core::mem::take(&mut due.nak) {
            self.outgoing.begin_control(header, &[Op::NAK, wanted])
        } else if core::mem::take(&mut due.probe) {
            self.outgoing.begin_control(header, &[Op::PROBE, mark, wanted])
        } else if self.window.is_sendable() {
            self.begin_message(ack)
        } else if had_ack {
            self.outgoing.begin_control(header, &[])
        } else {
            None
        }
    }

    fn begin_message(&mut self, ack: u8) -> Option<()> {
        let (sealed, again) = self.window.begin(ack)?;
        if again {
            count(&mut self.stats.retransmissions);
        }
        self.question.stop();
        self.outgoing.on_wire = OnWire::Message(sealed);
        Some(())
    }
}
