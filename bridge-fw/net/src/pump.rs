//! The bytes of an open connection, both ways between the halves of a stream and the line's pipes. Neither way holds the
//! other back: a peer may stop reading until it has written, and so may the bridge.

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
