//! How far a stock bridge is in its start, and how long it may take for the next step. Deliberately without a clock.

use fivewire_wire::command;

/// What the bridge does, as far as it told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// It waits for `w` or `init`.
    Fresh,
    /// `w` goes out; `said` when it is out and the answer is awaited.
    Will { number: u8, said: bool },
    /// `init` goes out.
    Init { number: u8 },
    /// `init` is out.
    Configured,
    /// It tries the network that it has stored.
    Stored,
    /// It asks for consent to join the configured network. Whatever string it gets now is consent.
    Asking,
    /// The host said no.
    Refused,
    /// It joins the configured network; `told` when the host knows that this takes too long.
    Joining { told: bool },
    /// It connects to the broker.
    Connecting,
    /// It is connected: commands have somebody to listen to them.
    Connected,
    /// It said `RUNNING`.
    Running,
}

/// How long `w` may take to be answered: the spec's time and its repetitions, which would change nothing here.
const WILL_MS: u32 = match command::Will::INFO.timeout_ms {
    Some(once) => once * (1 + command::Will::INFO.retry as u32),
    None => 6_000,
};
/// From `init` to the first status. A bridge that is on its stored network already waits 5 s before it speaks.
const FIRST_STATUS_MS: u32 = 15_000;
/// The stored network is tried for 16 s, and 5 s pass before the broker's turn.
const STORED_MS: u32 = 30_000;
/// What the MicroPython host meant to wait before it resets a bridge whose question it says no to.
const REFUSED_MS: u32 = 30_000;
/// As long a bridge of our own tries a network before it says that it fails.
pub(super) const JOIN_TOLD_MS: u32 = 30_000;
/// A stock bridge joins for ever and says nothing. One that hangs looks the same, so it begins anew.
const JOINING_MS: u32 = 120_000;
/// TCP, CONNECT and whatever the bridge tries again by itself.
const CONNECTING_MS: u32 = 60_000;
/// The status after `BROKER_OK` follows at once.
const CONNECTED_MS: u32 = 10_000;

impl Phase {
    /// How long it may last, in milliseconds; none where the bridge waits for the host, or nothing is awaited.
    pub(super) fn limit(self) -> Option<u32> {
        match self {
            // Characters that are still going out are the link's business to watch.
            Self::Fresh | Self::Will { said: false, .. } | Self::Init { .. } => None,
            Self::Will { said: true, .. } => Some(WILL_MS),
            Self::Configured => Some(FIRST_STATUS_MS),
            Self::Stored => Some(STORED_MS),
            Self::Asking | Self::Running => None,
            Self::Refused => Some(REFUSED_MS),
            Self::Joining { told: false } => Some(JOIN_TOLD_MS),
            Self::Joining { told: true } => Some(JOINING_MS - JOIN_TOLD_MS),
            Self::Connecting => Some(CONNECTING_MS),
            Self::Connected => Some(CONNECTED_MS),
        }
    }

    /// Whether commands reach the bridge's program. Before that a string that is sent is taken for consent sooner or
    /// later.
    pub(super) fn is_open(self) -> bool {
        matches!(self, Self::Connected | Self::Running)
    }

    /// Whether messages can come: the broker may send some before the bridge says that it is connected.
    pub(super) fn has_broker(self) -> bool {
        self.is_open() || self == Self::Connecting
    }
}
