//! The same client over TLS, or over a WebSocket: only the transport differs.
//!
//! The broker's certificate is verified, against `--ca-file` or the authorities of the system. What is wrong with it is
//! said with each attempt.

use std::path::PathBuf;

use clap::Parser;
use fivewire_client::{Options, Publish, V5};
use fivewire_transport::{ClientCertificate, Endpoint, Tls, default_port};

use crate::support::{Arguments, Outcome, run};

#[path = "support/counter.rs"]
mod counter;
mod support;

/// Publishes a counter over TLS.
#[derive(Parser, Debug)]
struct Secure {
    #[command(flatten)]
    common: Arguments,
    /// PEM file of the certificate authority to trust; without, those of the system
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// PEM file of this client's certificate, for brokers that ask
    #[arg(long, value_name = "FILE", requires = "key")]
    certificate: Option<PathBuf>,
    /// PEM file of the key that belongs to it
    #[arg(long, value_name = "FILE", requires = "certificate")]
    key: Option<PathBuf>,
    /// The name the broker's certificate must have, where it is not the host's
    #[arg(long, value_name = "NAME")]
    server_name: Option<String>,
    /// MQTT over a WebSocket at this path
    #[arg(long, value_name = "PATH")]
    websocket: Option<String>,
}

fn main() -> Outcome {
    let arguments = Secure::parse();
    let options = Options::new(&arguments.common.client_id);
    let endpoint = endpoint(&arguments);
    run::<V5>(&arguments.common, endpoint, options, async |client| {
        counter::count(&arguments.common, client, Publish::qos2()).await
    })
}

fn endpoint(arguments: &Secure) -> Endpoint {
    let certificate = arguments.certificate.clone().zip(arguments.key.clone());
    let tls = Tls {
        ca_file: arguments.ca_file.clone(),
        client_certificate: certificate.map(|(certificate_file, key_file)| ClientCertificate {
            certificate_file,
            key_file,
        }),
        server_name: arguments.server_name.clone(),
        ..Tls::default()
    };
    let port = default_port(true, arguments.websocket.is_some());
    let endpoint = arguments.common.endpoint(port).with_tls(tls);
    match &arguments.websocket {
        Some(path) => endpoint.with_websocket(path),
        None => endpoint,
    }
}
