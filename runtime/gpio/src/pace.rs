//! How fast to go on after a burst. Deliberately advice only: the driver knows how it sleeps.

use crate::pins::{Burst, Outcome};

/// What to do before the next burst.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pause {
    /// Nothing. An executor's other tasks get their turn all the same.
    None,
    /// Give the processor away once.
    Yield,
    /// Sleep for so many microseconds.
    Sleep {
        /// Microseconds, 1–10,000.
        us: u32,
    },
}

/// Stalls in a row that are taken for a peer that is merely late.
const LATE: u32 = 50;
/// Stalls in a row after which the peer is taken for absent.
const ABSENT: u32 = 150;
const LATE_US: u32 = 100;
/// A step of the wait for a peer that is not there.
const ABSENT_US: u32 = 1000;

/// Remembers how the last bursts went.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pace {
    stalls: u32,
}

impl Pace {
    /// Nothing has happened yet.
    pub const fn new() -> Self {
        Pace { stalls: 0 }
    }

    /// What to do after `burst`: go on at full speed while symbols flow, as slowly as the link has time when it is
    /// quiet (native links a step a millisecond), and ever slower, down to a millisecond, while the peer stalls.
    pub fn after(&mut self, burst: &Burst) -> Pause {
        if burst.bits > 0 {
            self.stalls = 0;
        }
        match burst.outcome {
            Outcome::Busy => Pause::None,
            Outcome::Quiet { us } => Pause::Sleep { us },
            Outcome::Stalled => self.stalled(),
        }
    }

    fn stalled(&mut self) -> Pause {
        self.stalls = self.stalls.saturating_add(1);
        match self.stalls {
            0..LATE => Pause::Yield,
            LATE..ABSENT => Pause::Sleep { us: LATE_US },
            ABSENT.. => Pause::Sleep { us: ABSENT_US },
        }
    }
}
