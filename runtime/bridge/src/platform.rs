//! What a board gives the bridge: Wi-Fi, one TCP connection, UDP for the time, two lamps, and its own life.
//!
//! Nothing here blocks: each call starts something or looks at what came of it. Deliberately not here: time and
//! randomness (arguments of [`Bridge`](crate::Bridge)), the five wires (the pin driver owns them), and MQTT.

use core::fmt;

use fivewire_wire::ResetCause;
use fivewire_wire::config::ConfigKey;

use crate::{Endpoint, Note};

/// Text that names this board to a broker; at most 23 bytes, the length every MQTT 3.1.1 server takes
/// [MQTT-3.1.3-5].
pub type ClientId = heapless::String<23>;

/// How the station stands with its network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wifi {
    /// Not joined and not trying.
    Off,
    /// Trying.
    Joining,
    /// Joined, with an address: sockets work.
    Joined,
    /// The last attempt ended, or a joined network went away, for this reason.
    Failed(JoinFailure),
}

/// Why a network could not be joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinFailure {
    /// No credentials are stored in the board.
    NothingStored,
    /// No access point of that name answers.
    NoNetwork,
    /// The access point refused the key.
    WrongPassword,
    /// The board does not say, or it is something else, as no address from DHCP.
    Other,
}

impl fmt::Display for JoinFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NothingStored => "nothing is stored",
            Self::NoNetwork => "no such network",
            Self::WrongPassword => "wrong password",
            Self::Other => "it did not work",
        })
    }
}

/// How the one TCP connection stands, with TLS and WebSocket over it where they are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tcp {
    /// Looking the name up or waiting for the peer: for TCP, TLS and the WebSocket.
    Opening,
    /// Bytes flow.
    Open,
    /// There is none, for this reason. Bytes that came before the end can still be read.
    Closed(TcpFailure),
}

/// Why there is no TCP connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TcpFailure {
    /// None was asked for, or this end closed it.
    NotOpened,
    /// The name could not be resolved.
    NameNotFound,
    /// The peer refused it.
    Refused,
    /// The peer did not answer.
    Unreachable,
    /// It was open; the peer ended it or the network broke.
    Lost,
    /// TLS did not come about, or the peer ended it for this reason, which may be after it was open.
    Tls(TlsFailure),
    /// The peer answered the upgrade to WebSocket with this HTTP status.
    WebSocketRefused(u16),
    /// The value of this key is of no use to the board: a file that is not there, as a rule.
    Setting(ConfigKey),
}

/// Why there is no TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsFailure {
    /// No authority that the board trusts signed the broker's certificate.
    UnknownCa,
    /// The broker's certificate is for another name.
    WrongName,
    /// The broker's certificate has expired or is not valid yet.
    Expired,
    /// The board does not know the date, and who should tell it does not: no certificate can be held against it.
    NoTime,
    /// Something else that this end found, in words for a log.
    Other(&'static str),
    /// Something else.
    Failed {
        /// The number of the alert that the broker sent [RFC 8446, 6]; 0 when it sent none.
        alert: u8,
    },
}

impl fmt::Display for TcpFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotOpened => "closed here",
            Self::NameNotFound => "name not found",
            Self::Refused => "connection refused",
            Self::Unreachable => "no answer",
            Self::Lost => "connection lost",
            Self::Tls(failure) => return write!(f, "TLS: {failure}"),
            Self::WebSocketRefused(status) => return write!(f, "no WebSocket: HTTP status {status}"),
            Self::Setting(key) => return write!(f, "{} is of no use here", key.info().name),
        })
    }
}

impl fmt::Display for TlsFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownCa => "unknown authority",
            Self::WrongName => "certificate for another name",
            Self::Expired => "certificate expired or not valid yet",
            Self::NoTime => "the time server does not tell the date",
            Self::Other(what) => what,
            Self::Failed { alert: 0 } => "failed",
            Self::Failed { alert } => return write!(f, "alert {alert}"),
        })
    }
}

/// The bridge's memory, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// Free bytes.
    pub free: u32,
    /// Bytes in use.
    pub used: u32,
}

/// A board, or a process that plays one.
pub trait Platform {
    /// Starts to join the network whose credentials the board keeps.
    fn join_stored(&mut self);
    /// Starts to join this network, and keeps its credentials once that worked. An empty password means an open
    /// network.
    fn join(&mut self, ssid: &str, password: &str);
    /// Leaves the network; every socket dies.
    fn leave(&mut self);
    /// How Wi-Fi stands now.
    fn wifi(&mut self) -> Wifi;

    /// Whether the board can do what this key asks for. It is asked of `tls`, of the keys that begin with `tls_` and of
    /// `websocket`, where they differ from their defaults; a configuration that asks for more than the board can do is
    /// rejected.
    fn supports(&self, key: ConfigKey) -> bool;
    /// Starts to open a TCP connection to a broker, and TLS and WebSocket over it where the endpoint says so; one that
    /// exists is closed first. The name is looked up each time, because addresses change.
    fn tcp_open(&mut self, broker: &Endpoint<'_>);
    /// How the connection stands now.
    fn tcp(&mut self) -> Tcp;
    /// Reads what is there into `buffer`; 0 means nothing now.
    fn tcp_read(&mut self, buffer: &mut [u8]) -> usize;
    /// Hands bytes over to be sent; returns how many were taken, 0 when none can be now.
    fn tcp_write(&mut self, data: &[u8]) -> usize;
    /// Closes the connection. Bytes handed over earlier are still sent where that is possible.
    fn tcp_close(&mut self);

    /// Sends one datagram to a name or address; a name is looked up in the background, and a datagram that cannot
    /// be sent is dropped.
    fn udp_send(&mut self, host: &str, port: u16, data: &[u8]);
    /// The next datagram that arrived, cut to the buffer.
    fn udp_receive(&mut self, buffer: &mut [u8]) -> Option<usize>;

    /// Switches the lamp that is lit while the broker is connected.
    fn set_broker_led(&mut self, lit: bool);
    /// Switches the lamp that changes every [`HEARTBEAT_MS`](crate::HEARTBEAT_MS).
    fn set_heartbeat_led(&mut self, lit: bool);
    /// Runs the processor at its full clock, or at its thrifty one.
    fn set_fast(&mut self, fast: bool);

    /// Memory free and in use.
    fn memory(&mut self) -> Memory;
    /// The board's own name; the MQTT client identifier unless the configuration gives one.
    fn client_id(&self) -> ClientId;
    /// Why the program started.
    fn reset_cause(&self) -> ResetCause;
    /// Restarts the program. May return; what polls the bridge then makes a new one.
    fn restart(&mut self);

    /// Something worth telling a person who watches; never holds a secret.
    fn note(&mut self, note: Note<'_>);
}
