//! The client against a real broker over TCP.
//!
//! Mosquitto listens on a free loopback port and keeps its sessions in a temporary folder, so that it can be restarted. Not
//! here: faults that a script shows better (see `requests`, `violations`).

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use fivewire_mqtt::{Client, ConnectOptions, ConnectReturnCode, Event, MessageId, QoS, Will};

const PROGRAM: &str = "/usr/sbin/mosquitto";
/// Far more than anything takes; only a hang reaches it.
const PATIENCE: Duration = Duration::from_secs(20);

/// Below the ports that outgoing connections get: an attempt to reach a port of that range before the broker
/// listens there can end up connected to itself.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    loop {
        let offset = u32::from(NEXT.fetch_add(1, Ordering::Relaxed)) + 31 * std::process::id();
        let port = 20_000 + (offset % 10_000) as u16;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// A broker process with a folder of its own, both gone in the end.
pub(crate) struct Broker {
    pub(crate) port: u16,
    folder: PathBuf,
    process: Option<Child>,
}

impl Broker {
    pub(crate) fn start(name: &str, config: &str) -> Self {
        assert!(
            Path::new(PROGRAM).exists(),
            "no {PROGRAM}: type `apt-get install mosquitto`"
        );
        let port = free_port();
        let folder = std::env::temp_dir().join(format!("fivewire-mqtt-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let place = folder.display();
        // Root would else become another user, who may not write here; for others the line has no effect.
        let text = format!(
            "listener {port} 127.0.0.1\npersistence true\npersistence_location {place}/\nuser root\n{config}"
        );
        std::fs::write(folder.join("mosquitto.conf"), text).unwrap();
        let mut broker = Self {
            port,
            folder,
            process: None,
        };
        broker.run();
        broker
    }

    /// Starts the process and waits until it listens.
    fn run(&mut self) {
        let config = self.folder.join("mosquitto.conf");
        let mut command = Command::new(PROGRAM);
        command
            .arg("-c")
            .arg(config)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        self.process = Some(command.spawn().unwrap());
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(start.elapsed() < PATIENCE, "mosquitto does not listen");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Ends the process in order, so that it saves its sessions.
    fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let pid = process.id().to_string();
            assert!(Command::new("kill").arg(pid).status().unwrap().success());
            process.wait().unwrap();
        }
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// What of an event outlives it.
#[derive(Debug, PartialEq)]
enum Seen {
    Connected {
        session_present: bool,
    },
    Refused(ConnectReturnCode),
    Published(u16),
    Message {
        topic: String,
        payload: Vec<u8>,
        retain: bool,
        dup: bool,
    },
    Subscribed(Result<QoS, ()>),
    Unsubscribed,
    Discarded(usize),
}

/// A client on a socket.
struct Peer {
    client: Client<256, 256, 8>,
    socket: Option<TcpStream>,
    start: Instant,
    /// Messages that wait for their acknowledgement.
    messages: Vec<MessageId>,
    /// All bytes that went out on this socket.
    sent: Vec<u8>,
}

impl Peer {
    fn new() -> Self {
        Self {
            client: Client::new(),
            socket: None,
            start: Instant::now(),
            messages: Vec::new(),
            sent: Vec::new(),
        }
    }

    fn now_ms(&self) -> u32 {
        self.start.elapsed().as_millis() as u32
    }

    fn connect(&mut self, broker: &Broker, options: &ConnectOptions<'_>) {
        let socket = TcpStream::connect(("127.0.0.1", broker.port)).unwrap();
        socket.set_nodelay(true).unwrap();
        socket.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
        self.socket = Some(socket);
        self.sent.clear();
        self.messages.clear();
        self.client.connect(self.now_ms(), options).unwrap();
    }

    /// The transport breaks without a goodbye.
    fn break_off(&mut self) {
        self.socket = None;
        self.client.transport_closed();
    }

    fn write(&mut self) {
        let output = self.client.output();
        self.socket.as_mut().unwrap().write_all(output).unwrap();
        self.sent.extend_from_slice(output);
        let len = output.len();
        self.client.consume_output(len);
    }

    fn read(&mut self) {
        let mut bytes = [0; 100];
        let len = match self.socket.as_mut().unwrap().read(&mut bytes) {
            Ok(len) => len,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => 0,
            Err(error) => panic!("{error}"),
        };
        let now_ms = self.now_ms();
        let taken = self.client.handle_input(now_ms, &bytes[..len]);
        assert_eq!(taken, len, "events are taken before each read, so there is room");
    }

    fn event(&mut self) -> Option<Seen> {
        Some(match self.client.poll_event()? {
            Event::Connected { session_present } => Seen::Connected { session_present },
            Event::Refused(code) => Seen::Refused(code),
            Event::Published { packet_id } => Seen::Published(packet_id.get()),
            Event::Message {
                topic,
                payload,
                retain,
                dup,
                packet_id,
                ..
            } => {
                self.messages.extend(packet_id);
                Seen::Message {
                    topic: topic.into(),
                    payload: payload.into(),
                    retain,
                    dup,
                }
            }
            Event::Subscribed { granted, .. } => Seen::Subscribed(granted),
            Event::Unsubscribed { .. } => Seen::Unsubscribed,
            Event::Discarded { size, .. } => Seen::Discarded(size),
            Event::Received { .. } | Event::Released { .. } => panic!("nothing is deferred"),
            Event::Lost(cause) => panic!("lost: {cause}"),
        })
    }

    /// The next event, with all the reading and writing that it takes.
    fn next(&mut self) -> Seen {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if let Some(seen) = self.event() {
                return seen;
            }
            self.write();
            self.read();
            let now_ms = self.now_ms();
            self.client.handle_timeout(now_ms);
        }
        panic!("nothing came");
    }

    fn acknowledge_all(&mut self) {
        for id in std::mem::take(&mut self.messages) {
            self.client.acknowledge(id).unwrap();
        }
        self.write();
    }

    fn publish(&mut self, topic: &str, payload: &[u8], qos: QoS, retain: bool) -> Option<u16> {
        let now_ms = self.now_ms();
        let id = self.client.publish(now_ms, topic, payload, qos, retain).unwrap();
        self.write();
        id.map(|id| id.get())
    }

    fn subscribe(&mut self, filter: &str, qos: QoS) {
        let now_ms = self.now_ms();
        self.client.subscribe(now_ms, filter, qos).unwrap();
        assert_eq!(self.next(), Seen::Subscribed(Ok(qos)));
    }
}

fn message(topic: &str, payload: &[u8], retain: bool, dup: bool) -> Seen {
    Seen::Message {
        topic: topic.into(),
        payload: payload.into(),
        retain,
        dup,
    }
}

const NEW: Seen = Seen::Connected {
    session_present: false,
};
const PRESENT: Seen = Seen::Connected {
    session_present: true,
};

fn keeping(client_id: &str) -> ConnectOptions<'_> {
    ConnectOptions {
        clean_session: false,
        ..ConnectOptions::new(client_id)
    }
}

#[test]
fn publish_subscribe_receive() {
    let broker = Broker::start("plain", "allow_anonymous true\n");
    let mut peer = Peer::new();
    peer.connect(&broker, &ConnectOptions::new("plain"));
    assert_eq!(peer.next(), NEW);
    peer.subscribe("t/+", QoS::AtLeastOnce);

    peer.publish("t/0", b"zero", QoS::AtMostOnce, false);
    assert_eq!(peer.next(), message("t/0", b"zero", false, false));
    let raw = [0x00, 0x7f, 0xff];
    let id = peer.publish("t/1", &raw, QoS::AtLeastOnce, true).unwrap();
    let mut both = [peer.next(), peer.next()];
    both.sort_by_key(|seen| matches!(seen, Seen::Message { .. }));
    assert_eq!(both, [Seen::Published(id), message("t/1", &raw, false, false)]);
    peer.acknowledge_all();

    peer.client.unsubscribe(peer.now_ms(), "t/+").unwrap();
    assert_eq!(peer.next(), Seen::Unsubscribed);
    peer.subscribe("#", QoS::AtMostOnce);
    assert_eq!(
        peer.next(),
        message("t/1", &raw, true, false),
        "only what was to be retained is"
    );

    let large = [7; 300];
    peer.publish("t/2", &[8; 200], QoS::AtMostOnce, false);
    assert_eq!(peer.next(), message("t/2", &[8; 200], false, false));
    let mut other = Peer::new();
    other.connect(&broker, &ConnectOptions::new("other"));
    assert_eq!(other.next(), NEW);
    for half in [&large[..150], &large[150..]] {
        other.publish("t/3", half, QoS::AtMostOnce, false);
        assert_eq!(peer.next(), message("t/3", half, false, false));
    }
}

#[test]
fn qos_2_arrives_once_however_often_both_ends_break_off() {
    let broker = Broker::start("twice", "allow_anonymous true\n");
    let (mut sender, mut receiver) = (Peer::new(), Peer::new());
    receiver.connect(&broker, &keeping("receiver"));
    assert_eq!(receiver.next(), NEW);
    receiver.subscribe("t", QoS::ExactlyOnce);
    sender.connect(&broker, &keeping("sender"));
    assert_eq!(sender.next(), NEW);
    for number in 0..8_u8 {
        let id = sender.publish("t", &[number], QoS::ExactlyOnce, false).unwrap();
        // The break strikes before or after the broker's next packet.
        if number % 2 == 0 {
            sender.read();
            assert_eq!(sender.event(), None);
        }
        sender.break_off();
        sender.connect(&broker, &keeping("sender"));
        assert_eq!(sender.next(), PRESENT);
        assert_eq!(sender.next(), Seen::Published(id));
        let Seen::Message { payload, .. } = receiver.next() else {
            panic!("not a message");
        };
        assert_eq!(payload, [number]);
        let taken = receiver.messages.pop().unwrap();
        receiver.break_off();
        receiver.client.acknowledge(taken).unwrap();
        receiver.connect(&broker, &keeping("receiver"));
        assert_eq!(receiver.next(), PRESENT);
    }
    sender.publish("t", b"end", QoS::AtMostOnce, false);
    assert_eq!(
        receiver.next(),
        message("t", b"end", false, false),
        "and nothing twice"
    );
}

#[test]
fn resent_with_dup_after_a_break() {
    let broker = Broker::start("dup", "allow_anonymous true\n");
    let mut peer = Peer::new();
    peer.connect(&broker, &keeping("dup"));
    assert_eq!(peer.next(), NEW);
    let id = peer
        .publish("t", b"once or twice", QoS::AtLeastOnce, false)
        .unwrap();
    let first = peer.sent.clone();
    peer.break_off();

    peer.connect(&broker, &keeping("dup"));
    assert_eq!(peer.next(), PRESENT);
    assert_eq!(peer.next(), Seen::Published(id));
    let (plain, again) = (b"\x32\x12\0\x01t\0\x01once", b"\x3a\x12\0\x01t\0\x01once");
    let contains = |bytes: &[u8], part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
    assert!(contains(&first, plain) && !contains(&first, again));
    assert!(contains(&peer.sent, again) && !contains(&peer.sent, plain));
}

#[test]
fn a_session_outlives_a_restart_of_the_broker() {
    let mut broker = Broker::start("restart", "allow_anonymous true\n");
    let mut peer = Peer::new();
    peer.connect(&broker, &keeping("restart"));
    assert_eq!(peer.next(), NEW);
    peer.subscribe("green", QoS::AtLeastOnce);
    let mut other = Peer::new();
    other.connect(&broker, &keeping("other"));
    assert_eq!(other.next(), NEW);

    // A message that the application does not acknowledge, and a publish that meets a dead broker.
    let id = other.publish("green", b"on", QoS::AtLeastOnce, false).unwrap();
    assert_eq!(other.next(), Seen::Published(id));
    assert_eq!(peer.next(), message("green", b"on", false, false));
    broker.stop();
    peer.break_off();
    other.break_off();
    let now_ms = other.now_ms();
    let late = other
        .client
        .publish(now_ms, "green", b"off", QoS::AtLeastOnce, false)
        .unwrap()
        .unwrap();
    broker.run();

    peer.connect(&broker, &keeping("restart"));
    assert_eq!(peer.next(), PRESENT);
    assert_eq!(
        peer.next(),
        message("green", b"on", false, true),
        "again, and flagged"
    );
    peer.acknowledge_all();
    other.connect(&broker, &keeping("other"));
    assert_eq!(other.next(), PRESENT);
    assert_eq!(other.next(), Seen::Published(late.get()));
    assert_eq!(
        peer.next(),
        message("green", b"off", false, false),
        "the subscription stands"
    );
    peer.acknowledge_all();

    // Everything is acknowledged, so nothing comes a third time.
    peer.client.disconnect();
    peer.write();
    peer.break_off();
    peer.connect(&broker, &keeping("restart"));
    assert_eq!(peer.next(), PRESENT);
    let id = other.publish("green", b"end", QoS::AtLeastOnce, false).unwrap();
    assert_eq!(other.next(), Seen::Published(id));
    assert_eq!(peer.next(), message("green", b"end", false, false));
}

#[test]
fn a_backlog_comes_in_order_through_small_buffers() {
    let broker = Broker::start("backlog", "allow_anonymous true\nmax_queued_messages 0\n");
    let mut peer = Peer::new();
    peer.connect(&broker, &keeping("backlog"));
    assert_eq!(peer.next(), NEW);
    peer.subscribe("n", QoS::AtLeastOnce);
    peer.break_off();

    let mut other = Peer::new();
    other.connect(&broker, &ConnectOptions::new("other"));
    assert_eq!(other.next(), NEW);
    for number in 0..500u32 {
        while !other.client.can_publish(5) {
            assert!(matches!(other.next(), Seen::Published(_)));
        }
        other.publish("n", &number.to_be_bytes(), QoS::AtLeastOnce, false);
    }
    while other.client.in_flight() > 0 {
        assert!(matches!(other.next(), Seen::Published(_)));
    }

    peer.connect(&broker, &keeping("backlog"));
    assert_eq!(peer.next(), PRESENT);
    for number in 0..500u32 {
        assert_eq!(peer.next(), message("n", &number.to_be_bytes(), false, false));
        if number % 3 == 0 {
            peer.acknowledge_all();
        }
    }
}

#[test]
fn the_will_is_published_only_without_a_goodbye() {
    let broker = Broker::start("will", "allow_anonymous true\n");
    let mut watcher = Peer::new();
    watcher.connect(&broker, &ConnectOptions::new("watcher"));
    assert_eq!(watcher.next(), NEW);
    watcher.subscribe("will/#", QoS::AtLeastOnce);
    for (name, polite) in [("will/polite", true), ("will/rude", false)] {
        let will = Will {
            topic: name,
            payload: b"died",
            qos: QoS::AtLeastOnce,
            retain: false,
        };
        let mut peer = Peer::new();
        peer.connect(
            &broker,
            &ConnectOptions {
                will: Some(will),
                ..ConnectOptions::new("mortal")
            },
        );
        assert_eq!(peer.next(), NEW);
        if polite {
            peer.client.disconnect();
            peer.write();
        }
    }
    assert_eq!(watcher.next(), message("will/rude", b"died", false, false));
}

#[test]
fn a_stranger_is_refused_and_a_known_user_is_not() {
    let folder = std::env::temp_dir().join(format!("fivewire-mqtt-passwords-{}", std::process::id()));
    std::fs::write(&folder, "joe:secret\n").unwrap();
    let hashed = Command::new("mosquitto_passwd").arg("-U").arg(&folder).status();
    assert!(
        hashed.is_ok_and(|status| status.success()),
        "no mosquitto_passwd: type `apt-get install mosquitto`"
    );
    let config = format!("allow_anonymous false\npassword_file {}\n", folder.display());
    let broker = Broker::start("users", &config);

    let mut peer = Peer::new();
    peer.connect(&broker, &ConnectOptions::new("me"));
    assert_eq!(peer.next(), Seen::Refused(ConnectReturnCode::NotAuthorized));
    let known = ConnectOptions {
        user: Some("joe"),
        password: Some(b"secret"),
        ..ConnectOptions::new("me")
    };
    peer.connect(&broker, &known);
    assert_eq!(peer.next(), NEW);
    let _ = std::fs::remove_file(&folder);
}

#[test]
fn a_message_too_large_goes_by() {
    let broker = Broker::start("large", "allow_anonymous true\n");
    let mut peer = Peer::new();
    peer.connect(&broker, &ConnectOptions::new("large"));
    assert_eq!(peer.next(), NEW);
    peer.subscribe("big", QoS::AtLeastOnce);

    let mut other = Client::<64, 2048, 1>::new();
    let mut socket = TcpStream::connect(("127.0.0.1", broker.port)).unwrap();
    other.connect(0, &ConnectOptions::new("other")).unwrap();
    socket.write_all(other.output()).unwrap();
    other.consume_output(usize::MAX);
    let mut connack = [0; 4];
    socket.read_exact(&mut connack).unwrap();
    other.handle_input(0, &connack);
    assert_eq!(
        other.poll_event(),
        Some(Event::Connected {
            session_present: false
        })
    );
    other
        .publish(0, "big", &[1; 1500], QoS::AtLeastOnce, false)
        .unwrap();
    other.publish(0, "big", b"small", QoS::AtMostOnce, false).unwrap();
    socket.write_all(other.output()).unwrap();

    assert_eq!(peer.next(), Seen::Discarded(1510));
    assert_eq!(peer.next(), message("big", b"small", false, false));
}
