//! The client, its application, the transport and the broker, moved one decision at a time.

use std::collections::VecDeque;

use fivewire_mqtt::packet::PacketType;
use fivewire_mqtt::{MessageId, QoS};

use super::dialect::{Client, Heard, Kind, RX, Say, TX, Told};
use super::ledger::Ledger;
use crate::input::Input;

/// The numbers of the actions, for scenes written by hand.
pub(super) mod action {
    pub(in super::super) const CONNECT: u8 = 0;
    pub(in super::super) const TO_BROKER: u8 = 1;
    pub(in super::super) const TO_CLIENT: u8 = 2;
    pub(in super::super) const ANSWER: u8 = 3;
    pub(in super::super) const PUBLISH: u8 = 4;
    pub(in super::super) const SUBSCRIBE: u8 = 5;
    pub(in super::super) const UNSUBSCRIBE: u8 = 6;
    pub(in super::super) const BROKER_PUBLISH: u8 = 7;
    pub(in super::super) const ACKNOWLEDGE: u8 = 8;
    pub(in super::super) const LOSE: u8 = 9;
    pub(in super::super) const TIMEOUT: u8 = 10;
    pub(in super::super) const PASS: u8 = 11;
    pub(in super::super) const RESTART: u8 = 12;
    pub(in super::super) const SPOOF: u8 = 13;
    pub(in super::super) const RAW: u8 = 14;
    pub(in super::super) const KEEP: u8 = 15;
    pub(in super::super) const DISCONNECT: u8 = 16;
    pub(in super::super) const LIMITS: u8 = 17;
    pub(in super::super) const FORGET: u8 = 18;
    pub(in super::super) const COUNT: u8 = 19;
}

/// Rounds that a broker that behaves needs at most to answer all that can be under way, once what came before is done
/// with: a packet a round where the transmit buffer is full.
const ROUNDS: usize = 64;
/// Events that one packet can lead to at most, with all that lie in the buffer.
const EVENTS: usize = 2 * RX;
/// Messages that the application remembers to acknowledge late.
const MESSAGES: usize = 32;

const TOPICS: [&str; 4] = ["t", "a/b", "", "a/#"];

/// Everything.
pub(super) struct World<C> {
    client: C,
    now_ms: u32,
    /// A transport is open; bytes on their way to either end.
    open: bool,
    to_broker: Vec<u8>,
    to_client: Vec<u8>,
    /// Packets that the broker has not answered.
    pending: VecDeque<Heard>,
    broker_has_session: bool,
    /// What the broker said about it on this connection.
    session_present: bool,
    ledger: Ledger,
    messages: VecDeque<MessageId>,
    next_id: u16,
    /// The application has no room for this many messages to come.
    keeping: u8,
}

impl<C: Client> World<C> {
    pub(super) fn new() -> Self {
        Self {
            client: C::default(),
            now_ms: u32::MAX - 50_000, // so that the clock wraps
            open: false,
            to_broker: Vec::new(),
            to_client: Vec::new(),
            pending: VecDeque::new(),
            broker_has_session: false,
            session_present: false,
            ledger: Ledger::default(),
            messages: VecDeque::new(),
            next_id: 0,
            keeping: 0,
        }
    }

    /// One action and what follows from it at once.
    pub(super) fn step(&mut self, input: &mut Input<'_>) {
        match input.byte() % action::COUNT {
            action::CONNECT => self.connect(input.byte()),
            action::TO_BROKER => self.move_to_broker(usize::from(input.byte())),
            action::TO_CLIENT => self.move_to_client(usize::from(input.byte())),
            action::ANSWER => self.answer(input),
            action::PUBLISH => self.publish(input),
            action::SUBSCRIBE => self.subscribe(input.byte()),
            action::UNSUBSCRIBE => self.unsubscribe(input.byte()),
            action::BROKER_PUBLISH => self.broker_publish(input),
            action::ACKNOWLEDGE => self.acknowledge(input.byte()),
            action::LOSE => self.lose(),
            action::TIMEOUT => self.wait_for_timeout(),
            action::PASS => self.pass(u32::from(input.number()) << (input.byte() & 15)),
            action::RESTART => self.restart(),
            action::SPOOF => self.spoof(input),
            action::RAW => {
                let len = usize::from(input.byte());
                self.to_client.extend_from_slice(input.take(len));
            }
            action::KEEP => self.keeping = input.byte() % 4,
            action::DISCONNECT => self.client.disconnect(),
            action::LIMITS => {
                let (response, puback) = (u32::from(input.number()), u32::from(input.number()));
                self.client.set_time_limits(response, puback);
            }
            action::FORGET.. => self.forget(),
        }
        self.events();
        self.check();
    }

    /// A broker that behaves comes, and everything is answered.
    pub(super) fn finish(&mut self) {
        self.keeping = 0;
        let rounds = ROUNDS + self.to_client.len() / 2;
        for round in 0.. {
            assert!(
                round < rounds,
                "wedged: {} requests are never answered",
                self.ledger.len()
            );
            if !self.open {
                self.connect(2);
                self.events();
            }
            self.move_to_broker(usize::MAX);
            while let Some(heard) = self.pending.pop_front() {
                self.reply(heard, 0);
            }
            self.move_to_client(usize::MAX);
            self.events();
            self.acknowledge_all();
            if self.client.is_connected() && self.client.in_flight() == 0 && self.client.output().is_empty() {
                break;
            }
            self.wake();
        }
        assert_eq!(self.ledger.len(), 0, "requests without an answer");
        self.check();
    }

    /// The client may wait for a time limit (a broker that broke off in the middle of a packet).
    fn wake(&mut self) {
        let quiet = self.client.output().is_empty() && self.pending.is_empty() && self.to_client.is_empty();
        if quiet {
            self.lose();
        }
    }

    fn check(&self) {
        assert_eq!(self.client.in_flight(), self.ledger.len());
        assert!(self.client.output().len() <= RX.max(TX));
        assert!(
            !self.client.is_connected() || self.open,
            "connected over no transport"
        );
    }

    // The transport.

    fn connect(&mut self, variant: u8) {
        self.lose();
        // Bit 0: a new session. No client must believe in one that it did not ask for.
        if self
            .client
            .connect(self.now_ms, variant & 1 == 1, variant >> 1)
            .is_ok()
        {
            self.open = true;
        }
    }

    fn lose(&mut self) {
        self.client.transport_closed();
        self.closed();
    }

    fn closed(&mut self) {
        self.open = false;
        self.to_broker.clear();
        self.to_client.clear();
        self.pending.clear();
        self.session_present = false;
    }

    fn move_to_broker(&mut self, len: usize) {
        if !self.open {
            return;
        }
        let output = self.client.output();
        let len = len.min(output.len());
        self.to_broker.extend_from_slice(&output[..len]);
        self.client.consume_output(len);
        while let Some((heard, size)) = C::decode(&self.to_broker) {
            self.to_broker.drain(..size);
            self.ledger.sent(heard, self.session_present);
            self.pending.push_back(heard);
        }
    }

    fn move_to_client(&mut self, len: usize) {
        let mut len = len.min(self.to_client.len());
        while self.open && len > 0 {
            let taken = self.client.handle_input(self.now_ms, &self.to_client[..len]);
            assert!(taken <= len);
            self.to_client.drain(..taken);
            len -= taken;
            let moved = self.events();
            if taken == 0 && !moved {
                return;
            }
        }
    }

    // The broker.

    /// Answers one of the packets that wait, most often the first, in some way.
    fn answer(&mut self, input: &mut Input<'_>) {
        let at = input.below(self.pending.len().max(1));
        if let Some(heard) = self.pending.remove(at) {
            let variant = input.byte();
            self.reply(heard, variant);
        }
    }

    /// As a broker does, for variant 0; the others are stranger.
    fn reply(&mut self, heard: Heard, variant: u8) {
        let say = match heard {
            Heard::Connect { clean } => {
                let session_present = self.broker_has_session && !clean && variant & 1 == 0;
                let refused = variant & 6 == 6;
                self.broker_has_session = !refused;
                self.session_present = session_present;
                Say::ConnAck {
                    session_present: session_present && !refused,
                    refused,
                    variant,
                }
            }
            Heard::Publish {
                qos: QoS::AtLeastOnce,
                id,
                ..
            } => Say::Ack(PacketType::PubAck, id, variant),
            Heard::Publish {
                qos: QoS::ExactlyOnce,
                id,
                ..
            } => Say::Ack(PacketType::PubRec, id, variant),
            Heard::Ack(PacketType::PubRec, id) => Say::Ack(PacketType::PubRel, id, variant),
            Heard::Ack(PacketType::PubRel, id) => Say::Ack(PacketType::PubComp, id, variant),
            Heard::Subscribe(id) => Say::SubAck(id, variant),
            Heard::Unsubscribe(id) => Say::UnsubAck(id, variant),
            Heard::Ping => Say::Pong,
            Heard::Publish { .. } | Heard::Ack(..) | Heard::Disconnect => return,
        };
        self.say(say);
    }

    fn say(&mut self, say: Say<'_>) {
        if self.open {
            self.to_client.extend(C::encode(say));
        }
    }

    fn broker_publish(&mut self, input: &mut Input<'_>) {
        let (flags, len, variant) = (input.byte(), usize::from(input.byte()), input.byte());
        let qos = QoS::from_number(flags & 3).unwrap_or_default();
        let again = flags & 4 != 0;
        if !again {
            self.next_id = self.next_id % 40 + 1;
        }
        let topic = if flags & 8 != 0 {
            &"x".repeat(len)
        } else {
            TOPICS[usize::from(flags >> 4 & 1)]
        };
        self.say(Say::Publish {
            qos,
            id: self.next_id.max(1),
            dup: again,
            topic: if topic.is_empty() { "t" } else { topic },
            payload: &vec![7; len],
            variant,
        });
    }

    /// A packet of some type about some number, whether or not that makes sense.
    fn spoof(&mut self, input: &mut Input<'_>) {
        let (kind, id, variant) = (input.byte() % 8, u16::from(input.byte()) % 50 + 1, input.byte());
        let say = match kind {
            0 => Say::Ack(PacketType::PubAck, id, variant),
            1 => Say::Ack(PacketType::PubRec, id, variant),
            2 => Say::Ack(PacketType::PubRel, id, variant),
            3 => Say::Ack(PacketType::PubComp, id, variant),
            4 => Say::SubAck(id, variant),
            5 => Say::UnsubAck(id, variant),
            6 => Say::Disconnect(variant),
            _ => Say::Pong,
        };
        self.say(say);
    }

    // The application.

    fn publish(&mut self, input: &mut Input<'_>) {
        let (choice, len) = (input.byte(), usize::from(input.byte()));
        let qos = QoS::from_number(choice & 3).unwrap_or_default();
        let topic = TOPICS[usize::from(choice >> 2 & 3)];
        match self
            .client
            .publish(self.now_ms, topic, &vec![9; len], qos, choice >> 4)
        {
            Ok(0) => assert_eq!(qos, QoS::AtMostOnce),
            Ok(id) => self.ledger.accepted(id, Kind::Publish),
            Err(_) => {}
        }
    }

    fn subscribe(&mut self, choice: u8) {
        let qos = QoS::from_number(choice & 3).unwrap_or_default();
        if let Ok(id) = self
            .client
            .subscribe(self.now_ms, TOPICS[usize::from(choice >> 2 & 3)], qos)
        {
            self.ledger.accepted(id, Kind::Subscribe);
        }
    }

    fn unsubscribe(&mut self, choice: u8) {
        if let Ok(id) = self
            .client
            .unsubscribe(self.now_ms, TOPICS[usize::from(choice & 3)])
        {
            self.ledger.accepted(id, Kind::Unsubscribe);
        }
    }

    fn acknowledge(&mut self, choice: u8) {
        let at = usize::from(choice) % self.messages.len().max(1);
        if let Some(&id) = self.messages.get(at) {
            // Once too often at times, or on a later connection: an error then, and nothing else.
            let _ = self.client.acknowledge(id);
            if choice & 0x80 == 0 {
                self.messages.remove(at);
            }
        }
    }

    fn acknowledge_all(&mut self) {
        while let Some(id) = self.messages.pop_front() {
            let _ = self.client.acknowledge(id);
        }
    }

    fn forget(&mut self) {
        self.client.forget_session();
        self.ledger.forget();
        self.closed();
    }

    fn restart(&mut self) {
        self.client = self.client.restarted();
        self.messages.clear();
        self.closed();
    }

    // Time.

    fn pass(&mut self, ms: u32) {
        self.now_ms = self.now_ms.wrapping_add(ms % (1 << 30));
        self.client.handle_timeout(self.now_ms);
    }

    /// Sleeps as long as the client says; after that it must not want to be woken at once again.
    fn wait_for_timeout(&mut self) {
        let Some(at) = self.client.poll_timeout() else {
            return;
        };
        if at.wrapping_sub(self.now_ms) < 1 << 31 {
            self.now_ms = at;
        }
        self.client.handle_timeout(self.now_ms);
        self.events();
        if let Some(next) = self.client.poll_timeout() {
            let wait = next.wrapping_sub(self.now_ms);
            assert!(wait > 0 && wait < 1 << 31, "the time limits spin");
        }
    }

    /// Takes all events; whether there were any.
    fn events(&mut self) -> bool {
        for count in 0.. {
            assert!(count < EVENTS, "events without end");
            let Some(told) = self.client.poll() else {
                return count > 0;
            };
            match told {
                Told::Connected { session_present } => self.ledger.connected(session_present),
                Told::Ended(kind, id) => self.ledger.ended(id, kind),
                Told::Message(id) => {
                    if self.keeping > 0 {
                        self.keeping -= 1;
                        self.client.keep_message();
                        return true;
                    }
                    // A repetition is acknowledged once.
                    self.messages.extend(id.filter(|id| !self.messages.contains(id)));
                    let surplus = self.messages.len().saturating_sub(MESSAGES);
                    self.messages.drain(..surplus);
                }
                Told::Discarded => {}
                Told::Gone => {
                    self.move_to_broker(usize::MAX);
                    self.lose();
                }
            }
        }
        false
    }
}
