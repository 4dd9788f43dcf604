//! The link's state machine and its face to the application. Deliberately without the work on frames: what comes
//! in is in `input`, what goes out in `output`, the passing of time in `timeout`.

use crate::bits::{InBits, LINGER_SYMBOLS, OutBits};
use crate::event::{Cause, Event, News};
use crate::hello::{Hello, next_epoch};
use crate::inbox::Inbox;
use crate::output::{Due, OnWire, Outgoing};
use crate::stats::{Stats, count};
use crate::time::{Silence, Timer};
use crate::window::{SendError, Window};

/// How a link behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// What it says of itself.
    pub hello: Hello,
    /// Silence of the peer after which it counts as gone, in milliseconds; 0 = it never does.
    pub watchdog_ms: u32,
    /// How long an acknowledgement may stay away before the peer is asked, in milliseconds; doubled each time
    /// that the peer has the frames but its application does not take them.
    pub retransmit_ms: u32,
    /// How often a silent peer is asked for a sign of life, in milliseconds; best a quarter of the watchdog.
    /// Without a watchdog nobody asks.
    pub probe_ms: u32,
}

impl Settings {
    /// The usual times: 50 ms until a missing acknowledgement is asked for, a probe after 1 s of silence, and no
    /// watchdog.
    pub const fn new(hello: Hello) -> Self {
        Settings {
            hello,
            watchdog_ms: 0,
            retransmit_ms: 50,
            probe_ms: 1000,
        }
    }
}

/// What the link is doing.
pub(crate) enum State {
    Stopped,
    Meeting(Meeting),
    Up(Session),
}

/// Looking for a peer.
#[derive(Clone, Copy)]
pub(crate) struct Meeting {
    /// Epoch of the peer that was heard; 0 = none.
    pub(crate) heard: u16,
    /// It speaks another protocol.
    pub(crate) refused: bool,
}

/// In a session.
#[derive(Clone, Copy)]
pub(crate) struct Session {
    pub(crate) peer: Hello,
}

impl State {
    fn phase(&self) -> Phase {
        match self {
            State::Stopped => Phase::Stopped,
            State::Meeting(_) => Phase::Meeting,
            State::Up(_) => Phase::Up,
        }
    }
}

/// What a link is doing, without the details.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nothing; only idle zeros go out.
    Stopped,
    /// Looking for a peer.
    Meeting,
    /// In a session.
    Up,
}

/// Why a link changed its phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// [`Link::start`] was called.
    Started,
    /// [`Link::stop`] was called.
    Stopped,
    /// The peer has heard this end and is heard.
    Met,
    /// The session ended.
    Lost(Cause),
}

/// The last change of phase, for logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// Phase before.
    pub from: Phase,
    /// Phase after.
    pub to: Phase,
    /// What brought it about.
    pub why: Why,
}

/// One end of a link. `TX` and `RX` are the bytes of its buffers: each holds frames until they are released,
/// `TX` with 3 bytes more than their bodies, `RX` with 2 bytes more and a reserve of 64.
///
/// A driver exchanges bits ([`Link::output_bit`], [`Link::input_bit`]) and tells the time
/// ([`Link::handle_timeout`]); an application sends and receives bodies and takes events.
///
/// The fields are in the order in which they lie: those that every symbol needs come first, the buffers last, because a
/// small processor reaches what lies near a pointer in one instruction.
#[repr(C)]
pub struct Link<const TX: usize, const RX: usize> {
    pub(crate) in_bits: InBits,
    pub(crate) out_bits: OutBits,
    /// Symbols exchanged since the last one that was not idle.
    pub(crate) lull: u32,
    pub(crate) stats: Stats,
    pub(crate) outgoing: Outgoing,
    pub(crate) news: News,
    pub(crate) state: State,
    /// How far ahead the last reliable frame was that was not expected, since the last that was.
    pub(crate) gap_at: Option<u8>,
    /// A damaged frame came and nothing since; it may have been the last of a row.
    pub(crate) suspect: bool,
    /// Frames in a row that speak of numbers which cannot be meant.
    pub(crate) strikes: u8,
    /// Times that the peer was asked without progress.
    pub(crate) backoff: u8,
    /// The peer gave a sign of life since the time was last told.
    pub(crate) alive: bool,
    /// Of this end, in this session or the one it looks for.
    pub(crate) epoch: u16,
    /// Until the next hello or probe. It only runs while nothing is being sent.
    pub(crate) question: Timer,
    pub(crate) silence: Silence,
    pub(crate) settings: Settings,
    last: Option<Transition>,
    pub(crate) window: Window<TX>,
    pub(crate) inbox: Inbox<RX>,
}

impl<const TX: usize, const RX: usize> Link<TX, RX> {
    /// A stopped link.
    pub const fn new(settings: Settings) -> Self {
        Link {
            settings,
            state: State::Stopped,
            epoch: settings.hello.epoch.wrapping_sub(1),
            out_bits: OutBits::new(),
            in_bits: InBits::new(),
            outgoing: Outgoing::new(),
            window: Window::new(),
            inbox: Inbox::new(),
            gap_at: None,
            suspect: false,
            strikes: 0,
            backoff: 0,
            question: Timer::OFF,
            silence: Silence::new(),
            alive: false,
            lull: 0,
            news: News::NONE,
            stats: Stats::new(),
            last: None,
        }
    }

    /// Begins to look for a peer, with a new epoch; whatever was before is forgotten without an event. The next
    /// bit out is the first of two idle symbols, and behind them comes a hello.
    pub fn start(&mut self, now_ms: u32) {
        self.news = News::NONE;
        self.silence.start(now_ms, self.stats.symbols);
        self.transition(
            State::Meeting(Meeting {
                heard: 0,
                refused: false,
            }),
            Why::Started,
        );
        self.out_bits = OutBits::new();
        self.in_bits = InBits::new();
        self.inbox.cut();
        self.outgoing.begin();
        self.lull = 0;
    }

    /// Ends everything, without an event. From now on zeros go out and what comes in is ignored.
    pub fn stop(&mut self) {
        self.news = News::NONE;
        self.transition(State::Stopped, Why::Stopped);
    }

    /// What the link is doing.
    pub fn phase(&self) -> Phase {
        self.state.phase()
    }

    /// The last change of phase, for logs.
    pub fn last_transition(&self) -> Option<Transition> {
        self.last
    }

    /// What the peer said of itself, while a session is up.
    pub fn peer(&self) -> Option<Hello> {
        match &self.state {
            State::Up(session) => Some(session.peer),
            State::Stopped | State::Meeting(_) => None,
        }
    }

    /// The session's next news. A new session is open to [`Link::send`] and [`Link::receive`] once its
    /// [`Event::Up`] was taken here, so numbers of two sessions cannot be mixed up.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.news.take()
    }

    fn is_open(&self) -> bool {
        matches!(self.state, State::Up(_)) && self.news.is_empty()
    }

    /// The longest body, in bytes, that [`Link::send`] takes now; 0 when none.
    pub fn room(&self) -> usize {
        if self.is_open() { self.window.room() } else { 0 }
    }

    /// Whether [`Link::send`] would take a body of `body_len` bytes now.
    pub fn can_send(&self, body_len: usize) -> bool {
        body_len > 0 && body_len <= self.room()
    }

    /// Reliable frames sent that the peer has not released: 0–7.
    pub fn in_flight(&self) -> usize {
        self.window.len()
    }

    /// Sends a body as a reliable frame. `encode` writes it into the slice it is given ([`Link::room`] bytes), its
    /// first byte an op of 0x08 or above, and returns its length. Returns the frame's number: how many went before
    /// it in this session, modulo 256.
    ///
    /// # Errors
    /// [`SendError`]; nothing was sent and no number used.
    pub fn send<E>(
        &mut self,
        encode: impl FnOnce(&mut [u8]) -> Result<usize, E>,
    ) -> Result<u8, SendError<E>> {
        if !self.is_open() {
            return Err(SendError::NotUp);
        }
        self.window.append(encode)
    }

    /// The oldest reliable frame that is not released: its number (how many came before it in this session, modulo
    /// 256) and body. The same again until [`Link::release`].
    pub fn receive(&mut self) -> Option<(u8, &[u8])> {
        if !self.is_open() {
            return None;
        }
        self.inbox.oldest()
    }

    /// Whether [`Link::receive`] or [`Link::poll_event`] have something for the application.
    #[inline(always)]
    pub fn has_input(&self) -> bool {
        !self.news.is_empty() || (self.inbox.has_frame() && matches!(self.state, State::Up(_)))
    }

    /// The application is done with the frame that [`Link::receive`] returned; it is acknowledged to the peer. Does
    /// nothing when there is none, or when the session it belonged to has ended.
    pub fn release(&mut self) {
        if self.inbox.release() {
            self.outgoing.due.ack = true;
        }
    }

    /// Whether nothing is being sent or received, nor has been for a while: the driver may slow down to a step a
    /// millisecond.
    #[inline(always)]
    pub fn is_quiet(&self) -> bool {
        self.lull >= LINGER_SYMBOLS && !self.in_bits.in_frame() && !self.is_sending()
    }

    /// Counters since the link was made.
    pub fn stats(&self) -> Stats {
        self.stats
    }

    pub(crate) fn lose(&mut self, cause: Cause) {
        self.news.down(cause);
        self.transition(
            State::Meeting(Meeting {
                heard: 0,
                refused: false,
            }),
            Why::Lost(cause),
        );
    }

    pub(crate) fn transition(&mut self, next: State, why: Why) {
        self.last = Some(Transition {
            from: self.state.phase(),
            to: next.phase(),
            why,
        });
        (self.gap_at, self.suspect, self.strikes, self.backoff) = (None, false, 0, 0);
        self.question.stop();
        self.silence.sign_of_life();
        self.alive = false;
        match &next {
            State::Stopped => self.forget(Due::NOTHING),
            State::Meeting(_) => {
                self.epoch = next_epoch(self.epoch);
                self.forget(Due {
                    hello: true,
                    ..Due::NOTHING
                });
            }
            State::Up(session) => {
                self.window.open(
                    usize::from(session.peer.window),
                    usize::from(session.peer.max_body),
                );
                self.inbox.open();
                self.news.up(session.peer);
                count(&mut self.stats.sessions);
            }
        }
        self.state = next;
    }

    /// Ends a session's traffic, also that on the wire.
    fn forget(&mut self, due: Due) {
        self.window.open(0, 0);
        self.inbox.open();
        self.outgoing.due = due;
        if matches!(self.outgoing.on_wire, OnWire::Message(_)) {
            self.outgoing.cut();
        }
    }
}
