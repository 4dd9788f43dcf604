//! What the broker does with each packet of a client. Each step may end in a violation, which ends the connection.

use super::packet::{self, Connect, Packet, Publish, Version, Violation};
use super::session::{Hearing, Session};
use super::{Broker, ConnectionId, Ending, Message, Seen, encode, matches, outgoing};

impl Broker {
    pub(super) fn work_through(&mut self, id: ConnectionId) {
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
        let Some((packet, length)) = packet::read(&connection.input, connection.version)? else {
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
            (Some(client), Packet::PubAck(packet_id)) => {
                return self.on_acknowledged(id, &client, 1, packet_id);
            }
            (Some(client), Packet::PubRec(packet_id)) => {
                return self.on_acknowledged(id, &client, 2, packet_id);
            }
            (Some(client), Packet::PubRel(packet_id)) => return self.on_pubrel(id, &client, packet_id),
            (Some(client), Packet::PubComp(packet_id)) => return self.on_pubcomp(id, &client, packet_id),
            (Some(client), Packet::Subscribe { packet_id, filters }) => {
                return self.on_subscribe(id, &client, packet_id, filters);
            }
            (Some(client), Packet::Unsubscribe { packet_id, filters }) => {
                return self.on_unsubscribe(id, &client, packet_id, filters);
            }
            (Some(_), Packet::PingReq) => self.send(id, &encode::pingresp()),
            (Some(_), Packet::Disconnect) => return self.on_disconnect(id),
        }
        Ok(())
    }

    fn version(&self, id: ConnectionId) -> Version {
        self.connections
            .get(&id)
            .map_or(Version::default(), |connection| connection.version)
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
                connection.send(&encode::connack(false, code, connect.version));
                connection.refused = true;
            }
            return self.seen.push_back(Seen::Refused(code));
        }
        if let Some(other) = self.connection_of(&connect.client_id) {
            self.close(other, Ending::TakenOver); // [MQTT-3.1.4-2]
        }
        let session_present = self.prepare_session(&connect);
        let (client_id, clean, version) = (connect.client_id, connect.clean, connect.version);
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.version = version;
            connection.receive_maximum = connect.receive_maximum;
            connection.keep_alive_ms = u64::from(connect.keep_alive_s) * 1_000;
            connection.will = connect.will;
            connection.client_id = Some(client_id.clone());
            connection.send(&encode::connack(session_present, 0, version));
        }
        if let Some(session) = self.sessions.get_mut(&client_id) {
            session.resume();
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
        self.clean.insert(connect.client_id.clone(), !connect.lasting);
        self.sessions.entry(connect.client_id.clone()).or_default();
        present
    }

    pub(super) fn forget(&mut self, client_id: &str) {
        if let Some(session) = self.sessions.remove(client_id) {
            self.seen.push_back(Seen::Forgotten {
                messages: session.unacknowledged(),
            });
        }
    }

    fn on_publish(&mut self, id: ConnectionId, client: &str, publish: Publish) -> Result<(), Violation> {
        let hearing = match publish.qos {
            0 => Hearing::PassOn,
            _ => self.answer_publish(id, client, &publish)?,
        };
        let (dup, packet_id) = (publish.dup, publish.packet_id);
        let message = Message::from(publish);
        let again = hearing == Hearing::Repetition;
        self.seen.push_back(Seen::Published {
            message: message.clone(),
            packet_id,
            dup,
            again,
        });
        if !again {
            self.publish(&message);
        }
        Ok(())
    }

    /// PUBACK, or PUBREC for QoS 2.
    fn answer_publish(
        &mut self,
        id: ConnectionId,
        client: &str,
        publish: &Publish,
    ) -> Result<Hearing, Violation> {
        let kind = if publish.qos == 1 { 4 } else { 5 };
        self.answer(id, publish.packet_id, encode::ack(kind, publish.packet_id))?;
        match self.sessions.get_mut(client) {
            Some(session) => session.hear(publish, id),
            None => Ok(Hearing::PassOn),
        }
    }

    /// PUBACK or PUBREC: the client has a message.
    fn on_acknowledged(
        &mut self,
        id: ConnectionId,
        client: &str,
        qos: u8,
        packet_id: u16,
    ) -> Result<(), Violation> {
        let Some(session) = self.sessions.get_mut(client) else {
            return Ok(());
        };
        let message = session.acknowledged(qos, packet_id, id)?;
        if qos == 2 {
            self.send(id, &encode::ack(6, packet_id));
        }
        self.seen.push_back(Seen::Acknowledged(message.into()));
        self.pump(id);
        Ok(())
    }

    fn on_pubrel(&mut self, id: ConnectionId, client: &str, packet_id: u16) -> Result<(), Violation> {
        let session = self.sessions.get_mut(client);
        let answer = if session.is_some_and(|session| session.released(packet_id)) {
            encode::ack(7, packet_id)
        } else {
            encode::pubcomp_unknown(packet_id, self.version(id))
        };
        self.answer(id, packet_id, answer)?;
        self.seen.push_back(Seen::Released(packet_id));
        Ok(())
    }

    fn on_pubcomp(&mut self, id: ConnectionId, client: &str, packet_id: u16) -> Result<(), Violation> {
        if let Some(session) = self.sessions.get_mut(client) {
            session.completed(packet_id, id)?;
        }
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
        let granted: Vec<u8> = filters.iter().map(|(_, qos)| *qos).collect();
        self.check_unused(client, packet_id)?;
        self.answer(
            id,
            packet_id,
            encode::suback(packet_id, &granted, self.version(id)),
        )?;
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
        self.check_unused(client, packet_id)?;
        self.answer(
            id,
            packet_id,
            encode::unsuback(packet_id, filters.len(), self.version(id)),
        )?;
        for filter in filters {
            if let Some(session) = self.sessions.get_mut(client) {
                session.unsubscribe(&filter);
            }
            self.seen.push_back(Seen::Unsubscribed(filter));
        }
        Ok(())
    }

    fn check_unused(&self, client: &str, packet_id: u16) -> Result<(), Violation> {
        let held = |session: &Session| session.holds(packet_id);
        if self.sessions.get(client).is_some_and(held) {
            return Err(format!("packet id {packet_id} is in use [MQTT-2.3.1-2]"));
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
}
