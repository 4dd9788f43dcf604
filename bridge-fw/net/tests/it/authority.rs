//! Certificates that live as long as a test.

use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, PKCS_ECDSA_P256_SHA256,
    PKCS_ECDSA_P384_SHA384, SignatureAlgorithm, date_time_ymd,
};

pub(crate) const P256: &SignatureAlgorithm = &PKCS_ECDSA_P256_SHA256;
pub(crate) const P384: &SignatureAlgorithm = &PKCS_ECDSA_P384_SHA384;

/// Someone with a certificate: an authority, or who is certified by one. All is DER.
pub(crate) struct Party {
    issuer: Issuer<'static, KeyPair>,
    pub(crate) certificate: Vec<u8>,
    pub(crate) key: Vec<u8>,
}

/// From which year to which it is valid.
pub(crate) type Years = (i32, i32);
pub(crate) const ALWAYS: Years = (1975, 4096);

/// A key of 2048 bits, which takes its time to make. It opens nothing.
pub(crate) fn rsa() -> KeyPair {
    KeyPair::from_pem(include_str!("rsa.pem")).unwrap()
}

pub(crate) fn key(algorithm: &'static SignatureAlgorithm) -> KeyPair {
    KeyPair::generate_for(algorithm).unwrap()
}

impl Party {
    /// An authority that signed its own certificate.
    pub(crate) fn root(name: &str, key: KeyPair) -> Self {
        let params = params(name, &[], true, ALWAYS);
        let certificate = params.self_signed(&key).unwrap().der().to_vec();
        Self::new(params, key, certificate)
    }

    /// An authority that this one certifies.
    pub(crate) fn below(&self, name: &str, key: KeyPair) -> Self {
        self.certify(params(name, &[], true, ALWAYS), key)
    }

    /// A broker or client of this name or address.
    pub(crate) fn sign(&self, name: &str, key: KeyPair, years: Years) -> Self {
        self.certify(params(name, &[name], false, years), key)
    }

    fn certify(&self, params: CertificateParams, key: KeyPair) -> Self {
        let certificate = params.signed_by(&key, &self.issuer).unwrap().der().to_vec();
        Self::new(params, key, certificate)
    }

    fn new(params: CertificateParams, key: KeyPair, certificate: Vec<u8>) -> Self {
        Self {
            certificate,
            key: key.serialize_der(),
            issuer: Issuer::new(params, key),
        }
    }
}

fn params(name: &str, names: &[&str], authority: bool, (from, to): Years) -> CertificateParams {
    let mut params =
        CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = match authority {
        true => IsCa::Ca(BasicConstraints::Unconstrained),
        false => IsCa::ExplicitNoCa,
    };
    (params.not_before, params.not_after) = (date_time_ymd(from, 1, 1), date_time_ymd(to, 1, 1));
    params
}
