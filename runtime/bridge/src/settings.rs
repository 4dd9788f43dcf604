//! What the host configured: the config keys as the bytes that came, and the last will. Views are decoded when they
//! are needed, so that nothing is stored twice; a restart of the link forgets all of it.

use core::fmt;

use fivewire_wire::config::{Config, ConfigKey, KEYS};
use fivewire_wire::{QoS, Reader, Writer, command};
use heapless::{String, Vec};

use crate::endpoint;

/// How much must begin anew when one configuration follows another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Change {
    /// The same again: a repeated command.
    Nothing,
    /// Only what is looked up whenever it is used.
    Live,
    /// The connection to the broker.
    Broker,
    /// The network, and then the broker.
    Network,
}

/// A configuration that is not taken: whose fault it is, and by which key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rejected {
    /// The value is out of range, or missing.
    Invalid(ConfigKey),
    /// This bridge cannot do it.
    Unsupported(ConfigKey),
}

/// The last will, kept until the broker is connected, and for every connection after that.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Will {
    pub(crate) topic: String<128>,
    pub(crate) payload: Vec<u8, 256>,
    pub(crate) retain: bool,
    pub(crate) qos: QoS,
}

/// The host's settings.
#[derive(Default)]
pub(crate) struct Settings {
    bytes: Option<Vec<u8, { Config::MAX_ENCODED }>>,
    /// A copy of the key, which is looked at with every command.
    debug: bool,
    will: Option<Will>,
    /// The will changed since `configure`: the connection there may be carries the old one.
    will_changed: bool,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let will = self.will.as_ref().map(|will| will.topic.as_str());
        // The configuration's own Debug redacts its secrets.
        f.debug_struct("Settings")
            .field("config", &self.config())
            .field("will", &will)
            .finish_non_exhaustive()
    }
}

impl Settings {
    pub(crate) const fn new() -> Self {
        Self {
            bytes: None,
            debug: false,
            will: None,
            will_changed: false,
        }
    }

    /// The configuration; `None` before `configure`.
    pub(crate) fn config(&self) -> Option<Config<'_>> {
        // What is stored was encoded here, so it decodes.
        self.bytes.as_ref().and_then(|bytes| Config::decode(bytes).ok())
    }

    /// True after `configure`.
    pub(crate) fn is_configured(&self) -> bool {
        self.bytes.is_some()
    }

    /// The host wants to hear everything.
    pub(crate) fn debug(&self) -> bool {
        self.debug
    }

    /// The last will.
    pub(crate) fn will(&self) -> Option<&Will> {
        self.will.as_ref()
    }

    /// Keeps the will for the next connection. False when it is longer than the spec allows.
    pub(crate) fn set_will(&mut self, will: &command::Will<'_>) -> bool {
        let (Ok(topic), Ok(payload)) = (String::try_from(will.topic), Vec::from_slice(will.payload)) else {
            return false;
        };
        let new = Will {
            topic,
            payload,
            retain: will.retain,
            qos: will.qos,
        };
        self.will_changed |= self.will.as_ref() != Some(&new);
        self.will = Some(new);
        true
    }

    /// Stores a configuration and says what it changes. When it is rejected, the old configuration stays. `supports`
    /// is the platform's word on what it can do.
    pub(crate) fn configure(
        &mut self,
        config: &Config<'_>,
        supports: &dyn Fn(ConfigKey) -> bool,
    ) -> Result<Change, Rejected> {
        check(config, supports)?;
        let bytes = encode(config).ok_or(Rejected::Invalid(ConfigKey::Ssid))?;
        let will = if core::mem::take(&mut self.will_changed) {
            Change::Broker
        } else {
            Change::Nothing
        };
        let keys = self
            .bytes
            .as_ref()
            .map_or(Change::Network, |old| difference(old, &bytes));
        self.bytes = Some(bytes);
        self.debug = config.debug;
        Ok(keys.max(will))
    }
}

/// The keys as the link carries them. `None` cannot happen: decoded texts are within their bounds.
fn encode(config: &Config<'_>) -> Option<Vec<u8, { Config::MAX_ENCODED }>> {
    let mut bytes = [0; Config::MAX_ENCODED];
    let mut writer = Writer::new(&mut bytes);
    config.encode(&mut writer).ok()?;
    let length = writer.len();
    Vec::from_slice(bytes.get(..length)?).ok()
}

/// Refuses what is out of range, what contradicts itself, and what the spec promises but this board cannot do.
fn check(config: &Config<'_>, supports: &dyn Fn(ConfigKey) -> bool) -> Result<(), Rejected> {
    let key = |name| ConfigKey::from_name(name).unwrap_or(ConfigKey::Ssid);
    config
        .validate()
        .map_err(|error| Rejected::Invalid(key(error.key)))?;
    if let Some(key) = endpoint::contradiction(config) {
        return Err(Rejected::Invalid(key));
    }
    match endpoint::asked(config).find(|key| !supports(*key)) {
        Some(key) => Err(Rejected::Unsupported(key)),
        None => Ok(()),
    }
}

/// The most that differs between two encoded configurations. A key that is not there has its default.
fn difference(old: &[u8], new: &[u8]) -> Change {
    let keys = KEYS.iter().filter_map(|key| ConfigKey::from_id(key.id));
    let changed = keys.filter(|key| value(old, key.id()) != value(new, key.id()));
    changed.map(weight).max().unwrap_or(Change::Nothing)
}

/// The encoded value of a key.
fn value(entries: &[u8], id: u8) -> Option<&[u8]> {
    let mut input = Reader::new(entries);
    while let Ok((found, mut value)) = input.entry() {
        if found == id {
            return value.rest_bytes("value", usize::MAX).ok();
        }
    }
    None
}

/// What has to begin anew when this key changes. Every key is named, so that a new one does not compile before
/// someone decided.
fn weight(key: ConfigKey) -> Change {
    use ConfigKey as K;
    match key {
        K::Ssid | K::Password | K::UseDefaultNet => Change::Network,
        K::Broker
        | K::Port
        | K::MqttUser
        | K::MqttPassword
        | K::ClientId
        | K::KeepAlive
        | K::PingInterval => Change::Broker,
        K::Clean | K::CleanInit | K::MqttVersion => Change::Broker,
        K::Tls
        | K::TlsVerify
        | K::TlsCa
        | K::TlsCertificate
        | K::TlsKey
        | K::TlsServerName
        | K::TlsAlpn
        | K::Websocket => Change::Broker,
        K::ResponseTime | K::MaxRepubs | K::Timeserver | K::Fast | K::Debug => Change::Live,
        // The host's own keys never come here.
        K::Timeout | K::Verbose | K::RtcResync | K::LocalTimeOffset => Change::Nothing,
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::format;

    const BASE: Config<'static> = Config {
        ssid: "home",
        password: "hunter22",
        broker: "10.0.0.2",
        ..Config::DEFAULT
    };

    /// A board that can do everything.
    const ALL: &dyn Fn(ConfigKey) -> bool = &|_| true;

    fn configured() -> Settings {
        let mut settings = Settings::new();
        assert_eq!(settings.configure(&BASE, ALL), Ok(Change::Network));
        settings
    }

    #[test]
    fn only_what_a_change_touches_begins_anew() {
        let change = |config: Config<'_>| configured().configure(&config, ALL);
        assert_eq!(change(BASE), Ok(Change::Nothing));
        assert_eq!(change(Config { debug: true, ..BASE }), Ok(Change::Live));
        assert_eq!(
            change(Config {
                keep_alive: 30,
                debug: true,
                ..BASE
            }),
            Ok(Change::Broker)
        );
        assert_eq!(
            change(Config {
                password: "other",
                port: 1,
                ..BASE
            }),
            Ok(Change::Network)
        );
    }

    #[test]
    fn a_new_will_needs_a_new_connection_once() {
        let mut settings = configured();
        assert!(settings.set_will(&command::Will::EXAMPLE));
        assert_eq!(settings.configure(&BASE, ALL), Ok(Change::Broker));
        assert!(settings.set_will(&command::Will::EXAMPLE));
        assert_eq!(
            settings.configure(&BASE, ALL),
            Ok(Change::Nothing),
            "the same will again"
        );
    }

    #[test]
    fn what_the_bridge_cannot_do_is_refused_by_its_key_and_changes_nothing() {
        let mut settings = configured();
        let mut refused =
            |config: Config<'_>| settings.configure(&config, &|key| key == ConfigKey::Tls).err();
        assert_eq!(
            refused(Config {
                tls: true,
                tls_ca: "ca.pem",
                ..BASE
            }),
            Some(Rejected::Unsupported(ConfigKey::TlsCa))
        );
        assert_eq!(
            refused(Config {
                tls_ca: "ca.pem",
                ..BASE
            }),
            Some(Rejected::Invalid(ConfigKey::Tls))
        );
        let short = Config {
            keep_alive: 1,
            ..BASE
        };
        assert_eq!(refused(short), Some(Rejected::Invalid(ConfigKey::KeepAlive)));
        assert_eq!(settings.config(), Some(BASE));
    }

    #[test]
    fn the_longest_configuration_fits() {
        let [text, user, key, file] = [64, 32, 63, 96].map(|length| "x".repeat(length));
        let longest = Config {
            ssid: &user,
            password: &key,
            broker: &text,
            port: u16::MAX,
            mqtt_user: &text,
            mqtt_password: &text,
            client_id: &text,
            keep_alive: 3600,
            ping_interval: 3600,
            response_time: 300,
            tls: true,
            timeserver: &text,
            tls_ca: &file,
            tls_certificate: &file,
            tls_key: &file,
            tls_server_name: &text,
            tls_alpn: &user,
            websocket: &text,
            ..BASE
        };
        let mut settings = Settings::new();
        assert_eq!(settings.configure(&longest, ALL), Ok(Change::Network));
        assert_eq!(settings.config(), Some(longest));
    }

    #[test]
    fn secrets_are_not_printed() {
        let mut settings = configured();
        settings.set_will(&command::Will::EXAMPLE);
        let printed = format!("{settings:?}");
        assert!(
            printed.contains("home") && printed.contains("result"),
            "{printed}"
        );
        assert!(!printed.contains("hunter22"), "{printed}");
    }
}
