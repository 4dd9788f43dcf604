//! What carries the bytes, or the WebSocket: TCP as it is, or TLS over it.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};

use crate::failure::Failure;
use crate::secured::Secured;

/// How much is thrown away at most when a connection ends: what a peer can have under way.
const DRAINED_BYTES: usize = 1 << 20;

/// The carrier.
#[derive(Debug)]
pub(crate) enum Wire {
    Plain(TcpStream),
    Tls(Box<Secured>),
}

impl Wire {
    pub(crate) fn socket(&self) -> &TcpStream {
        match self {
            Self::Plain(socket) => socket,
            Self::Tls(secured) => &secured.socket,
        }
    }

    /// True while TCP has not taken everything yet.
    pub(crate) fn has_unsent(&self) -> bool {
        match self {
            Self::Plain(_) => false,
            Self::Tls(secured) => secured.has_unsent(),
        }
    }

    /// Why writing failed: a peer that ended TLS with an alert closed TCP after it, and the alert still lies here.
    pub(crate) fn last_words(&mut self) -> Failure {
        let mut scratch = [0; 512];
        loop {
            match self.read(&mut scratch) {
                Ok(0) => return Failure::Lost,
                Ok(_) => {}
                Err(error) => return Failure::of_io(&error),
            }
        }
    }

    /// Tells the peer that nothing follows, and sends what it can of all there is.
    pub(crate) fn say_goodbye(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(_) => Ok(()),
            Self::Tls(secured) => secured.say_goodbye(),
        }
    }

    /// Closes TCP. What came and was not read is thrown away first, because a socket that is closed over it resets
    /// the connection, and then what was sent last is lost too.
    pub(crate) fn shut(&mut self) {
        let mut socket = self.socket();
        let _ = socket.shutdown(Shutdown::Write);
        let mut scratch = [0; 4096];
        let mut left = DRAINED_BYTES;
        while left > 0
            && let Ok(length @ 1..) = socket.read(&mut scratch)
        {
            left = left.saturating_sub(length);
        }
    }
}

impl Read for Wire {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.read(buffer),
            Self::Tls(secured) => secured.read(buffer),
        }
    }
}

impl Write for Wire {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.write(data),
            Self::Tls(secured) => secured.write(data),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(socket) => socket.flush(),
            Self::Tls(secured) => secured.flush(),
        }
    }
}
