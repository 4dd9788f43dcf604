//! The passing of time: when to say hello or ask the peer, and when it counts as gone. Deliberately the only place
//! where the link looks at the time.

use crate::event::Cause;
use crate::link::{Link, State};
use crate::time::Tick;

/// Between hellos while looking for a peer.
const HELLO_MS: u32 = 50;
/// Between hellos to a peer that speaks another protocol: only so that it, too, can tell.
const HELLO_REFUSED_MS: u32 = 1000;
/// Doublings of the time until the peer is asked again.
const MAX_BACKOFF: u8 = 8;

impl<const TX: usize, const RX: usize> Link<TX, RX> {
    /// Tells the time, in wrapping milliseconds. Call it whenever [`Link::poll_timeout`] is due, and at least now
    /// and then while bits move; a burst driver calls it once a burst. Cheap.
    pub fn handle_timeout(&mut self, now_ms: u32) {
        self.silence
            .tick(now_ms, self.stats.symbols, self.settings.watchdog_ms);
        if core::mem::take(&mut self.alive) {
            self.silence.sign_of_life();
        }
        match &self.state {
            State::Stopped => {}
            State::Meeting(_) => {
                if self.ask() {
                    self.outgoing.due.hello = true;
                }
                self.judge_silence();
            }
            State::Up(_) => {
                if self.ask() {
                    self.backoff = (self.backoff + 1).min(MAX_BACKOFF);
                    self.outgoing.due.probe = true;
                }
                self.judge_silence();
            }
        }
        self.hurry();
    }

    /// When [`Link::handle_timeout`] is next due, on the same clock; `None` when nothing waits for time. Always
    /// later than the time last told.
    pub fn poll_timeout(&self) -> Option<u32> {
        let now = self.silence.now();
        let question = self
            .question_interval()
            .map(|interval| self.question.remaining(now, interval));
        let silence = self.watchdog().map(|ms| self.silence.look_again(ms));
        let next = match (question, silence) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        next.map(|wait| now.wrapping_add(wait.max(1)))
    }

    /// Whether it is time for a hello or a probe.
    fn ask(&mut self) -> bool {
        match self.question_interval() {
            Some(interval) => self.question.run(self.silence.now(), interval) == Tick::Due,
            None => {
                self.question.stop();
                false
            }
        }
    }

    /// The time from the last word until the peer is asked. While something is still being sent, or nobody waits,
    /// it is not asked.
    fn question_interval(&self) -> Option<u32> {
        if self.is_sending() {
            return None;
        }
        match &self.state {
            State::Stopped => None,
            State::Meeting(meeting) => Some(if meeting.refused {
                HELLO_REFUSED_MS
            } else {
                HELLO_MS
            }),
            State::Up(_) if self.window.awaits_release() => Some(self.patience()),
            State::Up(_) => self.watchdog().map(|_| self.settings.probe_ms.max(1)),
        }
    }

    /// How long an acknowledgement may stay away: longer each time that asking brought no progress, because the
    /// peer's application may take seconds.
    fn patience(&self) -> u32 {
        let base = self.settings.retransmit_ms.max(1);
        let most = self.settings.probe_ms.max(base);
        // Without a product of 64 bits, for which a small processor needs a function.
        if base > most >> self.backoff {
            most
        } else {
            base << self.backoff
        }
    }

    fn watchdog(&self) -> Option<u32> {
        match &self.state {
            State::Stopped => None,
            State::Meeting(_) | State::Up(_) => Some(self.settings.watchdog_ms).filter(|&ms| ms > 0),
        }
    }

    fn judge_silence(&mut self) {
        let Some(watchdog_ms) = self.watchdog() else {
            return;
        };
        let moving = self.silence.is_moving();
        if moving && self.window.is_on_wire() {
            // The peer cannot answer before it has been told; on slow wires that takes its time.
            self.silence.sign_of_life();
        }
        let is_speaking = moving && self.inbox.is_filling();
        if self.silence.left(watchdog_ms).is_none() && !is_speaking {
            self.handle_silence();
        }
    }

    fn handle_silence(&mut self) {
        match &self.state {
            State::Stopped => {}
            State::Meeting(_) => {
                self.news.down(Cause::Silent);
                self.silence.sign_of_life();
            }
            State::Up(_) => self.lose(Cause::Silent),
        }
    }
}
