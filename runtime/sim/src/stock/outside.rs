//! What a stock bridge has around it: an access point, a broker, the time. Deliberately without packets: the old
//! bridge's client is not under test, so the broker is what arrives there and whether it answers.

/// Seconds since 2000 at the start of a run.
const START: u64 = 820_454_400;

/// The network's ends, and what arrived.
#[derive(Debug)]
pub(super) struct Outside {
    /// The access point is on air.
    pub(super) air: bool,
    /// The broker runs.
    pub(super) broker: bool,
    /// The stored network can be joined while the access point is on air.
    pub(super) stored: bool,
    /// What the bridge published, in order: topic and payload.
    pub(super) arrived: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Outside {
    pub(super) const fn new(stored: bool) -> Self {
        Self {
            air: true,
            broker: true,
            stored,
            arrived: Vec::new(),
        }
    }

    /// Whether the broker answers the bridge.
    pub(super) fn is_open(&self) -> bool {
        self.air && self.broker
    }

    /// What a time server says: seconds since 2000.
    pub(super) const fn time(now_ms: u64) -> u64 {
        START + now_ms / 1_000
    }
}
