//! [`Line`]: the one TCP connection as bridge and network see it, two bounded pipes and a word on how it stands. The
//! bridge's half is here; what the network does with the other half is in `connection` and `pump`.

use core::cell::Cell;
use core::fmt;

use embassy_sync::blocking_mutex::raw::NoopRawMutex;
use embassy_sync::pipe::Pipe;
use embassy_sync::signal::Signal;
use fivewire_bridge::{Endpoint, Tcp, TcpFailure};

use crate::Target;

/// Bytes that may wait in each direction, beside those in the socket's own buffers.
pub(crate) const PIPE_BYTES: usize = 2048;

/// What the connection that is under way is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Course {
    /// Go on.
    On,
    /// Send what was handed over, then end.
    Finish,
    /// End now.
    Stop,
}

/// One TCP connection between a bridge that polls and a network that runs.
///
/// The methods of the bridge's half never wait. [`run`](Self::run) is the other half, and must run beside them.
pub struct Line {
    state: Cell<Tcp>,
    course: Cell<Course>,
    /// What to connect to next.
    wanted: Cell<Option<Target>>,
    pub(crate) incoming: Pipe<NoopRawMutex, PIPE_BYTES>,
    pub(crate) outgoing: Pipe<NoopRawMutex, PIPE_BYTES>,
    /// There is something new in `wanted` or `course`: for the future that opens connections.
    pub(crate) ordered: Signal<NoopRawMutex, ()>,
    /// The same for whoever waits for bytes to send.
    pub(crate) finishing: Signal<NoopRawMutex, ()>,
    /// A connection is gone: for whoever waits for that.
    gone: Signal<NoopRawMutex, ()>,
    changed: Signal<NoopRawMutex, ()>,
}

impl Line {
    /// No connection, and none wanted.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            state: Cell::new(Tcp::Closed(TcpFailure::NotOpened)),
            course: Cell::new(Course::Stop),
            wanted: Cell::new(None),
            incoming: Pipe::new(),
            outgoing: Pipe::new(),
            ordered: Signal::new(),
            finishing: Signal::new(),
            gone: Signal::new(),
            changed: Signal::new(),
        }
    }

    /// Starts to open a connection, as [`Platform::tcp_open`](fivewire_bridge::Platform::tcp_open) says.
    pub fn open(&self, broker: &Endpoint<'_>) {
        self.close();
        match Target::of(broker) {
            Ok(target) => {
                self.wanted.set(Some(target));
                self.state.set(Tcp::Opening);
                self.ordered.signal(());
            }
            Err(key) => self.fail(TcpFailure::Setting(key)),
        }
    }

    /// Closes what there is, and says why there is nothing else.
    pub fn fail(&self, why: TcpFailure) {
        self.close();
        self.state.set(Tcp::Closed(why));
    }

    /// How the connection stands. Bytes that came before its end can still be read.
    #[must_use]
    pub fn state(&self) -> Tcp {
        self.state.get()
    }

    /// Reads what is there; 0 means nothing now.
    pub fn read(&self, buffer: &mut [u8]) -> usize {
        match self.state.get() {
            // What still comes of an earlier connection is nobody's.
            Tcp::Opening | Tcp::Closed(TcpFailure::NotOpened) => 0,
            Tcp::Open | Tcp::Closed(_) => self.incoming.try_read(buffer).unwrap_or(0),
        }
    }

    /// Hands bytes over to be sent; returns how many were taken.
    pub fn write(&self, data: &[u8]) -> usize {
        match self.state.get() {
            Tcp::Open => self.outgoing.try_write(data).unwrap_or(0),
            Tcp::Opening | Tcp::Closed(_) => 0,
        }
    }

    /// Closes the connection. What was handed over before is still sent, as long as the peer takes it in time.
    pub fn close(&self) {
        // A connection that was not begun needs no end, and must not cut the one before it short.
        if self.wanted.take().is_none() {
            match self.state.get() {
                Tcp::Open => self.steer(Course::Finish),
                Tcp::Opening => self.steer(Course::Stop),
                Tcp::Closed(_) => {}
            }
        }
        self.incoming.clear();
        self.state.set(Tcp::Closed(TcpFailure::NotOpened));
    }

    /// The network is gone: whatever there is ends at once.
    pub fn break_off(&self) {
        let idle = self.course.get() == Course::Stop && self.state.get() != Tcp::Opening;
        if idle {
            return;
        }
        let why = match self.state.get() {
            Tcp::Opening => TcpFailure::Unreachable,
            Tcp::Open => TcpFailure::Lost,
            Tcp::Closed(failure) => failure,
        };
        self.wanted.take();
        self.steer(Course::Stop);
        self.incoming.clear();
        self.outgoing.clear();
        self.state.set(Tcp::Closed(why));
    }

    /// Waits until there may be something new: another state, bytes to read, or room to write. For the one that polls
    /// the bridge.
    pub async fn changed(&self) {
        self.changed.wait().await;
    }

    /// Waits until nothing is under way any more: after [`close`](Self::close), until the peer has what was handed over, or
    /// does not take it.
    pub async fn finished(&self) {
        while self.course() != Course::Stop {
            self.gone.wait().await;
        }
    }

    pub(crate) fn course(&self) -> Course {
        self.course.get()
    }

    /// What to connect to next; the connection's future calls it, and begins anew with empty pipes.
    pub(crate) async fn next(&self) -> Target {
        loop {
            if let Some(target) = self.wanted.take() {
                self.incoming.clear();
                self.outgoing.clear();
                self.finishing.reset();
                self.course.set(Course::On);
                return target;
            }
            self.ordered.wait().await;
        }
    }

    /// Bytes flow from now on.
    pub(crate) fn opened(&self) {
        self.tell(Tcp::Open);
    }

    /// It is over.
    pub(crate) fn ended(&self, why: TcpFailure) {
        self.tell(Tcp::Closed(why));
    }

    /// Nothing of it is left.
    pub(crate) fn vanished(&self) {
        self.course.set(Course::Stop);
        self.gone.signal(());
    }

    pub(crate) fn announce(&self) {
        self.changed.signal(());
    }

    /// What becomes of a connection that was closed here is of no interest any more.
    fn tell(&self, state: Tcp) {
        if self.course.get() == Course::On {
            self.state.set(state);
            self.announce();
        }
    }

    fn steer(&self, course: Course) {
        self.course.set(course);
        self.finishing.signal(());
        self.ordered.signal(());
        self.gone.signal(());
    }
}

impl Default for Line {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Line")
            .field("state", &self.state.get())
            .field("course", &self.course.get())
            .field("incoming", &self.incoming.len())
            .field("outgoing", &self.outgoing.len())
            .finish_non_exhaustive()
    }
}
