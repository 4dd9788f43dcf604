//! One connection: embedded-tls between the halves of a stream and the bridge's pipes, and what its errors mean.

use embassy_sync::blocking_mutex::raw::NoopRawMutex;
use embassy_sync::mutex::Mutex;
use embedded_io_async::{ErrorKind, ErrorType, Read, Write};
use embedded_tls::{
    Aes128GcmSha256, Certificate, CryptoProvider, CryptoRngCore, FlushPolicy, SignatureScheme, TlsConfig,
    TlsConnection, TlsContext, TlsError, TlsVerifier,
};
use fivewire_bridge::{TcpFailure, TlsFailure};
use p256::SecretKey;
use p256::ecdsa::signature::SignerMut;
use p256::ecdsa::{DerSignature, SigningKey};
use p256::elliptic_curve::rand_core::{self, CryptoRng, RngCore};
use p256::pkcs8::DecodePrivateKey as _;

use super::records::{Watch, Watched};
use super::verifier::Verifier;
use super::{Buffers, Identity, Random};
use crate::Line;

/// What the broker is told of this end.
pub(super) struct Offer<'a> {
    /// The name that the broker is told, none for an address [RFC 6066, 3].
    pub(super) name: Option<&'a str>,
    pub(super) alpn: Option<&'a str>,
    pub(super) identity: Option<Identity>,
}

/// Speaks TLS until one end has enough.
pub(super) async fn carry(
    (reader, writer): (impl Read, impl Write),
    buffers: &mut Buffers,
    offer: &Offer<'_>,
    verifier: Verifier<'_>,
    random: &mut impl Random,
    line: &Line,
) -> TcpFailure {
    let watch = Watch::new(buffers.read.len());
    let reader = Mutex::new(Watched::new(reader, &watch));
    let writer = Mutex::new(writer);
    let mut provider = Provider {
        random: Generator(random),
        verifier,
        identity: offer.identity,
    };
    let mut connection = TlsConnection::new(
        Both {
            reader: &reader,
            writer: &writer,
        },
        &mut buffers.read,
        &mut buffers.write,
    );
    // A record goes out when it is ready; waiting for the broker to acknowledge each would halve the speed.
    connection.set_flush_policy(FlushPolicy::Relaxed);
    let opened = open(&mut connection, offer, &mut provider).await;
    // Whatever embedded-tls says: no byte of the bridge's goes to whom the verifier did not find to be the broker.
    let verdict = provider.verifier.verdict();
    let ended = match (&opened, verdict) {
        (Ok(()), Ok(())) => exchange(connection, line).await,
        _ => TcpFailure::Lost,
    };
    let alert = watch.alert(&buffers.read).filter(|number| *number != 0);
    match (opened, verdict, ended) {
        (Ok(()), Ok(()), TcpFailure::Lost) => alert.map_or(TcpFailure::Lost, failed),
        (Ok(()), Ok(()), ended) => ended,
        (Ok(()), Err(refused), _) => TcpFailure::Tls(refused),
        (Err(error), _, _) => why(error, &provider.verifier, alert),
    }
}

async fn open<S: Read + Write>(
    connection: &mut TlsConnection<'_, S, Aes128GcmSha256>,
    offer: &Offer<'_>,
    provider: &mut Provider<'_, impl Random>,
) -> Result<(), TlsError> {
    let alpn = offer.alpn.map(|name| [name.as_bytes()]);
    let mut config = TlsConfig::new().enable_rsa_signatures();
    if let Some(name) = offer.name {
        config = config.with_server_name(name);
    }
    if let Some(alpn) = &alpn {
        config = config.with_alpn(alpn);
    }
    connection.open(TlsContext::new(&config, provider)).await
}

async fn exchange<S: Read + Write + Clone>(
    mut connection: TlsConnection<'_, S, Aes128GcmSha256>,
    line: &Line,
) -> TcpFailure {
    let (reader, writer) = connection.split();
    let ended = line.exchange(reader, writer).await;
    if ended == TcpFailure::NotOpened {
        // The peer may be gone already.
        let _ = connection.close().await;
    }
    ended
}

/// Why a handshake failed: what the verifier found, then what the peer said, then what embedded-tls knows.
fn why(error: TlsError, verifier: &Verifier<'_>, alert: Option<u8>) -> TcpFailure {
    match (verifier.refused(), alert, error) {
        (Some(refused), _, _) => TcpFailure::Tls(refused),
        (None, Some(alert), _) => failed(alert),
        (None, None, error) => unexplained(error),
    }
}

/// The same, where neither the verifier nor the peer has said anything.
fn unexplained(error: TlsError) -> TcpFailure {
    TcpFailure::Tls(TlsFailure::Other(match error {
        TlsError::Io(ErrorKind::InvalidData) => "what came is no TLS 1.3",
        TlsError::Io(_) | TlsError::IoError | TlsError::ConnectionClosed => return TcpFailure::Lost,
        TlsError::InvalidPrivateKey => "the private key cannot be read",
        TlsError::InsufficientSpace | TlsError::OutOfMemory => "the broker's messages are too long",
        TlsError::CryptoError => "what came cannot be decrypted",
        TlsError::InvalidCipherSuite | TlsError::InvalidSupportedVersions | TlsError::InvalidKeyShare => {
            "the broker chose what was not offered"
        }
        _ => "the broker's handshake is against the rules",
    }))
}

const fn failed(alert: u8) -> TcpFailure {
    TcpFailure::Tls(TlsFailure::Failed { alert })
}

/// The halves of a stream as one that can be cloned, as embedded-tls wants it to read and write at the same time. Each half
/// has one user, so that no lock is ever waited for.
struct Both<'m, R, W> {
    reader: &'m Mutex<NoopRawMutex, R>,
    writer: &'m Mutex<NoopRawMutex, W>,
}

impl<R, W> Clone for Both<'_, R, W> {
    fn clone(&self) -> Self {
        Self {
            reader: self.reader,
            writer: self.writer,
        }
    }
}

impl<R, W> ErrorType for Both<'_, R, W> {
    type Error = ErrorKind;
}

impl<R: Read, W> Read for Both<'_, R, W> {
    async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ErrorKind> {
        let read = self.reader.lock().await.read(buffer).await;
        read.map_err(|error| embedded_io_async::Error::kind(&error))
    }
}

impl<R, W: Write> Write for Both<'_, R, W> {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
        let written = self.writer.lock().await.write(bytes).await;
        written.map_err(|error| embedded_io_async::Error::kind(&error))
    }

    async fn flush(&mut self) -> Result<(), ErrorKind> {
        let flushed = self.writer.lock().await.flush().await;
        flushed.map_err(|error| embedded_io_async::Error::kind(&error))
    }
}

/// What embedded-tls asks for.
struct Provider<'a, R> {
    random: Generator<'a, R>,
    verifier: Verifier<'a>,
    identity: Option<Identity>,
}

impl<R: Random> CryptoProvider for Provider<'_, R> {
    type CipherSuite = Aes128GcmSha256;
    type Signature = DerSignature;

    fn rng(&mut self) -> impl CryptoRngCore {
        &mut self.random
    }

    fn verifier(&mut self) -> Result<&mut impl TlsVerifier<Aes128GcmSha256>, TlsError> {
        Ok(&mut self.verifier)
    }

    fn signer(&mut self) -> Result<(impl SignerMut<DerSignature>, SignatureScheme), TlsError> {
        self.verifier
            .verdict()
            .map_err(|_| TlsError::InvalidCertificate)?;
        let der = self.identity.ok_or(TlsError::InvalidPrivateKey)?.key;
        let key = SecretKey::from_pkcs8_der(der)
            .or_else(|_| SecretKey::from_sec1_der(der))
            .map_err(|_| TlsError::InvalidPrivateKey)?;
        Ok((SigningKey::from(key), SignatureScheme::EcdsaSecp256r1Sha256))
    }

    /// Asked for at any point of a handshake that embedded-tls is content with: only a proven broker learns who this is.
    fn client_cert(&mut self) -> Option<Certificate<impl AsRef<[u8]>>> {
        self.verifier.verdict().ok()?;
        self.identity
            .map(|identity| Certificate::X509(identity.certificate))
    }
}

/// The board's random numbers as RustCrypto takes them.
struct Generator<'a, R>(&'a mut R);

impl<R: Random> RngCore for Generator<'_, R> {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        u32::from_le_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        self.0.fill(bytes);
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rand_core::Error> {
        self.0.fill(bytes);
        Ok(())
    }
}

/// [`Random`] promises so.
impl<R: Random> CryptoRng for Generator<'_, R> {}
