//! What rustls is told: whom to trust, who this client is. ring does the cryptography. The connection is `secured`'s.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    ClientConfig, ConfigBuilder, DigitallySignedStruct, RootCertStore, SignatureScheme, WantsVerifier,
};

use crate::endpoint::{ClientCertificate, Tls};
use crate::failure::{Failure, Setting, TlsFailure};
use crate::pem;

/// Reads the files and puts it all together; blocks while it reads.
pub(crate) fn configure(tls: &Tls) -> Result<Arc<ClientConfig>, Failure> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(other)?;
    let builder = if tls.verify {
        builder.with_root_certificates(roots(tls)?)
    } else {
        unverified(builder, provider)
    };
    let mut config = match &tls.client_certificate {
        None => builder.with_no_client_auth(),
        Some(own) => with_certificate(builder, own)?,
    };
    config.alpn_protocols = tls.alpn.iter().map(|name| name.clone().into_bytes()).collect();
    Ok(Arc::new(config))
}

type NeedsCertificate = ConfigBuilder<ClientConfig, rustls::client::WantsClientCert>;

fn with_certificate(builder: NeedsCertificate, own: &ClientCertificate) -> Result<ClientConfig, Failure> {
    let chain = pem::certificates(&own.certificate_file, Setting::CertificateFile)?;
    let key = pem::private_key(&own.key_file)?;
    let file = own.key_file.display();
    builder
        .with_client_auth_cert(chain, key)
        .map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => Setting::KeyFile.useless(
                file,
                format_args!(
                    "does not belong to the certificate in {}",
                    own.certificate_file.display()
                ),
            ),
            error => Setting::KeyFile.useless(file, format_args!("cannot be used: {error}")),
        })
}

/// The authorities of the file, or the system's.
fn roots(tls: &Tls) -> Result<RootCertStore, Failure> {
    let mut roots = RootCertStore::empty();
    match &tls.ca_file {
        Some(file) => {
            for certificate in pem::certificates(file, Setting::CaFile)? {
                roots.add(certificate).map_err(|error| {
                    Setting::CaFile.useless(file.display(), format_args!("cannot be used: {error}"))
                })?;
            }
        }
        None => {
            // One bad file among a hundred good ones is no reason to trust none.
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    if roots.is_empty() {
        let help = "none is installed; install them (Debian: ca-certificates), or give a CA file";
        return Err(Setting::CaFile.useless("of the system", help));
    }
    Ok(roots)
}

/// The name as TLS wants it.
pub(crate) fn server_name(name: &str) -> Result<ServerName<'static>, Failure> {
    ServerName::try_from(name.to_owned())
        .map_err(|_| Setting::ServerName.useless(name, "neither a DNS name nor an address"))
}

pub(crate) fn other(error: rustls::Error) -> Failure {
    Failure::Tls(TlsFailure::of(&error))
}

fn unverified(
    builder: ConfigBuilder<ClientConfig, WantsVerifier>,
    provider: Arc<CryptoProvider>,
) -> NeedsCertificate {
    builder
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Unverified(provider)))
}

/// Takes any certificate. Its owner must still prove to have the key, which costs nothing and finds broken servers.
#[derive(Debug)]
struct Unverified(Arc<CryptoProvider>);

impl ServerCertVerifier for Unverified {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(
            message,
            certificate,
            signed,
            &self.0.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(
            message,
            certificate,
            signed,
            &self.0.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
