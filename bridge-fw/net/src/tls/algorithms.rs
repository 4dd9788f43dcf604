//! Signatures that a broker's certificates and its handshake may bear: ECDSA on P-256 and P-384, RSA from 2048 to 4096 bits.
//! In Rust throughout, so that the same code runs on a computer, in an emulator and on a board.
//!
//! Deliberately without SHA-1, without RSA keys that are too short to trust, and without Ed25519, which no public authority
//! issues; and only what verifies: no secret passes through here.

use embedded_tls::SignatureScheme;
use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
use rsa::pkcs1::DecodeRsaPublicKey as _;
use rsa::traits::PublicKeyParts as _;
use rsa::{Pkcs1v15Sign, Pss, RsaPublicKey};
use rustls_pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

/// Shortest RSA modulus in bytes.
const RSA_LEAST: usize = 2048 / 8;

#[derive(Clone, Copy, Debug)]
enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

#[derive(Clone, Copy, Debug)]
enum Key {
    P256,
    P384,
    RsaPkcs1,
    RsaPss,
}

/// A kind of key and a hash.
#[derive(Debug)]
pub(super) struct Algorithm(Key, Hash);

const P256_SHA256: Algorithm = Algorithm(Key::P256, Hash::Sha256);
const P384_SHA384: Algorithm = Algorithm(Key::P384, Hash::Sha384);
const PSS_SHA256: Algorithm = Algorithm(Key::RsaPss, Hash::Sha256);
const PSS_SHA384: Algorithm = Algorithm(Key::RsaPss, Hash::Sha384);
const PSS_SHA512: Algorithm = Algorithm(Key::RsaPss, Hash::Sha512);

/// What certificates may be signed with.
pub(super) const ALL: &[&dyn SignatureVerificationAlgorithm] = &[
    &P256_SHA256,
    &Algorithm(Key::P256, Hash::Sha384),
    &Algorithm(Key::P384, Hash::Sha256),
    &P384_SHA384,
    &Algorithm(Key::RsaPkcs1, Hash::Sha256),
    &Algorithm(Key::RsaPkcs1, Hash::Sha384),
    &Algorithm(Key::RsaPkcs1, Hash::Sha512),
    &PSS_SHA256,
    &PSS_SHA384,
    &PSS_SHA512,
];

/// What the broker may sign its handshake with [RFC 8446, 4.2.3]: there each curve has its hash, and RSA is PSS.
pub(super) fn of_handshake(scheme: SignatureScheme) -> Option<&'static Algorithm> {
    match scheme {
        SignatureScheme::EcdsaSecp256r1Sha256 => Some(&P256_SHA256),
        SignatureScheme::EcdsaSecp384r1Sha384 => Some(&P384_SHA384),
        SignatureScheme::RsaPssRsaeSha256 => Some(&PSS_SHA256),
        SignatureScheme::RsaPssRsaeSha384 => Some(&PSS_SHA384),
        SignatureScheme::RsaPssRsaeSha512 => Some(&PSS_SHA512),
        _ => None,
    }
}

impl Hash {
    /// The digest; its length is the first number.
    fn of(self, message: &[u8]) -> (usize, [u8; 64]) {
        let mut out = [0; 64];
        let mut put = |digest: &[u8]| {
            out.iter_mut().zip(digest).for_each(|(to, from)| *to = *from);
            digest.len()
        };
        let length = match self {
            Self::Sha256 => put(&Sha256::digest(message)),
            Self::Sha384 => put(&Sha384::digest(message)),
            Self::Sha512 => put(&Sha512::digest(message)),
        };
        (length, out)
    }

    fn pkcs1(self) -> Pkcs1v15Sign {
        match self {
            Self::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
            Self::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
            Self::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
        }
    }

    /// The salt is as long as the hash [RFC 8446, 4.2.3].
    fn pss(self) -> Pss {
        match self {
            Self::Sha256 => Pss::new::<Sha256>(),
            Self::Sha384 => Pss::new::<Sha384>(),
            Self::Sha512 => Pss::new::<Sha512>(),
        }
    }
}

impl SignatureVerificationAlgorithm for Algorithm {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let Self(key, hash) = self;
        let (length, digest) = hash.of(message);
        let digest = digest.get(..length).ok_or(InvalidSignature)?;
        match key {
            Key::P256 => p256(public_key, digest, signature),
            Key::P384 => p384(public_key, digest, signature),
            Key::RsaPkcs1 => rsa(public_key)?
                .verify(hash.pkcs1(), digest, signature)
                .map_err(|_| InvalidSignature),
            Key::RsaPss => rsa(public_key)?
                .verify(hash.pss(), digest, signature)
                .map_err(|_| InvalidSignature),
        }
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        match self.0 {
            Key::P256 => alg_id::ECDSA_P256,
            Key::P384 => alg_id::ECDSA_P384,
            Key::RsaPkcs1 | Key::RsaPss => alg_id::RSA_ENCRYPTION,
        }
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        match self {
            Self(Key::P256 | Key::P384, Hash::Sha256) => alg_id::ECDSA_SHA256,
            Self(Key::P256 | Key::P384, Hash::Sha384) => alg_id::ECDSA_SHA384,
            Self(Key::P256 | Key::P384, Hash::Sha512) => alg_id::ECDSA_SHA512,
            Self(Key::RsaPkcs1, Hash::Sha256) => alg_id::RSA_PKCS1_SHA256,
            Self(Key::RsaPkcs1, Hash::Sha384) => alg_id::RSA_PKCS1_SHA384,
            Self(Key::RsaPkcs1, Hash::Sha512) => alg_id::RSA_PKCS1_SHA512,
            Self(Key::RsaPss, Hash::Sha256) => alg_id::RSA_PSS_SHA256,
            Self(Key::RsaPss, Hash::Sha384) => alg_id::RSA_PSS_SHA384,
            Self(Key::RsaPss, Hash::Sha512) => alg_id::RSA_PSS_SHA512,
        }
    }
}

fn p256(public_key: &[u8], digest: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(public_key).map_err(|_| InvalidSignature)?;
    let signature = p256::ecdsa::Signature::from_der(signature).map_err(|_| InvalidSignature)?;
    key.verify_prehash(digest, &signature)
        .map_err(|_| InvalidSignature)
}

fn p384(public_key: &[u8], digest: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
    let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(public_key).map_err(|_| InvalidSignature)?;
    let signature = p384::ecdsa::Signature::from_der(signature).map_err(|_| InvalidSignature)?;
    key.verify_prehash(digest, &signature)
        .map_err(|_| InvalidSignature)
}

/// The crate itself refuses more than 4096 bits.
fn rsa(public_key: &[u8]) -> Result<RsaPublicKey, InvalidSignature> {
    let key = RsaPublicKey::from_pkcs1_der(public_key).map_err(|_| InvalidSignature)?;
    if key.size() < RSA_LEAST {
        return Err(InvalidSignature);
    }
    Ok(key)
}
