//! Plays a text script against a client and writes down what comes out, for expect-test.
//!
//! One command a line, `//` starts a comment. The transport takes output at once unless `stall`; events are taken after each
//! command. Not here: any check; the trace is the check.

use std::fmt::Write as _;

use fivewire_mqtt::packet::{ConnAck, Packet, Publish, SubAck};
use fivewire_mqtt::{
    Client, ConnectOptions, ConnectReturnCode, Event, MessageId, Number, PacketId, QoS, Session, Will,
};

/// Small on purpose: scripts fill it.
pub(crate) type Small = Client<64, 64, 3>;

pub(crate) fn play(script: &str) -> String {
    let mut stage = Stage::default();
    for line in script.lines() {
        let command = line.split("//").next().unwrap_or_default().trim();
        if !command.is_empty() {
            writeln!(stage.trace, "{command}").unwrap();
            stage.obey(command);
            stage.settle();
        }
    }
    stage.trace
}

#[derive(Default)]
struct Stage {
    client: Small,
    now_ms: u32,
    /// The transport takes nothing.
    stalled: bool,
    /// The application keeps each message.
    keeping: bool,
    /// What the transport took of an unfinished packet.
    taken: Vec<u8>,
    /// What the client did not take.
    refused: Vec<u8>,
    messages: Vec<MessageId>,
    trace: String,
}

impl Stage {
    fn say(&mut self, text: &str) {
        writeln!(self.trace, "    {text}").unwrap();
    }

    fn obey(&mut self, command: &str) {
        let words: Vec<&str> = command.split(' ').collect();
        match words.as_slice() {
            ["at", ms] => {
                self.now_ms = ms.parse().unwrap();
                self.client.handle_timeout(self.now_ms);
            }
            ["limits", response_ms, puback_ms] => {
                self.client
                    .set_time_limits(response_ms.parse().unwrap(), puback_ms.parse().unwrap());
            }
            ["timeout?"] => self.say(&format!("{:?}", self.client.poll_timeout())),
            ["state?"] => self.say(&format!("{:?}", self.client)),
            ["room?", len] => self.say(&format!("{}", self.client.can_publish(len.parse().unwrap()))),
            ["connect", options @ ..] => self.connect(options),
            ["closed"] => {
                self.client.transport_closed();
                self.taken.clear();
                self.refused.clear();
            }
            ["disconnect"] => self.client.disconnect(),
            ["forget"] => self.client.forget_session(),
            ["restart"] => self.restart(),
            ["stall"] => self.stalled = true,
            ["flow"] => self.stalled = false,
            ["take", len] => {
                self.take(len.parse().unwrap());
            }
            ["keep"] => self.keeping = true,
            ["accept"] => self.keeping = false,
            ["ack", id] => self.acknowledge(id.parse().unwrap()),
            ["publish", qos, topic, payload, flags @ ..] => {
                let retain = flags.contains(&"retain");
                let payload = expand(payload);
                let result = self
                    .client
                    .publish(self.now_ms, topic, &payload, to_qos(qos), retain);
                self.outcome(result.map(|id| id.map_or(String::new(), |id| format!(" id {id}"))));
            }
            ["defer"] => self.client.defer_qos2(),
            ["new", id, qos, topic, payload] => self.numbered(Number::New(number(id)), (qos, topic, payload)),
            ["again", id, qos, topic, payload] => {
                self.numbered(Number::Again(number(id)), (qos, topic, payload));
            }
            ["release", id] => {
                let result = self.client.release(self.now_ms, number(id));
                self.outcome(result.map(|goes_out| if goes_out { "" } else { " over" }.into()));
            }
            ["complete", id, words @ ..] => {
                let result = self.client.complete(number(id), words.is_empty());
                self.outcome(result.map(|()| String::new()));
            }
            ["subscribe", qos, filter] => {
                let result = self.client.subscribe(self.now_ms, filter, to_qos(qos));
                self.outcome(result.map(|id| format!(" id {id}")));
            }
            ["unsubscribe", filter] => {
                let result = self.client.unsubscribe(self.now_ms, filter);
                self.outcome(result.map(|id| format!(" id {id}")));
            }
            ["broker", packet @ ..] => {
                let bytes = from_broker(packet);
                self.receive(&bytes);
            }
            _ => panic!("no such command: {command}"),
        }
    }

    fn numbered(&mut self, number: Number, (qos, topic, payload): (&str, &str, &str)) {
        let packet = Publish::new(topic, payload.as_bytes(), to_qos(qos), false);
        let result = self.client.publish_numbered(self.now_ms, number, packet);
        self.outcome(result.map(|id| id.map_or(String::new(), |id| format!(" id {id}"))));
    }

    /// The process ends and comes back with the session it had saved.
    fn restart(&mut self) {
        let mut saved = vec![0; self.client.session().saved_len()];
        let len = self.client.session().save(&mut saved).unwrap();
        assert_eq!(len, saved.len());
        self.client = Small::new();
        self.client.set_session(Session::restore(&saved).unwrap());
        self.taken.clear();
        self.refused.clear();
    }

    fn connect(&mut self, words: &[&str]) {
        let mut options = ConnectOptions {
            puback_time_ms: 30_000,
            ..ConnectOptions::new("me")
        };
        for word in words {
            match word.split_once('=').unwrap_or((word, "")) {
                ("keep-session", _) => options.clean_session = false,
                ("id", id) => options.client_id = id,
                ("user", user) => options.user = Some(user),
                ("password", password) => options.password = Some(password.as_bytes()),
                ("keep_alive", s) => options.keep_alive_s = s.parse().unwrap(),
                ("ping", ms) => options.ping_interval_ms = ms.parse().unwrap(),
                ("response", ms) => options.response_time_ms = ms.parse().unwrap(),
                ("puback", ms) => options.puback_time_ms = ms.parse().unwrap(),
                ("will", topic) => {
                    let will = Will {
                        topic,
                        payload: b"gone",
                        qos: QoS::AtLeastOnce,
                        retain: true,
                    };
                    options.will = Some(will);
                }
                _ => panic!("no such option: {word}"),
            }
        }
        self.taken.clear();
        self.refused.clear();
        if let Err(error) = self.client.connect(self.now_ms, &options) {
            self.say(&format!("error: {error}"));
        }
    }

    fn outcome(&mut self, result: Result<String, fivewire_mqtt::Error>) {
        match result {
            Ok(text) => self.say(&format!("ok{text}")),
            Err(error) => self.say(&format!("error: {error}")),
        }
    }

    fn acknowledge(&mut self, number: u16) {
        let id = self
            .messages
            .iter()
            .rev()
            .find(|id| id.packet_id().get() == number)
            .copied();
        let result = self.client.acknowledge(id.expect("a message that came"));
        self.outcome(result.map(|()| String::new()));
    }

    fn receive(&mut self, bytes: &[u8]) {
        let mut all = std::mem::take(&mut self.refused);
        all.extend_from_slice(bytes);
        let taken = self.client.handle_input(self.now_ms, &all);
        self.refused = all.split_off(taken);
    }

    /// Events and output, until nothing moves any more.
    fn settle(&mut self) {
        loop {
            let events = self.events();
            let sent = !self.stalled && self.take(usize::MAX);
            let refused = std::mem::take(&mut self.refused);
            let before = refused.len();
            self.receive(&refused);
            if !events && !sent && self.refused.len() == before {
                return;
            }
        }
    }

    fn events(&mut self) -> bool {
        let mut any = false;
        loop {
            let text = match self.client.poll_event() {
                None => return any,
                Some(Event::Message { .. }) if self.keeping => {
                    self.client.keep_message();
                    return any;
                }
                Some(Event::Message {
                    packet_id,
                    topic,
                    payload,
                    qos,
                    retain,
                    dup,
                }) => {
                    let payload = String::from_utf8_lossy(payload).into_owned();
                    let id = packet_id.map_or(String::new(), |id| format!(" id {}", id.packet_id()));
                    self.messages.extend(packet_id);
                    let retain = if retain { " retained" } else { "" };
                    let dup = if dup { " dup" } else { "" };
                    format!("Message {topic} {payload:?} {qos:?}{retain}{dup}{id}")
                }
                Some(other) => format!("{other:?}"),
            };
            self.say(&text);
            any = true;
        }
    }

    /// The transport takes up to `len` bytes; whole packets among them are shown.
    fn take(&mut self, len: usize) -> bool {
        let output = self.client.output();
        let len = len.min(output.len());
        self.taken.extend_from_slice(&output[..len]);
        self.client.consume_output(len);
        while let Some((packet, size)) =
            Packet::decode(&self.taken).expect("the client keeps to the standard")
        {
            let text = show(&packet);
            self.taken.drain(..size);
            self.say(&format!("> {text}"));
        }
        len > 0
    }
}

fn number(word: &str) -> PacketId {
    PacketId::new(word.parse().unwrap()).unwrap()
}

fn to_qos(word: &str) -> QoS {
    QoS::from_number(word.parse().unwrap()).unwrap()
}

/// `30*x` is thirty times x; `-` is nothing.
fn expand(word: &str) -> Vec<u8> {
    match word.split_once('*') {
        Some((count, text)) => text.repeat(count.parse().unwrap()).into_bytes(),
        None if word == "-" => Vec::new(),
        None => word.into(),
    }
}

fn show(packet: &Packet<'_>) -> String {
    match packet {
        Packet::Publish(publish) => {
            let dup = if publish.dup { " dup" } else { "" };
            let retain = if publish.retain { " retain" } else { "" };
            let id = publish.packet_id.map_or(String::new(), |id| format!(" id {id}"));
            let payload = String::from_utf8_lossy(publish.payload);
            format!(
                "PUBLISH {} {payload:?} {:?}{retain}{dup}{id}",
                publish.topic, publish.qos
            )
        }
        Packet::Connect(connect) => {
            let session = if connect.clean_session {
                "clean"
            } else {
                "keep-session"
            };
            format!("CONNECT {} {session}", connect.client_id)
        }
        other => format!("{other:?}"),
    }
}

fn from_broker(words: &[&str]) -> Vec<u8> {
    let id = |word: &str| PacketId::new(word.parse().unwrap()).unwrap();
    let accepted = ConnectReturnCode::Accepted;
    let topic;
    let payload;
    let packet = match words {
        ["raw", bytes @ ..] => {
            return bytes
                .iter()
                .map(|byte| u8::from_str_radix(byte, 16).unwrap())
                .collect();
        }
        ["connack", "new"] => Packet::ConnAck(ConnAck {
            session_present: false,
            code: accepted,
        }),
        ["connack", "present"] => Packet::ConnAck(ConnAck {
            session_present: true,
            code: accepted,
        }),
        ["refuse", code] => {
            let code = ConnectReturnCode::from_number(code.parse().unwrap()).unwrap();
            Packet::ConnAck(ConnAck {
                session_present: false,
                code,
            })
        }
        ["puback", number] => Packet::PubAck(id(number)),
        ["pubrec", number] => Packet::PubRec(id(number)),
        ["pubrel", number] => Packet::PubRel(id(number)),
        ["pubcomp", number] => Packet::PubComp(id(number)),
        ["unsuback", number] => Packet::UnsubAck(id(number)),
        ["suback", number, "refused"] => Packet::SubAck(SubAck {
            packet_id: id(number),
            granted: None,
        }),
        ["suback", number, qos] => Packet::SubAck(SubAck {
            packet_id: id(number),
            granted: Some(to_qos(qos)),
        }),
        ["pingresp"] => Packet::PingResp,
        ["publish", qos, number, name, text, flags @ ..] => {
            (topic, payload) = (expand(name), expand(text));
            let (dup, retain) = (flags.contains(&"dup"), flags.contains(&"retain"));
            let topic = std::str::from_utf8(&topic).unwrap();
            let packet_id = PacketId::new(number.parse().unwrap());
            Packet::Publish(Publish {
                dup,
                qos: to_qos(qos),
                retain,
                topic,
                packet_id,
                payload: &payload,
            })
        }
        other => panic!("no such packet: {other:?}"),
    };
    let mut bytes = vec![0; 4096];
    let len = packet.encode(&mut bytes).unwrap();
    bytes.truncate(len);
    bytes
}
