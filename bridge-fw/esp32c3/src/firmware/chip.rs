//! The chip as the bridge's board.

use esp_hal::efuse::base_mac_address;
use esp_hal::rng::{Rng, Trng};
use esp_hal::system::software_reset;
use fivewire_bridge::{ClientId, ConfigKey, LogLevel, Memory, Note, Wifi};
use fivewire_bridge_fw_net::{Board, Random, Secure as _, Tls};

use super::lamp::Lamp;
use super::log;
use super::radio::Radio;
use super::watchdog::Watchdog;

/// One life: a restart is one of the chip, and so is the reset wire.
pub(super) struct Chip {
    pub(super) radio: &'static Radio,
    pub(super) heartbeat: Lamp,
    pub(super) broker: Lamp,
    pub(super) watchdog: Watchdog,
}

impl Board for Chip {
    fn join_stored(&mut self) {
        self.radio.join_stored();
    }

    fn join(&mut self, ssid: &str, password: &str) {
        self.radio.join(ssid, password);
    }

    fn leave(&mut self) {
        self.radio.leave();
    }

    fn wifi(&mut self) -> Wifi {
        self.radio.wifi()
    }

    fn supports(&self, key: ConfigKey) -> bool {
        Tls::<Noise>::supports(key)
    }

    fn set_broker_led(&mut self, lit: bool) {
        self.broker.set(lit);
    }

    fn set_heartbeat_led(&mut self, lit: bool) {
        self.heartbeat.set(lit);
    }

    /// This version of the HAL sets the clock at the start alone: it is always fast.
    fn set_fast(&mut self, _: bool) {}

    fn memory(&mut self) -> Memory {
        Memory {
            free: esp_alloc::HEAP.free() as u32,
            used: esp_alloc::HEAP.used() as u32,
        }
    }

    /// The same at each start, and another one on each chip.
    fn client_id(&self) -> ClientId {
        let mac = base_mac_address();
        let number = mac
            .as_bytes()
            .iter()
            .fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
        heapless::format!("fivewire-{number:012x}").unwrap_or_default()
    }

    fn restart(&mut self) {
        log::line(LogLevel::Info, format_args!("restart"));
        software_reset()
    }

    fn note(&mut self, note: Note<'_>) {
        log::note(&note);
    }

    /// The wire is the chip's own reset.
    fn is_in_reset(&mut self) -> bool {
        false
    }

    fn random(&mut self) -> u64 {
        random64()
    }

    fn alive(&mut self) {
        self.watchdog.feed();
    }
}

/// For what need not be secret.
pub(super) fn random64() -> u64 {
    let random = Rng::new();
    (u64::from(random.random()) << 32) | u64::from(random.random())
}

/// The noise of the radio, which is true randomness while it runs.
pub(super) struct Noise(pub(super) Trng);

impl Random for Noise {
    fn fill(&mut self, bytes: &mut [u8]) {
        self.0.read(bytes);
    }
}
