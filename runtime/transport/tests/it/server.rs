//! A server for one client, in the four ways that a stream can go, and what a test does with it: on a thread, blocking.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use fivewire_transport::{Endpoint, Tls};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned, SupportedProtocolVersion};
use tungstenite::handshake::server::{Request, Response};
use tungstenite::{Message, WebSocket};

use crate::broker::Folder;
use crate::certificates::{Authority, Identity, Validity};

/// How a stream goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Tcp,
    Tls,
    WebSocket,
    Both,
}

pub(crate) const WAYS: [Way; 4] = [Way::Tcp, Way::Tls, Way::WebSocket, Way::Both];

impl Way {
    fn has_tls(self) -> bool {
        matches!(self, Self::Tls | Self::Both)
    }

    fn has_websocket(self) -> bool {
        matches!(self, Self::WebSocket | Self::Both)
    }
}

/// A server that listens, and where.
pub(crate) struct Server<T> {
    pub(crate) endpoint: Endpoint,
    thread: JoinHandle<T>,
    /// The certificates.
    _folder: Folder,
}

impl<T: Send + 'static> Server<T> {
    /// Waits for a client and does this with it.
    pub(crate) fn start(way: Way, body: impl FnOnce(Peer) -> T + Send + 'static) -> Self {
        let folder = Folder::new();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut endpoint = Endpoint::new("localhost", listener.local_addr().unwrap().port());
        let authority = Authority::new(folder.path(), "ca");
        let own = authority.sign("server", "localhost", Validity::Now);
        let config = config(&own, rustls::ALL_VERSIONS);
        if way.has_tls() {
            endpoint = endpoint.with_tls(trusting(&authority));
        }
        if way.has_websocket() {
            endpoint = endpoint.with_websocket("/mqtt");
        }
        let thread = std::thread::spawn(move || body(Peer::accept(&listener, way, config)));
        Self {
            endpoint,
            thread,
            _folder: folder,
        }
    }

    /// What the body returned.
    pub(crate) fn join(self) -> T {
        self.thread.join().unwrap()
    }
}

/// TLS that trusts this authority alone.
pub(crate) fn trusting(authority: &Authority) -> Tls {
    Tls {
        ca_file: Some(authority.file.clone()),
        ..Tls::default()
    }
}

/// A server's side of TLS, in these versions of it.
pub(crate) fn config(own: &Identity, versions: &[&'static SupportedProtocolVersion]) -> ServerConfig {
    let chain = vec![CertificateDer::from_pem_file(&own.certificate).unwrap()];
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, PrivateKeyDer::from_pem_file(&own.key).unwrap())
        .unwrap()
}

/// Below the WebSocket, if there is one.
pub(crate) enum Socket {
    Tcp(TcpStream),
    Tls(Box<StreamOwned<ServerConnection, TcpStream>>),
}

/// The client as the server sees it.
pub(crate) enum Peer {
    Bytes(Socket),
    WebSocket(Box<WebSocket<Socket>>),
}

impl Peer {
    fn accept(listener: &TcpListener, way: Way, config: ServerConfig) -> Self {
        let (tcp, _) = listener.accept().unwrap();
        // Only keeps a broken test from hanging.
        tcp.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let socket = if way.has_tls() {
            let connection = ServerConnection::new(Arc::new(config)).unwrap();
            let mut stream = StreamOwned::new(connection, tcp);
            // Fails where a test wants the client to be the one that refuses.
            let _ = stream.conn.complete_io(&mut stream.sock);
            Socket::Tls(Box::new(stream))
        } else {
            Socket::Tcp(tcp)
        };
        if way.has_websocket() {
            Self::WebSocket(Box::new(upgrade(socket)))
        } else {
            Self::Bytes(socket)
        }
    }

    /// The WebSocket, where the way has one.
    pub(crate) fn websocket(&mut self) -> &mut WebSocket<Socket> {
        match self {
            Self::WebSocket(socket) => socket,
            Self::Bytes(_) => panic!("there is no WebSocket"),
        }
    }

    /// Some bytes; none at the end in good order.
    pub(crate) fn read(&mut self) -> Vec<u8> {
        match self {
            Self::Bytes(socket) => {
                let mut buffer = vec![0; 4096];
                let length = socket.read(&mut buffer).unwrap();
                buffer.truncate(length);
                buffer
            }
            Self::WebSocket(socket) => match socket.read().unwrap() {
                Message::Binary(bytes) => bytes.to_vec(),
                Message::Close(_) => Vec::new(),
                other => panic!("not binary [MQTT-6.0.0-1]: {other:?}"),
            },
        }
    }

    /// All bytes until the end in good order.
    pub(crate) fn read_all(&mut self) -> Vec<u8> {
        let mut all = Vec::new();
        loop {
            match self.read() {
                some if some.is_empty() => return all,
                some => all.extend(some),
            }
        }
    }

    pub(crate) fn write(&mut self, data: &[u8]) {
        match self {
            Self::Bytes(socket) => socket.write_all(data).and_then(|()| socket.flush()).unwrap(),
            Self::WebSocket(socket) => socket.send(Message::binary(data.to_vec())).unwrap(),
        }
    }
}

/// Takes a client that asks for MQTT [MQTT-6.0.0-3].
#[expect(clippy::result_large_err, reason = "tungstenite's type")]
fn upgrade(socket: Socket) -> WebSocket<Socket> {
    let answer = |request: &Request, mut response: Response| {
        assert_eq!(request.uri().path(), "/mqtt");
        let asked = request.headers().get("Sec-WebSocket-Protocol").unwrap();
        assert_eq!(asked, "mqtt");
        response
            .headers_mut()
            .insert("Sec-WebSocket-Protocol", asked.clone());
        Ok(response)
    };
    tungstenite::accept_hdr(socket, answer).unwrap()
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(socket) => socket.read(buffer),
            Self::Tls(socket) => socket.read(buffer),
        }
    }
}

impl Write for Socket {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(socket) => socket.write(data),
            Self::Tls(socket) => socket.write(data),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Tcp(socket) => socket.flush(),
            Self::Tls(socket) => socket.flush(),
        }
    }
}
