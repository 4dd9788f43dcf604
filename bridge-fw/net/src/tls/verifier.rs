//! Is this the broker? Chain, dates, name (webpki's rules, as rustls has them), and the proof that whoever is there has the
//! certificate's key.
//!
//! embedded-tls asks a verifier and, where the peer leaves a step out, does not: a handshake that never showed a
//! certificate ends well there. So the verifier notes how far the peer came, and who uses it must ask
//! [`Verifier::verdict`] before a byte of the bridge's goes out, and before this end says who it is. embedded-tls's own
//! verifier, `rustpki`, is not used: it takes any certificate that the authority once signed for an authority, and one
//! authority alone.

use alloc::vec::Vec;

use embedded_tls::{
    Aes128GcmSha256, CertificateEntryRef, CertificateRef, CertificateVerifyRef, Sha256, TlsError, TlsVerifier,
};
use fivewire_bridge::TlsFailure;
use rustls_pki_types::{CertificateDer, ServerName, TrustAnchor, UnixTime};
use sha2::Digest as _;
use webpki::{EndEntityCert, Error, KeyUsage, anchor_from_trusted_cert};

use super::algorithms;

const NO_CERTIFICATE: TlsFailure = TlsFailure::Other("the broker did not show one certificate");
const NO_KEY: TlsFailure = TlsFailure::Other("the broker did not prove to have its certificate's key");

/// Whom to trust.
#[derive(Clone, Copy, Debug)]
pub(super) enum Trust {
    /// Whoever one of these certificates signed for, at this time in seconds since 1970.
    Authorities {
        certificates: &'static [&'static [u8]],
        unix_time: u32,
    },
    /// Anybody; whoever it is must have the key of the certificate that it shows.
    Anybody,
}

/// How far the peer came.
#[derive(Debug)]
enum Proof {
    /// It showed nothing.
    Nothing,
    /// It showed a good certificate; this is the hash of what was said so far.
    Certificate { leaf: Vec<u8>, said: Sha256 },
    /// It has the key as well.
    Key,
    /// It is not the broker, for this reason.
    Refused(TlsFailure),
}

/// Looks at what one peer shows.
#[derive(Debug)]
pub(super) struct Verifier<'a> {
    trust: Trust,
    name: ServerName<'a>,
    proof: Proof,
}

impl<'a> Verifier<'a> {
    pub(super) const fn new(trust: Trust, name: ServerName<'a>) -> Self {
        Self {
            trust,
            name,
            proof: Proof::Nothing,
        }
    }

    /// Whether the peer has proved to be the broker.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) const fn verdict(&self) -> Result<(), TlsFailure> {
        match self.proof {
            Proof::Key => Ok(()),
            Proof::Refused(failure) => Err(failure),
            Proof::Nothing => Err(NO_CERTIFICATE),
            Proof::Certificate { .. } => Err(NO_KEY),
        }
    }

    /// What was found to be wrong with the peer, if it came to that.
    pub(super) const fn refused(&self) -> Option<TlsFailure> {
        match self.proof {
            Proof::Refused(failure) => Some(failure),
            Proof::Nothing | Proof::Certificate { .. } | Proof::Key => None,
        }
    }

    fn refuse(&mut self, failure: TlsFailure) -> TlsError {
        self.proof = Proof::Refused(failure);
        TlsError::InvalidCertificate
    }

    fn look_at(&self, leaf: &CertificateDer<'_>, others: &[CertificateDer<'_>]) -> Result<(), TlsFailure> {
        let Trust::Authorities {
            certificates,
            unix_time,
        } = self.trust
        else {
            return Ok(());
        };
        let roots: Vec<_> = certificates
            .iter()
            .map(|bytes| CertificateDer::from(*bytes))
            .collect();
        // All can be read: `Credentials` was asked.
        let anchors: Vec<TrustAnchor<'_>> = roots
            .iter()
            .filter_map(|root| anchor_from_trusted_cert(root).ok())
            .collect();
        let now = UnixTime::since_unix_epoch(core::time::Duration::from_secs(unix_time.into()));
        let certificate = EndEntityCert::try_from(leaf).map_err(failure)?;
        certificate
            .verify_for_usage(
                algorithms::ALL,
                &anchors,
                others,
                now,
                KeyUsage::server_auth(),
                None,
                None,
            )
            .map_err(failure)?;
        certificate
            .verify_is_valid_for_subject_name(&self.name)
            .map_err(failure)
    }
}

impl TlsVerifier<Aes128GcmSha256> for Verifier<'_> {
    /// The name was given when the verifier was made: it may be an address, which is no name to embedded-tls.
    fn set_hostname_verification(&mut self, _: &str) -> Result<(), TlsError> {
        Ok(())
    }

    fn verify_certificate(&mut self, said: &Sha256, shown: CertificateRef<'_>) -> Result<(), TlsError> {
        let mut chain = shown.entries.iter().filter_map(|entry| match entry {
            CertificateEntryRef::X509(bytes) => Some(CertificateDer::from(*bytes)),
            CertificateEntryRef::RawPublicKey(_) => None,
        });
        let leaf = chain.next().filter(|_| matches!(self.proof, Proof::Nothing));
        let Some(leaf) = leaf else {
            return Err(self.refuse(NO_CERTIFICATE));
        };
        let others: Vec<_> = chain.collect();
        if let Err(failure) = self.look_at(&leaf, &others) {
            return Err(self.refuse(failure));
        }
        self.proof = Proof::Certificate {
            leaf: leaf.to_vec(),
            said: said.clone(),
        };
        Ok(())
    }

    fn verify_signature(&mut self, shown: CertificateVerifyRef<'_>) -> Result<(), TlsError> {
        let Proof::Certificate { leaf, said } = core::mem::replace(&mut self.proof, Proof::Nothing) else {
            return Err(self.refuse(NO_CERTIFICATE));
        };
        let leaf = CertificateDer::from(leaf);
        let signed = EndEntityCert::try_from(&leaf).ok().and_then(|certificate| {
            let algorithm = algorithms::of_handshake(shown.signature_scheme)?;
            let message = signed_message(said);
            certificate
                .verify_signature(algorithm, &message, shown.signature)
                .ok()
        });
        match signed {
            Some(()) => self.proof = Proof::Key,
            None => return Err(self.refuse(NO_KEY)),
        }
        Ok(())
    }
}

/// What a server signs [RFC 8446, 4.4.3].
fn signed_message(said: Sha256) -> Vec<u8> {
    const CONTEXT: &[u8] = b"TLS 1.3, server CertificateVerify\0";
    let mut message = alloc::vec![0x20; 64];
    message.extend_from_slice(CONTEXT);
    message.extend_from_slice(&said.finalize());
    message
}

fn failure(error: Error) -> TlsFailure {
    match error {
        // An authority of the same name with another key signed it, or with a signature that nobody trusts any more.
        Error::UnknownIssuer
        | Error::InvalidSignatureForPublicKey
        | Error::UnsupportedSignatureAlgorithmContext(_)
        | Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => TlsFailure::UnknownCa,
        Error::CertNotValidForName(_) => TlsFailure::WrongName,
        Error::CertExpired { .. } | Error::CertNotValidYet { .. } => TlsFailure::Expired,
        Error::CaUsedAsEndEntity => TlsFailure::Other("the broker shows an authority's certificate"),
        Error::EndEntityUsedAsCa | Error::PathLenConstraintViolated | Error::NameConstraintViolation => {
            TlsFailure::Other("signed by a certificate that may not sign for this broker")
        }
        Error::RequiredEkuNotFoundContext(_) => TlsFailure::Other("the certificate is not for a server"),
        Error::BadDer | Error::BadDerTime | Error::MalformedExtensions | Error::TrailingData(_) => {
            TlsFailure::Other("a certificate cannot be read")
        }
        _ => TlsFailure::Other("a certificate is against the rules"),
    }
}
