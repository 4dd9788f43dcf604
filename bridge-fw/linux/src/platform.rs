//! The bridge's platform on Linux: the computer's sockets, two bytes of the wires file for Wi-Fi and two for lamps.
//! When Wi-Fi goes, its sockets go.

use embedded_hal::digital::OutputPin as _;
use fivewire_bridge::{
    ClientId, ConfigKey, Endpoint, LogLevel, Memory, Note, Platform, ResetCause, Tcp, TcpFailure, Wifi,
};
use fivewire_transport::Failure;
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
    /// Why the latest attempts failed, as it was told; nothing once the broker said something.
    told: Option<Failure>,
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
            told: None,
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

    /// Tells a person what the bridge has no words for: which file, and what to do about it.
    fn tell_failure(&mut self, failure: Failure) {
        let in_words = matches!(
            failure,
            Failure::Tls(_) | Failure::WebSocketRefused(_) | Failure::WebSocket(_) | Failure::Setting { .. }
        );
        if in_words && self.told.as_ref() != Some(&failure) {
            self.reporter.tell(&Report::Note(Note::Line {
                level: LogLevel::Warn,
                line: format_args!("{failure}"),
            }));
            self.told = Some(failure);
        }
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

    /// A computer can do all of it.
    fn supports(&self, _: ConfigKey) -> bool {
        true
    }

    fn tcp_open(&mut self, broker: &Endpoint<'_>) {
        if self.is_joined() {
            self.tcp.open(broker);
        } else {
            self.tcp.close(TcpFailure::Unreachable);
        }
    }

    fn tcp(&mut self) -> Tcp {
        let mut ended = None;
        let state = self.tcp.state(|failure| ended = Some(failure.clone()));
        if let Some(failure) = ended {
            self.tell_failure(failure);
        }
        state
    }

    fn tcp_read(&mut self, buffer: &mut [u8]) -> usize {
        if !self.is_joined() {
            return 0;
        }
        let length = self.tcp.read(buffer);
        if length > 0 {
            self.told = None;
        }
        length
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
