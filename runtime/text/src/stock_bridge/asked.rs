//! What a stock bridge was asked and has not answered. It does one thing after the other and its answers carry no
//! number, so there is at most one question of each kind. Deliberately passive: it says nothing and decides nothing.

use fivewire_wire::QoS;

use super::proof::Proof;

/// Commands that can wait for the same answer.
const ASKERS: usize = 2;

/// Questions under way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    /// `p`
    pub(super) publish: Option<Publish>,
    /// `i`; without askers when the answer is late and nobody waits for it any more.
    pub(super) time: Option<Time>,
    /// `m`
    pub(super) memory: Option<Memory>,
    /// A string that no bridge knows, for its echo.
    pub(super) proof: Option<Proof>,
    /// `s` was sent, which has no answer, and none to something behind it has come.
    pub(super) subscribes: bool,
}

impl Asked {
    pub(super) const NONE: Self = Self {
        publish: None,
        time: None,
        memory: None,
        proof: None,
        subscribes: false,
    };

    /// Whether an answer is awaited.
    pub(super) fn is_any(&self) -> bool {
        self.publish.is_some() || self.time.is_some() || self.memory.is_some() || self.proof.is_some()
    }

    /// How long the next answer may take, in milliseconds, when a publication may take `publish_ms`.
    pub(super) fn limit(&self, publish_ms: u32) -> Option<u32> {
        if !self.is_any() {
            None
        } else if self.publish.is_some() || self.subscribes {
            Some(publish_ms)
        } else if self.time.is_some() {
            Some(TIME_MS)
        } else {
            Some(ANSWER_MS)
        }
    }
}

/// How long `m` and an echo may take: the MicroPython host's own patience with a bridge that stands still.
const ANSWER_MS: u32 = 10_000;
/// How long `i` may take altogether; who asked does not wait that long. 5 s for the internet's sake, and a name that
/// is looked up stops the bridge for up to 15 s.
const TIME_MS: u32 = 40_000;

/// `p` under way: number of the command, and whether it may be sent again when it was lost.
#[derive(Clone, Copy, Debug)]
pub(super) struct Publish {
    pub(super) number: u8,
    pub(super) qos: QoS,
}

/// `i` under way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Time {
    pub(super) askers: Askers,
    /// When the askers get a 0.
    pub(super) until: u32,
}

/// `m` under way.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Memory {
    pub(super) askers: Askers,
    /// A ping that waits for it: number and nonce.
    pub(super) ping: Option<(u8, u8)>,
}

/// Numbers of commands that wait for one answer.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Askers([Option<u8>; ASKERS]);

impl Askers {
    pub(super) fn of(number: u8) -> Self {
        let mut askers = Self::default();
        askers.add(number);
        askers
    }

    /// False when there are too many.
    pub(super) fn add(&mut self, number: u8) -> bool {
        let free = self.0.iter_mut().find(|asker| asker.is_none());
        free.map(|asker| *asker = Some(number)).is_some()
    }

    pub(super) fn is_empty(self) -> bool {
        self.0.iter().all(Option::is_none)
    }

    pub(super) fn numbers(self) -> impl Iterator<Item = u8> {
        self.0.into_iter().flatten()
    }
}
