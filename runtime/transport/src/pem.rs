//! Certificates and keys from PEM files. An error names the file and says what to do; no content is ever shown.

use std::path::Path;

use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::failure::{Failure, Setting};

/// All certificates of a file, which must hold one at least.
pub(crate) fn certificates(file: &Path, setting: Setting) -> Result<Vec<CertificateDer<'static>>, Failure> {
    let read = CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    match read {
        Ok(found) if found.is_empty() => Err(no_certificate(file, setting)),
        Ok(found) => Ok(found),
        Err(error) => Err(unreadable(file, setting, &error)),
    }
}

/// The first private key of a file: PKCS #1, PKCS #8 or SEC1.
pub(crate) fn private_key(file: &Path) -> Result<PrivateKeyDer<'static>, Failure> {
    PrivateKeyDer::from_pem_file(file).map_err(|error| match error {
        pem::Error::NoItemsFound => Setting::KeyFile.useless(
            file.display(),
            "holds no private key; it must be PEM (-----BEGIN PRIVATE KEY-----), without a passphrase",
        ),
        error => unreadable(file, Setting::KeyFile, &error),
    })
}

fn no_certificate(file: &Path, setting: Setting) -> Failure {
    setting.useless(
        file.display(),
        "holds no certificate; it must be PEM (-----BEGIN CERTIFICATE-----)",
    )
}

fn unreadable(file: &Path, setting: Setting, error: &pem::Error) -> Failure {
    match error {
        pem::Error::Io(error) => setting.useless(
            file.display(),
            format_args!("cannot be read: {error}; see to its path and permissions"),
        ),
        // Others would show lines of the file.
        _ => setting.useless(file.display(), "is not PEM, or damaged; write it anew"),
    }
}
