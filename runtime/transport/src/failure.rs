//! Why there is no connection, by whose fault it is and what to do, and the way there from other crates' errors.

use std::fmt;
use std::io::{self, ErrorKind};

use rustls::{AlertDescription, CertificateError, OtherError};

/// Why there is no connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// This end closed it.
    ClosedHere,
    /// The name could not be resolved.
    NameNotFound,
    /// No address of the name listens at this port.
    Refused,
    /// No address of the name answers.
    Unreachable,
    /// It took longer than the endpoint's `open_timeout`.
    TimedOut,
    /// It was open; the peer ended it in good order.
    Ended,
    /// It was under way or open, and broke.
    Lost,
    /// TLS did not come about, or the peer ended it with an alert. A broker that speaks TLS 1.3 and demands a
    /// certificate says so only after the stream is open.
    Tls(TlsFailure),
    /// The server answered the upgrade to WebSocket with this HTTP status.
    WebSocketRefused(u16),
    /// The server broke the rules of WebSocket or of MQTT over it; the text says which.
    WebSocket(String),
    /// A setting of the endpoint is of no use here.
    Setting {
        /// Which.
        setting: Setting,
        /// Its value.
        value: String,
        /// What is wrong with it, and what to do.
        problem: String,
    },
    /// This computer has no thread or file descriptor left.
    Resources,
}

/// What went wrong with TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsFailure {
    /// No trusted authority signed the broker's certificate.
    UnknownCa,
    /// The broker's certificate is for another name.
    WrongName,
    /// The broker's certificate has expired, or this computer's clock is wrong.
    Expired,
    /// The broker's certificate is not valid yet, or this computer's clock is wrong.
    NotYetValid,
    /// The broker demands a client certificate (alert 116).
    CertificateRequired,
    /// The broker does not take this client's certificate; the alert's number [RFC 8446, 6.2].
    CertificateRefused(u8),
    /// The broker ended it with this alert [RFC 8446, 6].
    Alert(u8),
    /// Something else, found at this end; the text says what.
    Other(String),
}

/// A setting of an endpoint that may be of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// [`Tls::ca_file`](crate::Tls::ca_file), or the system's authorities where it is not set.
    CaFile,
    /// [`ClientCertificate::certificate_file`](crate::ClientCertificate::certificate_file).
    CertificateFile,
    /// [`ClientCertificate::key_file`](crate::ClientCertificate::key_file).
    KeyFile,
    /// [`Tls::server_name`](crate::Tls::server_name), or the host where it is not set.
    ServerName,
    /// [`Endpoint::websocket`](crate::Endpoint::websocket).
    WebSocketPath,
}

impl Setting {
    pub(crate) fn useless(self, value: impl fmt::Display, problem: impl fmt::Display) -> Failure {
        Failure::Setting {
            setting: self,
            value: value.to_string(),
            problem: problem.to_string(),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::CaFile => "CA file",
            Self::CertificateFile => "client certificate file",
            Self::KeyFile => "client key file",
            Self::ServerName => "server name",
            Self::WebSocketPath => "WebSocket path",
        }
    }
}

/// True for errors that only mean "not now".
pub(crate) fn is_passing(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}

impl Failure {
    /// What an error of the socket, or of TLS above it, means once the connection was under way.
    pub(crate) fn of_io(error: &io::Error) -> Self {
        let inner = error.get_ref();
        match inner.and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            Some(error) => Self::Tls(TlsFailure::of(error)),
            None => Self::Lost,
        }
    }
}

impl TlsFailure {
    /// What rustls found.
    pub(crate) fn of(error: &rustls::Error) -> Self {
        match error {
            rustls::Error::AlertReceived(alert) => Self::of_alert(*alert),
            rustls::Error::InvalidCertificate(error) => Self::of_certificate(error),
            other => Self::Other(other.to_string()),
        }
    }

    fn of_alert(alert: AlertDescription) -> Self {
        use AlertDescription as A;
        match alert {
            A::CertificateRequired => Self::CertificateRequired,
            // Servers say these of the certificate that they were shown.
            A::BadCertificate
            | A::UnsupportedCertificate
            | A::CertificateRevoked
            | A::CertificateExpired
            | A::CertificateUnknown
            | A::UnknownCA
            | A::AccessDenied => Self::CertificateRefused(alert.into()),
            other => Self::Alert(other.into()),
        }
    }

    fn of_certificate(error: &CertificateError) -> Self {
        use CertificateError as C;
        match error {
            // An authority of the same name with another key signed it.
            C::UnknownIssuer | C::BadSignature => Self::UnknownCa,
            C::NotValidForName | C::NotValidForNameContext { .. } => Self::WrongName,
            C::Expired | C::ExpiredContext { .. } => Self::Expired,
            C::NotValidYet | C::NotValidYetContext { .. } => Self::NotYetValid,
            C::Other(error) if is_authority(error) => Self::Other(
                "the broker shows an authority's own certificate; sign one for the broker with it".to_owned(),
            ),
            other => Self::Other(format!("invalid certificate: {other}")),
        }
    }

    /// The number of the alert that the peer sent, if one was it.
    #[must_use]
    pub fn alert(&self) -> Option<u8> {
        match self {
            Self::CertificateRequired => Some(AlertDescription::CertificateRequired.into()),
            Self::CertificateRefused(alert) | Self::Alert(alert) => Some(*alert),
            Self::UnknownCa | Self::WrongName | Self::Expired | Self::NotYetValid | Self::Other(_) => None,
        }
    }
}

/// What `openssl req -x509` makes is an authority, and often shown as a server's certificate.
fn is_authority(error: &OtherError) -> bool {
    let found = error.0.downcast_ref::<webpki::Error>();
    matches!(found, Some(webpki::Error::CaUsedAsEndEntity))
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ClosedHere => f.write_str("closed here"),
            Self::NameNotFound => f.write_str("name not found"),
            Self::Refused => f.write_str("connection refused: nothing listens there"),
            Self::Unreachable => f.write_str("no answer"),
            Self::TimedOut => f.write_str("no answer in time"),
            Self::Ended => f.write_str("the broker ended the connection"),
            Self::Lost => f.write_str("connection lost"),
            Self::Tls(failure) => write!(f, "TLS: {failure}"),
            Self::WebSocketRefused(status) => write!(
                f,
                "no WebSocket there: HTTP status {status}; see to port and path, or to who may use them"
            ),
            Self::WebSocket(what) => write!(f, "WebSocket: {what}"),
            Self::Setting {
                setting,
                value,
                problem,
            } => write!(f, "{} {value}: {problem}", setting.name()),
            Self::Resources => f.write_str("this computer has no thread or file descriptor left"),
        }
    }
}

impl fmt::Display for TlsFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownCa => f.write_str(
                "no trusted authority signed the broker's certificate; give the file of the one that did",
            ),
            Self::WrongName => f.write_str(
                "the broker's certificate is for another name; use that name, or set it as the server name",
            ),
            Self::Expired => f.write_str("the broker's certificate has expired, or the clock here is wrong"),
            Self::NotYetValid => {
                f.write_str("the broker's certificate is not valid yet, or the clock here is wrong")
            }
            Self::CertificateRequired => f.write_str("the broker demands a client certificate"),
            Self::CertificateRefused(alert) => {
                write!(
                    f,
                    "the broker does not take the client certificate (alert {alert})"
                )
            }
            Self::Alert(alert) => write!(f, "the broker ended it with alert {alert}"),
            Self::Other(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for Failure {}

impl embedded_io_async::Error for Failure {
    fn kind(&self) -> embedded_io_async::ErrorKind {
        use embedded_io_async::ErrorKind as K;
        match self {
            Self::ClosedHere => K::NotConnected,
            Self::NameNotFound => K::NotFound,
            Self::Refused | Self::WebSocketRefused(_) => K::ConnectionRefused,
            Self::Unreachable | Self::TimedOut => K::TimedOut,
            Self::Ended => K::ConnectionAborted,
            Self::Lost => K::ConnectionReset,
            Self::Tls(_) | Self::WebSocket(_) => K::InvalidData,
            Self::Setting { .. } => K::InvalidInput,
            Self::Resources => K::OutOfMemory,
        }
    }
}
