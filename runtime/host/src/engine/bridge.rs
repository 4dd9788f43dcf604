//! What the host knows of the bridge it has. Deliberately forgotten with each link: nothing here outlives one.

use fivewire_wire::ResetCause;
use fivewire_wire::command;

use crate::inbox::Room;
use crate::queue::Window;

/// What is known of the bridge since the link came up.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Bridge {
    pub(super) revision: u8,
    /// It is one of the MicroPython system.
    pub(super) text: bool,
    pub(super) cause: Option<ResetCause>,
    /// None until the bridge is configured.
    pub(super) window: Option<Window>,
    /// The room in the inbox that it was told of.
    pub(super) offered: Option<Room>,
    /// It was configured again by this frame, with what it has but for the room in the inbox and the packet identifiers.
    pub(super) reconfigured: Option<u8>,
    /// It did not count a command that the host counted.
    pub(super) miscounted: bool,
    pub(super) wifi: bool,
    pub(super) broker: bool,
    /// It said `running`, which it says once.
    pub(super) ran: bool,
    /// When the bridge program last said something.
    pub(super) heard: u32,
    /// It was asked for a sign of life since.
    pub(super) pinged: Option<Pinged>,
    /// Publications and subscriptions are held back until then, because it gave one back.
    pub(super) hold_until: Option<u32>,
}

/// A ping under way: by which frame, and when the bridge is given up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pinged {
    pub(super) number: u8,
    pub(super) until: u32,
}

impl Bridge {
    pub(super) const fn new() -> Self {
        Self {
            revision: 0,
            text: false,
            cause: None,
            window: None,
            offered: None,
            reconfigured: None,
            miscounted: false,
            wifi: false,
            broker: false,
            ran: false,
            heard: 0,
            pinged: None,
            hold_until: None,
        }
    }

    /// It knows packet identifiers, QoS 2 and properties: revision 2 of the protocol.
    pub(super) const fn keeps_packet_ids(&self) -> bool {
        self.revision >= command::Release::SINCE
    }
}
