//! The network between bridge and broker: TCP with latency, a window, refusals and every way to break, and datagrams
//! to a time server. It moves bytes and knows nothing of MQTT or Wi-Fi.

use std::collections::VecDeque;

use fivewire_bridge::platform::{Tcp, TcpFailure};

use crate::broker::{Broker, ConnectionId};
use crate::random::Random;
use crate::time_server::TimeServer;

/// Bytes on their way to the bridge or not read by it: its receive window.
const WINDOW: usize = 2_048;
/// Bytes that the bridge's TCP takes before the network took them.
const SEND_BUFFER: usize = 2_048;
/// Largest segment.
const SEGMENT: u32 = 536;
/// How long a peer that does not answer is tried.
const CONNECT_MS: u64 = 8_000;

/// Whether the broker's machine answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It does.
    Open,
    /// Its port is closed.
    Refuses,
    /// Nothing comes back.
    Silent,
}

/// A way to end a TCP connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// Both ends learn of it at once; what was on its way is lost from some byte on.
    Reset,
    /// Neither end learns of it; what is sent from now on vanishes.
    Void,
}

/// Bytes on their way in one direction.
#[derive(Debug, Default)]
struct Pipe {
    segments: VecDeque<(u64, Vec<u8>)>,
}

impl Pipe {
    fn len(&self) -> usize {
        self.segments.iter().map(|(_, bytes)| bytes.len()).sum()
    }

    /// A segment enters. It does not overtake.
    fn push(&mut self, arrival_ms: u64, bytes: Vec<u8>) {
        let before = self.segments.back().map_or(0, |(before, _)| *before);
        self.segments.push_back((arrival_ms.max(before), bytes));
    }

    /// The next segment that arrived.
    fn pop(&mut self, now_ms: u64) -> Option<Vec<u8>> {
        let (arrival_ms, _) = self.segments.front()?;
        if *arrival_ms <= now_ms {
            self.segments.pop_front().map(|(_, bytes)| bytes)
        } else {
            None
        }
    }

    /// Some bytes of the first segment, when the rest is lost.
    fn torn(&mut self, random: &mut Random) -> Vec<u8> {
        let mut bytes = self
            .segments
            .pop_front()
            .map_or_else(Vec::new, |(_, bytes)| bytes);
        bytes.truncate(random.below(bytes.len() as u32 + 1) as usize);
        self.segments.clear();
        bytes
    }
}

/// One TCP connection.
#[derive(Debug)]
struct Path {
    /// How the bridge sees it.
    client: Tcp,
    /// While opening: when the answer comes, and what it is.
    answer: (u64, Result<(), TcpFailure>),
    server: Option<ConnectionId>,
    to_send: VecDeque<u8>,
    up: Pipe,
    down: Pipe,
    received: VecDeque<u8>,
    void: bool,
}

impl Path {
    fn open(&mut self, now_ms: u64, broker: &mut Broker) {
        let (until, outcome) = self.answer;
        if now_ms < until {
            return;
        }
        match outcome {
            Ok(()) => {
                self.server = Some(broker.open());
                self.client = Tcp::Open;
            }
            Err(failure) => self.client = Tcp::Closed(failure),
        }
    }

    /// Takes what the bridge sent into the pipe.
    fn depart(&mut self, now_ms: u64, latency_ms: u32, random: &mut Random) {
        while !self.to_send.is_empty() {
            let length = (random.between(1, SEGMENT) as usize).min(self.to_send.len());
            let bytes: Vec<u8> = self.to_send.drain(..length).collect();
            if !self.void {
                self.up.push(now_ms + travel(latency_ms, random), bytes);
            }
        }
    }

    fn arrive(&mut self, now_ms: u64, broker: &mut Broker) {
        let Some(id) = self.server else { return };
        while let Some(bytes) = self.up.pop(now_ms) {
            broker.receive(id, &bytes);
        }
    }

    /// What the broker sent, as far as the window goes; and its end of the connection.
    fn return_way(&mut self, now_ms: u64, latency_ms: u32, broker: &mut Broker, random: &mut Random) {
        let Some(id) = self.server else { return };
        let room = WINDOW.saturating_sub(self.down.len() + self.received.len());
        let bytes = broker.take_output(id, room.min(SEGMENT as usize));
        if !bytes.is_empty() {
            self.down.push(now_ms + travel(latency_ms, random), bytes);
        }
        while let Some(bytes) = self.down.pop(now_ms) {
            self.received.extend(bytes);
        }
        if !broker.is_open(id) && self.down.len() == 0 && self.client == Tcp::Open {
            self.client = Tcp::Closed(TcpFailure::Lost);
        }
    }
}

fn travel(latency_ms: u32, random: &mut Random) -> u64 {
    u64::from(latency_ms + random.below(latency_ms / 2 + 1))
}

/// The network, and the bridge's sockets in it.
#[derive(Debug)]
pub struct Network {
    /// One-way time of a packet, in milliseconds; up to half of it comes on top.
    pub latency_ms: u32,
    /// Whether the broker's machine answers.
    pub reach: Reach,
    /// The time server.
    pub time_server: TimeServer,
    /// Most bytes that one read or write of the bridge moves; a whole segment unless the network is meant to be nasty.
    pub grain: u32,
    address: (String, u16),
    stalled_until: u64,
    now_ms: u64,
    current: Option<Path>,
    /// Closed by the bridge; what it sent before still travels.
    closing: Vec<Path>,
    datagrams: Pipe,
    /// Connections whose silence is not the bridge's fault.
    hurt: Vec<ConnectionId>,
    random: Random,
}

impl Network {
    /// A network in which the broker answers at this name and port.
    #[must_use]
    pub fn new(host: &str, port: u16, random: Random) -> Self {
        Self {
            latency_ms: 5,
            reach: Reach::Open,
            time_server: TimeServer::default(),
            grain: SEGMENT,
            address: (host.to_owned(), port),
            stalled_until: 0,
            now_ms: 0,
            current: None,
            closing: Vec::new(),
            datagrams: Pipe::default(),
            hurt: Vec::new(),
            random,
        }
    }

    /// Moves everything that is due.
    pub fn step(&mut self, now_ms: u64, broker: &mut Broker) {
        self.now_ms = now_ms;
        if now_ms < self.stalled_until {
            return;
        }
        let (latency_ms, random) = (self.latency_ms, &mut self.random);
        if let Some(path) = &mut self.current {
            match path.client {
                Tcp::Opening => path.open(now_ms, broker),
                Tcp::Open => path.depart(now_ms, latency_ms, random),
                Tcp::Closed(_) => {}
            }
            if !path.void {
                path.arrive(now_ms, broker);
                path.return_way(now_ms, latency_ms, broker, random);
            }
        }
        for path in &mut self.closing {
            path.depart(now_ms, latency_ms, random);
            path.arrive(now_ms, broker);
            if path.up.len() == 0 {
                path.server.take().into_iter().for_each(|id| broker.lost(id));
            }
        }
        self.closing.retain(|path| path.server.is_some());
    }

    /// Nothing moves for this long; nothing is lost.
    pub fn stall(&mut self, ms: u32) {
        self.stalled_until = self.now_ms + u64::from(ms);
        self.hurt_current();
    }

    /// Breaks the connection.
    pub fn cut(&mut self, cut: Cut, broker: &mut Broker) {
        self.hurt_current();
        let Some(path) = &mut self.current else { return };
        match (cut, path.server) {
            (Cut::Reset, Some(id)) => {
                broker.receive(id, &path.up.torn(&mut self.random));
                broker.lost(id);
                path.received.extend(path.down.torn(&mut self.random));
                path.to_send.clear();
                path.client = Tcp::Closed(TcpFailure::Lost);
                path.server = None;
            }
            (Cut::Reset, None) => path.answer.1 = Err(TcpFailure::Lost),
            (Cut::Void, _) => path.void = true,
        }
    }

    /// The bridge is off the network: its sockets die, and the broker does not hear of it.
    pub(crate) fn lose_client(&mut self) {
        self.hurt_current();
        self.closing.clear();
        self.datagrams.segments.clear();
        if let Some(path) = &mut self.current {
            if !matches!(path.client, Tcp::Closed(_)) {
                path.client = Tcp::Closed(TcpFailure::Lost);
            }
            path.server = None;
            path.to_send.clear();
        }
    }

    /// The bridge lost its memory, and with it even what it had received.
    pub(crate) fn forget_client(&mut self) {
        self.lose_client();
        self.current = None;
    }

    /// From here on the silence of this connection is not the bridge's fault.
    pub(crate) fn hurt_current(&mut self) {
        self.hurt
            .extend(self.current.as_ref().and_then(|path| path.server));
    }

    /// True when nothing but the bridge can be blamed for silence on this connection.
    pub(crate) fn is_sound(&self, id: ConnectionId) -> bool {
        let current = self.current.as_ref().and_then(|path| path.server);
        current == Some(id) && !self.hurt.contains(&id)
    }

    // What the bridge's TCP does; the words are those of `fivewire_bridge::Platform`.

    pub(crate) fn tcp_open(&mut self, host: &str, port: u16, has_address: bool) {
        self.tcp_close();
        let known = host == self.address.0;
        let (delay, outcome) = match self.reach {
            _ if !has_address => (1, Err(TcpFailure::Unreachable)),
            _ if !known => (200, Err(TcpFailure::NameNotFound)),
            Reach::Silent => (CONNECT_MS, Err(TcpFailure::Unreachable)),
            Reach::Refuses => (
                2 * travel(self.latency_ms, &mut self.random),
                Err(TcpFailure::Refused),
            ),
            Reach::Open if port != self.address.1 => (1, Err(TcpFailure::Refused)),
            Reach::Open => (2 * travel(self.latency_ms, &mut self.random), Ok(())),
        };
        self.current = Some(Path {
            client: Tcp::Opening,
            answer: (self.now_ms + delay, outcome),
            server: None,
            to_send: VecDeque::new(),
            up: Pipe::default(),
            down: Pipe::default(),
            received: VecDeque::new(),
            void: false,
        });
    }

    pub(crate) fn tcp(&self) -> Tcp {
        self.current
            .as_ref()
            .map_or(Tcp::Closed(TcpFailure::NotOpened), |path| path.client)
    }

    pub(crate) fn tcp_read(&mut self, buffer: &mut [u8]) -> usize {
        let most = self.random.between(1, self.grain) as usize;
        let Some(path) = &mut self.current else { return 0 };
        let length = most.min(buffer.len()).min(path.received.len());
        for (to, from) in buffer.iter_mut().zip(path.received.drain(..length)) {
            *to = from;
        }
        length
    }

    pub(crate) fn tcp_write(&mut self, data: &[u8]) -> usize {
        let most = self.random.below(self.grain + 1) as usize;
        let Some(path) = self.current.as_mut().filter(|path| path.client == Tcp::Open) else {
            return 0;
        };
        let room = SEND_BUFFER.saturating_sub(path.to_send.len());
        let length = most.min(data.len()).min(room);
        path.to_send.extend(data.iter().take(length));
        length
    }

    pub(crate) fn tcp_close(&mut self) {
        let Some(path) = self.current.take() else { return };
        if path.server.is_some() && !path.void {
            self.closing.push(path);
        }
    }

    pub(crate) fn udp_send(&mut self, host: &str, port: u16, data: &[u8]) {
        let round_trip =
            travel(self.latency_ms, &mut self.random) + travel(self.latency_ms, &mut self.random);
        if let Some((delay, answer)) = self.time_server.answer(self.now_ms, host, port, data) {
            self.datagrams.push(self.now_ms + round_trip + delay, answer);
        }
    }

    pub(crate) fn udp_receive(&mut self, buffer: &mut [u8]) -> Option<usize> {
        let datagram = self.datagrams.pop(self.now_ms)?;
        let length = datagram.len().min(buffer.len());
        for (to, from) in buffer.iter_mut().zip(datagram) {
            *to = from;
        }
        Some(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A network, a broker, and a connection that is open.
    fn connected() -> (Network, Broker) {
        let (mut network, mut broker) = (Network::new("b", 1_883, Random::new(1)), Broker::default());
        network.tcp_open("b", 1_883, true);
        (1..40).for_each(|now_ms| network.step(now_ms, &mut broker));
        assert_eq!(network.tcp(), Tcp::Open);
        (network, broker)
    }

    const CONNECT: &[u8] = b"\x10\x0D\x00\x04MQTT\x04\x02\x00\x3C\x00\x01c";

    fn write_all(network: &mut Network, mut data: &[u8]) {
        while !data.is_empty() {
            data = &data[network.tcp_write(data)..];
        }
    }

    fn read_all(network: &mut Network) -> Vec<u8> {
        let (mut all, mut buffer) = (Vec::new(), [0; 7]);
        while let length @ 1.. = network.tcp_read(&mut buffer) {
            all.extend(&buffer[..length]);
        }
        all
    }

    #[test]
    fn bytes_travel_both_ways_and_take_their_time() {
        let (mut network, mut broker) = connected();
        write_all(&mut network, CONNECT);
        network.step(41, &mut broker);
        assert_eq!(read_all(&mut network), b"");
        (42..80).for_each(|now_ms| network.step(now_ms, &mut broker));
        assert_eq!(read_all(&mut network), b"\x20\x02\x00\x00");
    }

    #[test]
    fn what_was_written_before_a_close_still_arrives() {
        let (mut network, mut broker) = connected();
        write_all(&mut network, CONNECT);
        write_all(&mut network, b"\xE0\x00");
        network.tcp_close();
        assert_eq!(network.tcp(), Tcp::Closed(TcpFailure::NotOpened));
        (41..80).for_each(|now_ms| network.step(now_ms, &mut broker));
        let seen: Vec<_> = std::iter::from_fn(|| broker.poll_seen()).collect();
        assert!(format!("{seen:?}").contains("Disconnect"), "{seen:?}");
    }

    #[test]
    fn cuts_and_losses_show_as_they_would() {
        let (mut network, mut broker) = connected();
        network.cut(Cut::Void, &mut broker);
        write_all(&mut network, CONNECT);
        (41..200).for_each(|now_ms| network.step(now_ms, &mut broker));
        assert_eq!(
            (network.tcp(), read_all(&mut network).len()),
            (Tcp::Open, 0),
            "nobody knows"
        );
        network.cut(Cut::Reset, &mut broker);
        assert_eq!(network.tcp(), Tcp::Closed(TcpFailure::Lost));
        for (reach, failure) in [
            (Reach::Refuses, TcpFailure::Refused),
            (Reach::Silent, TcpFailure::Unreachable),
        ] {
            network.reach = reach;
            network.tcp_open("b", 1_883, true);
            (200..9_000).for_each(|now_ms| network.step(now_ms, &mut broker));
            assert_eq!(network.tcp(), Tcp::Closed(failure));
            network.now_ms = 200;
        }
        network.tcp_open("elsewhere", 1_883, true);
        (200..9_000).for_each(|now_ms| network.step(now_ms, &mut broker));
        assert_eq!(network.tcp(), Tcp::Closed(TcpFailure::NameNotFound));
    }
}
