//! The bridge's platform on Linux: the computer's sockets, two bytes of the wires file for Wi-Fi and two for lamps.
//! When Wi-Fi goes, its sockets go.

use embedded_hal::digital::OutputPin as _;
use fivewire_bridge::{ClientId, Memory, Note, Platform, ResetCause, Tcp, TcpFailure, Wifi};
use fivewire_wires::{Output, Wires};

use crate::memory;
use crate::report::{Report, Reporter};
use crate::tcp::TcpClient;
use crate::udp::UdpClient;
use crate::wifi::{Air, Station};

/// The board of one life of the bridge, from reset to reset.
pub(crate) struct LinuxPlatform<'a, 'r> {
    wires: &'a Wires,
    reporter: &'a mut Reporter<'r>,
    client_id: ClientId,
    cause: ResetCause,
    station: Station,
    tcp: TcpClient,
    udp: UdpClient,
    broker_led: Output,
    heartbeat_led: Output,
    restart: bool,
}

impl<'a, 'r> LinuxPlatform<'a, 'r> {
    pub(crate) fn new(
        wires: &'a Wires,
        reporter: &'a mut Reporter<'r>,
        client_id: ClientId,
        cause: ResetCause,
    ) -> Self {
        Self {
            wires,
            reporter,
            client_id,
            cause,
            station: Station::Off,
            tcp: TcpClient::new(),
            udp: UdpClient::default(),
            broker_led: wires.broker_led(),
            heartbeat_led: wires.heartbeat_led(),
            restart: false,
        }
    }

    /// The time, in milliseconds that wrap.
    pub(crate) fn now_ms(&self) -> u32 {
        self.reporter.now_ms()
    }

    /// The host asked for a restart.
    pub(crate) fn wants_restart(&self) -> bool {
        self.restart
    }

    fn begin(&mut self, station: Station) {
        self.break_sockets();
        self.station = station;
    }

    fn break_sockets(&mut self) {
        self.tcp.break_off();
        self.udp.close();
    }

    /// Sees to it that nothing goes over a network that is not there.
    fn is_joined(&mut self) -> bool {
        self.wifi() == Wifi::Joined
    }
}

impl Platform for LinuxPlatform<'_, '_> {
    fn join_stored(&mut self) {
        self.begin(Station::JoiningStored);
    }

    fn join(&mut self, _: &str, _: &str) {
        self.begin(Station::Joining);
    }

    fn leave(&mut self) {
        self.begin(Station::Off);
    }

    fn wifi(&mut self) -> Wifi {
        let air = Air {
            on: self.wires.is_access_point_on_air(),
            stored: self.wires.is_stored_network_usable(),
        };
        let wifi = self.station.look(air);
        if wifi != Wifi::Joined {
            self.break_sockets();
        }
        wifi
    }

    fn tcp_open(&mut self, host: &str, port: u16) {
        if self.is_joined() {
            self.tcp.open(host, port);
        } else {
            self.tcp.close(TcpFailure::Unreachable);
        }
    }

    fn tcp(&mut self) -> Tcp {
        self.tcp.state()
    }

    fn tcp_read(&mut self, buffer: &mut [u8]) -> usize {
        if self.is_joined() {
            self.tcp.read(buffer)
        } else {
            0
        }
    }

    fn tcp_write(&mut self, data: &[u8]) -> usize {
        if self.is_joined() { self.tcp.write(data) } else { 0 }
    }

    fn tcp_close(&mut self) {
        self.tcp.close(TcpFailure::NotOpened);
    }

    fn udp_send(&mut self, host: &str, port: u16, data: &[u8]) {
        if self.is_joined() {
            self.udp.send(host, port, data);
        }
    }

    fn udp_receive(&mut self, buffer: &mut [u8]) -> Option<usize> {
        self.udp.receive(buffer)
    }

    fn set_broker_led(&mut self, lit: bool) {
        let Ok(()) = self.broker_led.set_state(lit.into());
    }

    fn set_heartbeat_led(&mut self, lit: bool) {
        let Ok(()) = self.heartbeat_led.set_state(lit.into());
    }

    /// The kernel sees to that.
    fn set_fast(&mut self, _: bool) {}

    fn memory(&mut self) -> Memory {
        memory::read()
    }

    fn client_id(&self) -> ClientId {
        self.client_id.clone()
    }

    fn reset_cause(&self) -> ResetCause {
        self.cause
    }

    fn restart(&mut self) {
        self.restart = true;
    }

    fn note(&mut self, note: Note<'_>) {
        self.reporter.tell(&Report::Note(note));
    }
}
