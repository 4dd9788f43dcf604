//! The adapters over `embedded-nal-async`: [`Tcp`] and [`wan_ok`] on a stack made of this computer's sockets.
//!
//! Not here: what the client does over it (see `real`).

use std::cell::RefCell;
use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream, UdpSocket};
use std::time::Duration;

use async_io::{Async, block_on};
use embassy_futures::select::{Either, select};
use embassy_sync::blocking_mutex::raw::NoopRawMutex;
use embedded_io_async::{ErrorType, Read, Write};
use embedded_nal_async::{AddrType, ConnectedUdp, Dns, TcpConnect, UdpStack, UnconnectedUdp};
use fivewire_client::{
    Connect as _, Engine, Options, Publish, Receipt, Runner, Shared, Tcp, TcpError, V5, WanProbe, wan_ok,
};

use crate::mosquitto::Mosquitto;
use crate::network::Uptime;

/// Knows one name.
#[derive(Default)]
struct Stack {
    asked: RefCell<Vec<String>>,
}

struct Socket(Async<TcpStream>);

impl ErrorType for Socket {
    type Error = io::Error;
}

impl Read for Socket {
    async fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.0.read_with(|mut socket| socket.read(out)).await
    }
}

impl Write for Socket {
    async fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write_with(|mut socket| socket.write(bytes)).await
    }

    async fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl TcpConnect for Stack {
    type Error = io::Error;
    type Connection<'a> = Socket;

    async fn connect(&self, remote: SocketAddr) -> io::Result<Socket> {
        Async::<TcpStream>::connect(remote).await.map(Socket)
    }
}

impl Dns for Stack {
    type Error = String;

    async fn get_host_by_name(&self, host: &str, _: AddrType) -> Result<IpAddr, String> {
        self.asked.borrow_mut().push(host.into());
        if host == "broker.test" {
            Ok(Ipv4Addr::LOCALHOST.into())
        } else {
            Err(format!("no {host}"))
        }
    }

    async fn get_host_by_address(&self, _: IpAddr, _: &mut [u8]) -> Result<usize, String> {
        Err("not asked for".into())
    }
}

struct Datagrams(Async<UdpSocket>);

impl ConnectedUdp for Datagrams {
    type Error = io::Error;

    async fn send(&mut self, data: &[u8]) -> io::Result<()> {
        self.0.send(data).await.map(|_| ())
    }

    async fn receive_into(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.recv(buffer).await
    }
}

/// A kind of socket that nobody asks for.
enum Never {}

impl UnconnectedUdp for Never {
    type Error = io::Error;

    async fn send(&mut self, _: SocketAddr, _: SocketAddr, _: &[u8]) -> io::Result<()> {
        match *self {}
    }

    async fn receive_into(&mut self, _: &mut [u8]) -> io::Result<(usize, SocketAddr, SocketAddr)> {
        match *self {}
    }
}

impl UdpStack for Stack {
    type Error = io::Error;
    type Connected = Datagrams;
    type UniquelyBound = Never;
    type MultiplyBound = Never;

    async fn connect_from(
        &self,
        local: SocketAddr,
        remote: SocketAddr,
    ) -> io::Result<(SocketAddr, Datagrams)> {
        let socket = Async::<UdpSocket>::bind(local)?;
        socket.get_ref().connect(remote)?;
        Ok((socket.get_ref().local_addr()?, Datagrams(socket)))
    }

    async fn bind_single(&self, _: SocketAddr) -> io::Result<(SocketAddr, Never)> {
        Err(io::ErrorKind::Unsupported.into())
    }

    async fn bind_multiple(&self, _: SocketAddr) -> io::Result<Never> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

#[test]
fn a_broker_is_found_by_name_each_time_and_by_address_without_asking() {
    let broker = Mosquitto::start();
    for (host, asked) in [("broker.test", 2), ("127.0.0.1", 0)] {
        let stack = Stack::default();
        let memory: Shared<NoopRawMutex, Engine<V5>> = Shared::new();
        let client = memory.client();
        let tcp = Tcp::new(&stack, host, broker.port);
        let mut runner = Runner::new(&memory, Options::new("x"), tcp, Uptime::new(), 1);
        let body = async {
            assert_eq!(
                client.publish("t", b"it", Publish::qos2()).await,
                Ok(Receipt::Delivered)
            );
            client.disconnect().await;
            client.connect();
            client.ready().await;
        };
        match block_on(select(runner.run(), body)) {
            Either::First(ended) => panic!("{ended:?}"),
            Either::Second(()) => {}
        }
        assert_eq!(*stack.asked.borrow(), vec![host; asked]);
    }
}

#[test]
fn a_name_that_nobody_knows_is_told() {
    let stack = Stack::default();
    let mut tcp = Tcp::new(&stack, "nowhere.test", 1883);
    let failed = block_on(tcp.connect());
    assert!(matches!(failed, Err(TcpError::Name(error)) if error == "no nowhere.test"));
}

#[test]
fn the_wide_network_is_there_when_a_name_server_answers() {
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    let probe = WanProbe {
        server: server.local_addr().unwrap(),
        name: "example.org",
        timeout_ms: 20,
        attempts: 3,
    };
    let ask = |timeout_ms| {
        block_on(wan_ok(
            &Stack::default(),
            &Uptime::new(),
            &WanProbe { timeout_ms, ..probe },
            7,
        ))
    };
    assert!(!ask(20), "nobody answers");
    let mut question = [0; 100];
    for attempt in 7..10 {
        let (len, _) = server.recv_from(&mut question).unwrap();
        assert_eq!(
            (len, question[1]),
            (12 + 13 + 4, attempt),
            "each question has its number"
        );
    }
    let answering = std::thread::spawn(move || {
        server.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let (len, from) = server.recv_from(&mut question).unwrap();
        let mut stale = question;
        stale[..3].copy_from_slice(&[9, 9, 0x80]);
        server.send_to(&stale[..len], from).unwrap();
        question[2] |= 0x80;
        server.send_to(&question[..len], from).unwrap();
    });
    assert!(ask(60_000));
    answering.join().unwrap();
}
