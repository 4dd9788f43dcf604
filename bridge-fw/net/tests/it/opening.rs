//! How a connection comes about, or why not.

use embassy_futures::join::join;
use embedded_io_async::Read as _;
use fivewire_bridge::{ConfigKey, Endpoint, Tcp, TcpFailure, Tls};
use fivewire_bridge_fw_net::{NoTls, Secure as _};

use crate::world::{NAME, NOBODY, PEER_TEXT, accept, at, closed, settled, until, with_world, write_all};

#[test]
fn a_broker_is_found_by_address_and_by_name() {
    with_world(NoTls, async |sockets, peer| {
        let line = &sockets.tcp;
        for host in [PEER_TEXT, NAME] {
            line.open(&at(host, 1883));
            assert_eq!(line.state(), Tcp::Opening);
            let heard = accept(peer, 1883, async |socket| {
                let mut buffer = [0; 5];
                socket.read_exact(&mut buffer).await.unwrap();
                buffer
            });
            let says = async {
                assert_eq!(settled(line).await, Tcp::Open);
                write_all(line, b"hello").await;
            };
            assert_eq!(join(heard, says).await.0, *b"hello");
        }
    });
}

#[test]
fn nothing_is_taken_before_the_connection_is_open() {
    with_world(NoTls, async |sockets, _| {
        let line = &sockets.tcp;
        assert_eq!((line.write(b"early"), line.read(&mut [0; 8])), (0, 0));
        line.open(&at(PEER_TEXT, 1883));
        assert_eq!((line.write(b"early"), line.read(&mut [0; 8])), (0, 0));
    });
}

#[test]
fn what_went_wrong_is_told_apart() {
    with_world(NoTls, async |sockets, _| {
        let line = &sockets.tcp;
        assert_eq!(line.state(), Tcp::Closed(TcpFailure::NotOpened));
        let cases = [
            (at(PEER_TEXT, 9), TcpFailure::Refused),
            (at("other.test", 1883), TcpFailure::NameNotFound),
            (at("", 1883), TcpFailure::NameNotFound),
            (at(NOBODY, 1883), TcpFailure::Unreachable),
        ];
        for (broker, expected) in cases {
            line.open(&broker);
            assert_eq!(closed(line).await, expected, "{broker:?}");
        }
    });
}

/// The bridge asks first; but nothing that was to be secret may go out in the clear if it does not.
#[test]
fn a_board_without_tls_does_not_speak_in_the_clear_instead() {
    assert!(!NoTls::supports(ConfigKey::Tls));
    assert!(!NoTls::supports(ConfigKey::Websocket));
    let tls = Tls {
        verify: false,
        ca: None,
        certificate: None,
        key: None,
        server_name: None,
        alpn: None,
        timeserver: "",
    };
    let secret = Endpoint {
        tls: Some(tls),
        ..at(PEER_TEXT, 8883)
    };
    let websocket = Endpoint {
        websocket: Some("/mqtt"),
        ..at(PEER_TEXT, 8883)
    };
    with_world(NoTls, async |sockets, peer| {
        let line = &sockets.tcp;
        for (broker, key) in [(secret, ConfigKey::Tls), (websocket, ConfigKey::Websocket)] {
            line.open(&broker);
            let heard = accept(peer, 8883, async |socket| socket.read(&mut [0; 8]).await);
            assert_eq!(join(closed(line), heard).await, (TcpFailure::Setting(key), Ok(0)));
        }
    });
}

#[test]
fn a_name_that_is_longer_than_the_protocol_allows_is_refused_at_once() {
    let name = "n".repeat(65);
    with_world(NoTls, async |sockets, _| {
        let line = &sockets.tcp;
        line.open(&at(&name, 1883));
        until(line, || line.state() != Tcp::Opening).await;
        assert_eq!(line.state(), Tcp::Closed(TcpFailure::Setting(ConfigKey::Broker)));
    });
}
