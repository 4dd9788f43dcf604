//! The application on the host, and the broker's other clients: they publish, take what comes, and ask for this and
//! that, at times and in amounts drawn from the seed. What it is told goes to the ledger, which judges.

use std::collections::BTreeSet;

use fivewire_host::wire::command::{Command, Memory, Ping};
use fivewire_host::{
    CallError, CallId, Event, GetTime, PublishError, QoS, SubscribeError, SubscriptionId, Will,
};

use crate::SimHost;
use crate::broker::Message;
use crate::ledger::{Ledger, Verdict, options};
use crate::random::Random;
use crate::setup::{WILL_PAYLOAD, WILL_TOPIC, Workload};
use crate::trace::Trace;

/// Longer than any command may take by the spec, with its retries.
const CALL_LIMIT_MS: u64 = 60_000;
/// Topics in each direction.
const TOPICS: [&str; 4] = ["0/a", "0/b", "1/a", "1/b"];

/// The application.
#[derive(Debug)]
pub(crate) struct Application {
    workload: Workload,
    subscriptions: Vec<(SubscriptionId, &'static str, QoS)>,
    calls: Vec<(CallId, u64)>,
    publish_at: u64,
    send_at: u64,
    call_at: u64,
    churn_at: u64,
    /// Publications that found the queue full.
    pub(crate) refused: u32,
    random: Random,
}

/// What the application works with for one step.
pub(crate) struct Desk<'a> {
    pub(crate) now_ms: u64,
    /// The time when the host was last told the time; its deadlines count from there.
    pub(crate) host_ms: u64,
    /// The application has time to take what comes.
    pub(crate) takes: bool,
    /// The plan has not ended: there is more to publish.
    pub(crate) acts: bool,
    /// It did something that the host should have its turn for.
    pub(crate) acted: bool,
    pub(crate) host: &'a mut SimHost,
    pub(crate) ledger: &'a mut Ledger,
    pub(crate) trace: &'a mut Trace,
}

impl Application {
    pub(crate) fn new(workload: Workload, random: Random) -> Self {
        Self {
            workload,
            subscriptions: Vec::new(),
            calls: Vec::new(),
            publish_at: 0,
            send_at: 0,
            call_at: 0,
            churn_at: 0,
            refused: 0,
            random,
        }
    }

    /// A host that has just started: will and subscriptions.
    pub(crate) fn start(&mut self, desk: &mut Desk<'_>) -> Verdict {
        let will = Will {
            retain: true,
            qos: QoS::AtLeastOnce,
            ..Will::new(WILL_TOPIC, WILL_PAYLOAD)
        };
        desk.host
            .set_will(Some(will))
            .map_err(|error| format!("the will was refused: {error}"))?;
        self.calls.clear();
        self.subscriptions.clear();
        for (filter, qos) in self.workload.subscriptions.clone() {
            let id = desk
                .host
                .subscribe(filter, qos)
                .map_err(|error| format!("{filter} was refused: {error}"))?;
            desk.ledger.subscribed(id, filter, qos);
            self.subscriptions.push((id, filter, qos));
        }
        Ok(())
    }

    /// Takes what came and does what is due.
    pub(crate) fn look(&mut self, desk: &mut Desk<'_>) -> Verdict {
        if desk.takes {
            self.take(desk)?;
        }
        if desk.acts { self.act(desk) } else { Ok(()) }
    }

    /// Takes everything that the host has for it.
    fn take(&mut self, desk: &mut Desk<'_>) -> Verdict {
        while let Some((id, receipt)) = desk.host.poll_receipt() {
            desk.trace.line(
                desk.now_ms,
                "app",
                format_args!("receipt of {}: {receipt}", id.number()),
            );
            desk.ledger.receipt(desk.now_ms, id, receipt)?;
        }
        for &(id, ..) in &self.subscriptions {
            while let Some(message) = desk.host.message(id) {
                desk.trace
                    .line(desk.now_ms, "app", format_args!("takes {message:?}"));
                desk.ledger.taken(id, &message)?;
                desk.host.take_message(id);
                desk.acted = true;
            }
        }
        self.take_calls(desk)
    }

    fn take_calls(&mut self, desk: &mut Desk<'_>) -> Verdict {
        let mut open = Vec::new();
        for (id, since_ms) in self.calls.drain(..) {
            match desk.host.poll_call(id) {
                Some(result) => desk
                    .trace
                    .line(desk.now_ms, "app", format_args!("call ended: {result:?}")),
                None if desk.now_ms - since_ms > CALL_LIMIT_MS => return Err("a command never ended".into()),
                None => open.push((id, since_ms)),
            }
        }
        self.calls = open;
        Ok(())
    }

    /// Shows what the host tells without being asked.
    pub(crate) fn listen(&self, desk: &mut Desk<'_>) {
        while let Some(event) = desk.host.poll_event() {
            match event {
                Event::State(transition) => {
                    desk.trace.line(desk.now_ms, "host", format_args!("{transition}"))
                }
                Event::Log { line, .. } => {
                    desk.trace
                        .line(desk.now_ms, "host", format_args!("hears: {line}"))
                }
                other => desk.trace.line(desk.now_ms, "host", format_args!("{other:?}")),
            }
        }
    }

    /// Publishes and asks, when it is time.
    fn act(&mut self, desk: &mut Desk<'_>) -> Verdict {
        if let Some(next) = self.is_time(desk.now_ms, self.publish_at, self.workload.publish_every_ms) {
            self.publish_at = next;
            desk.acted = true;
            self.publish(desk)?;
        }
        if let Some(next) = self.is_time(desk.now_ms, self.call_at, self.workload.call_every_ms) {
            self.call_at = next;
            desk.acted = true;
            self.call(desk)?;
        }
        if let Some(next) = self.is_time(desk.now_ms, self.churn_at, self.workload.churn_every_ms) {
            self.churn_at = next;
            desk.acted = true;
            self.churn(desk)?;
        }
        Ok(())
    }

    fn is_time(&mut self, now_ms: u64, at_ms: u64, every_ms: u32) -> Option<u64> {
        (every_ms > 0 && now_ms >= at_ms).then(|| now_ms + 1 + u64::from(self.random.below(2 * every_ms)))
    }

    fn message(&mut self, direction: &str, exactly_once: u32) -> (String, usize, u8, bool) {
        let topic = format!(
            "{direction}/{}",
            self.random.pick(&TOPICS).copied().unwrap_or_default()
        );
        let length = self.random.between(0, self.workload.longest) as usize;
        let variety = self.workload.variety;
        let qos = match variety && self.random.percent(30) {
            true => 0,
            false => 1 + u8::from(self.random.percent(exactly_once)),
        };
        (topic, length, qos, variety && self.random.percent(20))
    }

    /// Some properties of MQTT 5.0: where an answer is wanted, what it is about, and a word of the application's own.
    fn properties(&mut self) -> Vec<u8> {
        if !self.workload.properties || self.random.percent(40) {
            return Vec::new();
        }
        let mut bytes = b"\x08\x00\x06answer\x09".to_vec();
        let length = self.random.below(60) as u16;
        bytes.extend(length.to_be_bytes());
        bytes.extend((0..length).map(|_| self.random.bits() as u8));
        bytes.extend(b"\x26\x00\x04unit\x00\x03\xC2\xB0C");
        bytes
    }

    /// Publishes one.
    fn publish(&mut self, desk: &mut Desk<'_>) -> Verdict {
        let (topic, length, qos, retain) = self.message("out", self.workload.exactly_once.0);
        let varied = |percent, random: &mut Random, variety| variety && random.percent(percent);
        let ttl_ms =
            varied(20, &mut self.random, self.workload.variety).then(|| self.random.between(1, 10_000));
        let latest_only = varied(20, &mut self.random, self.workload.variety);
        let payload = desk.ledger.next_payload(length);
        let properties = self.properties();
        let options = options(qos, retain, ttl_ms, latest_only);
        match desk.host.publish_with(&topic, &payload, &properties, options) {
            Ok(id) => {
                let bytes = payload.len();
                desk.trace.line(
                    desk.now_ms,
                    "app",
                    format_args!("publishes {} on {topic}, QoS {qos}, {bytes} bytes", id.number()),
                );
                let message = Message {
                    topic,
                    payload,
                    qos,
                    retain,
                    properties,
                };
                desk.ledger.accepted(
                    id,
                    message,
                    ttl_ms.map(|ms| desk.host_ms + u64::from(ms)),
                    latest_only,
                )
            }
            Err(PublishError::Full) => {
                self.refused += 1;
                Ok(())
            }
            Err(error) => Err(format!("a publication was refused: {error}")),
        }
    }

    /// Gives one subscription up and makes it anew.
    fn churn(&mut self, desk: &mut Desk<'_>) -> Verdict {
        if self.subscriptions.is_empty() {
            return Ok(());
        }
        let (id, filter, qos) = self.subscriptions.remove(0);
        desk.host.give_up(id);
        desk.ledger.unsubscribed(id);
        desk.trace
            .line(desk.now_ms, "app", format_args!("unsubscribes {filter}"));
        match desk.host.subscribe(filter, qos) {
            Ok(id) => {
                desk.ledger.subscribed(id, filter, qos);
                self.subscriptions.push((id, filter, qos));
                Ok(())
            }
            // The table has no room until the bridge answered.
            Err(SubscribeError::Full) => Ok(()),
            Err(error) => Err(format!("{filter} was refused: {error}")),
        }
    }

    fn call(&mut self, desk: &mut Desk<'_>) -> Verdict {
        let command = match self.random.below(4) {
            0 => Command::Ping(Ping {
                nonce: self.random.below(256) as u8,
            }),
            1 => {
                desk.host.want_time(GetTime::default());
                return Ok(());
            }
            _ => Command::Memory(Memory {}),
        };
        match desk.host.call(&command) {
            Ok(id) => self.calls.push((id, desk.now_ms)),
            Err(CallError::Busy | CallError::Down) => {}
            Err(error) => return Err(format!("a command was refused: {error}")),
        }
        Ok(())
    }

    /// A message of another client, when it is time for one.
    pub(crate) fn send(&mut self, now_ms: u64, ledger: &mut Ledger) -> Option<Message> {
        self.send_at = self.is_time(now_ms, self.send_at, self.workload.send_every_ms)?;
        let (topic, length, qos, retain) = self.message("in", self.workload.exactly_once.1);
        Some(ledger.send(&topic, length, qos, retain, self.properties()))
    }

    /// What it is subscribed to, in order.
    pub(crate) fn filters(&self) -> BTreeSet<&'static str> {
        self.subscriptions.iter().map(|(_, filter, _)| *filter).collect()
    }

    /// Commands that have not ended.
    pub(crate) fn open_calls(&self) -> usize {
        self.calls.len()
    }
}
