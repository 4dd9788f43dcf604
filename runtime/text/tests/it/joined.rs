//! The link for both formats with its real translators, before ends that somebody else wrote: over a wires file, from the
//! first bit on, with nothing configured. Bodies of native messages on this side, the peer in Python on the other.

use std::time::{Duration, Instant};

use embedded_hal::digital::{InputPin, OutputPin};
use fivewire_link::{Clocked as _, Event as LinkEvent, Hello, Messages as _, Settings};
use fivewire_text::{AnyLink, Role, StockBridge, StockHost, Translator};
use fivewire_wire::command::{self, Command};
use fivewire_wire::config::Config;
use fivewire_wire::event::{self, Event};
use fivewire_wire::reply::{self, Reply};
use fivewire_wire::{Outcome, QoS, Reason, ReplyMessage, ResetCause, Status, Ticket, Writer};
use fivewire_wires::{Pins, Wires};

use crate::peer::{PATIENCE, Peer, Scratch};

/// A link for both formats on the pins of a wires file, and the bodies that it brought.
struct Joined<T: Translator> {
    link: AnyLink<T>,
    wires: Wires,
    pins: Pins,
    clock: bool,
    /// The next bit, made while the peer is busy.
    next: bool,
    begun: Instant,
    bodies: Vec<(u8, Vec<u8>)>,
    is_up: bool,
}

impl<T: Translator> Joined<T> {
    fn new(scratch: &Scratch, translator: T) -> Self {
        let wires = scratch.wires();
        let pins = match T::ROLE {
            Role::Initiator => wires.host_pins(),
            Role::Responder => wires.bridge_pins(),
        };
        let settings = Settings {
            watchdog_ms: 30_000,
            ..Settings::new(Hello::new(2, 1, 0xC0FFEE, 1024, 7))
        };
        let mut joined = Joined {
            link: AnyLink::new(settings, translator),
            wires,
            pins,
            clock: false,
            next: false,
            begun: Instant::now(),
            bodies: Vec::new(),
            is_up: false,
        };
        joined.start();
        joined
    }

    fn now_ms(&self) -> u32 {
        self.begun.elapsed().as_millis() as u32
    }

    fn start(&mut self) {
        self.link.start(self.now_ms());
        self.is_up = false;
        let first = self.link.output_bit();
        match T::ROLE {
            Role::Initiator => {
                self.put(first, true);
                self.next = self.link.output_bit();
            }
            Role::Responder => {
                self.next = first;
                self.put(false, false);
            }
        }
    }

    fn put(&mut self, data: bool, clock: bool) {
        self.clock = clock;
        let Ok(()) = self.pins.data_out.set_state(data.into());
        let Ok(()) = self.pins.clock_out.set_state(clock.into());
    }

    fn step(&mut self) -> bool {
        let Ok(peer) = self.pins.clock_in.is_high();
        if self.link.is_held() || (peer == self.clock) != (T::ROLE == Role::Initiator) {
            return false;
        }
        let Ok(came) = self.pins.data_in.is_high();
        self.put(self.next, !self.clock);
        self.link.input_bit(came);
        self.next = self.link.output_bit();
        true
    }

    /// A burst, then what it brought. A bridge obeys the reset wire.
    fn work(&mut self) {
        if T::ROLE == Role::Responder && self.wires.is_in_reset() {
            self.start();
        }
        if (0..64).any(|_| !self.step()) {
            std::thread::sleep(Duration::from_micros(50));
        }
        self.link.handle_timeout(self.now_ms());
        while let Some(event) = self.link.poll_event() {
            self.is_up = matches!(event, LinkEvent::Up(_));
        }
        while let Some((number, body)) = self.link.receive() {
            self.bodies.push((number, body.to_vec()));
            self.link.release();
        }
    }

    fn work_until<R>(&mut self, what: &str, mut done: impl FnMut(&mut Self) -> Option<R>) -> R {
        let begun = Instant::now();
        loop {
            if let Some(result) = done(self) {
                return result;
            }
            self.work();
            assert!(begun.elapsed() < PATIENCE, "no {what}: {:?}", self.bodies);
        }
    }

    fn send(&mut self, write: impl Fn(&mut Writer<'_>)) -> u8 {
        self.work_until("room", |joined| {
            let sent = joined.link.send(|body| {
                let mut out = Writer::new(body);
                write(&mut out);
                Ok::<_, ()>(out.len())
            });
            sent.ok()
        })
    }
}

impl Joined<StockBridge> {
    fn command<'c>(&mut self, command: impl Into<Command<'c>>) -> u8 {
        let command = command.into();
        self.send(|out| command.encode(out).expect("it fits"))
    }

    fn wait_for_status(&mut self, wanted: Status) {
        let is_it =
            |body: &[u8]| matches!(Event::decode(body), Ok(Event::Status(event)) if event.status == wanted);
        self.work_until(wanted.name(), |joined| {
            joined.bodies.iter().any(|(_, body)| is_it(body)).then_some(())
        });
    }

    fn wait_for_reply(&mut self, number: u8) -> Reply {
        self.work_until("reply", |joined| {
            let replies = joined
                .bodies
                .iter()
                .filter_map(|(_, body)| Reply::decode(body).ok());
            replies
                .into_iter()
                .find(|(to, _)| *to == number)
                .map(|(_, reply)| reply)
        })
    }
}

#[test]
fn a_host_with_nothing_configured_works_with_the_python_bridge() {
    let scratch = Scratch::new("joined-host");
    let mut host = Joined::new(&scratch, StockBridge::new());
    let mut bridge = Peer::bridge(&scratch, &[]);
    bridge.wait_for("boot");
    host.work_until("link", |host| host.is_up.then_some(()));
    assert!(host.link.is_text());

    let number = host.command(command::Will {
        topic: "result",
        payload: b"gone",
        retain: false,
        qos: QoS::AtLeastOnce,
    });
    assert_eq!(
        host.wait_for_reply(number),
        reply::Will { reason: Reason::None }.into()
    );
    let settings = Config {
        ssid: "lab",
        password: "hidden",
        broker: "127.0.0.1",
        ..Config::DEFAULT
    };
    let number = host.command(command::Configure {
        inbox_messages: 4,
        inbox_bytes: 2048,
        next_packet_id: 1,
        resumed: false,
        settings,
    });
    assert!(matches!(host.wait_for_reply(number), Reply::Configure(reply) if reply.reason == Reason::None));
    host.wait_for_status(Status::WifiUp);

    let (filter, qos) = ("green/#", QoS::AtLeastOnce);
    let number = host.command(command::Subscribe { filter, qos });
    assert!(matches!(host.wait_for_reply(number), Reply::Subscribe(reply) if reply.reason == Reason::None));
    let number = host.command(command::Publish {
        topic: "green/a",
        payload: b"on",
        retain: false,
        qos,
        packet_id: 0,
        properties: b"",
    });
    let (outcome, reason) = (Outcome::Delivered, Reason::None);
    assert_eq!(
        host.wait_for_reply(number),
        reply::Publish { outcome, reason }.into()
    );
    let came = |body: &[u8]| matches!(Event::decode(body), Ok(Event::Message(it)) if (it.topic, it.payload) == ("green/a", b"on"));
    assert!(
        host.bodies.iter().any(|(_, body)| came(body)),
        "it is subscribed to"
    );
    assert_eq!(bridge.told("publish", "message"), ["on"]);
}

impl Joined<StockHost> {
    fn reply<R: ReplyMessage>(&mut self, number: u8, reply: &R::At<'_>) {
        self.send(|out| Ticket::<R>::new(number).reply(reply, out).expect("it fits"));
    }

    fn event<'e>(&mut self, event: impl Into<Event<'e>>) {
        let event = event.into();
        self.send(|out| event.encode(out).expect("it fits"));
    }

    fn status(&mut self, status: Status) {
        self.event(event::Status { status, detail: 0 });
    }

    /// Waits for a command that `is_it`, and returns its number.
    fn wait_for_command(&mut self, what: &str, is_it: impl Fn(&Command<'_>) -> bool) -> u8 {
        self.work_until(what, |bridge| {
            let mut bodies = bridge.bodies.iter();
            let found = bodies.find(|(_, body)| Command::decode(body).is_ok_and(|command| is_it(&command)));
            found.map(|(number, _)| *number)
        })
    }
}

#[test]
fn a_bridge_with_nothing_configured_works_for_the_python_host() {
    let scratch = Scratch::new("joined-bridge");
    let mut bridge = Joined::new(&scratch, StockHost::new());
    let actions = [r#"["s", "green", 1]"#, r#"["p", "green", "on", true, 1]"#];
    let args = actions.iter().flat_map(|action| ["--do", action]);
    let will = ["--stay", "--will", r#"["result", "gone", "False", 1]"#];
    let mut host = Peer::host(&scratch, &will.into_iter().chain(args).collect::<Vec<_>>());

    let number = bridge.wait_for_command(
        "will",
        |command| matches!(command, Command::Will(will) if !will.retain && will.payload == b"gone"),
    );
    assert!(bridge.link.is_text());
    bridge.reply::<reply::Will>(number, &reply::Will { reason: Reason::None });
    let number = bridge.wait_for_command("configuration", |command| {
        matches!(command, Command::Configure(configure) if configure.settings.broker == "127.0.0.1")
    });
    let configured = reply::Configure {
        publish_messages: 8,
        publish_bytes: 4096,
        cause: ResetCause::PowerOn,
        reason: Reason::None,
    };
    bridge.reply::<reply::Configure>(number, &configured);
    // In the order of a native bridge, which is not that of the old one.
    [
        Status::StoredNetwork,
        Status::WifiUp,
        Status::BrokerCheck,
        Status::BrokerOk,
        Status::Running,
    ]
    .into_iter()
    .for_each(|status| bridge.status(status));

    let number = bridge.wait_for_command("subscription", |command| matches!(command, Command::Subscribe(_)));
    let (granted, reason) = (QoS::AtLeastOnce, Reason::None);
    bridge.reply::<reply::Subscribe>(number, &reply::Subscribe { granted, reason });
    let number = bridge.wait_for_command(
        "publication",
        |command| matches!(command, Command::Publish(publish) if publish.retain && publish.payload == b"on"),
    );
    bridge.event(event::Message {
        topic: "green",
        payload: b"on",
        retained: false,
        dup: false,
        qos: QoS::AtLeastOnce,
        packet_id: 0,
        properties: b"",
    });
    let (outcome, reason) = (Outcome::Delivered, Reason::None);
    bridge.reply::<reply::Publish>(number, &reply::Publish { outcome, reason });
    bridge.work_until("end", |_| host.has_said("done").then_some(()));
    let heard = [
        "t|7",
        "t|2",
        "t|1",
        "t|0",
        "t|5",
        "t|9",
        "u|green|on|False",
        "t|4",
    ];
    assert_eq!(host.strings(), heard);
    bridge.wait_for_command("acceptance", |command| matches!(command, Command::Accept(_)));
}
