//! The bridge's connection to the broker, by `fivewire-transport`: what the one crate says in the words of the other.

use fivewire_bridge::{ConfigKey, Endpoint, Tcp, TcpFailure, Tls, TlsFailure};
use fivewire_transport::{ClientCertificate, Failure, Setting, State, Stream};

/// The connection, or why there is none.
#[derive(Debug)]
pub(crate) enum TcpClient {
    Closed(TcpFailure),
    Stream(Box<Stream>),
}

impl TcpClient {
    pub(crate) const fn new() -> Self {
        Self::Closed(TcpFailure::NotOpened)
    }

    /// Starts to open a connection; the old one is closed.
    pub(crate) fn open(&mut self, broker: &Endpoint<'_>) {
        self.close(TcpFailure::NotOpened);
        *self = Self::Stream(Box::new(Stream::open(&endpoint(broker))));
    }

    pub(crate) fn close(&mut self, why: TcpFailure) {
        *self = Self::Closed(why);
    }

    /// The network is gone: whatever there is ends.
    pub(crate) fn break_off(&mut self) {
        if let Self::Stream(stream) = self {
            let why = match stream.state() {
                State::Opening => TcpFailure::Unreachable,
                State::Open | State::Closed(_) => TcpFailure::Lost,
            };
            self.close(why);
        }
    }

    /// How it stands. When it has just ended, `on_end` hears why, in more words than the bridge has.
    pub(crate) fn state(&mut self, on_end: impl FnOnce(&Failure)) -> Tcp {
        let stream = match self {
            Self::Closed(failure) => return Tcp::Closed(*failure),
            Self::Stream(stream) => stream,
        };
        match stream.state() {
            State::Opening => Tcp::Opening,
            State::Open => Tcp::Open,
            State::Closed(failure) => {
                on_end(&failure);
                let failure = short(&failure);
                self.close(failure);
                Tcp::Closed(failure)
            }
        }
    }

    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> usize {
        match self {
            Self::Closed(_) => 0,
            Self::Stream(stream) => stream.read(buffer),
        }
    }

    pub(crate) fn write(&mut self, data: &[u8]) -> usize {
        match self {
            Self::Closed(_) => 0,
            Self::Stream(stream) => stream.write(data),
        }
    }
}

fn endpoint(broker: &Endpoint<'_>) -> fivewire_transport::Endpoint {
    fivewire_transport::Endpoint {
        tls: broker.tls.as_ref().map(tls),
        websocket: broker.websocket.map(str::to_owned),
        ..fivewire_transport::Endpoint::new(broker.host, broker.port)
    }
}

/// File names are paths, from the folder that the program was started in.
fn tls(tls: &Tls<'_>) -> fivewire_transport::Tls {
    fivewire_transport::Tls {
        ca_file: tls.ca.map(Into::into),
        verify: tls.verify,
        client_certificate: tls
            .certificate
            .zip(tls.key)
            .map(|(certificate, key)| ClientCertificate {
                certificate_file: certificate.into(),
                key_file: key.into(),
            }),
        server_name: tls.server_name.map(str::to_owned),
        alpn: tls.alpn.into_iter().map(str::to_owned).collect(),
    }
}

fn short(failure: &Failure) -> TcpFailure {
    match failure {
        Failure::ClosedHere => TcpFailure::NotOpened,
        Failure::NameNotFound => TcpFailure::NameNotFound,
        Failure::Refused => TcpFailure::Refused,
        Failure::Unreachable | Failure::TimedOut | Failure::Resources => TcpFailure::Unreachable,
        Failure::Ended | Failure::Lost | Failure::WebSocket(_) => TcpFailure::Lost,
        Failure::Tls(failure) => TcpFailure::Tls(short_tls(failure)),
        Failure::WebSocketRefused(status) => TcpFailure::WebSocketRefused(*status),
        Failure::Setting { setting, .. } => TcpFailure::Setting(match setting {
            Setting::CaFile => ConfigKey::TlsCa,
            Setting::CertificateFile => ConfigKey::TlsCertificate,
            Setting::KeyFile => ConfigKey::TlsKey,
            Setting::ServerName => ConfigKey::TlsServerName,
            Setting::WebSocketPath => ConfigKey::Websocket,
        }),
    }
}

fn short_tls(failure: &fivewire_transport::TlsFailure) -> TlsFailure {
    use fivewire_transport::TlsFailure as F;
    match failure {
        F::UnknownCa => TlsFailure::UnknownCa,
        F::WrongName => TlsFailure::WrongName,
        F::Expired | F::NotYetValid => TlsFailure::Expired,
        F::CertificateRequired | F::CertificateRefused(_) | F::Alert(_) | F::Other(_) => TlsFailure::Failed {
            alert: failure.alert().unwrap_or(0),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_configured_reaches_the_stream() {
        let broker = Endpoint {
            host: "b.example",
            port: 443,
            tls: Some(Tls {
                verify: false,
                ca: Some("ca.pem"),
                certificate: Some("own.pem"),
                key: Some("own.key"),
                server_name: Some("c.example"),
                alpn: Some("mqtt"),
                timeserver: "",
            }),
            websocket: Some("/mqtt"),
        };
        let tls = fivewire_transport::Tls {
            ca_file: Some("ca.pem".into()),
            verify: false,
            client_certificate: Some(ClientCertificate {
                certificate_file: "own.pem".into(),
                key_file: "own.key".into(),
            }),
            server_name: Some("c.example".to_owned()),
            alpn: vec!["mqtt".to_owned()],
        };
        let expected = fivewire_transport::Endpoint::new("b.example", 443);
        assert_eq!(endpoint(&broker), expected.with_tls(tls).with_websocket("/mqtt"));
    }

    #[test]
    fn a_network_that_goes_takes_the_connection_along() {
        let plain = Endpoint {
            host: "127.0.0.1",
            port: 1,
            tls: None,
            websocket: None,
        };
        let mut client = TcpClient::new();
        client.break_off();
        assert_eq!(client.state(|_| {}), Tcp::Closed(TcpFailure::NotOpened));
        client.open(&plain);
        client.break_off();
        let state = client.state(|_| {});
        let expected = [TcpFailure::Unreachable, TcpFailure::Lost].map(Tcp::Closed);
        assert!(expected.contains(&state), "{state:?}");
    }

    #[test]
    fn a_closed_port_is_refused_and_says_so_once() {
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let mut client = TcpClient::new();
        client.open(&Endpoint {
            host: "127.0.0.1",
            port,
            tls: None,
            websocket: None,
        });
        let mut told = Vec::new();
        while client.state(|failure| told.push(failure.clone())) == Tcp::Opening {
            std::thread::yield_now();
        }
        assert_eq!(
            client.state(|failure| told.push(failure.clone())),
            Tcp::Closed(TcpFailure::Refused)
        );
        assert_eq!(told, [Failure::Refused]);
    }
}
