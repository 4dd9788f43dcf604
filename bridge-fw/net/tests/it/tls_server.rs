//! A broker's end of TLS: rustls over a socket of the peer's stack. It sends back what it gets.

use std::io::{Read as _, Write as _};
use std::sync::Arc;

use embassy_net::tcp::TcpSocket;
use embedded_io_async::Write as _;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{ProtocolVersion, RootCertStore, ServerConfig, ServerConnection, SupportedProtocolVersion};

use crate::authority::Party;

/// How a server is set up.
pub(crate) struct Setup<'a> {
    /// Its certificate first, those above it behind.
    pub(crate) chain: Vec<&'a Party>,
    /// Who must have signed a client's certificate.
    pub(crate) demands: Option<&'a Party>,
    pub(crate) versions: &'static [&'static SupportedProtocolVersion],
    pub(crate) alpn: &'static [&'static str],
}

impl<'a> Setup<'a> {
    pub(crate) fn of(chain: &[&'a Party]) -> Self {
        Self {
            chain: chain.to_vec(),
            demands: None,
            versions: rustls::ALL_VERSIONS,
            alpn: &[],
        }
    }

    fn config(&self) -> Arc<ServerConfig> {
        let provider = Arc::new(default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(self.versions)
            .unwrap();
        let builder = match self.demands {
            None => builder.with_no_client_auth(),
            Some(authority) => {
                let mut roots = RootCertStore::empty();
                roots
                    .add(CertificateDer::from(authority.certificate.clone()))
                    .unwrap();
                let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider);
                builder.with_client_cert_verifier(verifier.build().unwrap())
            }
        };
        let chain = self
            .chain
            .iter()
            .map(|party| CertificateDer::from(party.certificate.clone()));
        let key = PrivateKeyDer::try_from(self.chain[0].key.clone()).unwrap();
        let mut config = builder.with_single_cert(chain.collect(), key).unwrap();
        config.alpn_protocols = self.alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
        Arc::new(config)
    }

    /// Serves one connection to its end, and tells how it went.
    pub(crate) async fn serve(&self, socket: &mut TcpSocket<'_>) -> Served {
        let mut tls = ServerConnection::new(self.config()).unwrap();
        let mut served = Served::default();
        let mut buffer = [0; 1024];
        while !served.said_goodbye {
            send(&mut tls, socket).await;
            let length = socket.read(&mut buffer).await.unwrap_or(0);
            if length == 0 || !take(&mut tls, &buffer[..length], &mut served) {
                break;
            }
        }
        send(&mut tls, socket).await;
        served.version = tls.protocol_version();
        served.alpn = tls.alpn_protocol().map(<[u8]>::to_vec);
        served.client = tls.peer_certificates().map(|chain| chain[0].to_vec());
        served
    }
}

/// What a server saw.
#[derive(Debug, Default)]
pub(crate) struct Served {
    pub(crate) bytes: usize,
    pub(crate) said_goodbye: bool,
    pub(crate) version: Option<ProtocolVersion>,
    pub(crate) alpn: Option<Vec<u8>>,
    pub(crate) client: Option<Vec<u8>>,
}

/// False when TLS is over with an error.
fn take(tls: &mut ServerConnection, mut bytes: &[u8], served: &mut Served) -> bool {
    while !bytes.is_empty() {
        tls.read_tls(&mut bytes).unwrap();
        let Ok(state) = tls.process_new_packets() else {
            return false;
        };
        served.said_goodbye |= state.peer_has_closed();
        let mut plain = vec![0; state.plaintext_bytes_to_read()];
        tls.reader().read_exact(&mut plain).unwrap();
        served.bytes += plain.len();
        tls.writer().write_all(&plain).unwrap();
    }
    true
}

async fn send(tls: &mut ServerConnection, socket: &mut TcpSocket<'_>) {
    let mut records = Vec::new();
    while tls.wants_write() {
        tls.write_tls(&mut records).unwrap();
    }
    // A client that is gone takes none.
    let _ = socket.write_all(&records).await;
    let _ = socket.flush().await;
}
