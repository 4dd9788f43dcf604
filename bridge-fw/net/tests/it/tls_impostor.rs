//! Somebody who speaks TLS 1.3 as it should be and shows no certificate: key exchange, EncryptedExtensions, Finished
//! [RFC 8446, 4.1.3, 4.3.1, 4.4.4, 7.1]. No library would do that, so it is written out here.

use aes_gcm::aead::{Aead as _, KeyInit as _, Payload};
use aes_gcm::{Aes128Gcm, Nonce};
use embassy_net::tcp::TcpSocket;
use embedded_io_async::Write as _;
use hkdf::Hkdf;
use hkdf::hmac::{Hmac, Mac};
use p256::ecdh::diffie_hellman;
use p256::elliptic_curve::sec1::ToEncodedPoint as _;
use p256::{PublicKey, SecretKey};
use sha2::{Digest as _, Sha256};

/// Where a ClientHello has its key share: group, length, and the first byte of an uncompressed point.
const SHARE: &[u8] = &[0x00, 0x17, 0x00, 0x41, 0x04];
const POINT: usize = 65;

/// Does so, and tells how many bytes the client answered with.
pub(crate) async fn serve(socket: &mut TcpSocket<'_>) -> usize {
    let mut buffer = [0; 2048];
    let hello = {
        let length = socket.read(&mut buffer).await.unwrap();
        buffer[5..length].to_vec()
    };
    let at = hello
        .windows(SHARE.len())
        .position(|window| window == SHARE)
        .unwrap()
        + SHARE.len()
        - 1;
    let theirs = PublicKey::from_sec1_bytes(&hello[at..at + POINT]).unwrap();
    let own = SecretKey::from_slice(&[7; 32]).unwrap();
    let shared = diffie_hellman(own.to_nonzero_scalar(), theirs.as_affine());
    let server_hello = server_hello(own.public_key().to_encoded_point(false).as_bytes());
    let said = [hello, server_hello.clone()].concat();
    let secret = handshake_secret(shared.raw_secret_bytes(), &said);

    let extensions = [8, 0, 0, 2, 0, 0];
    let mut proof = <Hmac<Sha256> as Mac>::new_from_slice(&expand::<32>(&secret, "finished", b"")).unwrap();
    proof.update(&Sha256::digest([&said[..], &extensions].concat()));
    let finished = [&[20, 0, 0, 32][..], &proof.finalize().into_bytes()].concat();

    let records = [
        [&[22, 3, 3, 0, server_hello.len() as u8][..], &server_hello].concat(),
        sealed(&secret, &[&extensions[..], &finished].concat()),
    ];
    socket.write_all(&records.concat()).await.unwrap();
    let mut answered = 0;
    while let Ok(length @ 1..) = socket.read(&mut buffer).await {
        answered += length;
    }
    answered
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
fn handshake_secret(shared: &[u8], said: &[u8]) -> [u8; 32] {
    let (early, _) = Hkdf::<Sha256>::extract(None, &[0; 32]);
    let salt: [u8; 32] = expand(&early, "derived", &Sha256::digest(b""));
    let (handshake, _) = Hkdf::<Sha256>::extract(Some(&salt), shared);
    expand(&handshake, "s hs traffic", &Sha256::digest(said))
}

/// HKDF-Expand-Label.
fn expand<const N: usize>(secret: &[u8], label: &str, context: &[u8]) -> [u8; N] {
    let label = [b"tls13 ", label.as_bytes()].concat();
    let info = [
        &[0, N as u8, label.len() as u8][..],
        &label,
        &[context.len() as u8],
        context,
    ];
    let mut out = [0; N];
    let hkdf = Hkdf::<Sha256>::from_prk(secret).unwrap();
    hkdf.expand(&info.concat(), &mut out).unwrap();
    out
}

/// The first record under encryption, so that the nonce is the vector itself.
fn sealed(secret: &[u8], messages: &[u8]) -> Vec<u8> {
    let cipher = Aes128Gcm::new(&expand::<16>(secret, "key", b"").into());
    let plain = [messages, &[22]].concat();
    let header = [23, 3, 3, 0, (plain.len() + 16) as u8];
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
