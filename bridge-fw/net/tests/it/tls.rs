//! TLS against rustls: who is taken for the broker and who is not, and in which words.

use embassy_futures::join::join;
use embassy_futures::select::select3;
use fivewire_bridge::{ConfigKey, Endpoint, Tcp, TcpFailure, Tls, TlsFailure};
use fivewire_bridge_fw_net::{Credentials, Identity, Random, Secure, Sockets, Tls as BoardTls};
use rustls::version::TLS12;
use rustls::{ProtocolVersion, SupportedProtocolVersion};

use crate::authority::{ALWAYS, P256, P384, Party, key, rsa};
use crate::clock;
use crate::tls_impostor::Impostor;
use crate::tls_server::{Served, Setup};
use crate::world::{
    NAME, PEER_TEXT, accept, at, closed, pattern, read_exact, settled, until, with_secure, write_all,
};

/// 2026, when the certificates of these tests are good.
const NOW: u32 = 1_790_000_000;
const PORT: u16 = 8883;
static OLD: &[&SupportedProtocolVersion] = &[&TLS12];

/// Numbers that a test may foresee.
struct Counter(u8);

impl Random for Counter {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            self.0 = self.0.wrapping_mul(5).wrapping_add(113);
            *byte = self.0;
        }
    }
}

/// What an image holds; it is as long-lived as an image.
fn image(authorities: &[&Party]) -> Credentials {
    let certificates: Vec<&'static [u8]> = authorities
        .iter()
        .map(|party| &*party.certificate.clone().leak())
        .collect();
    Credentials {
        ca: "ca.pem",
        authorities: certificates.leak(),
        identity: None,
    }
}

fn with_identity(credentials: Credentials, client: &Party) -> Credentials {
    Credentials {
        identity: Some(Identity {
            certificate_name: "me.pem",
            certificate: client.certificate.clone().leak(),
            key_name: "me.key",
            key: client.key.clone().leak(),
        }),
        ..credentials
    }
}

const PLAIN: Tls<'static> = Tls {
    verify: true,
    ca: None,
    certificate: None,
    key: None,
    server_name: None,
    alpn: None,
    timeserver: PEER_TEXT,
};

fn broker<'a>(host: &'a str, tls: Tls<'a>) -> Endpoint<'a> {
    Endpoint {
        tls: Some(tls),
        ..at(host, PORT)
    }
}

/// Connects to a server that is set up so, and does `body` with the connection.
fn meet<T: Default>(
    credentials: Credentials,
    endpoint: &Endpoint<'_>,
    server: &Setup<'_>,
    body: impl AsyncFnOnce(&Sockets, Tcp) -> T,
) -> (T, Served) {
    let mut came = Default::default();
    with_secure(
        |stack| {
            let tls = BoardTls::new(stack, Counter(1), credentials);
            tls.clock().set(NOW);
            tls
        },
        async |sockets, peer| {
            sockets.tcp.open(endpoint);
            let serving = accept(peer, PORT, async |socket| server.serve(socket).await);
            let client = async {
                let state = settled(&sockets.tcp).await;
                let result = body(sockets, state).await;
                sockets.tcp.close();
                result
            };
            let (served, result) = join(serving, client).await;
            came = (result, served);
        },
    );
    came
}

/// How a connection to it ends or stands.
fn outcome(credentials: Credentials, endpoint: &Endpoint<'_>, chain: &[&Party]) -> Option<Tcp> {
    meet(credentials, endpoint, &Setup::of(chain), async |_, state| {
        Some(state)
    })
    .0
}

const fn refused(failure: TlsFailure) -> Option<Tcp> {
    Some(Tcp::Closed(TcpFailure::Tls(failure)))
}

#[test]
fn bytes_go_both_ways_and_the_end_is_said() {
    let ca = Party::root("ca", key(P256));
    let server = ca.sign(NAME, key(P256), ALWAYS);
    let sent = pattern(20_000);
    let body = async |sockets: &Sockets, state| {
        assert_eq!(state, Tcp::Open);
        let (mut rest, mut back, mut buffer) = (&sent[..], Vec::new(), [0; 512]);
        until(&sockets.tcp, || {
            rest = &rest[sockets.tcp.write(rest)..];
            while let length @ 1.. = sockets.tcp.read(&mut buffer) {
                back.extend_from_slice(&buffer[..length]);
            }
            back.len() == sent.len()
        })
        .await;
        back == sent
    };
    let (came_back, served) = meet(image(&[&ca]), &broker(NAME, PLAIN), &Setup::of(&[&server]), body);
    assert!(came_back);
    assert_eq!((served.bytes, served.said_goodbye), (sent.len(), true));
    assert_eq!(served.version, Some(ProtocolVersion::TLSv1_3));
}

#[test]
fn a_certificate_for_another_name_is_not_the_brokers() {
    let ca = Party::root("ca", key(P256));
    let other = ca.sign("other.test", key(P256), ALWAYS);
    let found = outcome(image(&[&ca]), &broker(NAME, PLAIN), &[&other]);
    assert_eq!(found, refused(TlsFailure::WrongName));
    let named = Tls {
        server_name: Some("other.test"),
        ..PLAIN
    };
    assert_eq!(
        outcome(image(&[&ca]), &broker(NAME, named), &[&other]),
        Some(Tcp::Open)
    );
}

#[test]
fn an_address_is_a_name_as_well() {
    let ca = Party::root("ca", key(P256));
    let [right, wrong] = [PEER_TEXT, "10.9.0.3"].map(|name| ca.sign(name, key(P256), ALWAYS));
    let endpoint = broker(PEER_TEXT, PLAIN);
    assert_eq!(outcome(image(&[&ca]), &endpoint, &[&right]), Some(Tcp::Open));
    assert_eq!(
        outcome(image(&[&ca]), &endpoint, &[&wrong]),
        refused(TlsFailure::WrongName)
    );
}

#[test]
fn certificates_have_dates() {
    let ca = Party::root("ca", key(P256));
    for years in [(1975, 2000), (4000, 4096)] {
        let server = ca.sign(NAME, key(P256), years);
        let found = outcome(image(&[&ca]), &broker(NAME, PLAIN), &[&server]);
        assert_eq!(found, refused(TlsFailure::Expired), "{years:?}");
    }
}

/// Connects again and again with a board that nobody told the time, while a server tells these.
fn outcomes_at(timeserver: &str, times: &[u32], server: &Setup<'_>, ca: &Party) -> Vec<Tcp> {
    let mut found = Vec::new();
    with_secure(
        |stack| BoardTls::new(stack, Counter(1), image(&[ca])),
        async |sockets, peer| {
            let endpoint = broker(NAME, Tls { timeserver, ..PLAIN });
            let attempts = async {
                for _ in times {
                    sockets.tcp.open(&endpoint);
                    found.push(settled(&sockets.tcp).await);
                    sockets.tcp.close();
                    sockets.tcp.finished().await;
                }
            };
            let serving = async {
                loop {
                    accept(peer, PORT, async |socket| server.serve(socket).await).await;
                }
            };
            let telling = clock::tell(peer, times.iter().copied());
            select3(attempts, serving, telling).await;
        },
    );
    found
}

/// A wrong time is not kept: the certificate did not fit it.
#[test]
fn a_board_without_the_time_asks_for_it_and_asks_again_when_it_does_not_fit() {
    let ca = Party::root("ca", key(P256));
    let server = ca.sign(NAME, key(P256), (2020, 4096));
    let expired = Tcp::Closed(TcpFailure::Tls(TlsFailure::Expired));
    let times = [1_000_000_000, NOW];
    let found = outcomes_at(PEER_TEXT, &times, &Setup::of(&[&server]), &ca);
    assert_eq!(found, [expired, Tcp::Open]);
}

#[test]
fn a_board_that_nobody_tells_the_time_takes_no_certificate() {
    let ca = Party::root("ca", key(P256));
    let server = ca.sign(NAME, key(P256), ALWAYS);
    let found = outcomes_at("nobody.test", &[NOW], &Setup::of(&[&server]), &ca);
    assert_eq!(found, [Tcp::Closed(TcpFailure::Tls(TlsFailure::NoTime))]);
}

/// Another authority, and one that has the right one's name.
#[test]
fn whom_nobody_trusted_signed_for_is_not_the_broker() {
    let ca = Party::root("ca", key(P256));
    for name in ["another", "ca"] {
        let server = Party::root(name, key(P256)).sign(NAME, key(P256), ALWAYS);
        let found = outcome(image(&[&ca]), &broker(NAME, PLAIN), &[&server]);
        assert_eq!(found, refused(TlsFailure::UnknownCa), "{name}");
    }
}

/// What embedded-tls's own verifier would have taken: a good certificate that signs for another name.
#[test]
fn a_certificate_is_no_authority() {
    let ca = Party::root("ca", key(P256));
    let good = ca.sign("guest.test", key(P256), ALWAYS);
    let forged = good.sign(NAME, key(P256), ALWAYS);
    let found = outcome(image(&[&ca]), &broker(NAME, PLAIN), &[&forged, &good]);
    let why = "signed by a certificate that may not sign for this broker";
    assert_eq!(found, refused(TlsFailure::Other(why)));
}

/// As those of public authorities: P-384 between RSA and P-256.
#[test]
fn chains_of_all_kinds_of_keys_are_followed() {
    let root = Party::root("root", rsa());
    let middle = root.below("middle", key(P384));
    let server = middle.sign(NAME, key(P256), ALWAYS);
    let endpoint = broker(NAME, PLAIN);
    assert_eq!(
        outcome(image(&[&root]), &endpoint, &[&server, &middle]),
        Some(Tcp::Open)
    );
    let unknown = outcome(image(&[&root]), &endpoint, &[&server]);
    assert_eq!(
        unknown,
        refused(TlsFailure::UnknownCa),
        "its authority is not shown"
    );
}

#[test]
fn a_broker_may_have_any_of_these_keys() {
    let ca = Party::root("ca", key(P384));
    for pair in [rsa(), key(P384)] {
        let server = ca.sign(NAME, pair, ALWAYS);
        assert_eq!(
            outcome(image(&[&ca]), &broker(NAME, PLAIN), &[&server]),
            Some(Tcp::Open)
        );
    }
}

#[test]
fn unverified_is_anybody_who_has_the_key_of_what_he_shows() {
    let stranger = Party::root("stranger", key(P256)).sign("x", key(P256), ALWAYS);
    let tls = Tls {
        verify: false,
        ..PLAIN
    };
    assert_eq!(
        outcome(image(&[]), &broker(NAME, tls), &[&stranger]),
        Some(Tcp::Open)
    );
}

#[test]
fn a_broker_that_demands_a_certificate_gets_it() {
    let ca = Party::root("ca", key(P256));
    let [server, client] = [NAME, "kitchen"].map(|name| ca.sign(name, key(P256), ALWAYS));
    let setup = Setup {
        demands: Some(&ca),
        ..Setup::of(&[&server])
    };
    let tls = Tls {
        certificate: Some("me.pem"),
        key: Some("me.key"),
        ..PLAIN
    };
    let body = async |sockets: &Sockets, state| {
        assert_eq!(state, Tcp::Open);
        write_all(&sockets.tcp, b"hello").await;
        read_exact(&sockets.tcp, 5).await
    };
    let credentials = with_identity(image(&[&ca]), &client);
    let (back, served) = meet(credentials, &broker(NAME, tls), &setup, body);
    assert_eq!(
        (&back[..], served.client),
        (&b"hello"[..], Some(client.certificate))
    );
}

/// A broker says so only after the connection is open, and under encryption.
#[test]
fn a_certificate_that_is_missing_has_a_number() {
    let ca = Party::root("ca", key(P256));
    let server = ca.sign(NAME, key(P256), ALWAYS);
    let setup = Setup {
        demands: Some(&ca),
        ..Setup::of(&[&server])
    };
    let body = async |sockets: &Sockets, _| Some(closed(&sockets.tcp).await);
    let (why, _) = meet(image(&[&ca]), &broker(NAME, PLAIN), &setup, body);
    assert_eq!(why, Some(TcpFailure::Tls(TlsFailure::Failed { alert: 116 })));
}

#[test]
fn an_older_version_is_refused_by_its_number() {
    let ca = Party::root("ca", key(P256));
    let server = ca.sign(NAME, key(P256), ALWAYS);
    let setup = Setup {
        versions: OLD,
        ..Setup::of(&[&server])
    };
    let (found, _) = meet(image(&[&ca]), &broker(NAME, PLAIN), &setup, async |_, state| {
        Some(state)
    });
    assert_eq!(found, refused(TlsFailure::Failed { alert: 70 }));
}

#[test]
fn a_protocol_is_offered_by_name() {
    let ca = Party::root("ca", key(P256));
    let server = ca.sign(NAME, key(P256), ALWAYS);
    let setup = Setup {
        alpn: &["mqtt"],
        ..Setup::of(&[&server])
    };
    let endpoint = |alpn| {
        broker(
            NAME,
            Tls {
                alpn: Some(alpn),
                ..PLAIN
            },
        )
    };
    let (found, served) = meet(image(&[&ca]), &endpoint("mqtt"), &setup, async |_, state| {
        Some(state)
    });
    assert_eq!(
        (found, served.alpn.as_deref()),
        (Some(Tcp::Open), Some(&b"mqtt"[..]))
    );
    let (found, _) = meet(image(&[&ca]), &endpoint("http"), &setup, async |_, state| {
        Some(state)
    });
    assert_eq!(found, refused(TlsFailure::Failed { alert: 120 }));
}

/// Whatever speaks another protocol there.
#[test]
fn what_is_no_tls_is_not_taken_for_it() {
    let ca = Party::root("ca", key(P256));
    with_secure(
        |stack| {
            let tls = BoardTls::new(stack, Counter(1), image(&[&ca]));
            tls.clock().set(NOW);
            tls
        },
        async |sockets, peer| {
            sockets.tcp.open(&broker(NAME, PLAIN));
            let serving = accept(peer, PORT, async |socket| {
                let _ = socket.write(b"220 mail.test ESMTP, and whatever you want").await;
                let _ = socket.flush().await;
            });
            let (_, found) = join(serving, settled(&sockets.tcp)).await;
            assert_eq!(Some(found), refused(TlsFailure::Other("what came is no TLS 1.3")));
        },
    );
}

/// Connects to an impostor. How that ends, and how many bytes he got.
fn deceived(credentials: Credentials, tls: Tls<'_>, impostor: Impostor<'_>) -> (Option<Tcp>, usize) {
    let mut came = (None, 0);
    with_secure(
        |stack| {
            let tls = BoardTls::new(stack, Counter(1), credentials);
            tls.clock().set(NOW);
            tls
        },
        async |sockets, peer| {
            sockets.tcp.open(&broker(NAME, tls));
            let serving = accept(peer, PORT, async |socket| impostor.serve(socket).await);
            let client = async {
                let found = settled(&sockets.tcp).await;
                sockets.tcp.close();
                found
            };
            let (answered, found) = join(serving, client).await;
            came = (Some(found), answered);
        },
    );
    came
}

const NO_CERTIFICATE: TlsFailure = TlsFailure::Other("the broker did not show one certificate");
const NO_KEY: TlsFailure = TlsFailure::Other("the broker did not prove to have its certificate's key");

/// Bytes of a Finished: a header, 36, their type and a tag.
const FINISHED: usize = 5 + 36 + 17;
/// Bytes of a certificate that is none, in the same way [RFC 8446, 4.4.2].
const EMPTY_CERTIFICATE: usize = 5 + 8 + 17;

/// embedded-tls is content with a peer that leaves its certificate out; this end is not, and says nothing to it.
#[test]
fn whoever_shows_no_certificate_is_not_the_broker() {
    let ca = Party::root("ca", key(P256));
    let (found, answered) = deceived(image(&[&ca]), PLAIN, Impostor::default());
    assert_eq!(found, refused(NO_CERTIFICATE));
    assert_eq!(answered, FINISHED, "embedded-tls was content");
}

/// Certificates are public: the broker's shows that somebody is the broker only with its key. It is so as well where
/// nobody is verified.
#[test]
fn whoever_shows_the_brokers_certificate_without_its_key_is_not_the_broker() {
    let ca = Party::root("ca", key(P256));
    let [server, thief] = [NAME, "thief.test"].map(|name| ca.sign(name, key(P256), ALWAYS));
    let end_with = |verify, signs_with: Option<&Party>| {
        let impostor = Impostor {
            certificate: Some(&server.certificate),
            key: signs_with.map(|party| &*party.key),
            ..Impostor::default()
        };
        deceived(image(&[&ca]), Tls { verify, ..PLAIN }, impostor).0
    };
    for verify in [true, false] {
        assert_eq!(end_with(verify, None), refused(NO_KEY), "no signature");
        assert_eq!(end_with(verify, Some(&thief)), refused(NO_KEY), "another key's");
        assert_eq!(end_with(verify, Some(&server)), Some(Tcp::Open), "its key's");
    }
}

/// Somebody asks for a certificate before he has shown that he is the broker, or without showing it at all.
#[test]
fn who_this_is_only_the_broker_learns() {
    let ca = Party::root("ca", key(P256));
    let [server, client] = [NAME, "kitchen"].map(|name| ca.sign(name, key(P256), ALWAYS));
    let tls = Tls {
        certificate: Some("me.pem"),
        key: Some("me.key"),
        ..PLAIN
    };
    for (certificate, missing) in [(None, NO_CERTIFICATE), (Some(&*server.certificate), NO_KEY)] {
        let impostor = Impostor {
            asks: true,
            certificate,
            key: None,
        };
        let (found, answered) = deceived(with_identity(image(&[&ca]), &client), tls, impostor);
        assert_eq!(found, refused(missing));
        assert_eq!(answered, EMPTY_CERTIFICATE + FINISHED);
    }
}

#[test]
fn what_the_image_does_not_hold_is_named() {
    let ca = Party::root("ca", key(P256));
    let server = ca.sign(NAME, key(P256), ALWAYS);
    let unmet = |credentials, tls| match outcome(credentials, &broker(NAME, tls), &[&server]) {
        Some(Tcp::Closed(TcpFailure::Setting(key))) => key,
        other => panic!("{other:?}"),
    };
    let other_ca = Tls {
        ca: Some("other.pem"),
        ..PLAIN
    };
    assert_eq!(unmet(image(&[&ca]), other_ca), ConfigKey::TlsCa);
    assert_eq!(unmet(image(&[]), PLAIN), ConfigKey::TlsCa);
    let torn = Credentials {
        authorities: vec![&*ca.certificate.clone().leak(), b"torn"].leak(),
        ..image(&[])
    };
    assert_eq!(unmet(torn, PLAIN), ConfigKey::TlsCa);
    let own = Tls {
        certificate: Some("me.pem"),
        key: Some("me.key"),
        ..PLAIN
    };
    assert_eq!(unmet(image(&[&ca]), own), ConfigKey::TlsCertificate);
    let other_key = Tls {
        key: Some("other.key"),
        ..own
    };
    assert_eq!(
        unmet(with_identity(image(&[&ca]), &server), other_key),
        ConfigKey::TlsKey
    );
    let named = Tls {
        ca: Some("ca.pem"),
        ..PLAIN
    };
    assert_eq!(
        outcome(image(&[&ca]), &broker(NAME, named), &[&server]),
        Some(Tcp::Open)
    );
}

#[test]
fn a_board_with_tls_says_what_it_can_do() {
    type Board = BoardTls<'static, Counter>;
    assert!(Board::supports(ConfigKey::Tls) && Board::supports(ConfigKey::TlsVerify));
    assert!(!Board::supports(ConfigKey::Websocket));
}

#[test]
fn secrets_are_not_shown() {
    let client = Party::root("ca", key(P256)).sign("x", key(P256), ALWAYS);
    let shown = format!("{:?}", with_identity(image(&[]), &client));
    assert!(
        shown.contains("me.key") && shown.contains("<redacted>"),
        "{shown}"
    );
    assert!(!shown.contains(&format!("{:?}", client.key)));
}
