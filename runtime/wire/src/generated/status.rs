// @generated from spec/bridge.yaml: edit that and type `cargo xtask codegen`.
//! What a bridge, or the host about its bridge, has to say.

use ::fivewire_wire as wire;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Status {
    /// Connected to the broker; detail is 1 when it still has this client's session.
    BrokerOk,
    /// About to connect to the broker.
    BrokerCheck,
    /// About to try the stored network.
    StoredNetwork,
    /// The stored network failed or is not wanted; asks consent to join the configured one.
    SpecifiedNetwork,
    /// Publication complete. Only stock MicroPython bridges send it; here the reply to publish says so.
    PublishOk,
    /// Initialisation is complete.
    Running,
    /// The last will is stored.
    WillOk,
    /// Wi-Fi is up.
    WifiUp,
    /// Wi-Fi is down; the bridge reconnects by itself.
    WifiDown,
    /// The broker does not answer or closed the connection; the bridge retries by itself.
    BrokerDown,
    /// The configured network cannot be joined; the bridge keeps trying.
    NetworkFailed,
    /// The broker refused the connection; detail is its return code.
    BrokerRefused,
    /// The broker refused a subscription.
    SubscribeRefused,
    /// A config key is out of range or not supported; detail is the key's id.
    ConfigRejected,
    /// No authority that the bridge trusts signed the broker's certificate; the bridge keeps trying.
    TlsUnknownCa,
    /// The broker's certificate is for another name; the bridge keeps trying.
    TlsWrongName,
    /// The broker's certificate has expired or is not valid yet, or the bridge's clock is wrong; the bridge keeps trying.
    TlsExpired,
    /// TLS with the broker failed; detail is the number of its alert (116: it demands a client certificate), 0 when there was none. The bridge keeps trying.
    TlsFailed,
    /// A stock MicroPython bridge did not know a command.
    UnknownCommand,
    /// The first connection to the broker failed and the bridge gave up. Only stock MicroPython bridges do.
    BrokerFail,
    /// The link timed out during initialisation.
    LinkFailed,
    /// The watchdog fired; the bridge is silent.
    BridgeDead,
    /// A code that this revision of the spec does not name; its range still tells how bad it is.
    Unknown(u8),
}

impl Status {
    /// Every status of the spec, in its order.
    pub const ALL: &'static [Self] = &[
        Self::BrokerOk,
        Self::BrokerCheck,
        Self::StoredNetwork,
        Self::SpecifiedNetwork,
        Self::PublishOk,
        Self::Running,
        Self::WillOk,
        Self::WifiUp,
        Self::WifiDown,
        Self::BrokerDown,
        Self::NetworkFailed,
        Self::BrokerRefused,
        Self::SubscribeRefused,
        Self::ConfigRejected,
        Self::TlsUnknownCa,
        Self::TlsWrongName,
        Self::TlsExpired,
        Self::TlsFailed,
        Self::UnknownCommand,
        Self::BrokerFail,
        Self::LinkFailed,
        Self::BridgeDead,
    ];

    /// Number on the wire; none for a status that is born at the host.
    pub const fn code(self) -> Option<u8> {
        match self {
            Self::BrokerOk => Some(0x01),
            Self::BrokerCheck => Some(0x02),
            Self::StoredNetwork => Some(0x03),
            Self::SpecifiedNetwork => Some(0x04),
            Self::PublishOk => Some(0x05),
            Self::Running => Some(0x06),
            Self::WillOk => Some(0x07),
            Self::WifiUp => Some(0x08),
            Self::WifiDown => Some(0x40),
            Self::BrokerDown => Some(0x41),
            Self::NetworkFailed => Some(0x80),
            Self::BrokerRefused => Some(0x81),
            Self::SubscribeRefused => Some(0x82),
            Self::ConfigRejected => Some(0x83),
            Self::TlsUnknownCa => Some(0x84),
            Self::TlsWrongName => Some(0x85),
            Self::TlsExpired => Some(0x86),
            Self::TlsFailed => Some(0x87),
            Self::UnknownCommand => Some(0xc0),
            Self::BrokerFail => Some(0xc1),
            Self::LinkFailed => None,
            Self::BridgeDead => None,
            Self::Unknown(code) => Some(code),
        }
    }

    /// The status of that number; never fails.
    pub const fn from_code(code: u8) -> Self {
        match code {
            0x01 => Self::BrokerOk,
            0x02 => Self::BrokerCheck,
            0x03 => Self::StoredNetwork,
            0x04 => Self::SpecifiedNetwork,
            0x05 => Self::PublishOk,
            0x06 => Self::Running,
            0x07 => Self::WillOk,
            0x08 => Self::WifiUp,
            0x40 => Self::WifiDown,
            0x41 => Self::BrokerDown,
            0x80 => Self::NetworkFailed,
            0x81 => Self::BrokerRefused,
            0x82 => Self::SubscribeRefused,
            0x83 => Self::ConfigRejected,
            0x84 => Self::TlsUnknownCa,
            0x85 => Self::TlsWrongName,
            0x86 => Self::TlsExpired,
            0x87 => Self::TlsFailed,
            0xc0 => Self::UnknownCommand,
            0xc1 => Self::BrokerFail,
            code => Self::Unknown(code),
        }
    }

    /// How bad it is, whatever the phase.
    pub const fn severity(self) -> wire::Severity {
        match self {
            Self::BrokerOk | Self::BrokerCheck | Self::StoredNetwork | Self::SpecifiedNetwork
                | Self::PublishOk | Self::Running | Self::WillOk | Self::WifiUp => wire::Severity::Info,
            Self::WifiDown | Self::BrokerDown => wire::Severity::Warning,
            Self::NetworkFailed | Self::BrokerRefused | Self::SubscribeRefused | Self::ConfigRejected
                | Self::TlsUnknownCa | Self::TlsWrongName | Self::TlsExpired
                | Self::TlsFailed => wire::Severity::Error,
            Self::UnknownCommand | Self::BrokerFail | Self::LinkFailed
                | Self::BridgeDead => wire::Severity::Fatal,
            Self::Unknown(code) => wire::Severity::from_code(code),
        }
    }

    /// Whether the bridge must be reset when it says this in that phase.
    pub const fn is_fatal_in(self, phase: wire::Phase) -> bool {
        match self {
            Self::WifiDown => matches!(phase, wire::Phase::Init) || self.is_fatal(),
            _ => self.is_fatal(),
        }
    }

    const fn is_fatal(self) -> bool {
        matches!(self.severity(), wire::Severity::Fatal)
    }

    /// What mends it. Of an unknown status only the fatal ones are known to need something: a reset.
    pub const fn recovery(self) -> wire::Recovery {
        match self {
            Self::BrokerOk | Self::BrokerCheck | Self::StoredNetwork | Self::SpecifiedNetwork
                | Self::PublishOk | Self::Running | Self::WillOk | Self::WifiUp
                | Self::SubscribeRefused => wire::Recovery::None,
            Self::WifiDown | Self::BrokerDown => wire::Recovery::Reconnect,
            Self::NetworkFailed | Self::BrokerRefused | Self::ConfigRejected | Self::TlsUnknownCa
                | Self::TlsWrongName | Self::TlsExpired | Self::TlsFailed => wire::Recovery::FixConfig,
            Self::UnknownCommand | Self::BrokerFail | Self::LinkFailed
                | Self::BridgeDead => wire::Recovery::ResetBridge,
            Self::Unknown(_) if self.is_fatal() => wire::Recovery::ResetBridge,
            Self::Unknown(_) => wire::Recovery::None,
        }
    }

    /// Number in the MicroPython system; none where it has no counterpart.
    pub const fn text_code(self) -> Option<u8> {
        match self {
            Self::BrokerOk => Some(0),
            Self::BrokerCheck => Some(1),
            Self::StoredNetwork => Some(2),
            Self::SpecifiedNetwork => Some(3),
            Self::PublishOk => Some(4),
            Self::Running => Some(5),
            Self::WillOk => Some(7),
            Self::WifiUp => Some(9),
            Self::WifiDown => Some(10),
            Self::UnknownCommand => Some(6),
            Self::BrokerFail => Some(8),
            Self::LinkFailed => Some(11),
            Self::BridgeDead => Some(12),
            _ => None,
        }
    }

    /// The status of that number in the MicroPython system.
    pub const fn from_text_code(code: u8) -> Option<Self> {
        match code {
            0 => Some(Self::BrokerOk),
            1 => Some(Self::BrokerCheck),
            2 => Some(Self::StoredNetwork),
            3 => Some(Self::SpecifiedNetwork),
            4 => Some(Self::PublishOk),
            5 => Some(Self::Running),
            7 => Some(Self::WillOk),
            9 => Some(Self::WifiUp),
            10 => Some(Self::WifiDown),
            6 => Some(Self::UnknownCommand),
            8 => Some(Self::BrokerFail),
            11 => Some(Self::LinkFailed),
            12 => Some(Self::BridgeDead),
            _ => None,
        }
    }

    /// The status that a bridge means by that number; none for one that is born at the host.
    pub(super) const fn from_text(code: u8) -> Option<Self> {
        match code {
            0 => Some(Self::BrokerOk),
            1 => Some(Self::BrokerCheck),
            2 => Some(Self::StoredNetwork),
            3 => Some(Self::SpecifiedNetwork),
            4 => Some(Self::PublishOk),
            5 => Some(Self::Running),
            7 => Some(Self::WillOk),
            9 => Some(Self::WifiUp),
            10 => Some(Self::WifiDown),
            6 => Some(Self::UnknownCommand),
            8 => Some(Self::BrokerFail),
            _ => None,
        }
    }

    /// The fields that stand behind its number.
    pub(super) const fn text_more(self) -> &'static [&'static str] {
        match self {
            Self::UnknownCommand => &["Unknown command:", ""],
            _ => &[],
        }
    }

    /// Name in the spec.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BrokerOk => "broker_ok",
            Self::BrokerCheck => "broker_check",
            Self::StoredNetwork => "stored_network",
            Self::SpecifiedNetwork => "specified_network",
            Self::PublishOk => "publish_ok",
            Self::Running => "running",
            Self::WillOk => "will_ok",
            Self::WifiUp => "wifi_up",
            Self::WifiDown => "wifi_down",
            Self::BrokerDown => "broker_down",
            Self::NetworkFailed => "network_failed",
            Self::BrokerRefused => "broker_refused",
            Self::SubscribeRefused => "subscribe_refused",
            Self::ConfigRejected => "config_rejected",
            Self::TlsUnknownCa => "tls_unknown_ca",
            Self::TlsWrongName => "tls_wrong_name",
            Self::TlsExpired => "tls_expired",
            Self::TlsFailed => "tls_failed",
            Self::UnknownCommand => "unknown_command",
            Self::BrokerFail => "broker_fail",
            Self::LinkFailed => "link_failed",
            Self::BridgeDead => "bridge_dead",
            Self::Unknown(_) => "unknown",
        }
    }

    /// What it means, in one sentence.
    pub const fn doc(self) -> &'static str {
        match self {
            Self::BrokerOk => "Connected to the broker; detail is 1 when it still has this client's session.",
            Self::BrokerCheck => "About to connect to the broker.",
            Self::StoredNetwork => "About to try the stored network.",
            Self::SpecifiedNetwork => "The stored network failed or is not wanted; asks consent to join the configured one.",
            Self::PublishOk => "Publication complete. Only stock MicroPython bridges send it; here the reply to publish says so.",
            Self::Running => "Initialisation is complete.",
            Self::WillOk => "The last will is stored.",
            Self::WifiUp => "Wi-Fi is up.",
            Self::WifiDown => "Wi-Fi is down; the bridge reconnects by itself.",
            Self::BrokerDown => "The broker does not answer or closed the connection; the bridge retries by itself.",
            Self::NetworkFailed => "The configured network cannot be joined; the bridge keeps trying.",
            Self::BrokerRefused => "The broker refused the connection; detail is its return code.",
            Self::SubscribeRefused => "The broker refused a subscription.",
            Self::ConfigRejected => "A config key is out of range or not supported; detail is the key's id.",
            Self::TlsUnknownCa => "No authority that the bridge trusts signed the broker's certificate; the bridge keeps trying.",
            Self::TlsWrongName => "The broker's certificate is for another name; the bridge keeps trying.",
            Self::TlsExpired => "The broker's certificate has expired or is not valid yet, or the bridge's clock is wrong; the bridge keeps trying.",
            Self::TlsFailed => "TLS with the broker failed; detail is the number of its alert (116: it demands a client certificate), 0 when there was none. The bridge keeps trying.",
            Self::UnknownCommand => "A stock MicroPython bridge did not know a command.",
            Self::BrokerFail => "The first connection to the broker failed and the bridge gave up. Only stock MicroPython bridges do.",
            Self::LinkFailed => "The link timed out during initialisation.",
            Self::BridgeDead => "The watchdog fired; the bridge is silent.",
            Self::Unknown(_) => "A status that this revision of the protocol does not name.",
        }
    }
}

impl<'a> wire::Element<'a> for Status {
    fn read(input: &mut wire::Reader<'a>) -> Result<Self, wire::DecodeError> {
        input.u8("element").map(Self::from_code)
    }
}
