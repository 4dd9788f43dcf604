//! A host made of link and messages: it sends what a test says, takes every frame, accepts every message, and
//! remembers what it saw.

use std::time::{Duration, Instant};

use fivewire_gpio::{Limits, Pace, Pause, Pins, Role};
use fivewire_link::{Event as LinkEvent, Hello, Link, Settings};
use fivewire_wire::command::{self, Command};
use fivewire_wire::config::Config;
use fivewire_wire::event::Event;
use fivewire_wire::reply::{self, Reply};
use fivewire_wire::{
    MAX_COMMAND_BODY, MAX_EVENT_BODY, MIN_REVISION, Outcome, QoS, REVISION, Status, WIRE_HASH, Writer,
};
use fivewire_wires::{Input, Output, Wires};

/// Far more than anything takes; only a hang reaches it.
const PATIENCE: Duration = Duration::from_secs(120);

/// What came from the bridge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    Up,
    Down,
    Reply(u8, Reply),
    Status(Status, u8),
    Message {
        topic: String,
        payload: Vec<u8>,
        retained: bool,
    },
    Other(String),
}

/// A message as the tests expect it.
pub(crate) fn message(topic: &str, payload: &[u8], retained: bool) -> Seen {
    Seen::Message {
        topic: topic.into(),
        payload: payload.into(),
        retained,
    }
}

/// A delivered publication.
pub(crate) fn delivered(number: u8) -> Seen {
    let reply = reply::Publish {
        outcome: Outcome::Delivered,
        reason: fivewire_wire::Reason::None,
    };
    Seen::Reply(number, reply.into())
}

/// The host's end of the wires.
pub(crate) struct Host {
    pub(crate) wires: Wires,
    /// Everything that came, and how much of it was waited for.
    pub(crate) seen: Vec<Seen>,
    waited: usize,
    link: Link<8192, 8192>,
    pins: Pins<Output, Output, Input, Input>,
    pace: Pace,
    started: Instant,
}

impl Host {
    pub(crate) fn new(wires: &Wires) -> Self {
        let epoch = std::process::id() as u16 | 1;
        let hello = Hello::new(REVISION, MIN_REVISION, WIRE_HASH, MAX_EVENT_BODY as u16, epoch);
        let fivewire_wires::Pins {
            clock_out,
            data_out,
            clock_in,
            data_in,
        } = wires.host_pins();
        let mut host = Self {
            wires: wires.clone(),
            seen: Vec::new(),
            waited: 0,
            link: Link::new(Settings::new(hello)),
            pins: Pins::new(Role::Initiator, clock_out, data_out, clock_in, data_in),
            pace: Pace::new(),
            started: Instant::now(),
        };
        host.link.start(0);
        host.pins.start(&mut host.link).unwrap();
        host
    }

    /// Moves bits, takes what came, rests as a driver does.
    pub(crate) fn step(&mut self) {
        let now = self.started.elapsed().as_millis() as u32;
        let burst = self.pins.burst(&mut self.link, now, Limits::DEFAULT).unwrap();
        while let Some(event) = self.link.poll_event() {
            self.seen.push(if matches!(event, LinkEvent::Up(_)) {
                Seen::Up
            } else {
                Seen::Down
            });
        }
        while let Some((number, body)) = self.link.receive() {
            let seen = decode(body);
            self.link.release();
            if matches!(seen, Seen::Message { .. }) {
                self.send(&command::Accept { number }.into());
            }
            self.seen.push(seen);
        }
        match self.pace.after(&burst) {
            Pause::None => {}
            Pause::Yield => std::thread::yield_now(),
            Pause::Sleep { us } => std::thread::sleep(Duration::from_micros(us.into())),
        }
    }

    /// Goes on until the condition holds.
    pub(crate) fn until(&mut self, what: &str, mut condition: impl FnMut(&mut Self) -> bool) {
        let begin = Instant::now();
        while !condition(self) {
            assert!(
                begin.elapsed() < PATIENCE,
                "waited in vain for {what}; seen: {:#?}",
                self.seen
            );
            self.step();
        }
    }

    /// Waits for this one, seen after what was waited for before; what comes in between is passed over.
    pub(crate) fn expect(&mut self, wanted: &Seen) {
        let mut next = self.waited;
        self.until(&format!("{wanted:?}"), |host| {
            let found = host.seen.iter().skip(next).position(|seen| seen == wanted);
            next = found.map_or(host.seen.len(), |position| next + position + 1);
            found.is_some()
        });
        self.waited = next;
    }

    pub(crate) fn expect_status(&mut self, status: Status) {
        self.expect(&Seen::Status(status, 0));
    }

    /// Sends a command when the link has room; its number.
    pub(crate) fn send(&mut self, command: &Command<'_>) -> u8 {
        self.until("room in the link", |host| host.link.can_send(MAX_COMMAND_BODY));
        let sent = self.link.send(|body| {
            let mut writer = Writer::new(body);
            command.encode(&mut writer).map(|()| writer.len())
        });
        sent.unwrap()
    }

    pub(crate) fn publish(&mut self, topic: &str, payload: &[u8], qos: QoS, retain: bool) -> u8 {
        self.send(
            &command::Publish {
                topic,
                payload,
                retain,
                qos,
                packet_id: 0,
                properties: &[],
            }
            .into(),
        )
    }

    pub(crate) fn subscribe(&mut self, filter: &str) {
        let number = self.send(
            &command::Subscribe {
                filter,
                qos: QoS::AtLeastOnce,
            }
            .into(),
        );
        let granted = reply::Subscribe {
            granted: QoS::AtLeastOnce,
            reason: fivewire_wire::Reason::None,
        };
        self.expect(&Seen::Reply(number, granted.into()));
    }

    /// Configures a bridge that has just come up, with this broker and whatever `change` does to it.
    pub(crate) fn configure(&mut self, port: u16, change: impl FnOnce(&mut Config<'_>)) {
        let mut settings = Config {
            ssid: "home",
            password: "secret-key",
            broker: "localhost",
            port,
            ..Config::DEFAULT
        };
        change(&mut settings);
        let configure = command::Configure {
            inbox_messages: 8,
            inbox_bytes: 4096,
            next_packet_id: 1,
            resumed: false,
            settings,
        };
        self.send(&configure.into());
    }

    /// From nothing to `running`.
    pub(crate) fn run_with(&mut self, port: u16) {
        self.expect(&Seen::Up);
        self.configure(port, |_| {});
        self.expect_status(Status::Running);
    }
}

fn decode(body: &[u8]) -> Seen {
    if let Ok((number, reply)) = Reply::decode(body) {
        return Seen::Reply(number, reply);
    }
    match Event::decode(body).unwrap() {
        Event::Status(status) => Seen::Status(status.status, status.detail),
        Event::Message(message) => Seen::Message {
            topic: message.topic.into(),
            payload: message.payload.into(),
            retained: message.retained,
        },
        other => Seen::Other(format!("{other:?}")),
    }
}
