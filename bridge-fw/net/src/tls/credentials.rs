//! What an image trusts and shows. A board has no files, so that these are put into it when it is built; the keys of the
//! configuration that name files name what was put there.

use core::fmt;

use fivewire_bridge::ConfigKey;
use rustls_pki_types::CertificateDer;
use webpki::anchor_from_trusted_cert;

use crate::TlsTarget;

/// Authorities, and who this board is. Certificates and keys are DER.
#[derive(Clone, Copy, Debug, Default)]
pub struct Credentials {
    /// What `tls_ca` may say, beside nothing.
    pub ca: &'static str,
    /// Certificates of the authorities to trust, and no others.
    pub authorities: &'static [&'static [u8]],
    /// For a broker that asks who this is.
    pub identity: Option<Identity>,
}

/// A certificate and the private key to it, on the curve P-256.
#[derive(Clone, Copy)]
pub struct Identity {
    /// What `tls_certificate` says to show it.
    pub certificate_name: &'static str,
    /// The certificate.
    pub certificate: &'static [u8],
    /// What `tls_key` says.
    pub key_name: &'static str,
    /// The key, PKCS#8 or SEC1.
    pub key: &'static [u8],
}

impl Credentials {
    /// What this target may have of it: the identity, where it names it.
    ///
    /// # Errors
    /// The key whose value names what is not here; `tls_ca` also when the broker is to be verified and there is no authority
    /// to do it with, or one that cannot be read.
    pub(super) fn of(&self, tls: &TlsTarget) -> Result<Option<Identity>, ConfigKey> {
        let is_other = |wanted: &Option<heapless::String<96>>, have: &str| {
            wanted.as_ref().is_some_and(|name| name.as_str() != have)
        };
        if is_other(&tls.ca, self.ca) || (tls.verify && !self.has_authorities()) {
            return Err(ConfigKey::TlsCa);
        }
        if tls.certificate.is_none() && tls.key.is_none() {
            return Ok(None);
        }
        let Some(identity) = self.identity else {
            return Err(ConfigKey::TlsCertificate);
        };
        if is_other(&tls.certificate, identity.certificate_name) {
            return Err(ConfigKey::TlsCertificate);
        } else if is_other(&tls.key, identity.key_name) {
            return Err(ConfigKey::TlsKey);
        }
        Ok(Some(identity))
    }

    fn has_authorities(&self) -> bool {
        let can_be_read = |der: &&[u8]| anchor_from_trusted_cert(&CertificateDer::from(*der)).is_ok();
        !self.authorities.is_empty() && self.authorities.iter().all(can_be_read)
    }
}

/// The key stays a secret.
impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("certificate_name", &self.certificate_name)
            .field("key_name", &self.key_name)
            .field("key", &"<redacted>")
            .finish_non_exhaustive()
    }
}
