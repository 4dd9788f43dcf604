//! The platform of the emulated bridge: a network that is always there, and the broker at the end of its one connection.

use fivewire_bridge::{
    ClientId, ConfigKey, Endpoint, Memory, Note, Platform, ResetCause, Tcp, TcpFailure, Wifi,
};

use crate::broker::Broker;

pub(crate) struct Emulated {
    wifi: Wifi,
    tcp: Tcp,
    broker: Broker,
}

impl Emulated {
    pub(crate) const fn new() -> Self {
        Self {
            wifi: Wifi::Off,
            tcp: Tcp::Closed(TcpFailure::NotOpened),
            broker: Broker::new(),
        }
    }
}

impl Platform for Emulated {
    fn join_stored(&mut self) {
        self.wifi = Wifi::Joined;
    }

    fn join(&mut self, _: &str, _: &str) {
        self.wifi = Wifi::Joined;
    }

    fn leave(&mut self) {
        self.wifi = Wifi::Off;
    }

    fn wifi(&mut self) -> Wifi {
        self.wifi
    }

    fn supports(&self, _: ConfigKey) -> bool {
        false
    }

    fn tcp_open(&mut self, _: &Endpoint<'_>) {
        self.broker = Broker::new();
        self.tcp = Tcp::Open;
    }

    fn tcp(&mut self) -> Tcp {
        self.tcp
    }

    fn tcp_read(&mut self, buffer: &mut [u8]) -> usize {
        self.broker.give(buffer)
    }

    fn tcp_write(&mut self, data: &[u8]) -> usize {
        self.broker.take(data)
    }

    fn tcp_close(&mut self) {
        self.tcp = Tcp::Closed(TcpFailure::NotOpened);
    }

    fn udp_send(&mut self, _: &str, _: u16, _: &[u8]) {}

    fn udp_receive(&mut self, _: &mut [u8]) -> Option<usize> {
        None
    }

    fn set_broker_led(&mut self, _: bool) {}

    fn set_heartbeat_led(&mut self, _: bool) {}

    fn set_fast(&mut self, _: bool) {}

    fn memory(&mut self) -> Memory {
        Memory::default()
    }

    fn client_id(&self) -> ClientId {
        ClientId::new()
    }

    fn reset_cause(&self) -> ResetCause {
        ResetCause::PowerOn
    }

    fn restart(&mut self) {}

    fn note(&mut self, _: Note<'_>) {}
}
