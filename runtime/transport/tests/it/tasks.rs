//! The asynchronous front.

use std::net::TcpListener;
use std::time::Duration;

use embedded_io_async::{Read as _, Write as _};
use fivewire_transport::{AsyncStream, Endpoint, Failure, Tls, TlsFailure};
use futures_lite::future::{block_on, or, poll_once};

use crate::broker::{Broker, Folder, free_port};
use crate::certificates::{Authority, Validity};
use crate::server::{Server, WAYS, Way, trusting};

/// More than TCP and this end's buffers take for a peer that does not read.
const MUCH: usize = 16 << 20;

#[test]
fn a_publication_over_tls() {
    let folder = Folder::new();
    let authority = Authority::new(folder.path(), "ca");
    let own = authority.sign("server", "localhost", Validity::Now);
    let mut broker = Broker::absent(&own.listener());
    broker.run();
    let endpoint = Endpoint::new("localhost", broker.port).with_tls(trusting(&authority));
    block_on(async {
        let mut stream = AsyncStream::connect(&endpoint).await.unwrap();
        stream
            .write_all(b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x3c\x00\x01t")
            .await
            .unwrap();
        stream.flush().await.unwrap();
        let mut answer = [0; 4];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"\x20\x02\x00\x00");
    });
}

#[test]
fn failures_are_told_by_connect() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut silent =
        Endpoint::new("127.0.0.1", listener.local_addr().unwrap().port()).with_tls(Tls::default());
    silent.open_timeout = Duration::from_millis(200);
    let failure = |endpoint: &Endpoint| block_on(AsyncStream::connect(endpoint)).unwrap_err();
    assert_eq!(
        failure(&Endpoint::new("127.0.0.1", free_port())),
        Failure::Refused
    );
    assert_eq!(
        failure(&Endpoint::new("no name has spaces", 1)),
        Failure::NameNotFound
    );
    assert_eq!(failure(&silent), Failure::TimedOut);

    let server = Server::start(Way::Tls, |_| ());
    let other = Folder::new();
    let endpoint = server.endpoint.clone();
    let endpoint = endpoint.with_tls(trusting(&Authority::new(other.path(), "other")));
    assert_eq!(failure(&endpoint), Failure::Tls(TlsFailure::UnknownCa));
    server.join();
}

#[test]
fn much_goes_to_a_slow_reader_and_back() {
    for way in WAYS {
        let server = Server::start(way, |mut peer| {
            let mut all = Vec::new();
            while all.len() < MUCH {
                all.extend(peer.read());
            }
            peer.write(&all[..100_000]);
            all == vec![7; MUCH]
        });
        block_on(async {
            let mut stream = AsyncStream::connect(&server.endpoint).await.unwrap();
            stream.write_all(&vec![7; MUCH]).await.unwrap();
            stream.flush().await.unwrap();
            let mut back = vec![0; 100_000];
            stream.read_exact(&mut back).await.unwrap();
            assert!(back == vec![7; 100_000]);
        });
        assert!(server.join(), "{way:?}");
    }
}

#[test]
fn a_read_that_is_given_up_loses_nothing() {
    for way in WAYS {
        let server = Server::start(way, |mut peer| {
            peer.read();
            peer.write(b"answer");
            peer
        });
        block_on(async {
            let mut stream = AsyncStream::connect(&server.endpoint).await.unwrap();
            let mut buffer = [0; 16];
            assert!(poll_once(stream.read(&mut buffer)).await.is_none(), "{way:?}");
            let writing = async { stream.write(b"question").await };
            assert_eq!(or(writing, std::future::pending()).await, Ok(8));
            stream.flush().await.unwrap();
            stream.read_exact(&mut buffer[..6]).await.unwrap();
            assert_eq!(&buffer[..6], b"answer", "{way:?}");
        });
        drop(server.join());
    }
}

#[test]
fn the_end_is_a_read_of_nothing_or_a_failure() {
    let server = Server::start(Way::Tcp, drop);
    block_on(async {
        let mut stream = AsyncStream::connect(&server.endpoint).await.unwrap();
        assert_eq!(stream.read(&mut [0]).await, Ok(0));
        assert_eq!(stream.failure(), Some(Failure::Ended));
        assert_eq!(stream.write(b"late").await, Err(Failure::Ended));
    });
    server.join();
    // TLS that ends without a word was cut off, by whomever.
    let server = Server::start(Way::Tls, |mut peer| {
        peer.write(b"!");
        peer
    });
    block_on(async {
        let mut stream = AsyncStream::connect(&server.endpoint).await.unwrap();
        drop(server.join());
        let mut buffer = [0; 2];
        assert_eq!(stream.read(&mut buffer).await, Ok(1));
        assert_eq!(stream.read(&mut buffer).await, Err(Failure::Lost));
    });
}

#[test]
fn dropping_closes_in_good_order() {
    for way in WAYS {
        let server = Server::start(way, |mut peer| peer.read_all());
        block_on(async {
            let mut stream = AsyncStream::connect(&server.endpoint).await.unwrap();
            stream.write_all(b"last words").await.unwrap();
        });
        assert_eq!(server.join(), b"last words", "{way:?}");
    }
}

#[test]
fn a_connect_that_is_given_up_closes() {
    use std::io::Read as _;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let endpoint = Endpoint::new("127.0.0.1", port).with_websocket("/mqtt");
    let client = block_on(async {
        let connecting = async { panic!("opened: {:?}", AsyncStream::connect(&endpoint).await) };
        let accepting = async {
            let (client, _) = async_io::Async::new(listener).unwrap().accept().await.unwrap();
            client.readable().await.unwrap();
            client
        };
        or(connecting, accepting).await
    });
    let mut client = client.into_inner().unwrap();
    client.set_nonblocking(false).unwrap();
    let mut request = Vec::new();
    client.read_to_end(&mut request).unwrap();
    assert!(request.starts_with(b"GET /mqtt HTTP/1.1\r\n") && request.ends_with(b"\r\n\r\n"));
}
