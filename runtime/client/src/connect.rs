//! How the client gets a transport: [`Connect`], and [`Tcp`] over any stack with the traits of `embedded-nal-async`.
//!
//! Not here: TLS and WebSocket, which are streams like any other; the pauses between attempts (see `backoff`).

use core::fmt;
use core::future::Future;
use core::net::{IpAddr, SocketAddr};

use embedded_io_async::{Read, Write};
use embedded_nal_async::{AddrType, Dns, TcpConnect};

/// Opens a transport to the broker, each time anew.
pub trait Connect {
    /// The transport. Dropping it closes it. A read that is dropped before it was ready must not have taken bytes: the
    /// client gives one up whenever it has something to write. A write may be left half done; the stream is
    /// dropped with it then.
    type Stream<'s>: Read + Write
    where
        Self: 's;

    /// Why it did not work. The client tries again and tells [`Cause::Unreachable`](crate::Cause::Unreachable); what more there
    /// is to say is for the implementation to log.
    type Error: fmt::Debug;

    /// Opens one. The future is dropped when that takes longer than the response time.
    fn connect(&mut self) -> impl Future<Output = Result<Self::Stream<'_>, Self::Error>>;
}

impl<C: Connect> Connect for &mut C {
    type Stream<'s>
        = C::Stream<'s>
    where
        Self: 's;
    type Error = C::Error;

    fn connect(&mut self) -> impl Future<Output = Result<Self::Stream<'_>, Self::Error>> {
        C::connect(self)
    }
}

/// TCP to a host by name or address; the name is looked up for each connection.
#[derive(Clone, Copy, Debug)]
pub struct Tcp<'a, N> {
    stack: N,
    host: &'a str,
    port: u16,
}

impl<'a, N: TcpConnect + Dns> Tcp<'a, N> {
    /// To this host, by its name or its IPv4 or IPv6 address; 1883 is MQTT's port.
    pub const fn new(stack: N, host: &'a str, port: u16) -> Self {
        Self { stack, host, port }
    }

    async fn address(&self) -> Result<IpAddr, TcpError<N>> {
        match self.host.parse() {
            Ok(address) => Ok(address),
            Err(_) => {
                let found = self.stack.get_host_by_name(self.host, AddrType::Either).await;
                found.map_err(TcpError::Name)
            }
        }
    }
}

impl<N: TcpConnect + Dns> Connect for Tcp<'_, N> {
    type Stream<'s>
        = N::Connection<'s>
    where
        Self: 's;
    type Error = TcpError<N>;

    async fn connect(&mut self) -> Result<Self::Stream<'_>, Self::Error> {
        let address = SocketAddr::new(self.address().await?, self.port);
        TcpConnect::connect(&self.stack, address)
            .await
            .map_err(TcpError::Open)
    }
}

/// Why a TCP connection did not come about.
pub enum TcpError<N: TcpConnect + Dns> {
    /// The name was not found.
    Name(<N as Dns>::Error),
    /// Nobody answers there.
    Open(<N as TcpConnect>::Error),
}

impl<N: TcpConnect + Dns> fmt::Debug for TcpError<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(error) => f.debug_tuple("Name").field(error).finish(),
            Self::Open(error) => f.debug_tuple("Open").field(error).finish(),
        }
    }
}
