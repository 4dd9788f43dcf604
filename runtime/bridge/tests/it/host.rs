//! The host of the scripts: a link, commands out of words, and words out of replies and events. It takes every
//! frame at once and accepts nothing by itself.

use fivewire_link::{Event as LinkEvent, Hello, Link, Settings};
use fivewire_wire::config::Config;
use fivewire_wire::{
    EncodeError, MAX_EVENT_BODY, MIN_REVISION, QoS, REVISION, WIRE_HASH, Writer, command, command::Command,
    event::Event, reply::Reply,
};

use crate::packets::escape;
use crate::script::{has, payload, value};

/// The other end of the wires.
pub(crate) struct Host {
    pub(crate) link: Link<4096, 4096>,
    trace: Vec<String>,
}

impl Host {
    pub(crate) fn new(epoch: u16) -> Self {
        let hello = Hello::new(REVISION, MIN_REVISION, WIRE_HASH, MAX_EVENT_BODY as u16, epoch);
        Self {
            link: Link::new(Settings::new(hello)),
            trace: Vec::new(),
        }
    }

    /// What came since the last call.
    pub(crate) fn take_trace(&mut self) -> Vec<String> {
        std::mem::take(&mut self.trace)
    }

    pub(crate) fn poll(&mut self, now: u32) {
        self.link.handle_timeout(now);
        while let Some(event) = self.link.poll_event() {
            let line = match event {
                LinkEvent::Up(_) => "host: link up".into(),
                LinkEvent::Down(cause) => format!("host: link down, {cause}"),
            };
            self.trace.push(line);
        }
        while let Some((number, body)) = self.link.receive() {
            self.trace.push(format!("host < {}", show(number, body)));
            self.link.release();
        }
    }

    /// Sends a command; says its number.
    pub(crate) fn send(&mut self, command: &Command<'_>) -> u8 {
        let encode = |writer: &mut Writer<'_>| command.encode(writer);
        self.send_with(encode)
    }

    pub(crate) fn send_raw(&mut self, body: &[u8]) -> u8 {
        self.send_with(|writer| writer.encoded(body))
    }

    fn send_with(&mut self, encode: impl FnOnce(&mut Writer<'_>) -> Result<(), EncodeError>) -> u8 {
        let sent = self.link.send(|body| {
            let mut writer = Writer::new(body);
            encode(&mut writer).map(|()| writer.len())
        });
        sent.expect("the script sends more than the link takes")
    }
}

fn show(number: u8, body: &[u8]) -> String {
    if body[0] & 0x80 != 0 {
        let (of, reply) = Reply::decode(body).expect("a reply");
        return format!("#{of} {}", show_reply(reply));
    }
    match Event::decode(body).expect("an event") {
        Event::Status(status) if status.detail == 0 => format!("status {}", status.status.name()),
        Event::Status(status) => format!("status {} {}", status.status.name(), status.detail),
        Event::Message(message) => {
            let mut line = format!("message @{number} {} {}", message.topic, escape(message.payload));
            line += &format!(" qos{}", message.qos.number());
            line += if message.retained { " retained" } else { "" };
            line += if message.dup { " dup" } else { "" };
            if message.packet_id != 0 {
                line += &format!(" id={}", message.packet_id);
            }
            if !message.properties.is_empty() {
                line += &format!(" properties={}", escape(message.properties));
            }
            line
        }
        Event::Released(released) => format!("released {}", released.packet_id),
        Event::Log(log) => format!("log {} {}", log.level.name(), log.line),
        Event::Error(error) => format!(
            "error op={:#04x} #{} {}",
            error.op,
            error.number,
            error.reason.name()
        ),
        Event::Time(time) => format!("time {}", time.unix_time),
    }
}

fn show_reply(reply: Reply) -> String {
    match reply {
        Reply::Publish(reply) => format!("publish {} {}", reply.outcome.name(), reply.reason.name()),
        Reply::Release(reply) => format!("release {} {}", reply.outcome.name(), reply.reason.name()),
        Reply::Subscribe(reply) => format!("subscribe qos{} {}", reply.granted.number(), reply.reason.name()),
        Reply::Unsubscribe(reply) => format!("unsubscribe {}", reply.reason.name()),
        Reply::Will(reply) => format!("will {}", reply.reason.name()),
        Reply::Configure(reply) => format!(
            "configure {} messages, {} bytes, {}, {}",
            reply.publish_messages,
            reply.publish_bytes,
            reply.cause.name(),
            reply.reason.name()
        ),
        Reply::GetTime(reply) => format!("get_time {}", reply.unix_time),
        Reply::Memory(reply) => format!("memory {} free, {} used", reply.free, reply.used),
        Reply::Ping(reply) => format!("ping {}", reply.nonce),
    }
}

/// Builds a command from words and hands it to `send`.
pub(crate) fn with_command<R>(words: &[&str], send: impl FnOnce(&Command<'_>) -> R) -> R {
    let qos = if has(words, "qos2") {
        QoS::ExactlyOnce
    } else if has(words, "qos1") {
        QoS::AtLeastOnce
    } else {
        QoS::AtMostOnce
    };
    let retain = has(words, "retain");
    let body = words.get(2).map(|word| payload(word)).unwrap_or_default();
    let properties = value(words, "properties").map(payload).unwrap_or_default();
    let command: Command<'_> = match words[0] {
        "publish" => command::Publish {
            topic: words[1],
            payload: &body,
            retain,
            qos,
            packet_id: value(words, "id").map_or(0, |id| id.parse().unwrap()),
            properties: &properties,
        }
        .into(),
        "release" => command::Release {
            packet_id: words[1].parse().unwrap(),
        }
        .into(),
        "complete" => command::Complete {
            packet_id: words[1].parse().unwrap(),
            known: !has(words, "unknown"),
        }
        .into(),
        "subscribe" => command::Subscribe {
            filter: words[1],
            qos,
        }
        .into(),
        "unsubscribe" => command::Unsubscribe {
            filter: words[1],
            properties: &properties,
        }
        .into(),
        "will" => command::Will {
            topic: words[1],
            payload: &body,
            retain,
            qos,
        }
        .into(),
        "configure" => configure(words).into(),
        "accept" => command::Accept {
            number: words[1].parse().unwrap(),
        }
        .into(),
        "get_time" => command::GetTime.into(),
        "memory" => command::Memory.into(),
        "ping" => command::Ping {
            nonce: words[1].parse().unwrap(),
        }
        .into(),
        "join" => command::JoinNetwork {
            consent: words[1] == "yes",
        }
        .into(),
        "restart" => command::Restart.into(),
        other => panic!("host cannot say {other}"),
    };
    send(&command)
}

fn configure<'a>(words: &[&'a str]) -> command::Configure<'a> {
    let mut settings = Config {
        ssid: "home",
        password: "secret-key",
        broker: "10.0.0.2",
        ..Config::DEFAULT
    };
    let pairs = words[1..].iter().filter_map(|word| word.split_once('='));
    for (key, value) in pairs.filter(|(key, _)| !["inbox", "next"].contains(key)) {
        settings.set(key, value).unwrap();
    }
    let (messages, bytes) = value(words, "inbox").map_or((4, 2048), |inbox| {
        let (messages, bytes) = inbox.split_once('/').unwrap();
        (messages.parse().unwrap(), bytes.parse().unwrap())
    });
    command::Configure {
        inbox_messages: messages,
        inbox_bytes: bytes,
        next_packet_id: value(words, "next").map_or(1, |next| next.parse().unwrap()),
        resumed: has(words, "resumed"),
        settings,
    }
}
