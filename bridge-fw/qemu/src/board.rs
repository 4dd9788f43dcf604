//! The machine as the bridge's board: lamps are bytes of the wires file, Wi-Fi is played by two more of them, and the
//! network behind it is QEMU's.

use core::fmt::Write as _;

use embassy_net::Stack;
use embassy_time::Instant;
use fivewire_bridge::{ClientId, ConfigKey, JoinFailure, LogLevel, Memory, Note, Wifi};
use fivewire_bridge_fw_net::{Board, NoTls, Secure as _};

use crate::security::Security;
use crate::serial::Serial;
use crate::wires::{Byte, Wires};
use crate::{clock, heap};

/// What the bridge wants of Wi-Fi, and how far it came.
#[derive(Clone, Copy)]
enum Station {
    Off,
    JoiningStored,
    Joining,
    Joined,
    /// It had a network until the access point went off air.
    Lost,
}

/// The machine.
pub(crate) struct Machine {
    wires: Wires,
    stack: Stack<'static>,
    station: Station,
    address: [u8; 6],
    /// It can do TLS.
    is_secure: bool,
}

impl Machine {
    pub(crate) fn new(wires: Wires, stack: Stack<'static>, address: [u8; 6], is_secure: bool) -> Self {
        Self {
            wires,
            stack,
            station: Station::Off,
            address,
            is_secure,
        }
    }

    fn is_high(&self, byte: Byte) -> bool {
        self.wires.wire(byte).get()
    }
}

impl Board for Machine {
    fn join_stored(&mut self) {
        self.station = Station::JoiningStored;
    }

    fn join(&mut self, _: &str, _: &str) {
        self.station = Station::Joining;
    }

    fn leave(&mut self) {
        self.station = Station::Off;
    }

    /// An attempt lasts until the access point is there or the bridge gives it up, as with a radio that scans on and on.
    fn wifi(&mut self) -> Wifi {
        let on_air = self.is_high(Byte::AccessPoint);
        let stored = self.is_high(Byte::StoredNetwork);
        let ready = on_air && self.stack.is_config_up();
        self.station = match self.station {
            Station::Joined if !ready => Station::Lost,
            Station::Joining if ready => Station::Joined,
            Station::JoiningStored if ready && stored => Station::Joined,
            other => other,
        };
        match self.station {
            Station::Off => Wifi::Off,
            Station::JoiningStored if !stored => Wifi::Failed(JoinFailure::NothingStored),
            Station::JoiningStored | Station::Joining => Wifi::Joining,
            Station::Joined => Wifi::Joined,
            Station::Lost => Wifi::Failed(JoinFailure::NoNetwork),
        }
    }

    fn supports(&self, key: ConfigKey) -> bool {
        if self.is_secure {
            Security::supports(key)
        } else {
            NoTls::supports(key)
        }
    }

    fn set_broker_led(&mut self, lit: bool) {
        self.wires.wire(Byte::BrokerLed).put(lit);
    }

    fn set_heartbeat_led(&mut self, lit: bool) {
        self.wires.wire(Byte::HeartbeatLed).put(lit);
    }

    /// An emulated processor has one speed.
    fn set_fast(&mut self, _: bool) {}

    fn memory(&mut self) -> Memory {
        heap::memory()
    }

    fn client_id(&self) -> ClientId {
        let [a, b, c, d, e, f] = self.address;
        heapless::format!("fivewire-{a:02x}{b:02x}{c:02x}{d:02x}{e:02x}{f:02x}").unwrap_or_default()
    }

    /// A new life within the program is as good.
    fn restart(&mut self) {}

    /// What happens for every message is left out: each byte costs the emulator a call.
    fn note(&mut self, note: Note<'_>) {
        match note {
            Note::Command { .. } | Note::Receipt { .. } | Note::Message { .. } => {}
            Note::Line {
                level: LogLevel::Debug,
                ..
            } => {}
            Note::Line { .. } | Note::Link { .. } | Note::Transition { .. } | Note::Status { .. } => {
                say(note)
            }
        }
    }

    fn is_in_reset(&mut self) -> bool {
        !self.is_high(Byte::Reset)
    }

    fn random(&mut self) -> u64 {
        clock::random()
    }

    /// Nobody watches.
    fn alive(&mut self) {}
}

fn say(note: Note<'_>) {
    let ms = Instant::now().as_millis();
    // A serial port that takes nothing is not missed.
    let _ = writeln!(Serial, "{:>7}.{:03}  {note}", ms / 1000, ms % 1000);
}
