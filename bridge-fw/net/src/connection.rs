//! The life of a connection: name, TCP, what the board puts over it, and a decent end. It knows nothing of what the
//! bytes mean.

use embassy_futures::select::{Either, select};
use embassy_net::tcp::{ConnectError, TcpSocket};
use embassy_net::{IpEndpoint, Stack};
use embassy_time::{Duration, with_timeout};
use fivewire_bridge::TcpFailure;

use crate::line::Course;
use crate::lookup::address_of;
use crate::{Line, Secure, Target};

/// Bytes of each of a socket's two buffers: some segments, so that a round trip does not bound the wires.
const SOCKET_BYTES: usize = 4096;

/// How long to wait for a peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For it to accept a connection. Less than the 20 s that the bridge itself waits tells why in better words.
    pub connect: Duration,
    /// For it to take the last bytes of one that was closed here, and for its word that it did.
    pub linger: Duration,
}

impl Patience {
    /// 15 s and 1 s.
    pub const DEFAULT: Self = Self {
        connect: Duration::from_secs(15),
        linger: Duration::from_secs(1),
    };
}

impl Line {
    /// Opens connections for ever, one at a time, as the bridge's half asks for them. Of the stack it takes one socket.
    pub async fn run(&self, stack: Stack<'_>, secure: &mut impl Secure, patience: Patience) -> ! {
        let (mut rx, mut tx) = ([0; SOCKET_BYTES], [0; SOCKET_BYTES]);
        loop {
            let target = self.next().await;
            let mut socket = TcpSocket::new(stack, &mut rx, &mut tx);
            let carried = self.carry(stack, &mut socket, secure, &target, patience.connect);
            match select(self.dismissed(patience.linger), carried).await {
                Either::First(()) => {}
                Either::Second(why) => {
                    self.ended(why);
                    self.hang_up(&mut socket, patience.linger).await;
                }
            }
            break_off(&mut socket).await;
            self.vanished();
        }
    }

    /// One connection, from its name to its end.
    async fn carry(
        &self,
        stack: Stack<'_>,
        socket: &mut TcpSocket<'_>,
        secure: &mut impl Secure,
        target: &Target,
        patience: Duration,
    ) -> TcpFailure {
        let Some(address) = address_of(stack, &target.host).await else {
            return TcpFailure::NameNotFound;
        };
        // What the bridge hands over is a packet or more; waiting to join it with the next only costs time.
        socket.set_nagle_enabled(false);
        match connect(socket, (address, target.port).into(), patience).await {
            Ok(()) => secure.carry(socket, target, self).await,
            Err(failure) => failure,
        }
    }

    /// Ready when the connection that is under way is to go, after `linger` when it may finish.
    async fn dismissed(&self, linger: Duration) {
        while self.course() == Course::On {
            self.ordered.wait().await;
        }
        // Out of patience or stopped, it is over.
        let _ = with_timeout(linger, self.stopped()).await;
    }

    async fn stopped(&self) {
        while self.course() != Course::Stop {
            self.ordered.wait().await;
        }
    }

    /// Tells the peer that it is over, and waits a while for its word.
    async fn hang_up(&self, socket: &mut TcpSocket<'_>, linger: Duration) {
        socket.close();
        let _ = with_timeout(linger, select(self.stopped(), socket.flush())).await;
    }
}

async fn connect(
    socket: &mut TcpSocket<'_>,
    broker: IpEndpoint,
    patience: Duration,
) -> Result<(), TcpFailure> {
    match with_timeout(patience, socket.connect(broker)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(ConnectError::ConnectionReset)) => Err(TcpFailure::Refused),
        Ok(Err(ConnectError::NoRoute | ConnectError::InvalidState | ConnectError::TimedOut)) | Err(_) => {
            Err(TcpFailure::Unreachable)
        }
    }
}

/// Lets the stack say to the peer that there is nothing any more, if it can do so soon.
async fn break_off(socket: &mut TcpSocket<'_>) {
    const A_MOMENT: Duration = Duration::from_millis(100);
    socket.abort();
    let _ = with_timeout(A_MOMENT, socket.flush()).await;
}
