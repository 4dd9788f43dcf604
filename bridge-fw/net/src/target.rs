//! The broker as the host configured it, in memory of its own: a connection outlives the command it came with.

use fivewire_bridge::{ConfigKey, Endpoint, Tls};
use heapless::String;

/// Bytes of a host name, and of a path: the bounds of the config keys.
pub(crate) const NAME_BYTES: usize = 64;
/// Bytes of a file name.
const FILE_BYTES: usize = 96;
/// Bytes of a protocol name for ALPN.
const ALPN_BYTES: usize = 32;

/// The broker and the way to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Host name or address.
    pub host: String<NAME_BYTES>,
    /// TCP port, never 0.
    pub port: u16,
    /// TLS over TCP, if wanted.
    pub tls: Option<TlsTarget>,
    /// Path of the WebSocket, if wanted.
    pub websocket: Option<String<NAME_BYTES>>,
}

/// How TLS is to be spoken; the fields are those of [`Tls`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsTarget {
    /// Whether the broker's certificate must be good.
    pub verify: bool,
    /// The authorities to trust, and no others, by name.
    pub ca: Option<String<FILE_BYTES>>,
    /// The certificate to show, by name.
    pub certificate: Option<String<FILE_BYTES>>,
    /// The private key to it, by name.
    pub key: Option<String<FILE_BYTES>>,
    /// The name that the broker's certificate must have, where it is not the host.
    pub server_name: Option<String<NAME_BYTES>>,
    /// Protocol name to offer (ALPN).
    pub alpn: Option<String<ALPN_BYTES>>,
    /// Whom to ask for the time.
    pub timeserver: String<NAME_BYTES>,
}

impl Target {
    /// Keeps an endpoint.
    ///
    /// # Errors
    /// The key whose value is longer than the protocol allows. A value is never cut: half a name is another name.
    pub fn of(broker: &Endpoint<'_>) -> Result<Self, ConfigKey> {
        Ok(Self {
            host: kept(broker.host, ConfigKey::Broker)?,
            port: broker.port,
            tls: broker.tls.as_ref().map(TlsTarget::of).transpose()?,
            websocket: optional(broker.websocket, ConfigKey::Websocket)?,
        })
    }
}

impl TlsTarget {
    fn of(tls: &Tls<'_>) -> Result<Self, ConfigKey> {
        Ok(Self {
            verify: tls.verify,
            ca: optional(tls.ca, ConfigKey::TlsCa)?,
            certificate: optional(tls.certificate, ConfigKey::TlsCertificate)?,
            key: optional(tls.key, ConfigKey::TlsKey)?,
            server_name: optional(tls.server_name, ConfigKey::TlsServerName)?,
            alpn: optional(tls.alpn, ConfigKey::TlsAlpn)?,
            timeserver: kept(tls.timeserver, ConfigKey::Timeserver)?,
        })
    }
}

fn kept<const N: usize>(text: &str, key: ConfigKey) -> Result<String<N>, ConfigKey> {
    String::try_from(text).map_err(|_| key)
}

fn optional<const N: usize>(text: Option<&str>, key: ConfigKey) -> Result<Option<String<N>>, ConfigKey> {
    text.map(|text| kept(text, key)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The longest value of each key has room, and one byte more is an error, not another name.
    #[test]
    fn every_value_of_the_protocol_is_kept_whole() {
        let longest = |key: ConfigKey| "x".repeat(key.info().max_len);
        for (more, expected) in [(0, Ok(())), (1, Err(ConfigKey::Broker))] {
            let [ca, certificate, private, name, alpn, timeserver, path] = [
                ConfigKey::TlsCa,
                ConfigKey::TlsCertificate,
                ConfigKey::TlsKey,
                ConfigKey::TlsServerName,
                ConfigKey::TlsAlpn,
                ConfigKey::Timeserver,
                ConfigKey::Websocket,
            ]
            .map(longest);
            let host = longest(ConfigKey::Broker) + &"x".repeat(more);
            let broker = Endpoint {
                host: &host,
                port: 8883,
                tls: Some(Tls {
                    verify: true,
                    ca: Some(&ca),
                    certificate: Some(&certificate),
                    key: Some(&private),
                    server_name: Some(&name),
                    alpn: Some(&alpn),
                    timeserver: &timeserver,
                }),
                websocket: Some(&path),
            };
            assert_eq!(Target::of(&broker).map(|_| ()), expected);
        }
    }
}
