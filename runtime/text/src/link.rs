//! The text link's face to the application, and what each change of state brings with it. Deliberately without the
//! work on bits, which is in `exchange`, and without a view on what a string says.

use crate::bits::{Hunt, InBits, OutBits, SYNC_BITS};
use crate::event::{Cause, Event, News};
use crate::inbox::Inbox;
use crate::settings::{Opening, Role, Settings};
use crate::state::{Listening, OwnSync, Phase, State, Transition, Why};
use crate::stats::{Stats, count};
use crate::strings::{SendError, Strings};
use crate::watch::Watch;

/// One end of a text link. `TX` and `RX` are the bytes of its buffers; a string takes one more than its characters.
///
/// A driver exchanges bits ([`TextLink::output_bit`], [`TextLink::input_bit`]) and tells the time
/// ([`TextLink::handle_timeout`]); an application sends and receives strings and takes events.
pub struct TextLink<const TX: usize, const RX: usize> {
    pub(crate) settings: Settings,
    pub(crate) state: State,
    pub(crate) out_bits: OutBits,
    pub(crate) in_bits: InBits,
    /// Bits handed out and taken since the start. The wires exchange them one for one, so a place among the bits out
    /// is also one among the bits in.
    pub(crate) out_count: u32,
    pub(crate) in_count: u32,
    /// Place of the own first character, while it is to come.
    pub(crate) text_at: Option<u32>,
    pub(crate) strings: Strings<[u8; TX]>,
    pub(crate) inbox: Inbox<RX>,
    /// Bits sent since the last that belonged to a string or sync byte.
    pub(crate) lull: u32,
    pub(crate) watch: Watch,
    /// `in_count` when the time was last told.
    pub(crate) seen: u32,
    pub(crate) news: News,
    pub(crate) stats: Stats,
    last: Option<Transition>,
}

/// After so many idle bits the wires may slow down: an answer that takes no longer costs no slow step.
const LINGER_BITS: u32 = 32 * 7;
/// An idle link slows down by steps: after so many more idle bits to so many microseconds a bit. The last is far
/// from the 10 s that the MicroPython host allows, and below the time that its bridge takes for anything.
const PACES: [(u32, u32); 4] = [(0, 1000), (4096, 2000), (8192, 5000), (16384, 10_000)];

impl<const TX: usize, const RX: usize> TextLink<TX, RX> {
    /// A stopped link.
    pub const fn new(settings: Settings) -> Self {
        TextLink {
            settings,
            state: State::Stopped,
            out_bits: OutBits::new(),
            in_bits: InBits::new(),
            out_count: 0,
            in_count: 0,
            text_at: None,
            strings: Strings::new(),
            inbox: Inbox::new(),
            lull: 0,
            watch: Watch::new(),
            seen: 0,
            news: News::NONE,
            stats: Stats::new(),
            last: None,
        }
    }

    /// Begins to look for a peer; whatever was before is forgotten without an event. The pins start anew with it:
    /// the next bit out is the first of all.
    pub fn start(&mut self, now_ms: u32, opening: Opening) {
        self.news = News::NONE;
        self.inbox.clear();
        self.watch.start(now_ms);
        (self.out_count, self.in_count, self.seen) = (0, 0, 0);
        let own = match opening {
            Opening::AtOnce => OwnSync::Due,
            Opening::HeldBack => OwnSync::Held,
        };
        self.listen_for(None, own, Why::Started);
    }

    /// As [`TextLink::start`], with a peer whose sync byte was the first eight bits that came, where `given` bits went out
    /// meanwhile, none of them a 1 among the last seven. The own sync byte goes out with the next bit.
    pub fn start_heard(&mut self, now_ms: u32, given: u32) {
        self.start(now_ms, Opening::HeldBack);
        (self.out_count, self.in_count, self.seen) = (given, SYNC_BITS, SYNC_BITS);
        self.listen_for(Some(0), OwnSync::Due, Why::Started);
    }

    /// Ends everything, without an event. What came in is still there.
    pub fn stop(&mut self) {
        self.news = News::NONE;
        self.cut(State::Stopped, Why::Stopped);
    }

    /// Sends the sync byte that was held back, beginning with the next bit. Does nothing when it went out before, or
    /// the link is stopped.
    pub fn send_sync(&mut self) {
        if let State::Listening(Listening {
            own: own @ OwnSync::Held,
            ..
        }) = &mut self.state
        {
            *own = OwnSync::Due;
        }
    }

    /// What the link is doing.
    pub fn phase(&self) -> Phase {
        self.state.phase()
    }

    /// The last change of phase, for logs.
    pub fn last_transition(&self) -> Option<Transition> {
        self.last
    }

    /// Bits taken since the start, modulo 2^32. An old end's sync byte is the first eight: an end that holds its own
    /// back and has taken eight without [`Event::Heard`] has another kind of peer.
    pub fn bits_taken(&self) -> u32 {
        self.in_count
    }

    /// The next news.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.news.take()
    }

    /// The longest string, in characters, that [`TextLink::send`] takes now; 0 when none.
    pub fn room(&self) -> usize {
        match self.state {
            State::Up => self.strings().room(),
            State::Stopped | State::Listening(_) | State::Settling(_) => 0,
        }
    }

    /// Sends a string of 7-bit characters other than 0.
    ///
    /// # Errors
    /// [`SendError`]; nothing was sent.
    pub fn send(&mut self, string: &[u8]) -> Result<(), SendError> {
        match self.state {
            State::Up => self.strings_mut().push(string),
            State::Stopped | State::Listening(_) | State::Settling(_) => Err(SendError::NotUp),
        }
    }

    /// The oldest string that is not released, never empty. The same again until [`TextLink::release`].
    ///
    /// Nothing in the format tells a damaged or forged string from another: whoever reads it must not trust it.
    pub fn receive(&mut self) -> Option<&[u8]> {
        self.inbox.oldest()
    }

    /// The application is done with the string that [`TextLink::receive`] returned. Does nothing when there is none.
    pub fn release(&mut self) {
        self.inbox.release();
    }

    /// Whether [`TextLink::receive`] or [`TextLink::poll_event`] have something for the application.
    pub fn has_input(&self) -> bool {
        !self.news.is_empty() || self.inbox.has_string()
    }

    /// Whether the longest string has room. While it has not, a driver that does not clock holds the peer back,
    /// which is this format's only flow control: a stock bridge waits without limit, a stock host for 10 s.
    pub fn has_room(&self) -> bool {
        self.inbox.has_room(self.longest())
    }

    /// Whether nothing is being sent or received, nor has been for a while: the driver may slow down.
    pub fn is_quiet(&self) -> bool {
        self.lull >= LINGER_BITS && !self.is_sending() && !self.is_receiving()
    }

    /// Microseconds that the driver may let pass before the next bit; 0 while the link is not quiet. An old end
    /// clocks zeros for ever, and nobody needs them fast.
    pub fn pause_us(&self) -> u32 {
        if !self.is_quiet() {
            return 0;
        }
        let idle = self.lull - LINGER_BITS;
        let pace = PACES.iter().rev().find(|(bits, _)| idle >= *bits);
        pace.map_or(0, |(_, us)| *us)
    }

    /// Whether strings, or the own sync byte, are still to go out.
    pub fn is_sending(&self) -> bool {
        let has_sync = match self.state {
            State::Listening(Listening { own, .. }) => matches!(own, OwnSync::Due),
            State::Stopped | State::Settling(_) | State::Up => false,
        };
        has_sync || !self.strings().is_empty()
    }

    fn is_receiving(&self) -> bool {
        match self.state {
            State::Stopped => false,
            State::Listening(Listening { hunt, .. }) => hunt.is_stirred(),
            State::Settling(_) => true,
            State::Up => self.inbox.is_filling() || self.in_bits.has_begun(),
        }
    }

    /// Counters since the link was made.
    pub fn stats(&self) -> Stats {
        self.stats
    }

    /// The strings that are to go out.
    pub(crate) fn strings(&self) -> &Strings {
        &self.strings
    }

    pub(crate) fn strings_mut(&mut self) -> &mut Strings {
        &mut self.strings
    }

    /// Strings that came, and strings that are to go out.
    pub(crate) fn buffers(&mut self) -> (&mut Inbox<RX>, &mut Strings) {
        (&mut self.inbox, &mut self.strings)
    }

    pub(crate) fn role(&self) -> Role {
        self.settings.role
    }

    pub(crate) fn is_up(&self) -> bool {
        matches!(self.state, State::Up)
    }

    pub(crate) fn is_stopped(&self) -> bool {
        matches!(self.state, State::Stopped)
    }

    /// The wires rest for this end's own reasons: the peer is not to blame for silence.
    pub(crate) fn excuse(&mut self) {
        self.watch.came();
    }

    /// The longest string that is taken.
    pub(crate) fn longest(&self) -> usize {
        usize::from(self.settings.max_string).min(RX - 1)
    }

    pub(crate) fn listen_for(&mut self, heard: Option<u32>, own: OwnSync, why: Why) {
        let listening = Listening {
            hunt: Hunt::new(),
            heard,
            own,
        };
        self.cut(State::Listening(listening), why);
    }

    pub(crate) fn lose(&mut self, cause: Cause) {
        self.news.down(cause);
        self.cut(State::Stopped, Why::Lost(cause));
    }

    /// Leaves a link behind: what was on its way, in either direction, is cut.
    fn cut(&mut self, next: State, why: Why) {
        self.strings_mut().clear();
        self.inbox.cut();
        self.out_bits = OutBits::new();
        self.in_bits = InBits::new();
        self.text_at = None;
        self.lull = 0;
        self.transition(next, why);
    }

    pub(crate) fn come_up(&mut self) {
        self.news.up();
        self.watch.came();
        count(&mut self.stats.sessions);
        self.transition(State::Up, Why::Met);
    }

    fn transition(&mut self, next: State, why: Why) {
        self.last = Some(Transition {
            from: self.state.phase(),
            to: next.phase(),
            why,
        });
        self.state = next;
    }
}
