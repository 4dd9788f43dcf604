//! A demo, its host, a bridge that agrees to everything, and a clock; what happens is written down.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use embassy_sync::blocking_mutex::raw::NoopRawMutex;
use fivewire_host::link::{Event, Hello, Link, Settings};
use fivewire_host::wire::command::Command;
use fivewire_host::wire::reply::{self, Reply};
use fivewire_host::wire::{
    MAX_BODY, MIN_REVISION, Outcome, QoS, REVISION, Reason, ResetCause, WIRE_HASH, Writer, event,
};
use fivewire_host::{Client, Config, Message, Runner, Shared, Status};
use fivewire_host_fw_app::{Board, Demo, News, Plan};

const CONFIG: Config<'static> = Config {
    ssid: "net",
    broker: "broker",
    rtc_resync: 0,
    ..Config::DEFAULT
};

type Happening = (u32, Box<dyn Fn(&mut Bridge)>);

pub(crate) struct World {
    demo: Demo,
    client: Client<'static, NoopRawMutex>,
    runner: Runner<'static, NoopRawMutex>,
    bridge: Bridge,
    paper: Paper,
    happenings: Vec<Happening>,
    boots_at: u32,
}

/// The board: its clock, its LED, and what was told.
#[derive(Default)]
struct Paper {
    now: Cell<u32>,
    lit: Cell<bool>,
    lines: RefCell<Vec<String>>,
}

impl Board for Paper {
    fn led(&self, lit: bool) {
        if self.lit.replace(lit) != lit {
            self.lines
                .borrow_mut()
                .push(format!("led {}", if lit { "on" } else { "off" }));
        }
    }

    async fn sleep_ms(&self, ms: u32) {
        let until = self.now.get() + ms;
        poll_fn(|_| {
            if self.now.get() >= until {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
    }

    fn handle(&self, message: &Message) {
        self.lines.borrow_mut().push(format!("handler {message:?}"));
    }

    fn tell(&self, news: &News<'_>) {
        self.lines.borrow_mut().push(news.to_string());
    }
}

struct Bridge {
    link: Link<4096, 4096>,
    pending: Vec<Vec<u8>>,
}

impl Bridge {
    fn push(&mut self, encode: impl FnOnce(&mut Writer<'_>) -> Result<(), fivewire_host::wire::EncodeError>) {
        let mut buffer = [0; MAX_BODY];
        let mut writer = Writer::new(&mut buffer);
        encode(&mut writer).expect("what the bridge says is valid");
        self.pending.push(writer.written().to_vec());
    }

    fn reply(&mut self, number: u8, reply: impl Into<Reply>) {
        let reply = reply.into();
        self.push(|out| reply.encode(number, out));
    }

    fn say(&mut self, status: Status) {
        self.push(|out| event::Status { status, detail: 0 }.encode(out));
    }

    fn service(&mut self, now: u32, paper: &Paper) {
        self.link.handle_timeout(now);
        while let Some(Event::Up(_) | Event::Down(_)) = self.link.poll_event() {}
        while let Some((number, body)) = self.link.receive() {
            let body = body.to_vec();
            self.link.release();
            self.take(
                number,
                &Command::decode(&body).expect("the host sends valid commands"),
                paper,
            );
        }
        while let Some(body) = self.pending.first() {
            let sent = self.link.send(|buffer| {
                buffer.get_mut(..body.len()).ok_or(())?.copy_from_slice(body);
                Ok::<_, ()>(body.len())
            });
            if sent.is_err() {
                return;
            }
            self.pending.remove(0);
        }
    }

    fn take(&mut self, number: u8, command: &Command<'_>, paper: &Paper) {
        let reason = Reason::None;
        let note = |line: String| paper.lines.borrow_mut().push(line);
        match command {
            Command::Publish(publish) => {
                note(format!(
                    "> publish {} {}",
                    publish.topic,
                    String::from_utf8_lossy(publish.payload)
                ));
                self.reply(
                    number,
                    reply::Publish {
                        outcome: Outcome::Delivered,
                        reason,
                    },
                );
            }
            Command::Will(will) => {
                note(format!(
                    "> will {} {}",
                    will.topic,
                    String::from_utf8_lossy(will.payload)
                ));
                self.reply(number, reply::Will { reason });
            }
            Command::Configure(_) => {
                let cause = ResetCause::ResetWire;
                self.reply(
                    number,
                    reply::Configure {
                        publish_messages: 32,
                        publish_bytes: 4096,
                        cause,
                        reason,
                    },
                );
                [Status::WifiUp, Status::BrokerOk, Status::Running]
                    .into_iter()
                    .for_each(|status| self.say(status));
            }
            Command::Subscribe(subscribe) => {
                note(format!("> subscribe {}", subscribe.filter));
                self.reply(
                    number,
                    reply::Subscribe {
                        granted: QoS::AtLeastOnce,
                        reason,
                    },
                );
            }
            Command::Unsubscribe(_) => self.reply(number, reply::Unsubscribe { reason }),
            Command::JoinNetwork(join) => note(format!("> join_network {}", join.consent)),
            other => note(format!("> {}", other.name())),
        }
    }
}

impl World {
    pub(crate) fn new(demo: Demo) -> Self {
        let shared: &'static Shared<'static, NoopRawMutex> = Box::leak(Box::new(Shared::new()));
        demo.prepare(shared.client()).expect("the will is valid");
        let runner = shared.start(CONFIG, 1, 0).expect("the configuration is valid");
        let hello = Hello::new(REVISION, MIN_REVISION, WIRE_HASH, MAX_BODY as u16, 9);
        let bridge = Bridge {
            link: Link::new(Settings::new(hello)),
            pending: Vec::new(),
        };
        Self {
            demo,
            client: shared.client(),
            runner,
            bridge,
            paper: Paper::default(),
            happenings: Vec::new(),
            boots_at: 100,
        }
    }

    pub(crate) fn boot_at(&mut self, ms: u32) {
        self.boots_at = ms;
    }

    pub(crate) fn message_at(&mut self, ms: u32, topic: &'static str, payload: &'static [u8]) {
        let (retained, dup, qos) = (false, false, QoS::AtLeastOnce);
        let message = move |bridge: &mut Bridge| {
            bridge.push(|out| {
                event::Message {
                    topic,
                    payload,
                    retained,
                    dup,
                    qos,
                    packet_id: 0,
                    properties: b"",
                }
                .encode(out)
            });
        };
        self.happenings.push((ms, Box::new(message)));
    }

    pub(crate) fn say_at(&mut self, ms: u32, status: Status) {
        self.happenings
            .push((ms, Box::new(move |bridge| bridge.say(status))));
    }

    pub(crate) fn trace(&self) -> String {
        self.paper.lines.borrow().join("\n") + "\n"
    }

    /// Runs the demo until it ends, or drops it after so many milliseconds. True when it ended.
    pub(crate) fn run(&mut self, plan: &Plan, ms: u32) -> bool {
        let Self {
            demo,
            client,
            runner,
            bridge,
            paper,
            happenings,
            boots_at,
        } = self;
        let mut running = pin!(demo.run(*client, paper, plan));
        for _ in 0..ms {
            if running
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()))
                .is_ready()
            {
                return true;
            }
            let now = paper.now.get() + 1;
            paper.now.set(now);
            let outputs = runner.service(now);
            if now == *boots_at {
                bridge.link.start(now);
            }
            if now >= *boots_at && !outputs.reset_asserted {
                for _ in 0..400 {
                    let (to_bridge, to_host) = (runner.link_mut().output_bit(), bridge.link.output_bit());
                    runner.link_mut().input_bit(to_host);
                    bridge.link.input_bit(to_bridge);
                }
                happenings
                    .iter()
                    .filter(|(at, _)| *at == now)
                    .for_each(|(_, happen)| happen(bridge));
                bridge.service(now, paper);
            }
        }
        false
    }
}
