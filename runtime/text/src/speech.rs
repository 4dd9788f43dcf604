//! A text link together with what makes bodies of it: the buffers between translator and application, and the numbers that
//! bodies get. Deliberately without the finding out of the peer's format, which is in `any`, and without a view on what is
//! said: that is the translator's.

use fivewire_link::{Cause, FIRST_MESSAGE, SendError};
use fivewire_wire::MAX_BODY;

use crate::bodies::Bodies;
use crate::event::{Cause as TextCause, Event};
use crate::link::TextLink;
use crate::settings::{Role, Settings};
use crate::translate::{BODY_BYTES, Desk, Fault, STRING_BYTES, Translator};

/// How long a host may be held back, in milliseconds: half of the time that the MicroPython one waits for a bit.
const HOLD_MS: u32 = 5_000;

/// The text link within an [`AnyLink`](crate::AnyLink).
pub type SpokenLink = TextLink<STRING_BYTES, STRING_BYTES>;

/// What the application has not heard yet: there is no session any more, there is a new one.
#[derive(Clone, Copy)]
pub(crate) struct News {
    pub(crate) down: Option<Cause>,
    pub(crate) up: bool,
}

impl News {
    pub(crate) const NONE: News = News {
        down: None,
        up: false,
    };

    pub(crate) fn is_empty(&self) -> bool {
        self.down.is_none() && !self.up
    }
}

/// A text link, and the bodies in both directions.
pub(crate) struct Speech {
    pub(crate) link: SpokenLink,
    bodies: Bodies<[u8; BODY_BYTES]>,
    /// Where a body is encoded before it is said.
    draft: [u8; MAX_BODY],
    /// Number of the next body that is sent.
    number: u8,
    now_ms: u32,
    /// Since when strings have no room.
    full_since: Option<u32>,
}

impl Speech {
    /// A link to a peer whose sync byte was the first eight bits that came; `given` bits went out meanwhile.
    pub(crate) fn new(role: Role, silence_ms: u32, now_ms: u32, given: u32) -> Self {
        let mut link = TextLink::new(Settings {
            silence_ms,
            ..Settings::new(role)
        });
        link.start_heard(now_ms, given);
        Speech {
            link,
            bodies: Bodies::new(),
            draft: [0; MAX_BODY],
            number: 0,
            now_ms,
            full_since: None,
        }
    }

    pub(crate) fn stop(&mut self) {
        self.link.stop();
        self.forget();
    }

    /// Nothing of one session reaches the next.
    fn forget(&mut self) {
        self.link.inbox.clear();
        self.bodies_mut().clear();
        self.number = 0;
    }

    pub(crate) fn bodies(&self) -> &Bodies {
        &self.bodies
    }

    pub(crate) fn bodies_mut(&mut self) -> &mut Bodies {
        &mut self.bodies
    }

    /// The link ended, and none follows by itself.
    pub(crate) fn is_over(&self) -> bool {
        self.link.is_stopped()
    }

    /// Tells the link the time.
    pub(crate) fn handle_timeout(&mut self, now_ms: u32) {
        self.now_ms = now_ms;
        self.full_since = if self.link.has_room() {
            None
        } else {
            self.full_since.or(Some(now_ms))
        };
        if self.is_held() {
            self.link.excuse();
        }
        self.link.handle_timeout(now_ms);
    }

    /// Whether the wires must rest because strings wait that nobody has taken. A host is not held so long that it gives
    /// up: then its strings are dropped, and counted.
    pub(crate) fn is_held(&self) -> bool {
        let is_patient = match self.link.role() {
            Role::Initiator => true,
            Role::Responder => self
                .full_since
                .is_none_or(|since| self.now_ms.wrapping_sub(since) < HOLD_MS),
        };
        is_patient && !self.link.has_room()
    }

    /// Gives the translator its turn: what became of the link, the strings that came, and the time.
    pub(crate) fn tend<T: Translator>(&mut self, translator: &mut T, news: &mut News) {
        self.follow_link(translator, news);
        if let Err(fault) = self.translate(translator) {
            self.end(fault, news);
        }
    }

    fn end(&mut self, fault: Fault, news: &mut News) {
        self.stop();
        let cause = match fault {
            Fault::Garbled => Cause::Garbled,
            Fault::Silent => Cause::Silent,
            Fault::Restart => Cause::ResetWanted,
        };
        *news = News {
            down: Some(cause),
            up: false,
        };
    }

    fn follow_link<T: Translator>(&mut self, translator: &mut T, news: &mut News) {
        while let Some(event) = self.link.poll_event() {
            match event {
                // Its sync byte is long answered; drops are told among the strings.
                Event::Heard { .. } | Event::Dropped(_) => {}
                Event::Up => {
                    translator.start(self.now_ms);
                    news.up = true;
                }
                Event::Down(cause) => {
                    self.forget();
                    let down = Some(self.lost(cause));
                    *news = News { down, up: false };
                }
            }
        }
    }

    fn lost(&mut self, cause: TextCause) -> Cause {
        match cause {
            TextCause::Silent | TextCause::NoSync => Cause::Silent,
            TextCause::Misaligned => Cause::Garbled,
            TextCause::PeerRestarted => {
                self.link.send_sync();
                Cause::PeerRestarted
            }
        }
    }

    fn translate<T: Translator>(&mut self, translator: &mut T) -> Result<(), Fault> {
        if !self.link.is_up() {
            return Ok(());
        }
        let now_ms = self.now_ms;
        while self.bodies().has_promised_room(MAX_BODY) {
            let (inbox, strings) = self.link.buffers();
            let mut desk = Desk::new(now_ms, strings, &mut self.bodies);
            if inbox.take_drop() {
                translator.handle_dropped(&mut desk)?;
                continue;
            }
            let Some(string) = inbox.oldest() else { break };
            translator.handle_string(string, &mut desk)?;
            self.link.release();
        }
        if !self.bodies().has_promised_room(0) {
            return Ok(());
        }
        let (_, strings) = self.link.buffers();
        translator.handle_timeout(&mut Desk::new(now_ms, strings, &mut self.bodies))
    }

    /// The longest body that can be sent now: any, or none.
    pub(crate) fn room<T: Translator>(&self, translator: &T) -> usize {
        let has_room = self.link.strings().has_promised_room() && self.bodies().has_promised_room(0);
        if has_room && translator.is_ready() {
            MAX_BODY
        } else {
            0
        }
    }

    /// Sends a body. Call it when the link is up.
    pub(crate) fn send<T: Translator, E>(
        &mut self,
        encode: impl FnOnce(&mut [u8]) -> Result<usize, E>,
        translator: &mut T,
        news: &mut News,
    ) -> Result<u8, SendError<E>> {
        if self.room(translator) == 0 {
            return Err(SendError::Full);
        }
        let len = encode(&mut self.draft).map_err(SendError::Encode)?;
        let body = match self.draft.get(..len) {
            Some(body @ &[op, ..]) if op >= FIRST_MESSAGE => body,
            _ => return Err(SendError::NotAMessage),
        };
        let number = self.number;
        let (_, strings) = self.link.buffers();
        let mut desk = Desk::new(self.now_ms, strings, &mut self.bodies);
        match translator.handle_body(number, body, &mut desk) {
            Ok(()) => {
                self.number = number.wrapping_add(1);
                Ok(number)
            }
            Err(fault) => {
                self.end(fault, news);
                Err(SendError::NotUp)
            }
        }
    }
}
