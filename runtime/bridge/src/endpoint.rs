//! Where the broker is and how to reach it: the config keys as a platform needs them, and their defaults made good.
//! Opening the connection is the platform's business.

use fivewire_wire::config::{Config, ConfigKey};

/// The broker and the way to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Endpoint<'a> {
    /// Host name or address.
    pub host: &'a str,
    /// TCP port, never 0.
    pub port: u16,
    /// TLS over TCP, if wanted.
    pub tls: Option<Tls<'a>>,
    /// Path of the WebSocket that MQTT goes over, if wanted [MQTT-6.0.0].
    pub websocket: Option<&'a str>,
}

/// How TLS is to be spoken. Files are PEM files of the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tls<'a> {
    /// Whether the broker's certificate must be good.
    pub verify: bool,
    /// File of the authorities to trust, and no others; `None` means those the board knows.
    pub ca: Option<&'a str>,
    /// File of the certificate to show.
    pub certificate: Option<&'a str>,
    /// File of the private key to it.
    pub key: Option<&'a str>,
    /// The name that the broker's certificate must have, where it is not the host.
    pub server_name: Option<&'a str>,
    /// Protocol name to offer (ALPN).
    pub alpn: Option<&'a str>,
    /// Whom a board without a clock of its own asks for the time: certificates have dates.
    pub timeserver: &'a str,
}

impl<'a> Endpoint<'a> {
    /// What the host configured.
    pub(crate) fn of(config: &Config<'a>) -> Self {
        Self {
            host: config.broker,
            port: port(config),
            tls: config.tls.then(|| Tls {
                verify: config.tls_verify,
                ca: set(config.tls_ca),
                certificate: set(config.tls_certificate),
                key: set(config.tls_key),
                server_name: set(config.tls_server_name),
                alpn: set(config.tls_alpn),
                timeserver: config.timeserver,
            }),
            websocket: set(config.websocket),
        }
    }
}

fn set(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// 0 stands for the registered port of the protocol.
fn port(config: &Config<'_>) -> u16 {
    match (config.port, config.tls, config.websocket.is_empty()) {
        (0, false, true) => 1883,
        (0, true, true) => 8883,
        (0, false, false) => 80,
        (0, true, false) => 443,
        (port, _, _) => port,
    }
}

/// The first key that contradicts the others: one that says how to speak TLS, with TLS off, would send in the clear
/// what was meant to be secret; and a certificate is of no use without its key.
pub(crate) fn contradiction(config: &Config<'_>) -> Option<ConfigKey> {
    let secured = [
        config.tls_ca,
        config.tls_certificate,
        config.tls_key,
        config.tls_server_name,
        config.tls_alpn,
    ];
    match (config.tls_certificate, config.tls_key) {
        _ if !config.tls && secured.iter().any(|text| !text.is_empty()) => Some(ConfigKey::Tls),
        ("", "") => None,
        ("", _) => Some(ConfigKey::TlsCertificate),
        (_, "") => Some(ConfigKey::TlsKey),
        (_, _) => None,
    }
}

/// What is asked for that not every board can do.
pub(crate) fn asked(config: &Config<'_>) -> impl Iterator<Item = ConfigKey> {
    use ConfigKey as K;
    let keys = [
        (config.tls, K::Tls),
        (config.tls && !config.tls_verify, K::TlsVerify),
        (!config.tls_ca.is_empty(), K::TlsCa),
        (!config.tls_certificate.is_empty(), K::TlsCertificate),
        (!config.tls_key.is_empty(), K::TlsKey),
        (!config.tls_server_name.is_empty(), K::TlsServerName),
        (!config.tls_alpn.is_empty(), K::TlsAlpn),
        (!config.websocket.is_empty(), K::Websocket),
    ];
    keys.into_iter().filter_map(|(asked, key)| asked.then_some(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: Config<'static> = Config {
        broker: "b",
        ..Config::DEFAULT
    };

    #[test]
    fn the_port_is_the_protocols_unless_it_is_given() {
        let port = |port, tls, websocket| {
            let config = Config {
                port,
                tls,
                websocket,
                ..BASE
            };
            Endpoint::of(&config).port
        };
        assert_eq!((port(0, false, ""), port(0, true, "")), (1883, 8883));
        assert_eq!((port(0, false, "/mqtt"), port(0, true, "/mqtt")), (80, 443));
        assert_eq!((port(9, false, ""), port(9, true, "/mqtt")), (9, 9));
    }

    #[test]
    fn tls_is_verified_against_what_the_board_knows_unless_it_is_told() {
        let tls = Endpoint::of(&Config { tls: true, ..BASE }).tls;
        let plain = Tls {
            verify: true,
            ca: None,
            certificate: None,
            key: None,
            server_name: None,
            alpn: None,
            timeserver: BASE.timeserver,
        };
        assert_eq!(tls, Some(plain));
        assert_eq!(Endpoint::of(&BASE).tls, None);
    }

    #[test]
    fn keys_that_contradict_each_other_are_found() {
        let tls = Config { tls: true, ..BASE };
        assert_eq!(contradiction(&tls), None);
        let plain = Config {
            tls_ca: "ca.pem",
            ..BASE
        };
        assert_eq!(contradiction(&plain), Some(ConfigKey::Tls));
        let certificate = Config {
            tls_certificate: "c.pem",
            ..tls
        };
        assert_eq!(contradiction(&certificate), Some(ConfigKey::TlsKey));
        let key = Config {
            tls_key: "k.pem",
            ..tls
        };
        assert_eq!(contradiction(&key), Some(ConfigKey::TlsCertificate));
        let both = Config {
            tls_key: "k.pem",
            ..certificate
        };
        assert_eq!(contradiction(&both), None);
    }
}
