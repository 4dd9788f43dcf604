//! Where the broker is and how to reach it. Nothing is looked up or read here.

use std::path::PathBuf;
use std::time::Duration;

/// How long opening may take unless the endpoint says otherwise: name look-up, TCP, TLS and WebSocket together.
pub const OPEN_TIMEOUT: Duration = Duration::from_secs(20);

/// A broker and the way to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Name or address; an IPv6 address without brackets.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// TLS, if wanted.
    pub tls: Option<Tls>,
    /// Path of the WebSocket (`/mqtt` is usual), if MQTT shall go over one; a query may follow it.
    pub websocket: Option<String>,
    /// How long opening may take in all before it is [`Failure::TimedOut`](crate::Failure::TimedOut).
    pub open_timeout: Duration,
}

impl Endpoint {
    /// Plain MQTT over TCP.
    #[must_use]
    pub fn new(host: impl Into<String>, port: u16) -> Self {
        Self {
            host: host.into(),
            port,
            tls: None,
            websocket: None,
            open_timeout: OPEN_TIMEOUT,
        }
    }

    /// The same with TLS.
    #[must_use]
    pub fn with_tls(mut self, tls: Tls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// The same over a WebSocket at this path.
    #[must_use]
    pub fn with_websocket(mut self, path: impl Into<String>) -> Self {
        self.websocket = Some(path.into());
        self
    }

    /// The name that the broker's certificate must have, and that it is asked for.
    pub(crate) fn server_name(&self) -> &str {
        let named = self.tls.as_ref().and_then(|tls| tls.server_name.as_deref());
        named.unwrap_or(&self.host)
    }
}

/// The registered port: 1883, 8883 with TLS, and those of HTTP for a WebSocket, 80 and 443.
#[must_use]
pub const fn default_port(tls: bool, websocket: bool) -> u16 {
    match (tls, websocket) {
        (false, false) => 1883,
        (true, false) => 8883,
        (false, true) => 80,
        (true, true) => 443,
    }
}

/// How TLS is spoken: versions 1.2 and 1.3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tls {
    /// PEM file of the certificate authorities to trust, and no others; `None` means those of the system.
    pub ca_file: Option<PathBuf>,
    /// Whether the broker's certificate is verified. Without, whoever is in between can read and change everything.
    pub verify: bool,
    /// Who this client is, for brokers that ask.
    pub client_certificate: Option<ClientCertificate>,
    /// The name the certificate must have, where it is not the endpoint's host.
    pub server_name: Option<String>,
    /// Protocol names to offer (ALPN), the most wanted first; none is usual.
    pub alpn: Vec<String>,
}

impl Default for Tls {
    /// Verified, against the system's certificate authorities.
    fn default() -> Self {
        Self {
            ca_file: None,
            verify: true,
            client_certificate: None,
            server_name: None,
            alpn: Vec::new(),
        }
    }
}

/// A certificate of this client and the key that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientCertificate {
    /// PEM file of the certificate, followed by those that lead to its authority.
    pub certificate_file: PathBuf,
    /// PEM file of the private key, without a passphrase.
    pub key_file: PathBuf,
}
