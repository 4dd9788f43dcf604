//! What the broker remembers of a client, with or without a connection: subscriptions, the messages on their way to
//! it, and which of its own publications it may be repeating (MQTT 3.1.2.4, 4.3, 4.4).

use std::collections::{BTreeMap, VecDeque};

use super::encode;
use super::packet::{Publish, Version};
use super::{ConnectionId, Violation, filter};

/// How far a message is on its way to the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// PUBLISH was sent.
    Published,
    /// QoS 2: PUBREC came, PUBREL was sent.
    Released,
}

/// A message that was sent and whose handshake has not ended.
#[derive(Clone, Debug)]
struct InFlight {
    message: Publish,
    step: Step,
    /// The connection that carried the last of it.
    over: ConnectionId,
}

/// A publication of the client with QoS 1 or 2, as it first came.
#[derive(Clone, Debug)]
struct Heard {
    message: Publish,
    over: ConnectionId,
    /// QoS 2: it was not released yet, so that the next one under this packet id is a repetition.
    held: bool,
}

/// What a publication of the client turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hearing {
    /// To be passed on. The standard lets QoS 1 be passed on each time that it comes.
    PassOn,
    /// QoS 2: it was passed on already (4.3.3).
    Repetition,
}

/// One client's session.
#[derive(Clone, Debug, Default)]
pub(super) struct Session {
    subscriptions: BTreeMap<String, u8>,
    waiting: VecDeque<Publish>,
    in_flight: VecDeque<InFlight>,
    /// The last so many of those in flight were not sent again over this connection yet.
    again: usize,
    last_packet_id: u16,
    heard: BTreeMap<u16, Heard>,
}

impl Session {
    /// Remembers a subscription; one of the same filter is replaced [MQTT-3.8.4-3].
    pub(super) fn subscribe(&mut self, filter: &str, qos: u8) {
        self.subscriptions.insert(filter.to_owned(), qos);
    }

    /// Forgets a subscription.
    pub(super) fn unsubscribe(&mut self, filter: &str) {
        self.subscriptions.remove(filter);
    }

    /// The greatest QoS among the subscriptions that match; `None` when none does.
    pub(super) fn granted(&self, topic: &str) -> Option<u8> {
        let matching = self
            .subscriptions
            .iter()
            .filter(|(filter, _)| filter::matches(filter, topic));
        matching.map(|(_, &qos)| qos).max()
    }

    /// The filters with their QoS.
    pub(super) fn subscriptions(&self) -> &BTreeMap<String, u8> {
        &self.subscriptions
    }

    // -------------------------------------------------------------------------------------------- to the client

    /// Queues a message with QoS 1 or 2.
    pub(super) fn queue(&mut self, message: Publish) {
        self.waiting.push_back(message);
    }

    /// Messages queued or sent whose handshakes have not ended.
    pub(super) fn unacknowledged(&self) -> usize {
        self.waiting.len() + self.in_flight.len()
    }

    /// The client is back: what was sent goes out again with DUP, in order [MQTT-4.4.0-1], [MQTT-4.6.0-1], as fast as
    /// the client takes it.
    pub(super) fn resume(&mut self) {
        self.again = self.in_flight.len();
    }

    /// The next to send, unless the client has `max` messages of this connection.
    pub(super) fn next(&mut self, over: ConnectionId, max: usize, version: Version) -> Option<Vec<u8>> {
        let there = self.in_flight.len() - self.again;
        if self.again > 0 {
            return (there < max).then(|| self.resend(there, over, version));
        }
        if there >= max {
            return None;
        }
        let mut message = self.waiting.pop_front()?;
        message.packet_id = self.unused_packet_id();
        self.in_flight.push_back(InFlight {
            message: message.clone(),
            step: Step::Published,
            over,
        });
        Some(encode::publish(&message, version))
    }

    fn resend(&mut self, index: usize, over: ConnectionId, version: Version) -> Vec<u8> {
        self.again -= 1;
        let Some(sent) = self.in_flight.get_mut(index) else {
            return Vec::new();
        };
        sent.over = over;
        sent.message.dup = true;
        match sent.step {
            Step::Published => encode::publish(&sent.message, version),
            Step::Released => encode::ack(6, sent.message.packet_id),
        }
    }

    fn unused_packet_id(&mut self) -> u16 {
        loop {
            self.last_packet_id = self.last_packet_id.checked_add(1).unwrap_or(1);
            if self
                .in_flight
                .iter()
                .all(|sent| sent.message.packet_id != self.last_packet_id)
            {
                return self.last_packet_id;
            }
        }
    }

    /// PUBACK or PUBREC came. It must name the oldest message of its QoS that was published over this connection
    /// [MQTT-4.6.0-2], [MQTT-4.6.0-3].
    pub(super) fn acknowledged(
        &mut self,
        qos: u8,
        packet_id: u16,
        over: ConnectionId,
    ) -> Result<Publish, Violation> {
        let waits = |sent: &InFlight| sent.message.qos == qos && sent.step == Step::Published;
        let (name, clause) = if qos == 1 {
            ("PUBACK", "[MQTT-4.6.0-2]")
        } else {
            ("PUBREC", "[MQTT-4.6.0-3]")
        };
        let oldest = self.in_flight.iter().position(waits);
        let known = self
            .in_flight
            .iter()
            .any(|sent| waits(sent) && sent.message.packet_id == packet_id && sent.over == over);
        let Some((index, sent)) = oldest
            .filter(|_| known)
            .and_then(|index| self.in_flight.get_mut(index).map(|sent| (index, sent)))
        else {
            return Err(format!(
                "{name} of packet id {packet_id}, which waits for none (4.3)"
            ));
        };
        if sent.message.packet_id != packet_id {
            return Err(format!(
                "{name} of packet id {packet_id} before that of {} {clause}",
                sent.message.packet_id
            ));
        }
        let message = sent.message.clone();
        sent.step = Step::Released;
        if qos == 1 {
            self.in_flight.remove(index);
        }
        Ok(message)
    }

    /// PUBCOMP came: the end of a QoS 2 message.
    pub(super) fn completed(&mut self, packet_id: u16, over: ConnectionId) -> Result<(), Violation> {
        let is_it = |sent: &InFlight| {
            sent.message.packet_id == packet_id && sent.step == Step::Released && sent.over == over
        };
        match self.in_flight.iter().position(is_it) {
            Some(index) => {
                self.in_flight.remove(index);
                Ok(())
            }
            None => Err(format!(
                "PUBCOMP of packet id {packet_id}, which waits for none (4.3.3)"
            )),
        }
    }

    // ------------------------------------------------------------------------------------------ from the client

    /// QoS 2 publications of the client that it has not released.
    pub(super) fn unreleased(&self) -> usize {
        self.heard.values().filter(|heard| heard.held).count()
    }

    /// True while a QoS 2 publication keeps this packet id from being used for anything else [MQTT-2.3.1-2].
    pub(super) fn holds(&self, packet_id: u16) -> bool {
        self.heard.get(&packet_id).is_some_and(|heard| heard.held)
    }

    /// Holds a publication of the client against what it sent earlier under the same packet id. It does not matter which
    /// life of the bridge sent that: the client is the host, which remembers.
    pub(super) fn hear(&mut self, message: &Publish, over: ConnectionId) -> Result<Hearing, Violation> {
        let packet_id = message.packet_id;
        let held = self.holds(packet_id);
        if let Some(earlier) = self.heard.get(&packet_id) {
            let same = earlier.message.topic == message.topic && earlier.message.payload == message.payload;
            if held && !same {
                return Err(format!("packet id {packet_id} is in use [MQTT-2.3.1-2]"));
            }
            if same && earlier.over == over {
                return Err(format!("packet id {packet_id} repeated on one connection (4.4)"));
            }
            if same && !message.dup {
                return Err(format!(
                    "packet id {packet_id} repeated without DUP [MQTT-3.3.1-1]"
                ));
            }
        }
        let heard = Heard {
            message: message.clone(),
            over,
            held: message.qos == 2,
        };
        self.heard.insert(packet_id, heard);
        Ok(if held {
            Hearing::Repetition
        } else {
            Hearing::PassOn
        })
    }

    /// PUBREL came. It may be for one that was released before, when PUBCOMP did not reach the client: then this is false.
    pub(super) fn released(&mut self, packet_id: u16) -> bool {
        let heard = self.heard.get_mut(&packet_id);
        heard.is_some_and(|heard| std::mem::take(&mut heard.held))
    }
}
