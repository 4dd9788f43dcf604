//! The bridge's platform on the chip.

use embassy_net::Stack;
use esp_hal::efuse::base_mac_address;
use fivewire_bridge::{
    ClientId, ConfigKey, Endpoint, Memory, Note, Platform, ResetCause, Tcp, TcpFailure, Wifi,
};

use super::lamp::Lamp;
use super::log;
use super::radio::Radio;
use crate::reset::Start;

/// One life of the board: a restart is one of the chip.
pub(super) struct EspPlatform {
    radio: &'static Radio,
    heartbeat: Lamp,
    broker: Lamp,
    client_id: ClientId,
    start: Start,
    restart: bool,
}

impl EspPlatform {
    pub(super) fn new(
        radio: &'static Radio,
        stack: Stack<'static>,
        (heartbeat, broker): (Lamp, Lamp),
        start: Start,
    ) -> Self {
        let _ = stack;
        Self {
            radio,
            heartbeat,
            broker,
            client_id: client_id(),
            start,
            restart: false,
        }
    }

    /// The host asked for a restart.
    pub(super) const fn wants_restart(&self) -> bool {
        self.restart
    }
}

/// The same at each start, and another one on each chip.
fn client_id() -> ClientId {
    let mac = base_mac_address();
    let number = mac
        .as_bytes()
        .iter()
        .fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    heapless::format!("fivewire-{number:012x}").unwrap_or_default()
}

impl Platform for EspPlatform {
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

    fn supports(&self, _: ConfigKey) -> bool {
        false
    }

    fn tcp_open(&mut self, _: &Endpoint<'_>) {}

    fn tcp(&mut self) -> Tcp {
        Tcp::Closed(TcpFailure::NotOpened)
    }

    fn tcp_read(&mut self, _: &mut [u8]) -> usize {
        0
    }

    fn tcp_write(&mut self, _: &[u8]) -> usize {
        0
    }

    fn tcp_close(&mut self) {}

    fn udp_send(&mut self, _: &str, _: u16, _: &[u8]) {}

    fn udp_receive(&mut self, _: &mut [u8]) -> Option<usize> {
        None
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

    fn client_id(&self) -> ClientId {
        self.client_id.clone()
    }

    fn reset_cause(&self) -> ResetCause {
        self.start.cause()
    }

    fn restart(&mut self) {
        self.restart = true;
    }

    fn note(&mut self, note: Note<'_>) {
        log::note(&note);
    }
}
