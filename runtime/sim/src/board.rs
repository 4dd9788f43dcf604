//! The bridge's board and what is around it: Wi-Fi, the network, flash, lamps. It outlives the bridge's program,
//! which may crash at any moment and start again; the program's own memory is not here.

use std::fmt::Write as _;

use fivewire_bridge::platform::{ClientId, JoinFailure, Memory, Platform, Tcp, Wifi};
use fivewire_bridge::{ConfigKey, Endpoint, Note};
use fivewire_wire::ResetCause;

use crate::network::Network;

/// What the bridge calls itself at the broker.
pub const CLIENT_ID: &str = "sim-bridge";
/// Longest time that an access point takes to let a station in.
const NO_ANSWER_MS: u64 = 5_000;

/// The access point.
#[derive(Clone, Debug)]
pub struct Air {
    /// It is on air.
    pub on: bool,
    /// Its name.
    pub ssid: String,
    /// Its key.
    pub password: String,
    /// How long joining takes, in milliseconds.
    pub join_ms: u32,
    /// The network stored in the bridge is within reach.
    pub stored_usable: bool,
}

/// Joining under way: when it ends, how, and what to store if it went well.
#[derive(Clone, Debug)]
struct Join {
    until_ms: u64,
    outcome: Result<(), JoinFailure>,
    store: Option<String>,
}

/// The board.
#[derive(Debug)]
pub struct Board {
    /// The access point.
    pub air: Air,
    /// Everything behind it.
    pub network: Network,
    /// The name of the network whose credentials are in flash.
    pub stored: Option<String>,
    /// The lamp that says that the broker is connected.
    pub broker_led: bool,
    /// The lamp that blinks.
    pub heartbeat_led: bool,
    /// Changes of the lamp that blinks.
    pub beats: u32,
    pub(crate) cause: ResetCause,
    pub(crate) restart: bool,
    /// Messages given to the host and `accept`s taken from it since the link came up.
    pub(crate) messages: u32,
    pub(crate) accepts: u32,
    pub(crate) notes: Vec<String>,
    wifi: Wifi,
    join: Option<Join>,
    now_ms: u64,
}

impl Board {
    /// A board that was never used.
    #[must_use]
    pub fn new(air: Air, network: Network) -> Self {
        Self {
            air,
            network,
            stored: None,
            broker_led: false,
            heartbeat_led: false,
            beats: 0,
            cause: ResetCause::PowerOn,
            restart: false,
            messages: 0,
            accepts: 0,
            notes: Vec::new(),
            wifi: Wifi::Off,
            join: None,
            now_ms: 0,
        }
    }

    /// The program's memory is gone, and with it its sockets and its place in the network.
    pub(crate) fn power_cycle(&mut self, cause: ResetCause) {
        self.network.forget_client();
        self.wifi = Wifi::Off;
        self.join = None;
        self.cause = cause;
        self.restart = false;
        (self.messages, self.accepts) = (0, 0);
        self.set_broker_led(false);
    }

    /// The virtual time goes on.
    pub(crate) fn step(&mut self, now_ms: u64) {
        self.now_ms = now_ms;
        if let Some(join) = self.join.take_if(|join| join.until_ms <= now_ms) {
            self.wifi = match join.outcome {
                Ok(()) => Wifi::Joined,
                Err(failure) => Wifi::Failed(failure),
            };
            if join.outcome.is_ok() && join.store.is_some() {
                self.stored = join.store;
            }
        }
        if self.wifi == Wifi::Joined && !self.air.on {
            self.wifi = Wifi::Failed(JoinFailure::NoNetwork);
            self.network.lose_client();
        }
    }

    fn begin(&mut self, outcome: Result<(), JoinFailure>, store: Option<String>) {
        let ms = if outcome.is_ok() {
            u64::from(self.air.join_ms)
        } else {
            NO_ANSWER_MS
        };
        self.network.lose_client();
        self.wifi = Wifi::Joining;
        self.join = Some(Join {
            until_ms: self.now_ms + ms,
            outcome,
            store,
        });
    }
}

impl Platform for Board {
    fn join_stored(&mut self) {
        if self.stored.is_none() {
            self.wifi = Wifi::Failed(JoinFailure::NothingStored);
        } else if self.air.on && self.air.stored_usable {
            self.begin(Ok(()), None);
        } else {
            self.begin(Err(JoinFailure::NoNetwork), None);
        }
    }

    fn join(&mut self, ssid: &str, password: &str) {
        let outcome = match (
            self.air.on && ssid == self.air.ssid,
            password == self.air.password,
        ) {
            (false, _) => Err(JoinFailure::NoNetwork),
            (true, false) => Err(JoinFailure::WrongPassword),
            (true, true) => Ok(()),
        };
        self.begin(outcome, Some(ssid.to_owned()));
    }

    fn leave(&mut self) {
        self.network.lose_client();
        self.join = None;
        self.wifi = Wifi::Off;
    }

    fn wifi(&mut self) -> Wifi {
        self.wifi
    }

    /// The simulated broker speaks over TCP alone.
    fn supports(&self, _: ConfigKey) -> bool {
        false
    }

    fn tcp_open(&mut self, broker: &Endpoint<'_>) {
        let has_address = self.wifi == Wifi::Joined;
        self.network.tcp_open(broker.host, broker.port, has_address);
    }

    fn tcp(&mut self) -> Tcp {
        self.network.tcp()
    }

    fn tcp_read(&mut self, buffer: &mut [u8]) -> usize {
        self.network.tcp_read(buffer)
    }

    fn tcp_write(&mut self, data: &[u8]) -> usize {
        self.network.tcp_write(data)
    }

    fn tcp_close(&mut self) {
        self.network.tcp_close();
    }

    fn udp_send(&mut self, host: &str, port: u16, data: &[u8]) {
        if self.wifi == Wifi::Joined {
            self.network.udp_send(host, port, data);
        }
    }

    fn udp_receive(&mut self, buffer: &mut [u8]) -> Option<usize> {
        self.network.udp_receive(buffer)
    }

    fn set_broker_led(&mut self, lit: bool) {
        self.broker_led = lit;
    }

    fn set_heartbeat_led(&mut self, lit: bool) {
        self.beats += u32::from(lit != self.heartbeat_led);
        self.heartbeat_led = lit;
    }

    fn set_fast(&mut self, _fast: bool) {}

    fn memory(&mut self) -> Memory {
        Memory {
            free: 20_000,
            used: 12_000,
        }
    }

    fn client_id(&self) -> ClientId {
        let mut name = ClientId::new();
        // It fits.
        let _ = name.push_str(CLIENT_ID);
        name
    }

    fn reset_cause(&self) -> ResetCause {
        self.cause
    }

    fn restart(&mut self) {
        self.restart = true;
    }

    fn note(&mut self, note: Note<'_>) {
        match note {
            Note::Link { .. } => (self.messages, self.accepts) = (0, 0),
            Note::Message { .. } => self.messages += 1,
            Note::Command { name: "accept", .. } => self.accepts += 1,
            Note::Command { .. }
            | Note::Transition { .. }
            | Note::Status { .. }
            | Note::Receipt { .. }
            | Note::Line { .. } => {}
        }
        let mut line = String::new();
        // A String takes everything.
        let _ = write!(line, "{note}");
        self.notes.push(line);
    }
}
