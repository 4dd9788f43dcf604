//! Scripts in, traces out: a bridge, a host and a board in virtual time, driven by lines such as `host publish a b qos1`,
//! `wifi joined`, `tcp open`, `broker puback 1`, `wait 500`. After each line everything settles; the trace shows who
//! said what.

use std::fmt::Write as _;

use fivewire_bridge::{ConfigKey, JoinFailure, StandardBridge, Tcp, TcpFailure, TlsFailure, Wifi};

use crate::board::Board;
use crate::host::{Host, with_command};
use crate::packets;

/// Bits exchanged in a millisecond of a busy link.
const BITS_PER_MS: u32 = 512;

/// A bridge between a host and a world that only do what the script says.
pub(crate) struct World {
    pub(crate) host: Host,
    pub(crate) board: Board,
    pub(crate) bridge: StandardBridge,
    pub(crate) now: u32,
}

impl World {
    /// A bridge that has just met its host.
    pub(crate) fn new() -> Self {
        Self::starting_at(0)
    }

    pub(crate) fn starting_at(now: u32) -> Self {
        let mut world = Self {
            host: Host::new(11),
            board: Board::new(),
            bridge: StandardBridge::new(22, 33),
            now,
        };
        world.host.link.start(now);
        world.bridge.link_mut().start(now);
        world.settle();
        assert_eq!(world.host.take_trace(), ["host: link up"]);
        world
    }

    /// A bridge that has joined the configured network and the broker; `keys` go to `configure`.
    pub(crate) fn running(keys: &str) -> Self {
        let mut world = Self::new();
        world.run(&format!(
            "host configure use_default_net=false {keys}
             host join yes
             wifi joined
             tcp open
             broker connack 0"
        ));
        assert!(world.bridge.broker_up());
        world
    }

    /// Runs a script; the trace.
    pub(crate) fn run(&mut self, script: &str) -> String {
        let mut trace = String::new();
        let lines = script
            .lines()
            .filter_map(|line| line.split("//").next().map(str::trim));
        for line in lines.filter(|line| !line.is_empty()) {
            let number = self.line(&line.split_whitespace().collect::<Vec<_>>());
            let number = number.map(|number| format!(" #{number}")).unwrap_or_default();
            writeln!(trace, "{line}{number}").unwrap();
            self.settle();
            for said in self.take_trace() {
                writeln!(trace, "    {said}").unwrap();
            }
        }
        trace
    }

    /// One line; the number of the command it sent.
    fn line(&mut self, words: &[&str]) -> Option<u8> {
        match words {
            ["host", "raw", hex] => return Some(self.host.send_raw(&unhex(hex))),
            ["host", "restarts"] => self.restart_host(),
            ["host", command @ ..] => return Some(with_command(command, |command| self.host.send(command))),
            ["wifi", state] => self.board.wifi = wifi(state),
            ["tcp", "room", bytes] => self.board.tcp_room = bytes.parse().unwrap(),
            ["tcp", state] => self.board.tcp = tcp(state),
            ["broker", "raw", hex] => self.board.from_broker.extend(unhex(hex)),
            ["broker", packet @ ..] => self.board.from_broker.extend(packets::encode(packet)),
            ["time", answer @ ..] => {
                let answer = time_answer(&self.board.request, answer);
                self.board.datagrams.push_back(answer);
            }
            ["wait", ms] => self.pass(ms.parse().unwrap()),
            other => panic!("no such line: {other:?}"),
        }
        None
    }

    fn restart_host(&mut self) {
        self.host = Host::new(99);
        self.host.link.start(self.now);
    }

    fn take_trace(&mut self) -> Vec<String> {
        let mut trace = self.board.take_trace();
        trace.extend(self.host.take_trace());
        trace
    }

    /// Lets everything happen that needs no waiting.
    pub(crate) fn settle(&mut self) {
        for _ in 0..5_000 {
            let quiet = self.host.link.is_quiet() && self.bridge.link_mut().is_quiet();
            let moved = self.millisecond(BITS_PER_MS);
            if quiet && !moved {
                return;
            }
        }
        panic!("it never settles");
    }

    fn pass(&mut self, ms: u32) {
        for _ in 0..ms {
            let quiet = self.host.link.is_quiet() && self.bridge.link_mut().is_quiet();
            self.millisecond(if quiet { 1 } else { BITS_PER_MS });
        }
    }

    fn millisecond(&mut self, bits: u32) -> bool {
        self.now = self.now.wrapping_add(1);
        for _ in 0..bits {
            let link = self.bridge.link_mut();
            let (to_bridge, to_host) = (self.host.link.output_bit(), link.output_bit());
            link.input_bit(to_bridge);
            self.host.link.input_bit(to_host);
        }
        self.host.poll(self.now);
        self.bridge.poll(self.now, &mut self.board)
    }
}

/// True when one of the words is this one.
pub(crate) fn has(words: &[&str], word: &str) -> bool {
    words.contains(&word)
}

/// The value of `key=value`.
pub(crate) fn value<'a>(words: &[&'a str], key: &str) -> Option<&'a str> {
    words
        .iter()
        .find_map(|word| word.strip_prefix(key)?.strip_prefix('='))
}

/// A payload: text, or `0x` and hexadecimal digits, or `text*count`.
pub(crate) fn payload(word: &str) -> Vec<u8> {
    if let Some(hex) = word.strip_prefix("0x") {
        return unhex(hex);
    }
    match word.split_once('*') {
        Some((text, count)) => text.repeat(count.parse().unwrap()).into_bytes(),
        None => word.as_bytes().to_vec(),
    }
}

fn unhex(hex: &str) -> Vec<u8> {
    (0..hex.len() / 2)
        .map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap())
        .collect()
}

fn wifi(state: &str) -> Wifi {
    match state {
        "joined" => Wifi::Joined,
        "off" => Wifi::Off,
        "nothing_stored" => Wifi::Failed(JoinFailure::NothingStored),
        "no_network" => Wifi::Failed(JoinFailure::NoNetwork),
        "wrong_password" => Wifi::Failed(JoinFailure::WrongPassword),
        other => panic!("no such Wi-Fi state: {other}"),
    }
}

fn tcp(state: &str) -> Tcp {
    match state {
        "open" => Tcp::Open,
        "refused" => Tcp::Closed(TcpFailure::Refused),
        "not_found" => Tcp::Closed(TcpFailure::NameNotFound),
        "lost" => Tcp::Closed(TcpFailure::Lost),
        "unknown_ca" => Tcp::Closed(TcpFailure::Tls(TlsFailure::UnknownCa)),
        "wrong_name" => Tcp::Closed(TcpFailure::Tls(TlsFailure::WrongName)),
        "expired" => Tcp::Closed(TcpFailure::Tls(TlsFailure::Expired)),
        "no_time" => Tcp::Closed(TcpFailure::Tls(TlsFailure::NoTime)),
        "no_tls" => Tcp::Closed(TcpFailure::Tls(TlsFailure::Other("it is no TLS"))),
        "alert_116" => Tcp::Closed(TcpFailure::Tls(TlsFailure::Failed { alert: 116 })),
        "no_such_file" => Tcp::Closed(TcpFailure::Setting(ConfigKey::TlsCa)),
        "http_404" => Tcp::Closed(TcpFailure::WebSocketRefused(404)),
        "http_503" => Tcp::Closed(TcpFailure::WebSocketRefused(503)),
        other => panic!("no such TCP state: {other}"),
    }
}

/// An SNTP answer to the latest request, or one with something wrong.
fn time_answer(request: &[u8], words: &[&str]) -> Vec<u8> {
    let mut answer = vec![0; 48];
    answer[0] = 0x24;
    answer[1] = 2;
    answer[24..32].copy_from_slice(&request[40..48]);
    let unix_time: u32 = words[0].parse().unwrap();
    answer[40..44].copy_from_slice(&unix_time.wrapping_add(2_208_988_800).to_be_bytes());
    match words.get(1) {
        None => {}
        Some(&"forged") => answer[24] ^= 1,
        Some(&"kiss") => answer[1] = 0,
        Some(&"unsynchronised") => answer[1] = 16,
        Some(other) => panic!("no such answer: {other}"),
    }
    answer
}
