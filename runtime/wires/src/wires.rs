//! All wires by name. Deliberately without a role: a program takes the pins of the end that it is.

use std::path::Path;
use std::sync::Arc;

use crate::memory::{Byte, Memory};
use crate::{Input, Output, Pins, WiresError, file};

/// The wires between a host and a bridge. Clones share them; so do processes that open the same file.
#[derive(Clone, Debug)]
pub struct Wires {
    memory: Arc<Memory>,
}

impl Wires {
    /// Wires between threads of this process, in the state of a new file.
    pub fn in_memory() -> Wires {
        Wires {
            memory: Arc::new(Memory::shared()),
        }
    }

    /// Wires in the file at `path`. A file of 4096 bytes is used as it is; a missing one, or a shorter one that holds
    /// nothing but levels, is made with reset high, access point and stored network present, all else low.
    ///
    /// # Errors
    /// [`WiresError`] when the file cannot be opened, made or mapped, or is something else.
    pub fn open_or_create(path: impl AsRef<Path>) -> Result<Wires, WiresError> {
        Ok(Wires {
            memory: Arc::new(Memory::File(file::map(path.as_ref())?)),
        })
    }

    fn output(&self, byte: Byte) -> Output {
        Output {
            memory: self.memory.clone(),
            byte,
        }
    }

    fn input(&self, byte: Byte) -> Input {
        Input {
            memory: self.memory.clone(),
            byte,
        }
    }

    /// The host's pins; its link is the initiator.
    pub fn host_pins(&self) -> Pins {
        Pins {
            clock_out: self.output(Byte::ClockToBridge),
            data_out: self.output(Byte::DataToBridge),
            clock_in: self.input(Byte::ClockToHost),
            data_in: self.input(Byte::DataToHost),
        }
    }

    /// The bridge's pins; its link is the responder.
    pub fn bridge_pins(&self) -> Pins {
        Pins {
            clock_out: self.output(Byte::ClockToHost),
            data_out: self.output(Byte::DataToHost),
            clock_in: self.input(Byte::ClockToBridge),
            data_in: self.input(Byte::DataToBridge),
        }
    }

    /// The reset wire as the host drives it: low holds the bridge in reset.
    pub fn reset_out(&self) -> Output {
        self.output(Byte::Reset)
    }

    /// Whether the host holds the bridge in reset.
    pub fn is_in_reset(&self) -> bool {
        !self.memory.is_high(Byte::Reset)
    }

    /// The LED that the bridge lights while it is connected to the broker, as a pin.
    pub fn broker_led(&self) -> Output {
        self.output(Byte::BrokerLed)
    }

    /// Whether the bridge shows that it is connected to the broker.
    pub fn is_broker_led_lit(&self) -> bool {
        self.memory.is_high(Byte::BrokerLed)
    }

    /// The LED that the bridge toggles every 500 ms, as a pin.
    pub fn heartbeat_led(&self) -> Output {
        self.output(Byte::HeartbeatLed)
    }

    /// Whether the bridge's heartbeat LED is lit.
    pub fn is_heartbeat_led_lit(&self) -> bool {
        self.memory.is_high(Byte::HeartbeatLed)
    }

    /// The host's LED, as a pin.
    pub fn host_led(&self) -> Output {
        self.output(Byte::HostLed)
    }

    /// Whether the host's LED is lit.
    pub fn is_host_led_lit(&self) -> bool {
        self.memory.is_high(Byte::HostLed)
    }

    /// Whether an access point is on air that the bridge can join.
    pub fn is_access_point_on_air(&self) -> bool {
        self.memory.is_high(Byte::AccessPoint)
    }

    /// Puts the access point on air, or takes it off.
    pub fn set_access_point_on_air(&self, on_air: bool) {
        self.memory.put(Byte::AccessPoint, on_air);
    }

    /// Whether the network that the bridge has stored can be joined.
    pub fn is_stored_network_usable(&self) -> bool {
        self.memory.is_high(Byte::StoredNetwork)
    }

    /// Makes the stored network usable, or not.
    pub fn set_stored_network_usable(&self, usable: bool) {
        self.memory.put(Byte::StoredNetwork, usable);
    }
}
