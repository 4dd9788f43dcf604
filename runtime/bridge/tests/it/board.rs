//! The platform of the scripts: Wi-Fi, TCP and UDP are what the script last said they are, and each call that asks for
//! something is written down.

use std::collections::VecDeque;

use fivewire_bridge::{ClientId, ConfigKey, Endpoint, Memory, Note, Platform, Tcp, TcpFailure, Wifi};
use fivewire_mqtt::packet::Packet;
use fivewire_mqtt::v5;
use fivewire_wire::ResetCause;

/// A board without a radio.
pub(crate) struct Board {
    pub(crate) wifi: Wifi,
    pub(crate) tcp: Tcp,
    /// Bytes that TCP takes before it is full; a script makes it small to see what waits.
    pub(crate) tcp_room: usize,
    pub(crate) from_broker: VecDeque<u8>,
    pub(crate) datagrams: VecDeque<Vec<u8>>,
    /// The latest time request, whose nonce an answer repeats.
    pub(crate) request: Vec<u8>,
    /// Whether transitions and lines are written down as well.
    pub(crate) notes: bool,
    pub(crate) heartbeats: u32,
    pub(crate) restarted: bool,
    to_broker: Vec<u8>,
    /// CONNECT said that the bridge speaks MQTT 5.0.
    speaks_five: bool,
    led: bool,
    trace: Vec<String>,
}

impl Board {
    pub(crate) fn new() -> Self {
        Self {
            wifi: Wifi::Off,
            tcp: Tcp::Closed(TcpFailure::NotOpened),
            tcp_room: usize::MAX,
            from_broker: VecDeque::new(),
            datagrams: VecDeque::new(),
            request: Vec::new(),
            notes: false,
            heartbeats: 0,
            restarted: false,
            to_broker: Vec::new(),
            speaks_five: false,
            led: false,
            trace: Vec::new(),
        }
    }

    /// What was asked of the board, and the packets that went to the broker, since the last call.
    pub(crate) fn take_trace(&mut self) -> Vec<String> {
        std::mem::take(&mut self.trace)
    }

    fn say(&mut self, line: impl Into<String>) {
        self.trace.push(format!("board: {}", line.into()));
    }

    fn decode(&mut self) {
        if let [0x10, _, 0, 4, b'M', b'Q', b'T', b'T', level, ..] = self.to_broker[..] {
            self.speaks_five = level == 5;
        }
        while let Some((packet, length)) = self.packet() {
            self.trace.push(format!("broker < {packet}"));
            self.to_broker.drain(..length);
        }
    }

    /// The next whole packet that the bridge sent, and its length.
    fn packet(&self) -> Option<(String, usize)> {
        if self.speaks_five {
            let decoded = v5::packet::Packet::decode_from_client(&self.to_broker);
            let (packet, length) = decoded.ok()??;
            Some((format!("{packet:?}"), length))
        } else {
            let (packet, length) = Packet::decode(&self.to_broker).ok()??;
            Some((crate::packets::show(&packet), length))
        }
    }
}

impl Platform for Board {
    fn join_stored(&mut self) {
        self.wifi = Wifi::Joining;
        self.say("join_stored");
    }

    fn join(&mut self, ssid: &str, password: &str) {
        self.wifi = Wifi::Joining;
        self.say(format!("join {ssid} with {} characters", password.len()));
    }

    fn leave(&mut self) {
        self.wifi = Wifi::Off;
        self.say("leave");
    }

    fn wifi(&mut self) -> Wifi {
        self.wifi
    }

    /// What a board of the middle sort can: TLS, but no files.
    fn supports(&self, key: ConfigKey) -> bool {
        !matches!(
            key,
            ConfigKey::TlsCa | ConfigKey::TlsCertificate | ConfigKey::TlsKey
        )
    }

    fn tcp_open(&mut self, broker: &Endpoint<'_>) {
        self.tcp = Tcp::Opening;
        self.from_broker.clear();
        self.to_broker.clear();
        let mut line = format!("tcp_open {}:{}", broker.host, broker.port);
        if let Some(tls) = broker.tls {
            line += if tls.verify { " tls" } else { " tls, unverified" };
            line += &tls
                .server_name
                .map(|name| format!(" as {name}"))
                .unwrap_or_default();
            line += &tls.alpn.map(|name| format!(" for {name}")).unwrap_or_default();
        }
        line += &broker
            .websocket
            .map(|path| format!(" websocket {path}"))
            .unwrap_or_default();
        self.say(line);
    }

    fn tcp(&mut self) -> Tcp {
        self.tcp
    }

    fn tcp_read(&mut self, buffer: &mut [u8]) -> usize {
        let length = buffer.len().min(self.from_broker.len());
        for (to, from) in buffer.iter_mut().zip(self.from_broker.drain(..length)) {
            *to = from;
        }
        length
    }

    fn tcp_write(&mut self, data: &[u8]) -> usize {
        let length = if self.tcp == Tcp::Open {
            data.len().min(self.tcp_room)
        } else {
            0
        };
        self.tcp_room -= length;
        self.to_broker.extend_from_slice(&data[..length]);
        self.decode();
        length
    }

    fn tcp_close(&mut self) {
        if self.tcp != Tcp::Closed(TcpFailure::NotOpened) {
            self.say("tcp_close");
        }
        self.tcp = Tcp::Closed(TcpFailure::NotOpened);
    }

    fn udp_send(&mut self, host: &str, port: u16, data: &[u8]) {
        self.request = data.to_vec();
        self.say(format!("udp_send {host}:{port} {} bytes", data.len()));
    }

    fn udp_receive(&mut self, buffer: &mut [u8]) -> Option<usize> {
        let datagram = self.datagrams.pop_front()?;
        let length = datagram.len().min(buffer.len());
        buffer[..length].copy_from_slice(&datagram[..length]);
        Some(length)
    }

    fn set_broker_led(&mut self, lit: bool) {
        if lit != self.led {
            self.say(if lit { "broker led on" } else { "broker led off" });
        }
        self.led = lit;
    }

    fn set_heartbeat_led(&mut self, _: bool) {
        self.heartbeats += 1;
    }

    fn set_fast(&mut self, fast: bool) {
        if !fast {
            self.say("thrifty clock");
        }
    }

    fn memory(&mut self) -> Memory {
        Memory {
            free: 1000,
            used: 234,
        }
    }

    fn client_id(&self) -> ClientId {
        ClientId::try_from("c0ffee").unwrap()
    }

    fn reset_cause(&self) -> ResetCause {
        ResetCause::ResetWire
    }

    fn restart(&mut self) {
        self.restarted = true;
        self.say("restart");
    }

    fn note(&mut self, note: Note<'_>) {
        match note {
            Note::Transition { .. } | Note::Line { .. } if self.notes => {
                self.trace.push(format!("note: {note}"))
            }
            _ => {}
        }
    }
}
