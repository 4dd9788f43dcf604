//! Datagrams for the time query, without ever blocking: one socket for each address family, names looked up on a
//! thread. What a datagram says is the bridge's business.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs as _, UdpSocket};
use std::thread;

/// The two sockets; bound when first used.
#[derive(Debug, Default)]
pub(crate) struct UdpClient {
    v4: Option<UdpSocket>,
    v6: Option<UdpSocket>,
}

impl UdpClient {
    /// Looks the name up in the background and sends there; whatever goes wrong drops the datagram, as a network
    /// would.
    pub(crate) fn send(&mut self, host: &str, port: u16, data: &[u8]) {
        let Ok((v4, v6)) = self.sockets() else { return };
        let (host, data) = (host.to_owned(), data.to_owned());
        let thread = thread::Builder::new().name("udp-send".into());
        // Not started means not sent: a lost datagram, which the asker repeats.
        let _ = thread.spawn(move || {
            let Some(address) = resolve(&host, port, v6.is_some()) else {
                return;
            };
            let socket = if address.is_ipv4() { v4 } else { v6 };
            let _ = socket.map(|socket| socket.send_to(&data, address));
        });
    }

    /// The next datagram from anyone.
    pub(crate) fn receive(&mut self, buffer: &mut [u8]) -> Option<usize> {
        [&self.v4, &self.v6]
            .into_iter()
            .flatten()
            .find_map(|socket| socket.recv(buffer).ok())
    }

    /// The network went away.
    pub(crate) fn close(&mut self) {
        *self = Self::default();
    }

    /// Both sockets, bound if need be, as copies for the sending thread. A computer without one family has `None`.
    fn sockets(&mut self) -> std::io::Result<(Option<UdpSocket>, Option<UdpSocket>)> {
        if self.v4.is_none() {
            self.v4 = bind((Ipv4Addr::UNSPECIFIED, 0).into()).ok();
        }
        if self.v6.is_none() {
            self.v6 = bind((Ipv6Addr::UNSPECIFIED, 0).into()).ok();
        }
        let copy = |socket: &Option<UdpSocket>| socket.as_ref().map(UdpSocket::try_clone).transpose();
        Ok((copy(&self.v4)?, copy(&self.v6)?))
    }
}

fn bind(address: SocketAddr) -> std::io::Result<UdpSocket> {
    let socket = UdpSocket::bind(address)?;
    socket.set_nonblocking(true)?;
    Ok(socket)
}

/// An address of the name, IPv4 first; blocks.
fn resolve(host: &str, port: u16, v6: bool) -> Option<SocketAddr> {
    let addresses: Vec<_> = (host, port).to_socket_addrs().ok()?.collect();
    let first = |v4: bool| addresses.iter().copied().find(|address| address.is_ipv4() == v4);
    first(true).or_else(|| if v6 { first(false) } else { None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_datagram_goes_there_and_back() {
        let server = UdpSocket::bind("127.0.0.1:0").unwrap();
        server.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        let mut client = UdpClient::default();
        client.send("localhost", server.local_addr().unwrap().port(), b"time?");
        let mut buffer = [0; 16];
        let (length, from) = server.recv_from(&mut buffer).unwrap();
        assert_eq!(&buffer[..length], b"time?");
        server.send_to(b"noon", from).unwrap();
        let answer = (0..2_000).find_map(|_| {
            thread::sleep(Duration::from_millis(2));
            client.receive(&mut buffer)
        });
        assert_eq!(
            answer.map(|length| buffer[..length].to_vec()),
            Some(b"noon".to_vec())
        );
    }
}
