//! Certificate authorities that live as long as a test, and what they sign.

use std::path::{Path, PathBuf};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};

/// From when to when a certificate is valid.
#[derive(Clone, Copy)]
pub(crate) enum Validity {
    Now,
    Past,
    Future,
}

/// Two PEM files.
#[derive(Clone)]
pub(crate) struct Identity {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

/// An authority; its files, and those of what it signs, are in a folder of the test.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    folder: PathBuf,
    /// PEM file of its own certificate; the key to it is beside it, in a file that ends in `.key`.
    pub(crate) file: PathBuf,
}

impl Authority {
    /// One called so, in a file called so.
    pub(crate) fn new(folder: &Path, name: &str) -> Self {
        Self::namesake(folder, name, name)
    }

    /// One with the name of another, but its own key and file.
    pub(crate) fn namesake(folder: &Path, name: &str, file: &str) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        write(folder, &format!("{file}.key"), &key.serialize_pem());
        let file = write(folder, &format!("{file}.pem"), &pem);
        Self {
            issuer: Issuer::new(params, key),
            folder: folder.to_owned(),
            file,
        }
    }

    /// A certificate for this name or address and the key to it, in files called after `file`.
    pub(crate) fn sign(&self, file: &str, name: &str, validity: Validity) -> Identity {
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        let (from, to) = match validity {
            Validity::Now => (1975, 4096),
            Validity::Past => (1975, 2000),
            Validity::Future => (4000, 4096),
        };
        (params.not_before, params.not_after) = (date_time_ymd(from, 1, 1), date_time_ymd(to, 1, 1));
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Identity {
            certificate: write(&self.folder, &format!("{file}.pem"), &certificate.pem()),
            key: write(&self.folder, &format!("{file}.key"), &key.serialize_pem()),
        }
    }
}

impl Identity {
    /// The lines of mosquitto's configuration that make a listener speak TLS with it.
    pub(crate) fn listener(&self) -> String {
        let (certificate, key) = (self.certificate.display(), self.key.display());
        format!("allow_anonymous true\ncertfile {certificate}\nkeyfile {key}\n")
    }
}

fn write(folder: &Path, file: &str, text: &str) -> PathBuf {
    let path = folder.join(file);
    std::fs::write(&path, text).unwrap();
    path
}
