//! The passing of time: what the MicroPython system waits for without limit is waited for within one. It never
//! repairs anything; that takes a reset, which is for the layer above.

use crate::event::Cause;
use crate::link::TextLink;
use crate::state::State;

impl<const TX: usize, const RX: usize> TextLink<TX, RX> {
    /// Tells the time, in wrapping milliseconds. Call it whenever [`TextLink::poll_timeout`] is due, and at least now
    /// and then while bits move; a burst driver calls it once a burst. Cheap.
    pub fn handle_timeout(&mut self, now_ms: u32) {
        let limit = self.limit();
        self.watch.tick(now_ms, limit.unwrap_or(0));
        let has_moved = core::mem::replace(&mut self.seen, self.in_count) != self.in_count;
        if has_moved && !self.is_hunting() {
            self.watch.came();
        }
        if limit.is_some_and(|limit| self.watch.is_over(limit)) {
            let is_deaf = self.is_hunting() && self.in_count > 0;
            self.lose(if is_deaf { Cause::NoSync } else { Cause::Silent });
        }
    }

    /// When [`TextLink::handle_timeout`] is next due, on the same clock; `None` when nothing waits for time. Always
    /// later than the time last told.
    pub fn poll_timeout(&self) -> Option<u32> {
        let limit = self.limit()?;
        Some(self.watch.now().wrapping_add(self.watch.look_again(limit)))
    }

    /// Whether the peer's sync byte is awaited, which a moving clock does not excuse.
    fn is_hunting(&self) -> bool {
        match self.state {
            State::Listening(listening) => listening.heard.is_none(),
            State::Stopped | State::Settling(_) | State::Up => false,
        }
    }

    fn limit(&self) -> Option<u32> {
        let limit = match self.state {
            State::Stopped => 0,
            State::Listening(listening) if listening.heard.is_none() => self.settings.sync_ms,
            State::Listening(_) | State::Settling(_) | State::Up => self.settings.silence_ms,
        };
        (limit > 0).then_some(limit)
    }
}
