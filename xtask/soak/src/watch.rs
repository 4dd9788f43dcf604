//! The judge of what the bridge says to the broker: whether each PUBLISH carries DUP as it has to.
//!
//! It reads along in the proxy, both ways. Not here: moving the bytes.

use std::collections::HashMap;

use fivewire_mqtt::QoS;
use fivewire_mqtt::packet::{FixedHeader, Packet, Publish};

use crate::contract;

/// Where a publication was last seen.
#[derive(Clone, Copy, Debug)]
struct Seen {
    connection: u32,
    /// The broker's session that saw it: sessions are counted.
    session: u32,
    packet_id: u16,
}

/// Everything that went through the proxy.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    seen: HashMap<(u32, u32), Seen>,
    connections: u32,
    sessions: u32,
    /// What the broker said on the present connection; nothing before its CONNACK.
    session_present: Option<bool>,
    /// PUBLISH packets from the bridge.
    pub(crate) published: u32,
    pub(crate) repeated_with_dup: u32,
    pub(crate) repeated_without_dup: u32,
    /// Connections on which the broker had the session, and had not.
    pub(crate) resumed: u32,
    pub(crate) fresh: u32,
    /// One text for each breach.
    pub(crate) breaches: Vec<String>,
}

impl Watch {
    /// Another connection of the bridge; its number.
    pub(crate) fn connected(&mut self) -> u32 {
        self.connections += 1;
        self.session_present = None;
        self.connections
    }

    /// A packet of the broker on that connection.
    pub(crate) fn broker_said(&mut self, connection: u32, packet: &[u8]) {
        if connection != self.connections {
            return;
        }
        if let Ok(Some((Packet::ConnAck(connack), _))) = Packet::decode(packet) {
            self.session_present = Some(connack.session_present);
            if connack.session_present {
                self.resumed += 1;
            } else {
                self.fresh += 1;
                self.sessions += 1;
            }
        }
    }

    /// A packet of the bridge on that connection.
    pub(crate) fn bridge_said(&mut self, connection: u32, packet: &[u8]) {
        match Packet::decode(packet) {
            Ok(Some((Packet::Publish(publish), _))) => self.publish(connection, &publish),
            Ok(_) => {}
            Err(error) => self
                .breaches
                .push(format!("the bridge broke the standard: {error}")),
        }
    }

    fn publish(&mut self, connection: u32, publish: &Publish<'_>) {
        let Some(key) = contract::read(publish.topic, publish.payload) else {
            return self
                .breaches
                .push(format!("the bridge publishes {}", publish.topic));
        };
        if publish.qos == QoS::AtMostOnce {
            self.breaches.push(format!("{key:?} goes out with QoS 0"));
        }
        self.published += 1;
        let now = Seen {
            connection,
            session: self.sessions,
            packet_id: publish.packet_id.map_or(0, fivewire_mqtt::PacketId::get),
        };
        let before = self.seen.insert(key, now);
        self.judge(key, publish.dup, now, before);
    }

    /// [MQTT-3.3.1-1]: a repetition to the session that may know the publication carries DUP and the same packet id. To a
    /// broker without the session nothing is a repetition.
    fn judge(&mut self, key: (u32, u32), dup: bool, now: Seen, before: Option<Seen>) {
        let fresh = self.session_present == Some(false);
        if fresh && dup {
            self.breaches
                .push(format!("{key:?} carries DUP to a broker without the session"));
        }
        let Some(before) = before else { return };
        if dup {
            self.repeated_with_dup += 1;
        } else {
            self.repeated_without_dup += 1;
        }
        if before.connection == now.connection {
            self.breaches
                .push(format!("{key:?} goes out twice on one connection"));
        }
        let known = before.session == now.session;
        if known && !dup {
            self.breaches.push(format!(
                "{key:?} is repeated without DUP, and the session is present"
            ));
        }
        if known && before.packet_id != now.packet_id {
            let (old, new) = (before.packet_id, now.packet_id);
            self.breaches
                .push(format!("{key:?} is repeated as packet {new}, and was {old}"));
        }
    }
}

/// Cuts a stream into packets.
#[derive(Debug, Default)]
pub(crate) struct Packets(Vec<u8>);

impl Packets {
    /// More bytes of the stream.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// The next whole packet.
    pub(crate) fn next_packet(&mut self) -> Option<Vec<u8>> {
        let len = FixedHeader::decode(&self.0).ok().flatten()?.total();
        (self.0.len() >= len).then(|| self.0.drain(..len).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: &[u8] = b"\x20\x02\0\0";
    const PRESENT: &[u8] = b"\x20\x02\x01\0";
    /// The first publication of `soak/1`, as packet 5.
    const FIRST: &[u8] = b"\x32\x12\0\x06soak/1\0\x0500000000";
    const AGAIN: &[u8] = b"\x3a\x12\0\x06soak/1\0\x0500000000";

    fn played(scene: &[(&[u8], &[&[u8]])]) -> Watch {
        let mut watch = Watch::default();
        for (connack, packets) in scene {
            let connection = watch.connected();
            watch.broker_said(connection, connack);
            packets
                .iter()
                .for_each(|packet| watch.bridge_said(connection, packet));
        }
        watch
    }

    #[test]
    fn a_repetition_needs_dup_while_the_session_lives() {
        let good = played(&[(NEW, &[FIRST]), (PRESENT, &[AGAIN])]);
        assert_eq!(
            (good.published, good.repeated_with_dup, good.breaches.len()),
            (2, 1, 0)
        );
        let bare = played(&[(NEW, &[FIRST]), (PRESENT, &[FIRST])]);
        assert_eq!((bare.repeated_without_dup, bare.breaches.len()), (1, 1));
    }

    #[test]
    fn a_broker_without_the_session_gets_no_dup() {
        let good = played(&[(NEW, &[FIRST]), (NEW, &[FIRST])]);
        assert_eq!((good.repeated_without_dup, good.breaches.len()), (1, 0));
        assert_eq!(played(&[(NEW, &[FIRST]), (NEW, &[AGAIN])]).breaches.len(), 1);
    }

    #[test]
    fn one_connection_sees_it_once() {
        assert_eq!(played(&[(NEW, &[FIRST, AGAIN])]).breaches.len(), 2);
    }

    #[test]
    fn packets_are_cut_from_any_chunks() {
        let mut packets = Packets::default();
        let mut found = Vec::new();
        for byte in [NEW, FIRST].concat() {
            packets.push(&[byte]);
            found.extend(packets.next_packet());
        }
        assert_eq!(found, [NEW, FIRST]);
    }
}
