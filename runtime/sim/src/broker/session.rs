//! What the broker remembers of a client, with or without a connection: subscriptions, the messages on their way to
//! it, and which of its own publications it may be repeating (MQTT 3.1.2.4, 4.4).

use std::collections::{BTreeMap, VecDeque};

use super::packet::Publish;
use super::{ConnectionId, Violation, filter};

/// A message that was sent and is not acknowledged.
#[derive(Clone, Debug)]
struct InFlight {
    message: Publish,
    /// The connection that carried it last.
    over: ConnectionId,
}

/// A QoS 1 publication of the client, as it first came.
#[derive(Clone, Debug)]
struct Heard {
    topic: String,
    payload: Vec<u8>,
    over: ConnectionId,
    incarnation: u32,
}

/// One client's session.
#[derive(Clone, Debug, Default)]
pub(super) struct Session {
    subscriptions: BTreeMap<String, u8>,
    waiting: VecDeque<Publish>,
    in_flight: VecDeque<InFlight>,
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

    /// Queues a QoS 1 message.
    pub(super) fn queue(&mut self, message: Publish) {
        self.waiting.push_back(message);
    }

    /// Messages queued or sent that the client has not acknowledged.
    pub(super) fn unacknowledged(&self) -> usize {
        self.waiting.len() + self.in_flight.len()
    }

    /// The client is back: what was sent goes out again with DUP, in order [MQTT-4.4.0-1], [MQTT-4.6.0-1].
    pub(super) fn resend(&mut self, over: ConnectionId) -> Vec<Publish> {
        let again = self.in_flight.iter_mut().map(|sent| {
            sent.over = over;
            sent.message.dup = true;
            sent.message.clone()
        });
        again.collect()
    }

    /// The next message to send, unless `max` are in flight.
    pub(super) fn next(&mut self, over: ConnectionId, max: usize) -> Option<Publish> {
        if self.in_flight.len() >= max {
            return None;
        }
        let mut message = self.waiting.pop_front()?;
        message.packet_id = self.unused_packet_id();
        self.in_flight.push_back(InFlight {
            message: message.clone(),
            over,
        });
        Some(message)
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

    /// PUBACK came. It must name the oldest message of this connection [MQTT-4.6.0-2].
    pub(super) fn acknowledged(&mut self, packet_id: u16, over: ConnectionId) -> Result<Publish, Violation> {
        let known = self
            .in_flight
            .iter()
            .any(|sent| sent.message.packet_id == packet_id && sent.over == over);
        if !known {
            return Err(format!(
                "PUBACK of packet id {packet_id}, which waits for none (4.3.2)"
            ));
        }
        match self.in_flight.pop_front() {
            Some(sent) if sent.message.packet_id == packet_id => Ok(sent.message),
            other => Err(format!(
                "PUBACK of packet id {packet_id} before that of {} [MQTT-4.6.0-2]",
                other.map_or(0, |sent| sent.message.packet_id)
            )),
        }
    }

    /// Holds a QoS 1 publication of the client against what it sent earlier under the same packet id.
    pub(super) fn hear(
        &mut self,
        message: &Publish,
        over: ConnectionId,
        incarnation: u32,
    ) -> Result<(), Violation> {
        let earlier = self.heard.get(&message.packet_id);
        let same = |heard: &&Heard| heard.topic == message.topic && heard.payload == message.payload;
        if let Some(heard) = earlier
            .filter(same)
            .filter(|heard| heard.incarnation == incarnation)
        {
            if heard.over == over {
                return Err(format!(
                    "packet id {} repeated on one connection (4.4)",
                    message.packet_id
                ));
            }
            if !message.dup {
                return Err(format!(
                    "packet id {} repeated without DUP [MQTT-3.3.1-1]",
                    message.packet_id
                ));
            }
        }
        let Publish {
            topic,
            payload,
            packet_id,
            ..
        } = message.clone();
        self.heard.insert(
            packet_id,
            Heard {
                topic,
                payload,
                over,
                incarnation,
            },
        );
        Ok(())
    }
}
