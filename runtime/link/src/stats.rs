//! Counters of a link. Deliberately plain numbers that wrap: rates and alarms are the reader's business.

/// What a link has done since it was made. All counters wrap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Symbols clocked in each direction, idle ones included: exchanges divided by eight.
    pub symbols: u32,
    /// Symbols sent that belonged to frames, delimiters included.
    pub symbols_sent: u32,
    /// Symbols received that belonged to frames, delimiters included.
    pub symbols_received: u32,
    /// Frames sent, repeated and control frames included.
    pub frames_sent: u32,
    /// Undamaged frames received, control frames included.
    pub frames_received: u32,
    /// Reliable frames that were sent again.
    pub retransmissions: u32,
    /// Frames received damaged, cut or too long, while in a session.
    pub bad_frames: u32,
    /// Undamaged reliable frames that were not wanted: duplicates, or frames behind a lost one.
    pub discarded: u32,
    /// Times that a frame began off the alignment of the one shortly before it: bits were lost or doubled.
    pub realignments: u32,
    /// Times that the link came up.
    pub sessions: u32,
}

impl Stats {
    pub(crate) const fn new() -> Self {
        Stats {
            symbols: 0,
            symbols_sent: 0,
            symbols_received: 0,
            frames_sent: 0,
            frames_received: 0,
            retransmissions: 0,
            bad_frames: 0,
            discarded: 0,
            realignments: 0,
            sessions: 0,
        }
    }
}

/// Adds one; counters wrap.
pub(crate) fn count(counter: &mut u32) {
    *counter = counter.wrapping_add(1);
}
