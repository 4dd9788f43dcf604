//! A bridge made of a link and a table of answers. It decides nothing by itself but what `auto` says.

use fivewire_host::link::{Event, Hello, Link, Settings};
use fivewire_host::wire::command::Command;
use fivewire_host::wire::reply::{self, Reply};
use fivewire_host::wire::{
    MAX_COMMAND_BODY, MIN_REVISION, Outcome, QoS, REVISION, Reason, ResetCause, WIRE_HASH, Writer, event,
};
use std::collections::VecDeque;

/// What the script may change about every bridge that starts.
#[derive(Clone)]
pub(crate) struct Nature {
    /// Answers will, configure, subscribe and unsubscribe by itself and says the usual statuses.
    pub(crate) auto: bool,
    /// Answers publications by itself.
    pub(crate) acknowledges: bool,
    pub(crate) revision: u8,
    pub(crate) wire_hash: u32,
    /// The broker has a session.
    pub(crate) session: bool,
    pub(crate) window: (u8, u16),
}

impl Default for Nature {
    fn default() -> Self {
        Self {
            auto: true,
            acknowledges: true,
            revision: REVISION,
            wire_hash: WIRE_HASH,
            session: false,
            window: (4, 2048),
        }
    }
}

/// What is acknowledged.
#[derive(Clone, Copy)]
pub(crate) enum Open {
    Publish(u8),
    Release(u8),
}

pub(crate) struct Bridge {
    pub(crate) link: Link<4096, 4096>,
    pub(crate) nature: Nature,
    /// Publications and releases that were not answered.
    pub(crate) open: VecDeque<Open>,
    /// Other commands that were not answered, with their names.
    pub(crate) asked: VecDeque<(u8, &'static str)>,
    pending: VecDeque<Vec<u8>>,
    /// It said its statuses; the same configuration again brings none.
    told: bool,
}

impl Bridge {
    pub(crate) fn start(nature: Nature, epoch: u16, now: u32) -> Self {
        let hello = Hello::new(
            nature.revision,
            MIN_REVISION,
            nature.wire_hash,
            MAX_COMMAND_BODY as u16,
            epoch,
        );
        let mut link = Link::new(Settings::new(hello));
        link.start(now);
        Self {
            link,
            nature,
            open: VecDeque::new(),
            asked: VecDeque::new(),
            pending: VecDeque::new(),
            told: false,
        }
    }

    fn push(&mut self, encode: impl FnOnce(&mut Writer<'_>) -> Result<(), fivewire_host::wire::EncodeError>) {
        let mut buffer = [0; 2048];
        let mut writer = Writer::new(&mut buffer);
        encode(&mut writer).expect("a message of the script is valid");
        self.pending.push_back(writer.written().to_vec());
    }

    pub(crate) fn reply(&mut self, number: u8, reply: impl Into<Reply>) {
        let reply = reply.into();
        self.push(|out| reply.encode(number, out));
    }

    pub(crate) fn event<'a>(&mut self, event: impl Into<event::Event<'a>>) {
        let event = event.into();
        self.push(|out| event.encode(out));
    }

    pub(crate) fn say(&mut self, status: fivewire_host::Status) {
        let session = self.nature.session && status == fivewire_host::Status::BrokerOk;
        let detail = u8::from(session);
        self.event(event::Status { status, detail });
    }

    pub(crate) fn acknowledge(&mut self, open: Open, outcome: Outcome, reason: Reason) {
        match open {
            Open::Publish(number) => self.reply(number, reply::Publish { outcome, reason }),
            Open::Release(number) => self.reply(number, reply::Release { outcome, reason }),
        }
    }

    /// Takes and gives what the link has; shows each command to `trace`.
    pub(crate) fn service(&mut self, now: u32, trace: &mut Vec<String>) {
        self.link.handle_timeout(now);
        while let Some(event) = self.link.poll_event() {
            if let Event::Down(_) = event {
                (self.open, self.asked, self.pending) = Default::default();
            }
        }
        while let Some((number, body)) = self.link.receive() {
            let body = body.to_vec();
            let command = Command::decode(&body).expect("the host sends valid commands");
            trace.push(format!("  > {number} {}", show(&command)));
            self.take(number, &command);
            self.link.release();
        }
        while let Some(body) = self.pending.front() {
            let sent = self.link.send(|buffer| {
                buffer.get_mut(..body.len()).ok_or(())?.copy_from_slice(body);
                Ok::<_, ()>(body.len())
            });
            if sent.is_err() {
                break;
            }
            self.pending.pop_front();
        }
    }

    fn take(&mut self, number: u8, command: &Command<'_>) {
        let (publish_messages, publish_bytes) = self.nature.window;
        match command {
            Command::Publish(_) if !self.nature.acknowledges => self.open.push_back(Open::Publish(number)),
            Command::Release(_) if !self.nature.acknowledges => self.open.push_back(Open::Release(number)),
            Command::Publish(publish) => {
                let outcome = if publish.qos == QoS::ExactlyOnce {
                    Outcome::Received
                } else {
                    Outcome::Delivered
                };
                self.acknowledge(Open::Publish(number), outcome, Reason::None);
            }
            Command::Release(_) => {
                self.acknowledge(Open::Release(number), Outcome::Delivered, Reason::None);
            }
            Command::Ping(ping) => self.reply(number, reply::Ping { nonce: ping.nonce }),
            command if !self.nature.auto => self.asked.push_back((number, command.name())),
            Command::Will(_) => self.reply(number, reply::Will { reason: Reason::None }),
            Command::Configure(_) => {
                let cause = ResetCause::ResetWire;
                self.reply(
                    number,
                    reply::Configure {
                        publish_messages,
                        publish_bytes,
                        cause,
                        reason: Reason::None,
                    },
                );
                use fivewire_host::Status::{BrokerOk, Running, StoredNetwork, WifiUp};
                let told = std::mem::replace(&mut self.told, true);
                for status in [StoredNetwork, BrokerOk, Running, WifiUp]
                    .into_iter()
                    .filter(|_| !told)
                {
                    self.say(status);
                }
            }
            Command::Subscribe(_) => self.reply(
                number,
                reply::Subscribe {
                    granted: QoS::AtLeastOnce,
                    reason: Reason::None,
                },
            ),
            Command::Unsubscribe(_) => self.reply(number, reply::Unsubscribe { reason: Reason::None }),
            command => self.asked.push_back((number, command.name())),
        }
    }
}

fn show(command: &Command<'_>) -> String {
    match command {
        Command::Publish(publish) => {
            let retain = if publish.retain { " retain" } else { "" };
            let id = match publish.packet_id {
                0 => String::new(),
                id => format!(" id {id}"),
            };
            format!(
                "publish {} {:?} qos {}{retain}{id}{}",
                publish.topic,
                text(publish.payload),
                publish.qos.number(),
                properties(publish.properties)
            )
        }
        Command::Subscribe(subscribe) => {
            format!("subscribe {} qos {}", subscribe.filter, subscribe.qos.number())
        }
        Command::Unsubscribe(unsubscribe) => {
            format!(
                "unsubscribe {}{}",
                unsubscribe.filter,
                properties(unsubscribe.properties)
            )
        }
        Command::Will(will) => format!("will {} {:?}", will.topic, text(will.payload)),
        Command::Configure(configure) => {
            let next = match configure.next_packet_id {
                1 => String::new(),
                next => format!(" next id {next}"),
            };
            let resumed = if configure.resumed { " resumed" } else { "" };
            format!(
                "configure inbox {} messages {} bytes{next}{resumed}",
                configure.inbox_messages, configure.inbox_bytes
            )
        }
        Command::Release(release) => format!("release {}", release.packet_id),
        Command::Complete(complete) => {
            let known = if complete.known { "" } else { " unknown" };
            format!("complete {}{known}", complete.packet_id)
        }
        Command::Accept(accept) => format!("accept {}", accept.number),
        Command::JoinNetwork(join) => format!("join_network {}", join.consent),
        command => command.name().to_owned(),
    }
}

/// Properties for the trace, nothing if there are none.
pub(crate) fn properties(properties: &[u8]) -> String {
    if properties.is_empty() {
        String::new()
    } else {
        format!(" properties {:?}", text(properties))
    }
}

/// A payload for the trace: long ones are cut.
pub(crate) fn text(payload: &[u8]) -> String {
    let text = String::from_utf8_lossy(payload);
    if text.len() > 20 {
        format!("{}… {} bytes", &text[..8], text.len())
    } else {
        text.into_owned()
    }
}
