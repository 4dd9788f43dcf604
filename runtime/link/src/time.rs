//! Wrap-safe time: one deadline, and the judgement of silence. Deliberately passive: the link looks at them when
//! it is told the time.

/// A deadline that may be set, in wrapping milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Timer {
    at: Option<u32>,
}

/// What [`Timer::run`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tick {
    Waiting,
    /// The deadline has passed; the timer is off again.
    Due,
}

impl Timer {
    pub(crate) const OFF: Timer = Timer { at: None };

    pub(crate) fn stop(&mut self) {
        self.at = None;
    }

    /// Starts it when it is off, looks at it when it runs.
    pub(crate) fn run(&mut self, now: u32, interval: u32) -> Tick {
        let at = *self.at.get_or_insert(now.wrapping_add(interval));
        if remaining(at, now) > 0 {
            return Tick::Waiting;
        }
        self.at = None;
        Tick::Due
    }

    /// Milliseconds to go, as if it were started now when it is off.
    pub(crate) fn remaining(&self, now: u32, interval: u32) -> u32 {
        self.at.map_or(interval, |at| remaining(at, now))
    }
}

fn remaining(at: u32, now: u32) -> u32 {
    let left = at.wrapping_sub(now);
    if left > u32::MAX / 2 { 0 } else { left }
}

/// The wires count as moving for so long after the last symbol. At the 800 bit/s of the MicroPython system a
/// symbol takes 10 ms.
const MOVING_MS: u32 = 500;

/// How long the peer has been silent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Silence {
    now: u32,
    /// Last sign of life.
    since: u32,
    moved_at: u32,
    symbols: u32,
}

impl Silence {
    pub(crate) const fn new() -> Self {
        Silence {
            now: 0,
            since: 0,
            moved_at: 0,
            symbols: 0,
        }
    }

    pub(crate) fn start(&mut self, now: u32, symbols: u32) {
        *self = Silence {
            now,
            since: now,
            moved_at: now,
            symbols,
        };
    }

    pub(crate) fn now(&self) -> u32 {
        self.now
    }

    /// The time is `now`, and so many symbols have been exchanged. A caller that stayed away for most of the
    /// watchdog's time cannot blame the peer for it.
    pub(crate) fn tick(&mut self, now: u32, symbols: u32, watchdog_ms: u32) {
        let absence = now.wrapping_sub(self.now);
        self.now = now;
        if absence > watchdog_ms / 2 {
            self.since = self.since.wrapping_add(absence);
            self.moved_at = self.moved_at.wrapping_add(absence);
        }
        if symbols != self.symbols {
            self.symbols = symbols;
            self.moved_at = now;
        }
    }

    pub(crate) fn sign_of_life(&mut self) {
        self.since = self.now;
    }

    /// Whether symbols have been exchanged of late.
    pub(crate) fn is_moving(&self) -> bool {
        self.now.wrapping_sub(self.moved_at) < MOVING_MS
    }

    /// Milliseconds until the watchdog bites; `None` when it has.
    pub(crate) fn left(&self, watchdog_ms: u32) -> Option<u32> {
        watchdog_ms
            .checked_sub(self.now.wrapping_sub(self.since))
            .filter(|&left| left > 0)
    }

    /// Milliseconds until the silence is to be looked at again: often enough not to count as staying away, and
    /// also when it has lasted long enough but is still excused.
    pub(crate) fn look_again(&self, watchdog_ms: u32) -> u32 {
        self.left(watchdog_ms).unwrap_or(MOVING_MS).min(watchdog_ms / 4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timer_survives_the_wrap() {
        let mut timer = Timer::OFF;
        let start = u32::MAX - 10;
        assert_eq!(timer.run(start, 50), Tick::Waiting);
        assert_eq!(timer.remaining(start.wrapping_add(20), 50), 30);
        assert_eq!(timer.run(start.wrapping_add(49), 50), Tick::Waiting);
        assert_eq!(timer.run(start.wrapping_add(50), 50), Tick::Due);
        assert_eq!(timer, Timer::OFF);
    }

    #[test]
    fn a_deadline_long_past_is_due() {
        let mut timer = Timer::OFF;
        timer.run(5, 10);
        assert_eq!(timer.run(1_000_000, 10), Tick::Due);
    }

    #[test]
    fn the_silence_of_the_caller_is_not_the_peers() {
        let mut silence = Silence::new();
        silence.start(u32::MAX - 99, 0);
        silence.tick(400, 0, 1000);
        assert_eq!(silence.left(1000), Some(500), "ticked often enough");
        silence.tick(5000, 0, 1000);
        assert_eq!(silence.left(1000), Some(500), "4600 ms away");
        for now in (5200..6000).step_by(200) {
            silence.tick(now, 0, 1000);
        }
        assert_eq!(silence.left(1000), None);
    }
}
