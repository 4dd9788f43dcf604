//! Somebody who speaks TLS 1.3 as it should be, and shows no certificate or one that is not his: key exchange,
//! EncryptedExtensions, what he pretends, Finished [RFC 8446, 4.1.3, 4.3, 4.4, 7.1]. No library would do that, so it is
//! written out here.

use aes_gcm::aead::{Aead as _, KeyInit as _, Payload};
use aes_gcm::{Aes128Gcm, Nonce};
use embassy_net::tcp::TcpSocket;
use embedded_io_async::Write as _;
use hkdf::Hkdf;
use hkdf::hmac::{Hmac, Mac};
use p256::ecdh::diffie_hellman;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{DerSignature, SigningKey};
use p256::elliptic_curve::sec1::ToEncodedPoint as _;
use p256::pkcs8::DecodePrivateKey as _;
use p256::{PublicKey, SecretKey};
use sha2::{Digest as _, Sha256};

/// Where a ClientHello has its key share: group, length, and the first byte of an uncompressed point.
const SHARE: &[u8] = &[0x00, 0x17, 0x00, 0x41, 0x04];
const POINT: usize = 65;

/// What he pretends.
#[derive(Clone, Copy, Default)]
pub(crate) struct Impostor<'a> {
    /// He asks who the client is.
    pub(crate) asks: bool,
    /// He shows this certificate.
    pub(crate) certificate: Option<&'a [u8]>,
    /// He signs the handshake with this key.
    pub(crate) key: Option<&'a [u8]>,
}

impl Impostor<'_> {
    /// Does so, and tells how many bytes the client answered with.
    pub(crate) async fn serve(self, socket: &mut TcpSocket<'_>) -> usize {
        let mut buffer = [0; 2048];
        let length = socket.read(&mut buffer).await.unwrap();
        let hello = &buffer[5..length];
        let own = SecretKey::from_slice(&[7; 32]).unwrap();
        let shared = diffie_hellman(own.to_nonzero_scalar(), share(hello).as_affine());
        let server_hello = server_hello(own.public_key().to_encoded_point(false).as_bytes());
        let said = [hello, &server_hello].concat();
        let secret = handshake_secret(shared.raw_secret_bytes(), &said);
        let records = [
            [&[22, 3, 3, 0, server_hello.len() as u8][..], &server_hello].concat(),
            sealed(&secret, &self.messages(&secret, &said)),
        ];
        socket.write_all(&records.concat()).await.unwrap();
        let mut answered = 0;
        while let Ok(length @ 1..) = socket.read(&mut buffer).await {
            answered += length;
        }
        answered
    }

    /// What goes under encryption, after all this was said.
    fn messages(self, secret: &Hkdf<Sha256>, said: &[u8]) -> Vec<u8> {
        let mut messages = message(8, &[0, 0]);
        if self.asks {
            // Signatures on P-256.
            messages.extend(message(13, &[0, 0, 8, 0, 13, 0, 4, 0, 2, 4, 3]));
        }
        if let Some(certificate) = self.certificate {
            let entry = [&counted::<3>(certificate)[..], &[0, 0]].concat();
            messages.extend(message(11, &[&[0][..], &counted::<3>(&entry)].concat()));
        }
        if let Some(key) = self.key {
            let proof = signed(key, &Sha256::digest([said, &messages].concat()));
            messages.extend(message(15, &[&[4, 3][..], &counted::<2>(&proof)].concat()));
        }
        let mut proof =
            <Hmac<Sha256> as Mac>::new_from_slice(&expand::<32>(secret, "finished", b"")).unwrap();
        proof.update(&Sha256::digest([said, &messages].concat()));
        messages.extend(message(20, &proof.finalize().into_bytes()));
        messages
    }
}

/// A handshake message.
fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind][..], &counted::<3>(body)].concat()
}

/// Bytes behind their number, in `N` bytes.
fn counted<const N: usize>(bytes: &[u8]) -> Vec<u8> {
    let number = (bytes.len() as u32).to_be_bytes();
    [&number[4 - N..], bytes].concat()
}

/// What a server signs.
fn signed(key: &[u8], said: &[u8]) -> Vec<u8> {
    let message = [&[0x20; 64][..], b"TLS 1.3, server CertificateVerify\0", said].concat();
    let signature: DerSignature = SigningKey::from_pkcs8_der(key).unwrap().sign(&message);
    signature.as_bytes().to_vec()
}

/// The client's half of the key exchange.
fn share(hello: &[u8]) -> PublicKey {
    let group = hello
        .windows(SHARE.len())
        .position(|window| window == SHARE)
        .unwrap();
    let at = group + SHARE.len() - 1;
    PublicKey::from_sec1_bytes(&hello[at..at + POINT]).unwrap()
}

fn server_hello(share: &[u8]) -> Vec<u8> {
    let extensions = [&[0, 43, 0, 2, 3, 4, 0, 51, 0, 69, 0, 0x17, 0, 65][..], share].concat();
    let body = [
        &[3, 3][..],
        &[9; 32],
        &[0, 0x13, 0x01, 0, 0, extensions.len() as u8],
        &extensions,
    ]
    .concat();
    [&[2, 0, 0, body.len() as u8][..], &body].concat()
}

/// The server's handshake traffic secret.
fn handshake_secret(shared: &[u8], said: &[u8]) -> Hkdf<Sha256> {
    let (_, early) = Hkdf::<Sha256>::extract(None, &[0; 32]);
    let salt: [u8; 32] = expand(&early, "derived", &Sha256::digest(b""));
    let (_, handshake) = Hkdf::<Sha256>::extract(Some(&salt), shared);
    let secret: [u8; 32] = expand(&handshake, "s hs traffic", &Sha256::digest(said));
    Hkdf::from_prk(&secret).unwrap()
}

/// HKDF-Expand-Label.
fn expand<const N: usize>(secret: &Hkdf<Sha256>, label: &str, context: &[u8]) -> [u8; N] {
    let label = [b"tls13 ", label.as_bytes()].concat();
    let info = [
        &[0, N as u8, label.len() as u8][..],
        &label,
        &[context.len() as u8],
        context,
    ];
    let mut out = [0; N];
    secret.expand(&info.concat(), &mut out).unwrap();
    out
}

/// The first record under encryption, so that the nonce is the vector itself.
fn sealed(secret: &Hkdf<Sha256>, messages: &[u8]) -> Vec<u8> {
    let cipher = Aes128Gcm::new(&expand::<16>(secret, "key", b"").into());
    let plain = [messages, &[22]].concat();
    let [high, low] = (plain.len() as u16 + 16).to_be_bytes();
    let header = [23, 3, 3, high, low];
    let payload = Payload {
        msg: &plain,
        aad: &header,
    };
    let nonce = expand::<12>(secret, "iv", b"");
    [
        &header[..],
        &cipher.encrypt(Nonce::from_slice(&nonce), payload).unwrap(),
    ]
    .concat()
}
