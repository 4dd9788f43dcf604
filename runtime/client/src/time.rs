//! The runner's time as the tasks know it, and deadlines on it.
//!
//! A task has no clock: the runner says what time it is with each of its turns. A deadline therefore begins with the turn
//! that follows its making, which the task rings for. Not here: the clock itself (see `clock`).

use crate::clock::{earlier, reached};

/// What time it is, and what rings.
#[derive(Debug)]
pub(crate) struct Time {
    pub(crate) now_ms: u32,
    /// Turns of the runner, wrapping.
    turns: u32,
    /// A task wants to look again then.
    alarm_ms: Option<u32>,
    /// A task wants to know the time.
    asked: bool,
    /// The runner has something to do.
    pub(crate) kick: bool,
    /// The tasks have something to look at.
    pub(crate) changed: bool,
}

impl Time {
    pub(crate) const NEW: Self = Self {
        now_ms: 0,
        turns: 0,
        alarm_ms: None,
        asked: false,
        kick: false,
        changed: false,
    };

    /// A turn of the runner begins.
    pub(crate) fn tick(&mut self, now_ms: u32) {
        self.now_ms = now_ms;
        self.turns = self.turns.wrapping_add(1);
        if self.alarm_ms.is_some_and(|at_ms| reached(now_ms, at_ms)) {
            self.alarm_ms = None;
            self.changed = true;
        }
        self.changed |= core::mem::take(&mut self.asked);
    }

    /// When the tasks want to look again.
    pub(crate) const fn alarm_ms(&self) -> Option<u32> {
        self.alarm_ms
    }

    fn ask(&mut self) {
        self.asked = true;
        self.kick = true;
    }

    fn set_alarm(&mut self, at_ms: u32) {
        let alarm_ms = earlier(self.alarm_ms, Some(at_ms));
        self.kick |= alarm_ms != self.alarm_ms;
        self.alarm_ms = alarm_ms;
    }
}

/// An instant that a task's patience ends at, or never.
#[derive(Debug)]
pub(crate) struct Deadline {
    limit_ms: Option<u32>,
    at: At,
}

#[derive(Clone, Copy, Debug)]
enum At {
    Unknown,
    /// Known with the turn after this one.
    AfterTurn(u32),
    Known(u32),
}

impl Deadline {
    pub(crate) const fn new(limit_ms: Option<u32>) -> Self {
        Self {
            limit_ms,
            at: At::Unknown,
        }
    }

    /// Whether it has passed; when not, the task will be woken when it may have.
    pub(crate) fn has_passed(&mut self, time: &mut Time) -> bool {
        let Some(limit_ms) = self.limit_ms else {
            return false;
        };
        match self.at {
            _ if limit_ms == 0 => return true,
            At::Unknown => {
                self.at = At::AfterTurn(time.turns);
                time.ask();
                return false;
            }
            At::AfterTurn(turn) if turn == time.turns => {
                time.ask();
                return false;
            }
            At::AfterTurn(_) => self.at = At::Known(time.now_ms.wrapping_add(limit_ms)),
            At::Known(_) => {}
        }
        match self.at {
            At::Known(at_ms) if !reached(time.now_ms, at_ms) => {
                time.set_alarm(at_ms);
                false
            }
            At::Known(_) | At::AfterTurn(_) | At::Unknown => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Deadline, Time};

    #[test]
    fn a_deadline_counts_from_the_turn_after_its_making() {
        let (mut time, mut deadline) = (Time::NEW, Deadline::new(Some(10)));
        time.tick(50);
        time.changed = false;
        assert!(!deadline.has_passed(&mut time));
        assert!(core::mem::take(&mut time.kick), "it asks for the time");
        time.tick(1_000);
        assert!(core::mem::take(&mut time.changed));
        assert!(!deadline.has_passed(&mut time));
        assert_eq!(time.alarm_ms(), Some(1_010));
        time.tick(1_009);
        assert!(!time.changed && !deadline.has_passed(&mut time));
        time.tick(1_010);
        assert!(time.changed && deadline.has_passed(&mut time));
    }

    #[test]
    fn the_earliest_alarm_counts_and_an_equal_one_rings_nobody() {
        let mut time = Time::NEW;
        time.set_alarm(20);
        assert!(core::mem::take(&mut time.kick));
        time.set_alarm(30);
        assert!(!time.kick && time.alarm_ms() == Some(20));
        time.set_alarm(10);
        assert!(time.kick && time.alarm_ms() == Some(10));
    }

    #[test]
    fn no_limit_never_passes() {
        let mut time = Time::NEW;
        assert!(!Deadline::new(None).has_passed(&mut time));
        assert!(!time.kick);
    }
}
