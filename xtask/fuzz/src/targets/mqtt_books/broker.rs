//! A broker that keeps to the standard, and judges what it sees.

use std::collections::{BTreeMap, BTreeSet};

use fivewire_mqtt::packet::{ConnAck, Packet, Publish};
use fivewire_mqtt::{ConnectReturnCode, PacketId, QoS};

/// Its side of the connection, and its session.
#[derive(Debug, Default)]
pub(super) struct Broker {
    input: Vec<u8>,
    output: Vec<u8>,
    has_session: bool,
    session_present: bool,
    /// What it saw in this session and has not seen the end of: packet id and publication.
    seen: BTreeMap<u16, u8>,
    /// QoS 2 publications that are not released.
    unreleased: BTreeSet<u16>,
    /// How often it took each publication for a new one.
    taken: BTreeMap<u8, u32>,
    /// Publications with QoS 2.
    once: BTreeSet<u8>,
    /// It lost its session once, so a publication may come twice.
    forgot: bool,
}

impl Broker {
    pub(super) fn closed(&mut self) {
        self.input.clear();
        self.output.clear();
    }

    pub(super) fn forget(&mut self) {
        self.has_session = false;
        self.forgot = true;
        self.seen.clear();
        self.unreleased.clear();
    }

    pub(super) fn take_output(&mut self, len: usize) -> Vec<u8> {
        self.output.drain(..len.min(self.output.len())).collect()
    }

    pub(super) fn receive(&mut self, bytes: &[u8]) {
        self.input.extend_from_slice(bytes);
        loop {
            let input = std::mem::take(&mut self.input);
            let decoded = Packet::decode(&input).expect("the client keeps to the standard");
            let Some((packet, len)) = decoded else {
                self.input = input;
                return;
            };
            self.answer(packet);
            self.input = input[len..].to_vec();
        }
    }

    fn answer(&mut self, packet: Packet<'_>) {
        let answer = match packet {
            Packet::Connect(_) => {
                self.session_present = self.has_session;
                self.has_session = true;
                Packet::ConnAck(ConnAck {
                    session_present: self.session_present,
                    code: ConnectReturnCode::Accepted,
                })
            }
            Packet::Publish(publish) => self.publish(publish),
            Packet::PubRel(id) => {
                self.unreleased.remove(&id.get());
                self.seen.remove(&id.get());
                Packet::PubComp(id)
            }
            Packet::PingReq => Packet::PingResp,
            other => unreachable!("nobody asked the client for {other:?}"),
        };
        let mut out = [0; 16];
        let len = answer.encode(&mut out).expect("room");
        self.output.extend_from_slice(&out[..len]);
    }

    fn publish<'a>(&mut self, publish: Publish<'_>) -> Packet<'a> {
        let id = publish.packet_id.map_or(0, PacketId::get);
        let &[publication] = publish.payload else {
            unreachable!("a payload that nobody published");
        };
        self.check_dup(id, publication, publish.dup);
        let packet_id = publish.packet_id.expect("QoS 1 or 2");
        if publish.qos == QoS::ExactlyOnce {
            self.once.insert(publication);
            if self.unreleased.insert(id) {
                *self.taken.entry(publication).or_default() += 1;
            }
            self.seen.insert(id, publication);
            Packet::PubRec(packet_id)
        } else {
            *self.taken.entry(publication).or_default() += 1;
            self.seen.insert(id, publication);
            Packet::PubAck(packet_id)
        }
    }

    /// [MQTT-3.3.1-1]. What was acknowledged and seen to the end by the client only, comes as another publication.
    fn check_dup(&self, id: u16, publication: u8, dup: bool) {
        assert!(
            self.session_present || !dup,
            "DUP of {id} to a broker without the session"
        );
        let known = self.seen.get(&id) == Some(&publication);
        assert!(dup || !known, "{id} is repeated without DUP");
        let other = self.unreleased.contains(&id) && !known;
        assert!(
            !other,
            "{id} is given to another publication before it is released"
        );
    }

    /// All of `published` came, those with QoS 2 once.
    pub(super) fn judge(&self, published: u8) {
        for publication in 0..published {
            let times = self.taken.get(&publication).copied().unwrap_or(0);
            let once = self.once.contains(&publication) && !self.forgot;
            assert!(
                times == 1 || times > 1 && !once,
                "publication {publication} was taken {times} times"
            );
        }
    }
}
