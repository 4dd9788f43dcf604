//! TLS and WebSocket through both programs: what a user configures at the host, and what it then hears from the bridge.
//! All of TLS itself is tested with `fivewire-transport`.

use std::net::TcpListener;
use std::path::Path;

use crate::broker::{Broker, Folder, free_port};
use crate::certificates::{Authority, Identity, Validity};
use crate::pair::Pair;

/// An authority, and a broker whose certificate it signed.
struct Scene {
    folder: Folder,
    authority: Authority,
    broker: Broker,
}

impl Scene {
    /// A broker that says it is this one.
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
        Self {
            folder,
            authority,
            broker,
        }
    }

    fn pair(&self, keys: &[String]) -> Pair {
        pair(self.broker.port, keys)
    }

    /// The keys for a broker of this authority.
    fn trust(&self) -> Vec<String> {
        trust(&self.authority.file)
    }
}

/// Three publications, with these keys on top of the others.
fn pair(port: u16, keys: &[String]) -> Pair {
    let mut arguments = vec!["--interval", "0.01", "--count", "3"];
    arguments.extend(keys.iter().flat_map(|key| ["--set", key]));
    Pair::start(port, &arguments)
}

fn trust(ca: &Path) -> Vec<String> {
    vec!["tls=true".to_owned(), format!("tls_ca={}", ca.display())]
}

/// Each publication ends in a receipt, by the broker's own word.
fn all_delivered(mut pair: Pair) {
    let told = pair.host.finish();
    let delivered = told
        .iter()
        .filter(|value| value["event"] == "receipt" && value["receipt"] == "delivered");
    assert_eq!(delivered.count(), 3, "{told:#?}");
}

fn expect_status(pair: &mut Pair, name: &str, detail: u8) {
    let status = pair.host.expect("status", |value| value["status"] == name);
    assert_eq!(status["detail"], detail, "{name}");
}

#[test]
fn publications_reach_a_broker_over_tls() {
    let scene = Scene::new("127.0.0.1", Validity::Now);
    all_delivered(scene.pair(&scene.trust()));
}

#[test]
fn each_bad_certificate_has_its_status() {
    let scene = Scene::new("elsewhere.example", Validity::Now);
    expect_status(&mut scene.pair(&scene.trust()), "tls_wrong_name", 0);
    for validity in [Validity::Past, Validity::Future] {
        let scene = Scene::new("127.0.0.1", validity);
        expect_status(&mut scene.pair(&scene.trust()), "tls_expired", 0);
    }
    let scene = Scene::new("127.0.0.1", Validity::Now);
    let other = Authority::namesake(scene.folder.path(), "ca", "other");
    expect_status(&mut scene.pair(&trust(&other.file)), "tls_unknown_ca", 0);
}

#[test]
fn another_name_or_no_verification_at_all_can_be_asked_for() {
    let scene = Scene::new("elsewhere.example", Validity::Now);
    let mut named = scene.trust();
    named.push("tls_server_name=elsewhere.example".to_owned());
    named.push("tls_alpn=mqtt".to_owned());
    all_delivered(scene.pair(&named));
    let scene = Scene::new("elsewhere.example", Validity::Past);
    let keys = ["tls=true", "tls_verify=false"].map(str::to_owned);
    all_delivered(scene.pair(&keys));
}

#[test]
fn a_broker_that_demands_a_certificate_gets_it_or_says_so() {
    let lines = "cafile {ca}\nrequire_certificate true\n";
    let scene = Scene::with("127.0.0.1", Validity::Now, lines);
    expect_status(&mut scene.pair(&scene.trust()), "tls_failed", 116);

    let with = |own: &Identity| {
        let mut keys = scene.trust();
        keys.push(format!("tls_certificate={}", own.certificate.display()));
        keys.push(format!("tls_key={}", own.key.display()));
        keys
    };
    let good = scene.authority.sign("client", "a client", Validity::Now);
    all_delivered(scene.pair(&with(&good)));
    let late = scene.authority.sign("late", "a client", Validity::Past);
    expect_status(&mut scene.pair(&with(&late)), "tls_failed", 45);
}

#[test]
fn it_goes_on_by_itself_when_the_certificate_is_renewed() {
    let mut scene = Scene::new("127.0.0.1", Validity::Past);
    let mut pair = scene.pair(&scene.trust());
    expect_status(&mut pair, "tls_expired", 0);
    scene.broker.kill();
    scene.authority.sign("server", "127.0.0.1", Validity::Now);
    scene.broker.run();
    all_delivered(pair);
}

#[test]
fn a_file_that_is_not_there_is_told_by_its_key_here_and_by_its_name_at_the_bridge() {
    let scene = Scene::new("127.0.0.1", Validity::Now);
    let missing = scene.folder.path().join("missing.pem");
    let mut pair = scene.pair(&trust(&missing));
    let line = pair.bridge.expect("log", |value| value["level"] == "warn");
    let said = line["line"].as_str().unwrap();
    assert!(
        said.starts_with(&format!("CA file {}: cannot be read", missing.display())),
        "{said}"
    );
    // The id of `tls_ca`.
    expect_status(&mut pair, "config_rejected", 21);
    // It is looked for again with each attempt.
    std::fs::copy(&scene.authority.file, &missing).unwrap();
    all_delivered(pair);
}

/// Time enough for a handshake passes before the bridge gives such a server up.
#[test]
fn a_server_that_says_nothing_is_given_up_and_found_again_when_it_speaks() {
    let folder = Folder::new();
    let authority = Authority::new(folder.path(), "ca");
    let own = authority.sign("server", "127.0.0.1", Validity::Now);
    let mut broker = Broker::absent(&own.listener());
    let silent = TcpListener::bind(("127.0.0.1", broker.port)).unwrap();
    let mut pair = pair(broker.port, &trust(&authority.file));
    expect_status(&mut pair, "broker_down", 0);
    drop(silent);
    broker.run();
    all_delivered(pair);
}

#[test]
fn keys_of_tls_without_tls_are_refused_before_anything_is_sent_in_the_clear() {
    let broker = Broker::start();
    let mut pair = pair(broker.port, &["tls_ca=ca.pem".to_owned()]);
    // The id of `tls`.
    expect_status(&mut pair, "config_rejected", 15);
}

#[test]
fn publications_go_over_websockets_with_and_without_tls() {
    let folder = Folder::new();
    let authority = Authority::new(folder.path(), "ca");
    let own = authority.sign("server", "127.0.0.1", Validity::Now);
    let [plain, secure] = [free_port(), free_port()];
    let websockets = |port: u16| format!("listener {port} 127.0.0.1\nprotocol websockets\n");
    let lines = [websockets(plain), websockets(secure), own.listener()].concat();
    let mut broker = Broker::absent(&lines);
    broker.run();
    let path = "websocket=/mqtt".to_owned();
    all_delivered(pair(plain, std::slice::from_ref(&path)));
    let mut keys = trust(&authority.file);
    keys.push(path);
    all_delivered(pair(secure, &keys));
}
