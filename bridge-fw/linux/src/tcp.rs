//! One TCP connection that never blocks: name lookup and connecting happen on a thread of their own, because the
//! system offers no other way to look a name up. What goes over it is the bridge's business.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::thread;
use std::time::Duration;

use fivewire_bridge::{Tcp, TcpFailure};

/// How long one address may take to answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The connection, or why there is none.
#[derive(Debug)]
pub(crate) enum TcpClient {
    Closed(TcpFailure),
    /// The thread that opens it reports here; one that nobody waits for any more finds the channel closed and ends.
    Opening(Receiver<Result<TcpStream, TcpFailure>>),
    Open(TcpStream),
}

impl TcpClient {
    pub(crate) const fn new() -> Self {
        Self::Closed(TcpFailure::NotOpened)
    }

    /// Starts to open a connection; the old one is closed.
    pub(crate) fn open(&mut self, host: &str, port: u16) {
        let (report, result) = channel();
        let host = host.to_owned();
        let thread = thread::Builder::new().name("tcp-open".into());
        let started = thread.spawn(move || {
            // Nobody listens when the bridge gave this attempt up.
            let _ = report.send(connect(&host, port));
        });
        *self = match started {
            Ok(_) => Self::Opening(result),
            Err(_) => Self::Closed(TcpFailure::Unreachable),
        };
    }

    pub(crate) fn close(&mut self, why: TcpFailure) {
        *self = Self::Closed(why);
    }

    /// The network is gone: whatever there is ends.
    pub(crate) fn break_off(&mut self) {
        match self {
            Self::Closed(_) => {}
            Self::Opening(_) => self.close(TcpFailure::Unreachable),
            Self::Open(_) => self.close(TcpFailure::Lost),
        }
    }

    pub(crate) fn state(&mut self) -> Tcp {
        if let Self::Opening(result) = self {
            match result.try_recv() {
                Ok(Ok(stream)) => *self = Self::Open(stream),
                Ok(Err(failure)) => *self = Self::Closed(failure),
                Err(TryRecvError::Disconnected) => *self = Self::Closed(TcpFailure::Unreachable),
                Err(TryRecvError::Empty) => {}
            }
        }
        match self {
            Self::Closed(failure) => Tcp::Closed(*failure),
            Self::Opening(_) => Tcp::Opening,
            Self::Open(_) => Tcp::Open,
        }
    }

    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> usize {
        if buffer.is_empty() {
            return 0;
        }
        let Self::Open(stream) = self else { return 0 };
        match stream.read(buffer) {
            Ok(0) => self.lost(),
            Ok(length) => length,
            Err(error) if is_passing(error.kind()) => 0,
            Err(_) => self.lost(),
        }
    }

    pub(crate) fn write(&mut self, data: &[u8]) -> usize {
        let Self::Open(stream) = self else { return 0 };
        match stream.write(data) {
            Ok(length) => length,
            Err(error) if is_passing(error.kind()) => 0,
            Err(_) => self.lost(),
        }
    }

    fn lost(&mut self) -> usize {
        self.close(TcpFailure::Lost);
        0
    }
}

/// True for errors that only mean "not now".
fn is_passing(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::WouldBlock | ErrorKind::Interrupted)
}

/// Looks the name up and tries each of its addresses; blocks.
fn connect(host: &str, port: u16) -> Result<TcpStream, TcpFailure> {
    let addresses = (host, port)
        .to_socket_addrs()
        .map_err(|_| TcpFailure::NameNotFound)?;
    let mut failure = TcpFailure::NameNotFound;
    for address in addresses {
        match TcpStream::connect_timeout(&address, CONNECT_TIMEOUT).and_then(prepare) {
            Ok(stream) => return Ok(stream),
            Err(error) if error.kind() == ErrorKind::ConnectionRefused => failure = TcpFailure::Refused,
            Err(_) => failure = TcpFailure::Unreachable,
        }
    }
    Err(failure)
}

/// Small packets go out at once: an MQTT acknowledgement must not wait for Nagle's algorithm.
fn prepare(stream: TcpStream) -> std::io::Result<TcpStream> {
    stream.set_nonblocking(true)?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    /// Waits for a state; the deadline only keeps a broken test from hanging.
    fn wait_for(client: &mut TcpClient, wanted: impl Fn(Tcp) -> bool) -> Tcp {
        for _ in 0..2_000 {
            let state = client.state();
            if wanted(state) {
                return state;
            }
            thread::sleep(Duration::from_millis(5));
        }
        panic!("still {:?}", client.state());
    }

    #[test]
    fn bytes_go_both_ways_and_the_end_is_seen() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut client = TcpClient::new();
        assert_eq!(client.state(), Tcp::Closed(TcpFailure::NotOpened));
        client.open("localhost", listener.local_addr().unwrap().port());
        let (mut peer, _) = listener.accept().unwrap();
        wait_for(&mut client, |state| state == Tcp::Open);
        assert_eq!(client.write(b"hello"), 5);
        let mut got = [0; 5];
        peer.read_exact(&mut got).unwrap();
        assert_eq!(&got, b"hello");
        assert_eq!(client.read(&mut got), 0, "nothing there is no end");
        peer.write_all(b"bye").unwrap();
        drop(peer);
        let mut answer = Vec::new();
        while client.state() == Tcp::Open {
            let length = client.read(&mut got);
            answer.extend_from_slice(&got[..length]);
        }
        assert_eq!(
            (answer.as_slice(), client.state()),
            (&b"bye"[..], Tcp::Closed(TcpFailure::Lost))
        );
    }

    #[test]
    fn a_closed_port_is_refused_and_a_wrong_name_is_not_found() {
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let mut client = TcpClient::new();
        client.open("127.0.0.1", port);
        let closed = |state| matches!(state, Tcp::Closed(_));
        assert_eq!(wait_for(&mut client, closed), Tcp::Closed(TcpFailure::Refused));
        client.open("no name has spaces", 1);
        assert_eq!(
            wait_for(&mut client, closed),
            Tcp::Closed(TcpFailure::NameNotFound)
        );
    }
}
