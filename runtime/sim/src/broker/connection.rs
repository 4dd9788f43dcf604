//! One TCP connection as the broker holds it: bytes that came, bytes to go, and answers that take their time. What
//! the packets mean is decided in `broker`.

use std::collections::{BTreeSet, VecDeque};

use super::packet::{Publish, Version};

/// A connection that was accepted.
#[derive(Debug)]
pub(super) struct Connection {
    /// The client, once its CONNECT was accepted.
    pub(super) client_id: Option<String>,
    pub(super) version: Version,
    /// Most messages with QoS 1 or 2 that the client takes at a time.
    pub(super) receive_maximum: u16,
    pub(super) keep_alive_ms: u64,
    pub(super) will: Option<Publish>,
    pub(super) input: Vec<u8>,
    pub(super) output: VecDeque<u8>,
    /// Packet ids of the client that wait for an answer.
    pub(super) unanswered: BTreeSet<u16>,
    pub(super) heard_ms: u64,
    /// The broker refused it and closes it once the CONNACK is on its way [MQTT-3.2.2-5].
    pub(super) refused: bool,
    delayed: VecDeque<(u64, Answer)>,
}

/// An answer on its way.
#[derive(Debug)]
struct Answer {
    packet_id: u16,
    bytes: Vec<u8>,
}

impl Connection {
    pub(super) fn new(now_ms: u64) -> Self {
        Self {
            client_id: None,
            version: Version::default(),
            receive_maximum: u16::MAX,
            keep_alive_ms: 0,
            will: None,
            input: Vec::new(),
            output: VecDeque::new(),
            unanswered: BTreeSet::new(),
            heard_ms: now_ms,
            refused: false,
            delayed: VecDeque::new(),
        }
    }

    /// Sends at once.
    pub(super) fn send(&mut self, bytes: &[u8]) {
        self.output.extend(bytes);
    }

    /// Answers a packet of the client at `due_ms`, but never before an earlier answer.
    pub(super) fn answer(&mut self, due_ms: u64, packet_id: u16, bytes: Vec<u8>) {
        let due_ms = self
            .delayed
            .back()
            .map_or(due_ms, |(before, _)| due_ms.max(*before));
        self.unanswered.insert(packet_id);
        self.delayed.push_back((due_ms, Answer { packet_id, bytes }));
    }

    /// Sends the answers that are due.
    pub(super) fn tick(&mut self, now_ms: u64) {
        while self.delayed.front().is_some_and(|(due, _)| *due <= now_ms) {
            if let Some((_, answer)) = self.delayed.pop_front() {
                self.unanswered.remove(&answer.packet_id);
                self.output.extend(answer.bytes);
            }
        }
    }

    /// True when the client was silent for one and a half times its keep alive [MQTT-3.1.2-24].
    pub(super) fn is_silent(&self, now_ms: u64) -> bool {
        let allowed = if self.client_id.is_none() {
            CONNECT_MS
        } else {
            self.keep_alive_ms * 3 / 2
        };
        allowed > 0 && now_ms - self.heard_ms > allowed
    }
}

/// How long a connection may stay without CONNECT.
const CONNECT_MS: u64 = 30_000;
