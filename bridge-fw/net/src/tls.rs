//! TLS 1.3 for boards: embedded-tls for the handshake and the records, webpki for the certificates, both in Rust.
//! Why these two and not mbedTLS stands in the README.
//!
//! embedded-tls is pinned and not trusted: its own verifier is not used, and `records` and `verifier` keep from it what it
//! does not stand, but for one thing that is under encryption: a handshake message that does not belong there once bytes
//! flow. Only the peer of the handshake can send it, so the broker, and it panics; the board then starts anew. Without
//! verification, that peer is anybody.
//!
//! What it cannot do: TLS 1.2; a key exchange but on P-256, and being asked for another one (HelloRetryRequest); a cipher
//! but AES-128-GCM; Ed25519; key updates (the connection is made anew); a client key that is not P-256, or certificates
//! between it and its authority. Without a clock nothing is verified, so that [`Clock`] asks for the time first.

mod algorithms;
mod clock;
mod credentials;
mod records;
mod session;
mod verifier;

use core::fmt;

use embassy_net::Stack;
use embassy_net::tcp::TcpSocket;
use embedded_io_async::{Read, Write};
use fivewire_bridge::{ConfigKey, TcpFailure, TlsFailure};
use rustls_pki_types::ServerName;

pub use clock::Clock;
pub use credentials::{Credentials, Identity};

use crate::secure::halves;
use crate::{Line, NoTls, Secure, Target, TlsTarget};
use session::Offer;
use verifier::{Trust, Verifier};

/// A record as long as they may be, which a broker may send at any time [RFC 8446, 5.2].
const READ_BYTES: usize = (1 << 14) + 256;
/// What is sent at once, a client certificate included.
const WRITE_BYTES: usize = 4096;

/// A source of random numbers that nobody can foresee: keys are made of them.
pub trait Random {
    /// Fills `bytes`.
    fn fill(&mut self, bytes: &mut [u8]);
}

/// Records as they come and go.
struct Buffers {
    read: [u8; READ_BYTES],
    write: [u8; WRITE_BYTES],
}

/// TLS over a board's sockets. It is large: keep it in a static.
pub struct Tls<'s, R> {
    stack: Stack<'s>,
    random: R,
    credentials: Credentials,
    clock: Clock,
    buffers: Buffers,
}

impl<'s, R: Random> Tls<'s, R> {
    /// With what the image holds. Its clock asks over the same stack.
    pub const fn new(stack: Stack<'s>, random: R, credentials: Credentials) -> Self {
        Self {
            stack,
            random,
            credentials,
            clock: Clock::new(),
            buffers: Buffers {
                read: [0; READ_BYTES],
                write: [0; WRITE_BYTES],
            },
        }
    }

    /// The clock that certificates are held against.
    pub const fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Carries bytes over the halves of a stream, with TLS as this target says.
    async fn carry_over(
        &mut self,
        stream: (impl Read, impl Write),
        target: &Target,
        tls: &TlsTarget,
        line: &Line,
    ) -> TcpFailure {
        let (identity, name) = match (self.credentials.of(tls), name_of(target, tls)) {
            (Ok(identity), Ok(name)) => (identity, name),
            (Err(key), _) | (_, Err(key)) => return TcpFailure::Setting(key),
        };
        let Some(trust) = self.trust(tls).await else {
            return TcpFailure::Tls(TlsFailure::NoTime);
        };
        let offer = Offer {
            name: match &name {
                ServerName::DnsName(name) => Some(name.as_ref()),
                _ => None,
            },
            alpn: tls.alpn.as_deref(),
            identity,
        };
        let verifier = Verifier::new(trust, name.clone());
        let ended = session::carry(
            stream,
            &mut self.buffers,
            &offer,
            verifier,
            &mut self.random,
            line,
        )
        .await;
        if ended == TcpFailure::Tls(TlsFailure::Expired) {
            self.clock.doubt();
        }
        ended
    }

    async fn trust(&mut self, tls: &TlsTarget) -> Option<Trust> {
        if !tls.verify {
            return Some(Trust::Anybody);
        }
        let mut nonce = [0; 8];
        self.random.fill(&mut nonce);
        let unix_time = self.clock.learn(self.stack, &tls.timeserver, nonce).await?;
        Some(Trust::Authorities {
            certificates: self.credentials.authorities,
            unix_time,
        })
    }
}

/// The name that the certificate must have.
fn name_of<'a>(target: &'a Target, tls: &'a TlsTarget) -> Result<ServerName<'a>, ConfigKey> {
    match &tls.server_name {
        Some(name) => ServerName::try_from(name.as_str()).map_err(|_| ConfigKey::TlsServerName),
        None => ServerName::try_from(target.host.as_str()).map_err(|_| ConfigKey::Broker),
    }
}

impl<R: Random> Secure for Tls<'_, R> {
    /// All of TLS, and no WebSocket. Whether the image holds what a key names shows when the connection is opened.
    fn supports(key: ConfigKey) -> bool {
        use ConfigKey as K;
        matches!(
            key,
            K::Tls | K::TlsVerify | K::TlsCa | K::TlsCertificate | K::TlsKey | K::TlsServerName | K::TlsAlpn
        )
    }

    async fn carry(&mut self, socket: &mut TcpSocket<'_>, target: &Target, line: &Line) -> TcpFailure {
        match &target.tls {
            Some(_) if target.websocket.is_some() => TcpFailure::Setting(ConfigKey::Websocket),
            Some(tls) => self.carry_over(halves(socket), target, tls, line).await,
            None => NoTls.carry(socket, target, line).await,
        }
    }
}

/// No key, and nothing that was received.
impl<R> fmt::Debug for Tls<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls")
            .field("credentials", &self.credentials)
            .field("clock", &self.clock)
            .finish_non_exhaustive()
    }
}
