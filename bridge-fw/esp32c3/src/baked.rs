//! Certificates and a key out of PEM files, as Rust source for the image: a board has no files.
//!
//! The build script includes this file, so that a file of no use is an error of the build. Deliberately no judgement of
//! what a certificate says: that is the handshake's.

use std::fmt::Write as _;
use std::path::Path;

use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

/// The object identifier of the curve P-256 as it stands in keys [RFC 5480, 2.1.1.1].
const P256: &[u8] = &[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];

/// Which files, if any.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Files<'a> {
    /// The authorities to trust.
    pub(crate) ca: Option<&'a Path>,
    /// The certificate to show.
    pub(crate) certificate: Option<&'a Path>,
    /// The key to it.
    pub(crate) key: Option<&'a Path>,
}

/// The constant `CREDENTIALS`.
///
/// # Errors
/// What is wrong with which file.
pub(crate) fn source(files: Files<'_>) -> Result<String, String> {
    let (name, authorities) = match files.ca {
        Some(file) => (named(file), certificates(file)?),
        None => Default::default(),
    };
    let identity = match (files.certificate, files.key) {
        (None, None) => "None".to_owned(),
        (Some(certificate), Some(key)) => identity(certificate, key)?,
        (Some(file), None) | (None, Some(file)) => {
            return Err(format!(
                "{}: a certificate and its key come together",
                file.display()
            ));
        }
    };
    let list: String = authorities.iter().fold(String::new(), |mut list, bytes| {
        let _ = write!(list, "&{bytes:?}, ");
        list
    });
    Ok(format!(
        "const CREDENTIALS: fivewire_bridge_fw_net::Credentials = fivewire_bridge_fw_net::Credentials {{ \
         ca: {name:?}, authorities: &[{list}], identity: {identity} }};\n"
    ))
}

fn identity(certificate: &Path, key: &Path) -> Result<String, String> {
    let found = certificates(certificate)?;
    let [shown] = &found[..] else {
        return Err(format!(
            "{}: {} certificates, and the board can show one only: leave its own, which the broker's authority must have signed",
            certificate.display(),
            found.len(),
        ));
    };
    Ok(format!(
        "Some(fivewire_bridge_fw_net::Identity {{ certificate_name: {:?}, certificate: &{shown:?}, key_name: {:?}, \
         key: &{:?} }})",
        named(certificate),
        named(key),
        private_key(key)?,
    ))
}

/// What the configuration calls a file: its name without its folder, which is the builder's own affair.
fn named(file: &Path) -> String {
    file.file_name()
        .unwrap_or(file.as_os_str())
        .to_string_lossy()
        .into_owned()
}

fn certificates(file: &Path) -> Result<Vec<Vec<u8>>, String> {
    let of_no_use = |error: rustls_pki_types::pem::Error| format!("{}: {error}", file.display());
    let found: Result<Vec<_>, _> = CertificateDer::pem_file_iter(file).map_err(of_no_use)?.collect();
    let found: Vec<_> = found
        .map_err(of_no_use)?
        .iter()
        .map(|certificate| certificate.to_vec())
        .collect();
    match found.is_empty() {
        true => Err(format!("{}: there is no certificate in it", file.display())),
        false => Ok(found),
    }
}

fn private_key(file: &Path) -> Result<Vec<u8>, String> {
    let key = PrivateKeyDer::from_pem_file(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let bytes = key.secret_der();
    match bytes.windows(P256.len()).any(|window| window == P256) {
        true => Ok(bytes.to_vec()),
        false => Err(format!(
            "{}: the bridge can sign with a key on the curve P-256 only (openssl ecparam -name prime256v1 -genkey)",
            file.display()
        )),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::*;

    const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n";

    /// A file that goes when the test does.
    struct File(PathBuf);

    impl File {
        fn new(name: &str, text: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("fivewire-baked-{}-{name}", std::process::id()));
            fs::create_dir_all(&folder).expect("there is room");
            let path = folder.join(name);
            fs::write(&path, text).expect("there is room");
            Self(path)
        }
    }

    impl Drop for File {
        fn drop(&mut self) {
            let _ = self.0.parent().map(fs::remove_dir_all);
        }
    }

    #[test]
    fn nothing_is_nothing() {
        let source = source(Files::default()).expect("nothing is wrong with it");
        assert!(
            source.contains(r#"ca: "", authorities: &[], identity: None"#),
            "{source}"
        );
    }

    #[test]
    fn authorities_are_known_by_the_name_of_their_file() {
        let file = File::new("home-ca.pem", &CERTIFICATE.repeat(2));
        let files = Files {
            ca: Some(&file.0),
            ..Files::default()
        };
        let source = source(files).expect("it is a good file");
        assert!(
            source.contains(r#"ca: "home-ca.pem", authorities: &[&[1, 2, 3], &[1, 2, 3], ]"#),
            "{source}"
        );
    }

    #[test]
    fn what_is_wrong_is_said_with_the_file() {
        let [empty, lone] = [
            File::new("empty.pem", "nothing"),
            File::new("lone.pem", CERTIFICATE),
        ];
        let error = |files| source(files).expect_err("it is wrong");
        let ca = Some(Path::new("no such file"));
        assert!(
            error(Files {
                ca,
                ..Files::default()
            })
            .starts_with("no such file: ")
        );
        let ca = Some(&*empty.0);
        assert!(
            error(Files {
                ca,
                ..Files::default()
            })
            .ends_with("empty.pem: there is no certificate in it")
        );
        let certificate = Some(&*lone.0);
        assert!(
            error(Files {
                certificate,
                ..Files::default()
            })
            .ends_with("come together")
        );
    }

    /// A chain that was cut would fail at the broker, far from the cause.
    #[test]
    fn a_chain_is_not_cut_to_its_first_certificate() {
        let [chain, key] = [
            File::new("chain.pem", &CERTIFICATE.repeat(2)),
            File::new("chain.key", ""),
        ];
        let files = Files {
            certificate: Some(&chain.0),
            key: Some(&key.0),
            ca: None,
        };
        let error = source(files).expect_err("the board shows one");
        assert!(error.contains("chain.pem: 2 certificates"), "{error}");
    }

    #[test]
    fn a_key_that_cannot_sign_is_refused_and_not_shown() {
        let sec1 =
            |der: &str| format!("-----BEGIN EC PRIVATE KEY-----\n{der}\n-----END EC PRIVATE KEY-----\n");
        let [shown, other] = [
            File::new("me.pem", CERTIFICATE),
            File::new("other.key", &sec1("MAMCAQE=")),
        ];
        let files = Files {
            certificate: Some(&shown.0),
            key: Some(&other.0),
            ca: None,
        };
        let error = source(files).expect_err("it is on no curve at all");
        assert!(error.contains("P-256 only") && !error.contains("MAMC"), "{error}");
        let good = File::new("good.key", &sec1("MA0CAQEGCCqGSM49AwEH"));
        let source = source(Files {
            key: Some(&good.0),
            ..files
        })
        .expect("it is on the curve");
        assert!(
            source.contains(r#"certificate_name: "me.pem""#) && source.contains(r#"key_name: "good.key""#)
        );
    }
}
