//! The seam for TLS: what a board puts between TCP and the bridge's bytes. Which library that is, and where its
//! certificates and its random numbers come from, is the board's business.

use embassy_net::tcp::{self, TcpReader, TcpSocket, TcpWriter};
use embedded_io_async::{ErrorType, Write};
use fivewire_bridge::{ConfigKey, TcpFailure};

use crate::{Line, Target};

/// Carries the bridge's bytes over a socket that is connected.
///
/// An implementation speaks its handshakes over the socket, then calls [`Line::exchange`] with the two halves of its
/// stream, says its goodbye to the peer, and returns what that returned.
pub trait Secure {
    /// Whether it can do what this key asks for, of `tls`, the keys that begin with `tls_`, and `websocket`.
    fn supports(key: ConfigKey) -> bool;

    /// Carries bytes until one end has enough, and says why it ended. The future is dropped when the bridge closes a
    /// connection that is not open yet, and when the network goes away.
    fn carry(
        &mut self,
        socket: &mut TcpSocket<'_>,
        target: &Target,
        line: &Line,
    ) -> impl Future<Output = TcpFailure>;
}

/// TCP and nothing over it.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoTls;

impl Secure for NoTls {
    fn supports(_: ConfigKey) -> bool {
        false
    }

    async fn carry(&mut self, socket: &mut TcpSocket<'_>, target: &Target, line: &Line) -> TcpFailure {
        // The bridge asks `supports` first; nothing that was meant to be secret goes out in the clear.
        if target.tls.is_some() {
            return TcpFailure::Setting(ConfigKey::Tls);
        } else if target.websocket.is_some() {
            return TcpFailure::Setting(ConfigKey::Websocket);
        }
        let (reader, writer) = halves(socket);
        line.exchange(reader, writer).await
    }
}

/// The halves of a socket, to read and to write at once.
pub(crate) fn halves<'a>(socket: &'a mut TcpSocket<'_>) -> (TcpReader<'a>, Sender<'a>) {
    let (reader, writer) = socket.split();
    (reader, Sender(writer))
}

/// A socket's writer that does not wait for the peer to acknowledge what it is told to flush: the stack sends without being
/// told to, and to wait would cost a round trip, and the peer's delay, for each packet.
pub(crate) struct Sender<'a>(TcpWriter<'a>);

impl ErrorType for Sender<'_> {
    type Error = tcp::Error;
}

impl Write for Sender<'_> {
    async fn write(&mut self, data: &[u8]) -> Result<usize, tcp::Error> {
        self.0.write(data).await
    }

    async fn flush(&mut self) -> Result<(), tcp::Error> {
        Ok(())
    }
}
