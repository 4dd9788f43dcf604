//! The two programs on the wires and their lives: running, standing still, dead, starting again.

use fivewire_bridge::Bridge;
use fivewire_host::Host;
use fivewire_link::Link;
use fivewire_wire::ResetCause;

/// A host with small buffers, so that its bounds are met.
pub type SimHost = Host<'static, Link<1_400, 1_500>, 12, 2_600, 4, 2_400, 6>;
/// A bridge with small buffers.
pub type SimBridge = Bridge<Link<1_700, 1_700>, 1_400, 3_200, 12>;

/// The bounds of [`SimHost`]: publications and messages.
pub(crate) const PUBLISHES: usize = 12;
pub(crate) const MESSAGES: u32 = 4;

/// The bridge's program.
#[derive(Debug)]
pub(crate) enum Life {
    /// It runs.
    Running(Box<SimBridge>),
    /// It starts at this time.
    Starting { at_ms: u64, cause: ResetCause },
    /// It hangs; only the reset wire helps.
    Hung,
    /// The reset wire is low.
    Reset,
}

/// The bridge.
#[derive(Debug)]
pub(crate) struct BridgeEnd {
    pub(crate) life: Life,
    /// How many lives there were.
    pub(crate) incarnation: u32,
    /// It stands still until then.
    pub(crate) paused_until: u64,
    /// Frames that its link had received when it last had its turn.
    frames: u32,
}

impl BridgeEnd {
    pub(crate) const fn new() -> Self {
        Self {
            life: Life::Reset,
            incarnation: 0,
            paused_until: 0,
            frames: 0,
        }
    }

    pub(crate) const fn is_running(&self) -> bool {
        matches!(self.life, Life::Running(_))
    }

    /// True when it must have its turn by its own rules, whatever the platform has for it.
    pub(crate) fn is_due(&mut self, clock: u32) -> bool {
        let Life::Running(bridge) = &mut self.life else {
            return false;
        };
        let link = bridge.link_mut();
        let moved = link.has_input() || link.stats().frames_received != self.frames;
        moved || bridge.poll_timeout(clock).is_some_and(|at| reached(clock, at))
    }

    pub(crate) fn served(&mut self) {
        if let Life::Running(bridge) = &mut self.life {
            self.frames = bridge.link_mut().stats().frames_received;
        }
    }
}

/// The host.
pub(crate) struct HostEnd {
    pub(crate) host: Box<SimHost>,
    /// It stands still until then.
    pub(crate) paused_until: u64,
    /// When it was last told the time.
    pub(crate) served_ms: u64,
    /// The application did something since.
    pub(crate) kicked: bool,
    /// Frames that its link had received then.
    pub(crate) frames: u32,
}

impl HostEnd {
    /// True when it must have its turn by its own rules.
    pub(crate) fn is_due(&self, clock: u32) -> bool {
        let link = self.host.link();
        let moved = link.has_input() || link.stats().frames_received != self.frames;
        moved || self.kicked || self.host.poll_timeout().is_some_and(|at| reached(clock, at))
    }

    pub(crate) fn served(&mut self, now_ms: u64) {
        self.served_ms = now_ms;
        self.kicked = false;
        self.frames = self.host.link().stats().frames_received;
    }
}

const fn reached(clock: u32, at: u32) -> bool {
    clock.wrapping_sub(at) < 1 << 31
}
