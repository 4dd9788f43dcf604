//! A small broker of MQTT 3.1.1 and 5.0 that is also the judge of the client: written from the standard, without a
//! line of the code under test, it closes the connection of a client that breaks the standard and says which clause.
//!
//! Deliberately not here: TCP (the `network` moves the bytes), and any opinion on what should arrive; it
//! reports what it [`Seen`] and the ledger judges.

mod connection;
mod encode;
mod filter;
mod handle;
mod packet;
mod properties;
mod session;

use std::collections::{BTreeMap, VecDeque};

use connection::Connection;
pub use filter::matches;
use packet::{Publish, Violation};
use session::Session;

/// Names a connection; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ConnectionId(u64);

/// An application message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Topic name.
    pub topic: String,
    /// Application message.
    pub payload: Vec<u8>,
    /// 0 to 2.
    pub qos: u8,
    /// To be kept as the topic's retained message.
    pub retain: bool,
    /// Of MQTT 5.0, as the standard encodes them (2.2.2), without their length.
    pub properties: Vec<u8>,
}

/// What the broker saw, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// A client connected.
    Connected {
        /// Its client id.
        client_id: String,
        /// It asked for a clean session.
        clean: bool,
        /// The broker still had its session.
        session_present: bool,
    },
    /// A client was refused with this return code.
    Refused(u8),
    /// A client published.
    Published {
        /// What.
        message: Message,
        /// Its packet identifier, 0 with QoS 0.
        packet_id: u16,
        /// It came with DUP.
        dup: bool,
        /// It is a repetition with QoS 2 and was not passed on again.
        again: bool,
    },
    /// A client released what it published with QoS 2 under this packet identifier.
    Released(u16),
    /// A client acknowledged a QoS 1 message, or said that it received a QoS 2 message.
    Acknowledged(Message),
    /// A client subscribed.
    Subscribed(String),
    /// A client unsubscribed.
    Unsubscribed(String),
    /// A message with QoS 1 or 2 can no longer reach the client, because the client had its session forgotten.
    Forgotten {
        /// How many messages.
        messages: usize,
    },
    /// A connection ended.
    Closed {
        /// Which.
        id: ConnectionId,
        /// Why.
        ending: Ending,
    },
    /// A last will was published.
    Will(Message),
    /// The client broke the standard.
    Violation(String),
}

/// Why a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The client said DISCONNECT.
    Disconnect,
    /// The transport ended without it.
    Transport,
    /// The client was silent for too long.
    KeepAlive,
    /// The client connected again.
    TakenOver,
    /// The client broke the standard.
    Violation,
    /// The broker refused the client.
    Refused,
    /// The broker stopped.
    Restart,
}

/// What a broker may do differently from another.
#[derive(Clone, Debug)]
pub struct Manners {
    /// How long it takes to acknowledge, in milliseconds.
    pub ack_delay_ms: u32,
    /// Most messages with QoS 1 or 2 that a client has not acknowledged.
    pub max_in_flight: usize,
    /// The user name and password it wants; `None` takes everyone.
    pub login: Option<(String, Vec<u8>)>,
    /// Refuses every CONNECT with this return code.
    pub refuse: Option<u8>,
}

impl Default for Manners {
    fn default() -> Self {
        Self {
            ack_delay_ms: 0,
            max_in_flight: 20,
            login: None,
            refuse: None,
        }
    }
}

/// QoS 0 messages are dropped while this many bytes wait for a client.
const SLOW_CLIENT_BYTES: usize = 8_192;

/// The broker.
#[derive(Debug, Default)]
pub struct Broker {
    /// How it behaves; may be changed at any time.
    pub manners: Manners,
    connections: BTreeMap<ConnectionId, Connection>,
    sessions: BTreeMap<String, Session>,
    /// Clients whose session ends with their connection.
    clean: BTreeMap<String, bool>,
    retained: BTreeMap<String, Message>,
    seen: VecDeque<Seen>,
    opened: u64,
    now_ms: u64,
}

impl Broker {
    /// Accepts a TCP connection.
    pub fn open(&mut self) -> ConnectionId {
        self.opened += 1;
        let id = ConnectionId(self.opened);
        self.connections.insert(id, Connection::new(self.now_ms));
        id
    }

    /// True while the broker holds the connection.
    #[must_use]
    pub fn is_open(&self, id: ConnectionId) -> bool {
        self.connections.contains_key(&id)
    }

    /// Bytes came from the client.
    pub fn receive(&mut self, id: ConnectionId, bytes: &[u8]) {
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.input.extend(bytes);
            self.work_through(id);
        }
    }

    /// Takes up to `most` bytes for the client.
    pub fn take_output(&mut self, id: ConnectionId, most: usize) -> Vec<u8> {
        let Some(connection) = self.connections.get_mut(&id) else {
            return Vec::new();
        };
        let length = most.min(connection.output.len());
        connection.output.drain(..length).collect()
    }

    /// The client's end of the connection is gone and the broker learned of it.
    pub fn lost(&mut self, id: ConnectionId) {
        self.close(id, Ending::Transport);
    }

    /// The virtual time goes on: answers that are due, clients that are silent, messages that wait.
    pub fn tick(&mut self, now_ms: u64) {
        self.now_ms = now_ms;
        let ids: Vec<_> = self.connections.keys().copied().collect();
        for id in ids {
            let Some(connection) = self.connections.get_mut(&id) else {
                continue;
            };
            connection.tick(now_ms);
            if connection.is_silent(now_ms) {
                self.close(id, Ending::KeepAlive);
            } else if connection.refused && connection.output.is_empty() {
                self.close(id, Ending::Refused);
            } else {
                self.pump(id);
            }
        }
    }

    /// Another client publishes. True when some client is promised the message: it will get it, or be forgotten.
    pub fn publish(&mut self, message: &Message) -> bool {
        if message.retain {
            self.retain(message);
        }
        let clients: Vec<_> = self.sessions.keys().cloned().collect();
        let mut promised = false;
        for client in clients {
            promised |= self.route(&client, message);
        }
        promised
    }

    /// Stops and starts again. Sessions and retained messages survive when `keeps`; clean sessions never do.
    pub fn restart(&mut self, keeps: bool) {
        let ids: Vec<_> = self.connections.keys().copied().collect();
        for id in ids {
            self.close(id, Ending::Restart);
        }
        if !keeps {
            let messages = self.sessions.values().map(Session::unacknowledged).sum();
            self.seen.push_back(Seen::Forgotten { messages });
            self.sessions.clear();
            self.retained.clear();
        }
    }

    /// The next thing that was seen.
    pub fn poll_seen(&mut self) -> Option<Seen> {
        self.seen.pop_front()
    }

    /// Messages with QoS 1 or 2 that wait for a client or for its last acknowledgement.
    #[must_use]
    pub fn undelivered(&self) -> usize {
        self.sessions.values().map(Session::unacknowledged).sum()
    }

    /// QoS 2 publications that their clients have not released.
    #[must_use]
    pub fn unreleased(&self) -> usize {
        self.sessions.values().map(Session::unreleased).sum()
    }

    /// The filters that a client is subscribed to, with the QoS granted.
    #[must_use]
    pub fn subscriptions(&self, client_id: &str) -> Vec<(String, u8)> {
        let session = self.sessions.get(client_id);
        session.map_or_else(Vec::new, |session| {
            session.subscriptions().clone().into_iter().collect()
        })
    }

    /// The retained message of a topic.
    #[must_use]
    pub fn retained(&self, topic: &str) -> Option<&Message> {
        self.retained.get(topic)
    }

    fn retain(&mut self, message: &Message) {
        if message.payload.is_empty() {
            self.retained.remove(&message.topic); // [MQTT-3.3.1-10], [MQTT-3.3.1-11]
        } else {
            self.retained.insert(message.topic.clone(), message.clone());
        }
    }

    /// The connection of a client.
    fn connection_of(&self, client_id: &str) -> Option<ConnectionId> {
        let holds = |connection: &Connection| connection.client_id.as_deref() == Some(client_id);
        self.connections
            .iter()
            .find(|(_, connection)| holds(connection))
            .map(|(id, _)| *id)
    }

    fn route(&mut self, client_id: &str, message: &Message) -> bool {
        let granted = self
            .sessions
            .get(client_id)
            .and_then(|session| session.granted(&message.topic));
        let Some(granted) = granted else { return false };
        let outgoing = outgoing(message, message.qos.min(granted), false);
        let promised = outgoing.qos > 0;
        self.hand_over(client_id, outgoing);
        promised
    }

    fn hand_over(&mut self, client_id: &str, message: Publish) {
        let connection = self.connection_of(client_id);
        if message.qos > 0 {
            if let Some(session) = self.sessions.get_mut(client_id) {
                session.queue(message);
            }
            if let Some(id) = connection {
                self.pump(id);
            }
        } else if let Some(connection) = connection.and_then(|id| self.connections.get_mut(&id))
            && connection.output.len() < SLOW_CLIENT_BYTES
        {
            connection.send(&encode::publish(&message, connection.version));
        }
    }

    /// Sends what waits, as far as the client's window goes.
    fn pump(&mut self, id: ConnectionId) {
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        let Some(session) = connection
            .client_id
            .as_ref()
            .and_then(|client| self.sessions.get_mut(client))
        else {
            return;
        };
        let most = self.manners.max_in_flight.min(connection.receive_maximum.into());
        while let Some(packet) = session.next(id, most, connection.version) {
            connection.send(&packet);
        }
    }

    fn close(&mut self, id: ConnectionId, ending: Ending) {
        let Some(connection) = self.connections.remove(&id) else {
            return;
        };
        self.seen.push_back(Seen::Closed { id, ending });
        if let Some(client) = connection.client_id
            && self.clean.get(&client).copied().unwrap_or_default()
        {
            self.forget(&client);
        }
        if let Some(will) = connection.will.filter(|_| ending != Ending::Disconnect) {
            let message = Message::from(will);
            self.seen.push_back(Seen::Will(message.clone()));
            self.publish(&message);
        }
    }
}

impl From<Publish> for Message {
    fn from(publish: Publish) -> Self {
        let Publish {
            topic,
            payload,
            qos,
            retain,
            properties,
            ..
        } = publish;
        Self {
            topic,
            payload,
            qos,
            retain,
            properties,
        }
    }
}

fn outgoing(message: &Message, qos: u8, retain: bool) -> Publish {
    let Message {
        topic,
        payload,
        properties,
        ..
    } = message.clone();
    Publish {
        topic,
        payload,
        qos,
        retain,
        dup: false,
        packet_id: 0,
        properties,
    }
}

#[cfg(test)]
mod tests;
