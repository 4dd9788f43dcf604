//! A small MQTT 3.1.1 broker (QoS 0 and 1) that is also the judge of the client: written from the standard, without a
//! line of the code under test, it closes the connection of a client that breaks the standard and says which clause.
//!
//! Deliberately not here: TCP (the `network` moves the bytes), QoS 2, and any opinion on what should arrive; it
//! reports what it [`Seen`] and the ledger judges.

mod connection;
mod filter;
mod packet;
mod session;

use std::collections::{BTreeMap, VecDeque};

use connection::Connection;
pub use filter::matches;
use packet::{Connect, Packet, Publish, Violation};
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
    /// 0 or 1.
    pub qos: u8,
    /// To be kept as the topic's retained message.
    pub retain: bool,
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
        /// It came with DUP.
        dup: bool,
    },
    /// A client acknowledged a QoS 1 message.
    Acknowledged(Message),
    /// A client subscribed.
    Subscribed(String),
    /// A client unsubscribed.
    Unsubscribed(String),
    /// A QoS 1 message can no longer reach the client, because the client had its session forgotten.
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
    /// Most QoS 1 messages that a client has not acknowledged.
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
    /// Accepts a TCP connection. `incarnation` counts the lives of the client.
    pub fn open(&mut self, incarnation: u32) -> ConnectionId {
        self.opened += 1;
        let id = ConnectionId(self.opened);
        self.connections
            .insert(id, Connection::new(self.now_ms, incarnation));
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

    /// Another client publishes.
    pub fn publish(&mut self, message: &Message) {
        if message.retain {
            self.retain(message);
        }
        let clients: Vec<_> = self.sessions.keys().cloned().collect();
        for client in clients {
            self.route(&client, message);
        }
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

    /// QoS 1 messages that wait for a client or for its acknowledgement.
    #[must_use]
    pub fn undelivered(&self) -> usize {
        self.sessions.values().map(Session::unacknowledged).sum()
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

    fn route(&mut self, client_id: &str, message: &Message) {
        let granted = self
            .sessions
            .get(client_id)
            .and_then(|session| session.granted(&message.topic));
        if let Some(granted) = granted {
            let outgoing = outgoing(message, message.qos.min(granted), false);
            self.hand_over(client_id, outgoing);
        }
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
        } else if let Some(connection) = connection.and_then(|id| self.connections.get_mut(&id)) {
            if connection.output.len() < SLOW_CLIENT_BYTES {
                connection.send(&packet::publish(&message));
            }
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
        while let Some(message) = session.next(id, self.manners.max_in_flight) {
            connection.send(&packet::publish(&message));
        }
    }

    fn work_through(&mut self, id: ConnectionId) {
        loop {
            match self.work(id) {
                Ok(true) => {}
                Ok(false) => return,
                Err(violation) => {
                    self.seen.push_back(Seen::Violation(violation));
                    return self.close(id, Ending::Violation);
                }
            }
        }
    }

    /// Handles one packet; false when none is complete.
    fn work(&mut self, id: ConnectionId) -> Result<bool, Violation> {
        let Some(connection) = self.connections.get_mut(&id) else {
            return Ok(false);
        };
        let Some((packet, length)) = packet::read(&connection.input)? else {
            return Ok(false);
        };
        connection.input.drain(..length);
        connection.heard_ms = self.now_ms;
        self.handle(id, packet)?;
        Ok(true)
    }

    fn handle(&mut self, id: ConnectionId, packet: Packet) -> Result<(), Violation> {
        let client = self
            .connections
            .get(&id)
            .and_then(|connection| connection.client_id.clone());
        match (client, packet) {
            (None, Packet::Connect(connect)) => self.on_connect(id, connect),
            (None, _) => return Err("the first packet is not CONNECT [MQTT-3.1.0-1]".into()),
            (Some(_), Packet::Connect(_)) => return Err("a second CONNECT [MQTT-3.1.0-2]".into()),
            (Some(client), Packet::Publish(publish)) => return self.on_publish(id, &client, publish),
            (Some(client), Packet::PubAck(packet_id)) => return self.on_puback(id, &client, packet_id),
            (Some(client), Packet::Subscribe { packet_id, filters }) => {
                return self.on_subscribe(id, &client, packet_id, filters);
            }
            (Some(client), Packet::Unsubscribe { packet_id, filters }) => {
                return self.on_unsubscribe(id, &client, packet_id, filters);
            }
            (Some(_), Packet::PingReq) => self.send(id, &packet::pingresp()),
            (Some(_), Packet::Disconnect) => return self.on_disconnect(id),
        }
        Ok(())
    }

    fn send(&mut self, id: ConnectionId, bytes: &[u8]) {
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.send(bytes);
        }
    }

    fn refusal(&self, connect: &Connect) -> Option<u8> {
        let given = (connect.user.clone(), connect.password.clone());
        let wanted = self.manners.login.clone();
        let welcome = wanted.is_none_or(|(user, password)| given == (Some(user), Some(password)));
        self.manners.refuse.or((!welcome).then_some(4))
    }

    fn on_connect(&mut self, id: ConnectionId, connect: Connect) {
        if let Some(code) = self.refusal(&connect) {
            if let Some(connection) = self.connections.get_mut(&id) {
                connection.send(&packet::connack(false, code));
                connection.refused = true;
            }
            return self.seen.push_back(Seen::Refused(code));
        }
        if let Some(other) = self.connection_of(&connect.client_id) {
            self.close(other, Ending::TakenOver); // [MQTT-3.1.4-2]
        }
        let session_present = self.prepare_session(&connect);
        let (client_id, clean) = (connect.client_id, connect.clean);
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.keep_alive_ms = u64::from(connect.keep_alive_s) * 1_000;
            connection.will = connect.will;
            connection.client_id = Some(client_id.clone());
            connection.send(&packet::connack(session_present, 0));
            for message in self
                .sessions
                .get_mut(&client_id)
                .map(|session| session.resend(id))
                .unwrap_or_default()
            {
                connection.send(&packet::publish(&message));
            }
        }
        self.seen.push_back(Seen::Connected {
            client_id,
            clean,
            session_present,
        });
        self.pump(id);
    }

    /// The session that a CONNECT asks for; true when the broker had it [MQTT-3.2.2-2].
    fn prepare_session(&mut self, connect: &Connect) -> bool {
        if connect.clean {
            self.forget(&connect.client_id);
        }
        let present = self.sessions.contains_key(&connect.client_id);
        self.clean.insert(connect.client_id.clone(), connect.clean);
        self.sessions.entry(connect.client_id.clone()).or_default();
        present
    }

    fn forget(&mut self, client_id: &str) {
        if let Some(session) = self.sessions.remove(client_id) {
            self.seen.push_back(Seen::Forgotten {
                messages: session.unacknowledged(),
            });
        }
    }

    fn on_publish(&mut self, id: ConnectionId, client: &str, publish: Publish) -> Result<(), Violation> {
        if publish.qos == 2 {
            return Err("QoS 2, which the client said it does not do".into());
        }
        if publish.qos == 1 {
            self.answer_publish(id, client, &publish)?;
        }
        let Publish {
            topic,
            payload,
            qos,
            retain,
            dup,
            ..
        } = publish;
        let message = Message {
            topic,
            payload,
            qos,
            retain,
        };
        self.seen.push_back(Seen::Published {
            message: message.clone(),
            dup,
        });
        self.publish(&message);
        Ok(())
    }

    fn answer_publish(&mut self, id: ConnectionId, client: &str, publish: &Publish) -> Result<(), Violation> {
        let due_ms = self.now_ms + u64::from(self.manners.ack_delay_ms);
        let Some(connection) = self.connections.get_mut(&id) else {
            return Ok(());
        };
        if connection.unanswered.contains(&publish.packet_id) {
            return Err(format!(
                "packet id {} is in use [MQTT-2.3.1-2]",
                publish.packet_id
            ));
        }
        if let Some(session) = self.sessions.get_mut(client) {
            session.hear(publish, id, connection.incarnation)?;
        }
        connection.answer(due_ms, publish.packet_id, packet::ack(4, publish.packet_id));
        Ok(())
    }

    fn on_puback(&mut self, id: ConnectionId, client: &str, packet_id: u16) -> Result<(), Violation> {
        let Some(session) = self.sessions.get_mut(client) else {
            return Ok(());
        };
        let Publish {
            topic,
            payload,
            qos,
            retain,
            ..
        } = session.acknowledged(packet_id, id)?;
        self.seen.push_back(Seen::Acknowledged(Message {
            topic,
            payload,
            qos,
            retain,
        }));
        self.pump(id);
        Ok(())
    }

    fn on_subscribe(
        &mut self,
        id: ConnectionId,
        client: &str,
        packet_id: u16,
        filters: Vec<(String, u8)>,
    ) -> Result<(), Violation> {
        let granted: Vec<u8> = filters.iter().map(|(_, qos)| (*qos).min(1)).collect();
        self.answer(id, packet_id, packet::suback(packet_id, &granted))?;
        for ((filter, _), qos) in filters.into_iter().zip(granted) {
            if let Some(session) = self.sessions.get_mut(client) {
                session.subscribe(&filter, qos);
            }
            self.send_retained(client, &filter, qos);
            self.seen.push_back(Seen::Subscribed(filter));
        }
        Ok(())
    }

    fn send_retained(&mut self, client: &str, filter: &str, qos: u8) {
        let kept = self
            .retained
            .values()
            .filter(|message| matches(filter, &message.topic));
        let outgoing: Vec<_> = kept
            .map(|message| outgoing(message, message.qos.min(qos), true))
            .collect();
        for message in outgoing {
            self.hand_over(client, message);
        }
    }

    fn on_unsubscribe(
        &mut self,
        id: ConnectionId,
        client: &str,
        packet_id: u16,
        filters: Vec<String>,
    ) -> Result<(), Violation> {
        self.answer(id, packet_id, packet::ack(11, packet_id))?;
        for filter in filters {
            if let Some(session) = self.sessions.get_mut(client) {
                session.unsubscribe(&filter);
            }
            self.seen.push_back(Seen::Unsubscribed(filter));
        }
        Ok(())
    }

    fn answer(&mut self, id: ConnectionId, packet_id: u16, bytes: Vec<u8>) -> Result<(), Violation> {
        let due_ms = self.now_ms + u64::from(self.manners.ack_delay_ms);
        let Some(connection) = self.connections.get_mut(&id) else {
            return Ok(());
        };
        if connection.unanswered.contains(&packet_id) {
            return Err(format!("packet id {packet_id} is in use [MQTT-2.3.1-2]"));
        }
        connection.answer(due_ms, packet_id, bytes);
        Ok(())
    }

    fn on_disconnect(&mut self, id: ConnectionId) -> Result<(), Violation> {
        let after = self
            .connections
            .get(&id)
            .map_or(0, |connection| connection.input.len());
        if after > 0 {
            return Err(format!("{after} bytes behind DISCONNECT [MQTT-3.14.4-2]"));
        }
        self.close(id, Ending::Disconnect);
        Ok(())
    }

    fn close(&mut self, id: ConnectionId, ending: Ending) {
        let Some(connection) = self.connections.remove(&id) else {
            return;
        };
        self.seen.push_back(Seen::Closed { id, ending });
        if let Some(client) = connection.client_id {
            if self.clean.get(&client).copied().unwrap_or_default() {
                self.forget(&client);
            }
        }
        if let Some(will) = connection.will.filter(|_| ending != Ending::Disconnect) {
            let Publish {
                topic,
                payload,
                qos,
                retain,
                ..
            } = will;
            let message = Message {
                topic,
                payload,
                qos: qos.min(1),
                retain,
            };
            self.seen.push_back(Seen::Will(message.clone()));
            self.publish(&message);
        }
    }
}

fn outgoing(message: &Message, qos: u8, retain: bool) -> Publish {
    let Message { topic, payload, .. } = message.clone();
    Publish {
        topic,
        payload,
        qos,
        retain,
        dup: false,
        packet_id: 0,
    }
}

#[cfg(test)]
mod tests;
