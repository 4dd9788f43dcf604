//! One link for both formats: which one the peer speaks is found out anew at each start, from the first eight bits that
//! come. Deliberately without a word of either format: those are of `fivewire-link` and of `speech`.

use core::fmt;

use fivewire_link::{Clocked, Event, Hello, Link, Messages, SendError, Settings};

use crate::bits::{SYNC, SYNC_BITS};
use crate::settings::Role;
use crate::speech::{News, Speech, SpokenLink};
use crate::translate::Translator;
use crate::watch::earlier;

/// Between the epochs of two native links: more than one of them uses up, so that no peer takes one for the other.
const EPOCHS: u16 = 0x0101;
/// What a peer of the MicroPython system amounts to: it has heard of nothing that came later.
const TEXT_REVISION: u8 = 1;

/// A link to a native peer or, translated by `T`, to an end of the MicroPython system; it takes the place of a [`Link`].
/// `TX` and `RX` are the native buffers in bytes; the text format uses the same memory.
///
/// [`Messages::start`] begins as a native link does, with zeros. If the first eight bits that come are [`SYNC`], the peer
/// is an end of the MicroPython system, and its sync byte is answered; else nothing has happened. A text link that was
/// lost ends as any session does, with [`Event::Down`]; then a responder looks anew by itself, and an initiator is
/// silent until it is started, for an old bridge is found behind a reset only.
pub struct AnyLink<T, const TX: usize = 2560, const RX: usize = 2560> {
    settings: Settings,
    translator: T,
    format: Format<TX, RX>,
    opening: Opening,
    /// Of text links; native ones keep their own.
    news: News,
    now_ms: u32,
}

#[allow(clippy::large_enum_variant)] // they are of like size, and there is no heap
enum Format<const TX: usize, const RX: usize> {
    Native(Link<TX, RX>),
    Text(Speech),
}

/// The first eight bits behind a start.
#[derive(Clone, Copy)]
struct Opening {
    taken: u32,
    bits: u8,
    given: u32,
}

impl Opening {
    const NEW: Opening = Opening {
        taken: 0,
        bits: 0,
        given: 0,
    };
    /// Nobody looks.
    const OVER: Opening = Opening {
        taken: SYNC_BITS,
        ..Opening::NEW
    };

    #[inline]
    fn left(&self) -> u32 {
        SYNC_BITS - self.taken
    }

    /// Takes what came of the first eight bits; true when they are a sync byte.
    fn push(&mut self, came: u8, count: u32) -> bool {
        for at in 0..count.min(self.left()) {
            self.bits = self.bits >> 1 | (came >> at & 1) << 7;
            self.taken += 1;
        }
        self.left() == 0 && self.bits == SYNC
    }
}

impl<T: Translator, const TX: usize, const RX: usize> AnyLink<T, TX, RX> {
    /// A stopped link. The native settings count for the text format too, as far as they say something of it: the
    /// watchdog is the time that the peer's clock may stand still.
    pub const fn new(settings: Settings, translator: T) -> Self {
        AnyLink {
            settings,
            translator,
            format: Format::Native(Link::new(settings)),
            opening: Opening::OVER,
            news: News::NONE,
            now_ms: 0,
        }
    }

    /// The native link, unless the peer speaks text.
    pub const fn native(&self) -> Option<&Link<TX, RX>> {
        match &self.format {
            Format::Native(link) => Some(link),
            Format::Text(_) => None,
        }
    }

    /// The text link, if the peer speaks text.
    pub const fn text(&self) -> Option<&SpokenLink> {
        match &self.format {
            Format::Native(_) => None,
            Format::Text(speech) => Some(&speech.link),
        }
    }

    /// The translator, to look at.
    pub const fn translator(&self) -> &T {
        &self.translator
    }

    /// The translator, to set it up.
    pub const fn translator_mut(&mut self) -> &mut T {
        &mut self.translator
    }

    /// Leaves a text link for a native one, which is stopped.
    fn leave_text(&mut self) {
        if let Format::Text(_) = &self.format {
            let hello = &mut self.settings.hello;
            hello.epoch = hello.epoch.wrapping_add(EPOCHS);
            self.format = Format::Native(Link::new(self.settings));
        }
    }

    /// Looks for a peer of either kind.
    fn begin(&mut self) {
        self.opening = Opening::NEW;
        self.leave_text();
        if let Format::Native(link) = &mut self.format {
            link.start(self.now_ms);
        }
    }

    /// The peer's first eight bits came, or some of them.
    #[cold]
    fn look(&mut self, came: u8, count: u32) {
        if self.opening.push(came, count) {
            let (silence_ms, given) = (self.settings.watchdog_ms, self.opening.given);
            // What became of the session before is still to be told.
            self.news.up = false;
            self.format = Format::Text(Speech::new(T::ROLE, silence_ms, self.now_ms, given));
        }
    }

    /// Lets the translator work, and looks for another peer where the link ended.
    fn tend(&mut self) {
        let Format::Text(speech) = &mut self.format else {
            return;
        };
        speech.tend(&mut self.translator, &mut self.news);
        let looks_anew = match T::ROLE {
            Role::Initiator => false,
            Role::Responder => speech.is_over(),
        };
        if looks_anew {
            self.begin();
        }
    }

    fn take_news(&mut self) -> Option<Event> {
        if let Some(cause) = self.news.down.take() {
            return Some(Event::Down(cause));
        }
        let peer = Hello {
            revision: TEXT_REVISION,
            window: 0,
            epoch: 0,
            ..self.settings.hello
        };
        core::mem::take(&mut self.news.up).then_some(Event::Up(peer))
    }
}

impl<T: Translator, const TX: usize, const RX: usize> Clocked for AnyLink<T, TX, RX> {
    fn handle_timeout(&mut self, now_ms: u32) {
        self.now_ms = now_ms;
        match &mut self.format {
            Format::Native(link) => link.handle_timeout(now_ms),
            Format::Text(speech) => {
                speech.handle_timeout(now_ms);
                self.tend();
            }
        }
    }

    #[inline]
    fn output_bit(&mut self) -> bool {
        self.opening.given = self.opening.given.wrapping_add(1);
        match &mut self.format {
            Format::Native(link) => link.output_bit(),
            Format::Text(speech) => speech.link.output_bit(),
        }
    }

    #[inline]
    fn input_bit(&mut self, bit: bool) {
        match &mut self.format {
            Format::Native(link) => link.input_bit(bit),
            Format::Text(speech) => speech.link.input_bit(bit),
        }
        if self.opening.left() > 0 {
            self.look(bit.into(), 1);
        }
    }

    #[inline]
    fn output_bits(&mut self) -> (u8, u32) {
        let (bits, count) = match &mut self.format {
            Format::Native(link) => link.output_bits(),
            Format::Text(speech) => speech.link.output_bits(),
        };
        match self.opening.left() {
            0 => (bits, count),
            left => (bits, count.min(left)),
        }
    }

    #[inline]
    fn exchanged(&mut self, came: u8, count: u32) {
        match &mut self.format {
            Format::Native(link) => link.exchanged(came, count),
            Format::Text(speech) => speech.link.exchanged(came, count),
        }
        if self.opening.left() > 0 {
            self.opening.given = self.opening.given.wrapping_add(count);
            self.look(came, count);
        }
    }

    #[inline]
    fn has_input(&self) -> bool {
        let has_any = match &self.format {
            Format::Native(link) => link.has_input(),
            Format::Text(speech) => speech.link.has_input() || !speech.bodies().is_empty(),
        };
        has_any || !self.news.is_empty()
    }

    #[inline]
    fn is_quiet(&self) -> bool {
        match &self.format {
            Format::Native(link) => link.is_quiet(),
            Format::Text(speech) => speech.link.is_quiet(),
        }
    }

    #[inline]
    fn pause_us(&self) -> u32 {
        match &self.format {
            Format::Native(link) => link.pause_us(),
            Format::Text(speech) => speech.link.pause_us(),
        }
    }

    #[inline]
    fn is_held(&self) -> bool {
        match &self.format {
            Format::Native(_) => false,
            Format::Text(speech) => speech.is_held(),
        }
    }
}

impl<T: Translator, const TX: usize, const RX: usize> Messages for AnyLink<T, TX, RX> {
    fn start(&mut self, now_ms: u32) {
        self.now_ms = now_ms;
        self.news = News::NONE;
        self.begin();
    }

    fn stop(&mut self) {
        self.news = News::NONE;
        self.opening = Opening::OVER;
        self.leave_text();
        if let Format::Native(link) = &mut self.format {
            link.stop();
        }
    }

    fn poll_timeout(&self) -> Option<u32> {
        match &self.format {
            Format::Native(link) => link.poll_timeout(),
            Format::Text(speech) => {
                let translator = speech.link.is_up().then(|| self.translator.poll_timeout());
                earlier(self.now_ms, speech.link.poll_timeout(), translator.flatten())
            }
        }
    }

    fn poll_event(&mut self) -> Option<Event> {
        self.tend();
        if let Some(event) = self.take_news() {
            return Some(event);
        }
        match &mut self.format {
            Format::Native(link) => link.poll_event(),
            Format::Text(_) => None,
        }
    }

    fn is_text(&self) -> bool {
        match &self.format {
            Format::Native(_) => false,
            Format::Text(speech) => speech.link.is_up(),
        }
    }

    fn room(&self) -> usize {
        match &self.format {
            Format::Native(link) => link.room(),
            Format::Text(speech) if speech.link.is_up() && self.news.is_empty() => {
                speech.room(&self.translator)
            }
            Format::Text(_) => 0,
        }
    }

    fn send<E>(&mut self, encode: impl FnOnce(&mut [u8]) -> Result<usize, E>) -> Result<u8, SendError<E>> {
        match &mut self.format {
            Format::Native(link) => link.send(encode),
            Format::Text(speech) if speech.link.is_up() && self.news.is_empty() => {
                speech.send(encode, &mut self.translator, &mut self.news)
            }
            Format::Text(_) => Err(SendError::NotUp),
        }
    }

    fn receive(&mut self) -> Option<(u8, &[u8])> {
        self.tend();
        match &mut self.format {
            Format::Native(link) => link.receive(),
            Format::Text(speech) if speech.link.is_up() && self.news.is_empty() => speech.bodies().oldest(),
            Format::Text(_) => None,
        }
    }

    fn release(&mut self) {
        match &mut self.format {
            Format::Native(link) => link.release(),
            Format::Text(speech) => speech.bodies_mut().release(),
        }
    }
}

impl<T, const TX: usize, const RX: usize> fmt::Debug for AnyLink<T, TX, RX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_text = matches!(self.format, Format::Text(_));
        f.debug_struct("AnyLink")
            .field("is_text", &is_text)
            .finish_non_exhaustive()
    }
}
