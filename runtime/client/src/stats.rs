//! Counts since the start, each wrapping at 2^32.
//!
//! Not here: where they are counted.

/// What a client did so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Connections that the broker accepted.
    pub connections: u32,
    /// Attempts that failed before that.
    pub failures: u32,
    /// Publishes that went out again on a later connection.
    pub republished: u32,
    /// QoS 0 messages that found no room in the inbox.
    pub discarded: u32,
    /// Messages, of any QoS, that were too large for it or for the receive buffer.
    pub oversize: u32,
    /// Bytes from the broker.
    pub bytes_in: u32,
    /// Bytes to it.
    pub bytes_out: u32,
}

impl Stats {
    pub(crate) const NEW: Self = Self {
        connections: 0,
        failures: 0,
        republished: 0,
        discarded: 0,
        oversize: 0,
        bytes_in: 0,
        bytes_out: 0,
    };

    /// Connections after the first.
    #[must_use]
    pub const fn reconnects(&self) -> u32 {
        self.connections.saturating_sub(1)
    }
}

/// Counts one more, or so many.
pub(crate) const fn count(counter: &mut u32, more: usize) {
    *counter = counter.wrapping_add(more as u32);
}
