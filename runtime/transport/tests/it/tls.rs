//! Certificates: whom a stream trusts, whom a broker trusts, and what is said when they do not.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use fivewire_transport::{ClientCertificate, Endpoint, Failure, Setting, Tls, TlsFailure};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::broker::{Broker, Folder};
use crate::certificates::{Authority, Identity, Validity};
use crate::server::{config, trusting};
use crate::talk::{ended, failed, opened, publish, until};

const DEMANDS_CERTIFICATE: &str = "cafile {ca}\nrequire_certificate true\n";

/// A broker with a certificate for this name, and TLS that trusts who signed it.
struct Scene {
    folder: Folder,
    authority: Authority,
    broker: Broker,
    tls: Tls,
}

impl Scene {
    fn new(name: &str, validity: Validity) -> Self {
        Self::with(name, validity, "")
    }

    /// With more lines of configuration for the broker; `{ca}` stands for the authority's file.
    fn with(name: &str, validity: Validity, lines: &str) -> Self {
        let folder = Folder::new();
        let authority = Authority::new(folder.path(), "ca");
        let own = authority.sign("server", name, validity);
        let lines = lines.replace("{ca}", authority.file.to_str().unwrap());
        let mut broker = Broker::absent(&format!("{}{lines}", own.listener()));
        broker.run();
        let tls = trusting(&authority);
        Self {
            folder,
            authority,
            broker,
            tls,
        }
    }

    fn endpoint(&self, host: &str, tls: Tls) -> Endpoint {
        Endpoint::new(host, self.broker.port).with_tls(tls)
    }

    /// Why there is no connection to localhost.
    fn failure(&self, tls: Tls) -> Failure {
        failed(&self.endpoint("localhost", tls))
    }
}

/// A server that shakes hands with one client and looks at what came of it; where it listens.
fn handshake<T: Send + 'static>(
    config: ServerConfig,
    look: fn(&ServerConnection) -> T,
) -> (u16, JoinHandle<T>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        let connection = ServerConnection::new(Arc::new(config)).unwrap();
        let mut stream = StreamOwned::new(connection, listener.accept().unwrap().0);
        // Fails where the two have nothing in common.
        let _ = stream.conn.complete_io(&mut stream.sock);
        look(&stream.conn)
    });
    (port, server)
}

fn client(own: &Identity) -> Option<ClientCertificate> {
    Some(ClientCertificate {
        certificate_file: own.certificate.clone(),
        key_file: own.key.clone(),
    })
}

#[test]
fn a_good_certificate_connects_by_name_and_by_address() {
    for host in ["localhost", "127.0.0.1"] {
        let scene = Scene::new(host, Validity::Now);
        publish(&mut opened(&scene.endpoint(host, scene.tls.clone())));
    }
}

#[test]
fn a_bad_certificate_is_refused_for_what_is_bad_about_it() {
    let scene = Scene::new("elsewhere.example", Validity::Now);
    assert_eq!(
        scene.failure(scene.tls.clone()),
        Failure::Tls(TlsFailure::WrongName)
    );
    let scene = Scene::new("localhost", Validity::Past);
    assert_eq!(
        scene.failure(scene.tls.clone()),
        Failure::Tls(TlsFailure::Expired)
    );
    let scene = Scene::new("localhost", Validity::Future);
    assert_eq!(
        scene.failure(scene.tls.clone()),
        Failure::Tls(TlsFailure::NotYetValid)
    );
}

#[test]
fn an_unknown_authority_is_refused_even_with_the_name_of_a_known_one() {
    let scene = Scene::new("localhost", Validity::Now);
    let unknown = Failure::Tls(TlsFailure::UnknownCa);
    let other = Authority::new(scene.folder.path(), "other");
    assert_eq!(scene.failure(trusting(&other)), unknown);
    let namesake = Authority::namesake(scene.folder.path(), "ca", "namesake");
    assert_eq!(scene.failure(trusting(&namesake)), unknown);
}

#[test]
fn a_certificate_that_signed_itself_is_refused() {
    let folder = Folder::new();
    let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let files = Identity {
        certificate: folder.path().join("self.pem"),
        key: folder.path().join("self.key"),
    };
    std::fs::write(&files.certificate, own.cert.pem()).unwrap();
    std::fs::write(&files.key, own.signing_key.serialize_pem()).unwrap();
    let mut broker = Broker::absent(&files.listener());
    broker.run();
    let other = Authority::new(folder.path(), "ca");
    let endpoint = Endpoint::new("localhost", broker.port).with_tls(trusting(&other));
    assert_eq!(failed(&endpoint), Failure::Tls(TlsFailure::UnknownCa));
}

#[test]
fn an_authority_that_plays_server_is_told_as_such() {
    let folder = Folder::new();
    let authority = Authority::new(folder.path(), "ca");
    let own = Identity {
        certificate: authority.file.clone(),
        key: authority.file.with_extension("key"),
    };
    let mut broker = Broker::absent(&own.listener());
    broker.run();
    let failure = failed(&Endpoint::new("localhost", broker.port).with_tls(trusting(&authority)));
    let said = failure.to_string();
    assert!(
        said.starts_with("TLS: the broker shows an authority's own certificate"),
        "{said}"
    );
}

#[test]
fn a_server_that_knows_no_newer_version_is_spoken_to_in_1_2() {
    let folder = Folder::new();
    let authority = Authority::new(folder.path(), "ca");
    let own = authority.sign("server", "localhost", Validity::Now);
    let config = config(&own, &[&rustls::version::TLS12]);
    let (port, server) = handshake(config, |connection| connection.protocol_version());
    drop(opened(
        &Endpoint::new("localhost", port).with_tls(trusting(&authority)),
    ));
    assert_eq!(server.join().unwrap(), Some(rustls::ProtocolVersion::TLSv1_2));
}

#[test]
fn another_name_can_be_asked_for() {
    let scene = Scene::new("elsewhere.example", Validity::Now);
    let tls = Tls {
        server_name: Some("elsewhere.example".to_owned()),
        ..scene.tls.clone()
    };
    publish(&mut opened(&scene.endpoint("127.0.0.1", tls)));
}

#[test]
fn nothing_is_verified_when_it_is_said_in_so_many_words() {
    let scene = Scene::new("elsewhere.example", Validity::Past);
    let tls = Tls {
        ca_file: None,
        verify: false,
        ..scene.tls.clone()
    };
    publish(&mut opened(&scene.endpoint("localhost", tls)));
}

#[test]
fn a_client_certificate_that_is_demanded_must_be_there_and_good() {
    let scene = Scene::with("localhost", Validity::Now, DEMANDS_CERTIFICATE);
    let with = |own: &Identity| Tls {
        client_certificate: client(own),
        ..scene.tls.clone()
    };
    let good = scene.authority.sign("client", "a client", Validity::Now);
    publish(&mut opened(&scene.endpoint("localhost", with(&good))));

    let without = scene.failure(scene.tls.clone());
    assert_eq!(without, Failure::Tls(TlsFailure::CertificateRequired));

    let other = Authority::new(scene.folder.path(), "other");
    let strange = scene.failure(with(&other.sign("strange", "a stranger", Validity::Now)));
    assert_eq!(
        strange,
        Failure::Tls(TlsFailure::CertificateRefused(48)),
        "unknown_ca"
    );
    let late = scene.authority.sign("late", "a client", Validity::Past);
    let late = scene.failure(with(&late));
    assert_eq!(
        late,
        Failure::Tls(TlsFailure::CertificateRefused(45)),
        "certificate_expired"
    );
}

#[test]
fn an_alert_is_found_even_when_writing_fails_first() {
    let scene = Scene::with("localhost", Validity::Now, DEMANDS_CERTIFICATE);
    let mut stream = opened(&scene.endpoint("localhost", scene.tls.clone()));
    // Nothing is read; the peer's end is noticed by writing alone.
    until("the end", || {
        stream.write(&[0; 1024]);
        matches!(stream.state(), fivewire_transport::State::Closed(_)).then_some(())
    });
    assert_eq!(ended(&mut stream), Failure::Tls(TlsFailure::CertificateRequired));
}

#[test]
fn protocol_names_are_offered_and_a_server_that_knows_none_of_them_says_so() {
    let folder = Folder::new();
    let authority = Authority::new(folder.path(), "ca");
    let own = authority.sign("server", "localhost", Validity::Now);
    for (known, expected) in [
        ("mqtt", Ok(Some(b"mqtt".to_vec()))),
        ("h2", Err(TlsFailure::Alert(120))),
    ] {
        let mut config = config(&own, rustls::ALL_VERSIONS);
        config.alpn_protocols = vec![known.into()];
        let (port, server) = handshake(config, |connection| {
            connection.alpn_protocol().map(<[u8]>::to_vec)
        });
        let tls = Tls {
            alpn: vec!["mqtt".to_owned(), "x-mqtt".to_owned()],
            ..trusting(&authority)
        };
        let endpoint = Endpoint::new("localhost", port).with_tls(tls);
        match expected {
            Ok(chosen) => {
                drop(opened(&endpoint));
                assert_eq!(server.join().unwrap(), chosen);
            }
            Err(failure) => assert_eq!(failed(&endpoint), Failure::Tls(failure)),
        }
    }
}

#[test]
fn a_broker_without_tls_is_no_broker_with_tls() {
    let broker = Broker::start();
    let endpoint = Endpoint::new("localhost", broker.port).with_tls(Tls::default());
    let failure = failed(&endpoint);
    assert!(
        matches!(failure, Failure::Lost | Failure::Tls(TlsFailure::Other(_))),
        "{failure:?}"
    );
}

#[test]
fn the_authorities_of_the_system_do_not_know_those_of_a_test() {
    let scene = Scene::new("localhost", Validity::Now);
    let failure = scene.failure(Tls::default());
    let none = matches!(
        failure,
        Failure::Setting {
            setting: Setting::CaFile,
            ..
        }
    );
    assert!(
        none || failure == Failure::Tls(TlsFailure::UnknownCa),
        "{failure:?}"
    );
}

#[test]
fn a_file_that_is_of_no_use_is_named_with_what_to_do() {
    let folder = Folder::new();
    let authority = Authority::new(folder.path(), "ca");
    let [one, two] = ["one", "two"].map(|file| authority.sign(file, "a client", Validity::Now));
    let (missing, words) = (folder.path().join("missing.pem"), folder.path().join("words.pem"));
    std::fs::write(&words, "no PEM at all\n").unwrap();
    let ca = |file: &Path| Tls {
        ca_file: Some(file.to_owned()),
        ..Tls::default()
    };
    let own = |certificate: &PathBuf, key: &PathBuf| Tls {
        client_certificate: client(&Identity {
            certificate: certificate.clone(),
            key: key.clone(),
        }),
        ..trusting(&authority)
    };
    let check = |tls: Tls, wanted: Setting, file: &Path, said: &str| {
        // Files are looked at before anybody is called.
        let failure = failed(&Endpoint::new("no name has spaces", 1).with_tls(tls));
        let text = failure.to_string();
        let Failure::Setting { setting, .. } = failure else {
            panic!("{failure:?}")
        };
        assert_eq!(setting, wanted, "{text}");
        assert!(
            text.contains(file.to_str().unwrap()) && text.contains(said),
            "{text}"
        );
    };
    check(
        ca(&missing),
        Setting::CaFile,
        &missing,
        "cannot be read: No such file",
    );
    check(ca(&words), Setting::CaFile, &words, "holds no certificate");
    check(ca(&one.key), Setting::CaFile, &one.key, "holds no certificate");
    check(
        own(&missing, &one.key),
        Setting::CertificateFile,
        &missing,
        "cannot be read",
    );
    check(
        own(&one.certificate, &missing),
        Setting::KeyFile,
        &missing,
        "cannot be read",
    );
    check(
        own(&one.certificate, &words),
        Setting::KeyFile,
        &words,
        "holds no private key",
    );
    check(
        own(&one.certificate, &two.key),
        Setting::KeyFile,
        &two.key,
        "does not belong",
    );
}

#[test]
fn a_name_that_cannot_be_one_is_told() {
    let broker = Broker::start();
    let tls = Tls {
        server_name: Some("not a name".to_owned()),
        ..Tls::default()
    };
    let tls = Tls { verify: false, ..tls };
    let failure = failed(&Endpoint::new("localhost", broker.port).with_tls(tls));
    let expected = "server name not a name: neither a DNS name nor an address";
    assert_eq!(failure.to_string(), expected);
}
