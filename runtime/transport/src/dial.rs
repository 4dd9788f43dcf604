//! From a name to a TCP connection, on threads of their own: the system offers no other way to look a name up, and
//! files are read there too. A bell, one end of a socket pair, becomes readable when the result is there.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::thread;
use std::time::Duration;

use rustls::ClientConfig;

use crate::endpoint::{Endpoint, Tls};
use crate::failure::Failure;
use crate::tls;

/// How long one address may take to answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long an address is tried alone before the next one is tried beside it [RFC 8305, 5].
const HEAD_START: Duration = Duration::from_millis(250);

/// A connection, and what TLS over it needs.
pub(crate) struct Dialled {
    pub(crate) socket: TcpStream,
    pub(crate) tls: Option<Arc<ClientConfig>>,
}

type Outcome<T> = Result<T, Failure>;

/// An attempt under way. The threads of one that nobody waits for any more find the channel closed and end.
#[derive(Debug)]
pub(crate) struct Dial {
    result: Receiver<Outcome<Dialled>>,
    pub(crate) bell: UnixStream,
}

impl Dial {
    /// Starts to open a connection.
    pub(crate) fn start(endpoint: &Endpoint) -> Outcome<Self> {
        let (bell, rope) = UnixStream::pair().map_err(|_| Failure::Resources)?;
        let (report, result) = channel();
        let (host, port, tls) = (endpoint.host.clone(), endpoint.port, endpoint.tls.clone());
        let body = move || {
            // Nobody listens when this attempt was given up.
            let _ = report.send(dial(&host, port, tls.as_ref()));
            drop(rope);
        };
        let thread = thread::Builder::new().name("dial".into()).spawn(body);
        thread.map_err(|_| Failure::Resources)?;
        Ok(Self { result, bell })
    }

    /// What came of it; `None` while it is under way.
    pub(crate) fn result(&self) -> Option<Outcome<Dialled>> {
        match self.result.try_recv() {
            Ok(outcome) => Some(outcome),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => Some(Err(Failure::Resources)),
        }
    }
}

/// Blocks.
fn dial(host: &str, port: u16, tls: Option<&Tls>) -> Outcome<Dialled> {
    let tls = tls.map(tls::configure).transpose()?;
    let addresses = (host, port)
        .to_socket_addrs()
        .map_err(|_| Failure::NameNotFound)?;
    let socket = race(addresses)?;
    Ok(Dialled { socket, tls })
}

/// Tries all addresses, one after the other with a head start; the first that answers is it. Blocks.
fn race(addresses: impl Iterator<Item = SocketAddr>) -> Outcome<TcpStream> {
    let (report, results) = channel();
    let mut failure = None;
    for address in addresses {
        try_beside(address, report.clone())?;
        match results.recv_timeout(HEAD_START) {
            Ok(Ok(socket)) => return Ok(socket),
            Ok(Err(error)) => failure = Some(worse(failure, error)),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
        }
    }
    drop(report);
    for result in results {
        match result {
            Ok(socket) => return Ok(socket),
            Err(error) => failure = Some(worse(failure, error)),
        }
    }
    Err(failure.unwrap_or(Failure::NameNotFound))
}

fn try_beside(address: SocketAddr, report: Sender<Outcome<TcpStream>>) -> Outcome<()> {
    let body = move || {
        // Nobody listens when another address was faster.
        let _ = report.send(connect(address));
    };
    let thread = thread::Builder::new().name("connect".into()).spawn(body);
    thread.map(drop).map_err(|_| Failure::Resources)
}

fn connect(address: SocketAddr) -> Outcome<TcpStream> {
    let socket = TcpStream::connect_timeout(&address, CONNECT_TIMEOUT).and_then(prepare);
    socket.map_err(|error| match error.kind() {
        ErrorKind::ConnectionRefused => Failure::Refused,
        _ => Failure::Unreachable,
    })
}

/// Small packets go out at once: an MQTT acknowledgement must not wait for Nagle's algorithm.
fn prepare(socket: TcpStream) -> io::Result<TcpStream> {
    socket.set_nonblocking(true)?;
    socket.set_nodelay(true)?;
    Ok(socket)
}

/// Of the failures of several addresses, the one that says most: somebody refused.
fn worse(one: Option<Failure>, other: Failure) -> Failure {
    match one {
        Some(Failure::Refused) => Failure::Refused,
        Some(_) | None => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    fn closed_port() -> SocketAddr {
        TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
    }

    #[test]
    fn each_address_is_tried() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let open = listener.local_addr().unwrap();
        let socket = race([closed_port(), closed_port(), open].into_iter()).unwrap();
        assert_eq!(socket.peer_addr().unwrap(), open);
    }

    #[test]
    fn a_refusal_says_more_than_silence() {
        // The broadcast address cannot be connected to, which the system knows at once.
        let nowhere = SocketAddr::from(([255, 255, 255, 255], 1));
        let failure = |addresses: &[SocketAddr]| race(addresses.iter().copied()).err();
        assert_eq!(failure(&[closed_port(), nowhere]), Some(Failure::Refused));
        assert_eq!(failure(&[nowhere, closed_port()]), Some(Failure::Refused));
        assert_eq!(failure(&[nowhere]), Some(Failure::Unreachable));
        assert_eq!(failure(&[]), Some(Failure::NameNotFound));
    }
}
