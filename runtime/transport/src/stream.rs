//! The stream: from look-up over TCP, TLS and WebSocket to bytes, one phase after the other, each without blocking.

use std::io::{self, Read as _, Write as _};
use std::os::fd::{AsFd as _, BorrowedFd};
use std::time::Instant;

use crate::dial::{Dial, Dialled};
use crate::endpoint::Endpoint;
use crate::failure::{Failure, TlsFailure, is_passing};
use crate::linger;
use crate::secured::Secured;
use crate::tls;
use crate::websocket::{Channel, Upgrade, Upgraded};
use crate::wire::Wire;

/// How a stream stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Looking the name up, or waiting for TCP, TLS or the WebSocket.
    Opening,
    /// Bytes flow.
    Open,
    /// There is no connection, for this reason.
    Closed(Failure),
}

/// What to wait for before a stream can do more.
#[derive(Clone, Copy, Debug)]
pub struct Wait<'s> {
    /// The file descriptor; another one in each phase of opening.
    pub fd: BorrowedFd<'s>,
    /// Being writable counts too, because bytes wait to be sent. Being readable always counts.
    pub writable: bool,
    /// When to look at [`Stream::state`] even if nothing happens.
    pub until: Option<Instant>,
}

/// Where the way from name to bytes has come to.
enum Phase {
    Dialling(Dial),
    Securing(Box<Secured>),
    Upgrading(Upgrade),
    Open(Carrier),
    Closed(Failure),
}

/// What carries the bytes of an open stream.
pub(crate) enum Carrier {
    Bytes(Wire),
    WebSocket(Channel),
}

/// A byte stream to a broker. No call of it ever blocks. Dropping it closes it.
pub struct Stream {
    endpoint: Endpoint,
    phase: Phase,
    /// When opening has taken too long; never, if that is beyond what the clock can count.
    deadline: Option<Instant>,
}

impl Stream {
    /// Starts to open a stream; [`state`](Self::state) says what comes of it.
    #[must_use]
    pub fn open(endpoint: &Endpoint) -> Self {
        let phase = match Dial::start(endpoint) {
            Ok(dial) => Phase::Dialling(dial),
            Err(failure) => Phase::Closed(failure),
        };
        Self {
            endpoint: endpoint.clone(),
            phase,
            deadline: Instant::now().checked_add(endpoint.open_timeout),
        }
    }

    /// Goes on with opening, and says how the stream stands.
    pub fn state(&mut self) -> State {
        self.advance();
        match &self.phase {
            Phase::Dialling(_) | Phase::Securing(_) | Phase::Upgrading(_) => State::Opening,
            Phase::Open(_) => State::Open,
            Phase::Closed(failure) => State::Closed(failure.clone()),
        }
    }

    /// Reads what is there into `buffer`; 0 means nothing now. All that came before the end of the connection can be
    /// read before the stream is closed.
    pub fn read(&mut self, buffer: &mut [u8]) -> usize {
        self.transfer(|carrier| {
            if buffer.is_empty() {
                Ok(0)
            } else {
                carrier.read(buffer)
            }
        })
    }

    /// Hands bytes over to be sent; returns how many were taken, 0 when none can be now. What is taken is sent by
    /// this and later calls of [`read`](Self::read), `write`, [`flush`](Self::flush) or [`close`](Self::close).
    pub fn write(&mut self, data: &[u8]) -> usize {
        self.transfer(|carrier| {
            if data.is_empty() {
                Ok(0)
            } else {
                carrier.write(data)
            }
        })
    }

    /// Sends what was taken and still waits; true once TCP has all of it.
    pub fn flush(&mut self) -> bool {
        self.transfer(|carrier| carrier.push().map(|()| 0));
        !self.has_unsent()
    }

    /// Closes the connection in good order: the WebSocket's close frame and TLS's close_notify are sent, and what was
    /// handed over before. What TCP does not take now is sent by a thread, for a second at most.
    pub fn close(&mut self) {
        let phase = std::mem::replace(&mut self.phase, Phase::Closed(Failure::ClosedHere));
        match phase {
            Phase::Open(carrier) => linger::close(carrier),
            // Why it was closed stays known.
            Phase::Closed(failure) => self.phase = Phase::Closed(failure),
            Phase::Dialling(_) | Phase::Securing(_) | Phase::Upgrading(_) => {}
        }
    }

    /// What to wait for before calling again; `None` once the stream is closed.
    #[must_use]
    pub fn wait(&self) -> Option<Wait<'_>> {
        let fd = match &self.phase {
            Phase::Dialling(dial) => dial.bell.as_fd(),
            Phase::Securing(secured) => secured.socket.as_fd(),
            Phase::Upgrading(upgrade) => upgrade.wire().socket().as_fd(),
            Phase::Open(carrier) => carrier.wire().socket().as_fd(),
            Phase::Closed(_) => return None,
        };
        let open = matches!(self.phase, Phase::Open(_));
        Some(Wait {
            fd,
            writable: self.has_unsent(),
            until: self.deadline.filter(|_| !open),
        })
    }

    fn has_unsent(&self) -> bool {
        match &self.phase {
            Phase::Securing(secured) => secured.has_unsent(),
            Phase::Upgrading(upgrade) => upgrade.wire().has_unsent(),
            Phase::Open(carrier) => carrier.has_unsent(),
            Phase::Dialling(_) | Phase::Closed(_) => false,
        }
    }

    /// As far as it goes now.
    fn advance(&mut self) {
        let mut going = true;
        while going {
            let phase = std::mem::replace(&mut self.phase, Phase::Closed(Failure::ClosedHere));
            (self.phase, going) = match phase.step(&self.endpoint) {
                Ok(step) => step,
                Err(failure) => (Phase::Closed(failure), false),
            };
        }
        let opening = !matches!(self.phase, Phase::Open(_) | Phase::Closed(_));
        if opening && self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            self.phase = Phase::Closed(Failure::TimedOut);
        }
    }

    fn transfer(&mut self, act: impl FnOnce(&mut Carrier) -> Result<usize, Failure>) -> usize {
        let Phase::Open(carrier) = &mut self.phase else {
            return 0;
        };
        match act(carrier) {
            Ok(length) => length,
            Err(failure) => {
                self.phase = Phase::Closed(failure);
                0
            }
        }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.close();
    }
}

impl std::fmt::Debug for Stream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stream")
            .field("endpoint", &self.endpoint)
            .field("phase", &self.phase.name())
            .finish()
    }
}

impl Phase {
    const fn name(&self) -> &'static str {
        match self {
            Self::Dialling(_) => "dialling",
            Self::Securing(_) => "securing",
            Self::Upgrading(_) => "upgrading",
            Self::Open(_) => "open",
            Self::Closed(_) => "closed",
        }
    }

    /// The phase after a look at this one, and whether that is another.
    fn step(self, endpoint: &Endpoint) -> Result<(Self, bool), Failure> {
        match self {
            Self::Dialling(dial) => match dial.result() {
                None => Ok((Self::Dialling(dial), false)),
                Some(dialled) => Self::dialled(dialled?, endpoint).map(|phase| (phase, true)),
            },
            Self::Securing(mut secured) => match secured.handshake() {
                Ok(()) => Self::carried(Wire::Tls(secured), endpoint).map(|phase| (phase, true)),
                Err(error) if is_passing(&error) => Ok((Self::Securing(secured), false)),
                Err(error) => Err(Failure::of_io(&error)),
            },
            Self::Upgrading(upgrade) => match upgrade.go_on()? {
                Upgraded::NotYet(upgrade) => Ok((Self::Upgrading(upgrade), false)),
                Upgraded::Done(channel) => Ok((Self::Open(Carrier::WebSocket(channel)), true)),
            },
            phase @ (Self::Open(_) | Self::Closed(_)) => Ok((phase, false)),
        }
    }

    /// TCP is open.
    fn dialled(dialled: Dialled, endpoint: &Endpoint) -> Result<Self, Failure> {
        let Some(config) = dialled.tls else {
            return Self::carried(Wire::Plain(dialled.socket), endpoint);
        };
        let name = tls::server_name(endpoint.server_name())?;
        let secured = Secured::new(config, name, dialled.socket);
        let secured = secured.map_err(|error| Failure::Tls(TlsFailure::of(&error)))?;
        Ok(Self::Securing(Box::new(secured)))
    }

    /// TCP is open, and TLS over it if it was wanted.
    fn carried(wire: Wire, endpoint: &Endpoint) -> Result<Self, Failure> {
        match &endpoint.websocket {
            None => Ok(Self::Open(Carrier::Bytes(wire))),
            Some(path) => Upgrade::start(endpoint, path, wire).map(Self::Upgrading),
        }
    }
}

impl Carrier {
    pub(crate) fn wire(&self) -> &Wire {
        match self {
            Self::Bytes(wire) => wire,
            Self::WebSocket(channel) => channel.wire(),
        }
    }

    pub(crate) fn wire_mut(&mut self) -> &mut Wire {
        match self {
            Self::Bytes(wire) => wire,
            Self::WebSocket(channel) => channel.wire_mut(),
        }
    }

    pub(crate) fn has_unsent(&self) -> bool {
        match self {
            Self::Bytes(wire) => wire.has_unsent(),
            Self::WebSocket(channel) => channel.has_unsent(),
        }
    }

    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Failure> {
        match self {
            Self::WebSocket(channel) => channel.read(buffer),
            Self::Bytes(wire) => match wire.read(buffer) {
                Ok(0) => Err(Failure::Ended),
                Ok(length) => Ok(length),
                Err(error) => passing(&error),
            },
        }
    }

    fn write(&mut self, data: &[u8]) -> Result<usize, Failure> {
        let written = match self {
            Self::WebSocket(channel) => channel.write(data),
            Self::Bytes(wire) => wire.write(data).or_else(|error| passing(&error)),
        };
        written.map_err(|failure| self.explained(failure))
    }

    /// Sends what TCP takes now of what waits.
    pub(crate) fn push(&mut self) -> Result<(), Failure> {
        let pushed = match self {
            Self::WebSocket(channel) => channel.push(),
            Self::Bytes(wire) => wire.flush().or_else(|error| passing(&error).map(drop)),
        };
        pushed.map_err(|failure| self.explained(failure))
    }

    /// Why writing failed, which the peer may have said before.
    fn explained(&mut self, failure: Failure) -> Failure {
        match failure {
            Failure::Lost => self.wire_mut().last_words(),
            other => other,
        }
    }
}

/// Nothing moved now, or never again.
fn passing(error: &io::Error) -> Result<usize, Failure> {
    if is_passing(error) {
        Ok(0)
    } else {
        Err(Failure::of_io(error))
    }
}
