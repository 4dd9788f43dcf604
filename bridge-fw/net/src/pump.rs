//! The bytes of an open connection, both ways between a stream and the line's pipes. Each way holds the other back
//! only where the stream itself cannot do both at once.

use core::pin::pin;

use embassy_futures::select::{Either, select};
use embedded_io_async::{Read, Write};
use fivewire_bridge::TcpFailure;

use crate::Line;
use crate::line::Course;

/// Bytes copied at once.
const CHUNK: usize = 512;

/// Why a way ended.
enum End {
    /// The bridge closed the connection and everything is sent.
    Here,
    /// The peer ended it, or the network broke.
    There,
}

impl Line {
    /// Copies both ways between the halves of a stream that is open from now on, until the peer ends it or the bridge does
    /// and what it handed over is sent. Bytes that came before the end are read to the last.
    pub async fn exchange(&self, reader: impl Read, writer: impl Write) -> TcpFailure {
        self.opened();
        let mut incoming = pin!(self.receive(reader));
        let first = select(incoming.as_mut(), self.send(writer)).await;
        match first {
            Either::First(()) => TcpFailure::Lost,
            Either::Second(End::Here) => TcpFailure::NotOpened,
            Either::Second(End::There) => {
                incoming.await;
                TcpFailure::Lost
            }
        }
    }

    /// The same for a stream of one piece. While it waits for the peer to take bytes it reads none.
    ///
    /// A read that is dropped before it was ready must not have taken bytes off the stream: it is given up whenever there
    /// is something to send.
    pub async fn exchange_whole(&self, mut stream: impl Read + Write) -> TcpFailure {
        self.opened();
        let (mut came, mut goes) = ([0; CHUNK], [0; CHUNK]);
        loop {
            match select(stream.read(&mut came), self.take(&mut goes)).await {
                Either::First(Ok(length @ 1..)) => {
                    if let End::Here = self.pass_on(&mut stream, part(&came, length), &mut goes).await {
                        return TcpFailure::NotOpened;
                    }
                }
                Either::First(Ok(0) | Err(_)) => return TcpFailure::Lost,
                Either::Second(None) => return TcpFailure::NotOpened,
                Either::Second(Some(length)) => {
                    // Whether the peer is gone shows when what it sent before is read.
                    let _ = self.push(&mut stream, part(&goes, length)).await;
                }
            }
        }
    }

    /// Hands `bytes` to the bridge, and goes on sending while it has no room for them. `Here` when it closed meanwhile.
    async fn pass_on(&self, stream: &mut impl Write, mut bytes: &[u8], goes: &mut [u8]) -> End {
        while !bytes.is_empty() {
            match select(self.incoming.write(bytes), self.take(goes)).await {
                Either::First(length) => {
                    bytes = bytes.get(length..).unwrap_or(&[]);
                    self.announce();
                }
                Either::Second(None) => return End::Here,
                Either::Second(Some(length)) => _ = self.push(stream, part(goes, length)).await,
            }
        }
        End::There
    }

    async fn receive(&self, mut reader: impl Read) {
        let mut buffer = [0; CHUNK];
        while let Ok(length @ 1..) = reader.read(&mut buffer).await {
            self.put(part(&buffer, length)).await;
        }
    }

    async fn send(&self, mut writer: impl Write) -> End {
        let mut buffer = [0; CHUNK];
        while let Some(length) = self.take(&mut buffer).await {
            if self.push(&mut writer, part(&buffer, length)).await.is_err() {
                return End::There;
            }
        }
        End::Here
    }

    /// Sends bytes, and does not let them wait for more than what waits already.
    async fn push<W: Write>(&self, writer: &mut W, bytes: &[u8]) -> Result<(), W::Error> {
        writer.write_all(bytes).await?;
        if self.outgoing.is_empty() {
            writer.flush().await?;
        }
        Ok(())
    }

    /// Hands bytes to the bridge, as it has room for them.
    async fn put(&self, mut bytes: &[u8]) {
        while !bytes.is_empty() && self.course() == Course::On {
            let length = self.incoming.write(bytes).await;
            bytes = bytes.get(length..).unwrap_or(&[]);
            self.announce();
        }
    }

    /// The next bytes of the bridge; `None` when it closed and there are no more. Dropping the future takes none.
    async fn take(&self, buffer: &mut [u8]) -> Option<usize> {
        loop {
            if let Ok(length) = self.outgoing.try_read(buffer) {
                self.announce();
                return Some(length);
            } else if self.course() != Course::On {
                return None;
            }
            if let Either::First(length) = select(self.outgoing.read(buffer), self.finishing.wait()).await {
                self.announce();
                return Some(length);
            }
        }
    }
}

fn part(buffer: &[u8], length: usize) -> &[u8] {
    buffer.get(..length).unwrap_or(buffer)
}
