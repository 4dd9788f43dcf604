//! The same stream for tasks: what it waits for comes from the reactor of `async-io`, under any executor.

use std::io;
use std::os::fd::OwnedFd;

use async_io::{Async, Timer};
use embedded_io_async::{ErrorType, Read, Write};
use futures_lite::future::or;

use crate::endpoint::Endpoint;
use crate::failure::Failure;
use crate::stream::{State, Stream, Wait};

/// A byte stream to a broker. Dropping it closes it, and so does dropping the future that opens it.
///
/// [`read`](Read::read) answers 0 when the peer ended the connection in good order, and after every other end its
/// [`Failure`]. Dropping a read or a write that has not ended loses nothing.
#[derive(Debug)]
pub struct AsyncStream {
    stream: Stream,
    /// A copy of the socket's descriptor, for the reactor alone.
    socket: Async<OwnedFd>,
}

impl AsyncStream {
    /// Opens a stream, from name look-up to WebSocket.
    ///
    /// # Errors
    /// What [`State::Closed`] says; [`Failure::TimedOut`] after the endpoint's `open_timeout`.
    pub async fn connect(endpoint: &Endpoint) -> Result<Self, Failure> {
        let mut stream = Stream::open(endpoint);
        while stream.state() == State::Opening {
            if let Some(wait) = stream.wait() {
                opening(&wait).await?;
            }
        }
        if let State::Closed(failure) = stream.state() {
            return Err(failure);
        }
        let socket = stream.wait().ok_or(Failure::Lost)?.fd.try_clone_to_owned();
        let socket = socket.and_then(Async::new_nonblocking);
        Ok(Self {
            stream,
            socket: socket.map_err(|_| Failure::Resources)?,
        })
    }

    /// Why there is no connection any more; `None` while it is open.
    pub fn failure(&mut self) -> Option<Failure> {
        match self.stream.state() {
            State::Closed(failure) => Some(failure),
            State::Open | State::Opening => None,
        }
    }

    /// Closes the connection in good order, as [`Stream::close`] does.
    pub fn close(&mut self) {
        self.stream.close();
    }

    /// Waits until bytes can come, or those that wait can go.
    async fn readable(&mut self) -> Result<(), Failure> {
        let writing = self.stream.wait().is_some_and(|wait| wait.writable);
        moving(&self.socket, writing).await.map_err(|_| Failure::Lost)
    }

    /// Waits until bytes can go. Bytes that came and that nobody reads end no such wait.
    async fn writable(&mut self) -> Result<(), Failure> {
        self.socket.writable().await.map_err(|_| Failure::Lost)
    }
}

/// Waits until opening can go on.
async fn opening(wait: &Wait<'_>) -> Result<(), Failure> {
    let socket = Async::new_nonblocking(wait.fd).map_err(|_| Failure::Resources)?;
    let time = async {
        match wait.until {
            Some(until) => Timer::at(until).await,
            None => Timer::never().await,
        };
        Ok(())
    };
    or(moving(&socket, wait.writable), time)
        .await
        .map_err(|_| Failure::Resources)
}

async fn moving<T>(socket: &Async<T>, writing: bool) -> io::Result<()> {
    if writing {
        or(socket.readable(), socket.writable()).await
    } else {
        socket.readable().await
    }
}

impl ErrorType for AsyncStream {
    type Error = Failure;
}

impl Read for AsyncStream {
    async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Failure> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            let length = self.stream.read(buffer);
            if length > 0 {
                return Ok(length);
            }
            match self.failure() {
                None => self.readable().await?,
                Some(Failure::Ended) => return Ok(0),
                Some(failure) => return Err(failure),
            }
        }
    }
}

impl Write for AsyncStream {
    async fn write(&mut self, data: &[u8]) -> Result<usize, Failure> {
        if data.is_empty() {
            return Ok(0);
        }
        loop {
            let length = self.stream.write(data);
            if length > 0 {
                return Ok(length);
            }
            match self.failure() {
                None => self.writable().await?,
                Some(failure) => return Err(failure),
            }
        }
    }

    /// Waits until TCP has taken everything.
    async fn flush(&mut self) -> Result<(), Failure> {
        loop {
            let flushed = self.stream.flush();
            match self.failure() {
                Some(failure) => return Err(failure),
                None if flushed => return Ok(()),
                None => self.writable().await?,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compiles only while every future may move between the threads of an executor.
    #[test]
    fn futures_may_move_between_threads() {
        fn movable<T: Send>(_: T) {}
        let endpoint = Endpoint::new("localhost", 1);
        movable(AsyncStream::connect(&endpoint));
        let _ = |mut stream: AsyncStream| movable(async move { stream.read(&mut [0]).await });
        let _ = |mut stream: AsyncStream| movable(async move { stream.write(&[0]).await });
        let _ = |mut stream: AsyncStream| movable(async move { stream.flush().await });
    }
}
