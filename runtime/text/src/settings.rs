//! What a text link is told: which end it is, when it shows itself, and its limits. Deliberately without defaults for
//! times: how long a peer may take is the business of who can reset it.

/// Which end this is. The MicroPython system's two ends differ by one bit of alignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The host: makes the first move, and sends one filler bit between its sync byte and its first character.
    Initiator,
    /// The bridge.
    Responder,
}

/// When the own sync byte goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// With the very first bit, as the ends of the MicroPython system do.
    AtOnce,
    /// After [`TextLink::send_sync`](crate::TextLink::send_sync); until then zeros go out. For an end that first looks whom it has before it.
    HeldBack,
}

/// How a text link behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Which end it is.
    pub role: Role,
    /// The longest string that is taken, in characters. It cannot exceed the receive buffer less one.
    pub max_string: u16,
    /// How long the peer's sync byte is waited for, in milliseconds; 0 = for ever. The MicroPython host waits for ever.
    pub sync_ms: u32,
    /// How long the peer's clock may stand still after that, in milliseconds; 0 = for ever. The MicroPython host
    /// allows 10,000, its bridge anything.
    pub silence_ms: u32,
}

impl Settings {
    /// No limits but those of the buffers.
    pub const fn new(role: Role) -> Self {
        Settings {
            role,
            max_string: u16::MAX,
            sync_ms: 0,
            silence_ms: 0,
        }
    }
}
