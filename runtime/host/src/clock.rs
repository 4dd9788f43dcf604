//! Asks the bridge for the time of day: once, every so often, or when the application wants it; one question at a
//! time, however many wait for the answer. It reads no clock; it keeps what the bridge said and adds what passed.

use core::time::Duration;

use crate::time::{earlier, reached};

/// Seconds from 1970-01-01 to 2000-01-01.
const Y2K: u32 = 946_684_800;
/// Shortest time to wait for an answer, in milliseconds: `timeout_ms` of `get_time` in the spec.
const MIN_WAIT_MS: u32 = 20_000;

/// From when on seconds are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Epoch {
    /// 1970-01-01 UTC.
    #[default]
    Unix,
    /// 2000-01-01 UTC, as MicroPython boards count.
    Y2k,
}

impl Epoch {
    pub(crate) const fn seconds(self, unix_time: u32) -> u32 {
        match self {
            Self::Unix => unix_time,
            Self::Y2k => unix_time.saturating_sub(Y2K),
        }
    }
}

/// How to ask for the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct GetTime {
    pub(crate) pause_ms: u32,
    pub(crate) epoch: Epoch,
}

impl GetTime {
    /// Asks again after this long if the bridge could not learn the time (default 120 s); half of it, and at least
    /// 20 s, is how long an answer may take.
    pub const fn pause(mut self, pause: Duration) -> Self {
        let ms = pause.as_millis();
        self.pause_ms = if ms > 1 << 30 { 1 << 30 } else { ms as u32 };
        self
    }

    /// Counts the seconds from another epoch.
    pub const fn epoch(mut self, epoch: Epoch) -> Self {
        self.epoch = epoch;
        self
    }
}

impl Default for GetTime {
    fn default() -> Self {
        Self {
            pause_ms: 120_000,
            epoch: Epoch::Unix,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ask {
    Idle,
    Due { at: u32 },
    Asked { number: u8, until: u32 },
}

#[derive(Clone, Copy, Debug)]
struct Known {
    unix_time: u32,
    at: u32,
}

/// What is known of the time, and the question under way.
#[derive(Debug)]
pub(crate) struct Clock {
    ask: Ask,
    pause_ms: u32,
    known: Option<Known>,
    resync: Option<u32>,
    answers: u32,
}

impl Clock {
    pub(crate) const fn new() -> Self {
        Self {
            ask: Ask::Idle,
            pause_ms: 120_000,
            known: None,
            resync: None,
            answers: 0,
        }
    }

    /// Asks as soon as possible. What comes back changes the returned count of answers.
    pub(crate) fn want(&mut self, now: u32, pause_ms: u32) -> u32 {
        self.pause_ms = pause_ms;
        if !matches!(self.ask, Ask::Asked { .. }) {
            self.ask = Ask::Due { at: now };
        }
        self.answers
    }

    /// Answers so far, modulo 2^32.
    pub(crate) const fn answers(&self) -> u32 {
        self.answers
    }

    /// The bridge is running: asks if the config key `rtc_resync` says so.
    pub(crate) fn bridge_runs(&mut self, now: u32, rtc_resync_s: i32) {
        let once = rtc_resync_s < 0 && self.known.is_none();
        if self.ask == Ask::Idle && (once || rtc_resync_s > 0) {
            self.ask = Ask::Due { at: now };
        }
    }

    /// The link is gone: what was asked is asked again.
    pub(crate) fn link_lost(&mut self, now: u32) {
        if let Ask::Asked { .. } = self.ask {
            self.ask = Ask::Due { at: now };
        }
    }

    /// True when the question should go out.
    pub(crate) fn is_due(&self, now: u32) -> bool {
        matches!(self.ask, Ask::Due { at } if reached(now, at))
    }

    /// The question went out as frame `number`.
    pub(crate) fn asked(&mut self, number: u8, now: u32) {
        let until = now.wrapping_add((self.pause_ms / 2).max(MIN_WAIT_MS));
        self.ask = Ask::Asked { number, until };
    }

    /// The bridge answered frame `number`; 0 means that it could not learn the time. None when it was not the
    /// question's; else whether the time is known now.
    pub(crate) fn answer(&mut self, number: u8, unix_time: u32, now: u32, rtc_resync_s: i32) -> Option<bool> {
        if !matches!(self.ask, Ask::Asked { number: asked, .. } if asked == number) {
            return None;
        }
        if unix_time == 0 {
            self.ask = Ask::Due {
                at: now.wrapping_add(self.pause_ms),
            };
            return Some(false);
        }
        self.ask = Ask::Idle;
        self.learned(unix_time, now, rtc_resync_s);
        Some(true)
    }

    /// The bridge said what time it is.
    pub(crate) fn learned(&mut self, unix_time: u32, now: u32, rtc_resync_s: i32) {
        self.known = Some(Known { unix_time, at: now });
        self.answers = self.answers.wrapping_add(1);
        let every_ms = u32::try_from(rtc_resync_s).unwrap_or(0).min(u32::MAX / 1_000) * 1_000;
        self.resync = (every_ms > 0).then(|| now.wrapping_add(every_ms));
        if let Ask::Due { .. } = self.ask {
            self.ask = Ask::Idle;
        }
    }

    /// Moves on what depends on the time.
    pub(crate) fn handle_timeout(&mut self, now: u32) {
        self.advance(now);
        if self.resync.is_some_and(|at| reached(now, at)) {
            self.resync = None;
            if self.ask == Ask::Idle {
                self.ask = Ask::Due { at: now };
            }
        }
        if let Ask::Asked { until, .. } = self.ask
            && reached(now, until)
        {
            self.ask = Ask::Due {
                at: now.wrapping_add(self.pause_ms),
            };
        }
    }

    /// Keeps the moment it was learned within the range of the millisecond counter.
    fn advance(&mut self, now: u32) {
        const DAY_S: u32 = 86_400;
        if let Some(known) = &mut self.known
            && now.wrapping_sub(known.at) > DAY_S * 1_000
        {
            known.unix_time = known.unix_time.wrapping_add(DAY_S);
            known.at = known.at.wrapping_add(DAY_S * 1_000);
        }
    }

    /// When something is due that depends on the time alone.
    pub(crate) fn next_deadline(&self, now: u32) -> Option<u32> {
        let ask = match self.ask {
            Ask::Idle => None,
            Ask::Due { at } => (!reached(now, at)).then_some(at),
            Ask::Asked { until, .. } => Some(until),
        };
        earlier(now, ask, self.resync)
    }

    /// Seconds since 1970-01-01 UTC, if the bridge said so once.
    pub(crate) fn unix_time(&self, now: u32) -> Option<u32> {
        self.known
            .map(|known| known.unix_time.wrapping_add(now.wrapping_sub(known.at) / 1_000))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bridge_without_the_time_is_asked_again_after_the_pause() {
        let mut clock = Clock::new();
        let before = clock.want(0, 50_000);
        assert!(clock.is_due(0));
        clock.asked(3, 0);
        assert_eq!(clock.answer(2, 9, 10, -1), None, "someone else's answer");
        assert_eq!(clock.answer(3, 0, 10, -1), Some(false));
        assert!(!clock.is_due(50_009) && clock.is_due(50_010));
        assert_eq!(clock.answers(), before);
        clock.asked(4, 50_010);
        assert_eq!(clock.answer(4, 1_000, 50_020, -1), Some(true));
        assert_ne!(clock.answers(), before);
        assert_eq!(clock.unix_time(53_020), Some(1_003));
        assert_eq!(clock.next_deadline(53_020), None);
    }

    #[test]
    fn silence_is_no_answer() {
        let mut clock = Clock::new();
        clock.want(0, 60_000);
        clock.asked(0, 0);
        clock.handle_timeout(29_999);
        assert_eq!(clock.next_deadline(29_999), Some(30_000));
        clock.handle_timeout(30_000);
        assert_eq!(clock.next_deadline(30_000), Some(90_000));
    }

    #[test]
    fn resync_asks_once_never_or_every_so_often() {
        for (resync, first, later) in [(-1, true, false), (0, false, false), (60, true, true)] {
            let mut clock = Clock::new();
            clock.bridge_runs(0, resync);
            assert_eq!(clock.is_due(0), first, "{resync}");
            clock.asked(0, 0);
            assert_eq!(clock.answer(0, 5, 0, resync), Some(true));
            clock.bridge_runs(1, resync);
            clock.handle_timeout(60_000);
            assert_eq!(clock.is_due(60_000), later, "{resync}");
        }
    }

    #[test]
    fn the_time_is_right_for_longer_than_the_counter_lasts() {
        let mut clock = Clock::new();
        clock.learned(0, 0, 0);
        let mut now = 0_u32;
        for day in 1..200_u32 {
            now = now.wrapping_add(86_400_000);
            clock.handle_timeout(now);
            assert_eq!(clock.unix_time(now), Some(day * 86_400));
        }
    }

    #[test]
    fn epochs() {
        assert_eq!(Epoch::Y2k.seconds(946_684_860), 60);
        assert_eq!(Epoch::Unix.seconds(5), 5);
    }
}
