//! Counters of a text link. Deliberately plain numbers that wrap: what they mean is the reader's business.

/// What a text link has done since it was made. All counters wrap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Characters clocked in each direction while up, idle ones included.
    pub symbols: u32,
    /// Characters sent that belonged to strings, terminators included.
    pub symbols_sent: u32,
    /// Characters received that belonged to strings, terminators included.
    pub symbols_received: u32,
    /// Strings sent.
    pub strings_sent: u32,
    /// Strings received and kept.
    pub strings_received: u32,
    /// Characters 1 to 31 received. The MicroPython system itself sends none: many of them are a shifted or
    /// damaged stream, few may be somebody's payload.
    pub controls_received: u32,
    /// Strings dropped because they were too long.
    pub too_long: u32,
    /// Strings dropped because those before them were not released.
    pub no_room: u32,
    /// Times that the link came up.
    pub sessions: u32,
}

impl Stats {
    pub(crate) const fn new() -> Self {
        Stats {
            symbols: 0,
            symbols_sent: 0,
            symbols_received: 0,
            strings_sent: 0,
            strings_received: 0,
            controls_received: 0,
            too_long: 0,
            no_room: 0,
            sessions: 0,
        }
    }
}

/// Adds one; counters wrap.
pub(crate) fn count(counter: &mut u32) {
    *counter = counter.wrapping_add(1);
}
