//! The MicroPython bridge's program: `w`, `init`, its statuses in their order, then one command after the other for as
//! long as each takes. Deliberately as the original is: it waits without limit, looks into no payload, and an exception
//! ends what it was doing for good while the wires go on.

use super::outside::Outside;
use super::syncom::SynCom;

const DEL: u8 = 0x7F;
/// The stored network is tried for so long, in milliseconds.
const STORED_MS: u64 = 16_000;
/// It sleeps before it connects.
const SLEEP_MS: u64 = 5_000;
const CONNECT_MS: u64 = 200;
/// What a packet and its answer take.
const ANSWER_MS: u64 = 60;
/// How long it takes until a broken connection is noticed, and until it is whole again once it can be.
const NOTICE_MS: u64 = 1_500;
const RECONNECT_MS: u64 = 7_000;
/// How long the time takes.
const TIME_MS: u64 = 5_000;
/// Fields of `init` behind its name.
const INIT_FIELDS: usize = 17;

/// What it does.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Phase {
    /// Waits for `w` or `init`.
    Opening,
    /// Tries the stored network.
    Stored {
        until: u64,
    },
    /// Waits for any string.
    Asking,
    /// Joins, for ever.
    Joining,
    Sleeping {
        until: u64,
    },
    Connecting {
        until: u64,
    },
    Running,
    /// It does nothing any more; the wires go on.
    Dead,
}

/// The command that is being carried out.
#[derive(Clone, Debug)]
enum Doing {
    /// The broker has it at `until`, unless the connection breaks; then it is sent anew. `arrived`: only the answer is
    /// awaited.
    Publish {
        topic: Vec<u8>,
        payload: Vec<u8>,
        once: bool,
        until: u64,
        arrived: bool,
    },
    Subscribe {
        filter: Vec<u8>,
        until: u64,
    },
    Time {
        until: u64,
    },
}

/// One life of the program.
#[derive(Debug)]
pub(super) struct Program {
    phase: Phase,
    doing: Option<Doing>,
    uses_stored: bool,
    subscribed: Vec<Vec<u8>>,
    /// The client takes itself to be connected.
    connected: bool,
    /// Since when the network is not as the client takes it to be.
    since: Option<u64>,
    /// Statuses that it said.
    pub(super) said: Vec<u8>,
}

impl Program {
    pub(super) const fn new() -> Self {
        Self {
            phase: Phase::Opening,
            doing: None,
            uses_stored: false,
            subscribed: Vec::new(),
            connected: false,
            since: None,
            said: Vec::new(),
        }
    }

    /// It stops for good, as after an exception.
    pub(super) fn die(&mut self) {
        self.phase = Phase::Dead;
    }

    /// One millisecond.
    pub(super) fn step(&mut self, now: u64, link: &mut SynCom, outside: &mut Outside) {
        match self.phase {
            Phase::Opening => self.open(now, link),
            Phase::Stored { .. } if outside.air && outside.stored => self.sleep(now),
            Phase::Stored { until } if now >= until => {
                self.status(link, 3);
                self.phase = Phase::Asking;
            }
            Phase::Asking => {
                if link.receive().is_some() {
                    self.phase = Phase::Joining;
                }
            }
            Phase::Joining if outside.air => self.sleep(now),
            Phase::Sleeping { until } if now >= until => {
                self.status(link, 1);
                let until = now + CONNECT_MS;
                self.phase = Phase::Connecting { until };
            }
            Phase::Connecting { until } if now >= until => self.connect(link, outside),
            Phase::Running => self.run(now, link, outside),
            Phase::Stored { .. }
            | Phase::Joining
            | Phase::Sleeping { .. }
            | Phase::Connecting { .. }
            | Phase::Dead => {}
        }
    }

    fn status(&mut self, link: &mut SynCom, number: u8) {
        self.said.push(number);
        link.send(format!("t\x7F{number}").as_bytes());
    }

    fn open(&mut self, now: u64, link: &mut SynCom) {
        let Some(string) = link.receive() else { return };
        let fields: Vec<&[u8]> = string.split(|byte| *byte == DEL).collect();
        match fields.as_slice() {
            [b"w", _, _, _, _] => self.status(link, 7),
            [b"init", fields @ ..] if fields.len() == INIT_FIELDS => {
                self.uses_stored = fields.get(6) == Some(&&b"1"[..]);
                self.begin(now, link);
            }
            [b"w" | b"init", ..] => self.die(),
            _ => self.unknown(link, b"Expected init, got: ", &string),
        }
    }

    fn begin(&mut self, now: u64, link: &mut SynCom) {
        if self.uses_stored {
            self.status(link, 2);
            let until = now + STORED_MS;
            self.phase = Phase::Stored { until };
        } else {
            self.status(link, 3);
            self.phase = Phase::Asking;
        }
    }

    fn unknown(&mut self, link: &mut SynCom, why: &[u8], string: &[u8]) {
        self.said.push(6);
        link.send(&[b"t\x7F6\x7F", why, b"\x7F", string].concat());
    }

    fn sleep(&mut self, now: u64) {
        let until = now + SLEEP_MS;
        self.phase = Phase::Sleeping { until };
    }

    fn connect(&mut self, link: &mut SynCom, outside: &Outside) {
        if !outside.is_open() {
            self.status(link, 8);
            return self.die();
        }
        [0, 5, 9].into_iter().for_each(|number| self.status(link, number));
        self.connected = true;
        self.phase = Phase::Running;
    }

    fn run(&mut self, now: u64, link: &mut SynCom, outside: &mut Outside) {
        self.watch_network(now, link, outside);
        match self.doing.take() {
            None => self.next_command(now, link),
            Some(doing) => self.doing = self.go_on(doing, now, link, outside),
        }
    }

    fn watch_network(&mut self, now: u64, link: &mut SynCom, outside: &Outside) {
        if outside.is_open() == self.connected {
            self.since = None;
            return;
        }
        let since = *self.since.get_or_insert(now);
        let takes = if self.connected { NOTICE_MS } else { RECONNECT_MS };
        if now - since >= takes {
            self.since = None;
            self.connected = !self.connected;
            self.status(link, if self.connected { 9 } else { 10 });
        }
    }

    fn next_command(&mut self, now: u64, link: &mut SynCom) {
        let Some(string) = link.receive() else { return };
        let until = now + ANSWER_MS;
        let fields: Vec<&[u8]> = string.split(|byte| *byte == DEL).collect();
        match fields.as_slice() {
            [b"p", topic, payload, _, qos @ (b"0" | b"1")] => {
                let (topic, payload) = (topic.to_vec(), payload.to_vec());
                self.doing = Some(Doing::Publish {
                    topic,
                    payload,
                    once: *qos == b"0",
                    until,
                    arrived: false,
                });
            }
            [b"s", filter, b"0" | b"1"] => {
                let filter = filter.to_vec();
                self.doing = Some(Doing::Subscribe { filter, until });
            }
            // Too few fields, or no number: an exception in the task of the commands.
            [b"p" | b"s", ..] => self.die(),
            [b"i"] => {
                self.doing = Some(Doing::Time { until: now + TIME_MS });
            }
            [b"m"] => link.send(b"m\x7F27000\x7F10000"),
            _ => self.unknown(link, b"Unknown command:", &string),
        }
    }

    fn is_connected(&self, outside: &Outside) -> bool {
        self.connected && outside.is_open()
    }

    /// What is left to do of it.
    fn go_on(
        &mut self,
        mut doing: Doing,
        now: u64,
        link: &mut SynCom,
        outside: &mut Outside,
    ) -> Option<Doing> {
        match &mut doing {
            Doing::Time { until } if now >= *until => {
                let time = if outside.is_open() { Outside::time(now) } else { 0 };
                link.send(format!("i\x7F{time}").as_bytes());
                None
            }
            Doing::Subscribe { until, .. } if !self.is_connected(outside) => {
                *until = now + ANSWER_MS;
                Some(doing)
            }
            // Whatever was under way is sent anew.
            Doing::Publish { until, arrived, .. } if !self.is_connected(outside) => {
                (*arrived, *until) = (false, now + ANSWER_MS);
                Some(doing)
            }
            Doing::Subscribe { until, filter } if now >= *until => {
                self.subscribed.push(std::mem::take(filter));
                None
            }
            Doing::Publish {
                topic,
                payload,
                once,
                until,
                arrived,
            } if now >= *until => {
                if !*arrived {
                    outside.arrived.push((topic.clone(), payload.clone()));
                    (*arrived, *until) = (true, now + ANSWER_MS);
                }
                if !*once && now < *until {
                    return Some(doing);
                }
                self.status(link, 4);
                None
            }
            Doing::Time { .. } | Doing::Publish { .. } | Doing::Subscribe { .. } => Some(doing),
        }
    }

    /// The broker has a message for it, which is passed on as it is if it is subscribed to. True if it is.
    pub(super) fn message(
        &mut self,
        topic: &[u8],
        payload: &[u8],
        link: &mut SynCom,
        outside: &Outside,
    ) -> bool {
        let is_wanted = |filter: &Vec<u8>| filter == topic || filter.as_slice() == b"in/#";
        let heard = self.phase == Phase::Running
            && self.is_connected(outside)
            && self.subscribed.iter().any(is_wanted);
        if heard {
            link.send(&[b"u\x7F", topic, b"\x7F", payload, b"\x7FFalse"].concat());
        }
        heard
    }
}
