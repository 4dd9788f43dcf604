//! TLS over a socket that does not block, as `Read` and `Write` that answer `WouldBlock`. Errors of TLS travel inside
//! `io::Error`; [`Failure::of_io`](crate::Failure) takes them out again.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection};

/// A socket and the TLS over it.
#[derive(Debug)]
pub(crate) struct Secured {
    connection: ClientConnection,
    pub(crate) socket: TcpStream,
}

impl Secured {
    pub(crate) fn new(
        config: Arc<ClientConfig>,
        name: ServerName<'static>,
        socket: TcpStream,
    ) -> Result<Self, rustls::Error> {
        Ok(Self {
            connection: ClientConnection::new(config, name)?,
            socket,
        })
    }

    /// Goes on with the handshake: `Ok` once it is done, `WouldBlock` while it is under way.
    pub(crate) fn handshake(&mut self) -> io::Result<()> {
        while self.connection.is_handshaking() {
            self.push_now();
            if self.pull()? == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
        }
        self.push_now();
        Ok(())
    }

    /// Tells the peer that nothing follows, once, and sends what it can of all there is.
    pub(crate) fn say_goodbye(&mut self) -> io::Result<()> {
        self.connection.send_close_notify();
        self.push()
    }

    /// True while TCP has not taken everything yet.
    pub(crate) fn has_unsent(&self) -> bool {
        self.connection.wants_write()
    }

    /// Sends what waits; `WouldBlock` when TCP does not take all of it now.
    fn push(&mut self) -> io::Result<()> {
        while self.connection.wants_write() {
            if self.connection.write_tls(&mut self.socket)? == 0 {
                return Err(ErrorKind::WriteZero.into());
            }
        }
        Ok(())
    }

    /// Sends what TCP takes now. What goes wrong comes to light in the next `push`, or better in the next `pull`: the
    /// peer may have said why.
    fn push_now(&mut self) {
        let _ = self.push();
    }

    /// Takes what TCP has and makes of it what it is; 0 at its end.
    fn pull(&mut self) -> io::Result<usize> {
        let length = self.connection.read_tls(&mut self.socket)?;
        let processed = self.connection.process_new_packets();
        // An answer, or the alert that says what was wrong.
        self.push_now();
        processed.map_err(|error| io::Error::new(ErrorKind::InvalidData, error))?;
        Ok(length)
    }
}

impl Read for Secured {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.push_now();
        loop {
            match self.connection.reader().read(buffer) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.pull()?,
                result => return result,
            };
        }
    }
}

impl Write for Secured {
    /// Takes nothing new before TCP has taken all that was there, so that no more than one buffer of rustls waits.
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.push()?;
        let length = self.connection.writer().write(data)?;
        self.push_now();
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.push()
    }
}
