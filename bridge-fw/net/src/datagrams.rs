//! [`Datagrams`]: UDP for the time query. What a datagram says, and whether it came from the right one, is the bridge's
//! business.

use core::cell::Cell;
use core::fmt;

use embassy_futures::select::select;
use embassy_net::Stack;
use embassy_net::udp::{PacketMetadata, UdpSocket};
use embassy_sync::blocking_mutex::raw::NoopRawMutex;
use embassy_sync::signal::Signal;
use heapless::{String, Vec};

use crate::lookup::address_of;
use crate::target::NAME_BYTES;

/// Bytes of the longest datagram; a time query has 48.
const BYTES: usize = 128;
/// Datagrams that the socket keeps while nobody looks.
const KEPT: usize = 4;

struct Datagram {
    host: String<NAME_BYTES>,
    port: u16,
    data: Vec<u8, BYTES>,
}

/// Datagrams between a bridge that polls and a network that runs: one to be sent and one that came. A lost datagram is
/// one that the network might have lost as well; who asks asks again.
pub struct Datagrams {
    out: Cell<Option<Datagram>>,
    came: Cell<Option<Vec<u8, BYTES>>>,
    ordered: Signal<NoopRawMutex, ()>,
    taken: Signal<NoopRawMutex, ()>,
    changed: Signal<NoopRawMutex, ()>,
}

impl Datagrams {
    /// None there.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            out: Cell::new(None),
            came: Cell::new(None),
            ordered: Signal::new(),
            taken: Signal::new(),
            changed: Signal::new(),
        }
    }

    /// Sends a datagram once its name is looked up. It takes the place of one that waits; one that is too long for a
    /// time query is dropped.
    pub fn send(&self, host: &str, port: u16, data: &[u8]) {
        let (Ok(host), Ok(data)) = (String::try_from(host), Vec::from_slice(data)) else {
            return;
        };
        self.out.set(Some(Datagram { host, port, data }));
        self.ordered.signal(());
    }

    /// The next datagram that arrived, cut to the buffer.
    pub fn receive(&self, buffer: &mut [u8]) -> Option<usize> {
        let came = self.came.take()?;
        self.taken.signal(());
        let length = came.len().min(buffer.len());
        for (to, from) in buffer.iter_mut().zip(&came) {
            *to = *from;
        }
        Some(length)
    }

    /// The network is gone, and what was under way over it.
    pub fn break_off(&self) {
        self.out.take();
        if self.came.take().is_some() {
            self.taken.signal(());
        }
    }

    /// Waits until a datagram came. For the one that polls the bridge.
    pub async fn changed(&self) {
        self.changed.wait().await;
    }

    /// Sends and receives for ever. Of the stack it takes one socket, and a name lookup now and then.
    pub async fn run(&self, stack: Stack<'_>) {
        let mut metadata = [[PacketMetadata::EMPTY; KEPT]; 2];
        let (mut rx, mut tx) = ([0; KEPT * BYTES], [0; KEPT * BYTES]);
        let [rx_metadata, tx_metadata] = &mut metadata;
        let mut socket = UdpSocket::new(stack, rx_metadata, &mut rx, tx_metadata, &mut tx);
        // Port 0 is whichever is free, which cannot fail.
        if socket.bind(0).is_ok() {
            select(self.send_all(stack, &socket), self.receive_all(&socket)).await;
        }
    }

    async fn send_all(&self, stack: Stack<'_>, socket: &UdpSocket<'_>) -> ! {
        loop {
            self.ordered.wait().await;
            let Some(Datagram { host, port, data }) = self.out.take() else {
                continue;
            };
            if let Some(address) = address_of(stack, &host).await {
                // What cannot be sent is dropped.
                let _ = socket.send_to(&data, (address, port)).await;
            }
        }
    }

    async fn receive_all(&self, socket: &UdpSocket<'_>) -> ! {
        let mut buffer = [0; BYTES];
        loop {
            // One that is longer than any answer is none.
            let Ok((length, _)) = socket.recv_from(&mut buffer).await else {
                continue;
            };
            self.came
                .set(Vec::from_slice(buffer.get(..length).unwrap_or(&[])).ok());
            self.taken.reset();
            self.changed.signal(());
            self.taken.wait().await;
        }
    }
}

impl Default for Datagrams {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Datagrams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Datagrams").finish_non_exhaustive()
    }
}
