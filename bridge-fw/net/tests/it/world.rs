//! Two stacks and a cable: the bridge's, with its sockets, and that of a peer which also answers name queries. Time is
//! real, but nothing here waits for it: tests wait for what they expect.

use std::pin::pin;

use embassy_futures::join::{join, join3};
use embassy_futures::select::{Either, select};
use embassy_net::tcp::TcpSocket;
use embassy_net::udp::{PacketMetadata, UdpSocket};
use embassy_net::{Config, Ipv4Address, Ipv4Cidr, Stack, StackResources, StaticConfigV4};
use embassy_net_driver_channel::driver::{HardwareAddress, LinkState};
use embassy_net_driver_channel::{self as channel, Runner};
use embassy_time::{Duration, with_timeout};
use fivewire_bridge::{Endpoint, Tcp, TcpFailure};
use fivewire_bridge_fw_net::{Line, Patience, Secure, Sockets};

const MTU: usize = 1514;
pub(crate) const BRIDGE: Ipv4Address = Ipv4Address::new(10, 9, 0, 1);
pub(crate) const PEER: Ipv4Address = Ipv4Address::new(10, 9, 0, 2);
pub(crate) const PEER_TEXT: &str = "10.9.0.2";
/// An address of the same network that nobody has.
pub(crate) const NOBODY: &str = "10.9.0.77";
/// The one name that the peer knows.
pub(crate) const NAME: &str = "broker.test";

/// Far beyond what anything takes here: who waits longer waits in vain.
const IN_VAIN: Duration = Duration::from_secs(30);

/// Short enough to wait for; a stack asks for an address once a second only, whoever has it.
const PATIENCE: Patience = Patience {
    connect: Duration::from_millis(2_000),
    linger: Duration::from_millis(300),
};

type State = channel::State<MTU, 4, 4>;

/// Runs `body` with the bridge's sockets and the peer's stack.
pub(crate) fn with_world<S: Secure>(secure: S, body: impl AsyncFnOnce(&Sockets, Stack<'_>)) {
    with_secure(|_| secure, body);
}

/// The same, with something that wants the bridge's stack for itself.
pub(crate) fn with_secure<S: Secure>(
    secure: impl FnOnce(Stack<'static>) -> S,
    body: impl AsyncFnOnce(&Sockets, Stack<'_>),
) {
    // What the bridge's stack is made of is never freed: it is as on a board.
    let here = Box::leak(Box::new(State::new()));
    let resources = Box::leak(Box::new(StackResources::<5>::new()));
    let mut there = State::new();
    let (mut here_end, here_device) = channel::new(here, HardwareAddress::Ethernet([2, 0, 0, 0, 0, 1]));
    let (mut there_end, there_device) =
        channel::new(&mut there, HardwareAddress::Ethernet([2, 0, 0, 0, 0, 2]));
    here_end.set_link_state(LinkState::Up);
    there_end.set_link_state(LinkState::Up);

    let mut peer_resources = StackResources::<6>::new();
    let (stack, mut runner) = embassy_net::new(here_device, address(BRIDGE), resources, 1);
    let (peer, mut peer_runner) = embassy_net::new(there_device, address(PEER), &mut peer_resources, 2);

    let sockets = Sockets::new();
    let networks = join3(
        runner.run(),
        peer_runner.run(),
        cable(&mut here_end, &mut there_end),
    );
    let mut secure = secure(stack);
    let bridge = async {
        join(
            sockets.tcp.run(stack, &mut secure, PATIENCE),
            sockets.udp.run(stack),
        )
        .await
    };
    let machinery = join3(networks, bridge, name_server(peer));
    let test = with_timeout(IN_VAIN, body(&sockets, peer));
    match futures_lite::future::block_on(select(pin!(test), pin!(machinery))) {
        Either::First(Ok(())) => {}
        Either::First(Err(_)) => panic!("waited in vain: {:?}", sockets.tcp),
        Either::Second(_) => panic!("a future that never ends ended"),
    }
}

fn address(own: Ipv4Address) -> Config {
    Config::ipv4_static(StaticConfigV4 {
        address: Ipv4Cidr::new(own, 24),
        gateway: None,
        dns_servers: [PEER].into_iter().collect(),
    })
}

async fn cable(one: &mut Runner<'_, MTU>, other: &mut Runner<'_, MTU>) {
    let (_, mut one_rx, mut one_tx) = one.borrow_split();
    let (_, mut other_rx, mut other_tx) = other.borrow_split();
    join(
        carry(&mut one_tx, &mut other_rx),
        carry(&mut other_tx, &mut one_rx),
    )
    .await;
}

async fn carry(from: &mut channel::TxRunner<'_, MTU>, to: &mut channel::RxRunner<'_, MTU>) {
    loop {
        let packet = from.tx_buf().await;
        let room = to.rx_buf().await;
        let length = packet.len();
        room[..length].copy_from_slice(packet);
        to.rx_done(length);
        from.tx_done();
    }
}

/// Knows [`NAME`], and that there is no other.
async fn name_server(peer: Stack<'_>) {
    let (mut metadata, mut other) = ([PacketMetadata::EMPTY; 4], [PacketMetadata::EMPTY; 4]);
    let (mut rx, mut tx) = ([0; 1024], [0; 1024]);
    let mut socket = UdpSocket::new(peer, &mut metadata, &mut rx, &mut other, &mut tx);
    socket.bind(53).unwrap();
    let mut query = [0; 512];
    loop {
        let (length, from) = socket.recv_from(&mut query).await.unwrap();
        socket.send_to(&answer(&query[..length]), from).await.unwrap();
    }
}

/// An answer (RFC 1035, 4.1) to a query of one question.
fn answer(query: &[u8]) -> Vec<u8> {
    let labels: Vec<u8> = NAME
        .split('.')
        .flat_map(|label| [&[label.len() as u8], label.as_bytes()].concat())
        .collect();
    let known = query[12..].starts_with(&labels);
    let mut answer = query.to_vec();
    // A response, recursion available; name error unless known. One answer, or none.
    answer[2..4].copy_from_slice(if known { &[0x81, 0x80] } else { &[0x81, 0x83] });
    answer[7] = known.into();
    if known {
        // The name of the question, type A, class IN, a minute, four bytes.
        answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4]);
        answer.extend(PEER.octets());
    }
    answer
}

/// A plain endpoint.
pub(crate) fn at(host: &str, port: u16) -> Endpoint<'_> {
    Endpoint {
        host,
        port,
        tls: None,
        websocket: None,
    }
}

/// Waits until the line is no longer opening.
pub(crate) async fn settled(line: &Line) -> Tcp {
    until(line, || line.state() != Tcp::Opening).await;
    line.state()
}

/// Waits until the line is closed.
pub(crate) async fn closed(line: &Line) -> TcpFailure {
    loop {
        match line.state() {
            Tcp::Closed(failure) => return failure,
            Tcp::Opening | Tcp::Open => line.changed().await,
        }
    }
}

/// Waits as the one does that polls a bridge.
pub(crate) async fn until(line: &Line, mut condition: impl FnMut() -> bool) {
    while !condition() {
        line.changed().await;
    }
}

/// Hands all of `data` over.
pub(crate) async fn write_all(line: &Line, mut data: &[u8]) {
    while !data.is_empty() {
        match line.write(data) {
            0 => line.changed().await,
            taken => data = &data[taken..],
        }
    }
}

/// Reads `length` bytes.
pub(crate) async fn read_exact(line: &Line, length: usize) -> Vec<u8> {
    let mut data = vec![0; length];
    let mut got = 0;
    while got < length {
        match line.read(&mut data[got..]) {
            0 => line.changed().await,
            more => got += more,
        }
    }
    data
}

/// The peer waits for a connection at `port`, and does `body` with it.
pub(crate) async fn accept<T>(
    peer: Stack<'_>,
    port: u16,
    body: impl AsyncFnOnce(&mut TcpSocket<'_>) -> T,
) -> T {
    let (mut rx, mut tx) = ([0; 4096], [0; 4096]);
    let mut socket = TcpSocket::new(peer, &mut rx, &mut tx);
    socket.accept(port).await.unwrap();
    body(&mut socket).await
}

/// Bytes that are not all alike.
pub(crate) fn pattern(length: usize) -> Vec<u8> {
    (0..length as u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect()
}
